#include "regex_program.h"

#include <stdlib.h>
#include <string.h>

#define LAST 0x10ffffU

unsigned cc_regex_character(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    const int more = bytes[0] >= 0xf0 ? 3 : bytes[0] >= 0xe0 ? 2 : bytes[0] >= 0xc0 ? 1 : 0;
    unsigned code = more > 0 ? bytes[0] & (0x3fU >> more) : bytes[0];
    int seen = 0;

    for (; seen < more && (bytes[seen + 1] & 0xc0) == 0x80; seen++) {
        code = code << 6 | (bytes[seen + 1] & 0x3f);
    }
    *at += 1 + seen;
    return code;
}

/* All characters that are not in these ranges, which are in order. */
static void add_others(struct cc_regex_program *program, const struct cc_regex_range *ranges,
                       size_t count)
{
    unsigned from = 0;

    for (size_t i = 0; i < count; i++) {
        if (ranges[i].from > from) {
            cc_regex_add_range(program, from, ranges[i].from - 1);
        }
        from = ranges[i].to + 1;
    }
    cc_regex_add_range(program, from, LAST);
}

static const struct {
    char name;
    size_t count;
    struct cc_regex_range ranges[4];
} sets[] = {
    {'d', 1, {{'0', '9'}}},
    {'w', 4, {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
    {'s', 3, {{'\t', '\r'}, {' ', ' '}, {0xa0, 0xa0}}},
};

/* \d or \D and their like. */
static bool add_set(struct cc_regex_program *program, char name)
{
    size_t i = 0;

    while (i < CC_COUNT(sets) && name != sets[i].name && name != sets[i].name - ('a' - 'A')) {
        i++;
    }
    if (i == CC_COUNT(sets)) {
        return false;
    }
    if (name != sets[i].name) {
        add_others(program, sets[i].ranges, sets[i].count);
        return true;
    }
    for (size_t k = 0; k < sets[i].count; k++) {
        cc_regex_add_range(program, sets[i].ranges[k].from, sets[i].ranges[k].to);
    }
    return true;
}

/* Hexadecimal digits of \xXX, \uXXXX and \u{X...}. */
static void add_code(struct cc_regex_program *program, size_t digits)
{
    char text[9] = "";
    size_t len = strspn(program->at, "0123456789abcdefABCDEF");
    const bool braces = *program->at == '{';

    if (braces) {
        len = strcspn(++program->at, "}");
        digits = len;
    }
    if (len < digits || digits == 0 || digits >= sizeof(text)) {
        program->foreign = true;
        return;
    }
    memcpy(text, program->at, digits);
    program->at += digits + (braces && program->at[digits] == '}');
    const unsigned code = (unsigned)strtoul(text, NULL, 16);
    cc_regex_add_range(program, code, code);
}

/* \p{L} and its like: all characters beyond ASCII, and the usual ones of ASCII. */
static void add_property(struct cc_regex_program *program, bool negated)
{
    const char *end = *program->at == '{' ? strchr(program->at, '}') : NULL;

    if (!end || negated || !strchr("LNZPS", program->at[1])) {
        program->foreign = true;
        return;
    }
    const char name = program->at[1];
    program->unsure = true; /* in a negated class */
    program->at = end + 1;
    cc_regex_add_range(program, 0x80, LAST);
    if (name == 'L') {
        cc_regex_add_range(program, 'A', 'Z');
        cc_regex_add_range(program, 'a', 'z');
    } else if (name == 'N') {
        cc_regex_add_range(program, '0', '9');
    } else if (name == 'Z') {
        cc_regex_add_range(program, ' ', ' ');
    } else {
        cc_regex_add_range(program, '!', '/');
        cc_regex_add_range(program, ':', '@');
        cc_regex_add_range(program, '[', '`');
        cc_regex_add_range(program, '{', '~');
    }
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '1' && c <= '9');
}

void cc_regex_escape(struct cc_regex_program *program, bool in_class)
{
    static const char names[] = "nrtfve0";
    static const char meant[] = "\n\r\t\f\v\x1b";
    const char first = *program->at;
    const unsigned code = cc_regex_character(&program->at);
    const char *found = code > 0 && code < 0x80 ? strchr(names, first) : NULL;

    if (code == 0) {
        program->at--;
        program->broken = true;
    } else if (found) {
        const unsigned character = (unsigned char)meant[found - names];
        cc_regex_add_range(program, character, character);
    } else if (first == 'x' || first == 'u') {
        add_code(program, first == 'x' ? 2 : 4);
    } else if (first == 'p' || first == 'P') {
        add_property(program, first == 'P');
    } else if (first == 'b' && in_class) {
        cc_regex_add_range(program, '\b', '\b');
    } else if (!add_set(program, first)) {
        program->foreign = program->foreign || is_letter_or_digit(first);
        cc_regex_add_range(program, code, code);
    }
}

/* One character or set of a class, and the range that it may begin. */
static void class_item(struct cc_regex_program *program)
{
    const int before = program->range_count;

    if (*program->at == '[' && program->at[1] == ':') {
        program->foreign = true;
    }
    if (*program->at == '\\') {
        program->at++;
        cc_regex_escape(program, true);
    } else {
        program->unsure =
            program->unsure || *program->at == '[' || strncmp(program->at, "&&", 2) == 0;
        const unsigned code = cc_regex_character(&program->at);
        cc_regex_add_range(program, code, code);
    }
    if (*program->at != '-' || program->at[1] == ']' || program->at[1] == '\0' ||
        program->range_count != before + 1 ||
        program->ranges[before].from != program->ranges[before].to) {
        return;
    }
    const char *dash = program->at++;
    const unsigned from = program->ranges[before].from;
    if (*program->at == '\\') {
        program->at++;
        cc_regex_escape(program, true);
    } else {
        const unsigned code = cc_regex_character(&program->at);
        cc_regex_add_range(program, code, code);
    }
    struct cc_regex_range *last = &program->ranges[program->range_count - 1];
    if (program->range_count == before + 2 && last->from == last->to) {
        program->broken = program->broken || from > last->from;
        last->from = from;
    } else { /* "a-\w": the dash is itself */
        cc_regex_add_range(program, (unsigned char)*dash, (unsigned char)*dash);
    }
}

void cc_regex_class(struct cc_regex_program *program)
{
    const bool negated = *program->at == '^';
    const int first = program->range_count;
    bool begun = false;

    program->at += negated;
    while (*program->at && (*program->at != ']' || !begun) && !program->broken) {
        if (*program->at == ']' && !begun) { /* Java: itself; ECMAScript: an empty class */
            program->unsure = true;
        }
        begun = true;
        class_item(program);
    }
    program->broken = program->broken || *program->at != ']';
    program->at += *program->at == ']';
    cc_regex_add_step(program, (struct cc_regex_step){.operation = CC_REGEX_SET,
                                                      .first = first,
                                                      .second = program->range_count - first,
                                                      .negated = negated});
}
