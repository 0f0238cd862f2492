#ifndef CREDCTL_BASE_SHAPE_READ_H
#define CREDCTL_BASE_SHAPE_READ_H

/* Readers of shapes. Each is one walk over the rows; none knows a struct. */

#include "credctl/base/buf.h"
#include "credctl/base/error.h"
#include "credctl/base/shape.h"

#include <cjson/cJSON.h>

/* Of struct cc_error, in every answer that holds one: its code's stable name, what, why, fix. */
extern const struct cc_shape cc_error_shape;

/* --- out --- */

/* Who is told a document piece by piece, in its order. Texts are UTF-8. */
struct cc_teller {
    void *about;
    void (*begin)(void *about, bool list); /* an object, or a list */
    void (*end)(void *about, bool list);
    void (*name)(void *about, const char *name); /* of the member that comes next */
    void (*text)(void *about, const char *text);
    void (*literal)(void *about, const char *text); /* a number, true, false, null */
};

/* A struct as a document. What is not UTF-8 becomes '?'; secrets are not members. */
void cc_shape_tell(struct cc_arena *mem, const struct cc_shape *shape, const void *value,
                   const struct cc_teller *teller);
/* What such a document looks like: a whole document of JSON Schema 2020-12. */
void cc_shape_tell_schema(struct cc_arena *mem, const struct cc_shape *shape,
                          const struct cc_teller *teller);

/* JSON: on one line, or two blanks a level and every member on a line of its own. */
struct cc_json_writer {
    struct cc_buf *out;
    bool indented;
    int level;
    bool begun;      /* there is something before, on this level */
    bool after_name; /* the name of what comes next is written */
};

struct cc_teller cc_json_teller(struct cc_json_writer *writer);
/* With a newline at the end. */
void cc_shape_json(const struct cc_shape *shape, const void *value, bool indented,
                   struct cc_buf *out);

/* A line for each row that has a title and is not null: texts, numbers, and flags that are set.
 * The value begins in column `indent + width`, counted from 0. */
void cc_shape_lines(const struct cc_shape *shape, const void *value, int indent, int width,
                    struct cc_buf *out);
/* What is one value first, then each list of structs as rows under the names of its columns. */
void cc_shape_table(const struct cc_shape *shape, const void *value, struct cc_buf *out);
/* PREFIX_NAME='value' for a shell, one line for each row that is one value; null is ''. */
void cc_shape_env(const struct cc_shape *shape, const void *value, const char *prefix,
                  struct cc_buf *out);
/* Rows of a Markdown table for the docs: the field, its type, the line about it. Members of lists
 * and objects follow theirs, as name[].name and name.name. */
void cc_shape_fields(const struct cc_shape *shape, struct cc_buf *out);

/* --- in --- */

/*
 * From a JSON object. Every row must be there (but CC_OMITTED), nothing else may, and each must be
 * what its row says: type, range, words, form. Fails with CC_E_BAD_ANSWER, names the member and
 * never shows its value; `value` is then undefined. `value` is zeroed, or holds what an omitted
 * member shall have. `source` says where the document came from.
 */
CC_MUST_USE bool cc_shape_from_json(struct cc_arena *mem, const struct cc_shape *shape,
                                    const cJSON *object, const char *source, void *value,
                                    struct cc_error *err);
struct cc_json_text {
    const char *text; /* terminated at `len` */
    size_t len;
    const char *source;
};

/* The same of a text, with the limits of cc_json_parse. */
CC_MUST_USE bool cc_shape_parse(struct cc_arena *mem, const struct cc_shape *shape,
                                const struct cc_json_text *text, void *value, struct cc_error *err);

/* --- options --- */

/* "--role-arn": a row as an option. */
const char *cc_option_spelled(struct cc_arena *mem, const struct cc_shape_field *field);
bool cc_option_takes_value(const struct cc_shape_field *field);
/* What the option may be, with `between` between them; "" when it is not one of some words. */
const char *cc_option_words(struct cc_arena *mem, const struct cc_shape_field *field,
                            const char *between);
/* The line about it, with its range, words and default. */
const char *cc_option_about(struct cc_arena *mem, const struct cc_shape_field *field);

/* Zeroes the struct and gives every row its default. */
void cc_options_begin(struct cc_arena *mem, const struct cc_shape *shape, void *options);
/*
 * Where the value of an option of `shape` belongs: a row of cc_shape_walk_listed. The first row of
 * a list begins one more struct there, the others belong to the last; before there is one, they
 * belong to a group of the same shape. Fails with CC_E_USAGE when the list is full.
 */
CC_MUST_USE bool cc_option_place(struct cc_arena *mem, const struct cc_shape *shape, void *options,
                                 const struct cc_shape_field *field, struct cc_shape_member *member,
                                 struct cc_error *err);
/* Fails with CC_E_USAGE: a CC_ONCE option has two values. */
bool cc_option_twice(const char *source, struct cc_error *err);
/*
 * Puts one value into its place: of TEXTS and PAIRS behind those that are there. `text` is kept,
 * not copied, but for secrets; NULL for a flag. An empty value is refused: it is a variable that
 * was not set more often than it is meant. Fails with CC_E_USAGE; `source` says what was given
 * ("--role-arn", "AWS_ROLE_ARN"). Never shows a secret.
 */
CC_MUST_USE bool cc_option_put(struct cc_arena *mem, const struct cc_shape_member *member,
                               const char *source, const char *text, struct cc_error *err);
/* Asks the check of every shape, from the outermost in. */
CC_MUST_USE bool cc_options_check(struct cc_arena *mem, const struct cc_shape *shape, void *options,
                                  struct cc_error *err);

#endif
