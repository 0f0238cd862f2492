#ifndef EXEC_JOURNAL_H
#define EXEC_JOURNAL_H

#include "credctl/base/arena.h"
#include "credctl/base/buf.h"
#include "credctl/base/error.h"
#include "credctl/exec/exec.h"

#include <stdint.h>

/*
 * The journal, in JSON lines: first the command, then each target that has ended, last that all
 * have ended. A killed process can leave an incomplete last line, which is ignored. The parser is
 * pure.
 */

#define CC_JOURNAL_MAX ((size_t)48 << 20)

struct cc_journal_row {
    const char *role_arn;
    const char *external_id; /* the external ID in the target's row; NULL: none */
    const char *name;        /* the name in the target's row; NULL: none */
    const char *label;
    enum cc_target_outcome outcome;
    const char *code; /* of an error before the command started; or NULL */
    int status;
    int attempts;
    double seconds;
    int64_t ended; /* Unix seconds */
    size_t place;  /* in the file */
};

struct cc_journal {
    const char *command; /* fingerprint of the command; NULL: not a journal */
    const char *shard;   /* "I/N"; NULL: all targets of the list */
    struct cc_journal_row
        *rows; /* sorted by role_arn, external_id and name; the last row of each */
    size_t count;
    bool complete;
    size_t ignored; /* number of invalid lines */
};

void cc_journal_parse(struct cc_arena *mem, const char *text, size_t len,
                      struct cc_journal *journal);
/* NULL when the journal has none. */
const struct cc_journal_row *cc_journal_row(const struct cc_journal *journal, const char *role_arn,
                                            const char *external_id, const char *name);

/* Each is one line with its newline. */
const char *cc_journal_begin_line(struct cc_arena *mem, const char *command, const char *shard);
const char *cc_journal_row_line(struct cc_arena *mem, const struct cc_journal_row *row);
const char *cc_journal_end_line(struct cc_arena *mem);

/* Distinguishes command lines without showing them. */
const char *cc_journal_fingerprint(struct cc_arena *mem, const char *const *words);

#endif
