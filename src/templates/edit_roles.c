#include "credctl/base/text.h"
#include "credctl/policy/tools.h"

#include "edit.h"

#include <string.h>

struct cc_draft_node *cc_draft_resource(const struct cc_draft_node *root, const char *name)
{
    return cc_draft_in(cc_draft_in(root, "Resources"), name);
}

struct cc_draft_node *cc_draft_properties(const struct cc_draft_node *root, const char *name)
{
    return cc_draft_in(cc_draft_resource(root, name), "Properties");
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
struct cc_draft_node *cc_draft_statement(struct cc_draft_node *root, const char *sid)
{
    struct cc_draft_node *found = cc_text_equal(cc_draft_text_in(root, "Sid"), sid) ? root : NULL;

    for (struct cc_draft_node *child = root->first; child && !found; child = child->next) {
        found = cc_draft_statement(child, sid);
    }
    return found;
}

bool cc_no_meaning(const struct cc_generation *generation, const char *option, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "%s has no meaning for %s", option, generation->template->name);
    return cc_fix(err, "leave it out");
}

static bool is_role(const struct cc_draft_node *resource)
{
    return cc_text_equal(cc_draft_text_in(resource, "Type"), "AWS::IAM::Role");
}

static void set_boundary(struct cc_arena *mem, struct cc_draft_node *root, const char *boundary)
{
    const struct cc_draft_node *resources = cc_draft_in(root, "Resources");

    for (struct cc_draft_node *row = resources->first; boundary && row; row = row->next) {
        if (is_role(row)) {
            struct cc_draft_node *properties = cc_draft_in(row, "Properties");
            const bool timed = cc_draft_in(properties, "MaxSessionDuration") != NULL;

            cc_draft_put(properties, "PermissionsBoundary", cc_draft_text(mem, NULL, boundary),
                         timed ? "MaxSessionDuration" : "Description");
        }
    }
}

static void attach(struct cc_arena *mem, struct cc_draft_node *role, struct cc_draft_node *policy)
{
    struct cc_draft_node *list = cc_draft_in(role, "ManagedPolicyArns");

    if (!list) {
        list = cc_draft_list(mem);
        cc_draft_put(role, "ManagedPolicyArns", list, "AssumeRolePolicyDocument");
    }
    cc_draft_append(list, policy);
}

/* --- permissions of the tools --- */

static bool among(const char *const *tools, const char *sid)
{
    for (; *tools; tools++) {
        if (cc_text_starts(sid, *tools)) {
            return true;
        }
    }
    return false;
}

/* The Sid of each statement begins with the name of a tool. */
static bool keep_tools(struct cc_draft_node *root, const struct cc_generation *generation,
                       struct cc_error *err)
{
    struct cc_draft_node *list = cc_draft_in(
        cc_draft_in(cc_draft_properties(root, "AssessmentPolicy"), "PolicyDocument"), "Statement");
    struct cc_draft_node *next = NULL;

    if (!list) {
        return cc_no_meaning(generation, "--tools", err);
    }
    for (struct cc_draft_node *row = list->first; row; row = next) {
        next = row->next;
        if (!among(generation->tools, cc_draft_text_in(row, "Sid"))) {
            cc_draft_remove(list, row);
        }
    }
    if (!list->first) {
        cc_fail(err, CC_E_USAGE, "--tools: these tools need no permissions");
        return cc_fix(err, "add a tool that calls AWS, such as CheckSecurityServices");
    }
    return true;
}

/* --- permissions of the user's own --- */

static bool is_identity_policy(const struct cc_policy *policy, struct cc_error *err)
{
    for (size_t i = 0; i < policy->count; i++) {
        if (policy->statements[i].principal.present) {
            cc_fail(err, CC_E_USAGE, "%s, statement %zu has a principal", policy->name, i + 1);
            return cc_fix(err, "give a policy of permissions; a trust policy cannot be merged");
        }
        if (!policy->statements[i].resource.present) {
            cc_fail(err, CC_E_USAGE, "%s, statement %zu has no resource", policy->name, i + 1);
            return cc_fix(err, "add a Resource");
        }
    }
    return true;
}

/* A policy of its own, so that its Version and its Sids stay what they are. */
static bool add_policy(struct cc_arena *mem, struct cc_draft_node *role,
                       const struct cc_policy *policy, struct cc_error *err)
{
    struct cc_draft_node *list = cc_draft_in(role, "Policies");
    struct cc_draft_node *row = cc_draft_map(mem);
    struct cc_draft_node *document = cc_draft_map(mem);
    struct cc_draft_node *statements = cc_draft_list(mem);

    if (!is_identity_policy(policy, err)) {
        return false;
    }
    for (size_t i = 0; i < policy->count; i++) {
        cc_draft_append(statements, cc_draft_from_json(mem, policy->statements[i].json));
    }
    struct cc_draft_node *version =
        cc_draft_text(mem, NULL, policy->variables ? "2012-10-17" : "2008-10-17");
    cc_draft_put(document, "Version", version, NULL);
    cc_draft_put(document, "Statement", statements, NULL);
    cc_draft_put(row, "PolicyName", cc_draft_text(mem, NULL, "AdditionalPermissions"), NULL);
    cc_draft_put(row, "PolicyDocument", document, NULL);
    if (!list) {
        list = cc_draft_list(mem);
        cc_draft_put(role, "Policies", list, "AssumeRolePolicyDocument");
    }
    cc_draft_append(list, row);
    return true;
}

/* --- which roles may be assumed --- */

static bool limit_to_organization(struct cc_arena *mem, struct cc_draft_node *root,
                                  const struct cc_generation *generation, struct cc_error *err)
{
    struct cc_draft_node *statement = cc_draft_statement(root, "AssumeTargetRoles");
    struct cc_draft_node *condition = cc_draft_map(mem);
    struct cc_draft_node *equals = cc_draft_map(mem);

    if (!statement) {
        return cc_no_meaning(generation, "--org-id", err);
    }
    cc_draft_put(equals, "aws:ResourceOrgID", cc_draft_text(mem, NULL, generation->organization),
                 NULL);
    cc_draft_put(condition, "StringEquals", equals, NULL);
    cc_draft_put(statement, "Condition", condition, NULL);
    return true;
}

static bool use_existing_provider(struct cc_arena *mem, struct cc_draft_node *root,
                                  const struct cc_generation *generation, struct cc_error *err)
{
    struct cc_draft_node *resources = cc_draft_in(root, "Resources");
    const struct cc_draft_node *provider = cc_draft_in(resources, "GitHubProvider");

    if (!provider) {
        return cc_no_meaning(generation, "--existing-provider", err);
    }
    cc_draft_remove(resources, provider);
    cc_draft_set(mem, root, "GitHubProvider",
                 cc_draft_text(mem, "Sub",
                               "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/"
                               "token.actions.githubusercontent.com"));
    return true;
}

static bool in_vpc(struct cc_arena *mem, struct cc_draft_node *role,
                   const struct cc_generation *generation, struct cc_error *err)
{
    if (!cc_text_equal(generation->template->name, "lambda")) {
        return cc_no_meaning(generation, "--vpc", err);
    }
    attach(mem, role,
           cc_draft_text(mem, "Sub",
                         "arn:${AWS::Partition}:iam::aws:policy/service-role/"
                         "AWSLambdaVPCAccessExecutionRole"));
    return true;
}

bool cc_edit_roles(struct cc_arena *mem, struct cc_draft_node *root,
                   const struct cc_generation *generation, struct cc_error *err)
{
    struct cc_draft_node *role = cc_draft_properties(root, generation->template->role);
    const bool host = generation->template->side != CC_SIDE_TARGET;

    set_boundary(mem, root, generation->boundary);
    for (const char *const *arn = generation->managed_policies; arn && *arn; arn++) {
        attach(mem, role, cc_draft_text(mem, NULL, *arn));
    }
    return (!generation->vpc || in_vpc(mem, role, generation, err)) &&
           (!generation->existing_provider || use_existing_provider(mem, root, generation, err)) &&
           (!generation->tools || keep_tools(root, generation, err)) &&
           (!generation->policy || add_policy(mem, role, generation->policy, err)) &&
           (!generation->organization || !host ||
            limit_to_organization(mem, root, generation, err));
}
