#include "credctl/base/text.h"
#include "credctl/policy/decide.h"

#define LEVELS_MAX 16 /* an organization has up to five levels of units */

/* What is read, for messages. */
struct reading {
    struct cc_arena *mem;
    struct cc_error *err;
};

static bool refuse(const struct reading *reading, const char *why, const char *fix)
{
    cc_fail(reading->err, CC_E_POLICY, "the case cannot be evaluated");
    cc_why(reading->err, "%s", why);
    return cc_fix(reading->err, "%s", fix);
}

static bool read_one_level(const struct reading *reading, const cJSON *json, const char *name,
                           struct cc_levels *levels)
{
    struct cc_policies *rows = cc_alloc(reading->mem, sizeof(*rows));

    *levels = (struct cc_levels){.present = true, .rows = rows, .count = 1};
    return cc_policies_from_json(reading->mem, json, name, rows, reading->err);
}

static bool read_levels(const struct reading *reading, const cJSON *json, const char *name,
                        struct cc_levels *levels)
{
    const size_t count = (size_t)cJSON_GetArraySize(json);
    const cJSON *level = NULL;
    size_t i = 0;

    if (!cJSON_IsArray(json) || count > LEVELS_MAX) {
        return refuse(reading, cc_textf(reading->mem, "%s is not a list of up to 16 levels", name),
                      "give a list with one list of policies for the root, each unit and the "
                      "account");
    }
    struct cc_policies *rows = cc_alloc(reading->mem, (count + 1) * sizeof(*rows));
    cJSON_ArrayForEach (level, json) {
        const char *each = cc_textf(reading->mem, "%s[%zu]", name, i);

        if (!cc_policies_from_json(reading->mem, level, each, &rows[i], reading->err)) {
            return false;
        }
        i++;
    }
    *levels = (struct cc_levels){.present = count > 0, .rows = rows, .count = count};
    return true;
}

/* The members of a case with policies. */
static const struct {
    const char *name;
    enum cc_layer_kind kind;
    bool levels;
} members[] = {
    {"identity_policies", CC_LAYER_IDENTITY, false},
    {"permissions_boundary", CC_LAYER_BOUNDARY, false},
    {"session_policy", CC_LAYER_SESSION, false},
    {"resource_policy", CC_LAYER_RESOURCE, false},
    {"trust_policy", CC_LAYER_RESOURCE, false},
    {"vpc_endpoint_policy", CC_LAYER_ENDPOINT, false},
    {"scps", CC_LAYER_SCP, true},
    {"rcps", CC_LAYER_RCP, true},
};

static bool read_layers(const struct reading *reading, const cJSON *json, struct cc_case *one)
{
    for (size_t i = 0; i < CC_COUNT(members); i++) {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(json, members[i].name);
        struct cc_levels *levels = &one->layers[members[i].kind];

        if (!member || cJSON_IsNull(member)) {
            continue;
        }
        if (members[i].levels ? !read_levels(reading, member, members[i].name, levels)
                              : !read_one_level(reading, member, members[i].name, levels)) {
            return false;
        }
    }
    return true;
}

static const char *value_of(struct cc_arena *mem, const cJSON *value)
{
    if (cJSON_IsString(value)) {
        return value->valuestring;
    }
    if (cJSON_IsBool(value)) {
        return cJSON_IsTrue(value) ? "true" : "false";
    }
    return cJSON_IsNumber(value) ? cc_textf(mem, "%.15g", value->valuedouble) : NULL;
}

static bool read_key(const struct reading *reading, const cJSON *key, struct cc_context *context)
{
    const cJSON *at = cJSON_IsArray(key) ? key->child : key;
    const size_t count = cJSON_IsArray(key) ? (size_t)cJSON_GetArraySize(key) : 1;
    const char **values = cc_alloc(reading->mem, (count + 1) * sizeof(*values));

    if (cJSON_IsNull(key)) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = value_of(reading->mem, at);
        if (!values[i]) {
            return refuse(reading,
                          cc_textf(reading->mem,
                                   "the context key %.100s is neither a text, number "
                                   "or flag nor a list of them",
                                   key->string),
                          "write it as \"aws:SourceIp\": \"203.0.113.10\"");
        }
        at = at->next;
    }
    cc_context_set_list(context, key->string, (const char *const *)values);
    return true;
}

static bool read_context(const struct reading *reading, const cJSON *json,
                         struct cc_context *context)
{
    const cJSON *key = NULL;

    cJSON_ArrayForEach (key, json) {
        if (!read_key(reading, key, context)) {
            return false;
        }
    }
    return true;
}

static bool known_member(const char *name)
{
    static const char *const names[] = {"principal", "action", "resource", "resource_account",
                                        "context"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        if (cc_text_equal(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool read_request(const struct reading *reading, const cJSON *request, struct cc_case *one)
{
    const char *principal = cc_json_text(request, "principal");
    const cJSON *member = NULL;

    cJSON_ArrayForEach (member, request) {
        if (!known_member(member->string)) {
            return refuse(reading,
                          cc_textf(reading->mem, "request.%.100s is not known", member->string),
                          "give principal, action, resource, resource_account and context");
        }
    }
    one->action = cc_json_text(request, "action");
    one->resource = cc_json_text(request, "resource");
    one->resource_account = cc_json_text(request, "resource_account");
    if (!principal || !one->action || !one->resource) {
        return refuse(reading, "its request has no principal, action or resource",
                      "give them as texts, for example \"action\": \"sts:AssumeRole\"");
    }
    one->context = (struct cc_context){.mem = reading->mem};
    if (!read_context(reading, cJSON_GetObjectItemCaseSensitive(request, "context"),
                      &one->context)) {
        return false;
    }
    const struct cc_key arn = cc_context_key(&one->context, "aws:PrincipalArn");
    one->caller = cc_caller_of(reading->mem, principal, arn.values ? arn.values[0] : NULL);
    return true;
}

static void set_if_absent(struct cc_context *context, const char *name, const char *value)
{
    if (!cc_context_key(context, name).name) {
        cc_context_set(context, name, value);
    }
}

void cc_case_fill_context(struct cc_case *one)
{
    set_if_absent(&one->context, "aws:PrincipalArn", one->caller.arn);
    set_if_absent(&one->context, "aws:PrincipalAccount", one->caller.account);
    set_if_absent(&one->context, "aws:ResourceAccount", one->resource_account);
}

bool cc_case_from_json(struct cc_arena *mem, const cJSON *json, struct cc_case *one,
                       struct cc_error *err)
{
    const struct reading reading = {mem, err};

    *one = (struct cc_case){.layers = {[CC_LAYER_IDENTITY] = {.present = true}}};
    if (!read_request(&reading, cc_json_object(json, "request"), one) ||
        !read_layers(&reading, json, one)) {
        return false;
    }
    cc_case_fill_context(one);
    return true;
}
