#include "credctl/base/text.h"
#include "credctl/policy/document.h"

#include "policy.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* The Condition element: operators, keys and their values. */

static const char *const global_keys[] = {"calledvia",
                                          "calledviafirst",
                                          "calledvialast",
                                          "currenttime",
                                          "ec2instancesourceprivateipv4",
                                          "ec2instancesourcevpc",
                                          "epochtime",
                                          "federatedprovider",
                                          "multifactorauthage",
                                          "multifactorauthpresent",
                                          "principalaccount",
                                          "principalarn",
                                          "principalisawsservice",
                                          "principalorgid",
                                          "principalorgpaths",
                                          "principalservicename",
                                          "principalservicenameslist",
                                          "principaltype",
                                          "referer",
                                          "requestedregion",
                                          "resourceaccount",
                                          "resourceorgid",
                                          "resourceorgpaths",
                                          "securetransport",
                                          "sourceaccount",
                                          "sourcearn",
                                          "sourceidentity",
                                          "sourceip",
                                          "sourceorgid",
                                          "sourceorgpaths",
                                          "sourceowner",
                                          "sourcevpc",
                                          "sourcevpcarn",
                                          "sourcevpce",
                                          "tagkeys",
                                          "tokenissuetime",
                                          "useragent",
                                          "userid",
                                          "username",
                                          "vpcsourceip",
                                          "viaawsservice",
                                          "vpceaccount",
                                          "vpceorgid",
                                          "vpceorgpaths",
                                          "assumedroot",
                                          "chatbotsourcearn",
                                          "invokedby",
                                          "ssmmessages",
                                          "requestvpc",
                                          "ismcpserviceaction",
                                          "viaawsmcpservice",
                                          NULL};

static const char *const tag_keys[] = {"aws:principaltag/", "aws:requesttag/", "aws:resourcetag/",
                                       NULL};

/* Global keys with one value: ForAllValues is true when the request does not have them. */
static const char *const single_keys[] = {"aws:principalarn",
                                          "aws:principalaccount",
                                          "aws:principalorgid",
                                          "aws:principaltype",
                                          "aws:sourceaccount",
                                          "aws:sourcearn",
                                          "aws:sourceip",
                                          "aws:sourcevpc",
                                          "aws:sourcevpce",
                                          "aws:sourceidentity",
                                          "aws:userid",
                                          "aws:username",
                                          "aws:multifactorauthpresent",
                                          "aws:multifactorauthage",
                                          "aws:requestedregion",
                                          "aws:securetransport",
                                          "aws:resourceaccount",
                                          "aws:resourceorgid",
                                          "aws:currenttime",
                                          "aws:federatedprovider",
                                          "aws:sourceorgid",
                                          NULL};

static bool has_tag_prefix(const char *key)
{
    for (size_t i = 0; tag_keys[i]; i++) {
        if (cc_text_starts(key, tag_keys[i]) && key[strlen(tag_keys[i])]) {
            return true;
        }
    }
    return false;
}

static void check_key(struct cc_lint *lint, const struct cc_node *member, const char *key)
{
    if (!cc_value_known(key)) {
        return;
    }
    if (strstr(key, "${")) {
        cc_found_at_name(lint, member, CC_T_LITERAL_CONDITION_KEY,
                         "the condition key %.100s stays as it is: functions do not replace keys",
                         member->name);
    } else if (!strchr(key, ':') || strpbrk(key, " \t\n") || key[0] == ':') {
        cc_found_at_name(lint, member, CC_T_INVALID_CONDITION_KEY_FORMAT,
                         "%.100s is not a condition key of the form prefix:name", member->name);
    } else if (cc_text_starts(key, "aws:") && !cc_one_of(key + 4, global_keys) &&
               !has_tag_prefix(key)) {
        cc_found_at_name(lint, member, CC_T_INVALID_GLOBAL_CONDITION_KEY,
                         "there is no global condition key %.100s", member->name);
    }
}

/* --- values --- */

static bool is_flag(const char *text)
{
    return cc_text_equal_nocase(text, "true") || cc_text_equal_nocase(text, "false");
}

static bool is_number(const char *text)
{
    char *end = NULL;

    (void)strtod(text, &end);
    return end != text && *end == '\0';
}

static bool is_address(const char *text)
{
    unsigned char bytes[16];
    char host[64];
    const size_t len = strcspn(text, "/");

    if (len >= sizeof(host)) {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    return (inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1) &&
           (text[len] == '\0' || is_number(text + len + 1));
}

/* "2026-01-31T12:00:00Z", "2026-01-31", or seconds. */
static bool is_date(const char *text)
{
    return strlen(text) >= 8 ? strspn(text, "0123456789-:TZ.+") == strlen(text) : is_number(text);
}

static bool fits(const char *operator, const char * text)
{
    if (strcmp(operator, "Bool") == 0 || strcmp(operator, "Null") == 0) {
        return is_flag(text);
    }
    if (cc_text_starts(operator, "Numeric")) {
        return is_number(text);
    }
    if (cc_text_starts(operator, "Date")) {
        return is_date(text);
    }
    return !strstr(operator, "IpAddress") || is_address(text);
}

static void check_values(struct cc_lint *lint, const struct cc_clause *clause)
{
    const bool literal = cc_text_starts(clause->operator, "StringEquals") ||
                         cc_text_starts(clause->operator, "StringNotEquals");

    for (size_t i = 0; i < clause->values.count; i++) {
        const struct cc_said *value = &clause->values.rows[i];

        if (!cc_value_known(value->text) || strstr(value->text, "${")) {
            continue;
        }
        if (!fits(clause->operator, value->text)) {
            cc_found(lint, value->node, CC_T_INVALID_CONDITION_DATA_TYPE,
                     "%.60s is not a value for %s", value->text, clause->operator);
        } else if (literal && strpbrk(value->text, "*")) {
            cc_found(lint, value->node, CC_T_WILDCARD_WITHOUT_LIKE_OPERATOR,
                     "%s compares the * in %.100s as a character", clause->operator, value->text);
        }
    }
    if (clause->node->kind == CC_NODE_LIST && clause->node->count == 0) {
        cc_found(lint, clause->node, CC_T_DATA_TYPE_MISMATCH,
                 "the condition key %.100s has no value", clause->node->name);
    }
}

/* --- operators --- */

static const char *const operators[] = {"StringEquals",
                                        "StringNotEquals",
                                        "StringEqualsIgnoreCase",
                                        "StringNotEqualsIgnoreCase",
                                        "StringLike",
                                        "StringNotLike",
                                        "NumericEquals",
                                        "NumericNotEquals",
                                        "NumericLessThan",
                                        "NumericLessThanEquals",
                                        "NumericGreaterThan",
                                        "NumericGreaterThanEquals",
                                        "DateEquals",
                                        "DateNotEquals",
                                        "DateLessThan",
                                        "DateLessThanEquals",
                                        "DateGreaterThan",
                                        "DateGreaterThanEquals",
                                        "Bool",
                                        "BinaryEquals",
                                        "IpAddress",
                                        "NotIpAddress",
                                        "ArnEquals",
                                        "ArnNotEquals",
                                        "ArnLike",
                                        "ArnNotLike",
                                        "Null",
                                        NULL};

/* "ForAllValues:StringEqualsIfExists" in its parts. False: there is no such operator. */
static bool read_operator(struct cc_lint *lint, const struct cc_node *block,
                          struct cc_clause *clause)
{
    static const char if_exists[] = "IfExists";
    const char *name = block->name;
    size_t i = 0;

    clause->all_values = strncasecmp(name, "ForAllValues:", 13) == 0;
    clause->any_value = strncasecmp(name, "ForAnyValue:", 12) == 0;
    name += clause->all_values ? 13 : clause->any_value ? 12 : 0;
    const size_t len = strlen(name);
    clause->if_exists = len > 8 && cc_text_equal_nocase(name + len - 8, if_exists);
    name = cc_text_dup(lint->mem, name, clause->if_exists ? len - 8 : len);
    while (operators[i] && !cc_text_equal_nocase(operators[i], name)) {
        i++;
    }
    clause->operator= operators[i];
    if (!cc_operator_named(name) || !operators[i]) {
        cc_found_at_name(lint, block, CC_T_INVALID_CONDITION_OPERATOR,
                         "%.60s is not a condition operator%s", block->name,
                         cc_did_you_mean(lint, name, operators));
        return false;
    }
    clause->negated = strstr(clause->operator, "Not") != NULL;
    if (clause->if_exists && strcmp(clause->operator, "Null") == 0) {
        cc_found_at_name(lint, block, CC_T_NULL_WITH_IF_EXISTS,
                         "the operator Null cannot be used with IfExists");
    }
    return true;
}

static void read_key(struct cc_lint *lint, struct cc_grant *grant, struct cc_clause clause,
                     const struct cc_node *member)
{
    const char *key = cc_text_lower(lint->mem, member->name);

    clause.node = member;
    clause.key = key;
    check_key(lint, member, key);
    if (member->kind == CC_NODE_MAP && !cc_node_function(member)) {
        cc_found(lint, member, CC_T_DATA_TYPE_MISMATCH,
                 "the value of the condition key %.100s is not a text or a list of texts",
                 member->name);
        return;
    }
    clause.values = cc_texts_read(lint, member);
    check_values(lint, &clause);
    if (clause.all_values && grant->allows && !clause.negated && cc_one_of(key, single_keys)) {
        cc_found_at_name(lint, member, CC_T_FORALLVALUES_WITH_SINGLE_VALUED_KEY,
                         "ForAllValues with %.100s is also true when the request does not have it",
                         member->name);
    }
    if (cc_presence(member->parent, member->name) != CC_ABSENT_VALUE) {
        grant->clauses[grant->clause_count++] = clause;
    }
}

static void read_keys(struct cc_lint *lint, struct cc_grant *grant, struct cc_clause clause,
                      const struct cc_node *map)
{
    if (cc_node_function(map) ||
        !cc_lint_kind(lint, map, CC_NODE_MAP, CC_T_DATA_TYPE_MISMATCH,
                      cc_textf(lint->mem, "the value of the operator %s", clause.operator))) {
        return;
    }
    for (const struct cc_node *member = map->first; member; member = member->next) {
        read_key(lint, grant, clause, member);
    }
}

static void read_block(struct cc_lint *lint, struct cc_grant *grant, const struct cc_node *block)
{
    struct cc_clause clause = {0};

    if (cc_is_loop(block) || !read_operator(lint, block, &clause)) {
        return;
    }
    const struct cc_nodes maps = cc_alternatives(lint->mem, block);
    for (size_t i = 0; i < maps.count; i++) {
        read_keys(lint, grant, clause, maps.rows[i].node);
    }
}

static size_t inside(const struct cc_node *root)
{
    size_t count = 0;

    for (const struct cc_node *node = root; node; node = cc_node_after(node, root)) {
        count++;
    }
    return count;
}

static void read_map(struct cc_lint *lint, struct cc_grant *grant, const struct cc_node *map)
{
    if (map->kind == CC_NODE_UNKNOWN || cc_node_is_null(map) || cc_node_function(map) ||
        !cc_lint_kind(lint, map, CC_NODE_MAP, CC_T_DATA_TYPE_MISMATCH, "the condition")) {
        return;
    }
    for (const struct cc_node *block = map->first; block; block = block->next) {
        read_block(lint, grant, block);
    }
}

void cc_clauses_read(struct cc_lint *lint, struct cc_grant *grant, const struct cc_node *condition)
{
    const struct cc_nodes maps = cc_alternatives(lint->mem, condition);

    grant->clauses = cc_alloc(lint->mem, inside(condition) * sizeof(*grant->clauses));
    for (size_t i = 0; i < maps.count; i++) {
        read_map(lint, grant, maps.rows[i].node);
    }
}

/* --- questions --- */

bool cc_clause_binds(const struct cc_clause *clause)
{
    if (clause->negated || clause->if_exists || clause->all_values ||
        strcmp(clause->operator, "Null") == 0) {
        return false;
    }
    for (size_t i = 0; i < clause->values.count; i++) {
        const char *text = clause->values.rows[i].text;

        if (strspn(text, "*?") == strlen(text) &&
            (strstr(clause->operator, "Like") || cc_text_starts(clause->operator, "Arn"))) {
            return false;
        }
    }
    return true;
}

bool cc_grant_binds(const struct cc_grant *grant, const char *key)
{
    const bool prefix = cc_text_ends(key, "/");

    for (size_t i = 0; i < grant->clause_count; i++) {
        const char *own = grant->clauses[i].key;

        if ((prefix ? cc_text_starts(own, key) : strcmp(own, key) == 0) &&
            cc_clause_binds(&grant->clauses[i])) {
            return true;
        }
    }
    return false;
}
