#ifndef EXEC_TARGETS_H
#define EXEC_TARGETS_H

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

/*
 * A list of targets: one a line, an account (12 digits) or a role's ARN, then optionally, separated
 * by commas, a role's name and an external ID. '#' begins a comment; a first line that names its
 * columns is passed over. Pure.
 */

#define CC_TARGETS_MAX       10000
#define CC_TARGETS_MAX_BYTES ((size_t)4 << 20)

struct cc_target {
    const char *account;
    const char *role_arn;
    const char *external_id; /* NULL: that of the command line */
    const char *label;       /* the account; with the role's name when it occurs more than once */
};

struct cc_targets {
    struct cc_target *rows;
    size_t count;
    size_t repeated; /* lines left out because an earlier one says the same */
};

/* What a line leaves open. */
struct cc_target_defaults {
    const char *partition;
    const char *role_name; /* may hold a path; NULL: each line must name one */
};

/* Fails with CC_E_USAGE and names the line. */
CC_MUST_USE bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                                  const struct cc_target_defaults *defaults,
                                  struct cc_targets *targets, struct cc_error *err);

#endif
