#ifndef CREDCTL_EXEC_EXEC_H
#define CREDCTL_EXEC_EXEC_H

/* `session exec`: a command with credentials that stay fresh, once or for each of many targets. */

#include "credctl/aws/expect.h"
#include "credctl/base/json.h"
#include "credctl/cache/resolve.h"

struct cc_exec_options {
    struct cc_chain_options chain; /* for targets: whose credentials assume the targets' roles */
    struct cc_assume target;       /* what describes each target's role, but for its ARN */
    const char *const *words;      /* the command; ends with NULL */
    bool env;                      /* plain variables instead of an endpoint */
    const char *set_region;        /* or NULL: that of the settings */
    bool nested;
    struct cc_expect expect;
    const char *targets;    /* a file, "-", or "org"; NULL: no targets */
    const char *role_name;  /* the role in each target account; or NULL */
    int parallel;           /* 1 to 256 */
    const char *output_dir; /* or NULL */
    const char *journal;    /* or NULL: credctl-exec.journal */
    bool resume;
    bool fail_fast;
    int64_t timeout_ms; /* for each target's credentials, and for its command; 0: none */
};

/*
 * For one identity, and for many targets. Both set run->exit_status; when a command, or this one,
 * died by a signal, this process will too (cc_die_of). `result` is filled for the structured forms
 * of --output only.
 */
CC_MUST_USE bool cc_exec_one(struct cc_run *run, const struct cc_exec_options *options,
                             struct cc_error *err);
CC_MUST_USE bool cc_exec_many(struct cc_run *run, const struct cc_exec_options *options,
                              cJSON *result, struct cc_error *err);

/* Fails inside another `session exec`, unless --nested. */
CC_MUST_USE bool cc_exec_not_nested(struct cc_run *run, const struct cc_exec_options *options,
                                    struct cc_error *err);

#endif
