#ifndef TARGETS_COLUMNS_H
#define TARGETS_COLUMNS_H

#include "credctl/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * One line of a list of targets, split into columns as spreadsheets write them (RFC 4180): a column
 * in double quotes can contain commas, and quotes that are doubled. '#' starts a comment at the
 * start of a column, after a blank and after an account. Pure.
 */

enum cc_column { CC_COLUMN_TARGET, CC_COLUMN_ROLE, CC_COLUMN_EXTERNAL_ID, CC_COLUMNS };

/* The columns of a list, in the order of its lines. */
struct cc_column_order {
    enum cc_column which[CC_COLUMNS];
    size_t count;
};

/* The order without a first line with column names. */
extern const struct cc_column_order cc_column_order_usual;

/* By column; "" for an empty one. */
struct cc_line {
    const char *columns[CC_COLUMNS];
    bool blank; /* only commas and a comment */
};

/* False, with the reason, when it cannot be split or has more columns. */
CC_MUST_USE bool cc_line_cut(struct cc_arena *mem, const char *text, size_t len,
                             struct cc_line *line, const char **why);

/* True for a line with column names. */
bool cc_line_names_columns(const struct cc_line *line);
/* Reads the order of the columns. False, with the reason, when one is unknown or repeated. */
CC_MUST_USE bool cc_line_order(const struct cc_line *line, struct cc_column_order *order,
                               const char **why);

#endif
