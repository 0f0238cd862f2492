#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "edit.h"

#include <string.h>

#define SID "AllowHostingRole"

static struct cc_draft_node *member(struct cc_arena *mem, struct cc_draft_node *map,
                                    const char *key)
{
    struct cc_draft_node *node = cc_draft_in(map, key);

    if (!node) {
        node = cc_draft_map(mem);
        cc_draft_put(map, key, node, NULL);
    }
    return node;
}

static void remove_member(struct cc_draft_node *map, const char *key)
{
    const struct cc_draft_node *node = cc_draft_in(map, key);

    if (node) {
        cc_draft_remove(map, node);
    }
}

static bool given(const struct cc_generation *generation, const char *parameter)
{
    for (size_t i = 0; i < generation->setting_count; i++) {
        if (cc_text_equal(generation->settings[i].parameter, parameter)) {
            return true;
        }
    }
    return false;
}

static bool fits(const struct cc_generation *generation, struct cc_error *err)
{
    const bool org = generation->trust == CC_TRUST_ORG;

    if (org && !generation->organization) {
        cc_fail(err, CC_E_USAGE, "--trust org needs the organization");
        return cc_fix(err, "give --org-id o-xxxxxxxxxx");
    }
    if (org && generation->no_external_id && !given(generation, "HostingRoleArn")) {
        cc_fail(err, CC_E_USAGE, "every role of the organization could assume this role");
        return cc_fix(err, "leave out --external-id none, or give --source-role-arn ARN");
    }
    if (generation->revision && generation->trust != CC_TRUST_PINNED) {
        return cc_fail(err, CC_E_USAGE, "--revision needs --trust pinned");
    }
    return true;
}

static void pin(struct cc_arena *mem, struct cc_draft_node *statement, int64_t revision)
{
    cc_draft_put(member(mem, statement, "Principal"), "AWS",
                 cc_draft_text(mem, "Ref", "HostingRoleArn"), NULL);
    remove_member(cc_draft_in(statement, "Condition"), "ArnEquals");
    if (revision) {
        cc_draft_put(statement, "Sid",
                     cc_draft_text(mem, NULL, cc_textf(mem, SID "%lld", (long long)revision)),
                     NULL);
    }
}

/* Session tags that are transitive come with every AssumeRole. sts:ExternalId is not a key of
 * sts:TagSession. */
static void allow_tags(struct cc_arena *mem, struct cc_draft_node *statements,
                       const struct cc_draft_node *statement)
{
    struct cc_draft_node *tags = cc_draft_copy(mem, statement);
    struct cc_draft_node *condition = cc_draft_in(tags, "Condition");
    struct cc_draft_node *equals = cc_draft_in(condition, "StringEquals");

    cc_draft_put(tags, "Sid", cc_draft_text(mem, NULL, "AllowSessionTags"), NULL);
    cc_draft_put(tags, "Action", cc_draft_text(mem, NULL, "sts:TagSession"), NULL);
    if (equals) {
        remove_member(equals, "sts:ExternalId");
        if (!equals->first) {
            remove_member(condition, "StringEquals");
        }
    }
    if (condition && !condition->first) {
        remove_member(tags, "Condition");
    }
    cc_draft_append(statements, tags);
}

bool cc_edit_trust(struct cc_arena *mem, struct cc_draft_node *root,
                   const struct cc_generation *generation, struct cc_error *err)
{
    struct cc_draft_node *role = cc_draft_properties(root, generation->template->role);
    struct cc_draft_node *document = cc_draft_in(role, "AssumeRolePolicyDocument");
    struct cc_draft_node *statement = cc_draft_statement(root, SID);

    if (!fits(generation, err)) {
        return false;
    }
    if (generation->trust == CC_TRUST_PINNED) {
        document->comment = NULL;
        pin(mem, statement, generation->revision);
    } else if (generation->trust == CC_TRUST_ORG && !given(generation, "HostingRoleArn")) {
        document->comment = "# Any role of the organization that sends the external ID.\n";
        cc_draft_put(member(mem, statement, "Principal"), "AWS", cc_draft_text(mem, NULL, "*"),
                     NULL);
        cc_draft_drop(mem, root, "HostingRoleArn");
    }
    if (generation->organization) {
        struct cc_draft_node *condition = member(mem, statement, "Condition");

        cc_draft_put(member(mem, condition, "StringEquals"), "aws:PrincipalOrgID",
                     cc_draft_text(mem, NULL, generation->organization), NULL);
    }
    if (generation->session_tags) {
        allow_tags(mem, cc_draft_in(document, "Statement"), statement);
    }
    return true;
}

/* --- text that can be a document --- */

// NOLINTNEXTLINE(misc-no-recursion): as deep as cc_json_parse allows
static bool literal_keys(const cJSON *item)
{
    for (const cJSON *child = item->child; child; child = child->next) {
        if ((child->string && strstr(child->string, "${")) || !literal_keys(child)) {
            return false;
        }
    }
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void mark_variables(struct cc_draft_node *node)
{
    if (node->kind == CC_DRAFT_TEXT && strstr(node->text, "${")) {
        node->tag = "Sub";
    }
    for (struct cc_draft_node *child = node->first; child; child = child->next) {
        mark_variables(child);
    }
}

static void to_document(struct cc_arena *mem, struct cc_draft_node *node)
{
    const cJSON *json = NULL;
    struct cc_error ignored;

    if (node->kind != CC_DRAFT_TEXT ||
        !cc_json_parse(mem, node->text, strlen(node->text), "the trust policy", &json, &ignored) ||
        !literal_keys(json)) {
        return;
    }
    struct cc_draft_node *document = cc_draft_from_json(mem, json);
    mark_variables(document);
    cc_draft_become(node, document);
    node->comment = NULL;
}

void cc_edit_trust_text(struct cc_arena *mem, struct cc_draft_node *root)
{
    const struct cc_draft_node *resources = cc_draft_in(root, "Resources");

    for (struct cc_draft_node *row = resources->first; row; row = row->next) {
        struct cc_draft_node *document =
            cc_draft_in(cc_draft_in(row, "Properties"), "AssumeRolePolicyDocument");

        if (document) {
            to_document(mem, document);
        }
    }
}
