#ifndef CREDCTL_BASE_SHAPE_READ_H
#define CREDCTL_BASE_SHAPE_READ_H

/* Readers of shapes. Each is one walk over the rows; none knows a particular struct. */

#include "credctl/base/buf.h"
#include "credctl/base/error.h"
#include "credctl/base/shape.h"

#include <cjson/cJSON.h>

/* The shape of struct cc_error, for every answer that contains one: the stable name of its code,
 * what, why, fix. */
extern const struct cc_shape cc_error_shape;

/* --- out --- */

/* Receives a document piece by piece, in order. Texts are UTF-8. */
struct cc_teller {
    void *about;
    void (*begin)(void *about, bool list); /* an object, or a list */
    void (*end)(void *about, bool list);
    void (*name)(void *about, const char *name); /* the name of the next member */
    void (*text)(void *about, const char *text);
    void (*literal)(void *about, const char *text); /* a number, true, false, null */
};

/* Sends a struct as a document. What is not UTF-8 becomes '?'; secrets are left out. */
void cc_shape_tell(struct cc_arena *mem, const struct cc_shape *shape, const void *value,
                   const struct cc_teller *teller);
/* Sends a JSON document. */
void cc_shape_tell_json(struct cc_arena *mem, const cJSON *item, const struct cc_teller *teller);
/* Sends the JSON Schema (2020-12) of such a document. */
void cc_shape_tell_schema(struct cc_arena *mem, const struct cc_shape *shape,
                          const struct cc_teller *teller);

/* JSON: on one line, or with two blanks per level and each member on its own line. */
struct cc_json_writer {
    struct cc_buf *out;
    bool indented;
    int level;
    bool begun;      /* there is a value before this one on this level */
    bool after_name; /* the name of the next value has been written */
};

struct cc_teller cc_json_teller(struct cc_json_writer *writer);
/* With a newline at the end. */
void cc_shape_json(const struct cc_shape *shape, const void *value, bool indented,
                   struct cc_buf *out);

/* A line for each row that has a title and is not null: texts, numbers, and flags that are set.
 * The value begins in column `indent + width`, counted from 0. */
void cc_shape_lines(const struct cc_shape *shape, const void *value, int indent, int width,
                    struct cc_buf *out);
/* Single values first, then each list of structs as rows under the names of its columns: those with
 * a value in any row, except lists and objects without a title. */
void cc_shape_table(const struct cc_shape *shape, const void *value, struct cc_buf *out);
/* PREFIX_NAME='value' for a shell, one line for each row with a single value; null is ''. */
void cc_shape_env(const struct cc_shape *shape, const void *value, const char *prefix,
                  struct cc_buf *out);
/* Rows of a Markdown table for the docs: field, type, meaning. Members of lists and objects follow
 * as name[].name and name.name. */
void cc_shape_fields(const struct cc_shape *shape, struct cc_buf *out);

/* --- in --- */

/*
 * From a JSON object. It must have a member for every row (except CC_OMITTED), no others, and each
 * must fit its row: type, range, words, form. Fails with CC_E_BAD_ANSWER and names the member,
 * never its value; `value` is then undefined. Before the call, `value` is zeroed or has the values
 * of omitted members. `source` says where the document comes from.
 */
CC_MUST_USE bool cc_shape_from_json(struct cc_arena *mem, const struct cc_shape *shape,
                                    const cJSON *object, const char *source, void *value,
                                    struct cc_error *err);
struct cc_json_text {
    const char *text; /* terminated at `len` */
    size_t len;
    const char *source;
};

/* The same from a text, with the limits of cc_json_parse. */
CC_MUST_USE bool cc_shape_parse(struct cc_arena *mem, const struct cc_shape *shape,
                                const struct cc_json_text *text, void *value, struct cc_error *err);

/* --- options --- */

/* The name of a row as an option: "--role-arn". */
const char *cc_option_spelled(struct cc_arena *mem, const struct cc_shape_field *field);
bool cc_option_takes_value(const struct cc_shape_field *field);
/* The allowed values of the option, separated by `between`; "" when any value is allowed. */
const char *cc_option_words(struct cc_arena *mem, const struct cc_shape_field *field,
                            const char *between);
/* The description of the option, with its range, words and default. */
const char *cc_option_about(struct cc_arena *mem, const struct cc_shape_field *field);

/* Zeroes the struct and gives every row its default. */
void cc_options_begin(struct cc_arena *mem, const struct cc_shape *shape, void *options);
/*
 * Finds the place for the value of an option of `shape`: a row of cc_shape_walk_listed. The first
 * row of a list starts a new struct there, the others belong to the last struct; when there is none
 * yet, they belong to a group of the same shape. Fails with CC_E_USAGE when the list is full.
 */
CC_MUST_USE bool cc_option_place(struct cc_arena *mem, const struct cc_shape *shape, void *options,
                                 const struct cc_shape_field *field, struct cc_shape_member *member,
                                 struct cc_error *err);
/* Fails with CC_E_USAGE: a CC_ONCE option has two values. */
bool cc_option_twice(const char *source, struct cc_error *err);
/*
 * Stores one value; TEXTS and PAIRS append it. `text` is kept, not copied, except for secrets; NULL
 * for a flag. An empty value is refused: most often it comes from a shell variable that is not set.
 * Fails with CC_E_USAGE; `source` says what was given ("--role-arn", "AWS_ROLE_ARN"). Never shows a
 * secret.
 */
CC_MUST_USE bool cc_option_put(struct cc_arena *mem, const struct cc_shape_member *member,
                               const char *source, const char *text, struct cc_error *err);
/* The JSON Schema of an option as a member of an object; `about`: NULL for that of the row. A list
 * of words is an array, and a span is a number of seconds. Never for secrets. */
void cc_option_tell_schema(struct cc_arena *mem, const struct cc_shape_field *field,
                           const char *about, const struct cc_teller *teller);
/* cc_option_put for such a member. */
CC_MUST_USE bool cc_option_put_json(struct cc_arena *mem, const struct cc_shape_member *member,
                                    const char *source, const cJSON *value, struct cc_error *err);
/* Calls the check of every shape, from the outermost to the innermost. */
CC_MUST_USE bool cc_options_check(struct cc_arena *mem, const struct cc_shape *shape, void *options,
                                  struct cc_error *err);

#endif
