#include "credctl/base/text.h"

#include "draft.h"

#include <string.h>

static const char *variable(struct cc_arena *mem, const char *name)
{
    return cc_textf(mem, "${%s}", name);
}

/* `text` with each `part` replaced; the same pointer when there is none. */
static const char *replaced(struct cc_arena *mem, const char *text, const char *part,
                            const char *by)
{
    const char *at = strstr(text, part);

    if (!at) {
        return text;
    }
    struct cc_buf out = cc_buf_new(mem, CC_DRAFT_MAX);
    for (; at; at = strstr(text, part)) {
        cc_buf_add(&out, text, (size_t)(at - text));
        cc_buf_text(&out, by);
        text = at + strlen(part);
    }
    cc_buf_text(&out, text);
    return out.text;
}

/* In the text of Fn::Sub, "${" begins a variable, and "${!" stands for "${". The partition of an
 * ARN is that of the stack, and so a variable like those beside it. */
static const char *shielded(struct cc_arena *mem, const char *text)
{
    const char *rest = cc_text_starts(text, "arn:") ? strchr(text + strlen("arn:"), ':') : NULL;

    return rest ? cc_textf(mem, "arn:${AWS::Partition}%s", replaced(mem, rest, "${", "${!"))
                : replaced(mem, text, "${", "${!");
}

static bool is_sub(const struct cc_draft_node *node)
{
    return cc_text_equal(node->tag, "Sub");
}

/* --- the value takes the place of the parameter --- */

struct setting {
    struct cc_arena *mem;
    const char *name;
    const char *variable;
    const struct cc_draft_node *value;
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void set_in(const struct setting *setting, struct cc_draft_node *node, bool in_sub)
{
    if (node->kind != CC_DRAFT_TEXT) {
        for (struct cc_draft_node *child = node->first; child; child = child->next) {
            set_in(setting, child, is_sub(node) && child == node->first);
        }
        return;
    }
    if (cc_text_equal(node->tag, "Ref") && cc_text_equal(node->text, setting->name)) {
        cc_draft_become(node, cc_draft_copy(setting->mem, setting->value));
    } else if ((is_sub(node) || in_sub) && setting->value->kind == CC_DRAFT_TEXT) {
        node->text = replaced(setting->mem, node->text, setting->variable,
                              shielded(setting->mem, setting->value->text));
    }
}

static void forget(struct cc_draft_node *root, const char *parameter)
{
    struct cc_draft_node *parameters = cc_draft_in(root, "Parameters");
    struct cc_draft_node *row = cc_draft_in(parameters, parameter);

    if (row) {
        cc_draft_remove(parameters, row);
        if (!parameters->first) {
            cc_draft_remove(root, parameters);
        }
    }
}

void cc_draft_set(struct cc_arena *mem, struct cc_draft_node *root, const char *parameter,
                  const struct cc_draft_node *value)
{
    const struct setting setting = {mem, parameter, variable(mem, parameter), value};

    forget(root, parameter);
    set_in(&setting, root, false);
}

/* --- the parameter and its uses go --- */

static bool uses(const struct cc_draft_node *node, const struct setting *setting)
{
    return node->kind == CC_DRAFT_TEXT &&
           ((cc_text_equal(node->tag, "Ref") && cc_text_equal(node->text, setting->name)) ||
            strstr(node->text, setting->variable));
}

static const char *lines_without(struct cc_arena *mem, const char *text, const char *part)
{
    struct cc_buf out = cc_buf_new(mem, CC_DRAFT_MAX);

    while (*text) {
        const size_t len = strcspn(text, "\n") + (strchr(text, '\n') != NULL);
        const char *line = cc_text_dup(mem, text, len);

        cc_buf_text(&out, strstr(line, part) ? "" : line);
        text += len;
    }
    return out.text;
}

/* True when the child has nothing left and must go. */
static bool drop_in(const struct setting *setting, struct cc_draft_node *node);

/* True when the whole map or list must go with the child. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static bool drop_child(const struct setting *setting, struct cc_draft_node *whole,
                       struct cc_draft_node *child)
{
    const bool used = uses(child, setting);

    if (used && child->style == CC_DRAFT_BLOCK) {
        child->text = lines_without(setting->mem, child->text, setting->variable);
        return false;
    }
    if (used && whole->flow) {
        return true;
    }
    if (used || (child->kind != CC_DRAFT_TEXT && drop_in(setting, child))) {
        cc_draft_remove(whole, child);
    }
    return false;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static bool drop_in(const struct setting *setting, struct cc_draft_node *node)
{
    struct cc_draft_node *next = NULL;
    const bool empty = !node->first;

    for (struct cc_draft_node *child = node->first; child; child = next) {
        next = child->next;
        if (drop_child(setting, node, child)) {
            return true;
        }
    }
    return !empty && !node->first;
}

void cc_draft_drop(struct cc_arena *mem, struct cc_draft_node *root, const char *parameter)
{
    const struct setting setting = {mem, parameter, variable(mem, parameter), NULL};

    forget(root, parameter);
    (void)drop_in(&setting, root);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static bool used_in(const struct cc_draft_node *node, const struct setting *setting)
{
    bool used = uses(node, setting);

    for (const struct cc_draft_node *child = node->first; child && !used; child = child->next) {
        used = used_in(child, setting);
    }
    return used;
}

void cc_draft_prune(struct cc_draft_node *root)
{
    struct cc_draft_node *parameters = cc_draft_in(root, "Parameters");
    struct cc_arena mem = {0};

    for (struct cc_draft_node *row = parameters ? parameters->first : NULL, *next = NULL; row;
         row = next) {
        const struct setting setting = {&mem, row->key, variable(&mem, row->key), NULL};

        next = row->next;
        if (!used_in(root, &setting)) {
            forget(root, row->key);
        }
    }
    cc_arena_wipe(&mem);
}

/* --- functions of literal arguments --- */

static bool plain_text(const struct cc_draft_node *node)
{
    return node->kind == CC_DRAFT_TEXT && !node->tag;
}

/* !Split [':', 'a:b'] is a list. */
static void fold_split(struct cc_arena *mem, struct cc_draft_node *node)
{
    const struct cc_draft_node *separator = node->first;
    const struct cc_draft_node *text = separator ? separator->next : NULL;

    if (!text || !plain_text(separator) || !plain_text(text) || !separator->text[0]) {
        return;
    }
    struct cc_draft_node *list = cc_draft_list(mem);
    for (const char *at = text->text; at;) {
        const char *end = strstr(at, separator->text);

        cc_draft_append(
            list,
            cc_draft_text(mem, NULL, cc_text_dup(mem, at, end ? (size_t)(end - at) : strlen(at))));
        at = end ? end + strlen(separator->text) : NULL;
    }
    cc_draft_become(node, list);
}

static void fold_select(struct cc_draft_node *node)
{
    const struct cc_draft_node *index = node->first;
    const struct cc_draft_node *list = index ? index->next : NULL;
    int64_t at = 0;

    if (!list || !plain_text(index) || list->kind != CC_DRAFT_LIST || list->tag ||
        !cc_text_number(index->text, 0, INT32_MAX, &at)) {
        return;
    }
    const struct cc_draft_node *item = list->first;
    while (item && at-- > 0) {
        item = item->next;
    }
    if (item) {
        cc_draft_become(node, item);
    }
}

/* !Sub with variables of its own: those that are literal go into the text. */
static void fold_variables(struct cc_arena *mem, struct cc_draft_node *node)
{
    struct cc_draft_node *text = node->first;
    struct cc_draft_node *map = text ? text->next : NULL;
    struct cc_draft_node *next = NULL;

    for (struct cc_draft_node *row = map ? map->first : NULL; row; row = next) {
        next = row->next;
        if (plain_text(row)) {
            text->text =
                replaced(mem, text->text, variable(mem, row->key), shielded(mem, row->text));
            cc_draft_remove(map, row);
        }
    }
    if (text && (!map || !map->first)) {
        text->tag = "Sub";
        cc_draft_become(node, text);
    }
}

/* !Sub of a text without variables is the text. */
static void fold_text(struct cc_arena *mem, struct cc_draft_node *node)
{
    const char *at = node->text;

    while ((at = strstr(at, "${")) && at[2] == '!') {
        at += 2;
    }
    node->style = node->style == CC_DRAFT_BLOCK ? CC_DRAFT_BLOCK : CC_DRAFT_AUTO;
    if (!at) {
        node->tag = NULL;
        node->text = replaced(mem, node->text, "${!", "${");
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
void cc_draft_fold(struct cc_arena *mem, struct cc_draft_node *root)
{
    for (struct cc_draft_node *child = root->first; child; child = child->next) {
        cc_draft_fold(mem, child);
    }
    if (root->kind == CC_DRAFT_LIST && cc_text_equal(root->tag, "Split")) {
        fold_split(mem, root);
    } else if (root->kind == CC_DRAFT_LIST && cc_text_equal(root->tag, "Select")) {
        fold_select(root);
    } else if (root->kind == CC_DRAFT_LIST && is_sub(root)) {
        fold_variables(mem, root);
    }
    if (root->kind == CC_DRAFT_TEXT && is_sub(root)) {
        fold_text(mem, root);
    }
}
