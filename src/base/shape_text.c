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
#define NOTHING    "-" /* the cell of null */

static void pad(struct cc_buf *out, const char *text, size_t width, bool last)
{
    size_t used = cc_text_width(text);

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
        return NOTHING;
    }
    return cc_text_printable(mem, text ? text : nested(mem, member, &value));
}

/* A list or an object without a title is not for people: it would make every row a long one. */
static bool is_column(const struct cc_shape_field *field)
{
    const bool nested = field->of || field->kind == CC_KIND_JSON || field->kind == CC_KIND_JSONS ||
                        field->kind == CC_KIND_TEXTS || field->kind == CC_KIND_PAIRS;

    return field->title || !nested;
}

/* Cells, row by row; the first row is the header. */
struct cells {
    const char **text;
    size_t rows;
    size_t columns;
    size_t *widths;
    bool *used; /* columns with a value in any row */
};

static void measure_cells(struct cc_arena *mem, struct cells *cells)
{
    cells->widths = cc_alloc(mem, (cells->columns + 1) * sizeof(*cells->widths));
    cells->used = cc_alloc(mem, (cells->columns + 1) * sizeof(*cells->used));
    for (size_t row = 0; row < cells->rows; row++) {
        for (size_t i = 0; i < cells->columns; i++) {
            const char *text = cells->text[row * cells->columns + i];
            const bool none = cc_text_equal(text, NOTHING) || cc_text_equal(text, "[]");
            const size_t full = cc_text_width(text);
            const size_t width = full < COLUMN_MAX ? full : COLUMN_MAX;

            cells->widths[i] = cells->widths[i] > width ? cells->widths[i] : width;
            cells->used[i] = cells->used[i] || (row > 0 && !none);
        }
    }
}

static void print_line(const struct cells *cells, size_t row, size_t end, struct cc_buf *out)
{
    for (size_t i = 0; i < end; i++) {
        if (cells->used[i]) {
            pad(out, cells->text[row * cells->columns + i], cells->widths[i], i + 1 == end);
        }
    }
    cc_buf_text(out, "\n");
}

static void print_cells(const struct cells *cells, struct cc_buf *out)
{
    size_t end = cells->columns;

    while (end > 0 && !cells->used[end - 1]) {
        end--;
    }
    for (size_t row = 0; row < cells->rows; row++) {
        print_line(cells, row, end, out);
    }
}

/* `row` is NULL for the header. */
static size_t add_row(struct cc_arena *mem, const struct cc_shape *shape, const void *row,
                      const char **to)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, row);
    struct cc_shape_member member;
    size_t columns = 0;

    while (cc_shape_next(&walk, &member)) {
        if (is_column(member.field)) {
            to[columns++] = row ? cell(mem, &member) : member.field->name;
        }
    }
    return columns;
}

static size_t count_columns(const struct cc_shape *shape)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, NULL);
    struct cc_shape_member member;
    size_t columns = 0;

    while (cc_shape_next(&walk, &member)) {
        columns += is_column(member.field);
    }
    return columns;
}

static void table_of_rows(const struct cc_shape_field *field, const struct cc_shape_value *rows,
                          struct cc_buf *out)
{
    struct cells cells = {.rows = rows->count + 1, .columns = count_columns(field->of)};
    size_t at = 0;

    cells.text = cc_alloc(out->mem, (cells.rows * cells.columns + 1) * sizeof(*cells.text));
    at = add_row(out->mem, field->of, NULL, cells.text);
    for (size_t i = 0; i < rows->count; i++) {
        at += add_row(out->mem, field->of, cc_shape_item(field, rows, i), &cells.text[at]);
    }
    measure_cells(out->mem, &cells);
    print_cells(&cells, out);
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
        [CC_KIND_JSON] = "object",     [CC_KIND_JSONS] = "list",
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
