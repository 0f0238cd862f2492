#include "credctl/base/text.h"

#include "schema.h"

#include <string.h>

static void check_unknown(struct cc_lint *lint, const struct cc_node *type, const char *name)
{
    if (cc_text_starts(name, "AWS::Serverless::")) {
        if (!lint->serverless) {
            cc_found(lint, type, CC_T_UNKNOWN_TYPE, "%.100s needs a transform", name);
            cc_found_fix(lint, "add Transform: AWS::Serverless-2016-10-31");
        }
    } else if (cc_text_starts(name, "AWS::") && !cc_text_ends(name, "::MODULE")) {
        cc_found(lint, type, CC_T_UNKNOWN_TYPE, "there is no resource type %.100s", name);
    } else if (!strstr(name, "::")) {
        cc_found(lint, type, CC_T_UNKNOWN_TYPE, "%.100s is not a resource type", name);
        cc_found_fix(lint, "write the type as Service-Provider::Service::Type, for example "
                           "AWS::IAM::Role");
    } else {
        cc_found(lint, type, CC_T_NOT_CHECKED, "the properties of %.100s are not checked", name);
    }
}

static void check_custom(struct cc_lint *lint, const struct cc_node *resource)
{
    const struct cc_node *properties = cc_node_member(resource, "Properties");

    if (!properties || (properties->kind == CC_NODE_MAP && !cc_has_loop(properties) &&
                        !cc_node_member(properties, "ServiceToken"))) {
        cc_found_at_name(lint, properties ? properties : resource, CC_T_MISSING_PROPERTY,
                         "a custom resource needs the property ServiceToken");
        cc_found_fix(lint, "add ServiceToken");
    }
}

/* Also when there are none: they may be needed. */
static bool has_properties(const struct cc_node *resource)
{
    const struct cc_node *properties = cc_node_member(resource, "Properties");

    return !properties || properties->kind == CC_NODE_MAP;
}

static void check_one(struct cc_lint *lint, const struct cc_node *resource)
{
    const struct cc_node *type = cc_node_member(resource, "Type");
    const char *name = cc_node_text(type);
    int root = 0;

    if (!name) {
        return;
    }
    if (cc_text_starts(name, "Custom::")) {
        check_custom(lint, resource);
        return;
    }
    switch (cc_type_find(lint->types, name, &root)) {
    case CC_KNOWN_SCHEMA:
        if (has_properties(resource)) {
            cc_lint_properties(lint, resource, name, root);
        }
        break;
    case CC_KNOWN_NAME:
        cc_found(lint, type, CC_T_NOT_CHECKED, "the properties of %.100s are not checked", name);
        break;
    case CC_KNOWN_NOT: check_unknown(lint, type, name); break;
    }
}

void cc_lint_types(struct cc_lint *lint)
{
    const struct cc_node *resource = lint->resources ? lint->resources->first : NULL;

    for (; resource; resource = resource->next) {
        if (!cc_is_loop(resource) && resource->kind == CC_NODE_MAP) {
            check_one(lint, resource);
        }
    }
}
