#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "functions.h"

#include <stdlib.h>
#include <string.h>

/* Who needs whom among the members of a section, and the circles in that. */

struct edge {
    size_t from;
    size_t to;
    const struct cc_node *node; /* where it is written */
};

struct graph {
    struct cc_lint *lint;
    const struct cc_node *section;
    struct edge *edges;
    size_t count;
    size_t room;
    size_t *first; /* of each member, in the sorted edges; one more at the end */
};

static void add(struct graph *graph, size_t from, const char *to, const struct cc_node *node)
{
    const struct cc_node *target = cc_node_member(graph->section, to);

    if (!target) {
        return;
    }
    if (graph->count == graph->room) {
        struct edge *before = graph->edges;

        graph->room = graph->room ? 2 * graph->room : 64;
        graph->edges = cc_alloc(graph->lint->mem, graph->room * sizeof(*before));
        if (before) {
            memcpy(graph->edges, before, graph->count * sizeof(*before));
        }
    }
    graph->edges[graph->count++] = (struct edge){from, target->index, node};
}

static void add_until_dot(struct graph *graph, size_t from, const char *name,
                          const struct cc_node *node)
{
    add(graph, from, cc_text_dup(graph->lint->mem, name, strcspn(name, ".")), node);
}

static void add_sub(struct graph *graph, size_t from, const struct cc_node *value)
{
    const struct cc_node *node = value->kind == CC_NODE_LIST ? cc_node_item(value, 0) : value;
    const struct cc_node *variables = value->kind == CC_NODE_LIST ? cc_node_item(value, 1) : NULL;
    struct cc_placeholder one;
    size_t at = 0;

    while (cc_node_text(node) && cc_next_placeholder(graph->lint->mem, node->text, &at, &one)) {
        if (!cc_node_member(variables, one.name)) {
            add_until_dot(graph, from, one.name, node);
        }
    }
}

static void add_depends(struct graph *graph, size_t from, const struct cc_node *node)
{
    const struct cc_node *item = node->kind == CC_NODE_LIST ? node->first : node;

    for (; item; item = node->kind == CC_NODE_LIST ? item->next : NULL) {
        if (cc_node_text(item)) {
            add(graph, from, item->text, item);
        }
    }
}

static void add_resource_edge(struct graph *graph, const struct cc_node *resource,
                              const struct cc_node *node)
{
    const size_t from = resource->index;

    if (strcmp(node->name, "Ref") == 0 && node->parent->count == 1 && cc_node_text(node)) {
        add(graph, from, node->text, node);
    } else if (strcmp(node->name, "Fn::GetAtt") == 0) {
        const struct cc_node *name = node->kind == CC_NODE_LIST ? node->first : node;

        if (cc_node_text(name)) {
            add_until_dot(graph, from, name->text, node);
        }
    } else if (strcmp(node->name, "Fn::Sub") == 0) {
        add_sub(graph, from, node);
    } else if (strcmp(node->name, "DependsOn") == 0 && node->parent == resource) {
        add_depends(graph, from, node);
    }
}

static void add_condition_edge(struct graph *graph, const struct cc_node *condition,
                               const struct cc_node *node)
{
    if (strcmp(node->name, "Condition") == 0 && cc_node_text(node)) {
        add(graph, condition->index, node->text, node);
    }
}

static void collect(struct graph *graph,
                    void (*edge)(struct graph *graph, const struct cc_node *member,
                                 const struct cc_node *node))
{
    const struct cc_node *member = graph->section->first;
    const struct cc_node *node = member;

    while (node) {
        member = node->parent == graph->section ? node : member;
        if (node->name && node != member) {
            edge(graph, member, node);
        }
        node = cc_node_after(node, graph->section);
    }
}

static int by_start(const void *a, const void *b)
{
    const struct edge *one = a;
    const struct edge *other = b;

    return (one->from > other->from) - (one->from < other->from);
}

static void index_edges(struct graph *graph)
{
    size_t at = 0;

    if (graph->count > 0) {
        qsort(graph->edges, graph->count, sizeof(*graph->edges), by_start);
    }
    graph->first = cc_alloc(graph->lint->mem, (graph->section->count + 1) * sizeof(size_t));
    for (size_t i = 0; i <= graph->section->count; i++) {
        while (at < graph->count && graph->edges[at].from < i) {
            at++;
        }
        graph->first[i] = at;
    }
}

static const char *name_at(const struct graph *graph, size_t index)
{
    const struct cc_node *member = graph->section->first;

    while (index-- > 0) {
        member = member->next;
    }
    return member->name;
}

#define CIRCLE_SHOWN 8

/* The way from where it closes to where it closes. */
static void tell(struct graph *graph, const size_t *way, size_t depth, const struct edge *last)
{
    struct cc_buf names = cc_buf_new(graph->lint->mem, 2048);
    size_t start = depth;

    while (start > 0 && way[start - 1] != last->to) {
        start--;
    }
    for (size_t i = start - 1; i < depth && i < start - 1 + CIRCLE_SHOWN; i++) {
        cc_buf_addf(&names, "%.100s -> ", name_at(graph, way[i]));
    }
    cc_found(graph->lint, last->node, CC_T_CIRCULAR_DEPENDENCY, "circular dependency: %s%s%.100s",
             names.text, depth - start + 1 > CIRCLE_SHOWN ? "... -> " : "",
             name_at(graph, last->to));
}

enum { NEW, OPEN, DONE };

/* Depth first from one member; each circle is told where it closes. */
static void follow(struct graph *graph, size_t start, char *states, size_t *way, size_t *next)
{
    size_t depth = 0;

    way[depth++] = start;
    states[start] = OPEN;
    next[start] = graph->first[start];
    while (depth > 0) {
        const size_t here = way[depth - 1];

        if (next[here] == graph->first[here + 1]) {
            states[here] = DONE;
            depth--;
            continue;
        }
        const struct edge *edge = &graph->edges[next[here]++];
        if (states[edge->to] == OPEN) {
            tell(graph, way, depth, edge);
        } else if (states[edge->to] == NEW) {
            states[edge->to] = OPEN;
            next[edge->to] = graph->first[edge->to];
            way[depth++] = edge->to;
        }
    }
}

static void check(struct cc_lint *lint, const struct cc_node *section,
                  void (*edge)(struct graph *graph, const struct cc_node *member,
                               const struct cc_node *node))
{
    struct graph graph = {.lint = lint, .section = section};

    if (!section) {
        return;
    }
    collect(&graph, edge);
    index_edges(&graph);
    const size_t count = section->count + 1;
    char *states = cc_alloc(lint->mem, count);
    size_t *way = cc_alloc(lint->mem, count * sizeof(*way));
    size_t *next = cc_alloc(lint->mem, count * sizeof(*next));
    for (size_t i = 0; i < section->count; i++) {
        if (states[i] == NEW) {
            follow(&graph, i, states, way, next);
        }
    }
}

void cc_lint_circles(struct cc_lint *lint)
{
    check(lint, lint->resources, add_resource_edge);
    check(lint, lint->conditions, add_condition_edge);
}
