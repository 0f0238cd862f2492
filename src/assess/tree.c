#include "tree.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include <stdlib.h>
#include <string.h>

static void release(void *tree)
{
    cJSON_Delete(tree);
}

static cJSON *kept(struct cc_arena *mem, cJSON *tree)
{
    if (!tree) {
        abort(); /* out of memory */
    }
    cc_arena_adopt(mem, release, tree);
    return tree;
}

cJSON *cc_tree_object(struct cc_arena *mem)
{
    return kept(mem, cJSON_CreateObject());
}

cJSON *cc_tree_list(struct cc_arena *mem)
{
    return kept(mem, cJSON_CreateArray());
}

// NOLINTNEXTLINE(misc-no-recursion): documents have at most CC_JSON_DEPTH levels
static void hide(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 cJSON *item)
{
    if (cJSON_IsString(item)) {
        (void)cJSON_SetValuestring(item, cc_page_lines(run, ask, page, item->valuestring));
    }
    for (cJSON *child = item->child; child; child = child->next) {
        hide(run, ask, page, child);
    }
}

cJSON *cc_tree_copy(struct cc_run *run, const struct cc_ask *ask,
                    const struct cc_page_of_answer *page, const cJSON *item)
{
    cJSON *copy = cJSON_Duplicate(item, true);

    if (!copy) {
        abort(); /* out of memory */
    }
    if (page->repeats) {
        hide(run, ask, page, copy);
    }
    return copy;
}

static const cJSON *child_of(struct cc_arena *mem, const cJSON *tree, const char *name, size_t len)
{
    int64_t index = 0;
    const char *word = cc_text_dup(mem, name, len);

    if (cJSON_IsArray(tree)) {
        return cc_text_number(word, 0, INT16_MAX, &index) ? cJSON_GetArrayItem(tree, (int)index)
                                                          : NULL;
    }
    return cJSON_GetObjectItemCaseSensitive(tree, word);
}

const cJSON *cc_tree_at(struct cc_arena *mem, const cJSON *tree, const char *path)
{
    while (tree && path && path[0]) {
        const size_t len = strcspn(path, "/");

        tree = child_of(mem, tree, path, len);
        path += len + (path[len] == '/');
    }
    return path && !cJSON_IsNull(tree) ? tree : NULL;
}

const char *cc_tree_text(struct cc_arena *mem, const cJSON *tree, const char *path)
{
    const char *text = cJSON_GetStringValue(cc_tree_at(mem, tree, path));

    return text && text[0] ? text : NULL;
}

void cc_tree_count(cJSON *counts, const char *name)
{
    cJSON *count = cJSON_GetObjectItemCaseSensitive(counts, name);

    if (count) {
        cJSON_SetNumberValue(count, count->valuedouble + 1);
    } else {
        (void)cJSON_AddNumberToObject(counts, name, 1);
    }
}

void cc_tree_take(struct cc_arena *mem, cJSON *to, const char *name, const cJSON *from,
                  const char *path)
{
    const cJSON *item = cc_tree_at(mem, from, path);

    cJSON_AddItemToObject(to, name, item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
}

void cc_tree_times(struct cc_arena *mem, cJSON *object, const char *const *names)
{
    for (; *names; names++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, *names);

        if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 253402300800.0) {
            cJSON_ReplaceItemInObjectCaseSensitive(
                object, *names, cJSON_CreateString(cc_time_iso(mem, (int64_t)item->valuedouble)));
        }
    }
}
