#include "credctl/base/text.h"

#include "lint.h"

#include <string.h>

static const char *const section_names[] = {"AWSTemplateFormatVersion",
                                            "Description",
                                            "Metadata",
                                            "Parameters",
                                            "Rules",
                                            "Mappings",
                                            "Conditions",
                                            "Transform",
                                            "Resources",
                                            "Outputs",
                                            "Hooks",
                                            NULL};

static void use_transform(struct cc_lint *lint, const struct cc_node *node)
{
    const char *name = cc_node_text(node);

    if (cc_text_equal(name, "AWS::LanguageExtensions")) {
        lint->extended = true;
        return;
    }
    if (cc_text_starts(name, "AWS::Serverless-")) {
        lint->serverless = true;
    }
    lint->transformed = true;
    cc_found(
        lint, node, CC_T_NOT_CHECKED,
        "what the transform %.80s writes is not checked; names that it may declare are accepted",
        name ? name : "of this template");
}

static void check_transform(struct cc_lint *lint)
{
    const struct cc_node *transform = cc_node_member(lint->root, "Transform");

    if (transform && transform->kind == CC_NODE_LIST) {
        for (const struct cc_node *item = transform->first; item; item = item->next) {
            use_transform(lint, item);
        }
    } else if (transform && !cc_node_is_null(transform)) {
        use_transform(lint, transform);
    }
}

/* Fn::Transform anywhere, which can add anything beside itself. */
static void look_for_macros(struct cc_lint *lint)
{
    const struct cc_node *node = lint->root;

    for (; node; node = cc_node_after(node, lint->root)) {
        if (cc_text_equal(node->name, "Fn::Transform")) {
            lint->transformed = true;
            cc_found_at_name(lint, node, CC_T_NOT_CHECKED,
                             "what Fn::Transform writes is not checked; names that it may declare "
                             "are accepted");
        }
    }
}

static const struct cc_node *section(struct cc_lint *lint, const char *name)
{
    const struct cc_node *node = cc_node_member(lint->root, name);

    return node && cc_lint_kind(lint, node, CC_NODE_MAP, CC_T_INVALID_SECTION,
                                cc_textf(lint->mem, "the section %s", name))
               ? node
               : NULL;
}

static void check_nulls(struct cc_lint *lint)
{
    const struct cc_node *node = lint->root;

    for (; node; node = cc_node_after(node, lint->root)) {
        if (cc_node_is_null(node)) {
            cc_found_at_name(lint, node, CC_T_NULL_VALUE, "%.100s has no value",
                             node->name ? node->name : "an item of the list");
        }
    }
}

#define DESCRIPTION_MAX 1024

static void check_head(struct cc_lint *lint)
{
    const struct cc_node *version = cc_node_member(lint->root, "AWSTemplateFormatVersion");
    const struct cc_node *description = cc_node_member(lint->root, "Description");

    if (version && !cc_node_is_null(version) &&
        !cc_text_equal(cc_node_text(version), "2010-09-09")) {
        cc_found(lint, version, CC_T_INVALID_FORMAT_VERSION,
                 "AWSTemplateFormatVersion is not 2010-09-09");
    }
    if (description &&
        cc_lint_kind(lint, description, CC_NODE_TEXT, CC_T_INVALID_SECTION,
                     "the description of the template") &&
        strlen(description->text) > DESCRIPTION_MAX) {
        cc_found(lint, description, CC_T_TEMPLATE_LIMIT,
                 "the description has %zu bytes; %d are allowed", strlen(description->text),
                 DESCRIPTION_MAX);
        cc_found_fix(lint, "shorten the description");
    }
}

static void check_section_names(struct cc_lint *lint)
{
    for (const struct cc_node *member = lint->root->first; member; member = member->next) {
        const bool globals = lint->transformed && strcmp(member->name, "Globals") == 0;

        if (!cc_one_of(member->name, section_names) && !globals && !cc_is_loop(member)) {
            cc_found_at_name(lint, member, CC_T_INVALID_SECTION,
                             "%.100s is not a section of a template%s", member->name,
                             cc_did_you_mean(lint, member->name, section_names));
        }
    }
}

static const struct {
    const char *name;
    size_t most;
} limits[] = {{"Parameters", 200}, {"Mappings", 200}, {"Resources", 500}, {"Outputs", 200}};

static void check_limits(struct cc_lint *lint)
{
    for (size_t i = 0; i < CC_COUNT(limits); i++) {
        const struct cc_node *node = cc_node_member(lint->root, limits[i].name);

        if (node && node->count > limits[i].most) {
            cc_found_at_name(lint, node, CC_T_TEMPLATE_LIMIT,
                             "the section %s has %zu members; %zu are allowed", limits[i].name,
                             node->count, limits[i].most);
        }
    }
}

void cc_lint_sections(struct cc_lint *lint)
{
    check_transform(lint);
    look_for_macros(lint);
    check_section_names(lint);
    check_head(lint);
    check_nulls(lint);
    check_limits(lint);
    lint->parameters = section(lint, "Parameters");
    lint->mappings = section(lint, "Mappings");
    lint->conditions = section(lint, "Conditions");
    lint->rules = section(lint, "Rules");
    lint->outputs = section(lint, "Outputs");
    lint->resources = section(lint, "Resources");
    (void)section(lint, "Metadata");
    if ((!lint->resources && !cc_node_member(lint->root, "Resources") && !lint->transformed) ||
        (lint->resources && lint->resources->count == 0)) {
        cc_found(lint, lint->resources, CC_T_MISSING_RESOURCES, "the template has no resources");
    }
}
