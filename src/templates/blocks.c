#include "credctl/base/text.h"

#include "lint.h"

#include <string.h>

/* Mappings, conditions, rules and outputs. */

static void check_logical_name(struct cc_lint *lint, const struct cc_node *member, const char *what)
{
    if (!cc_text_consists(member->name, "", 255)) {
        cc_found_at_name(lint, member, CC_T_INVALID_NAME,
                         "the name %.100s of %s has characters other than letters and digits",
                         member->name, what);
    }
}

/* --- mappings --- */

static void check_mapped(struct cc_lint *lint, const struct cc_node *value)
{
    const struct cc_node *item = value->kind == CC_NODE_LIST ? value->first : NULL;

    if (value->kind == CC_NODE_MAP && !cc_is_loop(value) && !lint->extended) {
        cc_found(lint, value, CC_T_INVALID_MAPPING,
                 "a value of a mapping is neither a text nor a list");
    }
    for (; item; item = item->next) {
        if (item->kind == CC_NODE_MAP && !lint->extended) {
            cc_found(lint, item, CC_T_INVALID_MAPPING, "a list of a mapping has more than texts");
        }
    }
}

static void check_keys_of_mapping(struct cc_lint *lint, const struct cc_node *key)
{
    if (cc_is_loop(key) || !cc_lint_kind(lint, key, CC_NODE_MAP, CC_T_INVALID_MAPPING,
                                         "the first level of a mapping")) {
        return;
    }
    for (const struct cc_node *value = key->first; value; value = value->next) {
        check_mapped(lint, value);
    }
}

void cc_lint_mappings(struct cc_lint *lint)
{
    const struct cc_node *mapping = lint->mappings ? lint->mappings->first : NULL;

    for (; mapping; mapping = mapping->next) {
        if (cc_is_loop(mapping)) {
            continue;
        }
        check_logical_name(lint, mapping, "a mapping");
        if (!cc_lint_kind(lint, mapping, CC_NODE_MAP, CC_T_INVALID_MAPPING, "a mapping")) {
            continue;
        }
        for (const struct cc_node *key = mapping->first; key; key = key->next) {
            check_keys_of_mapping(lint, key);
        }
    }
}

/* --- conditions and rules --- */

static const char *const condition_functions[] = {"Fn::And",    "Fn::Or",    "Fn::Not",
                                                  "Fn::Equals", "Condition", NULL};

bool cc_is_condition(const struct cc_node *node)
{
    return node->kind == CC_NODE_MAP && node->count == 1 &&
           cc_one_of(node->first->name, condition_functions);
}

void cc_lint_conditions(struct cc_lint *lint)
{
    const struct cc_node *condition = lint->conditions ? lint->conditions->first : NULL;

    for (; condition; condition = condition->next) {
        if (cc_is_loop(condition)) {
            continue;
        }
        if (!cc_is_condition(condition) && condition->kind != CC_NODE_UNKNOWN &&
            !cc_node_is_null(condition)) {
            cc_found(lint, condition, CC_T_INVALID_CONDITION,
                     "the condition %.100s is not made of condition functions", condition->name);
        }
    }
}

static const char *const rule_keys[] = {"RuleCondition", "Assertions", NULL};
static const char *const assertion_keys[] = {"Assert", "AssertDescription", NULL};

static void check_assertions(struct cc_lint *lint, const struct cc_node *list)
{
    for (const struct cc_node *item = list->first; item; item = item->next) {
        if (!cc_lint_kind(lint, item, CC_NODE_MAP, CC_T_INVALID_RULE, "an assertion")) {
            continue;
        }
        cc_lint_names(lint, item, assertion_keys, CC_T_UNKNOWN_KEY, "an assertion");
        if (!cc_node_member(item, "Assert")) {
            cc_found(lint, item, CC_T_INVALID_RULE, "an assertion has no Assert");
        }
    }
}

void cc_lint_rules(struct cc_lint *lint)
{
    const struct cc_node *rule = lint->rules ? lint->rules->first : NULL;

    for (; rule; rule = rule->next) {
        const struct cc_node *assertions = cc_node_member(rule, "Assertions");

        if (cc_is_loop(rule) ||
            !cc_lint_kind(lint, rule, CC_NODE_MAP, CC_T_INVALID_RULE, "a rule")) {
            continue;
        }
        cc_lint_names(lint, rule, rule_keys, CC_T_INVALID_RULE, "a rule");
        if (!assertions) {
            cc_found_at_name(lint, rule, CC_T_INVALID_RULE, "the rule %.100s has no Assertions",
                             rule->name);
        } else if (cc_lint_kind(lint, assertions, CC_NODE_LIST, CC_T_INVALID_RULE, "Assertions")) {
            check_assertions(lint, assertions);
        }
    }
}

/* --- outputs --- */

static const char *const output_keys[] = {"Value", "Description", "Export", "Condition", NULL};

static void check_output_value(struct cc_lint *lint, const struct cc_node *value)
{
    if (value->kind == CC_NODE_LIST || (value->kind == CC_NODE_MAP && !cc_node_function(value))) {
        cc_found(lint, value, CC_T_INVALID_OUTPUT, "the value of an output is not a text");
        cc_found_fix(lint, "join the items with Fn::Join");
    }
    if (cc_node_is_function(value, "Ref")) {
        const char *name = cc_node_text(value->first);

        if (name && cc_parameter_is_list(cc_node_member(lint->parameters, name))) {
            cc_found(lint, value, CC_T_INVALID_OUTPUT, "the parameter %.100s is a list, not a text",
                     name);
            cc_found_fix(lint, "join the items with Fn::Join");
        }
    }
}

static void check_export(struct cc_lint *lint, const struct cc_node *export_of)
{
    static const char *const names[] = {"Name", NULL};

    if (!export_of || !cc_lint_kind(lint, export_of, CC_NODE_MAP, CC_T_INVALID_OUTPUT, "Export")) {
        return;
    }
    cc_lint_names(lint, export_of, names, CC_T_INVALID_OUTPUT, "Export");
    if (!cc_node_member(export_of, "Name")) {
        cc_found(lint, export_of, CC_T_INVALID_OUTPUT, "Export has no Name");
    }
}

static void check_output(struct cc_lint *lint, const struct cc_node *output)
{
    const struct cc_node *value = cc_node_member(output, "Value");
    const struct cc_node *description = cc_node_member(output, "Description");

    check_logical_name(lint, output, "an output");
    if (!cc_lint_kind(lint, output, CC_NODE_MAP, CC_T_INVALID_OUTPUT, "an output")) {
        return;
    }
    cc_lint_names(lint, output, output_keys, CC_T_INVALID_OUTPUT, "an output");
    if (value) {
        check_output_value(lint, value);
    } else {
        cc_found_at_name(lint, output, CC_T_INVALID_OUTPUT, "the output %.100s has no Value",
                         output->name);
    }
    if (description && description->kind != CC_NODE_TEXT && !lint->extended) {
        cc_found(lint, description, CC_T_INVALID_OUTPUT,
                 "the description of an output is not a text without functions");
    }
    check_export(lint, cc_node_member(output, "Export"));
}

void cc_lint_outputs(struct cc_lint *lint)
{
    const struct cc_node *output = lint->outputs ? lint->outputs->first : NULL;

    for (; output; output = output->next) {
        if (!cc_is_loop(output)) {
            check_output(lint, output);
        }
    }
}
