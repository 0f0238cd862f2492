#include "credctl/base/text.h"

#include "../../src/templates/draft.h"

#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct cc_draft_node *node_of(struct cc_arena *mem, const char *text,
                                     enum cc_draft_style style)
{
    struct cc_draft_node *node = cc_draft_text(mem, NULL, text);

    node->style = style;
    return node;
}

/* Any text, as key and as value, in a block and in a flow, is read back as it was written. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    char *text = cc_text_dup(&mem, (const char *)data, size);
    struct cc_draft_node *root = cc_draft_map(&mem);
    struct cc_draft_node *list = cc_draft_list(&mem);
    struct cc_draft_node *flow = cc_draft_map(&mem);
    struct cc_draft_node *again = NULL;
    struct cc_buf yaml = cc_buf_new(&mem, CC_DRAFT_MAX);
    struct cc_error err;

    cc_text_make_utf8(text);
    flow->flow = true;
    cc_draft_put(flow, text, node_of(&mem, text, CC_DRAFT_AUTO), NULL);
    cc_draft_append(list, node_of(&mem, text, CC_DRAFT_BLOCK));
    cc_draft_append(list, flow);
    cc_draft_put(root, "list", list, NULL);
    cc_draft_put(root, cc_textf(&mem, "x%s", text), node_of(&mem, text, CC_DRAFT_QUOTED), NULL);
    cc_draft_put(root, "tagged", cc_draft_text(&mem, "Sub", text), NULL);
    cc_draft_yaml(root, &yaml);
    if (size < 100 &&
        (!cc_draft_read(&mem, yaml.text, yaml.len, &again, &err) ||
         strcmp(cc_draft_json_text(&mem, root), cc_draft_json_text(&mem, again)) != 0)) {
        abort();
    }
    cc_arena_wipe(&mem);
    return 0;
}
