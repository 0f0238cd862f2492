#ifndef ACCESS_JOURNAL_H
#define ACCESS_JOURNAL_H

/*
 * The journal of test-access, in JSON lines: a first line, then each result as --output jsonl
 * prints it, last that all targets have ended. A killed process can leave an incomplete last line,
 * which is left out.
 */

#include "credctl/access/access.h"

#define CC_ACCESS_JOURNAL_MAX ((size_t)256 << 20)

struct cc_access_done {
    const char *target;
    const char *role_arn; /* or NULL */
    size_t line;
    const struct cc_access_result *result; /* NULL: forgotten */
};

struct cc_access_journal {
    const char *path;            /* NULL: there is none */
    struct cc_access_done *rows; /* of earlier runs; sorted */
    size_t count;
    bool broken; /* a line could not be written */
};

/* Reads results of earlier runs (with `resume`), and starts the file again with them. `shard` is
 * NULL for a whole list. */
CC_MUST_USE bool cc_access_journal_begin(struct cc_run *run,
                                         const struct cc_access_options *options, const char *shard,
                                         struct cc_access_journal *journal, struct cc_error *err);
/* The result of an earlier run; NULL: none. */
const struct cc_access_result *cc_access_journal_find(const struct cc_access_journal *journal,
                                                      const char *target, const char *role_arn);
void cc_access_journal_forget(const struct cc_access_journal *journal, const char *target,
                              const char *role_arn);
/* `line` with its newline. An error is logged once. */
void cc_access_journal_note(struct cc_run *run, struct cc_access_journal *journal,
                            const char *line);
void cc_access_journal_end(struct cc_run *run, struct cc_access_journal *journal);

/* Pure: the results in a text. False: it is not a journal. */
struct cc_access_lines {
    const char *shard; /* NULL: a whole list */
    bool complete;
    const struct cc_access_result **results;
    size_t count;
};
bool cc_access_journal_parse(struct cc_arena *mem, const char *text, size_t len,
                             struct cc_access_lines *lines);

#endif
