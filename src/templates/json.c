#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "read.h"
#include "value.h"

#include <string.h>

struct reading {
    struct cc_tree *tree;
    const struct cc_json_source *json;
    const char *at;
    const char *counted; /* `place` is that of this character */
    struct cc_place place;
};

static struct cc_place here(struct reading *reading)
{
    for (; reading->counted < reading->at; reading->counted++) {
        if (*reading->counted == '\n') {
            reading->place.line++;
            reading->place.column = reading->json->margin + 1;
        } else if ((*reading->counted & 0xc0) != 0x80) {
            reading->place.column++;
        }
    }
    return reading->place;
}

static void fail(struct reading *reading, const char *message)
{
    if (!reading->tree->failed) {
        cc_found_at(reading->tree->lint, here(reading), CC_T_TEMPLATE_SYNTAX, "%s", message);
    }
    reading->tree->failed = true;
}

static void skip_blanks(struct reading *reading)
{
    reading->at += strspn(reading->at, " \t\r\n");
}

/* --- strings --- */

/* Four hexadecimal digits, or -1. */
static int code_unit(const char *at)
{
    int unit = 0;

    for (size_t i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = at[i] ? strchr(digits, at[i]) : NULL;

        if (!digit) {
            return -1;
        }
        unit = unit * 16 + (int)(digit - digits) % 16;
    }
    return unit;
}

/* UTF-8: the first byte tells how many others follow, with six bits each. */
static void add_character(struct cc_buf *out, unsigned code)
{
    static const unsigned char firsts[] = {0x00, 0xc0, 0xe0, 0xf0};
    const size_t others = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    char bytes[4];

    for (size_t i = others; i > 0; i--, code >>= 6) {
        bytes[i] = (char)(0x80 | (code & 0x3f));
    }
    bytes[0] = (char)(firsts[others] | code);
    cc_buf_add(out, bytes, others + 1);
}

/* \uXXXX, or two of them for one character. */
static bool read_unicode(struct reading *reading, struct cc_buf *out)
{
    int code = code_unit(reading->at);

    if (code <= 0) {
        return false;
    }
    reading->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && cc_text_starts(reading->at, "\\u")) {
        const int low = code_unit(reading->at + 2);

        if (low < 0xdc00 || low > 0xdfff) {
            return false;
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        reading->at += 6;
    }
    if (code >= 0xd800 && code < 0xe000) {
        return false;
    }
    add_character(out, (unsigned)code);
    return true;
}

static bool read_escape(struct reading *reading, struct cc_buf *out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    const char name = *reading->at;
    const char *found = name ? strchr(names, name) : NULL;

    reading->at += name != '\0';
    if (found) {
        cc_buf_add(out, &meant[found - names], 1);
        return true;
    }
    return name == 'u' && read_unicode(reading, out);
}

static bool ends_run(char c)
{
    return c == '"' || c == '\\' || ((unsigned char)c < ' ' && c != CC_OPEN && c != CC_CLOSE);
}

/* Up to a quote, an escape sequence, or what cannot be in a string. */
static void read_run(struct reading *reading, struct cc_buf *out)
{
    const char *from = reading->at;

    while (!ends_run(*reading->at)) {
        reading->at++;
    }
    cc_buf_add(out, from, (size_t)(reading->at - from));
}

static const char *read_string(struct reading *reading)
{
    struct cc_buf out = cc_buf_new(reading->tree->lint->mem, SIZE_MAX);

    reading->at++;
    for (read_run(reading, &out); *reading->at == '\\'; read_run(reading, &out)) {
        reading->at++;
        if (!read_escape(reading, &out)) {
            fail(reading, "a string has an invalid escape sequence");
            return NULL;
        }
    }
    if (*reading->at != '"') {
        fail(reading, *reading->at ? "a string has a line break or control character"
                                   : "a string does not end");
        return NULL;
    }
    reading->at++;
    const char *text = out.text;
    if (!reading->json->loose) {
        cc_readable(reading->tree->lint->mem, &text);
    }
    return text;
}

/* --- values --- */

static void read_word(struct reading *reading)
{
    static const struct {
        const char *text;
        enum cc_scalar scalar;
    } words[] = {{"true", CC_SCALAR_FLAG}, {"false", CC_SCALAR_FLAG}, {"null", CC_SCALAR_NULL}};
    const struct cc_place place = here(reading);
    const size_t len = strspn(reading->at, "abcdefghijklmnopqrstuvwxyz");

    for (size_t i = 0; i < CC_COUNT(words); i++) {
        if (strlen(words[i].text) == len && strncmp(words[i].text, reading->at, len) == 0) {
            reading->at += len;
            cc_tree_scalar(reading->tree, place, words[i].text, words[i].scalar);
            return;
        }
    }
    fail(reading, "a value was expected");
}

static void read_number(struct reading *reading)
{
    const struct cc_place place = here(reading);
    const char *from = reading->at;
    const size_t digits = strspn(from + (*from == '-'), "0123456789");
    const size_t len = strspn(from, "+-.0123456789eE");

    if (digits == 0) {
        fail(reading, "a value was expected");
        return;
    }
    reading->at += len;
    cc_tree_scalar(reading->tree, place, cc_text_dup(reading->tree->lint->mem, from, len),
                   len == digits + (*from == '-') ? CC_SCALAR_INTEGER : CC_SCALAR_REAL);
}

static void read_placeholder(struct reading *reading)
{
    const struct cc_place place = here(reading);
    const char *end = strchr(reading->at, CC_CLOSE);

    if (!reading->json->loose || !end) {
        fail(reading, "a value was expected");
        return;
    }
    cc_tree_unknown(
        reading->tree, place,
        cc_text_dup(reading->tree->lint->mem, reading->at, (size_t)(end + 1 - reading->at)));
    reading->at = end + 1;
}

static void read_text(struct reading *reading)
{
    const struct cc_place place = here(reading);
    const char *text = read_string(reading);

    if (text) {
        cc_tree_scalar(reading->tree, place, text, CC_SCALAR_TEXT);
    }
}

/* The beginning of a value; objects and arrays stay open. */
static void read_value(struct reading *reading)
{
    const struct cc_place place = here(reading);
    const char first = *reading->at;

    if (first == '{' || first == '[') {
        cc_tree_open(reading->tree, place, first == '{' ? CC_NODE_MAP : CC_NODE_LIST);
        reading->at++;
    } else if (first == '"') {
        read_text(reading);
    } else if (first == CC_OPEN) {
        read_placeholder(reading);
    } else if (first >= 'a' && first <= 'z') {
        read_word(reading);
    } else {
        read_number(reading);
    }
}

static void read_name(struct reading *reading)
{
    const struct cc_place place = here(reading);
    const char *name = *reading->at == '"' ? read_string(reading) : NULL;

    if (!name) {
        fail(reading, "the name of a member was expected, in double quotes");
        return;
    }
    skip_blanks(reading);
    if (*reading->at != ':') {
        fail(reading, "a colon was expected");
        return;
    }
    reading->at++;
    skip_blanks(reading);
    cc_tree_name(reading->tree, place, name);
}

static bool is_closing(const struct reading *reading)
{
    const struct cc_tree *tree = reading->tree;
    const bool map = tree->depth > 0 && tree->levels[tree->depth - 1].node->kind == CC_NODE_MAP;

    return tree->depth > 0 && *reading->at == (map ? '}' : ']');
}

static void close_all(struct reading *reading)
{
    while (!reading->tree->failed && is_closing(reading)) {
        cc_tree_close(reading->tree);
        reading->at++;
        skip_blanks(reading);
    }
}

/* What follows a value: the end of what is open, or a comma. */
static void read_after(struct reading *reading)
{
    skip_blanks(reading);
    close_all(reading);
    if (reading->tree->depth == 0 || reading->tree->failed) {
        return;
    }
    if (*reading->at != ',') {
        fail(reading, "a comma or the end of the object or array was expected");
        return;
    }
    reading->at++;
    skip_blanks(reading);
}

void cc_json_read(struct cc_tree *tree, const struct cc_json_source *json)
{
    struct reading reading = {
        .tree = tree, .json = json, .at = json->text, .counted = json->text, .place = json->from};

    skip_blanks(&reading);
    do {
        if (cc_tree_wants_name(tree)) {
            read_name(&reading);
        }
        if (tree->failed) {
            return;
        }
        const size_t depth = tree->depth;
        read_value(&reading);
        skip_blanks(&reading);
        if (tree->depth == depth || is_closing(&reading)) {
            read_after(&reading);
        }
    } while (!tree->failed && tree->depth > 0);
    if (!tree->failed && *reading.at) {
        fail(&reading, "there is more text after the end of the document");
    }
}
