#include "parameter.h"

#include "credctl/base/text.h"

#include <regex.h>
#include <string.h>

#define VALUES_MAX 1000

/* --- what there is --- */

static const char *const *texts_of(struct cc_arena *mem, const struct cc_draft_node *list)
{
    size_t count = 0;

    if (!list) {
        return NULL;
    }
    for (const struct cc_draft_node *item = list->first; item; item = item->next) {
        count++;
    }
    const char **texts = cc_alloc(mem, (count + 1) * sizeof(*texts));
    size_t i = 0;
    for (const struct cc_draft_node *item = list->first; item; item = item->next) {
        texts[i++] = item->text;
    }
    return texts;
}

struct cc_parameters cc_parameters_of(struct cc_arena *mem, const struct cc_draft_node *root)
{
    const struct cc_draft_node *section = cc_draft_in(root, "Parameters");
    size_t count = 0;

    for (const struct cc_draft_node *row = section ? section->first : NULL; row; row = row->next) {
        count++;
    }
    struct cc_parameter *rows = cc_alloc(mem, (count + 1) * sizeof(*rows));
    count = 0;
    for (const struct cc_draft_node *row = section ? section->first : NULL; row; row = row->next) {
        rows[count++] = (struct cc_parameter){
            .name = row->key,
            .type = cc_draft_text_in(row, "Type"),
            .usual = cc_draft_text_in(row, "Default"),
            .about = cc_draft_text_in(row, "Description"),
            .constraint = cc_draft_text_in(row, "ConstraintDescription"),
            .allowed = texts_of(mem, cc_draft_in(row, "AllowedValues")),
        };
    }
    return (struct cc_parameters){rows, count};
}

/* --- values --- */

/* What AWS's own types require; CloudFormation looks the rest up. */
static const struct {
    const char *type;
    const char *pattern;
    const char *says;
} types[] = {
    {"AWS::EC2::VPC::Id", "^vpc-[0-9a-f]{8,17}$", "must be the ID of a VPC, such as vpc-0a1b2c3d"},
    {"AWS::EC2::Subnet::Id", "^subnet-[0-9a-f]{8,17}$",
     "must be the ID of a subnet, such as subnet-0a1b2c3d"},
    {"List<AWS::EC2::Subnet::Id>", "^subnet-[0-9a-f]{8,17}$",
     "must be IDs of subnets, such as subnet-0a1b2c3d"},
    {"AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "^/[a-zA-Z0-9_./-]+$",
     "must be the name of an SSM parameter"},
};

/* The patterns of the templates are written so that POSIX reads them as CloudFormation does. */
static bool matches(const char *pattern, const char *value)
{
    regex_t expression;

    if (regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    const bool matched = regexec(&expression, value, 0, NULL, 0) == 0;
    regfree(&expression);
    return matched && !strchr(value, '\n');
}

static int64_t bound(const struct cc_draft_node *row, const char *name, int64_t otherwise)
{
    const char *text = cc_draft_text_in(row, name);
    int64_t number = 0;

    return text && cc_text_number(text, INT64_MIN, INT64_MAX, &number) ? number : otherwise;
}

static bool allowed(const struct cc_draft_node *row, const char *value)
{
    const struct cc_draft_node *list = cc_draft_in(row, "AllowedValues");
    bool found = !list;

    for (const struct cc_draft_node *item = list ? list->first : NULL; item; item = item->next) {
        found = found || cc_text_equal(item->text, value);
    }
    return found;
}

static bool fits_type(const char *type, const char *value)
{
    for (size_t i = 0; i < CC_COUNT(types); i++) {
        if (cc_text_equal(types[i].type, type)) {
            return matches(types[i].pattern, value);
        }
    }
    return true;
}

static bool fits(const struct cc_draft_node *row, const char *value)
{
    const char *type = cc_draft_text_in(row, "Type");
    const char *pattern = cc_draft_text_in(row, "AllowedPattern");
    const int64_t len = (int64_t)strlen(value);
    int64_t number = 0;

    if (cc_text_equal(type, "Number")) {
        return cc_text_number(value, bound(row, "MinValue", INT32_MIN),
                              bound(row, "MaxValue", INT32_MAX), &number);
    }
    return len >= bound(row, "MinLength", 1) && len <= bound(row, "MaxLength", 4096) &&
           (!pattern || matches(pattern, value)) && allowed(row, value) && fits_type(type, value) &&
           cc_text_is_utf8(value) && !strpbrk(value, "\r\n");
}

static const char *must(struct cc_arena *mem, const struct cc_draft_node *row)
{
    const char *says = cc_draft_text_in(row, "ConstraintDescription");
    const char *const *words = texts_of(mem, cc_draft_in(row, "AllowedValues"));

    for (size_t i = 0; !says && i < CC_COUNT(types); i++) {
        says = cc_text_equal(types[i].type, cc_draft_text_in(row, "Type")) ? types[i].says : NULL;
    }
    for (size_t i = 0; words && words[i]; i++) {
        says = cc_textf(mem, "%s%s", i ? cc_textf(mem, "%s, ", says) : "must be one of ", words[i]);
    }
    return says ? says : "must be one line of text";
}

static bool check(struct cc_arena *mem, const struct cc_draft_node *row,
                  const struct cc_setting *setting, struct cc_error *err)
{
    const char *type = cc_draft_text_in(row, "Type");
    const bool list = cc_text_equal(type, "CommaDelimitedList") || cc_text_starts(type, "List<");
    size_t count = 0;

    for (; setting->values[count]; count++) {
        if (!fits(row, setting->values[count])) {
            cc_fail(err, CC_E_USAGE, "%s: \"%.100s\" is not valid", setting->source,
                    setting->values[count]);
            cc_why(err, "%s %s", row->key, must(mem, row));
            return cc_fix(err, "correct the value of %s", setting->source);
        }
    }
    if (count > (list ? VALUES_MAX : 1)) {
        return cc_fail(err, CC_E_USAGE, "%s has %zu values, and can have %d", setting->source,
                       count, list ? VALUES_MAX : 1);
    }
    return true;
}

static struct cc_draft_node *value_of(struct cc_arena *mem, const struct cc_draft_node *row,
                                      const struct cc_setting *setting)
{
    const char *type = cc_draft_text_in(row, "Type");
    const bool list = cc_text_equal(type, "CommaDelimitedList") || cc_text_starts(type, "List<");
    struct cc_draft_node *node = list ? cc_draft_list(mem) : NULL;

    for (size_t i = 0; setting->values[i]; i++) {
        struct cc_draft_node *text = cc_draft_text(mem, NULL, setting->values[i]);
        int64_t number = 0;

        if (cc_text_equal(type, "Number") &&
            cc_text_number(text->text, INT64_MIN, INT64_MAX, &number)) {
            text->text = cc_textf(mem, "%lld", (long long)number);
            text->style = CC_DRAFT_PLAIN;
        }
        if (!list) {
            return text;
        }
        cc_draft_append(node, text);
    }
    return node;
}

bool cc_parameter_apply(struct cc_arena *mem, struct cc_draft_node *root,
                        const struct cc_setting *setting, struct cc_error *err)
{
    struct cc_draft_node *row = cc_draft_in(cc_draft_in(root, "Parameters"), setting->parameter);

    if (!check(mem, row, setting, err)) {
        return false;
    }
    struct cc_draft_node *value = value_of(mem, row, setting);
    if (cc_text_starts(cc_draft_text_in(row, "Type"), "AWS::SSM::")) {
        cc_draft_put(row, "Default", value, "Type");
    } else {
        cc_draft_set(mem, root, setting->parameter, value);
    }
    return true;
}
