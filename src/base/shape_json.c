#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *utf8(struct cc_arena *mem, const char *text)
{
    if (cc_text_is_utf8(text)) {
        return text;
    }
    char *copy = cc_text_dup(mem, text, strlen(text));

    cc_text_make_utf8(copy);
    return copy;
}

/* The shortest of two precisions that reads back as the same number. */
static const char *real_text(struct cc_arena *mem, double real)
{
    if (!isfinite(real)) {
        return "null"; /* JSON cannot express it */
    }
    const char *text = cc_textf(mem, "%1.15g", real);

    return strtod(text, NULL) == real ? text : cc_textf(mem, "%1.17g", real);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as cc_json_parse allows
void cc_shape_tell_json(struct cc_arena *mem, const cJSON *item, const struct cc_teller *teller)
{
    const bool list = cJSON_IsArray(item);

    if (cJSON_IsString(item)) {
        teller->text(teller->about, utf8(mem, item->valuestring));
        return;
    }
    if (!list && !cJSON_IsObject(item)) {
        teller->literal(teller->about, cJSON_IsNumber(item)  ? real_text(mem, item->valuedouble)
                                       : cJSON_IsTrue(item)  ? "true"
                                       : cJSON_IsFalse(item) ? "false"
                                                             : "null");
        return;
    }
    teller->begin(teller->about, list);
    for (const cJSON *child = item->child; child; child = child->next) {
        if (!list) {
            teller->name(teller->about, utf8(mem, child->string));
        }
        cc_shape_tell_json(mem, child, teller);
    }
    teller->end(teller->about, list);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static void tell_value(struct cc_arena *mem, const struct cc_shape_member *member,
                       const struct cc_teller *teller)
{
    const struct cc_shape_field *field = member->field;
    const struct cc_shape_value value = cc_shape_value(mem, member);
    const bool list = value.kind == CC_VALUE_LIST || value.kind == CC_VALUE_TEXTS;

    if (list) {
        teller->begin(teller->about, true);
    }
    for (size_t i = 0; i < value.count; i++) {
        if (value.kind == CC_VALUE_TEXTS) {
            teller->text(teller->about, utf8(mem, value.texts[i]));
        } else {
            cc_shape_tell(mem, field->of, cc_shape_item(field, &value, i), teller);
        }
    }
    if (list) {
        teller->end(teller->about, true);
    }
    switch (value.kind) {
    case CC_VALUE_NULL: teller->literal(teller->about, "null"); break;
    case CC_VALUE_TEXT: teller->text(teller->about, utf8(mem, value.text)); break;
    case CC_VALUE_NUMBER:
        teller->literal(teller->about, cc_textf(mem, "%lld", (long long)value.number));
        break;
    case CC_VALUE_REAL: teller->literal(teller->about, real_text(mem, value.real)); break;
    case CC_VALUE_FLAG: teller->literal(teller->about, value.flag ? "true" : "false"); break;
    case CC_VALUE_JSON: cc_shape_tell_json(mem, value.json, teller); break;
    default: break; /* handled above */
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
void cc_shape_tell(struct cc_arena *mem, const struct cc_shape *shape, const void *value,
                   const struct cc_teller *teller)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, value);
    struct cc_shape_member member;

    teller->begin(teller->about, false);
    while (cc_shape_next(&walk, &member)) {
        if (member.field->kind != CC_KIND_SECRET) {
            teller->name(teller->about, member.field->name);
            tell_value(mem, &member, teller);
        }
    }
    teller->end(teller->about, false);
}

static void indent(const struct cc_json_writer *writer)
{
    if (writer->indented) {
        cc_buf_addf(writer->out, "\n%*s", 2 * writer->level, "");
    }
}

/* What separates this value from the one before it. */
static void separate(struct cc_json_writer *writer)
{
    if (writer->after_name || writer->level == 0) {
        writer->after_name = false;
        return;
    }
    cc_buf_text(writer->out, writer->begun ? "," : "");
    indent(writer);
}

static void quoted(struct cc_buf *out, const char *text)
{
    static const char letters[] = "\"\\\b\f\n\r\t";
    static const char escapes[] = "\"\\bfnrt";

    cc_buf_text(out, "\"");
    while (*text) {
        size_t plain = 0;

        while ((unsigned char)text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\') {
            plain++;
        }
        cc_buf_add(out, text, plain);
        text += plain;
        if (!*text) {
            break;
        }
        const char *known = strchr(letters, *text);
        if (known) {
            cc_buf_addf(out, "\\%c", escapes[known - letters]);
        } else {
            cc_buf_addf(out, "\\u%04x", (unsigned char)*text);
        }
        text++;
    }
    cc_buf_text(out, "\"");
}

static void begin(void *about, bool list)
{
    struct cc_json_writer *writer = about;

    separate(writer);
    cc_buf_text(writer->out, list ? "[" : "{");
    writer->level++;
    writer->begun = false;
}

static void end(void *about, bool list)
{
    struct cc_json_writer *writer = about;

    writer->level--;
    if (writer->begun) {
        indent(writer);
    }
    cc_buf_text(writer->out, list ? "]" : "}");
    writer->begun = true;
}

static void name(void *about, const char *text)
{
    struct cc_json_writer *writer = about;

    separate(writer);
    quoted(writer->out, text);
    cc_buf_text(writer->out, writer->indented ? ": " : ":");
    writer->after_name = true;
}

static void text(void *about, const char *value)
{
    struct cc_json_writer *writer = about;

    separate(writer);
    quoted(writer->out, value);
    writer->begun = true;
}

static void literal(void *about, const char *value)
{
    struct cc_json_writer *writer = about;

    separate(writer);
    cc_buf_text(writer->out, value);
    writer->begun = true;
}

struct cc_teller cc_json_teller(struct cc_json_writer *writer)
{
    return (struct cc_teller){writer, begin, end, name, text, literal};
}

void cc_shape_json(const struct cc_shape *shape, const void *value, bool indented,
                   struct cc_buf *out)
{
    struct cc_json_writer writer = {.out = out, .indented = indented};
    const struct cc_teller teller = cc_json_teller(&writer);

    cc_shape_tell(out->mem, shape, value, &teller);
    cc_buf_text(out, "\n");
}
