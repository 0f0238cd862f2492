#include "credctl/base/text.h"

#include "draft.h"

#include <string.h>

static void write_block(const struct cc_draft_node *node, int indent, bool in_line,
                        struct cc_buf *out);
static void write_line(const struct cc_draft_node *node, struct cc_buf *out);

/* --- texts --- */

static bool reserved(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n"};

    for (size_t i = 0; i < CC_COUNT(words); i++) {
        if (cc_text_equal_nocase(text, words[i])) {
            return true;
        }
    }
    return false;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Every reader of YAML 1.1 and 1.2 reads it as this string, also in a flow. */
static bool plain(const char *text)
{
    if ((!letter(text[0]) && text[0] != '/' && text[0] != '_') || reserved(text)) {
        return false;
    }
    for (const char *at = text; *at; at++) {
        const bool usual = letter(*at) || strchr("0123456789_./+=@-*", *at);
        const bool colon = *at == ':' && at[1] != ' ' && at[1] != '\0';
        const bool blank = *at == ' ' && at[1] != ' ' && at[1] != '\0';

        if (!usual && !colon && !blank) {
            return false;
        }
    }
    return true;
}

/* The length of a character that YAML does not have, or has as a line break; 0: any other. */
static size_t unusual(const unsigned char *at)
{
    if (at[0] < 0x20 || at[0] == 0x7f) {
        return 1;
    }
    if (at[0] == 0xc2 && at[1] < 0xa0) { /* C1 */
        return 2;
    }
    if (at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9)) { /* separators */
        return 3;
    }
    const bool mark = at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf;
    return mark || (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe) ? 3 : 0; /* U+FFFE, U+FFFF */
}

static bool printable(const char *text, bool lines)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (unusual(at) && !(lines && *at == '\n')) {
            return false;
        }
    }
    return true;
}

static void write_escaped(const char *text, struct cc_buf *out)
{
    cc_buf_text(out, "\"");
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        const size_t len = unusual(at);

        if (len == 1) {
            cc_buf_addf(out, *at == '\n' ? "\\n" : "\\x%02x", *at);
        } else if (len == 2) {
            cc_buf_addf(out, "\\x%02x", at[1]);
        } else if (len == 3) {
            cc_buf_addf(out, "\\u%04x", (at[0] & 15U) << 12 | (at[1] & 63U) << 6 | (at[2] & 63U));
        } else {
            cc_buf_addf(out, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
        }
        at += len ? len : 1;
    }
    cc_buf_text(out, "\"");
}

static void write_quoted(const char *text, struct cc_buf *out)
{
    cc_buf_text(out, "'");
    for (;;) {
        const size_t len = strcspn(text, "'");

        cc_buf_add(out, text, len);
        if (!text[len]) {
            break;
        }
        cc_buf_text(out, "''");
        text += len + 1;
    }
    cc_buf_text(out, "'");
}

static void write_string(const char *text, enum cc_draft_style style, struct cc_buf *out)
{
    if (!printable(text, false)) {
        write_escaped(text, out);
    } else if (style == CC_DRAFT_PLAIN || (style != CC_DRAFT_QUOTED && plain(text))) {
        cc_buf_text(out, text);
    } else {
        write_quoted(text, out);
    }
}

static bool fits_block(const struct cc_draft_node *node)
{
    const char *text =
        node->kind == CC_DRAFT_TEXT && node->style == CC_DRAFT_BLOCK ? node->text : "";
    const size_t len = strlen(text);

    return len > 1 && text[0] != ' ' && text[0] != '\n' && text[len - 1] == '\n' &&
           text[len - 2] != '\n' && printable(text, true);
}

static void write_lines(const char *text, int indent, struct cc_buf *out)
{
    cc_buf_text(out, "|\n");
    while (*text) {
        const int len = (int)strcspn(text, "\n");

        cc_buf_addf(out, "%*s%.*s\n", len > 0 ? indent : 0, "", len, text);
        text += len + 1;
    }
}

/* --- maps and lists --- */

static void write_tag(const struct cc_draft_node *node, struct cc_buf *out)
{
    if (node->tag) {
        cc_buf_addf(out, "!%s", node->tag);
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void write_flow(const struct cc_draft_node *node, struct cc_buf *out)
{
    const bool map = node->kind == CC_DRAFT_MAP;

    cc_buf_text(out, map ? "{" : "[");
    for (const struct cc_draft_node *child = node->first; child; child = child->next) {
        if (map) {
            write_string(child->key, CC_DRAFT_AUTO, out);
            cc_buf_text(out, ": ");
        }
        write_line(child, out);
        cc_buf_text(out, child->next ? ", " : "");
    }
    cc_buf_text(out, map ? "}" : "]");
}

/* A node in one line, with its tag. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void write_line(const struct cc_draft_node *node, struct cc_buf *out)
{
    write_tag(node, out);
    cc_buf_text(out, node->tag ? " " : "");
    if (node->kind == CC_DRAFT_TEXT) {
        write_string(node->text, node->style, out);
    } else {
        write_flow(node, out);
    }
}

/* What follows "key:" or "-" up to the end of its last line. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void write_value(const struct cc_draft_node *node, int indent, bool item, struct cc_buf *out)
{
    const bool block = node->kind != CC_DRAFT_TEXT && !node->flow && node->first;

    if (fits_block(node)) {
        cc_buf_text(out, " ");
        write_tag(node, out);
        cc_buf_text(out, node->tag ? " " : "");
        write_lines(node->text, indent + 2, out);
    } else if (!block) {
        cc_buf_text(out, " ");
        write_line(node, out);
        cc_buf_text(out, "\n");
    } else if (item && !node->tag) {
        cc_buf_text(out, " ");
        write_block(node, indent + 2, true, out);
    } else {
        cc_buf_text(out, node->tag ? " " : "");
        write_tag(node, out);
        cc_buf_text(out, "\n");
        write_block(node, indent + 2, false, out);
    }
}

static void write_comment(const char *comment, int indent, struct cc_buf *out)
{
    while (comment && *comment) {
        const int len = (int)strcspn(comment, "\n");

        cc_buf_addf(out, "%*s%.*s\n", indent, "", len, comment);
        comment += len + (comment[len] == '\n');
    }
}

/* Children line by line; `in_line`: the first one follows the dash of an item. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void write_block(const struct cc_draft_node *node, int indent, bool in_line,
                        struct cc_buf *out)
{
    for (const struct cc_draft_node *child = node->first; child; child = child->next) {
        const bool first = in_line && child == node->first;

        write_comment(first ? NULL : child->comment, indent, out);
        cc_buf_addf(out, "%*s", first ? 0 : indent, "");
        if (node->kind == CC_DRAFT_MAP) {
            write_string(child->key, CC_DRAFT_AUTO, out);
        }
        cc_buf_text(out, node->kind == CC_DRAFT_MAP ? ":" : "-");
        write_value(child, indent, node->kind == CC_DRAFT_LIST, out);
    }
}

void cc_draft_yaml(const struct cc_draft_node *root, struct cc_buf *out)
{
    write_block(root, 0, false, out);
}
