#include "schema.h"

#include "credctl/base/text.h"

#include "alternatives.h"

#include <stdlib.h>
#include <string.h>

/* A value that is still to be checked against its type. */
struct task {
    const struct cc_node *node;
    const char *value; /* as in types.c */
};

struct checking {
    struct cc_lint *lint;
    const char *type; /* of the resource */
    struct task *tasks;
    size_t count;
    size_t room;
};

static void later(struct checking *checking, const struct cc_node *node, const char *value)
{
    if (checking->count == checking->room) {
        struct task *before = checking->tasks;

        checking->room = checking->room ? 2 * checking->room : 64;
        checking->tasks = cc_alloc(checking->lint->mem, checking->room * sizeof(*before));
        if (before) {
            memcpy(checking->tasks, before, checking->count * sizeof(*before));
        }
    }
    checking->tasks[checking->count++] = (struct task){node, value};
}

/* --- the language of values --- */

/* Behind a bracket and its partner. */
static const char *behind(const char *open)
{
    int depth = 0;

    do {
        depth += *open == '[' || *open == '{';
        depth -= *open == ']' || *open == '}';
        open++;
    } while (depth > 0 && *open);
    return open;
}

/* The next alternative; NULL: that was the last one. */
static const char *next_choice(const char *value)
{
    while (*value && *value != '/') {
        value = *value == '[' || *value == '{' ? behind(value) : value + 1;
    }
    return *value ? value + 1 : NULL;
}

static const char *kind_words(char kind)
{
    switch (kind) {
    case 's': return "a text";
    case 'i': return "an integer";
    case 'n': return "a number";
    case 'b': return "true or false";
    case '[': return "a list";
    default: return "a map";
    }
}

/* --- one value --- */

static bool fits(const struct cc_node *node, const char *value)
{
    switch (*value) {
    case 'j': return true;
    case '[': return node->kind == CC_NODE_LIST;
    case '{':
    case 'o': return node->kind == CC_NODE_MAP;
    default: return cc_scalar_fits(node, *value);
    }
}

static bool same_scalar(const struct cc_node *a, const struct cc_node *b)
{
    return cc_text_equal(cc_node_text(a), cc_node_text(b));
}

#define UNIQUE_MAX 200

static void check_unique(struct cc_lint *lint, const struct cc_node *list)
{
    size_t i = 0;

    for (const struct cc_node *item = list->first; item && i < UNIQUE_MAX; item = item->next, i++) {
        const struct cc_node *other = list->first;

        while (other != item && !same_scalar(other, item)) {
            other = other->next;
        }
        if (other != item) {
            cc_found(lint, item, CC_T_INVALID_VALUE, "the list has this item twice");
            cc_found_fix(lint, "remove one of them");
        }
    }
}

static void check_list(struct checking *checking, const struct cc_node *list, const char *value)
{
    struct cc_lint *lint = checking->lint;
    const char *end = behind(value);
    const struct cc_limits limits = cc_limits_of(end);
    const char *item_value = cc_text_dup(lint->mem, value + 1, (size_t)(end - value) - 2);
    bool open = false;

    for (const struct cc_node *item = list->first; item; item = item->next) {
        open = open || cc_node_function(item) || item->kind == CC_NODE_UNKNOWN;
        later(checking, item, item_value);
    }
    if (limits.has_most && (double)list->count > limits.most && !open) {
        cc_refuse_value(lint, list, cc_textf(lint->mem, "has more than %.15g items", limits.most));
    } else if (limits.has_least && (double)list->count < limits.least) {
        cc_refuse_value(lint, list,
                        cc_textf(lint->mem, "has less than %.15g item%s", limits.least,
                                 limits.least == 1 ? "" : "s"));
    }
    if (limits.unique) {
        check_unique(lint, list);
    }
}

static void check_map(struct checking *checking, const struct cc_node *map, const char *value)
{
    const char *end = behind(value);
    const char *member_value =
        cc_text_dup(checking->lint->mem, value + 1, (size_t)(end - value) - 2);

    if (member_value[0] == 'j') {
        return;
    }
    for (const struct cc_node *member = map->first; member; member = member->next) {
        if (!cc_is_loop(member)) {
            later(checking, member, member_value);
        }
    }
}

static const char *next_field(const void *list, size_t i)
{
    const struct cc_object *object = list;

    return i < object->count ? object->fields[i].name : NULL;
}

static void check_member(struct checking *checking, const struct cc_node *member,
                         const struct cc_object *object)
{
    const struct cc_field *field = cc_object_field(object, member->name);
    struct cc_lint *lint = checking->lint;

    if (!field && !object->open && !cc_is_loop(member)) {
        const char *nearest = cc_text_nearest(member->name, next_field, object);

        cc_found_at_name(lint, member, CC_T_UNKNOWN_PROPERTY, "%s has no property %.100s%s%s%s",
                         checking->type, member->name, nearest ? " (did you mean " : "",
                         nearest ? nearest : "", nearest ? "?)" : "");
    } else if (field && field->mark == '@') {
        cc_found_at_name(lint, member, CC_T_READ_ONLY_PROPERTY, "%.100s of %s is read-only",
                         member->name, checking->type);
    } else if (field) {
        later(checking, member, field->value);
    }
}

static void check_object(struct checking *checking, const struct cc_node *map, const char *value)
{
    const struct cc_object *object =
        cc_type_object(checking->lint->types, (int)strtol(value + 1, NULL, 10));
    const bool open = cc_has_loop(map);

    for (const struct cc_node *member = map->first; member; member = member->next) {
        check_member(checking, member, object);
    }
    for (size_t i = 0; i < object->count && !open; i++) {
        const struct cc_field *field = &object->fields[i];

        if (field->mark == '!' && cc_presence(map, field->name) == CC_ABSENT_VALUE) {
            cc_found_at_name(checking->lint, map, CC_T_MISSING_PROPERTY, "%s needs the property %s",
                             checking->type, field->name);
            cc_found_fix(checking->lint, "add %s", field->name);
        }
    }
    if (!open) {
        cc_lint_rules_of(checking->lint, map, object, checking->type);
    }
}

static void check_choice(struct checking *checking, const struct cc_node *node, const char *value)
{
    switch (*value) {
    case 'j': break;
    case '[': check_list(checking, node, value); break;
    case '{': check_map(checking, node, value); break;
    case 'o': check_object(checking, node, value); break;
    default: cc_lint_scalar(checking->lint, node, value, checking->type);
    }
}

/* `aws cloudformation package` puts a map with bucket and key there. */
static bool is_package(const struct cc_node *node)
{
    static const char *const names[] = {
        "Code",    "Content", "BodyS3Location", "SourceBundle", "DefinitionS3Location",
        "CodeUri", NULL};

    return node->kind == CC_NODE_TEXT && cc_one_of(node->name, names);
}

/* The first alternative that the value fits; NULL: none. */
static const char *choose(const struct cc_node *node, const char *value)
{
    while (value && !fits(node, value)) {
        value = next_choice(value);
    }
    return value;
}

static void check_value(struct checking *checking, const struct cc_node *node, const char *value)
{
    const char *choice = choose(node, value);

    if (choice) {
        check_choice(checking, node, choice);
        return;
    }
    if (is_package(node)) {
        cc_found(checking->lint, node, CC_T_NOT_CHECKED,
                 "%s is a path that has to be replaced by `aws cloudformation package`",
                 node->name);
        return;
    }
    cc_found(checking->lint, node, CC_T_INVALID_TYPE, "%.100s of %s is not %s",
             node->name           ? node->name
             : node->parent->name ? node->parent->name
                                  : "the value",
             checking->type, kind_words(*value));
}

/* A function is replaced before the service sees the value; of Fn::If both branches are seen. */
static void check_task(struct checking *checking, struct task task)
{
    const struct cc_nodes values = cc_alternatives(checking->lint->mem, task.node);

    for (size_t i = 0; i < values.count; i++) {
        const struct cc_node *node = values.rows[i].node;

        if (!cc_node_function(node) && node->kind != CC_NODE_UNKNOWN && !cc_node_is_null(node)) {
            check_value(checking, node, task.value);
        }
    }
}

/* In place of Properties that are not there. */
static const struct cc_node *no_properties(struct cc_lint *lint, const struct cc_node *resource)
{
    struct cc_node *none = cc_alloc(lint->mem, sizeof(*none));

    *none = *resource;
    none->kind = CC_NODE_MAP;
    none->first = NULL;
    none->sorted = NULL;
    none->count = 0;
    return none;
}

void cc_lint_properties(struct cc_lint *lint, const struct cc_node *resource, const char *type,
                        int root)
{
    const struct cc_node *properties = cc_node_member(resource, "Properties");
    struct checking checking = {.lint = lint, .type = type};
    const char *value = cc_textf(lint->mem, "o%d", root);

    if (!properties) {
        properties = no_properties(lint, resource);
    }
    later(&checking, properties, value);
    while (checking.count > 0) {
        check_task(&checking, checking.tasks[--checking.count]);
    }
}
