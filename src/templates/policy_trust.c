#include "credctl/base/text.h"

#include "policy.h"

#include <string.h>

/* Trust policies, by the host that assumes the role. */

static const char *const trust_actions[] = {"sts:assumerole",
                                            "sts:assumerolewithsaml",
                                            "sts:assumerolewithwebidentity",
                                            "sts:tagsession",
                                            "sts:setsourceidentity",
                                            "sts:setcontext",
                                            NULL};

static void check_actions(struct cc_lint *lint, const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->actions.count; i++) {
        const struct cc_said *action = &grant->actions.rows[i];
        const char *text = cc_text_lower(lint->mem, action->text);

        if (!cc_value_known(text) || cc_one_of(text, trust_actions) ||
            (cc_text_starts(text, "sts:") && strchr(text, '*'))) {
            continue;
        }
        cc_found(lint, action->node, CC_T_INVALID_ACTION,
                 "a trust policy cannot have the action %.100s", action->text);
        cc_found_fix(lint, "use sts:AssumeRole, sts:AssumeRoleWithWebIdentity, "
                           "sts:AssumeRoleWithSAML or sts:TagSession");
    }
}

/* --- actions and principals --- */

enum fit { FITS_AWS = 1, FITS_WEB = 2, FITS_SAML = 4 };

static unsigned fit_of(const struct cc_named_principal *principal)
{
    const char *text = principal->said.text;

    if (strcmp(principal->type, "Federated") != 0) {
        return strcmp(text, "*") == 0 ? FITS_AWS | FITS_WEB | FITS_SAML : FITS_AWS;
    }
    if (strstr(text, ":saml-provider/")) {
        return FITS_SAML;
    }
    return strstr(text, ":oidc-provider/") || cc_value_known(text) ? FITS_WEB
                                                                   : FITS_WEB | FITS_SAML;
}

static const struct {
    const char *action;
    unsigned fit;
} fits[] = {
    {"sts:AssumeRole", FITS_AWS},
    {"sts:AssumeRoleWithWebIdentity", FITS_WEB},
    {"sts:AssumeRoleWithSAML", FITS_SAML},
};

/* Not by a pattern. */
static bool names(const struct cc_grant *grant, const char *action)
{
    for (size_t i = 0; i < grant->actions.count; i++) {
        if (cc_text_equal_nocase(grant->actions.rows[i].text, action)) {
            return true;
        }
    }
    return false;
}

/* Every principal needs an action that it can call, and every action a principal. */
static void check_match(struct cc_lint *lint, const struct cc_grant *grant)
{
    unsigned callable = 0;
    unsigned callers = 0;

    for (size_t i = 0; i < CC_COUNT(fits); i++) {
        callable |= cc_grant_covers(grant, fits[i].action) ? fits[i].fit : 0;
    }
    for (size_t i = 0; i < grant->principal_count; i++) {
        const unsigned fit = fit_of(&grant->principals[i]);

        callers |= fit;
        if (callable && !(fit & callable)) {
            cc_found(lint, grant->principals[i].said.node, CC_T_MISMATCHED_ACTION_FOR_PRINCIPAL,
                     "a principal of the type %s cannot call the actions of the statement",
                     grant->principals[i].type);
        }
    }
    for (size_t i = 0; i < CC_COUNT(fits) && callers; i++) {
        if (names(grant, fits[i].action) && !(callers & fits[i].fit) && (callers & callable)) {
            cc_found(lint, cc_node_member(grant->node, "Action"),
                     CC_T_MISMATCHED_ACTION_FOR_PRINCIPAL,
                     "no principal of the statement can call %s", fits[i].action);
        }
    }
}

/* --- services --- */

struct service {
    const char *name; /* before the suffix of the partition */
    bool source;      /* its requests have aws:SourceAccount and aws:SourceArn */
    bool no_source;   /* they never have */
};

static const struct service services[] = {
    {"ec2", false, true},     {"ecs-tasks", true, false}, {"bedrock-agentcore", true, false},
    {"bedrock", true, false}, {"scheduler", true, false}, {"pipes", true, false},
};

static const struct service *service_of(const char *text)
{
    for (size_t i = 0; i < CC_COUNT(services); i++) {
        const size_t len = strlen(services[i].name);

        if (strncmp(text, services[i].name, len) == 0 && text[len] == '.' &&
            (cc_text_starts(text + len, ".amazonaws.") || text[len + 1] == CC_OPEN)) {
            return &services[i];
        }
    }
    return NULL;
}

static const char *const source_keys[] = {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid",
                                          "aws:sourceorgpaths", NULL};
/* Keys about an identity: a service that calls for itself has none. */
static const char *const identity_keys[] = {"aws:principalorgid",         "aws:principalorgpaths",
                                            "aws:principalarn",           "aws:principalaccount",
                                            "aws:multifactorauthpresent", NULL};

static bool only_services(const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->principal_count; i++) {
        if (strcmp(grant->principals[i].type, "Service") != 0) {
            return false;
        }
    }
    return grant->principal_count > 0;
}

static void check_never(struct cc_lint *lint, const struct cc_grant *grant, const char *const *keys,
                        const char *service)
{
    for (size_t i = 0; i < grant->clause_count; i++) {
        const struct cc_clause *clause = &grant->clauses[i];

        if (cc_one_of(clause->key, keys) && cc_clause_binds(clause)) {
            cc_found_at_name(lint, clause->node,
                             CC_T_UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL,
                             "requests of %s never have %s, so that the role cannot be assumed",
                             service, clause->node->name);
        }
    }
}

static void check_service(struct cc_lint *lint, const struct cc_grant *grant,
                          const struct cc_said *said)
{
    const struct service *service = service_of(said->text);
    bool source = false;

    for (size_t i = 0; source_keys[i]; i++) {
        source = source || cc_grant_binds(grant, source_keys[i]);
    }
    if (service && service->no_source) {
        check_never(lint, grant, source_keys, cc_value_shown(lint->mem, said->text));
    } else if (service && service->source && !source && cc_grant_covers(grant, "sts:AssumeRole")) {
        cc_found(lint, said->node, CC_T_RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL,
                 "%s can assume the role on behalf of any account",
                 cc_value_shown(lint->mem, said->text));
    }
}

static void check_services(struct cc_lint *lint, const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->principal_count; i++) {
        if (strcmp(grant->principals[i].type, "Service") == 0) {
            check_service(lint, grant, &grant->principals[i].said);
        }
    }
    if (only_services(grant)) {
        check_never(lint, grant, identity_keys, "services");
    }
}

/* --- EKS Pod Identity --- */

static const struct cc_said *pod_identity(const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->principal_count; i++) {
        if (cc_text_starts(grant->principals[i].said.text, "pods.eks.")) {
            return &grant->principals[i].said;
        }
    }
    return NULL;
}

static void check_pods(struct cc_lint *lint, const struct cc_document_policy *policy)
{
    const struct cc_said *pods = NULL;
    bool assumes = false;
    bool tags = false;

    for (size_t i = 0; i < policy->grant_count; i++) {
        const struct cc_grant *grant = &policy->grants[i];
        const struct cc_said *said = grant->allows ? pod_identity(grant) : NULL;

        pods = said && !pods ? said : pods;
        assumes = assumes || (said && cc_grant_covers(grant, "sts:AssumeRole"));
        tags = tags || (said && cc_grant_covers(grant, "sts:TagSession"));
    }
    if (pods && assumes && !tags) {
        cc_found(lint, pods->node, CC_T_POD_IDENTITY_WITHOUT_TAG_SESSION,
                 "EKS Pod Identity needs sts:TagSession beside sts:AssumeRole");
    } else if (pods && tags && !assumes) {
        cc_found(lint, pods->node, CC_T_POD_IDENTITY_WITHOUT_TAG_SESSION,
                 "EKS Pod Identity needs sts:AssumeRole beside sts:TagSession");
    }
}

void cc_lint_trust(struct cc_lint *lint, const struct cc_document_policy *policy)
{
    for (size_t i = 0; i < policy->grant_count; i++) {
        const struct cc_grant *grant = &policy->grants[i];

        check_actions(lint, grant);
        if (!grant->allows || grant->not_action || grant->not_principal) {
            continue;
        }
        check_match(lint, grant);
        check_services(lint, grant);
        cc_lint_federated(lint, grant);
        cc_lint_external_id(lint, grant);
        cc_lint_foreign(lint, grant);
    }
    check_pods(lint, policy);
}
