#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

static void say(const struct cc_teller *teller, const char *name, const char *text)
{
    teller->name(teller->about, name);
    teller->text(teller->about, text);
}

static void say_flag(const struct cc_teller *teller, const char *name, bool flag)
{
    teller->name(teller->about, name);
    teller->literal(teller->about, flag ? "true" : "false");
}

/* "type": "string", or ["string", "null"]. */
static void say_type(const struct cc_teller *teller, const char *type, bool null)
{
    teller->name(teller->about, "type");
    if (null) {
        teller->begin(teller->about, true);
    }
    teller->text(teller->about, type);
    if (null) {
        teller->text(teller->about, "null");
        teller->end(teller->about, true);
    }
}

static bool may_be_null(const struct cc_shape_field *field)
{
    return field->rules & CC_NULL || field->kind == CC_KIND_MAYBE_NUMBER ||
           field->kind == CC_KIND_MAYBE_REAL || field->kind == CC_KIND_MAYBE_FLAG;
}

static void say_words(struct cc_arena *mem, const struct cc_shape_field *field,
                      const struct cc_teller *teller)
{
    const char *const *words = cc_shape_words(mem, field);

    teller->name(teller->about, "enum");
    teller->begin(teller->about, true);
    for (size_t i = 0; words[i]; i++) {
        teller->text(teller->about, words[i]);
    }
    if (may_be_null(field)) {
        teller->literal(teller->about, "null");
    }
    teller->end(teller->about, true);
}

static void say_form(const struct cc_shape_field *field, const struct cc_teller *teller)
{
    if (field->form && field->form->pattern) {
        say(teller, "pattern", field->form->pattern);
    }
}

static void say_range(struct cc_arena *mem, const struct cc_shape_field *field,
                      const struct cc_teller *teller)
{
    if (field->least < field->most) {
        teller->name(teller->about, "minimum");
        teller->literal(teller->about, cc_textf(mem, "%lld", (long long)field->least));
        teller->name(teller->about, "maximum");
        teller->literal(teller->about, cc_textf(mem, "%lld", (long long)field->most));
    }
}

static void object(struct cc_arena *mem, const struct cc_shape *shape, bool null,
                   const struct cc_teller *teller);

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static void list(struct cc_arena *mem, const struct cc_shape_field *field,
                 const struct cc_teller *teller)
{
    say_type(teller, "array", may_be_null(field));
    teller->name(teller->about, "items");
    teller->begin(teller->about, false);
    if (field->kind == CC_KIND_LIST) {
        object(mem, field->of, false, teller);
    } else {
        say_type(teller, field->kind == CC_KIND_JSONS ? "object" : "string", false);
        say_form(field, teller);
    }
    teller->end(teller->about, false);
}

static const char *type_of(const struct cc_shape_field *field)
{
    switch (field->kind) {
    case CC_KIND_NUMBER:
    case CC_KIND_SPAN:
    case CC_KIND_MAYBE_NUMBER: return "integer";
    case CC_KIND_REAL:
    case CC_KIND_MAYBE_REAL: return "number";
    case CC_KIND_FLAG:
    case CC_KIND_MAYBE_FLAG: return "boolean";
    case CC_KIND_JSON: return "object";
    default: return "string";
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static void property(struct cc_arena *mem, const struct cc_shape_field *field,
                     const struct cc_teller *teller)
{
    teller->name(teller->about, field->name);
    teller->begin(teller->about, false);
    if (field->kind == CC_KIND_OBJECT) {
        object(mem, field->of, may_be_null(field), teller);
    } else if (field->kind == CC_KIND_LIST || field->kind == CC_KIND_TEXTS ||
               field->kind == CC_KIND_PAIRS || field->kind == CC_KIND_JSONS) {
        list(mem, field, teller);
    } else if (cc_shape_words(mem, field) && !(field->rules & CC_ANY_WORD)) {
        say_words(mem, field, teller);
    } else {
        say_type(teller, type_of(field), may_be_null(field));
        say_form(field, teller);
        say_range(mem, field, teller);
        if (field->kind == CC_KIND_TIME) {
            say(teller, "format", "date-time");
        }
    }
    if (field->about) {
        say(teller, "description", field->about);
    }
    teller->end(teller->about, false);
}

/* The members of a schema object that has been opened. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static void object(struct cc_arena *mem, const struct cc_shape *shape, bool null,
                   const struct cc_teller *teller)
{
    struct cc_shape_member member;

    say_type(teller, "object", null);
    say_flag(teller, "additionalProperties", false);
    teller->name(teller->about, "required");
    teller->begin(teller->about, true);
    for (struct cc_shape_walk walk = cc_shape_walk(shape, NULL); cc_shape_next(&walk, &member);) {
        if (member.field->kind != CC_KIND_SECRET) {
            teller->text(teller->about, member.field->name);
        }
    }
    teller->end(teller->about, true);
    teller->name(teller->about, "properties");
    teller->begin(teller->about, false);
    for (struct cc_shape_walk walk = cc_shape_walk(shape, NULL); cc_shape_next(&walk, &member);) {
        if (member.field->kind != CC_KIND_SECRET) {
            property(mem, member.field, teller);
        }
    }
    teller->end(teller->about, false);
}

void cc_shape_tell_schema(struct cc_arena *mem, const struct cc_shape *shape,
                          const struct cc_teller *teller)
{
    teller->begin(teller->about, false);
    say(teller, "$schema", "https://json-schema.org/draft/2020-12/schema");
    say(teller, "title", shape->name);
    object(mem, shape, false, teller);
    teller->end(teller->about, false);
}
