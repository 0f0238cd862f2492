#ifndef CREDCTL_POLICY_DOCUMENT_H
#define CREDCTL_POLICY_DOCUMENT_H

/*
 * IAM policy documents (IAM User Guide, "IAM JSON policy element reference"). A document that IAM
 * would refuse for its form is refused here too: an evaluation of something else would be a guess.
 */

#include "credctl/base/json.h"

/* Documents of IAM have up to 10,240 characters; files with many are allowed. */
#define CC_POLICY_MAX ((size_t)2 << 20)

/* The base of an operator, without "IfExists" and the set qualifiers. */
struct cc_operator;

enum cc_set { CC_SET_NONE, CC_SET_ALL_VALUES, CC_SET_ANY_VALUE };

/* One operator with one key: "StringEquals": {"sts:ExternalId": ["a", "b"]}. */
struct cc_condition {
    const char *operator_text; /* as written */
    const struct cc_operator *operator;
    enum cc_set set;
    bool if_exists;
    const char *key;
    const char *const *values; /* ends with NULL; numbers and flags as text */
};

/* A list of texts, or the element with Not in its name. */
struct cc_element {
    bool present;
    bool negated;
    const char *const *values; /* ends with NULL */
};

struct cc_principal_row {
    const char *type; /* "AWS", "Service", "Federated", "CanonicalUser"; "*" for any */
    const char *value;
};

struct cc_statement {
    const char *sid; /* or NULL */
    size_t index;    /* in the document, from 0 */
    bool allows;     /* Effect */
    struct cc_element action;
    struct cc_element resource;
    struct cc_element principal; /* values are not used */
    const struct cc_principal_row *principals;
    size_t principal_count;
    const struct cc_condition *conditions;
    size_t condition_count;
    const cJSON *json;
};

struct cc_policy {
    const char *name;     /* ARN, name, ID or file: for messages */
    const char *document; /* the text it was read from */
    bool variables;       /* Version 2012-10-17: ${...} is replaced */
    const struct cc_statement *statements;
    size_t count;
};

/* `text` is terminated at `len`. Fails with CC_E_POLICY, or with CC_E_TOO_BIG. */
CC_MUST_USE bool cc_policy_parse(struct cc_arena *mem, const char *text, size_t len,
                                 const char *name, struct cc_policy *policy, struct cc_error *err);
/* The same from a parsed document, which must live as long. */
CC_MUST_USE bool cc_policy_from_json(struct cc_arena *mem, const cJSON *json, const char *name,
                                     struct cc_policy *policy, struct cc_error *err);

struct cc_policies {
    const struct cc_policy *rows;
    size_t count;
};

/* From one policy, or from a list of them, which are then called name[0], name[1]. */
CC_MUST_USE bool cc_policies_from_json(struct cc_arena *mem, const cJSON *json, const char *name,
                                       struct cc_policies *policies, struct cc_error *err);

/* "Sid Audit", or "statement 2": for messages. */
const char *cc_statement_name(struct cc_arena *mem, const struct cc_statement *statement);

/* The operator of that name, in any case; NULL: there is none. */
const struct cc_operator *cc_operator_named(const char *name);

#endif
