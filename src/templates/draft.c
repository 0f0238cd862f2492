#include "draft.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include <string.h>

struct cc_draft_node *cc_draft_text(struct cc_arena *mem, const char *tag, const char *text)
{
    struct cc_draft_node *node = cc_alloc(mem, sizeof(*node));

    node->tag = tag;
    node->text = text;
    return node;
}

struct cc_draft_node *cc_draft_map(struct cc_arena *mem)
{
    struct cc_draft_node *node = cc_alloc(mem, sizeof(*node));

    node->kind = CC_DRAFT_MAP;
    return node;
}

struct cc_draft_node *cc_draft_list(struct cc_arena *mem)
{
    struct cc_draft_node *node = cc_alloc(mem, sizeof(*node));

    node->kind = CC_DRAFT_LIST;
    return node;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
struct cc_draft_node *cc_draft_copy(struct cc_arena *mem, const struct cc_draft_node *node)
{
    struct cc_draft_node *copy = cc_alloc(mem, sizeof(*copy));
    struct cc_draft_node **end = &copy->first;

    *copy = *node;
    copy->next = NULL;
    for (const struct cc_draft_node *child = node->first; child; child = child->next) {
        *end = cc_draft_copy(mem, child);
        end = &(*end)->next;
    }
    *end = NULL;
    return copy;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as cc_json_parse allows
struct cc_draft_node *cc_draft_from_json(struct cc_arena *mem, const cJSON *item)
{
    if (cJSON_IsString(item)) {
        return cc_draft_text(mem, NULL,
                             cc_text_dup(mem, item->valuestring, strlen(item->valuestring)));
    }
    if (!cJSON_IsArray(item) && !cJSON_IsObject(item)) {
        const char *line = cc_json_line(mem, item);
        struct cc_draft_node *node =
            cc_draft_text(mem, NULL, cc_text_dup(mem, line, strcspn(line, "\n")));

        node->style = CC_DRAFT_PLAIN;
        return node;
    }
    struct cc_draft_node *node = cJSON_IsArray(item) ? cc_draft_list(mem) : cc_draft_map(mem);

    for (const cJSON *child = item->child; child; child = child->next) {
        struct cc_draft_node *one = cc_draft_from_json(mem, child);

        one->key = child->string ? cc_text_dup(mem, child->string, strlen(child->string)) : NULL;
        cc_draft_append(node, one);
    }
    return node;
}

struct cc_draft_node *cc_draft_in(const struct cc_draft_node *map, const char *key)
{
    struct cc_draft_node *child = map && map->kind == CC_DRAFT_MAP ? map->first : NULL;

    while (child && !cc_text_equal(child->key, key)) {
        child = child->next;
    }
    return child;
}

const char *cc_draft_text_in(const struct cc_draft_node *map, const char *key)
{
    const struct cc_draft_node *node = cc_draft_in(map, key);

    return node && node->kind == CC_DRAFT_TEXT && !node->tag ? node->text : NULL;
}

void cc_draft_append(struct cc_draft_node *list, struct cc_draft_node *node)
{
    struct cc_draft_node **end = &list->first;

    while (*end) {
        end = &(*end)->next;
    }
    *end = node;
}

void cc_draft_become(struct cc_draft_node *node, const struct cc_draft_node *other)
{
    const struct cc_draft_node before = *node;

    *node = *other;
    node->key = before.key;
    node->comment = before.comment;
    node->next = before.next;
}

void cc_draft_put(struct cc_draft_node *map, const char *key, struct cc_draft_node *node,
                  const char *after)
{
    struct cc_draft_node *there = cc_draft_in(map, key);
    struct cc_draft_node *before = after ? cc_draft_in(map, after) : NULL;

    node->key = key;
    if (there) {
        cc_draft_become(there, node);
    } else if (before) {
        node->next = before->next;
        before->next = node;
    } else {
        cc_draft_append(map, node);
    }
}

void cc_draft_remove(struct cc_draft_node *whole, const struct cc_draft_node *part)
{
    for (struct cc_draft_node **link = &whole->first; *link; link = &(*link)->next) {
        if (*link == part) {
            *link = part->next;
            return;
        }
    }
}
