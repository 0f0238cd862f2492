#ifndef CREDCTL_EXEC_EXEC_H
#define CREDCTL_EXEC_EXEC_H

/* `session exec`: a command with credentials that stay fresh, once or for each of many targets. */

#include "credctl/aws/expect.h"
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

/* What became of one target. */
enum cc_target_outcome {
    CC_TARGET_OK,
    CC_TARGET_FAILED,      /* its command ended with another status than 0 */
    CC_TARGET_TIMEOUT,     /* it took longer than --timeout */
    CC_TARGET_ERROR,       /* its command was not started */
    CC_TARGET_DONE_BEFORE, /* by an earlier run, as the journal says */
    CC_TARGET_NOT_RUN,
};

extern const char *const cc_target_outcomes[]; /* ends with NULL */

struct cc_target_result {
    const char *target;
    const char *account;
    const char *role_arn;
    enum cc_target_outcome outcome;
    const char *code; /* of the error that kept it from starting; or NULL */
    struct cc_maybe_number status;
    int attempts;
    struct cc_maybe_real seconds;
};

/* Also what the run's sink is handed as each target ends. */
extern const struct cc_shape cc_target_result_shape;

struct cc_exec_answer {
    const struct cc_target_result *targets; /* NULL: the answer was told in another way */
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
 * For one identity, and for many targets. Both set run->exit_status; when a command, or this one,
 * died by a signal, this process will too (cc_die_of). `answer` is filled when --output asks for
 * the whole of it: not for text, and not where a sink takes the results one by one.
 */
CC_MUST_USE bool cc_exec_one(struct cc_run *run, const struct cc_exec_options *options,
                             struct cc_error *err);
CC_MUST_USE bool cc_exec_many(struct cc_run *run, const struct cc_exec_options *options,
                              struct cc_exec_answer *answer, struct cc_error *err);

/* Fails inside another `session exec`, unless --nested. */
CC_MUST_USE bool cc_exec_not_nested(struct cc_run *run, const struct cc_exec_options *options,
                                    struct cc_error *err);

#endif
