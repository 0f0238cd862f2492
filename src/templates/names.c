#include "credctl/base/text.h"

#include "lint.h"

#include <string.h>

bool cc_one_of(const char *text, const char *const *list)
{
    while (text && *list && strcmp(*list, text) != 0) {
        list++;
    }
    return text && *list;
}

static const char *next_word(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static const char *next_member(const void *list, size_t i)
{
    const struct cc_node *map = list;

    return map && map->kind == CC_NODE_MAP && i < map->count ? map->sorted[i]->name : NULL;
}

static const char *question(struct cc_lint *lint, const char *nearest)
{
    return nearest ? cc_textf(lint->mem, " (did you mean %.100s?)", nearest) : "";
}

const char *cc_did_you_mean(struct cc_lint *lint, const char *name, const char *const *names)
{
    return question(lint, cc_text_nearest(name, next_word, names));
}

#define NEAREST_MAX 500

const char *cc_did_you_mean_member(struct cc_lint *lint, const char *name,
                                   const struct cc_node *map)
{
    return map && map->count > NEAREST_MAX
               ? ""
               : question(lint, cc_text_nearest(name, next_member, map));
}

void cc_lint_names(struct cc_lint *lint, const struct cc_node *map, const char *const *allowed,
                   enum cc_template_code code, const char *what)
{
    for (const struct cc_node *member = map->first; member; member = member->next) {
        if (!cc_one_of(member->name, allowed)) {
            cc_found_at_name(lint, member, code, "%.100s is not a key of %s%s", member->name, what,
                             cc_did_you_mean(lint, member->name, allowed));
        }
    }
}

static const char *const kinds[] = {
    [CC_NODE_TEXT] = "a text",
    [CC_NODE_LIST] = "a list",
    [CC_NODE_MAP] = "a map",
};

bool cc_lint_kind(struct cc_lint *lint, const struct cc_node *node, enum cc_node_kind kind,
                  enum cc_template_code code, const char *what)
{
    if (node->kind == kind || node->kind == CC_NODE_UNKNOWN) {
        return node->kind == kind;
    }
    if (!cc_node_is_null(node)) {
        cc_found(lint, node, code, "%s is not %s", what, kinds[kind]);
    }
    return false;
}

const char *cc_type_of(const struct cc_lint *lint, const char *resource)
{
    return cc_node_text(cc_node_member(cc_node_member(lint->resources, resource), "Type"));
}

bool cc_is_loop(const struct cc_node *member)
{
    return cc_text_starts(member->name, "Fn::");
}
