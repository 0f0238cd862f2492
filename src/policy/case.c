#include "credctl/base/text.h"
#include "credctl/policy/decide.h"

#include "parts.h"

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

/* --- policies --- */

/* The members of a case with policies. */
struct member {
    const char *name;
    enum cc_layer_kind kind;
    bool levels;
};

static const struct member members[] = {
    {"identity_policies", CC_LAYER_IDENTITY, false},
    {"permissions_boundary", CC_LAYER_BOUNDARY, false},
    {"session_policy", CC_LAYER_SESSION, false},
    {"resource_policy", CC_LAYER_RESOURCE, false},
    {"trust_policy", CC_LAYER_RESOURCE, false},
    {"vpc_endpoint_policy", CC_LAYER_ENDPOINT, false},
    {"scps", CC_LAYER_SCP, true},
    {"rcps", CC_LAYER_RCP, true},
};

static bool read_level(const struct reading *reading, const cJSON *json, const char *name,
                       enum cc_layer_kind kind, struct cc_policies *level)
{
    return cc_policies_from_json(reading->mem, json, name, level, reading->err) &&
           cc_policies_fit(reading->mem, level, kind, reading->err);
}

static bool read_levels(const struct reading *reading, const cJSON *json,
                        const struct member *member, struct cc_levels *levels)
{
    const size_t count = (size_t)cJSON_GetArraySize(json);
    const cJSON *level = NULL;
    size_t i = 0;

    if (!cJSON_IsArray(json) || count > LEVELS_MAX) {
        return refuse(reading,
                      cc_textf(reading->mem, "%s is not a list of up to 16 levels", member->name),
                      "give a list with one list of policies for the root, each unit and the "
                      "account");
    }
    struct cc_policies *rows = cc_alloc(reading->mem, (count + 1) * sizeof(*rows));
    cJSON_ArrayForEach (level, json) {
        const char *each = cc_textf(reading->mem, "%s[%zu]", member->name, i);

        if (!read_level(reading, level, each, member->kind, &rows[i++])) {
            return false;
        }
    }
    *levels = (struct cc_levels){.present = count > 0, .rows = rows, .count = count};
    return true;
}

static bool read_layer(const struct reading *reading, const cJSON *json,
                       const struct member *member, struct cc_case *one)
{
    struct cc_levels *levels = &one->layers[member->kind];

    if (member->levels) {
        return read_levels(reading, json, member, levels);
    }
    if (levels->count > 0) {
        return refuse(reading, "it has both resource_policy and trust_policy",
                      "give one of them: both are the policy of the resource");
    }
    struct cc_policies *rows = cc_alloc(reading->mem, sizeof(*rows));

    *levels = (struct cc_levels){.present = true, .rows = rows, .count = 1};
    return read_level(reading, json, member->name, member->kind, rows);
}

static const struct member *member_named(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(members); i++) {
        if (cc_text_equal(members[i].name, name)) {
            return &members[i];
        }
    }
    return NULL;
}

static bool read_layers(const struct reading *reading, const cJSON *json, struct cc_case *one)
{
    const cJSON *item = NULL;

    cJSON_ArrayForEach (item, json) {
        const struct member *member = member_named(item->string);

        if (member && !cJSON_IsNull(item) && !read_layer(reading, item, member, one)) {
            return false;
        }
        if (!member && (cJSON_IsObject(item) || cJSON_IsArray(item)) &&
            !cc_text_equal(item->string, "request")) {
            return refuse(
                reading, cc_textf(reading->mem, "\"%.100s\" is not known", item->string),
                "the members with policies are identity_policies, permissions_boundary, "
                "session_policy, resource_policy, trust_policy, vpc_endpoint_policy, scps and rcps");
        }
    }
    return true;
}

/* --- the context of the request --- */

static bool read_values(const struct reading *reading, const cJSON *key, const char **values)
{
    const cJSON *at = cJSON_IsArray(key) ? key->child : key;

    for (size_t i = 0; at; i++) {
        values[i] = cc_policy_value(reading->mem, at);
        if (!values[i]) {
            return refuse(reading,
                          cc_textf(reading->mem,
                                   "the context key %.100s is neither a text, number "
                                   "or flag nor a list of them",
                                   key->string),
                          "write it as \"aws:SourceIp\": \"203.0.113.10\"");
        }
        at = cJSON_IsArray(key) ? at->next : NULL;
    }
    return true;
}

static bool read_key(const struct reading *reading, const cJSON *key, struct cc_context *context)
{
    const size_t count = cJSON_IsArray(key) ? (size_t)cJSON_GetArraySize(key) : 1;
    const char **values = cc_alloc(reading->mem, (count + 1) * sizeof(*values));

    if (cc_context_key(context, key->string).name) {
        return refuse(reading,
                      cc_textf(reading->mem, "the context has the key %.100s twice", key->string),
                      "names of keys are not case-sensitive; give a list of values");
    }
    if (cJSON_IsNull(key)) {
        cc_context_set(context, key->string, NULL);
        return true;
    }
    if (!read_values(reading, key, values)) {
        return false;
    }
    cc_context_set_list(context, key->string, (const char *const *)values);
    return true;
}

static bool read_context(const struct reading *reading, const cJSON *json,
                         struct cc_context *context)
{
    const cJSON *key = NULL;

    if (json && !cJSON_IsObject(json) && !cJSON_IsNull(json)) {
        return refuse(reading, "the context is not an object of keys",
                      "write it as \"context\": {\"aws:SourceIp\": \"203.0.113.10\"}");
    }
    cJSON_ArrayForEach (key, json) {
        if (!read_key(reading, key, context)) {
            return false;
        }
    }
    return true;
}

/* --- the request --- */

struct request {
    const char *principal;
    const char *action;
    const char *resource;
    const char *resource_account;
    const cJSON *context;
};

/* Texts of the request; NULL: it is not one of them. */
static const char **text_named(struct request *request, const char *name)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = {
        {"principal", &request->principal},
        {"action", &request->action},
        {"resource", &request->resource},
        {"resource_account", &request->resource_account},
    };

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        if (cc_text_equal(texts[i].name, name)) {
            return texts[i].text;
        }
    }
    return NULL;
}

static bool read_member(const struct reading *reading, const cJSON *member, struct request *request)
{
    const char **text = text_named(request, member->string);

    if (cc_text_equal(member->string, "context")) {
        request->context = member;
        return true;
    }
    if (!text) {
        return refuse(reading,
                      cc_textf(reading->mem, "request.%.100s is not known", member->string),
                      "give principal, action, resource, resource_account and context");
    }
    *text = cJSON_GetStringValue(member);
    return *text || cJSON_IsNull(member) ||
           refuse(reading, cc_textf(reading->mem, "request.%s is not a text", member->string),
                  "put its value in quotation marks");
}

static bool read_request(const struct reading *reading, const cJSON *json, struct cc_case *one)
{
    struct request request = {0};
    const cJSON *member = NULL;

    cJSON_ArrayForEach (member, json) {
        if (!read_member(reading, member, &request)) {
            return false;
        }
    }
    if (!request.principal || !request.action || !request.resource) {
        return refuse(reading, "its request has no principal, action or resource",
                      "give them as texts, for example \"action\": \"sts:AssumeRole\"");
    }
    one->action = request.action;
    one->resource = request.resource;
    one->resource_account = request.resource_account;
    one->context = (struct cc_context){.mem = reading->mem};
    return read_context(reading, request.context, &one->context) &&
           cc_case_begin(reading->mem, request.principal, one, reading->err);
}

bool cc_case_from_json(struct cc_arena *mem, const cJSON *json, struct cc_case *one,
                       struct cc_error *err)
{
    const struct reading reading = {mem, err};

    *one = (struct cc_case){.layers = {[CC_LAYER_IDENTITY] = {.present = true}}};
    if (!cJSON_IsObject(json)) {
        return refuse(&reading, "it is not an object",
                      "give {\"request\": {...}, \"identity_policies\": [...], ...}");
    }
    return read_request(&reading, cc_json_object(json, "request"), one) &&
           read_layers(&reading, json, one);
}
