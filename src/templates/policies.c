#include "credctl/base/text.h"

#include "policy.h"
#include "read.h"
#include "size.h"

#include <stdlib.h>
#include <string.h>

/* Where templates have policies. */

struct place {
    const char *type;
    const char *list; /* a property with a list of maps; NULL: the policy is in Properties */
    const char *property;
    enum cc_policy_kind kind;
    enum { NEEDED, OPTIONAL } resource;
    const char *name;
};

// clang-format off
static const struct place places[] = {
    {"AWS::IAM::Role", NULL, "AssumeRolePolicyDocument", CC_POLICY_TRUST, OPTIONAL, "the trust policy"},
    {"AWS::IAM::Role", "Policies", "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::User", "Policies", "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::Group", "Policies", "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::Policy", NULL, "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::RolePolicy", NULL, "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::UserPolicy", NULL, "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::GroupPolicy", NULL, "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::IAM::ManagedPolicy", NULL, "PolicyDocument", CC_POLICY_IDENTITY, NEEDED, "the managed policy"},
    {"AWS::EKS::PodIdentityAssociation", NULL, "Policy", CC_POLICY_IDENTITY, NEEDED, "the session policy"},
    {"AWS::SSO::PermissionSet", NULL, "InlinePolicy", CC_POLICY_IDENTITY, NEEDED, "the inline policy"},
    {"AWS::Organizations::Policy", NULL, "Content", CC_POLICY_CEILING, OPTIONAL, "the policy"},
    {"AWS::KMS::Key", NULL, "KeyPolicy", CC_POLICY_KEY, NEEDED, "the key policy"},
    {"AWS::S3::BucketPolicy", NULL, "PolicyDocument", CC_POLICY_RESOURCE, NEEDED, "the bucket policy"},
    {"AWS::SNS::TopicPolicy", NULL, "PolicyDocument", CC_POLICY_RESOURCE, OPTIONAL, "the topic policy"},
    {"AWS::SQS::QueuePolicy", NULL, "PolicyDocument", CC_POLICY_RESOURCE, OPTIONAL, "the queue policy"},
    {"AWS::ECR::Repository", NULL, "RepositoryPolicyText", CC_POLICY_RESOURCE, OPTIONAL, "the repository policy"},
    {"AWS::SecretsManager::ResourcePolicy", NULL, "ResourcePolicy", CC_POLICY_RESOURCE, NEEDED, "the resource policy"},
    {"AWS::Logs::ResourcePolicy", NULL, "PolicyDocument", CC_POLICY_RESOURCE, NEEDED, "the resource policy"},
    {"AWS::EFS::FileSystem", NULL, "FileSystemPolicy", CC_POLICY_RESOURCE, OPTIONAL, "the file system policy"},
    {"AWS::EC2::VPCEndpoint", NULL, "PolicyDocument", CC_POLICY_GATE, OPTIONAL, "the endpoint policy"},
    {"AWS::ApiGateway::RestApi", NULL, "Policy", CC_POLICY_GATE, OPTIONAL, "the API policy"},
};
// clang-format on

/* Roles that identities of other accounts can assume; by index in Resources. */
struct work {
    struct cc_lint *lint;
    bool *foreign;
};

/* --- documents --- */

/* Placeholders stand for text without quotes or backslashes. */
static const struct cc_node *parse(struct cc_lint *lint, const struct cc_node *node,
                                   const char *text, const struct cc_node *source)
{
    struct cc_tree *tree = cc_alloc(lint->mem, sizeof(*tree));
    const size_t before = lint->count;
    const struct cc_json_source json = {
        .text = text,
        .from = cc_place_of_text(lint, source),
        .margin = cc_margin_of_text(lint, source),
        .loose = true,
    };

    tree->lint = lint;
    cc_json_read(tree, &json);
    if (tree->failed || !tree->root) {
        if (lint->count > before) {
            cc_found_is(lint, CC_T_JSON_SYNTAX_ERROR, node);
        }
        return NULL;
    }
    tree->root->parent = node->parent;
    tree->root->name = node->name;
    tree->root->index = node->index;
    tree->root->name_line = node->name_line;
    tree->root->name_column = node->name_column;
    return tree->root;
}

static const struct cc_node *text_node(const struct cc_node *node)
{
    const struct cc_node *value = cc_node_is_function(node, "Fn::Sub") ? node->first : node;

    return value->kind == CC_NODE_LIST ? value->first : value;
}

/* The map of a policy, which can be written as JSON text; NULL: it is not in the template. */
static const struct cc_node *document_of(struct cc_lint *lint, const struct cc_node *node)
{
    if (cc_node_is_function(node, "Fn::ToJsonString")) {
        return node->first;
    }
    if (node->kind == CC_NODE_MAP && !cc_node_function(node)) {
        return node;
    }
    const char *text = cc_value_text(lint, node);
    if (!text || (!cc_node_text(node) && text[strspn(text, " \t\r\n")] != '{')) {
        return NULL;
    }
    if (strstr(text, "{{resolve:")) {
        return NULL;
    }
    return parse(lint, node, text, text_node(node));
}

static void check_document(struct work *work, const struct cc_node *resource,
                           const struct place *place, const struct cc_node *node)
{
    struct cc_lint *lint = work->lint;
    const struct cc_node *map = document_of(lint, node);

    if (!map || map->kind != CC_NODE_MAP) {
        return;
    }
    struct cc_document_policy policy = {
        .kind = place->kind,
        .needs_resource = place->resource == NEEDED,
        .node = map,
        .resource = resource,
        .name = place->name,
    };
    cc_policy_read(lint, &policy);
    cc_lint_policy_size(lint, &policy);
    if (place->kind == CC_POLICY_TRUST) {
        cc_lint_trust(lint, &policy);
        work->foreign[resource->index] =
            work->foreign[resource->index] || cc_trust_is_foreign(&policy);
    } else if (place->kind == CC_POLICY_IDENTITY) {
        cc_lint_permissions(lint, &policy, work->foreign[resource->index]);
    } else if (place->kind == CC_POLICY_RESOURCE || place->kind == CC_POLICY_KEY) {
        cc_lint_resource_policy(lint, &policy);
    }
}

static void check_property(struct work *work, const struct cc_node *resource,
                           const struct place *place, const struct cc_node *map)
{
    const struct cc_node *node = cc_node_member(map, place->property);

    if (!node) {
        return;
    }
    const struct cc_nodes choices = cc_alternatives(work->lint->mem, node);
    for (size_t i = 0; i < choices.count; i++) {
        check_document(work, resource, place, choices.rows[i].node);
    }
}

static void check_place(struct work *work, const struct cc_node *resource,
                        const struct place *place)
{
    const struct cc_node *properties = cc_node_member(resource, "Properties");
    const struct cc_node *list = cc_node_member(properties, place->list ? place->list : "");

    if (!place->list) {
        check_property(work, resource, place, properties);
    } else if (list) {
        const struct cc_nodes items = cc_items(work->lint->mem, list);

        for (size_t i = 0; i < items.count; i++) {
            check_property(work, resource, place, items.rows[i].node);
        }
    }
}

/* --- what is attached to a role that others can assume --- */

static void spread(struct work *work, const struct cc_node *resource)
{
    const struct cc_node *properties = cc_node_member(resource, "Properties");
    const struct cc_node *roles = cc_node_member(properties, "Roles");
    const struct cc_node *policies = cc_node_member(properties, "ManagedPolicyArns");
    struct cc_nodes items = {0};

    roles = roles ? roles : cc_node_member(properties, "RoleName");
    if (roles) {
        items = cc_items(work->lint->mem, roles);
    } else if (policies && work->foreign[resource->index]) {
        items = cc_items(work->lint->mem, policies);
    }
    for (size_t i = 0; i < items.count; i++) {
        const struct cc_node *other = cc_referred(work->lint, items.rows[i].node);

        if (other && roles) {
            work->foreign[resource->index] =
                work->foreign[resource->index] || work->foreign[other->index];
        } else if (other) {
            work->foreign[other->index] = true;
        }
    }
}

/* --- policies of AWS --- */

static const struct {
    const char *name;
    enum cc_template_code code;
    const char *says;
} managed[] = {
    {"AdministratorAccess", CC_T_ADMIN_POLICY, "allows every action on every resource"},
    {"IAMFullAccess", CC_T_ADMIN_POLICY, "allows to give oneself every permission"},
    {"ReadOnlyAccess", CC_T_DATA_READ, "reads data of S3, DynamoDB and SSM"},
    {"PowerUserAccess", CC_T_DATA_READ, "reads and changes the data of nearly every service"},
};

static void check_managed(struct work *work, const struct cc_node *resource,
                          const struct cc_node *item)
{
    const char *text = cc_value_text(work->lint, item);
    const char *slash = text ? strrchr(text, '/') : NULL;

    for (size_t i = 0; slash && i < CC_COUNT(managed); i++) {
        if (strcmp(slash + 1, managed[i].name) == 0 && strstr(text, ":aws:policy/") &&
            (managed[i].code == CC_T_ADMIN_POLICY || work->foreign[resource->index])) {
            cc_found(work->lint, item, managed[i].code, "the policy %s %s", managed[i].name,
                     managed[i].says);
        }
    }
}

static void check_attached(struct work *work, const struct cc_node *resource)
{
    const struct cc_node *list =
        cc_node_member(cc_node_member(resource, "Properties"), "ManagedPolicyArns");

    if (list) {
        const struct cc_nodes items = cc_items(work->lint->mem, list);

        for (size_t i = 0; i < items.count; i++) {
            check_managed(work, resource, items.rows[i].node);
        }
    }
}

/* --- all of them --- */

static void check_resource(struct work *work, const struct cc_node *resource, bool trust)
{
    const char *type = cc_node_text(cc_node_member(resource, "Type"));

    for (size_t i = 0; type && i < CC_COUNT(places); i++) {
        if (strcmp(type, places[i].type) == 0 && (places[i].kind == CC_POLICY_TRUST) == trust) {
            check_place(work, resource, &places[i]);
        }
    }
}

static void each(struct work *work, bool trust)
{
    const struct cc_node *resource = work->lint->resources->first;

    for (; resource; resource = resource->next) {
        check_resource(work, resource, trust);
    }
}

void cc_lint_policies(struct cc_lint *lint)
{
    struct work work = {.lint = lint};

    if (!lint->resources) {
        return;
    }
    work.foreign = cc_alloc(lint->mem, lint->resources->count + 1);
    cc_sizes_begin(lint);
    each(&work, true);
    for (const struct cc_node *resource = lint->resources->first; resource;
         resource = resource->next) {
        if (resource->kind == CC_NODE_MAP) {
            spread(&work, resource);
            check_attached(&work, resource);
        }
    }
    each(&work, false);
    cc_lint_inline_sizes(lint);
}
