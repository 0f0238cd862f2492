#ifndef CREDCTL_TARGETS_TARGETS_H
#define CREDCTL_TARGETS_TARGETS_H

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

/*
 * A list of targets: one per line, an account (12 digits) or a role ARN, then optionally a role
 * name and an external ID (columns.h). A byte order mark is ignored; a first line with column names
 * sets their order. Pure.
 */

#define CC_TARGETS_MAX       100000
#define CC_TARGETS_MAX_BYTES ((size_t)16 << 20)

struct cc_target {
    const char *account;
    const char *role_arn;
    const char *external_id; /* NULL: that of the command line */
    /* The account; when it occurs more than once, with the role name, and with a number where that
     * is not enough. All labels are different. */
    const char *label;
};

struct cc_targets {
    struct cc_target *rows;
    size_t count;
    size_t repeated; /* lines left out because an earlier one says the same */
};

/* Values for what a line does not set. */
struct cc_target_defaults {
    const char *partition;
    const char *role_name;   /* can have a path; NULL: each line must have one */
    const char *external_id; /* or NULL */
    const char *from;        /* the name of the list in messages; NULL: "the list of targets" */
};

/*
 * Fails with CC_E_USAGE and the line, or with CC_E_TOO_BIG when there are more than CC_TARGETS_MAX.
 */
CC_MUST_USE bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                                  const struct cc_target_defaults *defaults,
                                  struct cc_targets *targets, struct cc_error *err);

#endif
