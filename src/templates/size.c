#include "size.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

/* --- what placeholders stand for --- */

static const struct {
    const char *name;
    size_t least;
    size_t about;
} pseudo[] = {
    {"AWS::Partition", 3, 3},   {"AWS::AccountId", 12, 12}, {"AWS::Region", 9, 9},
    {"AWS::URLSuffix", 13, 13}, {"AWS::StackName", 1, 20},  {"AWS::StackId", 60, 110},
};

#define TEXT_ABOUT 20
#define ARN_ABOUT  60

static size_t number_of(const struct cc_node *node)
{
    const char *text = cc_node_text(node);

    return text ? strtoul(text, NULL, 10) : 0;
}

static struct cc_size placeholder_size(struct cc_lint *lint, const char *name)
{
    const struct cc_node *parameter = cc_node_member(lint->parameters, name);
    const char *usual = cc_node_text(cc_node_member(parameter, "Default"));
    const size_t least = number_of(cc_node_member(parameter, "MinLength"));

    for (size_t i = 0; i < CC_COUNT(pseudo); i++) {
        if (strcmp(pseudo[i].name, name) == 0) {
            return (struct cc_size){pseudo[i].least, pseudo[i].about, NULL};
        }
    }
    if (parameter) {
        const size_t about = usual ? strlen(usual) : TEXT_ABOUT;

        return (struct cc_size){least, about > least ? about : least, NULL};
    }
    return (struct cc_size){0, strchr(name, '.') ? ARN_ABOUT : TEXT_ABOUT, NULL};
}

/* --- texts --- */

static void add(struct cc_size *size, size_t count)
{
    size->least += count;
    size->about += count;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void add_text(struct cc_lint *lint, struct cc_size *size, const char *text)
{
    for (; *text; text++) {
        if (*text == CC_OPEN && strchr(text, CC_CLOSE)) {
            const char *end = strchr(text, CC_CLOSE);
            const struct cc_size one =
                placeholder_size(lint, cc_text_dup(lint->mem, text + 1, (size_t)(end - text) - 1));

            size->least += one.least;
            size->about += one.about;
            text = end;
        } else if ((*text & 0xc0) != 0x80 && !is_space(*text)) {
            add(size, *text == '"' || *text == '\\' ? 2 : 1);
        }
    }
}

/* --- documents --- */

static bool is_branch(const struct cc_node *node)
{
    return node->parent && cc_text_equal(node->parent->name, "Fn::If") && node->index > 0;
}

/* As cc_node_beside; of Fn::If only the first branch counts. */
static const struct cc_node *beside(const struct cc_node *node, const struct cc_node *root)
{
    while (node != root && (!node->next || is_branch(node))) {
        node = node->parent;
    }
    return node == root ? NULL : node->next;
}

static void add_function(struct cc_lint *lint, struct cc_size *size, const struct cc_node *node)
{
    const char *text = cc_value_text(lint, node);

    if (!cc_node_is_function(node, "Ref") ||
        !cc_text_equal(cc_node_text(node->first), "AWS::NoValue")) {
        add(size, 2);
        add_text(lint, size, text ? text : "");
    }
}

static void add_node(struct cc_lint *lint, struct cc_size *size, const struct cc_node *node)
{
    add(size, 2); /* quotes, brackets or braces */
    if (node->text) {
        add_text(lint, size, node->text);
    } else if (node->count > 0) {
        add(size, node->count - 1);
    }
    for (const struct cc_node *member = node->kind == CC_NODE_MAP ? node->first : NULL; member;
         member = member->next) {
        add(size, 3);
        add_text(lint, size, member->name);
    }
}

struct cc_size cc_policy_size(struct cc_lint *lint, const struct cc_node *document)
{
    struct cc_size size = {.node = document};
    const struct cc_node *node = document;

    while (node) {
        const bool choice = cc_node_is_function(node, "Fn::If");

        if (choice && cc_node_item(node->first, 1)) {
            node = cc_node_item(node->first, 1);
        } else if (cc_node_function(node)) {
            add_function(lint, &size, node);
            node = beside(node, document);
        } else {
            add_node(lint, &size, node);
            node = node->first ? node->first : beside(node, document);
        }
    }
    return size;
}

/* --- quotas --- */

static const char *number(struct cc_lint *lint, size_t count)
{
    return count >= 1000 ? cc_textf(lint->mem, "%zu,%03zu", count / 1000, count % 1000)
                         : cc_textf(lint->mem, "%zu", count);
}

static void check(struct cc_lint *lint, const struct cc_size *size, size_t most, const char *what,
                  enum cc_template_code code)
{
    if (size->least > most) {
        cc_found(lint, size->node, code,
                 "%s has %s%s characters without white space; %s are allowed", what,
                 size->least < size->about ? "at least " : "", number(lint, size->least),
                 number(lint, most));
    } else if (size->about > most) {
        cc_found(lint, size->node, code,
                 "%s has about %s characters without white space, with usual values for what is "
                 "only known at deployment; %s are allowed",
                 what, number(lint, size->about), number(lint, most));
        cc_found_only(lint, CC_SEVERITY_WARNING);
    }
}

void cc_sizes_begin(struct cc_lint *lint)
{
    lint->inline_sizes = cc_alloc(lint->mem, (lint->resources->count + 1) * sizeof(struct cc_size));
}

static void add_inline(struct cc_lint *lint, const struct cc_node *owner,
                       const struct cc_size *size)
{
    struct cc_size *sum = &lint->inline_sizes[owner->index];

    sum->least += size->least;
    sum->about += size->about;
    sum->node = sum->node ? sum->node : size->node;
}

static void add_to_listed(struct cc_lint *lint, const struct cc_node *list,
                          const struct cc_size *size)
{
    const struct cc_nodes items = cc_items(lint->mem, list);

    for (size_t i = 0; i < items.count; i++) {
        const struct cc_node *owner = cc_referred(lint, items.rows[i].node);

        if (owner) {
            add_inline(lint, owner, size);
        }
    }
}

/* A policy of its own belongs to each role, user and group that it names. */
static void add_to_owners(struct cc_lint *lint, const struct cc_node *resource,
                          const struct cc_size *size)
{
    static const char *const names[] = {"Roles",  "RoleName",  "Users", "UserName",
                                        "Groups", "GroupName", NULL};
    const struct cc_node *properties = cc_node_member(resource, "Properties");

    for (size_t i = 0; names[i]; i++) {
        const struct cc_node *list = cc_node_member(properties, names[i]);

        if (list) {
            add_to_listed(lint, list, size);
        }
    }
}

#define TRUST_MOST   2048
#define MANAGED_MOST 6144
#define SESSION_MOST 2048

void cc_lint_policy_size(struct cc_lint *lint, const struct cc_document_policy *policy)
{
    const char *type = cc_node_text(cc_node_member(policy->resource, "Type"));
    const struct cc_size size = cc_policy_size(lint, policy->node);

    if (policy->kind == CC_POLICY_TRUST) {
        check(lint, &size, TRUST_MOST, "the trust policy",
              CC_T_POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA);
    } else if (policy->kind != CC_POLICY_IDENTITY) {
        return;
    } else if (cc_text_equal(type, "AWS::IAM::ManagedPolicy")) {
        check(lint, &size, MANAGED_MOST, "the managed policy",
              CC_T_POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA);
    } else if (cc_text_equal(type, "AWS::EKS::PodIdentityAssociation")) {
        check(lint, &size, SESSION_MOST, "the session policy",
              CC_T_POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA);
    } else if (cc_text_ends(type, "Policy")) {
        add_to_owners(lint, policy->resource, &size);
    } else {
        add_inline(lint, policy->resource, &size);
    }
}

static const struct {
    const char *type;
    size_t most;
    const char *what;
} owners[] = {
    {"AWS::IAM::Role", 10240, "the sum of the inline policies of the role"},
    {"AWS::IAM::User", 2048, "the sum of the inline policies of the user"},
    {"AWS::IAM::Group", 5120, "the sum of the inline policies of the group"},
};

static void check_owner(struct cc_lint *lint, const char *type, const struct cc_size *size)
{
    for (size_t i = 0; i < CC_COUNT(owners); i++) {
        if (cc_text_equal(type, owners[i].type)) {
            check(lint, size, owners[i].most, owners[i].what,
                  CC_T_POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA);
        }
    }
}

void cc_lint_inline_sizes(struct cc_lint *lint)
{
    const struct cc_node *resource = lint->resources->first;

    for (; resource; resource = resource->next) {
        const struct cc_size *size = &lint->inline_sizes[resource->index];

        if (size->node) {
            check_owner(lint, cc_node_text(cc_node_member(resource, "Type")), size);
        }
    }
}
