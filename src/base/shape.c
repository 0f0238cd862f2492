#include "credctl/base/shape.h"

#include "credctl/base/time.h"

#include <string.h>

static struct cc_shape_walk begin(const struct cc_shape *shape, const void *value, bool listed)
{
    struct cc_shape_walk walk = {.depth = 1, .listed = listed};

    walk.levels[0].shape = shape;
    walk.levels[0].next = shape ? shape->fields : NULL;
    walk.levels[0].whole = value;
    return walk;
}

struct cc_shape_walk cc_shape_walk(const struct cc_shape *shape, const void *value)
{
    return begin(shape, value, false);
}

struct cc_shape_walk cc_shape_walk_listed(const struct cc_shape *shape)
{
    return begin(shape, NULL, true);
}

const char *cc_shape_heading(const struct cc_shape_walk *walk, const char *otherwise)
{
    for (int at = walk->depth - 1; at >= 0; at--) {
        if (walk->levels[at].shape->heading) {
            return walk->levels[at].shape->heading;
        }
    }
    return otherwise;
}

static bool entered(const struct cc_shape_walk *walk, const struct cc_shape_field *field)
{
    return field->kind == CC_KIND_GROUP || (walk->listed && field->kind == CC_KIND_LIST);
}

bool cc_shape_next(struct cc_shape_walk *walk, struct cc_shape_member *member)
{
    while (walk->depth > 0) {
        const int at = walk->depth - 1;
        const struct cc_shape_field *field = walk->levels[at].next;
        const char *whole = walk->levels[at].whole;

        if (!field || !field->name) {
            walk->depth--;
            continue;
        }
        walk->levels[at].next++;
        if (walk->listed && field->rules & CC_UNLISTED) {
            continue;
        }
        if (!entered(walk, field)) {
            *member = (struct cc_shape_member){field, walk->levels[at].shape, whole};
            return true;
        }
        if (walk->depth < CC_WALK_DEPTH) { /* a test fails when shapes are nested deeper */
            walk->levels[walk->depth].shape = field->of;
            walk->levels[walk->depth].next = field->of->fields;
            walk->levels[walk->depth].whole = whole ? whole + field->at : NULL;
            walk->depth++;
        }
    }
    return false;
}

/* Copied as bytes: the row knows the type of the member, C does not. */
#define READ(ctype, to) \
    memcpy(&(to), (const char *)member->whole + member->field->at, sizeof(ctype))

static int64_t number_of(const struct cc_shape_member *member)
{
    int64_t wide = 0;
    int narrow = 0;

    if (member->field->size == sizeof(wide)) {
        READ(int64_t, wide);
        return wide;
    }
    READ(int, narrow);
    return narrow;
}

static struct cc_shape_value text_value(const char *text)
{
    return (struct cc_shape_value){.kind = text ? CC_VALUE_TEXT : CC_VALUE_NULL, .text = text};
}

static struct cc_shape_value texts_value(const struct cc_shape_member *member)
{
    static const char *const none[] = {NULL};
    struct cc_shape_value value = {.kind = CC_VALUE_TEXTS};

    READ(const char *const *, value.texts);
    value.texts = value.texts ? value.texts : none;
    while (value.texts[value.count]) {
        value.count++;
    }
    return value;
}

static struct cc_shape_value structs_value(const struct cc_shape_member *member)
{
    struct cc_shape_value value = {.kind = CC_VALUE_LIST};

    READ(const void *, value.items);
    if (member->field->kind == CC_KIND_LIST) {
        memcpy(&value.count, (const char *)member->whole + member->field->count_at,
               sizeof(value.count));
        return value;
    }
    value.kind = value.items ? CC_VALUE_OBJECT : CC_VALUE_NULL;
    value.count = value.items ? 1 : 0;
    return value;
}

static struct cc_shape_value json_value(const struct cc_shape_member *member)
{
    struct cc_shape_value value = {.kind = CC_VALUE_JSON};

    READ(const struct cJSON *, value.json);
    value.kind = value.json ? CC_VALUE_JSON : CC_VALUE_NULL;
    return value;
}

static struct cc_shape_value maybe_value(const struct cc_shape_member *member)
{
    struct cc_maybe_number number = {0};
    struct cc_maybe_real real = {0};
    struct cc_maybe_flag flag = {0};

    if (member->field->kind == CC_KIND_MAYBE_NUMBER) {
        READ(struct cc_maybe_number, number);
        return (struct cc_shape_value){.kind = number.known ? CC_VALUE_NUMBER : CC_VALUE_NULL,
                                       .number = number.value};
    }
    if (member->field->kind == CC_KIND_MAYBE_REAL) {
        READ(struct cc_maybe_real, real);
        return (struct cc_shape_value){.kind = real.known ? CC_VALUE_REAL : CC_VALUE_NULL,
                                       .real = real.value};
    }
    READ(struct cc_maybe_flag, flag);
    return (struct cc_shape_value){.kind = flag.known ? CC_VALUE_FLAG : CC_VALUE_NULL,
                                   .flag = flag.value};
}

static struct cc_shape_value plain_value(struct cc_arena *mem, const struct cc_shape_member *member)
{
    const struct cc_shape_field *field = member->field;
    const char *chars = (const char *)member->whole + field->at;
    const char *text = NULL;
    struct cc_shape_value value = {0};

    switch (field->kind) {
    case CC_KIND_TEXT: READ(const char *, text); return text_value(text);
    case CC_KIND_CHARS: return text_value(chars[0] || !(field->rules & CC_NULL) ? chars : NULL);
    case CC_KIND_WORD: return text_value(field->words[number_of(member)]);
    case CC_KIND_REAL:
        value.kind = CC_VALUE_REAL;
        READ(double, value.real);
        return value;
    case CC_KIND_FLAG:
        value.kind = CC_VALUE_FLAG;
        READ(bool, value.flag);
        return value;
    case CC_KIND_TIME:
        value.number = number_of(member);
        return text_value(
            value.number == 0 && field->rules & CC_NULL ? NULL : cc_time_iso(mem, value.number));
    default:
        value.kind = CC_VALUE_NUMBER;
        value.number = number_of(member);
        return value;
    }
}

struct cc_shape_value cc_shape_value(struct cc_arena *mem, const struct cc_shape_member *member)
{
    switch (member->field->kind) {
    case CC_KIND_SECRET:
    case CC_KIND_GROUP: return (struct cc_shape_value){.kind = CC_VALUE_NULL};
    case CC_KIND_TEXTS:
    case CC_KIND_PAIRS: return texts_value(member);
    case CC_KIND_OBJECT:
    case CC_KIND_LIST: return structs_value(member);
    case CC_KIND_MAYBE_NUMBER:
    case CC_KIND_MAYBE_REAL:
    case CC_KIND_MAYBE_FLAG: return maybe_value(member);
    case CC_KIND_JSON:
    case CC_KIND_JSONS: return json_value(member);
    default: return plain_value(mem, member);
    }
}

const void *cc_shape_item(const struct cc_shape_field *field, const struct cc_shape_value *value,
                          size_t i)
{
    return (const char *)value->items + i * field->of->size;
}

const char *const *cc_shape_words(struct cc_arena *mem, const struct cc_shape_field *field)
{
    return field->words_from ? field->words_from(mem) : field->words;
}
