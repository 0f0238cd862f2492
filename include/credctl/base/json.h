#ifndef CREDCTL_BASE_JSON_H
#define CREDCTL_BASE_JSON_H

/*
 * JSON from outside. A document is refused when it is nested too deeply, when anything follows it,
 * when it is not UTF-8 or contains a NUL (also an escaped one), or when an object has a member
 * twice (two readers could understand such a document differently). Names of members are
 * case-sensitive. A parsed document belongs to the arena.
 */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

#include <cjson/cJSON.h>

#define CC_JSON_DEPTH 32

/*
 * `text` is terminated at `len`. Fails with CC_E_BAD_ANSWER; `source` says where the text comes
 * from, and never contains any of it.
 */
CC_MUST_USE bool cc_json_parse(struct cc_arena *mem, const char *text, size_t len,
                               const char *source, const cJSON **doc, struct cc_error *err);

/* True when an object in the document has a member twice, or more than 1000 members. */
bool cc_json_repeats(const cJSON *doc);

/* NULL when absent, of another type, or empty. */
const char *cc_json_text(const cJSON *object, const char *name);
/*
 * The same, with a name that is not case-sensitive, for documents that programs write differently.
 */
const char *cc_json_text_nocase(const cJSON *object, const char *name);
CC_MUST_USE bool cc_json_number(const cJSON *object, const char *name, double *number);
/* The member, when it is an object. */
const cJSON *cc_json_object(const cJSON *object, const char *name);

/* For results: adds null when text is NULL, so that every field is always there. */
void cc_json_put(cJSON *object, const char *name, const char *text);
/* The document on one line, with its newline. */
const char *cc_json_line(struct cc_arena *mem, const cJSON *doc);

#endif
