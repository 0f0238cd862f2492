#ifndef CREDCTL_POLICY_DECIDE_H
#define CREDCTL_POLICY_DECIDE_H

/*
 * Whether a request is allowed by all policies together (IAM User Guide, "Policy evaluation logic"
 * and "Cross-account policy evaluation logic").
 */

#include "credctl/policy/evaluate.h"

enum cc_layer_kind {
    CC_LAYER_IDENTITY,
    CC_LAYER_BOUNDARY,
    CC_LAYER_SESSION,
    CC_LAYER_SCP,
    CC_LAYER_RCP,
    CC_LAYER_ENDPOINT,
    CC_LAYER_RESOURCE, /* for a role: its trust policy */
    CC_LAYERS,
};

/* "identity", "boundary", "session", "scp", "rcp", "vpce", "resource"; ends with NULL. */
extern const char *const cc_layer_names[];
/* "identity-based policies", "permissions boundary", ... */
extern const char *const cc_layer_titles[];

/* A layer has one level, but SCPs and RCPs one for the root, each unit, and the account. */
struct cc_levels {
    bool present; /* identity-based policies and, for a role, the trust always are */
    const struct cc_policies *rows;
    size_t count;
};

struct cc_case {
    struct cc_caller caller;
    const char *action;
    const char *resource;
    const char *resource_account; /* NULL: that of the caller */
    struct cc_context context;
    struct cc_levels layers[CC_LAYERS];
};

/* A layer that the caller cannot have counts as absent: a service has no identity-based policies
 * and no SCPs, and neither SCPs nor RCPs limit a service-linked role. */
struct cc_layer_decision {
    bool present;
    enum cc_tri allows; /* every level; an absent layer allows */
    enum cc_tri denies; /* any level, explicitly */
    const struct cc_layer *levels;
    size_t count;
};

struct cc_decision {
    enum cc_tri allowed;
    enum cc_tri denied; /* explicitly */
    enum cc_tri own;    /* identity, boundary and session policy together allow */
    bool same_account;
    bool explicitly_only; /* the resource policy itself must allow: role trust, KMS keys */
    bool too_large;       /* it was given up: the policies need more comparisons than it may make */
    struct cc_layer_decision layers[CC_LAYERS];
};

/* The decision about `one`; its layers are in `mem`. */
struct cc_decision cc_decide(struct cc_arena *mem, const struct cc_case *one);
/* The same from layers that were decided before (with those of the same request). */
void cc_decide_again(const struct cc_case *one, struct cc_decision *decision);
struct cc_layer_decision cc_decide_layer(struct cc_arena *mem, const struct cc_case *one,
                                         enum cc_layer_kind kind);

/* True for an action that a role's trust policy decides, on a role. */
bool cc_is_trust_request(const char *action, const char *resource);

/* True for the root user, who cannot assume roles. */
bool cc_is_root_assuming(const struct cc_case *one);

/*
 * A case from JSON: {"request": {principal, action, resource, resource_account, context},
 * identity_policies, permissions_boundary, session_policy, resource_policy or trust_policy, scps,
 * rcps, vpc_endpoint_policy}. scps and rcps are lists of levels, each a list of policies. Other
 * members are refused, but for those at the top that are neither objects nor lists (a name, a
 * note).
 */
CC_MUST_USE bool cc_case_from_json(struct cc_arena *mem, const cJSON *json, struct cc_case *one,
                                   struct cc_error *err);
/*
 * Completes a case that has action, resource, resource account (NULL: not known) and context: sets
 * the caller, the account of the resource from its ARN, and the keys that follow from the request.
 * Fails with CC_E_POLICY when a text is not what it should be.
 */
CC_MUST_USE bool cc_case_begin(struct cc_arena *mem, const char *principal, struct cc_case *one,
                               struct cc_error *err);
/* Sets the keys that follow from the request itself, where they are not set: aws:PrincipalArn,
 * aws:PrincipalAccount, aws:ResourceAccount. */
void cc_case_fill_context(struct cc_case *one);

/*
 * Whether policies have the form of their layer: those of a resource have a principal, all others
 * but RCPs and endpoint policies have none, and what is not attached to a resource names resources.
 * Fails with CC_E_POLICY.
 */
CC_MUST_USE bool cc_policies_fit(struct cc_arena *mem, const struct cc_policies *policies,
                                 enum cc_layer_kind kind, struct cc_error *err);

#endif
