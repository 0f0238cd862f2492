#include "columns.h"

#include "credctl/aws/arn.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\v\f"

const struct cc_column_order cc_column_order_usual = {
    .which = {CC_COLUMN_TARGET, CC_COLUMN_ROLE, CC_COLUMN_EXTERNAL_ID}, .count = CC_COLUMNS};

/* Column names in a first line; only letters and digits are compared, without regard to case. */
static const struct {
    const char *name;
    enum cc_column column;
} names[] = {
    {"account", CC_COLUMN_TARGET},
    {"accounts", CC_COLUMN_TARGET},
    {"accountid", CC_COLUMN_TARGET},
    {"target", CC_COLUMN_TARGET},
    {"role", CC_COLUMN_ROLE},
    {"rolename", CC_COLUMN_ROLE},
    {"rolearn", CC_COLUMN_ROLE},
    {"arn", CC_COLUMN_ROLE},
    {"externalid", CC_COLUMN_EXTERNAL_ID},
};

/* A quoted column, after its first quote. NULL when it is not closed. */
static const char *quoted(const char *at, const char *end, struct cc_buf *column)
{
    while (at < end && (at[0] != '"' || (at + 1 < end && at[1] == '"'))) {
        cc_buf_add(column, at, 1);
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
static const char *bare(const char *at, const char *end, struct cc_buf *column)
{
    const char *from = at;

    while (at < end && *at != ',') {
        if (*at == '#') {
            return begins_comment(from, at) ? at : NULL;
        }
        cc_buf_add(column, at, 1);
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

/* The end of the column: a comma, a comment or the end of the line. NULL, with the reason, when it
 * is invalid. */
static const char *one_column(const char *at, const char *end, struct cc_buf *column,
                              const char **why)
{
    at = after_blanks(at, end);
    if (at == end || *at != '"') {
        at = bare(at, end, column);
        *why = "a column contains '#'";
        return at;
    }
    at = quoted(at + 1, end, column);
    if (!at) {
        *why = "a quote is not closed";
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
    size_t count = 0;
    bool more = true;

    *line = (struct cc_line){.columns = {"", "", ""}, .blank = true};
    while (more) {
        struct cc_buf column = cc_buf_new(mem, len + 1);

        text = one_column(text, end, &column, why);
        if (!text) {
            return false;
        }
        const char *value = cc_text_trim(mem, column.text);
        if (value[0] && count >= CC_COLUMNS) {
            *why = "it has more than three columns; a column with a comma must be in quotes";
            return false;
        }
        if (count < CC_COLUMNS) {
            line->columns[count] = value;
        }
        count++;
        more = text < end && *text == ',';
        line->blank = line->blank && !value[0];
        text += more;
    }
    return true;
}

/* "Role-Name" is a "rolename". */
static bool is_called(const char *text, const char *name)
{
    for (; *text; text++) {
        if (strchr(BLANKS "_-", *text)) {
            continue;
        }
        if (strncasecmp(text, name, 1) != 0) {
            return false;
        }
        name++;
    }
    return *name == '\0';
}

/* NULL when there is no such column. */
static const enum cc_column *named(const char *text)
{
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        if (is_called(text, names[i].name)) {
            return &names[i].column;
        }
    }
    return NULL;
}

bool cc_line_names_columns(const struct cc_line *line)
{
    const char *first = line->columns[0];
    bool any = false;

    for (size_t i = 0; i < CC_COLUMNS; i++) {
        any = any || named(line->columns[i]);
    }
    return any && !cc_account_valid(first) && !cc_text_starts(first, "arn:");
}

bool cc_line_order(const struct cc_line *line, struct cc_column_order *order, const char **why)
{
    bool seen[CC_COLUMNS] = {false};

    *order = (struct cc_column_order){0};
    for (size_t i = 0; i < CC_COLUMNS && line->columns[i][0]; i++) {
        const enum cc_column *column = named(line->columns[i]);

        if (!column || seen[*column]) {
            *why = "its columns are not account, role_name (or role_arn) and external_id";
            return false;
        }
        seen[*column] = true;
        order->which[order->count++] = *column;
    }
    return true;
}
