#include "functions.h"

#include "credctl/base/text.h"

#include <string.h>

/* --- kinds of arguments --- */

enum wanted { ANY, WORDS, LITERAL, LISTED, CONDITION };

static const char *const wanted_words[] = {
    [ANY] = "a value",
    [WORDS] = "a text",
    [LITERAL] = "a text without functions",
    [LISTED] = "a list",
    [CONDITION] = "a condition function",
};

static bool fits(const struct cc_lint *lint, const struct cc_node *node, enum wanted wanted)
{
    const bool function = cc_node_function(node) || node->kind == CC_NODE_UNKNOWN;

    switch (wanted) {
    case ANY: return true;
    case WORDS: return node->kind == CC_NODE_TEXT || function;
    case LITERAL: return node->kind == CC_NODE_TEXT || (function && lint->extended);
    case LISTED: return node->kind == CC_NODE_LIST || function;
    case CONDITION: return cc_is_condition(node) || function || lint->transformed;
    }
    return true;
}

struct row {
    const char *name;
    size_t least; /* arguments; 0: one value, not in a list */
    size_t most;
    const char *takes;
    enum wanted wanted[3]; /* the last one is for all that follow */
    bool extension;        /* of AWS::LanguageExtensions */
};

// clang-format off
static const struct row rows[] = {
    {"Ref", 0, 0, "the name of a parameter or resource", {LITERAL}, false},
    {"Fn::Base64", 0, 0, "a text", {WORDS}, false},
    {"Fn::Cidr", 2, 3, "[block, count, bits]", {WORDS, WORDS, WORDS}, false},
    {"Fn::FindInMap", 3, 4, "[mapping, key, name]", {WORDS, WORDS, ANY}, false},
    {"Fn::GetAZs", 0, 0, "a region, or an empty text", {WORDS}, false},
    {"Fn::ImportValue", 0, 0, "the name of an export", {WORDS}, false},
    {"Fn::Join", 2, 2, "[delimiter, list]", {LITERAL, LISTED}, false},
    {"Fn::Select", 2, 2, "[index, list]", {WORDS, LISTED}, false},
    {"Fn::Split", 2, 2, "[delimiter, text]", {LITERAL, WORDS}, false},
    {"Fn::If", 3, 3, "[condition, value if true, value if false]", {LITERAL, ANY, ANY}, false},
    {"Fn::And", 2, 10, "2 to 10 conditions", {CONDITION, CONDITION, CONDITION}, false},
    {"Fn::Or", 2, 10, "2 to 10 conditions", {CONDITION, CONDITION, CONDITION}, false},
    {"Fn::Not", 1, 1, "one condition in a list", {CONDITION}, false},
    {"Fn::Equals", 2, 2, "two values", {WORDS, WORDS}, false},
    {"Fn::Contains", 2, 2, "[list, text]", {LISTED, WORDS}, false},
    {"Fn::EachMemberEquals", 2, 2, "[list, text]", {LISTED, WORDS}, false},
    {"Fn::EachMemberIn", 2, 2, "[list, list]", {LISTED, LISTED}, false},
    {"Fn::RefAll", 0, 0, "a parameter type", {WORDS}, false},
    {"Fn::ValueOf", 2, 2, "[parameter, attribute]", {WORDS, WORDS}, false},
    {"Fn::ValueOfAll", 2, 2, "[parameter type, attribute]", {WORDS, WORDS}, false},
    {"Fn::Length", 0, 0, "a list", {LISTED}, true},
    {"Fn::ToJsonString", 0, 0, "a map or a list", {ANY}, true},
};
// clang-format on

/* Checked below, or not at all. */
static const char *const others[] = {"Fn::GetAtt", "Fn::Sub", "Fn::Transform", "Fn::GetStackOutput",
                                     NULL};

static const struct row *row_named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (cc_text_equal(rows[i].name, name)) {
            return &rows[i];
        }
    }
    return NULL;
}

static void refuse(struct cc_lint *lint, const struct cc_node *node, const struct row *row,
                   const char *why)
{
    cc_found(lint, node, CC_T_INVALID_FUNCTION, "%s %s", row->name, why);
    cc_found_fix(lint, "give %s %s", row->name, row->takes);
}

static void check_arguments(struct cc_lint *lint, const struct cc_node *list, const struct row *row)
{
    size_t i = 0;

    for (const struct cc_node *item = list->first; item; item = item->next, i++) {
        const enum wanted wanted = row->wanted[i < 2 ? i : 2];

        if (!fits(lint, item, wanted)) {
            refuse(lint, item, row,
                   cc_textf(lint->mem, "needs %s as argument %zu", wanted_words[wanted], i + 1));
        }
    }
}

static void check_shape(struct cc_lint *lint, const struct cc_node *value, const struct row *row)
{
    if (value->kind == CC_NODE_UNKNOWN || (lint->extended && cc_node_function(value))) {
        return;
    }
    if (row->least == 0) {
        if (!fits(lint, value, row->wanted[0]) && !cc_node_is_null(value)) {
            refuse(lint, value, row, cc_textf(lint->mem, "needs %s", wanted_words[row->wanted[0]]));
        }
        return;
    }
    if (value->kind != CC_NODE_LIST) {
        refuse(lint, value, row, "needs a list of arguments");
    } else if (value->count < row->least || value->count > row->most) {
        refuse(
            lint, value, row,
            cc_textf(lint->mem, "has %zu argument%s", value->count, value->count == 1 ? "" : "s"));
    } else {
        check_arguments(lint, value, row);
    }
}

/* --- functions with rules of their own --- */

static void check_select(struct cc_lint *lint, const struct cc_node *value)
{
    const struct cc_node *index = cc_node_item(value, 0);
    const struct cc_node *list = cc_node_item(value, 1);
    const char *text = cc_node_text(index);
    int64_t number = 0;

    if (!text || !list) {
        return;
    }
    if (!cc_text_number(text, 0, 100000, &number)) {
        cc_found(lint, index, CC_T_INVALID_FUNCTION, "the index of Fn::Select is not a number");
        cc_found_fix(lint, "give a number from 0");
    } else if (list->kind == CC_NODE_LIST && (size_t)number >= list->count) {
        cc_found(lint, index, CC_T_INVALID_FUNCTION,
                 "Fn::Select asks for item %lld of a list with %zu", (long long)number,
                 list->count);
        cc_found_fix(lint, "count from 0");
    }
}

static void check_attribute(struct cc_lint *lint, const struct cc_node *value)
{
    const char *text = cc_node_text(value);
    const bool list =
        value->kind == CC_NODE_LIST && value->count >= 2 && cc_node_text(value->first);

    if (!(text && strchr(text, '.')) && !list && value->kind != CC_NODE_UNKNOWN &&
        !lint->extended && !cc_node_is_null(value)) {
        cc_found(lint, value, CC_T_INVALID_FUNCTION,
                 "Fn::GetAtt needs the name of a resource and an attribute");
        cc_found_fix(lint, "write !GetAtt Resource.Attribute");
    }
}

static void check_sub(struct cc_lint *lint, const struct cc_node *value)
{
    const bool list = value->kind == CC_NODE_LIST && value->count == 2 &&
                      cc_node_text(value->first) && cc_node_item(value, 1)->kind == CC_NODE_MAP;

    if (value->kind != CC_NODE_TEXT && !list && value->kind != CC_NODE_UNKNOWN &&
        !(lint->extended && value->kind != CC_NODE_MAP)) {
        cc_found(lint, value, CC_T_INVALID_FUNCTION,
                 "Fn::Sub needs a text, or a list of a text and a map of variables");
        cc_found_fix(lint, "write !Sub 'text', or !Sub ['text', {Name: value}]");
    }
}

static void check_named(struct cc_lint *lint, const struct cc_node *member)
{
    const struct row *row = row_named(member->name);

    if (row) {
        check_shape(lint, member, row);
    }
    if (row && row->extension && !lint->extended && !lint->transformed) {
        cc_found_at_name(lint, member, CC_T_INVALID_FUNCTION,
                         "%s needs the transform AWS::LanguageExtensions", row->name);
        cc_found_fix(lint, "add Transform: AWS::LanguageExtensions");
    }
    if (cc_text_equal(member->name, "Fn::Select")) {
        check_select(lint, member);
    } else if (cc_text_equal(member->name, "Fn::GetAtt")) {
        check_attribute(lint, member);
    } else if (cc_text_equal(member->name, "Fn::Sub")) {
        check_sub(lint, member);
    } else if (cc_text_equal(member->name, "Fn::FindInMap") && member->count == 4 &&
               !lint->extended && !lint->transformed) {
        cc_found(lint, member, CC_T_INVALID_FUNCTION,
                 "a default of Fn::FindInMap needs the transform AWS::LanguageExtensions");
        cc_found_fix(lint, "add Transform: AWS::LanguageExtensions");
    }
}

static const char *next_name(const void *list, size_t i)
{
    (void)list;
    return i < CC_COUNT(rows) ? rows[i].name : others[i - CC_COUNT(rows)];
}

static void check_member(struct cc_lint *lint, const struct cc_node *member)
{
    const bool known = row_named(member->name) || cc_one_of(member->name, others);
    const bool loop = cc_text_starts(member->name, "Fn::ForEach");

    if (!known && !loop && !lint->transformed) {
        const char *nearest = cc_text_nearest(member->name, next_name, NULL);

        cc_found_at_name(lint, member, CC_T_UNKNOWN_FUNCTION, "there is no function %.60s",
                         member->name);
        if (nearest) {
            cc_found_fix(lint, "write %s", nearest);
        }
    } else if (known && member->parent->count > 1 &&
               !cc_text_equal(member->name, "Fn::Transform")) {
        cc_found_at_name(lint, member, CC_T_INVALID_FUNCTION,
                         "%.60s has other keys beside it, so that it is not a function",
                         member->name);
        cc_found_fix(lint, "give the function alone as the value");
    } else if (loop && !lint->extended && !lint->transformed) {
        cc_found_at_name(lint, member, CC_T_INVALID_FUNCTION,
                         "Fn::ForEach needs the transform AWS::LanguageExtensions");
        cc_found_fix(lint, "add Transform: AWS::LanguageExtensions");
    }
    if (known) {
        check_named(lint, member);
    }
}

void cc_lint_functions(struct cc_lint *lint)
{
    const struct cc_node *node = lint->root;
    const struct cc_node *metadata = cc_node_member(lint->root, "Metadata");

    while (node) {
        const bool ref = node->name && cc_text_equal(node->name, "Ref") && node->parent->count == 1;

        if (ref || cc_text_starts(node->name, "Fn::")) {
            check_member(lint, node);
        }
        node = node == metadata || node == lint->parameters ? cc_node_beside(node, lint->root)
                                                            : cc_node_after(node, lint->root);
    }
}
