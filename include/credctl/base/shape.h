#ifndef CREDCTL_BASE_SHAPE_H
#define CREDCTL_BASE_SHAPE_H

/*
 * Describes a struct for everything outside C: JSON and its schema, YAML, tables, the command line,
 * help. A shape is a constant table with a row for each member, and every reader walks the rows. So
 * each thing is named once: an answer cannot have a member that its schema lacks, and an option
 * that is parsed is in the help.
 *
 *     struct attempt { const char *provider; int outcome; const char *why; int ms; };
 *
 *     static const struct cc_shape_field attempt_fields[] = {
 *         CC_ROW(TEXT, struct attempt, provider, "provider", "the provider that was asked"),
 *         CC_ROW(WORD, struct attempt, outcome, "outcome", "what it answered", .words = outcomes),
 *         CC_ROW(TEXT, struct attempt, why, "cause", "why not", .rules = CC_NULL),
 *         CC_ROW(NUMBER, struct attempt, ms, "time", "milliseconds it took"),
 *         {0},
 *     };
 *     const struct cc_shape attempt_shape = {"attempt", attempt_fields, sizeof(struct attempt)};
 *
 * A row does not compile when the C type of its member does not fit its kind.
 */

#include "credctl/base/error.h"
#include "credctl/base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers and flags that may be null. */
struct cc_maybe_number {
    bool known;
    int64_t value;
};

struct cc_maybe_real {
    bool known;
    double value;
};

struct cc_maybe_flag {
    bool known;
    bool value;
};

enum cc_kind {
    CC_KIND_TEXT,   /* const char *; NULL is null */
    CC_KIND_CHARS,  /* char[]; "" is null where null is allowed */
    CC_KIND_TEXTS,  /* const char *const *, ends with NULL; NULL for none; an option may be repeated
                     */
    CC_KIND_PAIRS,  /* the same, each "KEY=VALUE" with a key */
    CC_KIND_NUMBER, /* int or int64_t */
    CC_KIND_REAL,   /* double; not an option */
    CC_KIND_FLAG,   /* bool; an option without a value */
    CC_KIND_TIME, /* int64_t, Unix seconds, written as RFC 3339; 0 is null where null is allowed */
    CC_KIND_SPAN, /* int64_t, milliseconds; an option is in seconds, with fractions */
    CC_KIND_WORD, /* int or an enum: the index into words */
    CC_KIND_SECRET, /* struct cc_secret: never part of an answer or a message */
    CC_KIND_MAYBE_NUMBER,
    CC_KIND_MAYBE_REAL,
    CC_KIND_MAYBE_FLAG,
    CC_KIND_OBJECT, /* const struct *, of another shape; NULL is null */
    CC_KIND_LIST,   /* const struct *, of another shape, and a size_t with their number. As options:
                       the first row of that shape starts a new struct, the others belong to the last
                       one */
    CC_KIND_JSON,   /* const struct cJSON *, an object of any form; NULL is null; not an option */
    CC_KIND_JSONS,  /* the same, a list of objects of any form */
    CC_KIND_GROUP,  /* a struct inside: its rows are like rows of this shape */
};

enum cc_rules {
    CC_NULL = 1,      /* may be null */
    CC_ANY_WORD = 2,  /* WORD: the schema does not list the words, so that words can be added */
    CC_OMITTED = 4,   /* when JSON is read: may be missing, and the member keeps its value */
    CC_REST = 8,      /* options, TEXTS: the words that are not options */
    CC_COMMAS = 32,   /* options, TEXT: one or more of the words, separated by commas */
    CC_ONCE = 64,     /* options, TEXT, NUMBER and SECRET: a second value must be the same */
    CC_UNLISTED = 16, /* options: not shown in help, because another row shows it */
};

/* The form that a text must have. */
struct cc_form {
    const char *pattern;            /* for JSON Schema (ECMA 262); NULL for none */
    bool (*fits)(const char *text); /* NULL: any text fits */
    const char *says;               /* "an account ID has 12 digits, leading zeros included" */
};

struct cc_shape;
struct cJSON;

struct cc_shape_field {
    const char *name;  /* snake_case: the JSON member; with dashes, the option */
    const char *title; /* the label before the value; of an option, the name of its value in help;
                          NULL: not shown to people */
    const char *about; /* one line, lower case, no full stop */
    const struct cc_form *form; /* TEXT and each of TEXTS; NULL: any */
    const char *const *words; /* the allowed values of a WORD, TEXT or CC_REST; ends with NULL. The
                                 first value of a WORD is the default of an option */
    const char *const *(*words_from)(struct cc_arena *mem); /* the same, from another table */
    const struct cc_shape *of;                              /* OBJECT, LIST, GROUP */
    const char *usual; /* options: the default, as a user would type it; NULL: zero */
    const char *wire;  /* the parameter of the AWS API, or NULL; * is the number of an item of a
                          list, which for PAIRS has Key and Value */
    int64_t least;     /* NUMBER, SPAN: the range; both 0 for any */
    int64_t most;      /* LIST as options: the largest number of structs */
    uint16_t at;       /* offset in the struct */
    uint16_t count_at; /* LIST */
    uint16_t of_size;  /* OBJECT, LIST, GROUP: how C declares it */
    uint16_t size;     /* of the member */
    uint8_t kind;      /* enum cc_kind */
    uint8_t rules;     /* enum cc_rules */
};

struct cc_shape {
    const char *name;
    const struct cc_shape_field *fields; /* ends with a row of kind TEXT without a name */
    size_t size;
    const char *heading; /* options: their heading in help; NULL: those of the command itself */
    bool first_needed;   /* options: the others have no meaning without the first */
    /*
     * Checks options after they were read, for what rows cannot express. Shapes around this one are
     * asked first. Fails with CC_E_USAGE. NULL: nothing.
     */
    bool (*check)(struct cc_arena *mem, void *value, struct cc_error *err);
};

/* --- rows --- */

#define CC_MEMBER(s, m) (((s *)0)->m)
/* A type cannot be in parentheses there. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define CC_IS(s, m, ctype)       _Generic(CC_MEMBER(s, m), ctype : 0)
#define CC_IS_TEXT(s, m)         CC_IS(s, m, const char *)
#define CC_IS_CHARS(s, m)        _Generic(&CC_MEMBER(s, m), char(*)[sizeof(CC_MEMBER(s, m))] : 0)
#define CC_IS_TEXTS(s, m)        CC_IS(s, m, const char *const *)
#define CC_IS_PAIRS(s, m)        CC_IS(s, m, const char *const *)
#define CC_IS_NUMBER(s, m)       _Generic(CC_MEMBER(s, m), int : 0, int64_t : 0)
#define CC_IS_REAL(s, m)         CC_IS(s, m, double)
#define CC_IS_FLAG(s, m)         CC_IS(s, m, bool)
#define CC_IS_TIME(s, m)         CC_IS(s, m, int64_t)
#define CC_IS_SPAN(s, m)         CC_IS(s, m, int64_t)
#define CC_IS_WORD(s, m)         _Generic(CC_MEMBER(s, m), int : 0, unsigned : 0)
#define CC_IS_SECRET(s, m)       CC_IS(s, m, struct cc_secret)
#define CC_IS_MAYBE_NUMBER(s, m) CC_IS(s, m, struct cc_maybe_number)
#define CC_IS_MAYBE_REAL(s, m)   CC_IS(s, m, struct cc_maybe_real)
#define CC_IS_MAYBE_FLAG(s, m)   CC_IS(s, m, struct cc_maybe_flag)

/* One row; further settings are named: .rules = CC_NULL */
#define CC_ROW_AS(name_, kind_, s, m, title_, about_, ...)                                       \
    {                                                                                            \
        .name = (name_), .title = (title_), .about = (about_), .kind = CC_KIND_##kind_,          \
        .at = offsetof(s, m) + CC_IS_##kind_(s, m), .size = sizeof(CC_MEMBER(s, m)), __VA_ARGS__ \
    }
#define CC_ROW(kind_, s, m, ...) CC_ROW_AS(#m, kind_, s, m, __VA_ARGS__)

#define CC_ROW_JSON(s, m, title_, about_, ...)                                            \
    {                                                                                     \
        .name = #m, .title = (title_), .about = (about_), .kind = CC_KIND_JSON,           \
        .at = offsetof(s, m) + CC_IS(s, m, const struct cJSON *), .size = sizeof(void *), \
        __VA_ARGS__                                                                       \
    }

#define CC_ROW_JSONS(s, m, title_, about_, ...)                                           \
    {                                                                                     \
        .name = #m, .title = (title_), .about = (about_), .kind = CC_KIND_JSONS,          \
        .at = offsetof(s, m) + CC_IS(s, m, const struct cJSON *), .size = sizeof(void *), \
        __VA_ARGS__                                                                       \
    }

/* A member that points to a struct `type`, or is one (GROUP), with the shape of that struct. */
#define CC_ROW_OBJECT(s, m, type, shape, title_, about_, ...)                                    \
    {                                                                                            \
        .name = #m, .title = (title_), .about = (about_), .kind = CC_KIND_OBJECT, .of = (shape), \
        .at = offsetof(s, m) + CC_IS(s, m, const type *), .of_size = sizeof(type), __VA_ARGS__   \
    }
#define CC_ROW_LIST_AS(name_, s, m, count, type, shape, title_, about_, ...)               \
    {                                                                                      \
        .name = (name_), .title = (title_), .about = (about_), .kind = CC_KIND_LIST,       \
        .of = (shape), .at = offsetof(s, m) + CC_IS(s, m, const type *),                   \
        .count_at = offsetof(s, count) + CC_IS(s, count, size_t), .of_size = sizeof(type), \
        __VA_ARGS__                                                                        \
    }
#define CC_ROW_LIST(s, m, ...) CC_ROW_LIST_AS(#m, s, m, __VA_ARGS__)
#define CC_ROW_GROUP(s, m, type, shape, ...)                                           \
    {                                                                                  \
        .name = #m, .kind = CC_KIND_GROUP, .of = (shape),                              \
        .at = offsetof(s, m) + CC_IS(s, m, type), .of_size = sizeof(type), __VA_ARGS__ \
    }
/* More rows of the same struct `s`, in a shape of their own: another heading, another check. */
#define CC_ROW_PART(s, shape)                                                  \
    {                                                                          \
        .name = "", .kind = CC_KIND_GROUP, .of = (shape), .of_size = sizeof(s) \
    }

/* --- walking --- */

#define CC_WALK_DEPTH 6

/* A row, with the struct that its offset refers to. */
struct cc_shape_member {
    const struct cc_shape_field *field;
    const struct cc_shape *shape; /* the group that has the row */
    const void *whole;            /* NULL when only the rows are walked */
};

struct cc_shape_walk {
    struct {
        const struct cc_shape *shape;
        const struct cc_shape_field *next;
        const void *whole;
        bool unlisted;
    } levels[CC_WALK_DEPTH];
    int depth;
    bool listed; /* skips unlisted rows */
};

/*
 *     for (struct cc_shape_walk walk = cc_shape_walk(shape, value); cc_shape_next(&walk, &member);)
 *
 * Groups are entered, lists and objects are rows. `value` may be NULL.
 */
struct cc_shape_walk cc_shape_walk(const struct cc_shape *shape, const void *value);
/* Only rows that help shows, including those of lists, as if these were groups. */
struct cc_shape_walk cc_shape_walk_listed(const struct cc_shape *shape);
/* The heading of the last row: that of the innermost group that has one. */
const char *cc_shape_heading(const struct cc_shape_walk *walk, const char *otherwise);
bool cc_shape_next(struct cc_shape_walk *walk, struct cc_shape_member *member);

enum cc_value_kind {
    CC_VALUE_NULL,
    CC_VALUE_TEXT,
    CC_VALUE_NUMBER,
    CC_VALUE_REAL,
    CC_VALUE_FLAG,
    CC_VALUE_TEXTS,
    CC_VALUE_OBJECT,
    CC_VALUE_LIST,
    CC_VALUE_JSON,
};

/* A member as every reader sees it. */
struct cc_shape_value {
    enum cc_value_kind kind;
    const char *text; /* unchanged: not necessarily UTF-8 */
    int64_t number;
    double real;
    bool flag;
    const char *const *texts; /* ends with NULL */
    const struct cJSON *json;
    const void *items; /* OBJECT, LIST: of field->of */
    size_t count;
};

/* A secret is null. Times are text. */
struct cc_shape_value cc_shape_value(struct cc_arena *mem, const struct cc_shape_member *member);
/* The allowed values of the row, ends with NULL; NULL when any value is allowed. */
const char *const *cc_shape_words(struct cc_arena *mem, const struct cc_shape_field *field);
/* Item i of a list. */
const void *cc_shape_item(const struct cc_shape_field *field, const struct cc_shape_value *value,
                          size_t i);

#endif
