#ifndef CREDCTL_ACCESS_EVIDENCE_H
#define CREDCTL_ACCESS_EVIDENCE_H

/*
 * What is known about a denied AssumeRole, and what follows from it. Pure: everything was read
 * before.
 */

#include "credctl/access/denial.h"
#include "credctl/aws/sts.h"
#include "credctl/policy/decide.h"

enum cc_known {
    CC_NOT_KNOWN, /* it could not be read */
    CC_NOT_THERE, /* it does not exist or does not apply, and so denies nothing */
    CC_KNOWN,
};

struct cc_documents {
    enum cc_known known;
    struct cc_policies policies;
    const char *at; /* the ARN of what they are attached to; of a boundary, its own; or NULL */
};

/* SCPs or RCPs, root first. */
struct cc_org_level {
    const char *id;              /* of the root, unit or account */
    struct cc_policies policies; /* named by their ARNs */
};

struct cc_org_levels {
    enum cc_known known;
    const struct cc_org_level *rows;
    size_t count;
};

/* The caller: read once for all targets. */
struct cc_access_source {
    struct cc_identity identity;
    struct cc_caller caller;
    bool is_role;          /* a session of a role; else a user, or a session of one */
    bool long_term;        /* keys of a user, without a session */
    bool path_known;       /* caller.arn has the path of the role */
    const char *role_name; /* or name of the user */
    struct cc_documents identity_policies;
    struct cc_documents boundary;
    struct cc_org_levels scps;
    const char *organization; /* its ID; NULL: not known, or none */
    const char *unread;       /* why its policies are not known: "iam:GetRole is denied" */
};

/* SimulatePrincipalPolicy for one action. */
struct cc_simulated {
    bool done;
    enum cc_tri allowed; /* CC_MAYBE: not used */
    bool explicit_deny;
    bool complete; /* no key that this host does not know would matter */
    bool matched;  /* a statement matched */
    struct cc_maybe_flag by_boundary;
    struct cc_maybe_flag by_organization;
};

enum cc_probed { CC_NOT_PROBED, CC_PROBE_DENIED, CC_PROBE_ALLOWED };

enum cc_needed_action {
    CC_ACTION_ASSUME,
    CC_ACTION_TAG,
    CC_ACTION_SOURCE_IDENTITY,
    CC_NEEDED_ACTIONS,
};

/* "sts:AssumeRole", ... */
extern const char *const cc_needed_actions[];

struct cc_evidence {
    const struct cc_access_source *source;
    const struct cc_assume *hop; /* the call as it was sent */
    const char *region;          /* whose STS was asked */
    const char *account;         /* of the role */
    int64_t now;
    struct cc_denial denial;
    struct cc_documents trust;
    const char *trust_unread; /* why a document of it could not be used; or NULL */
    bool role_known;          /* the role exists under this ARN */
    bool role_missing;        /* it does not ... */
    const char *role_is;      /* ... but has this ARN; or NULL */
    bool account_unknown;     /* the organization has no such account */
    struct cc_org_levels rcps;
    struct cc_simulated simulated[CC_NEEDED_ACTIONS];
    enum cc_probed without_external_id;
    enum cc_probed without_tags;
    enum cc_probed without_source_identity;
    enum cc_probed other_session_name;
};

struct cc_diagnosis {
    enum cc_cause candidates[CC_CAUSE_COUNT]; /* likeliest first */
    size_t count;
    enum cc_certainty certainty;
    const char *why;
    const char *fix;
    const cJSON *statement; /* NULL: none mends it */
    const char *attach_to;
    const char *policy_kind;
    bool replace;         /* the statement replaces ... */
    const char *replaces; /* ... this one */
};

void cc_diagnose(struct cc_arena *mem, const struct cc_evidence *evidence,
                 struct cc_diagnosis *diagnosis);

/* Whether a result is known already from text and documents, so that no probe can add anything. */
bool cc_diagnosis_settled(struct cc_arena *mem, const struct cc_evidence *evidence);

/* Whether the call needs the action, as far as its parameters say. */
bool cc_action_needed(const struct cc_evidence *evidence, enum cc_needed_action action);
/* As a layer of a decision; what is not known is absent. */
struct cc_levels cc_documents_level(struct cc_arena *mem, const struct cc_documents *documents);
/* The context of that action. */
struct cc_context cc_evidence_context(struct cc_arena *mem, const struct cc_evidence *evidence,
                                      enum cc_needed_action action);

#endif
