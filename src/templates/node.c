#include "credctl/templates/node.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <string.h>

const struct cc_node *cc_node_member(const struct cc_node *map, const char *name)
{
    size_t low = 0;

    if (!map || map->kind != CC_NODE_MAP) {
        return NULL;
    }
    for (size_t high = map->count; low < high;) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(map->sorted[middle]->name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < map->count && strcmp(map->sorted[low]->name, name) == 0 ? map->sorted[low] : NULL;
}

const struct cc_node *cc_node_item(const struct cc_node *list, size_t i)
{
    const struct cc_node *item = list && list->kind == CC_NODE_LIST ? list->first : NULL;

    while (item && i-- > 0) {
        item = item->next;
    }
    return item;
}

const char *cc_node_text(const struct cc_node *node)
{
    return node && node->kind == CC_NODE_TEXT && node->scalar != CC_SCALAR_NULL ? node->text : NULL;
}

const char *cc_node_function(const struct cc_node *node)
{
    if (!node || node->kind != CC_NODE_MAP || node->count != 1) {
        return NULL;
    }
    const char *name = node->first->name;

    return cc_text_starts(name, "Fn::") || strcmp(name, "Ref") == 0 ? name : NULL;
}

bool cc_node_is_function(const struct cc_node *node, const char *name)
{
    return cc_text_equal(cc_node_function(node), name);
}

bool cc_node_is_null(const struct cc_node *node)
{
    return node->kind == CC_NODE_TEXT && node->scalar == CC_SCALAR_NULL;
}

const struct cc_node *cc_node_beside(const struct cc_node *node, const struct cc_node *root)
{
    while (node != root && !node->next) {
        node = node->parent;
    }
    return node == root ? NULL : node->next;
}

const struct cc_node *cc_node_after(const struct cc_node *node, const struct cc_node *root)
{
    return node->first ? node->first : cc_node_beside(node, root);
}

const char *cc_node_path(struct cc_arena *mem, const struct cc_node *node)
{
    const struct cc_node *steps[CC_TEMPLATE_DEPTH * 2];
    struct cc_buf path = cc_buf_new(mem, 4096);
    size_t count = 0;

    for (; node && node->parent && count < CC_COUNT(steps); node = node->parent) {
        steps[count++] = node;
    }
    while (count-- > 0) {
        if (steps[count]->name) {
            cc_buf_addf(&path, "%s%.256s", path.len ? "." : "", steps[count]->name);
        } else {
            cc_buf_addf(&path, "[%zu]", steps[count]->index);
        }
    }
    return path.text;
}
