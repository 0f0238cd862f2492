#ifndef TEMPLATES_POLICY_H
#define TEMPLATES_POLICY_H

/* IAM policies in templates. */

#include "alternatives.h"
#include "value.h"

enum cc_policy_kind {
    CC_POLICY_IDENTITY,
    CC_POLICY_TRUST,
    CC_POLICY_RESOURCE,
    CC_POLICY_KEY,     /* of KMS: the resource is the key itself */
    CC_POLICY_GATE,    /* it limits what others allow: VPC endpoints, API Gateway */
    CC_POLICY_CEILING, /* SCP: as an identity policy, but it allows nothing by itself */
};

/* A text of a policy, which can have placeholders. */
struct cc_said {
    const struct cc_node *node;
    const char *text;
};

struct cc_said_list {
    struct cc_said *rows;
    size_t count;
    size_t room;
};

struct cc_named_principal {
    const char *type; /* "AWS", "Service", "Federated", "CanonicalUser"; "*": Principal is "*" */
    struct cc_said said;
};

/* One operator with one key. */
struct cc_clause {
    const struct cc_node *node; /* the member with the key */
    const char *operator;       /* without qualifiers, in its usual case */
    bool all_values;            /* ForAllValues: */
    bool any_value;             /* ForAnyValue: */
    bool if_exists;
    bool negated;
    const char *key; /* in lower case; with placeholders */
    struct cc_said_list values;
};

/* A statement. */
struct cc_grant {
    const struct cc_node *node;
    bool allows;
    bool denies; /* neither: the effect is not known */
    bool not_action;
    bool not_resource;
    bool not_principal;
    struct cc_said_list actions;
    struct cc_said_list resources;
    struct cc_named_principal *principals;
    size_t principal_count;
    struct cc_clause *clauses;
    size_t clause_count;
};

struct cc_document_policy {
    enum cc_policy_kind kind;
    bool needs_resource;
    bool has_resource;          /* Resource is allowed */
    const struct cc_node *node; /* the map */
    const struct cc_node *resource;
    const char *name; /* "the trust policy", ... */
    struct cc_grant *grants;
    size_t grant_count;
    size_t room;
};

/* Reads the statements, with findings about their form. */
void cc_policy_read(struct cc_lint *lint, struct cc_document_policy *policy);
void cc_clauses_read(struct cc_lint *lint, struct cc_grant *grant, const struct cc_node *condition);
void cc_principals_read(struct cc_lint *lint, const struct cc_document_policy *policy,
                        struct cc_grant *grant, const struct cc_node *principal);
/* The texts of a value or list; what is neither is a finding. */
struct cc_said_list cc_texts_read(struct cc_lint *lint, const struct cc_node *node);

void cc_lint_trust(struct cc_lint *lint, const struct cc_document_policy *policy);
void cc_lint_federated(struct cc_lint *lint, const struct cc_grant *grant);
void cc_lint_external_id(struct cc_lint *lint, const struct cc_grant *grant);
void cc_lint_foreign(struct cc_lint *lint, const struct cc_grant *grant);
void cc_lint_permissions(struct cc_lint *lint, const struct cc_document_policy *policy,
                         bool of_assessment);
void cc_lint_resource_policy(struct cc_lint *lint, const struct cc_document_policy *policy);
void cc_lint_action(struct cc_lint *lint, const struct cc_said *action);

/* --- questions --- */

/* The resource that Ref or Fn::GetAtt names; or NULL. */
const struct cc_node *cc_referred(const struct cc_lint *lint, const struct cc_node *node);

/* An action, without placeholders, can stand for `name`; patterns do. */
bool cc_action_covers(const char *pattern, const char *name);
bool cc_grant_covers(const struct cc_grant *grant, const char *action);
/* The clause limits what it is about: positive, and not met by requests without the key. */
bool cc_clause_binds(const struct cc_clause *clause);
/* The grant has a clause on the key that binds. `key` in lower case; "prefix/" for tags. */
bool cc_grant_binds(const struct cc_grant *grant, const char *key);
/* Is the role open to identities of other accounts? */
bool cc_trust_is_foreign(const struct cc_document_policy *policy);

enum cc_account { CC_ACCOUNT_OWN, CC_ACCOUNT_FOREIGN, CC_ACCOUNT_UNKNOWN, CC_ACCOUNT_ANY };
/* Whose principal it is; *whole: all of the account. */
enum cc_account cc_account_of(const char *principal, bool *whole);

#endif
