#ifndef CREDCTL_BASE_SHAPE_H
#define CREDCTL_BASE_SHAPE_H

/*
 * What a struct looks like to everybody who is not C: JSON and its schema, YAML, tables, the
 * command line, help. A shape is a constant table, each member one row, and every reader walks the
 * rows. So a thing is named once: an answer cannot say what its schema does not know, and an option
 * that is parsed is an option that help tells about.
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
 * A row whose member has another C type than its kind does not compile.
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
    CC_KIND_CHARS,  /* char[]; "" is null where it may be */
    CC_KIND_TEXTS,  /* const char *const *, ends with NULL; NULL for none; an option may be repeated
                     */
    CC_KIND_PAIRS,  /* the same, each "KEY=VALUE" with a key */
    CC_KIND_NUMBER, /* int or int64_t */
    CC_KIND_REAL,   /* double; not an option */
    CC_KIND_FLAG,   /* bool; an option without a value */
    CC_KIND_TIME,   /* int64_t, Unix seconds; 0 is null where it may be. RFC 3339. */
    CC_KIND_SPAN,   /* int64_t, milliseconds; an option is in seconds, with fractions */
    CC_KIND_WORD,   /* int or an enum: the index into words */
    CC_KIND_SECRET, /* struct cc_secret: no reader of answers sees it, no message shows it */
    CC_KIND_MAYBE_NUMBER,
    CC_KIND_MAYBE_REAL,
    CC_KIND_MAYBE_FLAG,
    CC_KIND_OBJECT, /* const struct *, of another shape; NULL is null */
    CC_KIND_LIST,   /* const struct *, of another shape, and a size_t that counts them. As options:
                       the first row of that shape begins one more, the others belong to the last */
    CC_KIND_GROUP,  /* a struct inside: its rows are as good as rows here */
};

enum cc_rules {
    CC_NULL = 1,      /* may be null */
    CC_ANY_WORD = 2,  /* WORD: the schema does not list the words, so that more may come */
    CC_OMITTED = 4,   /* JSON in: may be missing. The member keeps what it has. */
    CC_REST = 8,      /* options, TEXTS: takes the words that are not options */
    CC_COMMAS = 32,   /* options, TEXT: one or more of the words, separated by commas */
    CC_ONCE = 64,     /* options, TEXT, NUMBER and SECRET: given again, it must be the same */
    CC_UNLISTED = 16, /* options: not told in help, because another row tells it */
};

/* What a text has to look like, beyond being text. */
struct cc_form {
    const char *pattern;            /* for JSON Schema (ECMA 262); NULL for none */
    bool (*fits)(const char *text); /* NULL: everything does */
    const char *says;               /* "an account ID has 12 digits, leading zeros included" */
};

struct cc_shape;

struct cc_shape_field {
    const char *name;  /* snake_case: the JSON member; with dashes, the option */
    const char *title; /* for people, in front of the value; of an option, what its value is called;
                          NULL: not in lists for people */
    const char *about; /* one line, lower case, no full stop */
    const struct cc_form *form; /* TEXT and each of TEXTS; NULL: any */
    const char *const *words;   /* WORD, and TEXT and CC_REST that may be nothing else; ends with
                                   NULL. The first of a WORD is an option's default. */
    const char *const *(*words_from)(struct cc_arena *mem); /* the same, of another table */
    const struct cc_shape *of;                              /* OBJECT, LIST, GROUP */
    const char *usual; /* options: the default, as it would be typed; NULL: zero */
    const char *wire;  /* the API's parameter that carries it; for one of a list * stands
                          for its number, for PAIRS of its Key and Value; or NULL */
    int64_t least;     /* NUMBER, SPAN: the range; both 0 for any */
    int64_t most;      /* LIST as options: how many there may be */
    uint16_t at;       /* where in the struct */
    uint16_t count_at; /* LIST */
    uint16_t of_size;  /* OBJECT, LIST, GROUP: as C sees it */
    uint16_t size;     /* of the member */
    uint8_t kind;      /* enum cc_kind */
    uint8_t rules;     /* enum cc_rules */
};

struct cc_shape {
    const char *name;
    const struct cc_shape_field *fields; /* ends with a row of kind TEXT without a name */
    size_t size;
    const char *heading; /* options: what stands above them in help; NULL: the command's
                            own */
    bool first_needed;   /* options: the others mean nothing without the first */
    /*
     * Options, after they were read: what no row can say. Shapes around this one are asked first.
     * Fails with CC_E_USAGE. NULL: nothing.
     */
    bool (*check)(struct cc_arena *mem, void *value, struct cc_error *err);
};

/* --- rows --- */

#define CC_MEMBER(s, m) (((s *)0)->m)
/* A type cannot stand in parentheses there. NOLINTNEXTLINE(bugprone-macro-parentheses) */
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

/* One row; what it needs beyond the title and the line about it is named: .rules = CC_NULL */
#define CC_ROW_AS(name_, kind_, s, m, title_, about_, ...)                                       \
    {                                                                                            \
        .name = (name_), .title = (title_), .about = (about_), .kind = CC_KIND_##kind_,          \
        .at = offsetof(s, m) + CC_IS_##kind_(s, m), .size = sizeof(CC_MEMBER(s, m)), __VA_ARGS__ \
    }
#define CC_ROW(kind_, s, m, ...) CC_ROW_AS(#m, kind_, s, m, __VA_ARGS__)

/* A member that points to a struct `type`, or is one (GROUP), and that struct's shape. */
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

/* A row, with the struct that its offset counts from. */
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
    bool listed; /* passes over what is unlisted */
};

/*
 *     for (struct cc_shape_walk walk = cc_shape_walk(shape, value); cc_shape_next(&walk, &member);)
 *
 * Groups are entered, lists and objects are rows. `value` may be NULL.
 */
struct cc_shape_walk cc_shape_walk(const struct cc_shape *shape, const void *value);
/* Only rows that help tells about, those of lists too, as if they were a group. */
struct cc_shape_walk cc_shape_walk_listed(const struct cc_shape *shape);
/* What stands above the row that came last: the heading of the innermost group that has one. */
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
};

/* A member as every reader sees it. */
struct cc_shape_value {
    enum cc_value_kind kind;
    const char *text; /* as it is: not necessarily UTF-8 */
    int64_t number;
    double real;
    bool flag;
    const char *const *texts; /* ends with NULL */
    const void *items;        /* OBJECT, LIST: of field->of */
    size_t count;
};

/* A secret is null. Times are text. */
struct cc_shape_value cc_shape_value(struct cc_arena *mem, const struct cc_shape_member *member);
/* What the row may be, ends with NULL; NULL when it is not one of some words. */
const char *const *cc_shape_words(struct cc_arena *mem, const struct cc_shape_field *field);
/* Item i of a list. */
const void *cc_shape_item(const struct cc_shape_field *field, const struct cc_shape_value *value,
                          size_t i);

#endif
