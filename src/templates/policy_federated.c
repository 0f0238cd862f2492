#include "credctl/base/text.h"

#include "policy.h"

#include <string.h>

/* Trust in an OIDC provider: whose tokens are accepted. */

#define GITHUB "token.actions.githubusercontent.com"

/* Providers that many organizations share: without :sub everybody who has an account there can
 * assume the role. A cluster of EKS is shared by all of its pods. */
static const char *const shared[] = {"oidc.eks.",
                                     "oidc-eks.",
                                     GITHUB,
                                     "gitlab.com",
                                     "app.terraform.io",
                                     "oidc.circleci.com",
                                     "agent.buildkite.com",
                                     "api.bitbucket.org",
                                     "oidc.vercel.com",
                                     NULL};

static bool is_shared(const char *issuer)
{
    for (size_t i = 0; shared[i]; i++) {
        if (cc_text_starts(issuer, shared[i])) {
            return true;
        }
    }
    return false;
}

/* The part behind "oidc-provider/"; "" when it is not known; NULL: another kind of provider. */
static const char *issuer_of(const struct cc_named_principal *principal)
{
    const char *text = principal->said.text;
    const char *slash = strstr(text, ":oidc-provider/");

    if (strcmp(principal->type, "Federated") != 0 || strstr(text, ":saml-provider/")) {
        return NULL;
    }
    if (slash) {
        return strchr(slash, '/') + 1;
    }
    return cc_value_known(text) ? NULL : "";
}

/* "ISSUER:sub" */
static const struct cc_clause *claim(const struct cc_grant *grant, const char *name)
{
    for (size_t i = 0; i < grant->clause_count; i++) {
        const char *colon = strrchr(grant->clauses[i].key, ':');

        if (colon && strcmp(colon + 1, name) == 0 &&
            !cc_text_starts(grant->clauses[i].key, "aws:") &&
            !cc_text_starts(grant->clauses[i].key, "sts:") && cc_clause_binds(&grant->clauses[i])) {
            return &grant->clauses[i];
        }
    }
    return NULL;
}

/* A subject that everybody, or every pod of the cluster, has. */
static bool is_open(const char *subject)
{
    static const char *const open[] = {"repo:*",
                                       "repo:*/*",
                                       "repo:*:*",
                                       "repo:*/*:*",
                                       "system:serviceaccount:*",
                                       "system:serviceaccount:*:*",
                                       "system:*",
                                       NULL};

    return strspn(subject, "*?") == strlen(subject) || cc_one_of(subject, open);
}

static bool subject_is_open(const struct cc_clause *clause)
{
    for (size_t i = 0; i < clause->values.count; i++) {
        if (is_open(clause->values.rows[i].text)) {
            return true;
        }
    }
    return false;
}

static void check_subject(struct cc_lint *lint, const struct cc_grant *grant,
                          const struct cc_said *provider, const char *issuer)
{
    const struct cc_clause *subject = claim(grant, "sub");
    const bool github = cc_text_starts(issuer, GITHUB);
    const bool other =
        github && (claim(grant, "repository") || claim(grant, "repository_owner") ||
                   claim(grant, "repository_id") || claim(grant, "job_workflow_ref") ||
                   claim(grant, "repository_owner_id"));

    if ((subject && !subject_is_open(subject)) || other) {
        return;
    }
    const struct cc_node *node = subject ? subject->node : provider->node;
    if (github) {
        cc_found(lint, node, CC_T_MISSING_GITHUB_REPO_CONDITION_KEY,
                 "every repository at GitHub can assume the role");
    } else {
        cc_found(lint, node, CC_T_MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL,
                 "every token of the provider is accepted: there is no condition on :sub%s",
                 subject ? " that limits it" : "");
    }
}

static void check_audience(struct cc_lint *lint, const struct cc_grant *grant,
                           const struct cc_said *provider)
{
    if (!claim(grant, "aud")) {
        cc_found(lint, provider->node, CC_T_MISSING_OIDC_AUDIENCE,
                 "there is no condition on the :aud of the provider");
    }
}

/* The conditions must be about the provider that is trusted. */
static void check_issuer(struct cc_lint *lint, const struct cc_grant *grant, const char *issuer)
{
    for (size_t i = 0; i < grant->clause_count; i++) {
        const struct cc_clause *clause = &grant->clauses[i];
        const char *colon = strrchr(clause->key, ':');
        const char *own =
            cc_text_dup(lint->mem, clause->key, colon ? (size_t)(colon - clause->key) : 0);

        if (colon && strchr(own, '.') && cc_value_known(own) && !strstr(own, "${") &&
            cc_clause_binds(clause) && !cc_text_equal_nocase(own, issuer)) {
            cc_found_at_name(lint, clause->node, CC_T_ISSUER_MISMATCH,
                             "the condition key is about %.120s, the principal is %.120s", own,
                             issuer);
        }
    }
}

static void check_provider(struct cc_lint *lint, const struct cc_grant *grant,
                           const struct cc_named_principal *principal)
{
    const char *issuer = issuer_of(principal);

    if (!issuer || !cc_grant_covers(grant, "sts:AssumeRoleWithWebIdentity")) {
        return;
    }
    if (issuer[0] && cc_value_known(issuer)) {
        check_issuer(lint, grant, issuer);
    }
    if (is_shared(issuer) || !cc_value_known(principal->said.text)) {
        check_subject(lint, grant, &principal->said, issuer);
        check_audience(lint, grant, &principal->said);
    } else if (grant->clause_count == 0) {
        cc_found(lint, principal->said.node, CC_T_MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL,
                 "every token of the provider is accepted: there are no conditions");
    }
}

void cc_lint_federated(struct cc_lint *lint, const struct cc_grant *grant)
{
    const struct cc_node *condition = cc_node_member(grant->node, "Condition");

    /* Its keys may be written at deployment. */
    if (condition && (condition->kind == CC_NODE_UNKNOWN || cc_node_function(condition))) {
        return;
    }
    for (size_t i = 0; i < grant->principal_count; i++) {
        check_provider(lint, grant, &grant->principals[i]);
    }
}
