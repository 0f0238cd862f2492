#include "credctl/base/text.h"
#include "credctl/policy/evaluate.h"

#include "policy.h"

#include <string.h>

/* What policies allow, and whether that is more than it should be. */

bool cc_action_covers(const char *pattern, const char *name)
{
    return cc_value_known(pattern) && cc_pattern_matches(pattern, name, true);
}

bool cc_grant_covers(const struct cc_grant *grant, const char *action)
{
    for (size_t i = 0; i < grant->actions.count; i++) {
        if (cc_action_covers(grant->actions.rows[i].text, action)) {
            return !grant->not_action;
        }
    }
    return grant->not_action;
}

/* --- resources --- */

static bool is_star(const char *text)
{
    return strspn(text, "*") == strlen(text) || strcmp(text, "arn:*") == 0;
}

/* Every role of every account: "*", or an ARN with wildcards for account and name. */
static bool is_any_role(const char *text)
{
    static const char *const ends[] = {"::*:role/*", "::*:*", "::*", ":*:*:*:*", NULL};

    for (size_t i = 0; ends[i]; i++) {
        if (cc_text_starts(text, "arn:") && cc_text_ends(text, ends[i])) {
            return true;
        }
    }
    return is_star(text);
}

/* A resource of the grant for which `any` holds; NULL: none. */
static const struct cc_node *resource_that(const struct cc_grant *grant,
                                           bool (*any)(const char *text))
{
    for (size_t i = 0; i < grant->resources.count && !grant->not_resource; i++) {
        if (any(grant->resources.rows[i].text)) {
            return grant->resources.rows[i].node;
        }
    }
    return NULL;
}

static const struct cc_said *action_that(const struct cc_grant *grant, const char *name)
{
    for (size_t i = 0; i < grant->actions.count && !grant->not_action; i++) {
        if (cc_action_covers(grant->actions.rows[i].text, name)) {
            return &grant->actions.rows[i];
        }
    }
    return NULL;
}

/* --- too much --- */

static bool is_admin(const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->actions.count && !grant->not_action; i++) {
        const char *text = grant->actions.rows[i].text;

        if (strcmp(text, "*") == 0 || strcmp(text, "*:*") == 0) {
            return resource_that(grant, is_star) && grant->clause_count == 0;
        }
    }
    return false;
}

static void check_assume(struct cc_lint *lint, const struct cc_grant *grant)
{
    static const char *const limits[] = {"aws:resourceaccount",  "aws:resourceorgid",
                                         "aws:resourceorgpaths", "aws:resourcetag/",
                                         "iam:resourcetag/",     NULL};
    const struct cc_node *resource = resource_that(grant, is_any_role);

    for (size_t i = 0; limits[i]; i++) {
        if (cc_grant_binds(grant, limits[i])) {
            return;
        }
    }
    if (resource && action_that(grant, "sts:AssumeRole")) {
        cc_found(lint, resource, CC_T_ASSUME_ROLE_WITH_STAR,
                 "sts:AssumeRole is allowed for every role of every account");
    }
}

static void check_pass(struct cc_lint *lint, const struct cc_grant *grant)
{
    const struct cc_node *resource = resource_that(grant, is_any_role);

    if (resource && action_that(grant, "iam:PassRole") &&
        !cc_grant_binds(grant, "iam:passedtoservice")) {
        cc_found(lint, resource, CC_T_PASS_ROLE_WITH_STAR_IN_RESOURCE,
                 "iam:PassRole is allowed for every role");
    }
}

/* All but some actions is more than anybody has listed. */
static void check_rest(struct cc_lint *lint, const struct cc_grant *grant)
{
    if (grant->not_action && grant->clause_count == 0 && resource_that(grant, is_star)) {
        cc_found(lint, grant->node, CC_T_ADMIN_POLICY,
                 "the statement allows every action but those of NotAction, on every resource");
        cc_found_fix(lint, "list the actions that are needed under Action");
    }
}

/* Actions that read what customers store, and not how it is configured. */
static const char *const data_actions[] = {"s3:GetObject",
                                           "secretsmanager:GetSecretValue",
                                           "ssm:GetParameter",
                                           "ssm:GetParameters",
                                           "ssm:GetParametersByPath",
                                           "ssm:GetParameterHistory",
                                           "kms:Decrypt",
                                           "dynamodb:GetItem",
                                           "dynamodb:Query",
                                           "dynamodb:Scan",
                                           "lambda:GetFunction",
                                           "sqs:ReceiveMessage",
                                           "kinesis:GetRecords",
                                           "logs:GetLogEvents",
                                           "rds-data:ExecuteStatement",
                                           "ec2:GetPasswordData",
                                           "ecr:GetDownloadUrlForLayer",
                                           NULL};

static bool spans_many(const char *text)
{
    return is_star(text) || cc_text_ends(text, ":::*") || cc_text_ends(text, ":*") ||
           cc_text_ends(text, "/*");
}

static void check_data(struct cc_lint *lint, const struct cc_grant *grant)
{
    if (!resource_that(grant, spans_many)) {
        return;
    }
    for (size_t i = 0; data_actions[i]; i++) {
        const struct cc_said *action = action_that(grant, data_actions[i]);

        if (action) {
            cc_found(lint, action->node, CC_T_DATA_READ,
                     "identities of another account can call %s through this role",
                     data_actions[i]);
            return;
        }
    }
}

void cc_lint_permissions(struct cc_lint *lint, const struct cc_document_policy *policy,
                         bool of_assessment)
{
    for (size_t i = 0; i < policy->grant_count; i++) {
        const struct cc_grant *grant = &policy->grants[i];

        if (!grant->allows) {
            continue;
        }
        if (is_admin(grant)) {
            cc_found(lint, grant->node, CC_T_ADMIN_POLICY,
                     "the statement allows every action on every resource");
            continue;
        }
        check_rest(lint, grant);
        check_assume(lint, grant);
        check_pass(lint, grant);
        if (of_assessment) {
            check_data(lint, grant);
        }
    }
}

/* --- resource policies --- */

static bool is_everybody(const struct cc_named_principal *principal)
{
    return strcmp(principal->said.text, "*") == 0 && strcmp(principal->type, "Service") != 0;
}

static bool any_binds(const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->clause_count; i++) {
        /* aws:SecureTransport says how, not who. */
        if (cc_clause_binds(&grant->clauses[i]) &&
            strcmp(grant->clauses[i].key, "aws:securetransport") != 0) {
            return true;
        }
    }
    return false;
}

static void check_public(struct cc_lint *lint, const struct cc_grant *grant)
{
    for (size_t i = 0; i < grant->principal_count; i++) {
        if (is_everybody(&grant->principals[i])) {
            cc_found(lint, grant->principals[i].said.node, CC_T_PUBLIC_RESOURCE_POLICY,
                     "the statement allows everybody, without a condition");
        }
    }
}

void cc_lint_resource_policy(struct cc_lint *lint, const struct cc_document_policy *policy)
{
    for (size_t i = 0; i < policy->grant_count; i++) {
        const struct cc_grant *grant = &policy->grants[i];

        if (grant->allows && !grant->not_principal && !any_binds(grant)) {
            check_public(lint, grant);
        }
    }
}
