#ifndef TEMPLATES_TREE_H
#define TEMPLATES_TREE_H

/* Builds the tree while a reader walks through a document. */

#include "lint.h"

struct cc_tree_level {
    struct cc_node *node;
    struct cc_node *last;
    const char *name; /* of the member whose value comes next; NULL: a name comes next */
    struct cc_place at;
    bool function; /* it stands for a short form, and ends with its argument */
};

struct cc_tree {
    struct cc_lint *lint;
    struct cc_node *root;
    struct cc_tree_level levels[CC_TEMPLATE_DEPTH * 2 + 1];
    size_t depth;
    size_t open; /* levels that are not functions */
    size_t nodes;
    bool failed; /* the finding is made */
};

/* Each returns the node, or NULL after a failure. */
struct cc_node *cc_tree_scalar(struct cc_tree *tree, struct cc_place place, const char *text,
                               enum cc_scalar scalar);
struct cc_node *cc_tree_unknown(struct cc_tree *tree, struct cc_place place, const char *text);
struct cc_node *cc_tree_open(struct cc_tree *tree, struct cc_place place, enum cc_node_kind kind);
void cc_tree_close(struct cc_tree *tree);

/* A map comes next to a name, which is not a value then. */
bool cc_tree_wants_name(const struct cc_tree *tree);
void cc_tree_name(struct cc_tree *tree, struct cc_place place, const char *name);

/* The value that follows is the argument of this function: {name: value}. */
void cc_tree_function(struct cc_tree *tree, struct cc_place place, const char *name);

#endif
