#ifndef CREDCTL_EXEC_EXEC_H
#define CREDCTL_EXEC_EXEC_H

/* `session exec`: a command with fresh credentials, once or for each of many targets. */

#include "credctl/aws/expect.h"
#include "credctl/aws/org_choice.h"
#include "credctl/cache/resolve.h"

struct cc_exec_options {
    struct cc_chain_options chain; /* with targets: the credentials that assume their roles */
    struct cc_assume target;       /* the parameters of the roles of the targets, except the ARN */
    const char *const *words;      /* the command; ends with NULL */
    bool env;                      /* keys in variables instead of an endpoint */
    const char *set_region;        /* or NULL: the region of the settings */
    bool nested;
    struct cc_expect expect;
    const char *targets; /* a file, "-", or "org"; NULL: no targets */
    struct cc_org_choice org;
    const char *shard;      /* as for cc_shard_read; or NULL */
    const char *role_name;  /* the role in each target account; or NULL */
    int parallel;           /* 1 to 256 */
    const char *output_dir; /* or NULL */
    const char *journal;    /* or NULL: credctl-exec.journal */
    bool resume;
    bool fail_fast;
    int64_t
        timeout_ms; /* the limit for the credentials of each target, and for its command; 0: none */
};

/* The result of one target. */
enum cc_target_outcome {
    CC_TARGET_OK,
    CC_TARGET_FAILED,      /* the status of its command was not 0 */
    CC_TARGET_TIMEOUT,     /* it took longer than --timeout */
    CC_TARGET_ERROR,       /* its command was not started */
    CC_TARGET_DONE_BEFORE, /* by an earlier run, according to the journal */
    CC_TARGET_NOT_RUN,
};

extern const char *const cc_target_outcomes[]; /* ends with NULL */

struct cc_target_result {
    const char *target;
    const char *account;
    const char *role_arn;
    enum cc_target_outcome outcome;
    const char *code; /* the code of the error that prevented its start; or NULL */
    struct cc_maybe_number status;
    int attempts;
    struct cc_maybe_real seconds;
};

/* Also passed to the sink of the run when each target ends. */
extern const struct cc_shape cc_target_result_shape;

struct cc_exec_answer {
    const struct cc_target_result *targets; /* NULL: the answer was shown in another way */
    size_t target_count;
    int64_t total;
    int64_t ok;
    int64_t failed;
    int64_t done_before;
    int64_t not_run;
    const char *journal;
};

extern const struct cc_shape cc_exec_answer_shape;

/*
 * For one identity, and for many targets. Both set run->exit_status; after the end by a signal,
 * this process ends by the same signal (cc_die_of). `answer` is filled when --output needs all of
 * it: not for text, and not when a sink takes the results one by one.
 */
CC_MUST_USE bool cc_exec_one(struct cc_run *run, const struct cc_exec_options *options,
                             struct cc_error *err);
CC_MUST_USE bool cc_exec_many(struct cc_run *run, const struct cc_exec_options *options,
                              struct cc_exec_answer *answer, struct cc_error *err);

/* Fails inside another `session exec`, unless --nested. */
CC_MUST_USE bool cc_exec_not_nested(struct cc_run *run, const struct cc_exec_options *options,
                                    struct cc_error *err);

#endif
