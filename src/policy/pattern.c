#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* The bytes of the character at `at`: ? stands for a character, not for a byte. */
static size_t character(const char *at)
{
    size_t len = 1;

    while ((at[len] & 0xc0) == 0x80) {
        len++;
    }
    return len;
}

static char meant(char byte)
{
    switch (byte) {
    case CC_LITERAL_STAR: return '*';
    case CC_LITERAL_QUESTION: return '?';
    case CC_LITERAL_DOLLAR: return '$';
    default: return byte;
    }
}

static bool is_lower_of(char lower, char upper)
{
    return upper >= 'A' && upper <= 'Z' && lower - upper == 'a' - 'A';
}

static bool same_byte(char pattern, char text, bool fold)
{
    pattern = meant(pattern);
    return pattern == text || (fold && (is_lower_of(pattern, text) || is_lower_of(text, pattern)));
}

/* Linear in the product of the lengths: after a mismatch only the last star is tried again. */
static bool matches(const char *pattern, const char *end, const char *text, const char *text_end,
                    bool fold)
{
    const char *star = NULL;
    const char *retry = NULL;

    while (text < text_end) {
        if (pattern < end && *pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (pattern < end && *pattern == '?') {
            pattern++;
            text += character(text);
        } else if (pattern < end && same_byte(*pattern, *text, fold)) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*') {
        pattern++;
    }
    return pattern == end;
}

bool cc_pattern_matches(const char *pattern, const char *text, bool fold)
{
    return matches(pattern, pattern + strlen(pattern), text, text + strlen(text), fold);
}

#define ARN_PARTS 6

/* The ends of up to six parts; the sixth has the rest. Returns their number. */
static size_t cut(const char *text, const char *ends[ARN_PARTS])
{
    size_t count = 0;

    while (count < ARN_PARTS - 1 && strchr(text, ':')) {
        ends[count++] = strchr(text, ':');
        text = ends[count - 1] + 1;
    }
    ends[count++] = text + strlen(text);
    return count;
}

bool cc_pattern_matches_arn(const char *pattern, const char *text)
{
    const char *pattern_ends[ARN_PARTS];
    const char *text_ends[ARN_PARTS];
    const size_t count = cut(pattern, pattern_ends);

    if (cc_text_equal(pattern, "*")) {
        return true;
    }
    if (count != cut(text, text_ends)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!matches(pattern, pattern_ends[i], text, text_ends[i], false)) {
            return false;
        }
        pattern = pattern_ends[i] + 1;
        text = text_ends[i] + 1;
    }
    return true;
}

/* A value from the request, in which nothing is special. */
static void add_literal(struct cc_buf *out, const char *value)
{
    static const char special[] = "*?$";
    static const char literal[] = {CC_LITERAL_STAR, CC_LITERAL_QUESTION, CC_LITERAL_DOLLAR};

    for (; *value; value++) {
        const char *at = strchr(special, *value);

        cc_buf_add(out, at ? &literal[at - special] : value, 1);
    }
}

/* What a variable stands for; NULL: nothing. `body` is `key` or `key, 'default'`. */
static const char *variable(struct cc_arena *mem, const char *body,
                            const struct cc_context *context, bool *unknown)
{
    const char *comma = strchr(body, ',');
    const char *name =
        cc_text_trim(mem, comma ? cc_text_dup(mem, body, (size_t)(comma - body)) : body);
    const struct cc_key key = cc_context_key(context, name);

    if (key.unknown) {
        *unknown = true;
        return NULL;
    }
    if (key.values && key.values[0] && !key.values[1]) {
        return key.values[0];
    }
    const char *otherwise = comma ? cc_text_trim(mem, comma + 1) : "";
    const size_t len = strlen(otherwise);

    return len >= 2 && otherwise[0] == '\'' && otherwise[len - 1] == '\''
               ? cc_text_dup(mem, otherwise + 1, len - 2)
               : NULL;
}

/* ${*}, ${?} and ${$} are the characters themselves. */
static bool is_escape(const char *body)
{
    return (body[0] == '*' || body[0] == '?' || body[0] == '$') && body[1] == '\0';
}

const char *cc_pattern_expand(struct cc_arena *mem, const char *value,
                              const struct cc_context *context, bool *unknown)
{
    struct cc_buf out = cc_buf_new(mem, CC_POLICY_MAX);
    const char *from = value;
    const char *open = strstr(value, "${");

    while (open && strchr(open, '}')) {
        const char *close = strchr(open, '}');
        const char *body =
            cc_text_trim(mem, cc_text_dup(mem, open + 2, (size_t)(close - open) - 2));
        const char *means = is_escape(body) ? body : variable(mem, body, context, unknown);

        if (!means) {
            return NULL;
        }
        cc_buf_add(&out, from, (size_t)(open - from));
        add_literal(&out, means);
        from = close + 1;
        open = strstr(from, "${");
    }
    if (from == value) {
        return value;
    }
    cc_buf_text(&out, from);
    return out.text;
}

const char *cc_pattern_plain(struct cc_arena *mem, const char *pattern)
{
    char *plain = cc_text_dup(mem, pattern, strlen(pattern));

    for (char *at = plain; *at; at++) {
        *at = meant(*at);
    }
    return plain;
}
