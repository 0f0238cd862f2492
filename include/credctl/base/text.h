#ifndef CREDCTL_BASE_TEXT_H
#define CREDCTL_BASE_TEXT_H

/* Small questions about text, and the encodings the AWS protocols need. Nothing here is
 * locale-aware. */

#include "credctl/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool cc_text_equal(const char *a, const char *b); /* NULL equals nothing, not even NULL */
bool cc_text_equal_nocase(const char *a, const char *b);
bool cc_text_starts(const char *text, const char *start);
bool cc_text_ends(const char *text, const char *end);
bool cc_text_is_true(const char *text); /* "true" in any case; NULL is false */
bool cc_text_blank(const char *text);   /* NULL, empty, or white space only */

/* 1 to max bytes, each alphanumeric or one of `others`. */
bool cc_text_consists(const char *text, const char *others, size_t max);
bool cc_text_digits(const char *text, size_t exactly);

/* Skips a UTF-8 byte order mark, as editors and spreadsheets write it; *len is reduced too. */
const char *cc_text_after_mark(const char *text, size_t *len);

/* Characters, not bytes. */
size_t cc_text_width(const char *text);

bool cc_text_is_utf8(const char *text);
/* Replaces each byte that is not UTF-8 by '?'. */
void cc_text_make_utf8(char *text);
/*
 * Also replaces control characters (C0, DEL, C1) and characters that change the direction of text.
 */
void cc_text_make_printable(char *text);
const char *cc_text_printable(struct cc_arena *mem, const char *text);

/* The name of the first invisible character in a text, such as "a zero-width space (U+200B)"; NULL
 * when there is none, and for NULL. */
const char *cc_text_unseen(const char *text);

const char *cc_text_trim(struct cc_arena *mem, const char *text);
const char *cc_text_lower(struct cc_arena *mem, const char *text);

/* The whole text as a decimal number; false when it is anything else or out of range. */
CC_MUST_USE bool cc_text_number(const char *text, int64_t least, int64_t most, int64_t *number);

/* RFC 3986: all characters but the unreserved ones become %XX; with `keep_slash`, '/' is kept. */
const char *cc_text_percent(struct cc_arena *mem, const char *text, bool keep_slash);
/* Each %XX but %00 becomes its byte; all else stays. */
const char *cc_text_unpercent(struct cc_arena *mem, const char *text);
/* Lower case. `to` has room for 2 * size + 1 bytes. */
void cc_text_hex(char *to, const unsigned char *bytes, size_t size);
/* URL-safe alphabet without padding, as in JWT and DPoP. */
const char *cc_text_base64url(struct cc_arena *mem, const unsigned char *bytes, size_t size);
/* Accepts both alphabets, with the right padding or without; false on anything else. Terminated. */
CC_MUST_USE bool cc_text_unbase64(struct cc_arena *mem, const char *text, size_t len,
                                  const char **bytes, size_t *size);

/* The name that is most similar to a mistyped one, or NULL when none is similar. `next(list, i)`
 * ends with NULL. */
const char *cc_text_nearest(const char *typed, const char *(*next)(const void *list, size_t i),
                            const void *list);

/* As one word of a command line for sh: in single quotes, always or where it needs them. */
const char *cc_text_sh_quoted(struct cc_arena *mem, const char *text);
const char *cc_text_sh_word(struct cc_arena *mem, const char *text);

/* Shell-style match with * and ?. */
bool cc_text_matches(const char *pattern, const char *text);

#endif
