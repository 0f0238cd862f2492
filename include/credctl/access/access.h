#ifndef CREDCTL_ACCESS_ACCESS_H
#define CREDCTL_ACCESS_ACCESS_H

/* `test-access`: assumes roles, and says of each denial which side has to change what. */

#include "credctl/access/cause.h"
#include "credctl/aws/org_choice.h"
#include "credctl/cache/resolve.h"

struct cc_access_options {
    struct cc_chain_options chain; /* the caller; its time limit is for everything */
    const char *const *role_arns;  /* each is a target; ends with NULL; or NULL */
    const char *targets;           /* a file, or "-"; or NULL */
    bool organization;             /* the accounts of the organization */
    struct cc_org_choice accounts; /* which of them */
    const char *role_name;         /* the role in accounts without one; or NULL */
    bool discover;                 /* only list the roles that the caller could assume */
    struct cc_assume target;       /* for targets without values of their own */
    const char *const *actions;    /* to be checked with each role; or NULL */
    bool check_external_id;
    bool verify;    /* ask GetCallerIdentity with the credentials of every role ... */
    bool no_verify; /* ... or of none */
    int concurrency;
    int64_t target_timeout_ms;
    const char *journal; /* or NULL */
    bool resume;
    const char *shard; /* or NULL */
};

enum cc_access_outcome { CC_ACCESS_ALLOWED, CC_ACCESS_DENIED, CC_ACCESS_ERROR, CC_ACCESS_NOT_RUN };
extern const char *const cc_access_outcomes[]; /* ends with NULL */

struct cc_access_caller {
    const char *account_id;
    const char *arn;
    const char *user_id;
};

struct cc_access_action {
    const char *action;
    const char *decision; /* "allowed", "denied", "unknown" */
};

/* In `why`, before the message of AWS, which is the rest of it. */
#define CC_AWS_SAID ". AWS: "

/* The result of one target. Names that are words may be NULL. */
struct cc_access_result {
    const char *target;
    const char *account_id;
    const char *role_arn;
    enum cc_access_outcome outcome;
    const struct cc_access_caller *caller;
    const char *assumed_role_arn;
    int64_t expires;
    struct cc_maybe_flag verified;
    const char *cause;
    const char *side;
    const char *certainty;
    const char *const *candidates; /* ends with NULL */
    const char *why;
    const char *fix;
    const struct cJSON *statement;
    const char *attach_to;
    const char *policy_kind;
    const char *change;
    const char *replaces;
    const char *external_id_check;
    const struct cc_access_action *actions;
    size_t action_count;
    int attempts;
    double seconds;
    const struct cc_error *error;
    /* What it has in common with other targets; NULL: nothing, or the run has not ended. Not told.
     */
    const struct cc_access_shared *shared;
};

/* Also passed to the sink of the run when each target ends. */
extern const struct cc_shape cc_access_result_shape;

/* A cause and a remedy that several targets have in common. In fix and attach_to, <role> and
 * <account> stand for those of each target. */
struct cc_access_shared {
    enum cc_access_outcome outcome;
    const char *cause;
    const char *side;
    const char *certainty;
    int64_t count;
    const char *const *targets; /* their names; ends with NULL */
    const char *why;            /* of the first of them */
    const char *fix;
    const struct cJSON *statement; /* one for all of them; or NULL */
    const char *attach_to;
    const char *policy_kind;
    const char *change;
    const char *replaces;
};

/* A role that the caller's policies allow it to assume. */
struct cc_access_found {
    const char *role_arn;
    const char *account_id;
    const char *by; /* the statement that allows it */
};

extern const struct cc_shape cc_access_found_shape;

struct cc_access_answer {
    const struct cc_access_caller *caller;
    int64_t started;
    double seconds;
    const struct cc_access_result *targets; /* none when a sink took them */
    size_t target_count;
    int64_t total;
    int64_t allowed;
    int64_t denied;
    int64_t errors;
    int64_t not_run;
    const struct cc_access_shared *shared;
    size_t shared_count;
    const struct cc_access_found *discovered; /* with --discover */
    size_t discovered_count;
    const char *const *not_expanded; /* patterns of policies, each with the reason; or NULL */
};

extern const struct cc_shape cc_access_answer_shape;

/* Only lists what could be targets. Also gives them to the sink. */
CC_MUST_USE bool cc_access_discover(struct cc_run *run, const struct cc_access_options *options,
                                    struct cc_access_answer *answer, struct cc_error *err);

/* Makes the results those of the answer, and finds what they have in common: the most frequent
 * first. */
void cc_access_share(struct cc_arena *mem, struct cc_access_result *results, size_t count,
                     struct cc_access_answer *answer);

/* Sets run->exit_status. */
CC_MUST_USE bool cc_access_test(struct cc_run *run, const struct cc_access_options *options,
                                struct cc_access_answer *answer, struct cc_error *err);

#endif
