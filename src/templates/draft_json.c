#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "draft.h"

#include <string.h>

static void tell(struct cc_arena *mem, const struct cc_draft_node *node,
                 const struct cc_teller *teller);

static bool literal(const struct cc_draft_node *node)
{
    int64_t number = 0;

    return node->style == CC_DRAFT_PLAIN &&
           (cc_text_equal(node->text, "true") || cc_text_equal(node->text, "false") ||
            cc_text_equal(node->text, "null") ||
            cc_text_number(node->text, INT64_MIN, INT64_MAX, &number));
}

/* !GetAtt Role.Arn has a list in the long form. */
static void tell_attribute(struct cc_arena *mem, const char *text, const struct cc_teller *teller)
{
    const size_t len = strcspn(text, ".");

    teller->begin(teller->about, true);
    teller->text(teller->about, cc_text_dup(mem, text, len));
    teller->text(teller->about, text[len] ? text + len + 1 : "");
    teller->end(teller->about, true);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void tell_value(struct cc_arena *mem, const struct cc_draft_node *node,
                       const struct cc_teller *teller)
{
    const bool list = node->kind == CC_DRAFT_LIST;

    if (node->kind == CC_DRAFT_TEXT) {
        if (cc_text_equal(node->tag, "GetAtt")) {
            tell_attribute(mem, node->text, teller);
        } else if (literal(node)) {
            teller->literal(teller->about, node->text);
        } else {
            teller->text(teller->about, node->text);
        }
        return;
    }
    teller->begin(teller->about, list);
    for (const struct cc_draft_node *child = node->first; child; child = child->next) {
        if (!list) {
            teller->name(teller->about, child->key);
        }
        tell(mem, child, teller);
    }
    teller->end(teller->about, list);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void tell(struct cc_arena *mem, const struct cc_draft_node *node,
                 const struct cc_teller *teller)
{
    if (!node->tag) {
        tell_value(mem, node, teller);
        return;
    }
    teller->begin(teller->about, false);
    teller->name(teller->about,
                 cc_text_equal(node->tag, "Ref") ? "Ref" : cc_textf(mem, "Fn::%s", node->tag));
    tell_value(mem, node, teller);
    teller->end(teller->about, false);
}

void cc_draft_json(const struct cc_draft_node *root, struct cc_buf *out)
{
    struct cc_json_writer writer = {.out = out, .indented = true};
    const struct cc_teller teller = cc_json_teller(&writer);

    tell(out->mem, root, &teller);
    cc_buf_text(out, "\n");
}

const char *cc_draft_json_text(struct cc_arena *mem, const struct cc_draft_node *node)
{
    struct cc_buf text = cc_buf_new(mem, CC_DRAFT_MAX);
    struct cc_json_writer writer = {.out = &text};
    const struct cc_teller teller = cc_json_teller(&writer);

    tell(mem, node, &teller);
    return text.text;
}
