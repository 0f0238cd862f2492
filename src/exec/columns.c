#include "columns.h"

#include "credctl/aws/arn.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <ctype.h>
#include <string.h>

#define BLANKS " \t\r\v\f"

const struct cc_column_order cc_column_order_usual = {
    .which = {CC_COLUMN_TARGET, CC_COLUMN_ROLE, CC_COLUMN_EXTERNAL_ID}, .count = CC_COLUMNS};

/* Names in a first line; letters and digits count, whatever their case. */
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

/* A column between quotes, from behind the first. NULL when they are not closed. */
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

/* Up to the comma, the comment or the end. NULL when a '#' stands within it. */
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

/* Where the column ends: at a comma, a comment or the end. NULL, and says why, when it does not. */
static const char *one_column(const char *at, const char *end, struct cc_buf *column,
                              const char **why)
{
    at = after_blanks(at, end);
    if (at == end || *at != '"') {
        at = bare(at, end, column);
        *why = "a '#' stands within a column";
        return at;
    }
    at = quoted(at + 1, end, column);
    if (!at) {
        *why = "a quote is not closed";
        return NULL;
    }
    at = after_blanks(at, end);
    *why = "something stands behind a quoted column";
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
            *why = "it has more than three columns; one that holds a comma is written in quotes";
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

/* In small letters, without what may stand between words. False when it is longer than any name. */
static bool squeeze(const char *text, char *word, size_t room)
{
    size_t len = 0;

    for (; *text; text++) {
        if (strchr(BLANKS "_-", *text)) {
            continue;
        }
        if (len + 1 == room) {
            return false;
        }
        word[len++] = (char)tolower((unsigned char)*text);
    }
    word[len] = '\0';
    return true;
}

/* NULL when there is no such column. */
static const enum cc_column *named(const char *text)
{
    char word[16];
    const bool short_enough = squeeze(text, word, sizeof(word));

    for (size_t i = 0; short_enough && i < CC_COUNT(names); i++) {
        if (cc_text_equal(word, names[i].name)) {
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
