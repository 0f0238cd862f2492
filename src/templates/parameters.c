#include "credctl/base/text.h"

#include "lint.h"
#include "regex.h"

#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {"AllowedPattern", "AllowedValues", "ConstraintDescription",
                                   "Default",        "Description",   "MaxLength",
                                   "MaxValue",       "MinLength",     "MinValue",
                                   "NoEcho",         "Type",          NULL};

static const char *const aws_types[] = {"AWS::EC2::AvailabilityZone::Name",
                                        "AWS::EC2::Image::Id",
                                        "AWS::EC2::Instance::Id",
                                        "AWS::EC2::KeyPair::KeyName",
                                        "AWS::EC2::Subnet::Id",
                                        "AWS::EC2::VPC::Id",
                                        "AWS::EC2::SecurityGroup::GroupName",
                                        "AWS::EC2::SecurityGroup::Id",
                                        "AWS::EC2::Volume::Id",
                                        "AWS::Route53::HostedZone::Id",
                                        NULL};

static const char *const plain_types[] = {"String",
                                          "Number",
                                          "CommaDelimitedList",
                                          "List<Number>",
                                          "List<String>",
                                          "AWS::SSM::Parameter::Name",
                                          NULL};

/* What is between the angle brackets; NULL: it has another form. */
static const char *inside(struct cc_lint *lint, const char *type, const char *outer)
{
    const size_t len = strlen(outer);
    const size_t all = strlen(type);

    return cc_text_starts(type, outer) && all > len + 2 && type[len] == '<' && type[all - 1] == '>'
               ? cc_text_dup(lint->mem, type + len + 1, all - len - 2)
               : NULL;
}

static bool known_type(struct cc_lint *lint, const char *type)
{
    const char *of_ssm = inside(lint, type, "AWS::SSM::Parameter::Value");

    type = of_ssm ? of_ssm : type;
    const char *of_list = inside(lint, type, "List");

    return cc_one_of(type, plain_types) || cc_one_of(type, aws_types) ||
           cc_one_of(of_list, aws_types);
}

bool cc_parameter_is_list(const struct cc_node *parameter)
{
    const char *type = cc_node_text(cc_node_member(parameter, "Type"));

    return type && (strstr(type, "List<") || strstr(type, "CommaDelimitedList"));
}

static void check_type(struct cc_lint *lint, const struct cc_node *parameter)
{
    const struct cc_node *type = cc_node_member(parameter, "Type");
    const char *text = cc_node_text(type);

    if (!type) {
        cc_found_at_name(lint, parameter, CC_T_INVALID_PARAMETER,
                         "the parameter %.100s has no Type", parameter->name);
        cc_found_fix(lint, "add a Type, for example String");
    } else if (!text || !known_type(lint, text)) {
        cc_found(lint, type, CC_T_INVALID_PARAMETER, "%.100s is not a type of parameters%s",
                 text ? text : "this", text ? cc_did_you_mean(lint, text, plain_types) : "");
    }
}

static bool is_true(const struct cc_node *node)
{
    return cc_text_is_true(cc_node_text(node)) || cc_text_equal_nocase(cc_node_text(node), "yes");
}

/* Functions are not replaced here. */
static void check_members(struct cc_lint *lint, const struct cc_node *parameter)
{
    for (const struct cc_node *member = parameter->first; member; member = member->next) {
        const bool list = strcmp(member->name, "AllowedValues") == 0;

        if (cc_node_function(member)) {
            cc_found(lint, member, CC_T_INVALID_PARAMETER,
                     "%.100s of a parameter cannot be a function", member->name);
            cc_found_fix(lint, "write the value out");
        } else if (cc_one_of(member->name, keys)) {
            cc_lint_kind(lint, member, list ? CC_NODE_LIST : CC_NODE_TEXT, CC_T_INVALID_PARAMETER,
                         cc_textf(lint->mem, "%.100s of a parameter", member->name));
        }
    }
}

/* --- the default --- */

static bool among(const struct cc_node *list, const char *text)
{
    for (const struct cc_node *item = list->first; item; item = item->next) {
        if (cc_text_equal(cc_node_text(item), text)) {
            return true;
        }
    }
    return false;
}

/* A number in a member; `otherwise` when there is none. */
static double bound(const struct cc_node *parameter, const char *name, double otherwise)
{
    const char *text = cc_node_text(cc_node_member(parameter, name));
    char *end = NULL;
    const double number = text ? strtod(text, &end) : 0;

    return text && end != text && *end == '\0' ? number : otherwise;
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++) {
        count += (*text & 0xc0) != 0x80;
    }
    return count;
}

static const char *broken_rule(const struct cc_node *parameter, const char *text)
{
    const struct cc_node *allowed = cc_node_member(parameter, "AllowedValues");
    const char *pattern = cc_node_text(cc_node_member(parameter, "AllowedPattern"));
    const char *type = cc_node_text(cc_node_member(parameter, "Type"));
    const double len = (double)characters(text);

    if (allowed && allowed->kind == CC_NODE_LIST && !among(allowed, text)) {
        return "is not one of AllowedValues";
    }
    if (cc_text_equal(type, "Number")) {
        char *end = NULL;
        const double number = strtod(text, &end);

        if (end == text || *end) {
            return "is not a number";
        }
        return number < bound(parameter, "MinValue", number)   ? "is less than MinValue"
               : number > bound(parameter, "MaxValue", number) ? "is greater than MaxValue"
                                                               : NULL;
    }
    if (len < bound(parameter, "MinLength", len)) {
        return "is shorter than MinLength";
    }
    if (len > bound(parameter, "MaxLength", len)) {
        return "is longer than MaxLength";
    }
    return pattern && cc_regex_matches(pattern, text, true) == CC_REGEX_NO
               ? "does not match AllowedPattern"
               : NULL;
}

/* In a list the rules are for each item. */
static void check_default(struct cc_lint *lint, const struct cc_node *parameter)
{
    const struct cc_node *given = cc_node_member(parameter, "Default");
    const char *text = cc_node_text(given);
    const char *type = cc_node_text(cc_node_member(parameter, "Type"));

    if (!text || cc_text_starts(type, "AWS::SSM::Parameter::Value")) {
        return;
    }
    const bool list = cc_parameter_is_list(parameter);
    for (const char *at = text; at; at = list && strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        const size_t len = list ? strcspn(at, ",") : strlen(at);
        const char *item = cc_text_dup(lint->mem, at, len);
        const char *broken = broken_rule(parameter, list ? cc_text_trim(lint->mem, item) : item);

        if (broken) {
            cc_found(lint, given, CC_T_INVALID_DEFAULT, "the default of the parameter %.100s %s",
                     parameter->name, broken);
            return;
        }
    }
}

static void check_pattern(struct cc_lint *lint, const struct cc_node *parameter)
{
    const struct cc_node *pattern = cc_node_member(parameter, "AllowedPattern");
    const char *text = cc_node_text(pattern);

    if (text && cc_regex_matches(text, "", true) == CC_REGEX_BROKEN) {
        cc_found(lint, pattern, CC_T_INVALID_PARAMETER,
                 "AllowedPattern is not a regular expression");
    }
}

static void check_secret(struct cc_lint *lint, const struct cc_node *parameter)
{
    const struct cc_node *given = cc_node_member(parameter, "Default");
    const char *text = cc_node_text(given);

    if (is_true(cc_node_member(parameter, "NoEcho")) && text && text[0]) {
        cc_found(lint, given, CC_T_PASSWORD_DEFAULT,
                 "the parameter %.100s has NoEcho, but its default is in the template",
                 parameter->name);
    }
}

#define NAME_MAX_LENGTH 255

static void check_one(struct cc_lint *lint, const struct cc_node *parameter)
{
    if (!cc_text_consists(parameter->name, "", NAME_MAX_LENGTH)) {
        cc_found_at_name(lint, parameter, CC_T_INVALID_NAME,
                         "the name %.100s of a parameter has characters other than letters and "
                         "digits",
                         parameter->name);
    }
    if (!cc_lint_kind(lint, parameter, CC_NODE_MAP, CC_T_INVALID_PARAMETER, "the parameter")) {
        return;
    }
    cc_lint_names(lint, parameter, keys, CC_T_INVALID_PARAMETER, "a parameter");
    check_type(lint, parameter);
    check_members(lint, parameter);
    check_default(lint, parameter);
    check_pattern(lint, parameter);
    check_secret(lint, parameter);
}

void cc_lint_parameters(struct cc_lint *lint)
{
    const struct cc_node *parameter = lint->parameters ? lint->parameters->first : NULL;

    for (; parameter; parameter = parameter->next) {
        if (!cc_is_loop(parameter)) {
            check_one(lint, parameter);
        }
    }
}
