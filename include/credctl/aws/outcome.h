#ifndef CREDCTL_AWS_OUTCOME_H
#define CREDCTL_AWS_OUTCOME_H

/* What the end of an ask means, for callers who can continue without the answer. */

#include "credctl/aws/operation.h"

enum cc_ask_outcome {
    CC_OUT_DENIED,      /* the caller lacks a permission */
    CC_OUT_OFF,         /* the service is not enabled in this account and region */
    CC_OUT_NOT_OFFERED, /* it does not exist in this region */
    CC_OUT_THROTTLED,   /* also after the retries */
    CC_OUT_NETWORK,     /* nothing answered */
    CC_OUT_DEADLINE,    /* the time limit of the run has passed */
    CC_OUT_OTHER,
};

/* "denied", "not_enabled", "not_offered", "throttled", "network", "deadline", "other"; ends with
 * NULL. */
extern const char *const cc_ask_outcome_words[];

struct cc_ask_failure {
    enum cc_ask_outcome outcome;
    const char *action;   /* denied: what a policy must allow; NULL for other outcomes */
    const char *resource; /* denied: on this ARN, when AWS says so; or NULL */
};

/*
 * Of an ask that failed with `err`. A denial is one that the service itself names in its error
 * code; it counts as "not enabled" only where the service says in words that it is not. Texts are
 * in `run`.
 */
struct cc_ask_failure cc_ask_failed(struct cc_run *run, const struct cc_ask *ask,
                                    const struct cc_answer *answer, const struct cc_error *err);

/* The caller lacks the permission ... */
bool cc_answer_denied(const struct cc_answer *answer);
/* ... or what was asked about does not exist. */
bool cc_answer_none(const struct cc_answer *answer);

#endif
