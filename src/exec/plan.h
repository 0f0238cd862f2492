#ifndef EXEC_PLAN_H
#define EXEC_PLAN_H

#include "credctl/exec/exec.h"

#include "targets.h"

/*
 * From one command line to that of each target's `session exec`. Options of hops that stand before
 * any --role-arn describe the target's role; from the first --role-arn on they describe that one.
 */

struct cc_exec_plan {
    const struct cc_exec_options *options;
    const char *const *words; /* the command */
    struct cc_targets targets;
};

/* Reads --targets and the options; may ask AWS Organizations. */
CC_MUST_USE bool cc_exec_plan_make(struct cc_run *run, const struct cc_exec_options *options,
                                   struct cc_exec_plan *plan, struct cc_error *err);

/* The argv and environment of target i. */
const char *const *cc_exec_plan_argv(struct cc_arena *mem, const struct cc_exec_plan *plan,
                                     size_t i);
const char *const *cc_exec_plan_env(struct cc_run *run, const struct cc_exec_plan *plan, size_t i);

#endif
