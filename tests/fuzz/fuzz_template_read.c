#include "credctl/templates/finding.h"
#include "credctl/templates/node.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_map(const struct cc_node *map)
{
    size_t count = 0;

    for (const struct cc_node *member = map->first; member; member = member->next) {
        const struct cc_node *found = cc_node_member(map, member->name);

        must(found && strcmp(found->name, member->name) == 0 && found->index <= member->index);
        count++;
    }
    must(count == map->count);
}

static size_t depth_of(const struct cc_node *node)
{
    size_t depth = 0;

    for (; node; node = node->parent) {
        depth++;
    }
    return depth;
}

/* A tree is whole: parents, names, texts, and a depth that is limited. */
static void check_tree(struct cc_arena *mem, const struct cc_node *root)
{
    size_t count = 0;

    for (const struct cc_node *node = root; node; node = cc_node_after(node, root)) {
        must(node->line > 0 && node->column > 0);
        must(node == root || node->parent);
        must(node->kind != CC_NODE_TEXT || node->text);
        must(depth_of(node) <= (size_t)2 * CC_TEMPLATE_DEPTH + 2);
        if (node->kind == CC_NODE_MAP) {
            check_map(node);
        }
        must(++count <= CC_TEMPLATE_NODES_MAX);
    }
    must(cc_node_path(mem, root)[0] == '\0');
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const struct cc_node *root = NULL;
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    const struct cc_template_report report = cc_template_read(&mem, text, size, &root);

    if (root) {
        check_tree(&mem, root);
    } else {
        must(report.count > 0);
    }
    cc_arena_wipe(&mem);
    return 0;
}
