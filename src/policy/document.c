#include "credctl/policy/document.h"

#include "credctl/base/text.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* The document that is read, and where in it. */
struct reading {
    struct cc_arena *mem;
    const char *name;
    const char *place; /* "Sid Audit" or "statement 2"; NULL: the document itself */
    struct cc_error *err;
};

static bool refuse(const struct reading *reading, const char *why)
{
    cc_fail(reading->err, CC_E_POLICY, "%s is not a valid policy", reading->name);
    return reading->place ? cc_why(reading->err, "%s: %s", reading->place, why)
                          : cc_why(reading->err, "%s", why);
}

/* As short as it can be written without changing it. */
static const char *number_text(struct cc_arena *mem, double number)
{
    const bool whole = number > -1e18 && number < 1e18 && number == (double)(int64_t)number;
    const char *text = cc_textf(mem, whole ? "%.0f" : "%.15g", number);

    return whole || strtod(text, NULL) == number ? text : cc_textf(mem, "%.17g", number);
}

const char *cc_policy_value(struct cc_arena *mem, const cJSON *value)
{
    if (cJSON_IsString(value)) {
        return value->valuestring;
    }
    if (cJSON_IsBool(value)) {
        return cJSON_IsTrue(value) ? "true" : "false";
    }
    return cJSON_IsNumber(value) ? number_text(mem, value->valuedouble) : NULL;
}

/* One text, or a list of them. NULL: it has something else. */
static const char *const *texts_of(struct cc_arena *mem, const cJSON *value, bool loose)
{
    const cJSON *at = cJSON_IsArray(value) ? value->child : value;
    const size_t count = cJSON_IsArray(value) ? (size_t)cJSON_GetArraySize(value) : 1;
    const char **texts = cc_alloc(mem, (count + 1) * sizeof(*texts));

    for (size_t i = 0; i < count; i++) {
        texts[i] = loose || cJSON_IsString(at) ? cc_policy_value(mem, at) : NULL;
        if (!texts[i]) {
            return NULL;
        }
        at = at->next;
    }
    return (const char *const *)texts;
}

/* --- conditions --- */

/* "ForAllValues:StringEqualsIfExists" in its parts. */
static bool read_operator(struct reading *reading, const char *text, struct cc_condition *condition)
{
    static const char *const sets[] = {
        [CC_SET_ALL_VALUES] = "ForAllValues:", [CC_SET_ANY_VALUE] = "ForAnyValue:"};
    static const char if_exists[] = "IfExists";
    const char *name = text;

    for (size_t i = CC_SET_ALL_VALUES; i < CC_COUNT(sets); i++) {
        if (strncasecmp(text, sets[i], strlen(sets[i])) == 0) {
            condition->set = (enum cc_set)i;
            name = text + strlen(sets[i]);
        }
    }
    const size_t len = strlen(name);
    const size_t end = strlen(if_exists);
    condition->if_exists = len > end && cc_text_equal_nocase(name + len - end, if_exists);
    name = cc_text_dup(reading->mem, name, condition->if_exists ? len - end : len);
    condition->operator_text = text;
    condition->operator= cc_operator_named(name);
    if (!condition->operator) {
        return refuse(reading,
                      cc_textf(reading->mem, "\"%.100s\" is not a condition operator", text));
    }
    return !condition->if_exists || !cc_text_equal_nocase(name, "Null") ||
           refuse(reading, "the operator Null cannot be used with IfExists");
}

/* The keys of one operator. */
static bool read_keys(struct reading *reading, const cJSON *block, struct cc_condition *rows,
                      size_t *count)
{
    const cJSON *value = NULL;
    struct cc_condition row = {0};

    if (!read_operator(reading, block->string, &row)) {
        return false;
    }
    if (!cJSON_IsObject(block)) {
        return refuse(reading, cc_textf(reading->mem, "Condition: %.100s is not an object of keys",
                                        block->string));
    }
    cJSON_ArrayForEach (value, block) {
        row.key = value->string;
        row.values = texts_of(reading->mem, value, true);
        if (!row.values || !row.values[0]) {
            refuse(reading,
                   cc_textf(reading->mem, "Condition: %.100s has no usable value", value->string));
            return cc_fix(reading->err, "give the key a text, a number, a flag or a list of them");
        }
        rows[(*count)++] = row;
    }
    return true;
}

static bool read_conditions(struct reading *reading, const cJSON *element,
                            struct cc_statement *statement)
{
    const cJSON *block = NULL;
    size_t room = 1;

    if (!cJSON_IsObject(element)) {
        return refuse(reading, "Condition is not an object");
    }
    cJSON_ArrayForEach (block, element) {
        room += (size_t)cJSON_GetArraySize(block);
    }
    struct cc_condition *rows = cc_alloc(reading->mem, room * sizeof(*rows));
    cJSON_ArrayForEach (block, element) {
        if (!read_keys(reading, block, rows, &statement->condition_count)) {
            return false;
        }
    }
    statement->conditions = rows;
    return true;
}

/* --- principals --- */

static const char *const principal_types[] = {"AWS", "Service", "Federated", "CanonicalUser", "*"};

static bool known_type(const char *type)
{
    for (size_t i = 0; i < CC_COUNT(principal_types); i++) {
        if (cc_text_equal(type, principal_types[i])) {
            return true;
        }
    }
    return false;
}

static bool read_type(struct reading *reading, const cJSON *type, struct cc_principal_row *rows,
                      size_t *count)
{
    const char *const *values = texts_of(reading->mem, type, false);
    const bool any = cc_text_equal(type->string, "*");

    if (!known_type(type->string) || !values) {
        return refuse(reading,
                      cc_textf(reading->mem, "%.100s is not a type of principal, or has no texts",
                               type->string));
    }
    for (size_t i = 0; values[i]; i++) {
        if (any && !cc_text_equal(values[i], "*")) {
            return refuse(reading, "a principal of the type * has another value than *");
        }
        rows[(*count)++] = (struct cc_principal_row){type->string, values[i]};
    }
    return true;
}

static bool read_principals(struct reading *reading, const cJSON *element,
                            struct cc_statement *statement)
{
    const cJSON *type = NULL;
    size_t room = 1;

    cJSON_ArrayForEach (type, element) {
        room += cJSON_IsArray(type) ? (size_t)cJSON_GetArraySize(type) : 1;
    }
    struct cc_principal_row *rows = cc_alloc(reading->mem, room * sizeof(*rows));
    statement->principals = rows;
    if (cJSON_IsString(element) && cc_text_equal(element->valuestring, "*")) {
        rows[statement->principal_count++] = (struct cc_principal_row){"*", "*"};
        return true;
    }
    if (!cJSON_IsObject(element)) {
        return refuse(reading, "a principal is neither \"*\" nor an object");
    }
    cJSON_ArrayForEach (type, element) {
        if (!read_type(reading, type, rows, &statement->principal_count)) {
            return false;
        }
    }
    return true;
}

/* --- statements --- */

struct element_row {
    const char *name;
    size_t at; /* of a struct cc_element in the statement; 0: another kind */
    bool negated;
};

static const struct element_row elements[] = {
    {"Sid", 0, false},
    {"Effect", 0, false},
    {"Condition", 0, false},
    {"Action", offsetof(struct cc_statement, action), false},
    {"NotAction", offsetof(struct cc_statement, action), true},
    {"Resource", offsetof(struct cc_statement, resource), false},
    {"NotResource", offsetof(struct cc_statement, resource), true},
    {"Principal", offsetof(struct cc_statement, principal), false},
    {"NotPrincipal", offsetof(struct cc_statement, principal), true},
};

static const struct element_row *element_named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(elements); i++) {
        if (cc_text_equal(elements[i].name, name)) {
            return &elements[i];
        }
    }
    return NULL;
}

static bool check_actions(const struct reading *reading, const char *name,
                          const char *const *actions)
{
    for (size_t i = 0; actions[i]; i++) {
        if (!strchr(actions[i], ':') && actions[i][strspn(actions[i], "*")]) {
            refuse(reading, cc_textf(reading->mem, "%s: \"%.100s\" does not say which service",
                                     name, actions[i]));
            return cc_fix(reading->err, "put the service before it, for example s3:GetObject");
        }
    }
    return true;
}

static bool read_element(struct reading *reading, const cJSON *json, const struct element_row *row,
                         struct cc_statement *statement)
{
    struct cc_element *element = (struct cc_element *)(void *)((char *)statement + row->at);

    if (element->present) {
        return refuse(reading,
                      cc_textf(reading->mem, "it has both %s and its opposite", row->name));
    }
    element->present = true;
    element->negated = row->negated;
    if (element == &statement->principal) {
        return read_principals(reading, json, statement);
    }
    element->values = texts_of(reading->mem, json, false);
    if (!element->values) {
        return refuse(reading, cc_textf(reading->mem, "%s is not a list of texts", row->name));
    }
    return element != &statement->action || check_actions(reading, row->name, element->values);
}

static bool read_member(struct reading *reading, const cJSON *member,
                        struct cc_statement *statement)
{
    const struct element_row *row = element_named(member->string);

    if (!row) {
        return refuse(reading, cc_textf(reading->mem, "\"%.100s\" is not an element of a statement",
                                        member->string));
    }
    if (row->at != 0) {
        return read_element(reading, member, row, statement);
    }
    if (cc_text_equal(row->name, "Condition")) {
        return read_conditions(reading, member, statement);
    }
    return cJSON_IsString(member) ||
           refuse(reading, cc_textf(reading->mem, "its %s is not a text", row->name));
}

static bool read_statement(struct reading *reading, const cJSON *json,
                           struct cc_statement *statement)
{
    const char *effect = cc_json_text(json, "Effect");
    const cJSON *member = NULL;

    statement->json = json;
    statement->sid = cc_json_text(json, "Sid");
    reading->place = cc_statement_name(reading->mem, statement);
    if (!cJSON_IsObject(json)) {
        return refuse(reading, "it is not an object");
    }
    statement->allows = cc_text_equal(effect, "Allow");
    if (!statement->allows && !cc_text_equal(effect, "Deny")) {
        return refuse(reading, "its Effect is neither Allow nor Deny");
    }
    cJSON_ArrayForEach (member, json) {
        if (!read_member(reading, member, statement)) {
            return false;
        }
    }
    if (statement->principal.negated && statement->allows) {
        return refuse(reading, "NotPrincipal can only be used with the Effect Deny");
    }
    return statement->action.present || refuse(reading, "it has neither Action nor NotAction");
}

static bool read_statements(struct reading *reading, const cJSON *list, struct cc_policy *policy)
{
    const bool many = cJSON_IsArray(list);
    const cJSON *json = many ? list->child : list;
    const size_t count = many ? (size_t)cJSON_GetArraySize(list) : 1;
    struct cc_statement *rows = cc_alloc(reading->mem, (count + 1) * sizeof(*rows));

    for (size_t i = 0; i < count; i++) {
        rows[i].index = i;
        if (!read_statement(reading, json, &rows[i])) {
            return false;
        }
        json = json->next;
    }
    policy->statements = rows;
    policy->count = count;
    return true;
}

/* --- the document --- */

static bool read_version(struct reading *reading, const cJSON *json, struct cc_policy *policy)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(json, "Version");
    const char *text = cJSON_GetStringValue(version);

    policy->variables = cc_text_equal(text, "2012-10-17");
    return !version || policy->variables || cc_text_equal(text, "2008-10-17") ||
           refuse(reading, "its Version is neither 2012-10-17 nor 2008-10-17");
}

bool cc_policy_from_json(struct cc_arena *mem, const cJSON *json, const char *name,
                         struct cc_policy *policy, struct cc_error *err)
{
    struct reading reading = {.mem = mem, .name = name, .err = err};
    const cJSON *statements = cJSON_GetObjectItemCaseSensitive(json, "Statement");
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "Id");
    const cJSON *member = NULL;

    if (!cJSON_IsObject(json)) {
        return refuse(&reading, "it is not a JSON object");
    }
    cJSON_ArrayForEach (member, json) {
        if (!cc_text_equal(member->string, "Version") && !cc_text_equal(member->string, "Id") &&
            !cc_text_equal(member->string, "Statement")) {
            return refuse(&reading, cc_textf(mem, "\"%.100s\" is not an element of a policy",
                                             member->string));
        }
    }
    *policy = (struct cc_policy){.name = name};
    if (!statements || (id && !cJSON_IsString(id))) {
        return refuse(&reading, statements ? "its Id is not a text" : "it has no Statement");
    }
    return read_version(&reading, json, policy) && read_statements(&reading, statements, policy);
}

bool cc_policy_parse(struct cc_arena *mem, const char *text, size_t len, const char *name,
                     struct cc_policy *policy, struct cc_error *err)
{
    const cJSON *json = NULL;

    if (len > CC_POLICY_MAX) {
        return cc_fail(err, CC_E_TOO_BIG, "%s is larger than %zu MiB", name, CC_POLICY_MAX >> 20);
    }
    if (!cc_json_parse(mem, text, len, name, &json, err)) {
        err->code = CC_E_POLICY;
        return cc_fix(err, "%s", cc_code_remedy(CC_E_POLICY));
    }
    if (!cc_policy_from_json(mem, json, name, policy, err)) {
        return false;
    }
    policy->document = text;
    return true;
}

bool cc_policies_from_json(struct cc_arena *mem, const cJSON *json, const char *name,
                           struct cc_policies *policies, struct cc_error *err)
{
    const bool many = cJSON_IsArray(json);
    const cJSON *at = many ? json->child : json;
    const size_t count = many ? (size_t)cJSON_GetArraySize(json) : 1;
    struct cc_policy *rows = cc_alloc(mem, (count + 1) * sizeof(*rows));

    for (size_t i = 0; i < count; i++) {
        const char *each = many ? cc_textf(mem, "%s[%zu]", name, i) : name;

        if (!cc_policy_from_json(mem, at, each, &rows[i], err)) {
            return false;
        }
        at = at->next;
    }
    *policies = (struct cc_policies){rows, count};
    return true;
}

const char *cc_statement_name(struct cc_arena *mem, const struct cc_statement *statement)
{
    return statement->sid ? cc_textf(mem, "Sid %.128s", statement->sid)
                          : cc_textf(mem, "statement %zu", statement->index + 1);
}
