#include "functions.h"
#include "policy.h"

#include <string.h>

static void add(struct cc_lint *lint, struct cc_said_list *list, struct cc_said said)
{
    if (list->count == list->room) {
        const struct cc_said *before = list->rows;

        list->room = list->room ? 2 * list->room : 4;
        list->rows = cc_alloc(lint->mem, list->room * sizeof(*before));
        if (before) {
            memcpy(list->rows, before, list->count * sizeof(*before));
        }
    }
    list->rows[list->count++] = said;
}

/* A name of this template in ${}, where nothing replaces it. */
static void check_literal(struct cc_lint *lint, const struct cc_node *node)
{
    struct cc_placeholder one;
    size_t at = 0;

    while (cc_node_text(node) && cc_next_placeholder(lint->mem, node->text, &at, &one)) {
        if (cc_one_of(one.name, cc_pseudo_parameters) ||
            cc_node_member(lint->parameters, one.name)) {
            cc_found(lint, node, CC_T_MISSING_SUB, "${%.60s} is not replaced here", one.name);
            return;
        }
    }
}

struct cc_said_list cc_texts_read(struct cc_lint *lint, const struct cc_node *node)
{
    const struct cc_nodes items = cc_items(lint->mem, node);
    struct cc_said_list list = {0};

    for (size_t i = 0; i < items.count; i++) {
        const struct cc_node *item = items.rows[i].node;
        const char *text = cc_value_text(lint, item);

        check_literal(lint, item);
        if (text) {
            add(lint, &list, (struct cc_said){item, text});
        } else if (!cc_node_is_null(item)) {
            cc_found(lint, item, CC_T_DATA_TYPE_MISMATCH, "%s is not a text or a list of texts",
                     node->name ? node->name : "the element");
        }
    }
    return list;
}

const struct cc_node *cc_referred(const struct cc_lint *lint, const struct cc_node *node)
{
    const char *name = NULL;

    if (cc_node_is_function(node, "Ref")) {
        name = cc_node_text(node->first);
    } else if (cc_node_is_function(node, "Fn::GetAtt")) {
        name = cc_node_text(cc_node_item(node->first, 0));
    }
    return name ? cc_node_member(lint->resources, name) : NULL;
}
