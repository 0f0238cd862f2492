#ifndef CREDCTL_TEMPLATES_NODE_H
#define CREDCTL_TEMPLATES_NODE_H

/*
 * A template as a tree in which each value knows its place. YAML and JSON give the same tree, and
 * the short forms of YAML are written out: !Sub x is {"Fn::Sub": x}, !GetAtt a.b is
 * {"Fn::GetAtt": ["a", "b"]}.
 */

#include "credctl/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

#define CC_TEMPLATE_MAX       ((size_t)1 << 20)
#define CC_TEMPLATE_DEPTH     64
#define CC_TEMPLATE_NODES_MAX 200000

enum cc_node_kind {
    CC_NODE_TEXT, /* any scalar */
    CC_NODE_LIST,
    CC_NODE_MAP,
    CC_NODE_UNKNOWN, /* an alias, or a placeholder where JSON text has a value */
};

/* The type that a scalar has for YAML or JSON. */
enum cc_scalar {
    CC_SCALAR_TEXT,
    CC_SCALAR_INTEGER,
    CC_SCALAR_REAL,
    CC_SCALAR_FLAG,
    CC_SCALAR_NULL,
};

struct cc_node {
    enum cc_node_kind kind;
    enum cc_scalar scalar;
    bool block; /* text in the lines below its place, | or > */
    int line;   /* of the value; from 1 */
    int column; /* in characters; from 1 */
    int name_line;
    int name_column;
    const struct cc_node *parent; /* NULL: the root */
    const char *name;             /* in a map; NULL in a list */
    size_t index;                 /* in the parent */
    const char *text;             /* TEXT: as written, without quotes */
    struct cc_node *first;        /* LIST, MAP; in order */
    struct cc_node *next;
    size_t count;
    const struct cc_node **sorted; /* MAP: by name */
};

/* The member, or NULL. A map that has the name twice gives the first. NULL has no members. */
const struct cc_node *cc_node_member(const struct cc_node *map, const char *name);
/* Item `i` of a list, or NULL. */
const struct cc_node *cc_node_item(const struct cc_node *list, size_t i);
/* The text of a scalar that is not null; else NULL. */
const char *cc_node_text(const struct cc_node *node);
/* "Ref", "Fn::Sub", ...: the only member of a map, when it is a function. Its argument is
 * node->first. */
const char *cc_node_function(const struct cc_node *node);
bool cc_node_is_function(const struct cc_node *node, const char *name);
bool cc_node_is_null(const struct cc_node *node);
/* The node after this one, values before what follows them; NULL at the end of `root`. */
const struct cc_node *cc_node_after(const struct cc_node *node, const struct cc_node *root);
/* The same without what is inside of this one. */
const struct cc_node *cc_node_beside(const struct cc_node *node, const struct cc_node *root);
/* "Resources.Role.Properties.Policies[0]". */
const char *cc_node_path(struct cc_arena *mem, const struct cc_node *node);

#endif
