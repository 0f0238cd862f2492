#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

bool cc_work_take(struct cc_work *work, size_t steps)
{
    if (!work) {
        return true;
    }
    work->left -= steps < work->left ? steps : work->left;
    return work->left > 0;
}

bool cc_work_spent(const struct cc_work *work)
{
    return work && work->left == 0;
}

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

/* Where a star is tried again with a longer text. */
struct retry {
    const char *pattern; /* behind the star; NULL: there is none */
    const char *text;
};

struct matching {
    const char *pattern;
    const char *pattern_end;
    const char *kept; /* up to here wildcards match no colon */
    const char *text;
    const char *text_end;
    struct retry star;
    struct retry in_part; /* the last star behind it that matches no colon */
    bool fold;
};

/* If * is the last character of a part, it can go beyond the colon (IAM User Guide, "IAM JSON
 * policy elements: Resource"). */
static bool ends_part(const struct matching *at)
{
    return at->pattern + 1 == at->pattern_end || at->pattern[1] == ':';
}

static void take_star(struct matching *at)
{
    const bool in_part = at->pattern < at->kept && !ends_part(at);
    struct retry *star = in_part ? &at->in_part : &at->star;

    at->in_part.pattern = NULL;
    *star = (struct retry){++at->pattern, at->text};
}

/* Takes the next element of the pattern; false: the text does not go on like that. */
static bool take(struct matching *at)
{
    if (at->pattern == at->pattern_end) {
        return false;
    }
    if (*at->pattern == '*') {
        take_star(at);
        return true;
    }
    if (*at->pattern == '?' ? at->pattern < at->kept && *at->text == ':'
                            : !same_byte(*at->pattern, *at->text, at->fold)) {
        return false;
    }
    at->text += *at->pattern == '?' ? character(at->text) : 1;
    at->pattern++;
    return true;
}

/* Goes back to the last star that can take one more byte. Earlier ones cannot help: the shortest
 * text for them leaves the most to this one. */
static bool again(struct matching *at)
{
    struct retry *last = at->in_part.pattern && *at->in_part.text != ':' ? &at->in_part : &at->star;

    if (!last->pattern) {
        return false;
    }
    if (last == &at->star) {
        at->in_part.pattern = NULL;
    }
    at->pattern = last->pattern;
    at->text = ++last->text;
    return true;
}

static bool matches(struct matching *at, struct cc_work *work)
{
    size_t left = work ? work->left : SIZE_MAX;
    bool goes_on = true;

    while (goes_on && at->text < at->text_end && left > 0) {
        left--;
        if (at->star.pattern == at->pattern_end) {
            at->text = at->text_end; /* nothing is behind the star */
        } else {
            goes_on = take(at) || again(at);
        }
    }
    if (work) {
        work->left = left;
    }
    while (at->pattern < at->pattern_end && *at->pattern == '*') {
        at->pattern++;
    }
    return goes_on && left > 0 && at->pattern == at->pattern_end;
}

#define ARN_PARTS 6

/* The text behind the fifth colon; NULL: there are fewer. */
static const char *behind_parts(const char *text)
{
    for (int i = 1; text && i < ARN_PARTS; i++) {
        text = strchr(text, ':');
        text = text ? text + 1 : NULL;
    }
    return text;
}

bool cc_pattern_fits(const char *pattern, const char *text, enum cc_pattern_kind kind,
                     struct cc_work *work)
{
    const char *end = pattern + strlen(pattern);
    const bool arn = kind == CC_PATTERN_RESOURCE && cc_text_starts(pattern, "arn:");
    const char *rest = arn ? behind_parts(pattern) : pattern;
    struct matching at = {.pattern = pattern,
                          .pattern_end = end,
                          .kept = rest ? rest : end,
                          .text = text,
                          .text_end = text + strlen(text),
                          .fold = kind == CC_PATTERN_ACTION};

    return matches(&at, work);
}

bool cc_pattern_matches(const char *pattern, const char *text, bool fold)
{
    return cc_pattern_fits(pattern, text, fold ? CC_PATTERN_ACTION : CC_PATTERN_TEXT, NULL);
}

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

bool cc_pattern_fits_arn(const char *pattern, const char *text, struct cc_work *work)
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
        struct matching at = {.pattern = pattern,
                              .pattern_end = pattern_ends[i],
                              .kept = pattern,
                              .text = text,
                              .text_end = text_ends[i]};

        if (!matches(&at, work)) {
            return false;
        }
        pattern = pattern_ends[i] + 1;
        text = text_ends[i] + 1;
    }
    return true;
}

bool cc_pattern_matches_arn(const char *pattern, const char *text)
{
    return cc_pattern_fits_arn(pattern, text, NULL);
}

const char *cc_pattern_plain(struct cc_arena *mem, const char *pattern)
{
    char *plain = cc_text_dup(mem, pattern, strlen(pattern));

    for (char *at = plain; *at; at++) {
        *at = meant(*at);
    }
    return plain;
}
