#ifndef CREDCTL_POLICY_EVALUATE_H
#define CREDCTL_POLICY_EVALUATE_H

/*
 * Evaluates the policies of one layer: identity policies, a boundary, a trust policy. A condition
 * key can be unknown (nobody here can know the source address that AWS sees), so that a statement
 * applies, does not apply, or may apply.
 */

#include "credctl/policy/document.h"

/* No, maybe, yes: the smaller one is "and", the larger one is "or". */
enum cc_tri { CC_NO, CC_MAYBE, CC_YES };

/*
 * The comparisons that an evaluation may make. When none is left, whatever was not decided by then
 * is CC_MAYBE: a document of hostile size costs no more than this.
 */
struct cc_work {
    size_t left;
};

/* A condition key of a request. */
struct cc_key {
    const char *name;
    const char *const *values; /* ends with NULL; NULL: the request does not have the key */
    bool unknown;              /* it may have it */
    size_t added;              /* the values of cc_context_add */
};

struct cc_context {
    struct cc_arena *mem;
    struct cc_key *keys;
    size_t count;
    size_t room;
    bool open; /* keys that were never set are unknown; else the request does not have them */
    struct cc_work *work; /* NULL: no limit */
};

/* Names of keys are not case-sensitive. Replaces an earlier value; `value` NULL: without the key.
 */
void cc_context_set(struct cc_context *context, const char *name, const char *value);
void cc_context_set_list(struct cc_context *context, const char *name, const char *const *values);
/* One more value of a key that has only values added like this, or none. */
void cc_context_add(struct cc_context *context, const char *name, const char *value);
void cc_context_unknown(struct cc_context *context, const char *name);
/* A key that was never set has no name in the result. */
struct cc_key cc_context_key(const struct cc_context *context, const char *name);
/* A copy that can be changed. */
struct cc_context cc_context_copy(struct cc_arena *mem, const struct cc_context *context);

/* The caller of a request. */
struct cc_caller {
    const char *arn; /* of the role, with its path, or of the user; a service: its name; "*";
                        NULL: not known */
    const char *session_arn; /* of a session; or NULL */
    const char *account;     /* NULL: a service, an identity provider, or nobody */
    const char *partition;
    const char *unique_id; /* AROA..., AIDA...; NULL: not known */
    bool any_path; /* the path of the role is not known: a role is recognized by its name, which is
                      unique in the account */
    bool root;     /* the root user of the account */
    bool bounded;  /* it has a permissions boundary */
};

/* From an ARN or the name of a service. A session's role has the path of `principal_arn`
 * (aws:PrincipalArn) when that is its role; NULL: its path is not known. */
struct cc_caller cc_caller_of(struct cc_arena *mem, const char *principal,
                              const char *principal_arn);

struct cc_access_request {
    const struct cc_caller *caller;
    const char *action;
    const char *resource;
    const struct cc_context *context;
    bool of_resource; /* the policies are the resource's: a statement without principal names nobody
                       */
};

/* How a principal element names the caller: what needs less from other policies comes first. */
enum cc_named {
    CC_NAMED_NOT,
    CC_NAMED_SESSION,
    CC_NAMED_USER,
    CC_NAMED_ANYONE,
    CC_NAMED_ROLE,
    CC_NAMED_ACCOUNT,
    CC_NAMED_SERVICE,
    CC_NAMED_FEDERATED,
    CC_NAMED_COUNT,
};
/*
 * Bits of the kinds that name the caller itself, or everybody: within an account, implicit denials
 * of its other policies do not count (IAM User Guide, "How AWS enforcement code logic evaluates
 * requests to allow or deny access").
 */
#define CC_NAMED_ITSELF (1U << CC_NAMED_SESSION | 1U << CC_NAMED_USER | 1U << CC_NAMED_ANYONE)

struct cc_condition_verdict {
    const struct cc_condition *condition;
    enum cc_tri holds;
};

/* Why a statement applies or not. */
struct cc_statement_verdict {
    const struct cc_policy *policy;
    const struct cc_statement *statement;
    enum cc_tri applies;
    enum cc_named named; /* CC_NAMED_NOT when the principal does not match */
    bool action;         /* the element matches ... */
    bool resource;
    bool principal;                          /* ... also when the statement has none */
    struct cc_condition_verdict *conditions; /* as many as the statement has */
};

struct cc_layer {
    enum cc_tri allows; /* a statement with Allow applies */
    enum cc_tri denies; /* a statement with Deny applies */
    unsigned named;     /* bits: 1 << enum cc_named of allowing statements that apply */
    unsigned may_name;  /* the same, of those that may apply */
    struct cc_statement_verdict *statements; /* all, in order */
    size_t count;
};

struct cc_layer cc_evaluate(struct cc_arena *mem, struct cc_policies policies,
                            const struct cc_access_request *request);

/* The first statement of the layer that denies, or that allows; NULL: none. */
const struct cc_statement_verdict *cc_layer_denying(const struct cc_layer *layer);
const struct cc_statement_verdict *cc_layer_allowing(const struct cc_layer *layer);

/* One condition against the context. */
enum cc_tri cc_condition_holds(struct cc_arena *mem, const struct cc_condition *condition,
                               const struct cc_context *context, bool variables);

/* As IAM matches texts, and with `fold` actions, in any case: * and ? only. */
bool cc_pattern_matches(const char *pattern, const char *text, bool fold);
/* The six parts of an ARN one by one. */
bool cc_pattern_matches_arn(const char *pattern, const char *text);

#endif
