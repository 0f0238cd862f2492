#ifndef CREDCTL_BASE_LOG_H
#define CREDCTL_BASE_LOG_H

/*
 * One event is one line: a dotted name, then keys with text or numbers. There is no format string
 * and no row that takes a secret.
 */

#include "credctl/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cc_level { CC_ERROR, CC_WARN, CC_INFO, CC_DEBUG };

struct cc_row {
    const char *key; /* a row without a key ends the list */
    const char *text;
    int64_t number;
};

/* A function, so that literals need no check for NULL at each call. */
static inline const char *cc_row_text(const char *text)
{
    return text ? text : "";
}

#define CC_S(key, text)   ((struct cc_row){key, cc_row_text(text), 0})
#define CC_N(key, number) ((struct cc_row){key, NULL, number})

/* `at` is Unix seconds. The line ends with a newline and holds no control character. */
const char *cc_log_line(struct cc_arena *mem, bool json, int64_t at, enum cc_level level,
                        const char *event, const struct cc_row *rows);

const char *cc_level_name(enum cc_level level);

#endif
