#ifndef EXEC_TARGETS_H
#define EXEC_TARGETS_H

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

/*
 * A list of targets: one a line, an account (12 digits) or a role's ARN, then optionally a role's
 * name and an external ID (columns.h). A byte order mark is passed over; a first line that names
 * its columns says in which order they stand. Pure.
 */

#define CC_TARGETS_MAX       100000
#define CC_TARGETS_MAX_BYTES ((size_t)16 << 20)

struct cc_target {
    const char *account;
    const char *role_arn;
    const char *external_id; /* NULL: that of the command line */
    /* The account; with the role's name, and a number where that is not enough, when it occurs more
     * than once. No two are the same. */
    const char *label;
};

struct cc_targets {
    struct cc_target *rows;
    size_t count;
    size_t repeated; /* lines left out because an earlier one says the same */
};

/* What a line leaves open. */
struct cc_target_defaults {
    const char *partition;
    const char *role_name;   /* may hold a path; NULL: each line must name one */
    const char *external_id; /* or NULL */
    const char *from;        /* what the list is called in messages; NULL: "the list of targets" */
};

/* Fails with CC_E_USAGE and names the place, with CC_E_TOO_BIG when there are more than
 * CC_TARGETS_MAX. */
CC_MUST_USE bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                                  const struct cc_target_defaults *defaults,
                                  struct cc_targets *targets, struct cc_error *err);

#endif
