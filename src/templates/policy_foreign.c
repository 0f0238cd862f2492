#include "credctl/base/text.h"

#include "policy.h"

#include <string.h>

/* Roles that identities of other accounts can assume: external IDs, and how wide the trust is. */

#define EXTERNAL_ID "sts:externalid"

/* --- external IDs --- */

#define SHORT 8

static void check_literal(struct cc_lint *lint, const struct cc_said *value)
{
    const size_t len = strlen(value->text);

    if (len < 2 || len > 1224 || !cc_text_consists(value->text, "_+=,.@:/-", 1224)) {
        cc_found(lint, value->node, CC_T_EXTERNAL_ID_INVALID,
                 "STS refuses this external ID for its length or characters");
    } else if (len < SHORT) {
        cc_found(lint, value->node, CC_T_EXTERNAL_ID_GUESSABLE,
                 "the external ID has %zu characters", len);
    }
}

static void check_default(struct cc_lint *lint, const struct cc_said *value)
{
    const char *name = cc_value_placeholder(lint->mem, value->text);
    const struct cc_node *parameter = cc_node_member(lint->parameters, name ? name : "");
    const struct cc_node *given = cc_node_member(parameter, "Default");

    if (cc_node_text(given) && given->text[0]) {
        cc_found(lint, given, CC_T_EXTERNAL_ID_DEFAULT,
                 "the parameter %.100s is an external ID and has a default", name);
    }
}

/* The condition is also met when the caller gives no external ID, or any. */
static void check_weak(struct cc_lint *lint, const struct cc_clause *clause)
{
    if (!cc_clause_binds(clause)) {
        cc_found_at_name(lint, clause->node, CC_T_EXTERNAL_ID_OPTIONAL,
                         "%s%s%s with %s is also met without the right external ID",
                         clause->all_values ? "ForAllValues:" : "", clause->operator,
                         clause->if_exists ? "IfExists" : "", clause->node->name);
    }
}

static void check_values(struct cc_lint *lint, const struct cc_clause *clause)
{
    const bool like = strstr(clause->operator, "Like") != NULL;

    for (size_t i = 0; i < clause->values.count; i++) {
        const struct cc_said *value = &clause->values.rows[i];

        check_default(lint, value);
        if (cc_value_known(value->text) && !(like && strpbrk(value->text, "*?"))) {
            check_literal(lint, value);
        }
    }
}

void cc_lint_external_id(struct cc_lint *lint, const struct cc_grant *grant)
{
    const bool bound = cc_grant_binds(grant, EXTERNAL_ID);

    for (size_t i = 0; i < grant->clause_count; i++) {
        const struct cc_clause *clause = &grant->clauses[i];

        if (strcmp(clause->key, EXTERNAL_ID) != 0) {
            continue;
        }
        if (!bound) {
            check_weak(lint, clause);
        }
        if (strcmp(clause->operator, "Null") != 0) {
            check_values(lint, clause);
        }
    }
}

static bool has_external_id(const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->clause_count; i++) {
        if (strcmp(grant->clauses[i].key, EXTERNAL_ID) == 0) {
            return true;
        }
    }
    return false;
}

/* --- who --- */

/* Conditions that say which organization, or which person, may come. */
static const char *const own_keys[] = {"aws:principalorgid",
                                       "aws:principalorgpaths",
                                       "aws:multifactorauthpresent",
                                       "aws:multifactorauthage",
                                       "aws:principaltag/",
                                       "aws:userid",
                                       "sts:sourceidentity",
                                       "aws:sourceidentity",
                                       "aws:sourceip",
                                       NULL};
static const char *const narrow_keys[] = {"aws:principalarn",  "aws:principaltag/",
                                          "aws:userid",        "aws:principalorgpaths",
                                          "aws:principaltype", NULL};

static bool binds_any(const struct cc_grant *grant, const char *const *keys)
{
    for (size_t i = 0; keys[i]; i++) {
        if (cc_grant_binds(grant, keys[i])) {
            return true;
        }
    }
    return false;
}

/* aws:PrincipalArn names an account. */
static bool names_account(const struct cc_grant *grant)
{
    bool named = cc_grant_binds(grant, "aws:principalaccount");

    for (size_t i = 0; i < grant->clause_count && !named; i++) {
        const struct cc_clause *clause = &grant->clauses[i];

        named = strcmp(clause->key, "aws:principalarn") == 0 && cc_clause_binds(clause) &&
                clause->values.count > 0 && !strstr(clause->values.rows[0].text, "::*:");
    }
    return named;
}

static void check_public(struct cc_lint *lint, const struct cc_grant *grant,
                         const struct cc_said *said)
{
    if (!cc_grant_binds(grant, "aws:principalorgid") &&
        !cc_grant_binds(grant, "aws:principalorgpaths") && !names_account(grant)) {
        cc_found(lint, said->node, CC_T_PUBLIC_TRUST,
                 "identities of every account can assume the role%s",
                 has_external_id(grant) ? " when they know the external ID" : "");
    }
}

static void check_principal(struct cc_lint *lint, const struct cc_grant *grant,
                            const struct cc_named_principal *principal)
{
    bool whole = false;
    const enum cc_account account = cc_account_of(principal->said.text, &whole);

    if (account == CC_ACCOUNT_ANY) {
        check_public(lint, grant, &principal->said);
        return;
    }
    if (account != CC_ACCOUNT_FOREIGN) {
        return;
    }
    if (!has_external_id(grant) && !binds_any(grant, own_keys)) {
        cc_found(lint, principal->said.node, CC_T_MISSING_EXTERNAL_ID,
                 "%.120s can assume the role without an external ID",
                 cc_value_shown(lint->mem, principal->said.text));
    } else if (whole && !binds_any(grant, narrow_keys)) {
        cc_found(lint, principal->said.node, CC_T_ACCOUNT_WIDE_TRUST,
                 "every identity of the account that may call sts:AssumeRole can assume the role");
    }
}

void cc_lint_foreign(struct cc_lint *lint, const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->principal_count; i++) {
        const char *type = grant->principals[i].type;

        if (cc_grant_covers(grant, "sts:AssumeRole") &&
            (strcmp(type, "AWS") == 0 || strcmp(type, "*") == 0)) {
            check_principal(lint, grant, &grant->principals[i]);
        }
    }
}

bool cc_trust_is_foreign(const struct cc_document_policy *policy)
{
    bool foreign = false;

    for (size_t i = 0; i < policy->grant_count; i++) {
        const struct cc_grant *grant = &policy->grants[i];

        for (size_t k = 0; k < grant->principal_count && grant->allows; k++) {
            bool whole = false;
            const enum cc_account account = cc_account_of(grant->principals[k].said.text, &whole);

            foreign = foreign || (strcmp(grant->principals[k].type, "AWS") == 0 &&
                                  (account == CC_ACCOUNT_FOREIGN || account == CC_ACCOUNT_ANY));
        }
    }
    return foreign;
}
