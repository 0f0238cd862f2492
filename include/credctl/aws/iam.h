#ifndef CREDCTL_AWS_IAM_H
#define CREDCTL_AWS_IAM_H

/*
 * What can be read of IAM (IAM API Reference). Each function completes an ask whose settings, keys
 * and region are set; cc_ask_now or the errand of cc_ask_errand then fills in `to`. Arguments and
 * `to` must live as long as the ask.
 */

#include "credctl/aws/wanted.h"

enum cc_iam_kind { CC_IAM_ROLE, CC_IAM_USER, CC_IAM_GROUP };

/* Something that has policies. */
struct cc_iam_owner {
    enum cc_iam_kind kind;
    const char *name; /* without its path */
};

struct cc_iam_entity {
    const char *arn;
    const char *id; /* AROA..., AIDA... */
    const char *path;
    const char *name;
    const char *boundary; /* the ARN of the policy; NULL: none */
    const char *trust;    /* of a role: its trust policy */
    int max_session;      /* of a role: MaxSessionDuration, in seconds */
};

struct cc_iam_entities {
    const struct cc_iam_entity *rows;
    size_t count;
};

/* GetRole, GetUser; not for groups. */
void cc_iam_entity(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_owner *owner,
                   struct cc_iam_entity *to);
/* ListRoles; without boundaries, which it does not tell. `path`: NULL for all. */
void cc_iam_roles(struct cc_run *run, struct cc_ask *ask, const char *path,
                  struct cc_iam_entities *to);

/* A policy or a group. */
struct cc_iam_named {
    const char *name;
    const char *arn;     /* NULL for an inline policy */
    const char *version; /* of a managed policy, from cc_iam_policy */
};

struct cc_iam_list {
    const struct cc_iam_named *rows;
    size_t count;
};

/* ListRolePolicies, ListUserPolicies, ListGroupPolicies. */
void cc_iam_inline(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_owner *owner,
                   struct cc_iam_list *to);
/* ListAttachedRolePolicies and so on. */
void cc_iam_attached(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_owner *owner,
                     struct cc_iam_list *to);
/* ListGroupsForUser. */
void cc_iam_groups(struct cc_run *run, struct cc_ask *ask, const char *user,
                   struct cc_iam_list *to);

/* GetRolePolicy, GetUserPolicy, GetGroupPolicy. */
void cc_iam_inline_document(struct cc_run *run, struct cc_ask *ask,
                            const struct cc_iam_owner *owner, const char *policy,
                            struct cc_aws_document *to);
/* GetPolicy, for the version that is in force, and then GetPolicyVersion. */
void cc_iam_policy(struct cc_run *run, struct cc_ask *ask, const char *arn,
                   struct cc_iam_named *to);
void cc_iam_policy_document(struct cc_run *run, struct cc_ask *ask, const char *arn,
                            const char *version, struct cc_aws_document *to);

/* A context key of a simulation. */
struct cc_iam_context {
    const char *key;
    const char *const *values; /* ends with NULL */
    const char *type; /* as the API calls it; NULL: string, or stringList for several values */
};

/* Lists end with NULL; each may be NULL. */
struct cc_iam_question {
    const char *source; /* the ARN of a role or user; not of a session */
    const char *const *actions;
    const char *const *resources;         /* none: any resource */
    const struct cc_iam_context *context; /* ends with a row without a key */
};

enum cc_iam_decision { CC_IAM_IMPLICIT_DENY, CC_IAM_EXPLICIT_DENY, CC_IAM_ALLOWED };

/* A statement that was decisive. */
struct cc_iam_match {
    const char *policy; /* the id of its policy; NULL: not told */
    const char *type;   /* of its policy; NULL: not told */
};

/* The decision for one action and one resource. */
struct cc_iam_verdict {
    const char *action;
    const char *resource;
    enum cc_iam_decision decision;
    const char *const *missing; /* the context keys that the decision lacked; ends with NULL */
    const struct cc_iam_match *matches;
    size_t match_count;
    struct cc_maybe_flag boundary;     /* the permissions boundary allows it */
    struct cc_maybe_flag organization; /* the policies of the organization allow it */
};

struct cc_iam_verdicts {
    const struct cc_iam_verdict *rows;
    size_t count;
};

/* SimulatePrincipalPolicy. */
void cc_iam_simulate(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_question *question,
                     struct cc_iam_verdicts *to);

#endif
