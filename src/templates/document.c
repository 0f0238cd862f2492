#include "credctl/base/text.h"

#include "read.h"
#include "value.h"

#include <string.h>

static bool is_wide(const struct cc_lint *lint)
{
    const unsigned char *bytes = (const unsigned char *)lint->text;

    return lint->len >= 2 &&
           ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff) ||
            bytes[0] == 0 || bytes[1] == 0);
}

/* The offset of the first byte that is not UTF-8. */
static size_t first_broken(const char *text)
{
    size_t good = 0;
    size_t bad = strlen(text);
    char part[8] = "";

    while (good < bad) {
        size_t size = 1;

        while (size < 4 && (text[good + size] & 0xc0) == 0x80) {
            size++;
        }
        memcpy(part, text + good, size);
        part[size] = '\0';
        if (!cc_text_is_utf8(part)) {
            return good;
        }
        good += size;
    }
    return good;
}

/* What no reader has to see. */
static bool is_text(struct cc_lint *lint)
{
    const struct cc_place start = {1, 1};

    if (lint->len > CC_TEMPLATE_MAX) {
        cc_found_at(lint, start, CC_T_TEMPLATE_SIZE, "the template has more than 1 MiB (%zu bytes)",
                    CC_TEMPLATE_MAX);
    } else if (is_wide(lint)) {
        cc_found_at(lint, start, CC_T_TEMPLATE_SYNTAX, "the text is UTF-16 or binary, not UTF-8");
        cc_found_fix(lint, "save it as UTF-8");
    } else if (strlen(lint->text) != lint->len) {
        cc_found_at(lint, cc_place_in(lint->text, lint->len), CC_T_TEMPLATE_SYNTAX,
                    "the text has a NUL character");
    } else if (!cc_text_is_utf8(lint->text)) {
        cc_found_at(lint, cc_place_in(lint->text, first_broken(lint->text)), CC_T_TEMPLATE_SYNTAX,
                    "the text is not UTF-8");
    } else {
        return true;
    }
    return false;
}

/* Text that begins like JSON can still be YAML. When it is neither, the error of JSON is told. */
static void read_braces(struct cc_tree *tree)
{
    const struct cc_json_source json = {.text = tree->lint->text, .from = {1, 1}};
    const struct cc_tree fresh = *tree;
    struct cc_lint *lint = tree->lint;

    cc_json_read(tree, &json);
    if (!tree->failed) {
        return;
    }
    const struct cc_tree failed = *tree;
    const struct cc_lint told = *lint;
    lint->findings = NULL;
    lint->count = lint->room = 0;
    *tree = fresh;
    cc_yaml_read(tree);
    if (tree->failed) {
        *tree = failed;
        *lint = told;
    }
}

const struct cc_node *cc_document_read(struct cc_lint *lint)
{
    struct cc_tree *tree = cc_alloc(lint->mem, sizeof(*tree));

    lint->text = cc_text_after_mark(lint->text, &lint->len);
    if (!is_text(lint)) {
        return NULL;
    }
    tree->lint = lint;
    if (lint->text[strspn(lint->text, " \t\r\n")] == '{') {
        read_braces(tree);
    } else {
        cc_yaml_read(tree);
    }
    if (!tree->failed && !tree->root) {
        cc_found_at(lint, (struct cc_place){1, 1}, CC_T_TEMPLATE_SYNTAX, "the template is empty");
        cc_found_fix(lint, "give a template with a Resources section");
    }
    return tree->failed ? NULL : tree->root;
}
