#ifndef EXEC_COLUMNS_H
#define EXEC_COLUMNS_H

#include "credctl/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * One line of a list of targets, cut into columns as spreadsheets write them (RFC 4180): a column
 * in double quotes may hold commas, and a quote written twice. '#' begins a comment at the
 * beginning of a column, behind a blank and behind an account. Pure.
 */

enum cc_column { CC_COLUMN_TARGET, CC_COLUMN_ROLE, CC_COLUMN_EXTERNAL_ID, CC_COLUMNS };

/* What the columns of a list hold, in the order in which its lines have them. */
struct cc_column_order {
    enum cc_column which[CC_COLUMNS];
    size_t count;
};

/* As it is where no first line names the columns. */
extern const struct cc_column_order cc_column_order_usual;

/* By place; "" where nothing is. */
struct cc_line {
    const char *columns[CC_COLUMNS];
    bool blank; /* nothing but commas and a comment */
};

/* False, and says why, when it cannot be cut or has more columns. */
CC_MUST_USE bool cc_line_cut(struct cc_arena *mem, const char *text, size_t len,
                             struct cc_line *line, const char **why);

/* Is this a line that names the columns? */
bool cc_line_names_columns(const struct cc_line *line);
/* Takes their order from it. False, and says why, when one is not known or is named twice. */
CC_MUST_USE bool cc_line_order(const struct cc_line *line, struct cc_column_order *order,
                               const char **why);

#endif
