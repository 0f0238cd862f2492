#ifndef CREDCTL_ACCESS_STANDING_H
#define CREDCTL_ACCESS_STANDING_H

/* What the caller's policies and a role's trust policy say, without assuming anything. */

#include "credctl/base/shape.h"
#include "credctl/cache/resolve.h"

/* --- validate role: may the caller do it? --- */

struct cc_role_options {
    struct cc_chain_options chain;
    const char *const *role_arns; /* sts:AssumeRole on these; ends with NULL; or NULL */
    const char *actions;          /* a file, or actions and tools with commas; or NULL */
};

struct cc_role_verdict {
    const char *action;
    const char *resource;
    const char *decision; /* "allowed", "denied", "unknown" */
    const char *why;
};

struct cc_role_answer {
    const char *account_id;
    const char *arn;      /* of the session */
    const char *role_arn; /* of the role or user, with its path when that is known */
    const char *by;       /* "simulation", "policies"; NULL: it could not be decided */
    const struct cc_role_verdict *verdicts;
    size_t verdict_count;
    const char *const *missing; /* actions that are denied */
    const struct cJSON *policy; /* to add for what the caller's own policies lack; or NULL */
    const char *cannot_tell;    /* what is needed to decide; or NULL */
};

extern const struct cc_shape cc_role_answer_shape;

/* Sets run->exit_status: 0 all allowed, 1 something is denied, 3 something is not known. */
CC_MUST_USE bool cc_standing_role(struct cc_run *run, const struct cc_role_options *options,
                                  struct cc_role_answer *answer, struct cc_error *err);

/* --- validate trust: does the role trust the caller? --- */

struct cc_trust_options {
    struct cc_chain_options chain;
    const char *role_arn;
    const char *trust_policy; /* a file; NULL: it is read with GetRole */
    const char *external_id;  /* or NULL */
    const char *principal;    /* another caller; NULL: that of the credentials */
};

struct cc_trust_condition {
    const char *statement;
    const char *operator;
    const char *key;
    const char *const *values;
    const char *holds; /* "yes", "no", "unknown" */
};

struct cc_trust_answer {
    const char *role_arn;
    const char *caller;
    const char *decision; /* "allowed", "denied", "unknown" */
    const char *why;
    const char *fix;
    struct cc_maybe_flag external_id_required;
    const char *const *external_ids; /* that the policy accepts from this caller; may be patterns */
    struct cc_maybe_flag external_id_enforced; /* a wrong one and none are refused */
    const char *const *deleted_principals;
    struct cc_maybe_flag identity_needed;        /* the caller's own policies must allow it too */
    const struct cc_trust_condition *conditions; /* of statements that name the caller */
    size_t condition_count;
    const struct cJSON *statement; /* that is missing; or NULL */
};

extern const struct cc_shape cc_trust_answer_shape;

CC_MUST_USE bool cc_standing_trust(struct cc_run *run, const struct cc_trust_options *options,
                                   struct cc_trust_answer *answer, struct cc_error *err);

#endif
