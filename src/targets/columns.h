#ifndef TARGETS_COLUMNS_H
#define TARGETS_COLUMNS_H

/*
 * One line of a list of targets, split into cells as spreadsheets write them (RFC 4180): a cell in
 * double quotes can contain commas, and quotes that are doubled, but no line break. '#' starts a
 * comment at the start of a cell, after a blank and after an account. Pure.
 */

#include "row.h"

#define CC_CELLS_MAX 32

struct cc_line {
    const char *cells[CC_CELLS_MAX]; /* "" for an empty one */
    size_t count;                    /* up to the last one that is not empty; 0: a blank line */
};

/* False, with the reason, when it cannot be split. */
CC_MUST_USE bool cc_line_cut(struct cc_arena *mem, const char *text, size_t len,
                             struct cc_line *line, const char **why);

/* The columns of a list. */
struct cc_columns {
    const struct cc_shape_field *fields[CC_CELLS_MAX]; /* NULL: a column without a name */
    size_t count;
    bool named; /* by a first line */
};

/* Without a first line with column names. */
struct cc_columns cc_columns_usual(void);
/* True for a line with column names. */
bool cc_line_names_columns(const struct cc_line *line);
/* Reads them. False, with the reason, when one is not known or occurs twice. */
CC_MUST_USE bool cc_line_columns(struct cc_arena *mem, const struct cc_line *line,
                                 struct cc_columns *columns, const char **why);

/* Puts the cells into a row. False, with the reason, when a cell does not fit its column. */
CC_MUST_USE bool cc_line_row(struct cc_arena *mem, const struct cc_line *line,
                             const struct cc_columns *columns, struct cc_target_row *row,
                             const char **why);

#endif
