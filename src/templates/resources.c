#include "credctl/base/text.h"

#include "lint.h"

#include <string.h>

static const char *const keys[] = {
    "Type",           "Properties",   "Condition",      "DependsOn",           "Metadata",
    "DeletionPolicy", "UpdatePolicy", "CreationPolicy", "UpdateReplacePolicy", NULL};
/* Of a macro, a module, or a handler of custom resources. */
static const char *const other_keys[] = {"Connectors", "IgnoreGlobals", "Version", NULL};

static const char *const deletions[] = {"Delete", "Retain", "Snapshot", "RetainExceptOnCreate",
                                        NULL};
static const char *const replacements[] = {"Delete", "Retain", "Snapshot", NULL};

static void check_keys(struct cc_lint *lint, const struct cc_node *resource)
{
    for (const struct cc_node *member = resource->first; member; member = member->next) {
        if (!cc_one_of(member->name, keys) && !cc_one_of(member->name, other_keys) &&
            !cc_is_loop(member)) {
            cc_found_at_name(lint, member, CC_T_INVALID_RESOURCE,
                             "%.100s is not a key of a resource%s", member->name,
                             cc_did_you_mean(lint, member->name, keys));
            cc_found_fix(lint, "properties belong under Properties");
        }
    }
}

static void check_policy(struct cc_lint *lint, const struct cc_node *resource, const char *name,
                         const char *const *values)
{
    const struct cc_node *policy = cc_node_member(resource, name);
    const char *text = cc_node_text(policy);

    if (!policy || cc_node_function(policy) || cc_node_is_null(policy)) {
        return;
    }
    if (!text || !cc_one_of(text, values)) {
        cc_found(lint, policy, CC_T_INVALID_RESOURCE, "%s is not one of %s, %s and %s%s", name,
                 values[0], values[1], values[2], text ? cc_did_you_mean(lint, text, values) : "");
    }
}

static void check_type(struct cc_lint *lint, const struct cc_node *resource)
{
    const struct cc_node *type = cc_node_member(resource, "Type");

    if (!type) {
        cc_found_at_name(lint, resource, CC_T_INVALID_RESOURCE, "the resource %.100s has no Type",
                         resource->name);
        cc_found_fix(lint, "add its Type, for example AWS::IAM::Role");
    } else {
        cc_lint_kind(lint, type, CC_NODE_TEXT, CC_T_INVALID_RESOURCE, "the Type of a resource");
    }
}

static void check_one(struct cc_lint *lint, const struct cc_node *resource)
{
    const struct cc_node *properties = cc_node_member(resource, "Properties");

    if (!cc_text_consists(resource->name, "", 255)) {
        cc_found_at_name(
            lint, resource, CC_T_INVALID_NAME,
            "the name %.100s of a resource has characters other than letters and digits",
            resource->name);
    }
    if (cc_node_member(lint->parameters, resource->name)) {
        cc_found_at_name(lint, resource, CC_T_DUPLICATE_NAME,
                         "%.100s is also the name of a parameter", resource->name);
    }
    if (!cc_lint_kind(lint, resource, CC_NODE_MAP, CC_T_INVALID_RESOURCE, "a resource")) {
        return;
    }
    check_keys(lint, resource);
    check_type(lint, resource);
    check_policy(lint, resource, "DeletionPolicy", deletions);
    check_policy(lint, resource, "UpdateReplacePolicy", replacements);
    if (properties) {
        cc_lint_kind(lint, properties, CC_NODE_MAP, CC_T_INVALID_RESOURCE,
                     "Properties of a resource");
    }
}

void cc_lint_resources(struct cc_lint *lint)
{
    const struct cc_node *resource = lint->resources ? lint->resources->first : NULL;

    for (; resource; resource = resource->next) {
        if (!cc_is_loop(resource)) {
            check_one(lint, resource);
        }
    }
}

static bool in_loop(const struct cc_node *map)
{
    for (const struct cc_node *member = map->first; member; member = member->next) {
        if (cc_is_loop(member)) {
            return true;
        }
    }
    return false;
}

bool cc_has_loop(const struct cc_node *section)
{
    return section && in_loop(section);
}
