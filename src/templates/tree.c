#include "tree.h"

#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

static struct cc_tree_level *top(struct cc_tree *tree)
{
    return tree->depth > 0 ? &tree->levels[tree->depth - 1] : NULL;
}

static void fail_at(struct cc_tree *tree, struct cc_place place, enum cc_template_code code,
                    const char *message)
{
    if (!tree->failed) {
        cc_found_at(tree->lint, place, code, "%s", message);
    }
    tree->failed = true;
}

bool cc_tree_wants_name(const struct cc_tree *tree)
{
    return tree->depth > 0 && tree->levels[tree->depth - 1].node->kind == CC_NODE_MAP &&
           !tree->levels[tree->depth - 1].name;
}

void cc_tree_name(struct cc_tree *tree, struct cc_place place, const char *name)
{
    top(tree)->name = name;
    top(tree)->at = place;
}

static void append(struct cc_tree_level *level, struct cc_node *node)
{
    node->parent = level->node;
    node->index = level->node->count++;
    if (level->node->kind == CC_NODE_MAP) {
        node->name = level->name;
        node->name_line = level->at.line;
        node->name_column = level->at.column;
        level->name = NULL;
    }
    if (level->last) {
        level->last->next = node;
    } else {
        level->node->first = node;
    }
    level->last = node;
}

static int by_name(const void *a, const void *b)
{
    const struct cc_node *one = *(const struct cc_node *const *)a;
    const struct cc_node *other = *(const struct cc_node *const *)b;
    const int order = strcmp(one->name, other->name);

    return order != 0 ? order : (one->index > other->index) - (one->index < other->index);
}

/* The index by name. Of a name that is there twice, the first one is found. */
static void sort(struct cc_tree *tree, struct cc_node *map)
{
    size_t count = 0;

    map->sorted = cc_alloc(tree->lint->mem, (map->count + 1) * sizeof(const struct cc_node *));
    for (const struct cc_node *member = map->first; member; member = member->next) {
        map->sorted[count++] = member;
    }
    qsort(map->sorted, count, sizeof(const struct cc_node *), by_name);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(map->sorted[i - 1]->name, map->sorted[i]->name) == 0) {
            cc_found_at_name(tree->lint, map->sorted[i], CC_T_DUPLICATE_KEY,
                             "the key %.100s is there twice; the first one is in line %d",
                             map->sorted[i]->name, map->sorted[i - 1]->name_line);
        }
    }
}

static void leave(struct cc_tree *tree)
{
    struct cc_tree_level *level = top(tree);

    if (level->node->kind == CC_NODE_MAP) {
        sort(tree, level->node);
    }
    tree->open -= level->function ? 0 : 1;
    tree->depth--;
}

/* A function has one argument, and a function can be the argument of another. */
static void leave_functions(struct cc_tree *tree)
{
    while (tree->depth > 0 && top(tree)->function && top(tree)->node->count == 1) {
        leave(tree);
    }
}

static struct cc_node *add(struct cc_tree *tree, struct cc_place place, enum cc_node_kind kind)
{
    if (tree->failed) {
        return NULL;
    }
    if (tree->nodes++ >= CC_TEMPLATE_NODES_MAX) {
        fail_at(tree, place, CC_T_TEMPLATE_SIZE,
                cc_textf(tree->lint->mem, "the template has more than %d values",
                         CC_TEMPLATE_NODES_MAX));
        return NULL;
    }
    struct cc_node *node = cc_alloc(tree->lint->mem, sizeof(*node));
    node->kind = kind;
    node->line = place.line;
    node->column = place.column;
    if (tree->depth > 0) {
        append(top(tree), node);
    } else {
        tree->root = node;
    }
    return node;
}

static void enter(struct cc_tree *tree, struct cc_node *node, bool function)
{
    tree->levels[tree->depth++] = (struct cc_tree_level){.node = node, .function = function};
    tree->open += function ? 0 : 1;
}

struct cc_node *cc_tree_scalar(struct cc_tree *tree, struct cc_place place, const char *text,
                               enum cc_scalar scalar)
{
    struct cc_node *node = add(tree, place, CC_NODE_TEXT);

    if (node) {
        node->text = text;
        node->scalar = scalar;
        leave_functions(tree);
    }
    return node;
}

struct cc_node *cc_tree_unknown(struct cc_tree *tree, struct cc_place place, const char *text)
{
    struct cc_node *node = add(tree, place, CC_NODE_UNKNOWN);

    if (node) {
        node->text = text;
        leave_functions(tree);
    }
    return node;
}

static bool too_deep(struct cc_tree *tree, struct cc_place place)
{
    if (tree->open < CC_TEMPLATE_DEPTH && tree->depth < CC_COUNT(tree->levels) - 1) {
        return false;
    }
    fail_at(
        tree, place, CC_T_TEMPLATE_DEPTH,
        cc_textf(tree->lint->mem, "values are nested more than %d levels deep", CC_TEMPLATE_DEPTH));
    return true;
}

struct cc_node *cc_tree_open(struct cc_tree *tree, struct cc_place place, enum cc_node_kind kind)
{
    struct cc_node *node = too_deep(tree, place) ? NULL : add(tree, place, kind);

    if (node) {
        enter(tree, node, false);
    }
    return node;
}

void cc_tree_close(struct cc_tree *tree)
{
    if (tree->failed) {
        return;
    }
    leave(tree);
    leave_functions(tree);
}

void cc_tree_function(struct cc_tree *tree, struct cc_place place, const char *name)
{
    struct cc_node *node = too_deep(tree, place) ? NULL : add(tree, place, CC_NODE_MAP);

    if (node) {
        enter(tree, node, true);
        cc_tree_name(tree, place, name);
    }
}
