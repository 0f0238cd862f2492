#include "credctl/base/text.h"

#include "regex.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

struct cc_limits cc_limits_of(const char *at)
{
    struct cc_limits limits = {.values = -1, .pattern = -1};
    char *end = NULL;

    if (*at == '<') {
        limits.has_least = at[1] != ',';
        limits.least = strtod(at + 1, NULL);
        at = strchr(at, ',') + 1;
        limits.has_most = *at != '>';
        limits.most = strtod(at, NULL);
        at = strchr(at, '>') + 1;
    }
    if (*at == 'e' || *at == 'E') {
        limits.any_case = *at == 'E';
        limits.values = (int)strtol(at + 1, &end, 10);
        at = end;
    }
    if (*at == '~') {
        limits.pattern = (int)strtol(at + 1, NULL, 10);
    }
    limits.unique = *at == 'u';
    return limits;
}

static bool is_flag(const struct cc_node *node)
{
    return node->scalar == CC_SCALAR_FLAG || cc_text_is_true(node->text) ||
           cc_text_equal_nocase(node->text, "false");
}

static bool is_number(const char *text, bool whole, double *number)
{
    char *end = NULL;

    *number = strtod(text, &end);
    return end != text && *end == '\0' && strspn(text, "+-.0123456789eE") == strlen(text) &&
           (!whole || (*number > -1e18 && *number < 1e18 && *number == (double)(long long)*number));
}

static bool is_one(const char *values, const char *text, bool any_case)
{
    const size_t len = strlen(text);

    for (const char *at = values; at; at = strchr(at, '\t') ? strchr(at, '\t') + 1 : NULL) {
        const size_t size = strcspn(at, "\t");

        if (size == len && (any_case ? strncasecmp(at, text, len) : strncmp(at, text, len)) == 0) {
            return true;
        }
    }
    return false;
}

#define VALUES_SHOWN 160

static const char *listed(struct cc_lint *lint, const char *values)
{
    const size_t len = strlen(values);
    char *copy = cc_text_dup(lint->mem, values, len < VALUES_SHOWN ? len : VALUES_SHOWN);

    for (char *at = strchr(copy, '\t'); at; at = strchr(at, '\t')) {
        *at = ' ';
    }
    return len < VALUES_SHOWN ? copy : cc_textf(lint->mem, "%s ...", copy);
}

void cc_refuse_value(struct cc_lint *lint, const struct cc_node *node, const char *why)
{
    cc_found(lint, node, CC_T_INVALID_VALUE, "%.100s %s",
             node->name           ? node->name
             : node->parent->name ? node->parent->name
                                  : "the value",
             why);
}

/* A dynamic reference is replaced at deployment. */
static bool is_dynamic(const char *text)
{
    return strstr(text, "{{resolve:") != NULL;
}

static void check_range(struct cc_lint *lint, const struct cc_node *node,
                        const struct cc_limits *limits, double size, const char *what)
{
    if (limits->has_least && size < limits->least) {
        cc_refuse_value(lint, node,
                        cc_textf(lint->mem, "is %s %.15g%s", what[0] ? "shorter than" : "less than",
                                 limits->least, what));
    } else if (limits->has_most && size > limits->most) {
        cc_refuse_value(lint, node,
                        cc_textf(lint->mem, "is %s %.15g%s",
                                 what[0] ? "longer than" : "greater than", limits->most, what));
    }
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++) {
        count += (*text & 0xc0) != 0x80;
    }
    return count;
}

static void check_text(struct cc_lint *lint, const struct cc_node *node, const char *value,
                       const char *type)
{
    const struct cc_limits limits = cc_limits_of(value + 1);

    if (is_dynamic(node->text)) {
        return;
    }
    if (limits.values >= 0) {
        const char *values = cc_type_values(lint->types, limits.values);

        if (!is_one(values, node->text, limits.any_case)) {
            cc_refuse_value(lint, node,
                            cc_textf(lint->mem, "is not one of the values of %s", type));
            cc_found_fix(lint, "use one of: %s", listed(lint, values));
        }
        return;
    }
    check_range(lint, node, &limits, (double)characters(node->text), " characters");
    if (limits.pattern >= 0) {
        const char *pattern = cc_type_pattern(lint->types, limits.pattern);

        if (cc_regex_matches(pattern, node->text, false) == CC_REGEX_NO) {
            cc_refuse_value(lint, node, "does not match the pattern of the property");
            cc_found_fix(lint, "give a value that matches %.200s", pattern);
        }
    }
}

static void check_number(struct cc_lint *lint, const struct cc_node *node, const char *value,
                         double number, const char *type)
{
    const struct cc_limits limits = cc_limits_of(value + 1);

    if (limits.values >= 0) {
        const char *values = cc_type_values(lint->types, limits.values);

        if (!is_one(values, cc_textf(lint->mem, "%.15g", number), false)) {
            cc_refuse_value(lint, node,
                            cc_textf(lint->mem, "is not one of the values of %s", type));
            cc_found_fix(lint, "use one of: %s", listed(lint, values));
        }
        return;
    }
    check_range(lint, node, &limits, number, "");
}

bool cc_scalar_fits(const struct cc_node *node, char kind)
{
    double number = 0;

    if (node->kind != CC_NODE_TEXT) {
        return false;
    }
    switch (kind) {
    case 's': return true;
    case 'b': return is_flag(node) || is_dynamic(node->text);
    default: return is_number(node->text, kind == 'i', &number) || is_dynamic(node->text);
    }
}

void cc_lint_scalar(struct cc_lint *lint, const struct cc_node *node, const char *value,
                    const char *type)
{
    double number = 0;

    if (*value == 's') {
        check_text(lint, node, value, type);
    } else if (*value != 'b' && is_number(node->text, *value == 'i', &number)) {
        check_number(lint, node, value, number, type);
    }
}
