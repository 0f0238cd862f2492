#include "credctl/base/text.h"

#include "functions.h"
#include "policy.h"

#include <string.h>

static const char *const document_keys[] = {"Version", "Id", "Statement", NULL};
static const char *const statement_keys[] = {"Sid",       "Effect",    "Principal", "NotPrincipal",
                                             "Action",    "NotAction", "Resource",  "NotResource",
                                             "Condition", NULL};

/* --- elements of a statement --- */

static void read_effect(struct cc_lint *lint, struct cc_grant *grant)
{
    const struct cc_node *effect = cc_node_member(grant->node, "Effect");
    const char *text = effect ? cc_value_text(lint, effect) : NULL;

    if (!effect) {
        cc_found(lint, grant->node, CC_T_MISSING_EFFECT, "the statement has no Effect");
        return;
    }
    grant->allows = cc_text_equal(text, "Allow");
    grant->denies = cc_text_equal(text, "Deny");
    if (text && cc_value_known(text) && !grant->allows && !grant->denies) {
        static const char *const effects[] = {"Allow", "Deny", NULL};

        cc_found(lint, effect, CC_T_INVALID_EFFECT, "%.60s is not an effect%s", text,
                 cc_did_you_mean(lint, text, effects));
    } else if (!text) {
        cc_found(lint, effect, CC_T_DATA_TYPE_MISMATCH, "Effect is not a text");
    }
}

/* An element or its opposite; NULL: neither is there. */
static const struct cc_node *either(struct cc_lint *lint, const struct cc_node *statement,
                                    const char *name, const char *opposite)
{
    const struct cc_node *one = cc_node_member(statement, name);
    const struct cc_node *other = cc_node_member(statement, opposite);

    if (one && other) {
        cc_found_at_name(lint, other, CC_T_UNSUPPORTED_ELEMENT_COMBINATION,
                         "the statement has both %s and %s", name, opposite);
    }
    return one ? one : other;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* "service:Action", where the action can have wildcards; "*:Get*" is accepted too. */
static bool check_action_form(struct cc_lint *lint, const struct cc_said *action)
{
    const char *text = action->text;
    const char *name = strchr(text, ':') ? strchr(text, ':') + 1 : text;
    const size_t service = text[0] == '*' ? 1 : strspn(text, LETTERS "-_");
    const bool form = service > 0 && name == text + service + 1 && name[0] &&
                      strspn(name, LETTERS "-_*?:") == strlen(name);

    if (cc_value_known(text) && strcmp(text, "*") != 0 && !form) {
        cc_found(lint, action->node, CC_T_INVALID_ACTION,
                 "%.100s is not an action of the form service:Action", text);
        return false;
    }
    return true;
}

static void read_actions(struct cc_lint *lint, const struct cc_document_policy *policy,
                         struct cc_grant *grant)
{
    const struct cc_node *node = either(lint, grant->node, "Action", "NotAction");

    if (!node) {
        cc_found(lint, grant->node, CC_T_MISSING_ACTION,
                 "the statement has neither Action nor NotAction");
        return;
    }
    grant->not_action = strcmp(node->name, "NotAction") == 0;
    grant->actions = cc_texts_read(lint, node);
    if (node->kind == CC_NODE_LIST && node->count == 0) {
        cc_found(lint, node, CC_T_MISSING_ACTION, "the statement has no actions");
    }
    for (size_t i = 0; i < grant->actions.count; i++) {
        const bool form = check_action_form(lint, &grant->actions.rows[i]);

        if (form && policy->kind != CC_POLICY_TRUST) {
            cc_lint_action(lint, &grant->actions.rows[i]);
        }
    }
}

static void check_arn(struct cc_lint *lint, const struct cc_said *said)
{
    static const char *const partitions[] = {"aws",       "aws-cn",    "aws-us-gov", "aws-iso",
                                             "aws-iso-b", "aws-iso-e", "aws-iso-f",  "aws-eusc",
                                             "*",         NULL};
    const char *text = said->text;
    size_t colons = 0;

    if (!cc_value_known(text) || strcmp(text, "*") == 0 || strstr(text, "${")) {
        return;
    }
    if (!cc_text_starts(text, "arn:")) {
        if (!strpbrk(text, "*?")) {
            cc_found(lint, said->node, CC_T_INVALID_ARN, "%.100s is neither an ARN nor *", text);
        }
        return;
    }
    const char *partition = cc_text_dup(lint->mem, text + 4, strcspn(text + 4, ":"));
    for (const char *at = text; *at; at++) {
        colons += *at == ':';
    }
    if (!strpbrk(partition, "*?") && !cc_one_of(partition, partitions)) {
        cc_found(lint, said->node, CC_T_INVALID_PARTITION, "there is no partition %.60s",
                 partition);
    } else if (colons < 5 && !strchr(text, '*')) {
        cc_found(lint, said->node, CC_T_INVALID_ARN, "%.100s has less than the six parts of an ARN",
                 text);
    }
}

static void read_resources(struct cc_lint *lint, const struct cc_document_policy *policy,
                           struct cc_grant *grant)
{
    const struct cc_node *node = either(lint, grant->node, "Resource", "NotResource");

    if (policy->kind == CC_POLICY_TRUST) {
        if (node) {
            cc_found_at_name(lint, node, CC_T_ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE,
                             "a trust policy cannot have %s", node->name);
        }
        return;
    }
    if (!node) {
        if (policy->needs_resource) {
            cc_found(lint, grant->node, CC_T_MISSING_RESOURCE,
                     "the statement has neither Resource nor NotResource");
        }
        return;
    }
    grant->not_resource = strcmp(node->name, "NotResource") == 0;
    grant->resources = cc_texts_read(lint, node);
    for (size_t i = 0; i < grant->resources.count; i++) {
        check_arn(lint, &grant->resources.rows[i]);
    }
}

static void read_principals(struct cc_lint *lint, const struct cc_document_policy *policy,
                            struct cc_grant *grant)
{
    const struct cc_node *node = either(lint, grant->node, "Principal", "NotPrincipal");
    const bool identity = policy->kind == CC_POLICY_IDENTITY || policy->kind == CC_POLICY_CEILING;

    if (identity) {
        if (node) {
            cc_found_at_name(lint, node, CC_T_UNSUPPORTED_PRINCIPAL,
                             "an identity policy cannot have %s", node->name);
        }
        return;
    }
    if (!node) {
        cc_found(lint, grant->node, CC_T_MISSING_PRINCIPAL, "the statement has no Principal");
        return;
    }
    grant->not_principal = strcmp(node->name, "NotPrincipal") == 0;
    if (grant->not_principal && policy->kind == CC_POLICY_TRUST) {
        cc_found_at_name(lint, node, CC_T_ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL,
                         "a trust policy cannot have NotPrincipal");
    } else if (grant->not_principal && grant->allows) {
        cc_found_at_name(lint, node, CC_T_ALLOW_WITH_NOTPRINCIPAL,
                         "NotPrincipal with Allow allows everybody else");
    }
    cc_principals_read(lint, policy, grant, node);
}

/* --- statements --- */

static void check_sid(struct cc_lint *lint, const struct cc_document_policy *policy,
                      const struct cc_grant *grant)
{
    const struct cc_node *sid = cc_node_member(grant->node, "Sid");
    const char *text = sid ? cc_value_text(lint, sid) : NULL;
    const bool strict = policy->kind == CC_POLICY_IDENTITY || policy->kind == CC_POLICY_TRUST;

    if (sid && !text && !cc_node_is_null(sid)) {
        cc_found(lint, sid, CC_T_DATA_TYPE_MISMATCH, "Sid is not a text");
    } else if (text && strict && text[0] && cc_value_known(text) &&
               !cc_text_consists(text, "", SIZE_MAX)) {
        cc_found(lint, sid, CC_T_UNSUPPORTED_SID,
                 "the Sid %.60s has characters other than letters and digits", text);
    }
}

/* Statements in the branches of a condition are not there together. */
static bool stands_alone(const struct cc_document_policy *policy, const struct cc_node *statement)
{
    return statement->parent == policy->node ||
           (statement->parent && statement->parent->parent == policy->node);
}

/* A statement before this one with its Sid; or NULL. */
static const struct cc_node *sid_before(const struct cc_document_policy *policy, size_t i,
                                        const char *text)
{
    for (size_t k = 0; k < i; k++) {
        const struct cc_node *other = cc_node_member(policy->grants[k].node, "Sid");

        if (cc_text_equal(cc_node_text(other), text) &&
            stands_alone(policy, policy->grants[k].node)) {
            return other;
        }
    }
    return NULL;
}

/* More statements than this are refused for their size. */
#define COMPARED_MAX 1000

static void check_unique(struct cc_lint *lint, const struct cc_document_policy *policy)
{
    for (size_t i = 0; i < policy->grant_count && i < COMPARED_MAX; i++) {
        const struct cc_node *sid = cc_node_member(policy->grants[i].node, "Sid");
        const char *text = cc_node_text(sid);
        const bool compared =
            text && text[0] && cc_value_known(text) && stands_alone(policy, policy->grants[i].node);
        const struct cc_node *other = compared ? sid_before(policy, i, text) : NULL;

        if (other) {
            cc_found(lint, sid, CC_T_UNIQUE_SIDS_REQUIRED,
                     "the Sid %.60s is also that of the statement in line %d", text, other->line);
        }
        if (other && policy->kind != CC_POLICY_IDENTITY && policy->kind != CC_POLICY_TRUST) {
            cc_found_only(lint, CC_SEVERITY_WARNING);
        }
    }
}

static void read_statement(struct cc_lint *lint, struct cc_document_policy *policy,
                           const struct cc_node *node)
{
    if (cc_node_function(node) || node->kind == CC_NODE_UNKNOWN || cc_node_is_null(node)) {
        return;
    }
    if (node->kind != CC_NODE_MAP) {
        cc_found(lint, node, CC_T_DATA_TYPE_MISMATCH, "a statement is not a map");
        return;
    }
    struct cc_grant *grant = &policy->grants[policy->grant_count++];
    const struct cc_node *condition = cc_node_member(node, "Condition");
    grant->node = node;
    cc_lint_names(lint, node, statement_keys, CC_T_INVALID_POLICY_ELEMENT, "a statement");
    check_sid(lint, policy, grant);
    read_effect(lint, grant);
    read_actions(lint, policy, grant);
    read_resources(lint, policy, grant);
    read_principals(lint, policy, grant);
    if (condition) {
        cc_clauses_read(lint, grant, condition);
    }
}

static void check_version(struct cc_lint *lint, const struct cc_document_policy *policy)
{
    const struct cc_node *version = cc_node_member(policy->node, "Version");
    const char *text = version ? cc_value_text(lint, version) : NULL;

    if (!version) {
        cc_found(lint, policy->node, CC_T_MISSING_VERSION, "the policy has no Version");
    } else if (!text || (cc_value_known(text) && strcmp(text, "2012-10-17") != 0 &&
                         strcmp(text, "2008-10-17") != 0)) {
        cc_found(lint, version, CC_T_INVALID_VERSION,
                 "the Version of the policy is neither 2012-10-17 nor 2008-10-17");
    }
}

void cc_policy_read(struct cc_lint *lint, struct cc_document_policy *policy)
{
    const struct cc_node *statement = cc_node_member(policy->node, "Statement");

    cc_lint_names(lint, policy->node, document_keys, CC_T_INVALID_POLICY_ELEMENT, "a policy");
    check_version(lint, policy);
    if (!statement) {
        cc_found(lint, policy->node, CC_T_MISSING_STATEMENT, "the policy has no Statement");
        return;
    }
    const struct cc_nodes items = cc_items(lint->mem, statement);
    policy->grants = cc_alloc(lint->mem, (items.count + 1) * sizeof(*policy->grants));
    for (size_t i = 0; i < items.count; i++) {
        read_statement(lint, policy, items.rows[i].node);
    }
    check_unique(lint, policy);
}
