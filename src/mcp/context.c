#include "credctl/mcp/context.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/commands/shared.h"

#include "command_parts.h"
#include "shelf.h"

#include <string.h>

/*
 * Results that a client wants to come back to. The handle is explicit and cannot be guessed, and a
 * result is given only to the identity, and for the region, that it was stored with: nothing is
 * inferred from earlier calls.
 */

struct options {
    const char *context_id;
    bool detailed;
    struct cc_chain_options chain;
};

struct context {
    bool available;
    const char *context_id;
    const char *tool;
    const char *account_id;
    const char *principal;
    const char *region;
    int64_t stored;
    int64_t expires;
    const char *summary;
    struct cc_maybe_flag all_enabled;
    const char *const *services_checked;
    const cJSON *data;
};

// clang-format off
#define ROW(kind, member, about_, ...) \
    CC_ROW(kind, struct context, member, NULL, about_, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    ROW(FLAG, available, "always true: a handle that is not valid is an error"),
    ROW(TEXT, context_id, "the handle"),
    ROW(TEXT, tool, "the tool whose result this is"),
    ROW(TEXT, account_id, "the account that it was stored for"),
    ROW(TEXT, principal, "the identity that it was stored for"),
    ROW(TEXT, region, "the region that it was stored for", .rules = CC_NULL),
    ROW(TIME, stored, "when it was stored"),
    ROW(TIME, expires, "until when it is kept"),
    ROW(TEXT, summary, "the summary of the result, when it has one", .rules = CC_NULL),
    ROW(MAYBE_FLAG, all_enabled, "all_enabled of the result, when it has that"),
    ROW(TEXTS, services_checked, "services_checked of the result"),
    CC_ROW_JSON(struct context, data, NULL, "the result; null without detailed", .rules = CC_NULL),
    {0},
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(TEXT, struct options, context_id, "ID", "the handle: context_id of an earlier result"),
    CC_ROW(FLAG, struct options, detailed, NULL, "also give the result itself"),
    CC_ROW_GROUP(struct options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
// clang-format on

static const struct cc_shape answer_shape = {"stored context", answer_fields,
                                             sizeof(struct context)};
static const struct cc_shape options_shape = {"stored context", option_fields,
                                              sizeof(struct options)};

/* The identity of calls, without the name of a session, which changes from call to call. */
struct owner {
    const char *account_id;
    const char *principal;
    const char *region;
};

static const char *principal_of(struct cc_arena *mem, const char *arn)
{
    const char *session = strstr(arn, ":assumed-role/") ? strrchr(arn, '/') : NULL;

    return session ? cc_text_dup(mem, arn, (size_t)(session - arn)) : arn;
}

/* `known` has the identity, when it was asked for already. */
static bool owner_of(struct cc_run *run, const struct cc_chain_options *chain,
                     const struct cc_identity *known, struct owner *owner, struct cc_error *err)
{
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));
    struct cc_identity identity = *known;

    if (!cc_resolve_prepare(run, chain, resolve, err) ||
        (!identity.arn && (!cc_resolve_keys(run, resolve, err) ||
                           !cc_resolve_caller(run, resolve, &identity, err)))) {
        return false;
    }
    *owner = (struct owner){identity.account_id, principal_of(&run->mem, identity.arn),
                            resolve->settings.region};
    return true;
}

/* --- storing --- */

/* The chain options of any tool, by the names that all tools use for them. */
static const struct cc_mcp_argument chain_arguments[] = {
    {.name = "profile"},
    {.name = "region"},
    {.name = "role_arn"},
    {.name = "external_id"},
    {.name = "session_name", .option = "role_session_name"},
    {0},
};

static const struct cc_command chain_command = {.name = "context", .options = &options_shape};
static const struct cc_mcp_command chain_row = {.command = &chain_command,
                                                .arguments = chain_arguments};

/* Only those arguments that say whose credentials are used, and where. */
static const cJSON *chain_part(struct cc_arena *mem, const cJSON *given)
{
    cJSON *part = (cJSON *)cc_mcp_document(mem, "{}");

    for (const struct cc_mcp_argument *one = chain_arguments; one->name; one++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(given, one->name);

        if (cJSON_IsString(value)) {
            (void)cJSON_AddStringToObject(part, one->name, value->valuestring);
        }
    }
    return part;
}

static const char *envelope(struct cc_run *run, const struct cc_mcp_call *call,
                            const struct owner *owner, const cJSON *result)
{
    cJSON *doc = (cJSON *)cc_mcp_document(&run->mem, "{}");

    cc_json_put(doc, "tool", call->tool->name);
    cc_json_put(doc, "account_id", owner->account_id);
    cc_json_put(doc, "principal", owner->principal);
    cc_json_put(doc, "region", owner->region);
    cc_json_put(doc, "stored", cc_time_iso(&run->mem, cc_now(run)));
    (void)cJSON_AddItemReferenceToObject(doc, "result", (cJSON *)result);
    return cc_json_line(&run->mem, doc);
}

/* Some results say who asked. */
static struct cc_identity asked_by(const struct cc_mcp_call *call, const cJSON *result)
{
    const struct cc_mcp_command *row = call->tool->kind;

    for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
        if (one->others && cJSON_GetObjectItemCaseSensitive(call->arguments, one->name)) {
            return (struct cc_identity){0};
        }
    }
    const struct cc_identity identity = {.account_id = cc_json_text(result, "account_id"),
                                         .arn = cc_json_text(result, "caller_arn")};

    return identity.account_id && identity.arn ? identity : (struct cc_identity){0};
}

static bool store(struct cc_run *run, const struct cc_mcp_call *call, const cJSON *result,
                  struct cc_mcp_stored *stored, struct cc_error *err)
{
    const cJSON *part = chain_part(&run->mem, call->arguments);
    const struct cc_identity known = asked_by(call, result);
    struct options options;
    struct owner owner;

    if (!cc_mcp_arguments(&run->mem, &chain_row, part, NULL, &options, err) ||
        !owner_of(run, &options.chain, &known, &owner, err) ||
        !cc_mcp_shelf_put(run, envelope(run, call, &owner, result), &stored->context_id, err)) {
        return false;
    }
    stored->context_expires = cc_now(run) + CC_MCP_SHELF_S;
    return true;
}

void cc_mcp_store(struct cc_run *run, const struct cc_mcp_call *call, const cJSON *result,
                  struct cc_mcp_stored *stored)
{
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(call->arguments, CC_MCP_STORE);
    const struct cc_mcp_command *row = call->tool->kind;
    struct cc_error err = {0};

    if ((wanted ? cJSON_IsTrue(wanted) : row->keeps) && !store(run, call, result, stored, &err)) {
        stored->context_note = cc_textf(&run->mem, "%s: %s", err.what, err.why);
    }
}

/* --- giving --- */

static bool foreign(struct cc_error *err)
{
    /* As for an unknown handle: others do not learn that it exists. */
    cc_fail(err, CC_E_NOT_EXPECTED, "there is no stored result with this handle");
    cc_why(err,
           "it has expired, never existed, or belongs to another account, principal or region");
    return cc_fix(err, "make the call again that gave the handle");
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *const *texts_of(struct cc_arena *mem, const cJSON *list)
{
    const int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    const char **texts = cc_alloc(mem, ((size_t)count + 1) * sizeof(*texts));
    size_t at = 0;

    for (const cJSON *item = count > 0 ? list->child : NULL; item; item = item->next) {
        if (cJSON_IsString(item)) {
            texts[at++] = item->valuestring;
        }
    }
    return (const char *const *)texts;
}

static bool tell(const struct options *given, struct cc_run *run, const cJSON *doc,
                 const struct owner *owner, struct context *context, struct cc_error *err)
{
    const cJSON *result = cc_json_object(doc, "result");
    const cJSON *all = cJSON_GetObjectItemCaseSensitive(result, "all_enabled");
    const char *stored = cc_json_text(doc, "stored");

    if (!result || !same(cc_json_text(doc, "account_id"), owner->account_id) ||
        !same(cc_json_text(doc, "principal"), owner->principal) ||
        !same(cc_json_text(doc, "region"), owner->region) || !stored ||
        !cc_time_from_iso(stored, &context->stored)) {
        return foreign(err);
    }
    *context = (struct context){
        .available = true,
        .context_id = given->context_id,
        .tool = cc_json_text(doc, "tool"),
        .account_id = owner->account_id,
        .principal = owner->principal,
        .region = owner->region,
        .stored = context->stored,
        .expires = context->stored + CC_MCP_SHELF_S,
        .summary = cc_json_text(result, "summary"),
        .all_enabled = {cJSON_IsBool(all), cJSON_IsTrue(all)},
        .services_checked =
            texts_of(&run->mem, cJSON_GetObjectItemCaseSensitive(result, "services_checked")),
        .data = given->detailed ? result : NULL,
    };
    return true;
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct options *given = options;
    const char *text = NULL;
    static const struct cc_identity nobody = {0};
    struct owner owner;

    if (!cc_mcp_shelf_get(run, given->context_id, &text, err)) {
        return foreign(err);
    }
    if (!owner_of(run, &given->chain, &nobody, &owner, err)) {
        return false;
    }
    return tell(given, run, cc_mcp_document(&run->mem, text), &owner, answer, err);
}

const struct cc_command cc_mcp_context = {
    .name = "stored context",
    .summary = "give a result that was stored",
    .options = &options_shape,
    .answer = &answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
};
