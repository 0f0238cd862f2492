#include "alternatives.h"

#include "credctl/base/text.h"

#include <string.h>

static bool is_no_value(const struct cc_node *node)
{
    return cc_node_is_function(node, "Ref") &&
           cc_text_equal(cc_node_text(node->first), "AWS::NoValue");
}

static bool is_if(const struct cc_node *node)
{
    return cc_node_is_function(node, "Fn::If") && node->first->kind == CC_NODE_LIST &&
           node->first->count == 3;
}

enum cc_presence cc_presence(const struct cc_node *map, const char *name)
{
    const struct cc_node *member = cc_node_member(map, name);

    if (!member || is_no_value(member)) {
        return CC_ABSENT_VALUE;
    }
    return is_if(member) ? CC_MAYBE_VALUE : CC_PRESENT_VALUE;
}

static void add(struct cc_arena *mem, struct cc_nodes *nodes, const struct cc_node *node)
{
    if (nodes->count == nodes->room) {
        const struct cc_choice *before = nodes->rows;

        nodes->room = nodes->room ? 2 * nodes->room : 8;
        nodes->rows = cc_alloc(mem, nodes->room * sizeof(*before));
        if (before) {
            memcpy(nodes->rows, before, nodes->count * sizeof(*before));
        }
    }
    nodes->rows[nodes->count++].node = node;
}

/* Depth first, in order, by a stack of the branches that are left. */
static void add_branches(struct cc_arena *mem, struct cc_nodes *nodes, const struct cc_node *node)
{
    const struct cc_node *left[2 * CC_TEMPLATE_DEPTH + 2];
    size_t depth = 0;

    for (; node; node = depth > 0 ? left[--depth] : NULL) {
        if (is_if(node) && depth < CC_COUNT(left) - 2) {
            left[depth++] = cc_node_item(node->first, 2);
            left[depth++] = cc_node_item(node->first, 1);
        } else if (!is_no_value(node)) {
            add(mem, nodes, node);
        }
    }
}

struct cc_nodes cc_alternatives(struct cc_arena *mem, const struct cc_node *node)
{
    struct cc_nodes nodes = {0};

    add_branches(mem, &nodes, node);
    return nodes;
}

struct cc_nodes cc_items(struct cc_arena *mem, const struct cc_node *node)
{
    const struct cc_nodes lists = cc_alternatives(mem, node);
    struct cc_nodes nodes = {0};

    for (size_t i = 0; i < lists.count; i++) {
        const struct cc_node *one = lists.rows[i].node;
        const bool list = one->kind == CC_NODE_LIST;

        for (one = list ? one->first : one; one; one = list ? one->next : NULL) {
            add_branches(mem, &nodes, one);
        }
    }
    return nodes;
}
