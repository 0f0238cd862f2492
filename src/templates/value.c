#include "value.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "functions.h"

#include <string.h>

#define TEXT_MAX ((size_t)2 << 20)

static const char *placeholder(struct cc_arena *mem, const char *name)
{
    return cc_textf(mem, "%c%s%c", CC_OPEN, name, CC_CLOSE);
}

bool cc_value_known(const char *text)
{
    return !strchr(text, CC_OPEN);
}

const char *cc_value_shown(struct cc_arena *mem, const char *text)
{
    struct cc_buf out = cc_buf_new(mem, TEXT_MAX);

    for (; *text; text++) {
        if (*text == CC_OPEN) {
            cc_buf_text(&out, "${");
        } else {
            cc_buf_add(&out, *text == CC_CLOSE ? "}" : text, 1);
        }
    }
    return out.text;
}

const char *cc_value_placeholder(struct cc_arena *mem, const char *text)
{
    const size_t len = strlen(text);

    return len > 2 && text[0] == CC_OPEN && strchr(text, CC_CLOSE) == text + len - 1
               ? cc_text_dup(mem, text + 1, len - 2)
               : NULL;
}

/* Text of Fn::Sub outside of placeholders: ${!x} is ${x}. */
static void add_literal(struct cc_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const bool escaped = i >= 2 && text[i] == '!' && text[i - 1] == '{' && text[i - 2] == '$';

        cc_buf_add(out, text + i, escaped ? 0 : 1);
    }
}

/* The variables of Fn::Sub are texts themselves, which are written out when nothing is unknown. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_TEMPLATE_DEPTH
static const char *sub_text(struct cc_lint *lint, const struct cc_node *value)
{
    const bool list = value->kind == CC_NODE_LIST;
    const struct cc_node *node = list ? cc_node_item(value, 0) : value;
    const struct cc_node *variables = list ? cc_node_item(value, 1) : NULL;
    const char *text = cc_node_text(node);
    struct cc_buf out = cc_buf_new(lint->mem, TEXT_MAX);
    struct cc_placeholder one;
    size_t from = 0;
    size_t at = 0;

    if (!text) {
        return NULL;
    }
    while (cc_next_placeholder(lint->mem, text, &at, &one)) {
        const struct cc_node *variable = cc_node_member(variables, one.name);
        const char *known = variable ? cc_value_text(lint, variable) : NULL;

        add_literal(&out, text + from, one.at - from);
        cc_buf_text(&out,
                    known && cc_value_known(known) ? known : placeholder(lint->mem, one.name));
        from = at;
    }
    add_literal(&out, text + from, strlen(text + from));
    return out.text;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_TEMPLATE_DEPTH
static const char *join_text(struct cc_lint *lint, const struct cc_node *value)
{
    const char *delimiter = cc_node_text(cc_node_item(value, 0));
    const struct cc_node *list = cc_node_item(value, 1);
    struct cc_buf out = cc_buf_new(lint->mem, TEXT_MAX);

    if (!delimiter || !list || list->kind != CC_NODE_LIST) {
        return placeholder(lint->mem, "Fn::Join");
    }
    for (const struct cc_node *item = list->first; item; item = item->next) {
        const char *text = cc_value_text(lint, item);

        cc_buf_text(&out, item == list->first ? "" : delimiter);
        cc_buf_text(&out, text ? text : placeholder(lint->mem, "?"));
    }
    return out.text;
}

static const char *attribute_text(struct cc_lint *lint, const struct cc_node *value)
{
    const char *resource = cc_node_text(cc_node_item(value, 0));
    const char *attribute = cc_node_text(cc_node_item(value, 1));

    if (cc_node_text(value)) {
        return placeholder(lint->mem, cc_node_text(value));
    }
    return placeholder(lint->mem, resource && attribute
                                      ? cc_textf(lint->mem, "%s.%s", resource, attribute)
                                      : "Fn::GetAtt");
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_TEMPLATE_DEPTH
const char *cc_value_text(struct cc_lint *lint, const struct cc_node *node)
{
    const char *function = cc_node_function(node);

    if (node->kind == CC_NODE_UNKNOWN) {
        return node->text ? node->text : placeholder(lint->mem, "?");
    }
    if (!function) {
        return cc_node_text(node);
    }
    if (strcmp(function, "Fn::Sub") == 0) {
        return sub_text(lint, node->first);
    }
    if (strcmp(function, "Fn::Join") == 0) {
        return join_text(lint, node->first);
    }
    if (strcmp(function, "Fn::GetAtt") == 0) {
        return attribute_text(lint, node->first);
    }
    if (strcmp(function, "Ref") == 0 && cc_node_text(node->first)) {
        return placeholder(lint->mem, cc_node_text(node->first));
    }
    return placeholder(lint->mem, function);
}

const char *cc_value_usual(struct cc_lint *lint, const struct cc_node *node, bool *usual)
{
    const char *text = node ? cc_value_text(lint, node) : NULL;
    const char *name = text ? cc_value_placeholder(lint->mem, text) : NULL;
    const struct cc_node *parameter = cc_node_member(lint->parameters, name ? name : "");

    *usual = name != NULL;
    if (name) {
        return cc_node_text(cc_node_member(parameter, "Default"));
    }
    return text && cc_value_known(text) ? text : NULL;
}
