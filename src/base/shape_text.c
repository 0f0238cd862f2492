#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <string.h>

/* One value as text; NULL for null, lists and objects. */
static const char *scalar(struct cc_arena *mem, const struct cc_shape_value *value)
{
    switch (value->kind) {
    case CC_VALUE_TEXT: return value->text;
    case CC_VALUE_NUMBER: return cc_textf(mem, "%lld", (long long)value->number);
    case CC_VALUE_REAL: return cc_textf(mem, "%.15g", value->real);
    case CC_VALUE_FLAG: return value->flag ? "true" : "false";
    default: return NULL;
    }
}

void cc_shape_lines(const struct cc_shape *shape, const void *value, int indent, int width,
                    struct cc_buf *out)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, value);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct cc_shape_value is = cc_shape_value(out->mem, &member);
        const char *text = scalar(out->mem, &is);

        if (!member.field->title || !text || !text[0] || (is.kind == CC_VALUE_FLAG && !is.flag)) {
            continue;
        }
        cc_buf_addf(out, "%*s%-*s%s\n", indent, "", width, member.field->title,
                    is.kind == CC_VALUE_FLAG ? "yes" : text);
    }
}

static void assignment(const char *prefix, const char *name, const char *text, struct cc_buf *out)
{
    cc_buf_text(out, prefix);
    for (; *name; name++) {
        const char upper = (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);

        cc_buf_add(out, &upper, 1);
    }
    cc_buf_text(out, "='");
    for (; *text; text++) {
        const bool quote = *text == '\'';

        cc_buf_add(out, quote ? "'\\''" : text, quote ? 4 : 1);
    }
    cc_buf_text(out, "'\n");
}

void cc_shape_env(const struct cc_shape *shape, const void *value, const char *prefix,
                  struct cc_buf *out)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, value);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct cc_shape_value is = cc_shape_value(out->mem, &member);
        const char *text = scalar(out->mem, &is);

        if (member.field->kind == CC_KIND_SECRET || member.field->kind == CC_KIND_OBJECT ||
            (!text && is.kind != CC_VALUE_NULL)) {
            continue;
        }
        assignment(prefix, member.field->name, text ? text : "", out);
    }
}

/* --- table --- */

#define COLUMN_MAX 60

/* Characters, not bytes. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

static void pad(struct cc_buf *out, const char *text, size_t width, bool last)
{
    size_t used = width_of(text);

    cc_buf_text(out, text);
    if (!last) {
        cc_buf_addf(out, "%*s", (int)(used < width ? width - used : 0) + 2, "");
    }
}

/* A list or an object in a cell is JSON. */
static const char *nested(struct cc_arena *mem, const struct cc_shape_member *member,
                          const struct cc_shape_value *value)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)1 << 20);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller json = cc_json_teller(&writer);

    if (value->kind == CC_VALUE_JSON) {
        cc_shape_tell_json(mem, value->json, &json);
        return out.text;
    }
    if (value->kind == CC_VALUE_OBJECT) {
        cc_shape_tell(mem, member->field->of, value->items, &json);
        return out.text;
    }
    json.begin(json.about, true);
    for (size_t i = 0; i < value->count; i++) {
        if (value->kind == CC_VALUE_TEXTS) {
            json.text(json.about, cc_text_printable(mem, value->texts[i]));
        } else {
            cc_shape_tell(mem, member->field->of, cc_shape_item(member->field, value, i), &json);
        }
    }
    json.end(json.about, true);
    return out.text;
}

static const char *cell(struct cc_arena *mem, const struct cc_shape_member *member)
{
    const struct cc_shape_value value = cc_shape_value(mem, member);
    const char *text = scalar(mem, &value);

    if (value.kind == CC_VALUE_NULL) {
        return "-";
    }
    return cc_text_printable(mem, text ? text : nested(mem, member, &value));
}

/* A table with its header: `columns` cells a row. */
static void print_cells(const char *const *cells, size_t count, size_t columns, struct cc_buf *out)
{
    size_t *widths = cc_alloc(out->mem, (columns + 1) * sizeof(*widths));

    for (size_t i = 0, column = 0; i < count; i++, column = column + 1 < columns ? column + 1 : 0) {
        size_t width = width_of(cells[i]);

        width = width < COLUMN_MAX ? width : COLUMN_MAX;
        widths[column] = widths[column] > width ? widths[column] : width;
    }
    for (size_t i = 0, column = 0; i < count; i++, column = column + 1 < columns ? column + 1 : 0) {
        pad(out, cells[i], widths[column], column + 1 == columns);
        cc_buf_text(out, column + 1 == columns ? "\n" : "");
    }
}

static void table_of_rows(const struct cc_shape_field *field, const struct cc_shape_value *rows,
                          struct cc_buf *out)
{
    struct cc_shape_walk names = cc_shape_walk(field->of, NULL);
    struct cc_shape_member member;
    size_t columns = 0;
    size_t at = 0;

    while (cc_shape_next(&names, &member)) {
        columns++;
    }
    const char **cells = cc_alloc(out->mem, (rows->count + 1) * (columns + 1) * sizeof(*cells));
    for (names = cc_shape_walk(field->of, NULL); cc_shape_next(&names, &member);) {
        cells[at++] = member.field->name;
    }
    for (size_t i = 0; i < rows->count; i++) {
        struct cc_shape_walk walk = cc_shape_walk(field->of, cc_shape_item(field, rows, i));

        while (cc_shape_next(&walk, &member)) {
            cells[at++] = cell(out->mem, &member);
        }
    }
    print_cells(cells, at, columns, out);
}

void cc_shape_table(const struct cc_shape *shape, const void *value, struct cc_buf *out)
{
    struct cc_shape_member member;
    size_t width = 0;

    for (struct cc_shape_walk walk = cc_shape_walk(shape, value); cc_shape_next(&walk, &member);) {
        size_t len = strlen(member.field->name);

        width = len > width ? len : width;
    }
    for (struct cc_shape_walk walk = cc_shape_walk(shape, value); cc_shape_next(&walk, &member);) {
        const struct cc_shape_value is = cc_shape_value(out->mem, &member);

        if (member.field->kind != CC_KIND_SECRET && (is.kind != CC_VALUE_LIST || is.count == 0)) {
            pad(out, member.field->name, width, false);
            cc_buf_addf(out, "%s\n", cell(out->mem, &member));
        }
    }
    for (struct cc_shape_walk walk = cc_shape_walk(shape, value); cc_shape_next(&walk, &member);) {
        const struct cc_shape_value is = cc_shape_value(out->mem, &member);

        if (is.kind == CC_VALUE_LIST && is.count > 0) {
            cc_buf_addf(out, "\n%s:\n", member.field->name);
            table_of_rows(member.field, &is, out);
        }
    }
}

/* --- docs --- */

static const char *type_of(struct cc_arena *mem, const struct cc_shape_field *field)
{
    static const char *const types[] = {
        [CC_KIND_TEXT] = "text",       [CC_KIND_CHARS] = "text",    [CC_KIND_TEXTS] = "texts",
        [CC_KIND_PAIRS] = "texts",     [CC_KIND_NUMBER] = "number", [CC_KIND_REAL] = "number",
        [CC_KIND_FLAG] = "true/false", [CC_KIND_TIME] = "time",     [CC_KIND_SPAN] = "number",
        [CC_KIND_WORD] = "text",       [CC_KIND_OBJECT] = "object", [CC_KIND_LIST] = "list",
        [CC_KIND_JSON] = "object",
    };

    switch (field->kind) {
    case CC_KIND_MAYBE_NUMBER:
    case CC_KIND_MAYBE_REAL: return "number or null";
    case CC_KIND_MAYBE_FLAG: return "true/false or null";
    default: break;
    }
    return cc_textf(mem, "%s%s", types[field->kind], field->rules & CC_NULL ? " or null" : "");
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static void fields(const struct cc_shape *shape, const char *before, struct cc_buf *out)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, NULL);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct cc_shape_field *field = member.field;

        if (field->kind == CC_KIND_SECRET) {
            continue;
        }
        cc_buf_addf(out, "| `%s%s` | %s | %s", before, field->name, type_of(out->mem, field),
                    field->about);
        if (cc_shape_words(out->mem, field) && !(field->rules & CC_ANY_WORD)) {
            cc_buf_addf(out, ": %s", cc_option_words(out->mem, field, ", "));
        }
        cc_buf_text(out, " |\n");
        if (field->of) {
            fields(field->of,
                   cc_textf(out->mem, "%s%s%s.", before, field->name,
                            field->kind == CC_KIND_LIST ? "[]" : ""),
                   out);
        }
    }
}

void cc_shape_fields(const struct cc_shape *shape, struct cc_buf *out)
{
    fields(shape, "", out);
}
