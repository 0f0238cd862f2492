#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <math.h>
#include <string.h>

#define ITEMS_MAX 100000

/* Many programs read JSON numbers as doubles, which are not exact above this. */
#define EXACT_MAX 9007199254740992.0

struct reading {
    struct cc_arena *mem;
    const char *source;
    struct cc_error *err;
};

static bool refuse(const struct reading *reading, const char *name, const char *why)
{
    cc_fail(reading->err, CC_E_BAD_ANSWER, "%s does not have the expected form", reading->source);
    return cc_why(reading->err, "its member %.60s %s", name, why);
}

/* As bytes, as it is read. */
static void put(const struct cc_shape_member *member, const void *from, size_t size)
{
    memcpy((char *)member->whole + member->field->at, from, size);
}

static bool text_fits(const struct reading *reading, const struct cc_shape_field *field,
                      const char *text)
{
    const char *const *words = cc_shape_words(reading->mem, field);
    size_t i = 0;

    while (words && words[i] && !cc_text_equal(words[i], text)) {
        i++;
    }
    return (!words || words[i]) && (!field->form || !field->form->fits || field->form->fits(text));
}

static bool take_text(const struct reading *reading, const struct cc_shape_member *member,
                      const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);

    if (!text || !text_fits(reading, member->field, text)) {
        return refuse(reading, member->field->name, text ? "has an unusable value" : "is not text");
    }
    if (member->field->kind == CC_KIND_TEXT) {
        put(member, &text, sizeof(text));
        return true;
    }
    if (strlen(text) >= member->field->size) {
        return refuse(reading, member->field->name, "is too long");
    }
    put(member, text, strlen(text) + 1);
    return true;
}

static bool take_word(const struct reading *reading, const struct cc_shape_member *member,
                      const cJSON *item)
{
    for (int i = 0; member->field->words[i]; i++) {
        if (cc_text_equal(member->field->words[i], cJSON_GetStringValue(item))) {
            put(member, &i, sizeof(i));
            return true;
        }
    }
    return refuse(reading, member->field->name, "is not one of the allowed values");
}

static bool take_time(const struct reading *reading, const struct cc_shape_member *member,
                      const cJSON *item)
{
    int64_t seconds = 0;

    if (!cJSON_IsString(item) || !cc_time_from_iso(item->valuestring, &seconds)) {
        return refuse(reading, member->field->name, "is not a time");
    }
    put(member, &seconds, sizeof(seconds));
    return true;
}

static bool take_secret(const struct reading *reading, const struct cc_shape_member *member,
                        const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);

    if (!text) {
        return refuse(reading, member->field->name, "is not text");
    }
    const struct cc_secret secret = cc_secret_keep(reading->mem, text);
    put(member, &secret, sizeof(secret));
    return true;
}

static bool take_flag(const struct reading *reading, const struct cc_shape_member *member,
                      const cJSON *item)
{
    const bool flag = cJSON_IsTrue(item);
    const struct cc_maybe_flag maybe = {true, flag};

    if (!cJSON_IsBool(item)) {
        return refuse(reading, member->field->name, "is neither true nor false");
    }
    if (member->field->kind == CC_KIND_FLAG) {
        put(member, &flag, sizeof(flag));
    } else {
        put(member, &maybe, sizeof(maybe));
    }
    return true;
}

static bool take_real(const struct reading *reading, const struct cc_shape_member *member,
                      const cJSON *item)
{
    const struct cc_maybe_real maybe = {true, item->valuedouble};

    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble)) { /* 1e999 is infinite */
        return refuse(reading, member->field->name, "is not a number");
    }
    if (member->field->kind == CC_KIND_REAL) {
        put(member, &maybe.value, sizeof(maybe.value));
    } else {
        put(member, &maybe, sizeof(maybe));
    }
    return true;
}

static bool in_range(const struct cc_shape_field *field, double number)
{
    const bool narrow = field->kind == CC_KIND_NUMBER && field->size == sizeof(int);
    const double least = field->least < field->most ? (double)field->least
                         : narrow                   ? (double)INT32_MIN
                                                    : -EXACT_MAX;
    const double most = field->least < field->most ? (double)field->most
                        : narrow                   ? (double)INT32_MAX
                                                   : EXACT_MAX;

    return number >= least && number <= most && number == (double)(int64_t)number;
}

static bool take_number(const struct reading *reading, const struct cc_shape_member *member,
                        const cJSON *item)
{
    if (!cJSON_IsNumber(item) || !in_range(member->field, item->valuedouble)) {
        return refuse(reading, member->field->name, "is not a whole number in the allowed range");
    }
    const struct cc_maybe_number maybe = {true, (int64_t)item->valuedouble};
    const int narrow = (int)maybe.value;
    if (member->field->kind == CC_KIND_MAYBE_NUMBER) {
        put(member, &maybe, sizeof(maybe));
    } else if (member->field->size == sizeof(narrow)) {
        put(member, &narrow, sizeof(narrow));
    } else {
        put(member, &maybe.value, sizeof(maybe.value));
    }
    return true;
}

static bool take_texts(const struct reading *reading, const struct cc_shape_member *member,
                       const cJSON *list)
{
    const int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : -1;
    const char **texts = cc_alloc(reading->mem, ((size_t)count + 2) * sizeof(*texts));
    size_t at = 0;

    if (count < 0 || count > ITEMS_MAX) {
        return refuse(reading, member->field->name, "is not a list, or is too long");
    }
    for (const cJSON *item = list->child; item; item = item->next) {
        if (!cJSON_IsString(item) || !text_fits(reading, member->field, item->valuestring)) {
            return refuse(reading, member->field->name, "holds an unusable value");
        }
        texts[at++] = item->valuestring;
    }
    put(member, &texts, sizeof(texts));
    return true;
}

static bool take_json(const struct reading *reading, const struct cc_shape_member *member,
                      const cJSON *item)
{
    const bool list = member->field->kind == CC_KIND_JSONS;

    if (list ? !cJSON_IsArray(item) : !cJSON_IsObject(item)) {
        return refuse(reading, member->field->name, list ? "is not a list" : "is not an object");
    }
    put(member, (const void *)&item, member->field->size);
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static bool take_structs(const struct reading *reading, const struct cc_shape_member *member,
                         const cJSON *list)
{
    const struct cc_shape_field *field = member->field;
    const bool one = field->kind == CC_KIND_OBJECT;
    const int size = one ? 1 : cJSON_GetArraySize(list);
    size_t count = 0;

    if (!(one ? cJSON_IsObject(list) : cJSON_IsArray(list)) || size > ITEMS_MAX) {
        return refuse(reading, field->name,
                      one ? "is not an object" : "is not a list, or is too long");
    }
    char *structs = cc_alloc(reading->mem, ((size_t)size + 1) * field->of->size);
    for (const cJSON *item = one ? list : list->child; item; item = one ? NULL : item->next) {
        if (!cc_shape_from_json(reading->mem, field->of, item,
                                cc_textf(reading->mem, "%s, %s", reading->source, field->name),
                                structs + count++ * field->of->size, reading->err)) {
            return false;
        }
    }
    put(member, &structs, sizeof(structs));
    if (!one) {
        memcpy((char *)member->whole + field->count_at, &count, sizeof(count));
    }
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static bool take(const struct reading *reading, const struct cc_shape_member *member,
                 const cJSON *item)
{
    const bool null =
        member->field->rules & CC_NULL || member->field->kind == CC_KIND_MAYBE_NUMBER ||
        member->field->kind == CC_KIND_MAYBE_REAL || member->field->kind == CC_KIND_MAYBE_FLAG;

    if (cJSON_IsNull(item) && null) {
        memset((char *)member->whole + member->field->at, 0,
               member->field->kind == CC_KIND_OBJECT ? sizeof(void *) : member->field->size);
        return true;
    }
    switch (member->field->kind) {
    case CC_KIND_WORD: return take_word(reading, member, item);
    case CC_KIND_TIME: return take_time(reading, member, item);
    case CC_KIND_SECRET: return take_secret(reading, member, item);
    case CC_KIND_FLAG:
    case CC_KIND_MAYBE_FLAG: return take_flag(reading, member, item);
    case CC_KIND_REAL:
    case CC_KIND_MAYBE_REAL: return take_real(reading, member, item);
    case CC_KIND_NUMBER:
    case CC_KIND_SPAN:
    case CC_KIND_MAYBE_NUMBER: return take_number(reading, member, item);
    case CC_KIND_TEXTS:
    case CC_KIND_PAIRS: return take_texts(reading, member, item);
    case CC_KIND_OBJECT:
    case CC_KIND_LIST: return take_structs(reading, member, item);
    case CC_KIND_JSON:
    case CC_KIND_JSONS: return take_json(reading, member, item);
    default: return take_text(reading, member, item);
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
bool cc_shape_from_json(struct cc_arena *mem, const struct cc_shape *shape, const cJSON *object,
                        const char *source, void *value, struct cc_error *err)
{
    const struct reading reading = {mem, source, err};
    struct cc_shape_walk walk = cc_shape_walk(shape, value);
    struct cc_shape_member member;
    int known = 0;

    if (!cJSON_IsObject(object)) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s does not have the expected form", source);
        return cc_why(err, "it is not an object");
    }
    while (cc_shape_next(&walk, &member)) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, member.field->name);

        if (!item && !(member.field->rules & CC_OMITTED)) {
            return refuse(&reading, member.field->name, "is missing");
        }
        if (item && !take(&reading, &member, item)) {
            return false;
        }
        known += item != NULL;
    }
    if (known != cJSON_GetArraySize(object)) { /* cc_json_parse refuses repeated names */
        cc_fail(err, CC_E_BAD_ANSWER, "%s does not have the expected form", source);
        return cc_why(err, "it has an unknown member, or the same member twice");
    }
    return true;
}

bool cc_shape_parse(struct cc_arena *mem, const struct cc_shape *shape,
                    const struct cc_json_text *text, void *value, struct cc_error *err)
{
    const cJSON *object = NULL;

    return cc_json_parse(mem, text->text, text->len, text->source, &object, err) &&
           cc_shape_from_json(mem, shape, object, text->source, value, err);
}
