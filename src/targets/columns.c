#include "columns.h"

#include "credctl/aws/arn.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <ctype.h>
#include <string.h>

#define BLANKS " \t\r\v\f"

/* A quoted cell, after its first quote. NULL when it is not closed. */
static const char *quoted(const char *at, const char *end, struct cc_buf *cell)
{
    while (at < end && (at[0] != '"' || (at + 1 < end && at[1] == '"'))) {
        cc_buf_add(cell, at, 1);
        at += at[0] == '"' ? 2 : 1;
    }
    return at < end ? at + 1 : NULL;
}

static bool begins_comment(const char *from, const char *at)
{
    const size_t len = (size_t)(at - from);
    const char *blanks = BLANKS;

    return len == 0 || strchr(blanks, at[-1]) != NULL ||
           (len == 12 && isdigit((unsigned char)*from));
}

/* Up to the comma, the comment or the end. NULL when it contains '#'. */
static const char *bare(const char *at, const char *end, struct cc_buf *cell)
{
    const char *from = at;

    while (at < end && *at != ',') {
        if (*at == '#') {
            return begins_comment(from, at) ? at : NULL;
        }
        cc_buf_add(cell, at, 1);
        at++;
    }
    return at;
}

static const char *after_blanks(const char *at, const char *end)
{
    while (at < end && *at && strchr(BLANKS, *at)) {
        at++;
    }
    return at;
}

/* The end of the cell: a comma, a comment or the end of the line. NULL, with the reason, when it
 * is invalid. */
static const char *one_cell(const char *at, const char *end, struct cc_buf *cell, const char **why)
{
    at = after_blanks(at, end);
    if (at == end || *at != '"') {
        at = bare(at, end, cell);
        *why = "a column contains '#'";
        return at;
    }
    at = quoted(at + 1, end, cell);
    if (!at) {
        *why = "a quote is not closed; a column cannot contain a line break";
        return NULL;
    }
    at = after_blanks(at, end);
    *why = "a quoted column is followed by other text";
    return at == end || *at == ',' || *at == '#' ? at : NULL;
}

bool cc_line_cut(struct cc_arena *mem, const char *text, size_t len, struct cc_line *line,
                 const char **why)
{
    const char *end = text + len;
    bool more = true;

    *line = (struct cc_line){0};
    for (size_t i = 0; more; i++) {
        struct cc_buf cell = cc_buf_new(mem, len + 1);

        text = one_cell(text, end, &cell, why);
        if (!text) {
            return false;
        }
        const char *value = cc_text_trim(mem, cell.text);
        if (value[0] && i >= CC_CELLS_MAX) {
            *why = cc_textf(mem, "it has more than %d columns", CC_CELLS_MAX);
            return false;
        }
        if (i < CC_CELLS_MAX) {
            line->cells[i] = value;
        }
        line->count = value[0] ? i + 1 : line->count;
        more = text < end && *text == ',';
        text += more;
    }
    return true;
}

struct cc_columns cc_columns_usual(void)
{
    static const char *const names[] = {"account_id", "role_name", "external_id"};
    struct cc_columns columns = {.count = CC_COUNT(names)};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        columns.fields[i] = cc_target_field(names[i]);
    }
    return columns;
}

/* An account or an ARN: of a target, not of a column. */
static bool names_target(const char *cell)
{
    return cc_account_valid(cell) || cc_text_starts(cell, "arn:");
}

bool cc_line_names_columns(const struct cc_line *line)
{
    bool any = false;

    for (size_t i = 0; i < line->count; i++) {
        if (names_target(line->cells[i])) {
            return false;
        }
        any = any || cc_target_field(line->cells[i]);
    }
    return any;
}

static bool named_before(const struct cc_columns *columns, const struct cc_shape_field *field)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->fields[i] == field) {
            return true;
        }
    }
    return false;
}

bool cc_line_columns(struct cc_arena *mem, const struct cc_line *line, struct cc_columns *columns,
                     const char **why)
{
    struct cc_columns read = {.named = true};

    for (size_t i = 0; i < line->count; i++) {
        const char *cell = line->cells[i];
        const struct cc_shape_field *field = cell[0] ? cc_target_field(cell) : NULL;

        if (cell[0] && !field) {
            *why = cc_textf(mem, "it has a column \"%.60s\", and the known ones are %s", cell,
                            cc_target_fields(mem));
            return false;
        }
        if (field && named_before(&read, field)) {
            *why = cc_textf(mem, "it names the column %s twice", field->name);
            return false;
        }
        read.fields[read.count++] = field;
    }
    *columns = read;
    return true;
}

/* The pieces between separators; blanks around them are left out, and so are empty ones. */
static const char *const *pieces(struct cc_arena *mem, const char *text, const char *separators)
{
    const char **all = cc_alloc(mem, (strlen(text) / 2 + 2) * sizeof(*all));
    size_t count = 0;

    for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
        const size_t len = strcspn(text, separators);
        const char *piece = cc_text_trim(mem, cc_text_dup(mem, text, len));

        if (piece[0]) {
            all[count++] = piece;
        }
        text += len;
    }
    return (const char *const *)all;
}

static bool put(struct cc_arena *mem, const struct cc_shape_member *member, const char *cell,
                const char **why)
{
    const struct cc_shape_field *field = member->field;
    char *at = (char *)member->whole + field->at;
    const char *const *texts = NULL;
    int64_t number = 0;

    switch (field->kind) {
    case CC_KIND_NUMBER:
        if (!cc_text_number(cell, field->least, field->most, &number)) {
            *why = cc_textf(mem, "its %s is not a whole number above 0", field->name);
            return false;
        }
        memcpy(at, &number, sizeof(number));
        return true;
    case CC_KIND_PAIRS:
    case CC_KIND_TEXTS:
        texts = pieces(mem, cell, field->kind == CC_KIND_PAIRS ? ";" : "; \t");
        memcpy(at, &texts, sizeof(texts));
        return true;
    default: memcpy(at, &cell, sizeof(cell)); return true;
    }
}

/* "" when the line does not have the column. */
static const char *cell_of(const struct cc_line *line, const struct cc_columns *columns,
                           const struct cc_shape_field *field)
{
    for (size_t i = 0; i < columns->count && i < line->count; i++) {
        if (columns->fields[i] == field) {
            return line->cells[i];
        }
    }
    return "";
}

static bool all_known(const struct cc_line *line, const struct cc_columns *columns)
{
    for (size_t i = 0; i < line->count; i++) {
        if (line->cells[i][0] && (i >= columns->count || !columns->fields[i])) {
            return false;
        }
    }
    return true;
}

bool cc_line_row(struct cc_arena *mem, const struct cc_line *line, const struct cc_columns *columns,
                 struct cc_target_row *row, const char **why)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_target_row_shape, row);
    struct cc_shape_member member;
    const char *wrong = NULL;

    *row = (struct cc_target_row){0};
    while (cc_shape_next(&walk, &member)) {
        const char *cell = cell_of(line, columns, member.field);

        if (cell[0]) {
            (void)put(mem, &member, cell, &wrong);
        }
    }
    if (!all_known(line, columns)) {
        wrong = columns->named ? "it has more columns than the first line names"
                               : "it has more than three columns; a column with a comma must be in "
                                 "quotes";
    }
    *why = wrong;
    return !wrong;
}
