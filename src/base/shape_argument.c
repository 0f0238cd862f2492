#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <string.h>

/* Options as members of a JSON object: their schema, and how they are read. */

static bool many_words(const struct cc_shape_field *field)
{
    return (field->rules & CC_COMMAS) != 0;
}

static bool is_list(const struct cc_shape_field *field)
{
    return field->kind == CC_KIND_TEXTS || field->kind == CC_KIND_PAIRS || many_words(field);
}

static void say(const struct cc_teller *teller, const char *name, const char *text)
{
    teller->name(teller->about, name);
    teller->text(teller->about, text);
}

static void say_literal(const struct cc_teller *teller, const char *name, const char *text)
{
    teller->name(teller->about, name);
    teller->literal(teller->about, text);
}

/* The members that say which texts are allowed. */
static void tell_text(struct cc_arena *mem, const struct cc_shape_field *field,
                      const struct cc_teller *teller)
{
    const char *const *words = cc_shape_words(mem, field);

    say(teller, "type", "string");
    if (words) {
        teller->name(teller->about, "enum");
        teller->begin(teller->about, true);
        for (; *words; words++) {
            teller->text(teller->about, *words);
        }
        teller->end(teller->about, true);
    } else if (field->form && field->form->pattern) {
        say(teller, "pattern", field->form->pattern);
    } else if (field->kind == CC_KIND_PAIRS) {
        say(teller, "pattern", "^[^=]+=");
    } else {
        say_literal(teller, "minLength", "1");
    }
}

static void tell_list(struct cc_arena *mem, const struct cc_shape_field *field,
                      const struct cc_teller *teller)
{
    say(teller, "type", "array");
    teller->name(teller->about, "items");
    teller->begin(teller->about, false);
    tell_text(mem, field, teller);
    teller->end(teller->about, false);
}

static void tell_number(struct cc_arena *mem, const struct cc_shape_field *field,
                        const struct cc_teller *teller)
{
    say(teller, "type", "integer");
    if (field->least < field->most) {
        say_literal(teller, "minimum", cc_textf(mem, "%lld", (long long)field->least));
        say_literal(teller, "maximum", cc_textf(mem, "%lld", (long long)field->most));
    }
}

/* Seconds, with fractions, as on the command line. */
static void tell_span(struct cc_arena *mem, const struct cc_shape_field *field,
                      const struct cc_teller *teller)
{
    say(teller, "type", "number");
    say_literal(teller, "exclusiveMinimum", "0");
    say_literal(teller, "maximum", cc_textf(mem, "%lld", (long long)field->most / 1000));
}

static bool is_number(const struct cc_shape_field *field)
{
    return field->kind == CC_KIND_NUMBER || field->kind == CC_KIND_SPAN;
}

void cc_option_tell_schema(struct cc_arena *mem, const struct cc_shape_field *field,
                           const char *about, const struct cc_teller *teller)
{
    teller->begin(teller->about, false);
    if (field->kind == CC_KIND_FLAG) {
        say(teller, "type", "boolean");
    } else if (field->kind == CC_KIND_NUMBER) {
        tell_number(mem, field, teller);
    } else if (field->kind == CC_KIND_SPAN) {
        tell_span(mem, field, teller);
    } else if (is_list(field)) {
        tell_list(mem, field, teller);
    } else {
        tell_text(mem, field, teller);
    }
    if (field->usual && (is_number(field) || field->kind == CC_KIND_FLAG)) {
        say_literal(teller, "default", field->usual);
    } else if (field->usual && !is_list(field)) {
        say(teller, "default", field->usual);
    }
    say(teller, "description", about ? about : field->about);
    teller->end(teller->about, false);
}

static bool refuse(const char *source, const char *must, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "%s has a value of the wrong type", source);
    cc_why(err, "it must be %s", must);
    return cc_fix(err, "correct the value of %s", source);
}

/* NULL: it is not a number that this option can have. */
static const char *number_text(struct cc_arena *mem, const struct cc_shape_field *field,
                               const cJSON *value)
{
    const double number = cJSON_IsNumber(value) ? value->valuedouble : 0.5;

    if (field->kind == CC_KIND_SPAN && cJSON_IsNumber(value)) {
        return number > -1e9 && number < 1e9 ? cc_textf(mem, "%.3f", number) : NULL;
    }
    if (!(number > -1e15 && number < 1e15) || number != (double)(int64_t)number) {
        return NULL;
    }
    return cc_textf(mem, "%lld", (long long)number);
}

/* A list: one after the other, or joined by commas. */
static bool put_list(struct cc_arena *mem, const struct cc_shape_member *member, const char *source,
                     const cJSON *list, struct cc_error *err)
{
    struct cc_buf joined = cc_buf_new(mem, 65536);

    if (!cJSON_IsArray(list)) {
        return refuse(source, "a list of texts", err);
    }
    for (const cJSON *item = list->child; item; item = item->next) {
        if (!cJSON_IsString(item)) {
            return refuse(source, "a list of texts", err);
        }
        if (many_words(member->field)) {
            cc_buf_addf(&joined, "%s%s", item == list->child ? "" : ",", item->valuestring);
        } else if (!cc_option_put(mem, member, source, item->valuestring, err)) {
            return false;
        }
    }
    return !many_words(member->field) || !list->child ||
           cc_option_put(mem, member, source, joined.text, err);
}

/* Other than on the command line, a flag that is set by default can be unset. */
static bool put_flag(const struct cc_shape_member *member, bool flag)
{
    memcpy((char *)member->whole + member->field->at, &flag, sizeof(flag));
    return true;
}

bool cc_option_put_json(struct cc_arena *mem, const struct cc_shape_member *member,
                        const char *source, const cJSON *value, struct cc_error *err)
{
    const struct cc_shape_field *field = member->field;

    if (field->kind == CC_KIND_FLAG) {
        if (!cJSON_IsBool(value)) {
            return refuse(source, "true or false", err);
        }
        return put_flag(member, cJSON_IsTrue(value));
    }
    if (is_list(field)) {
        return put_list(mem, member, source, value, err);
    }
    if (is_number(field)) {
        const char *text = number_text(mem, field, value);

        return text ? cc_option_put(mem, member, source, text, err)
                    : refuse(source, "a number", err);
    }
    if (!cJSON_IsString(value)) {
        return refuse(source, "text", err);
    }
    return cc_option_put(mem, member, source, value->valuestring, err);
}
