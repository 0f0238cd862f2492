#include "credctl/base/text.h"

#include "functions.h"
#include "types.h"

#include <string.h>

const char *const cc_pseudo_parameters[] = {
    "AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue",
    "AWS::Partition", "AWS::Region",           "AWS::StackId",
    "AWS::StackName", "AWS::URLSuffix",        NULL};

struct references {
    struct cc_lint *lint;
    bool *parameters; /* used; by index in the section */
    bool *conditions;
    bool *mappings;
};

/* A macro can declare anything; a serverless resource becomes several. */
static bool can_be_anything(const struct cc_lint *lint, const struct cc_node *section)
{
    return lint->transformed || cc_has_loop(section);
}

static void unknown(struct cc_lint *lint, const struct cc_node *node, const char *name,
                    const char *function)
{
    const char *nearest = cc_did_you_mean(lint, name, cc_pseudo_parameters);

    nearest = nearest[0] ? nearest : cc_did_you_mean_member(lint, name, lint->parameters);
    nearest = nearest[0] ? nearest : cc_did_you_mean_member(lint, name, lint->resources);
    cc_found(lint, node, CC_T_UNKNOWN_REFERENCE,
             "%s refers to %.100s, which is neither a parameter nor a resource%s", function, name,
             nearest);
}

/* "Name" of Ref and ${Name}. */
static void check_name(struct references *references, const struct cc_node *node, const char *name,
                       const char *function)
{
    struct cc_lint *lint = references->lint;
    const struct cc_node *parameter = cc_node_member(lint->parameters, name);

    const bool pseudo = cc_text_starts(name, "AWS::");

    if (parameter) {
        references->parameters[parameter->index] = true;
        return;
    }
    if (cc_node_member(lint->resources, name) || cc_one_of(name, cc_pseudo_parameters)) {
        return;
    }
    if (pseudo || !(lint->extended || can_be_anything(lint, lint->resources))) {
        unknown(lint, node, name, function);
    }
}

/* "Resource.Attribute" of Fn::GetAtt and ${Resource.Attribute}; attribute NULL: not known. */
static void check_attribute(struct references *references, const struct cc_node *node,
                            const char *resource, const char *attribute)
{
    struct cc_lint *lint = references->lint;
    const struct cc_node *target = cc_node_member(lint->resources, resource);

    if (!target) {
        if (!can_be_anything(lint, lint->resources) && !lint->extended) {
            cc_found(lint, node, CC_T_UNKNOWN_REFERENCE, "there is no resource %.100s%s", resource,
                     cc_did_you_mean_member(lint, resource, lint->resources));
        }
        return;
    }
    const char *type = cc_type_of(lint, resource);
    const char *names = NULL;
    if (attribute && type && cc_type_lacks_attribute(lint->types, type, attribute, &names)) {
        cc_found(lint, node, CC_T_UNKNOWN_ATTRIBUTE, "%s has no attribute %.100s", type, attribute);
        cc_found_fix(lint, names && names[0] ? "use one of: %s" : "use Ref%s",
                     names && names[0] ? names : "");
    }
}

static void check_get_attribute(struct references *references, const struct cc_node *value)
{
    const char *text = cc_node_text(value);
    const char *resource = cc_node_text(cc_node_item(value, 0));
    struct cc_arena *mem = references->lint->mem;

    if (text && strchr(text, '.')) {
        const char *dot = strchr(text, '.');

        check_attribute(references, value, cc_text_dup(mem, text, (size_t)(dot - text)), dot + 1);
    } else if (resource && value->count == 2) {
        check_attribute(references, value, resource, cc_node_text(cc_node_item(value, 1)));
    } else if (resource) {
        check_attribute(references, value, resource, NULL);
    }
}

/* --- Fn::Sub --- */

bool cc_next_placeholder(struct cc_arena *mem, const char *text, size_t *at,
                         struct cc_placeholder *placeholder)
{
    const char *open = strstr(text + *at, "${");

    while (open && open[2] == '!') {
        open = strstr(open + 2, "${");
    }
    const char *close = open ? strchr(open, '}') : NULL;
    if (!close) {
        return false;
    }
    placeholder->at = (size_t)(open - text);
    placeholder->name = cc_text_trim(mem, cc_text_dup(mem, open + 2, (size_t)(close - open) - 2));
    *at = (size_t)(close + 1 - text);
    return true;
}

static void check_placeholder(struct references *references, const struct cc_node *node,
                              const char *name)
{
    const char *dot = strchr(name, '.');
    struct cc_arena *mem = references->lint->mem;

    if (name[0] == '\0' || strpbrk(name, " \t\n\"'$(){}[]")) {
        cc_found(references->lint, node, CC_T_INVALID_FUNCTION,
                 "Fn::Sub has ${%.60s}, which is not a name", name);
        cc_found_fix(references->lint, "write ${!...} for text that stays as it is");
    } else if (dot) {
        check_attribute(references, node, cc_text_dup(mem, name, (size_t)(dot - name)), dot + 1);
    } else {
        check_name(references, node, name, "Fn::Sub");
    }
}

static void check_variables(struct cc_lint *lint, const struct cc_node *variables, const bool *used)
{
    for (const struct cc_node *one = variables->first; one; one = one->next) {
        if (!used[one->index]) {
            cc_found_at_name(lint, one, CC_T_UNUSED_VARIABLE,
                             "the variable %.100s of Fn::Sub is not used in its text", one->name);
        }
    }
}

static void check_sub(struct references *references, const struct cc_node *value)
{
    struct cc_lint *lint = references->lint;
    const bool list = value->kind == CC_NODE_LIST;
    const struct cc_node *node = list ? cc_node_item(value, 0) : value;
    const struct cc_node *variables = list ? cc_node_item(value, 1) : NULL;
    const char *text = cc_node_text(node);
    struct cc_placeholder one;
    size_t at = 0;

    if (!text) {
        return;
    }
    bool *used = cc_alloc(lint->mem, (variables ? variables->count : 0) + 1);
    while (cc_next_placeholder(lint->mem, text, &at, &one)) {
        const struct cc_node *variable = cc_node_member(variables, one.name);

        if (variable) {
            used[variable->index] = true;
        } else {
            check_placeholder(references, node, one.name);
        }
    }
    if (variables && variables->kind == CC_NODE_MAP && !cc_node_function(variables)) {
        check_variables(lint, variables, used);
    }
}

/* --- mappings and conditions --- */

static bool any_has(const struct cc_node *mapping, const char *name)
{
    for (const struct cc_node *key = mapping->first; key; key = key->next) {
        if (cc_node_member(key, name) || key->kind != CC_NODE_MAP || cc_has_loop(key)) {
            return true;
        }
    }
    return false;
}

static void check_lookup(struct cc_lint *lint, const struct cc_node *value,
                         const struct cc_node *mapping)
{
    const struct cc_node *first = cc_node_item(value, 1);
    const struct cc_node *second = cc_node_item(value, 2);
    const char *key = cc_node_text(first);
    const char *name = cc_node_text(second);
    const struct cc_node *row = cc_node_member(mapping, key ? key : "");

    if (value->count != 3 || cc_has_loop(mapping)) {
        return;
    }
    if (key && !row) {
        cc_found(lint, first, CC_T_UNKNOWN_MAPPING_KEY, "the mapping %.100s has no key %.100s%s",
                 mapping->name, key, cc_did_you_mean_member(lint, key, mapping));
    } else if (name && row && !cc_node_member(row, name) && !cc_has_loop(row)) {
        cc_found(lint, second, CC_T_UNKNOWN_MAPPING_KEY,
                 "the key %.100s of the mapping %.100s has no %.100s%s", key, mapping->name, name,
                 cc_did_you_mean_member(lint, name, row));
    } else if (name && !row && !any_has(mapping, name)) {
        cc_found(lint, second, CC_T_UNKNOWN_MAPPING_KEY, "no key of the mapping %.100s has %.100s",
                 mapping->name, name);
    }
}

static void check_find(struct references *references, const struct cc_node *value)
{
    struct cc_lint *lint = references->lint;
    const struct cc_node *node = cc_node_item(value, 0);
    const char *name = cc_node_text(node);
    const struct cc_node *mapping = cc_node_member(lint->mappings, name ? name : "");

    if (mapping) {
        references->mappings[mapping->index] = true;
        check_lookup(lint, value, mapping);
    } else if (name && !can_be_anything(lint, lint->mappings) && value->count == 3) {
        cc_found(lint, node, CC_T_UNKNOWN_REFERENCE, "there is no mapping %.100s%s", name,
                 cc_did_you_mean_member(lint, name, lint->mappings));
    } else if (!name) { /* any of them */
        for (size_t i = 0; lint->mappings && i < lint->mappings->count; i++) {
            references->mappings[i] = true;
        }
    }
}

static void check_condition(struct references *references, const struct cc_node *node)
{
    struct cc_lint *lint = references->lint;
    const char *name = cc_node_text(node);
    const struct cc_node *condition = cc_node_member(lint->conditions, name ? name : "");

    if (condition) {
        references->conditions[condition->index] = true;
    } else if (name && !can_be_anything(lint, lint->conditions)) {
        cc_found(lint, node, CC_T_UNKNOWN_REFERENCE, "there is no condition %.100s%s", name,
                 cc_did_you_mean_member(lint, name, lint->conditions));
    }
}

/* {"Condition": name} as a function, or the condition of a resource or output. In a policy it is an
 * element with a map. */
static bool names_condition(const struct cc_node *node)
{
    const struct cc_node *above = node->parent;

    if (strcmp(node->name, "Condition") != 0 || node->kind != CC_NODE_TEXT) {
        return false;
    }
    const bool of_member = above->parent && above->parent->parent &&
                           !above->parent->parent->parent &&
                           (strcmp(above->parent->name, "Resources") == 0 ||
                            strcmp(above->parent->name, "Outputs") == 0);
    const bool function = above->count == 1 && above->parent &&
                          (above->parent->kind == CC_NODE_LIST || cc_is_condition(above));
    const struct cc_node *root = node;
    const struct cc_node *section = node;
    while (root->parent) {
        section = root;
        root = root->parent;
    }
    const bool evaluated =
        strcmp(section->name, "Conditions") == 0 || strcmp(section->name, "Rules") == 0;
    return of_member || (function && evaluated);
}

/* --- the walk --- */

static void check_depends(struct references *references, const struct cc_node *node)
{
    struct cc_lint *lint = references->lint;
    const struct cc_node *item = node->kind == CC_NODE_LIST ? node->first : node;

    for (; item; item = node->kind == CC_NODE_LIST ? item->next : NULL) {
        const char *name = cc_node_text(item);

        if (!name && item->kind != CC_NODE_UNKNOWN && !cc_node_is_null(item) && !lint->extended) {
            cc_found(lint, item, CC_T_INVALID_RESOURCE,
                     "DependsOn is neither the name of a resource nor a list of names");
        } else if (name && !cc_node_member(lint->resources, name) &&
                   !can_be_anything(lint, lint->resources)) {
            cc_found(lint, item, CC_T_UNKNOWN_REFERENCE, "there is no resource %.100s%s", name,
                     cc_did_you_mean_member(lint, name, lint->resources));
        }
    }
}

static bool of_resource(const struct cc_lint *lint, const struct cc_node *node)
{
    return node->parent && node->parent->parent && node->parent->parent == lint->resources;
}

static void check_node(struct references *references, const struct cc_node *node)
{
    if (strcmp(node->name, "Ref") == 0 && node->parent->count == 1 && cc_node_text(node)) {
        check_name(references, node, cc_node_text(node), "Ref");
    } else if (strcmp(node->name, "Fn::GetAtt") == 0) {
        check_get_attribute(references, node);
    } else if (strcmp(node->name, "Fn::Sub") == 0) {
        check_sub(references, node);
    } else if (strcmp(node->name, "Fn::FindInMap") == 0) {
        check_find(references, node);
    } else if (strcmp(node->name, "Fn::If") == 0 && cc_node_item(node, 0)) {
        check_condition(references, cc_node_item(node, 0));
    } else if (names_condition(node)) {
        check_condition(references, node);
    } else if (strcmp(node->name, "DependsOn") == 0 && of_resource(references->lint, node)) {
        check_depends(references, node);
    }
}

static void tell_unused(struct cc_lint *lint, const struct cc_node *section, const bool *used,
                        enum cc_template_code code)
{
    const struct cc_node *member = section ? section->first : NULL;

    for (; member; member = member->next) {
        if (!used[member->index] && !cc_is_loop(member)) {
            cc_found_at_name(lint, member, code, "%.100s is declared, but never used",
                             member->name);
        }
    }
}

static bool *flags(struct cc_lint *lint, const struct cc_node *section)
{
    return cc_alloc(lint->mem, (section ? section->count : 0) + 1);
}

void cc_lint_references(struct cc_lint *lint)
{
    struct references references = {
        .lint = lint,
        .parameters = flags(lint, lint->parameters),
        .conditions = flags(lint, lint->conditions),
        .mappings = flags(lint, lint->mappings),
    };
    const struct cc_node *metadata = cc_node_member(lint->root, "Metadata");
    const struct cc_node *node = lint->root;

    while (node) {
        if (node->name) {
            check_node(&references, node);
        }
        node = node == metadata || node == lint->parameters ? cc_node_beside(node, lint->root)
                                                            : cc_node_after(node, lint->root);
    }
    if (!lint->transformed || lint->serverless) {
        tell_unused(lint, lint->parameters, references.parameters, CC_T_UNUSED_PARAMETER);
        tell_unused(lint, lint->conditions, references.conditions, CC_T_UNUSED_CONDITION);
        tell_unused(lint, lint->mappings, references.mappings, CC_T_UNUSED_MAPPING);
    }
}
