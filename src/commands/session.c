#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/commands/chain_args.h"
#include "credctl/detectors/detector.h"

#include <string.h>

static const struct cc_option options[] = {
    CC_EXPECT_OPTIONS,
    {"offline", NULL, "use no network: no STS call, and only providers that need none"},
    {0},
};

/* All fields, so that readers need not ask which are there. */
static void blank(cJSON *result)
{
    static const char *const names[] = {
        "account_id", "arn",           "user_id", "role_name", "source",       "source_detail",
        "expires",    "access_key_id", "profile", "region",    "region_source"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        cc_json_put(result, names[i], NULL);
    }
    cJSON_AddItemToObject(result, "expires_in_seconds", cJSON_CreateNull());
    cJSON_AddFalseToObject(result, "verified");
}

static void put(cJSON *result, const char *name, const char *text)
{
    cJSON_ReplaceItemInObjectCaseSensitive(result, name,
                                           text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static void put_keys(struct cc_run *run, const struct cc_resolve *resolve, cJSON *result)
{
    const struct cc_keys *keys = &resolve->keys;
    const struct cc_attempt *end = resolve->story.ended_by;
    size_t len = strlen(keys->access_key_id);

    put(result, "source", end->provider->name);
    put(result, "source_detail", end->detail ? cc_text_printable(&run->mem, end->detail) : NULL);
    put(result, "access_key_id",
        cc_textf(&run->mem, "****%s", keys->access_key_id + (len > 4 ? len - 4 : 0)));
    put(result, "account_id", keys->account_id);
    put(result, "role_name", cc_role_of_arn(&run->mem, keys->role_arn));
    if (keys->expires != CC_NEVER_EXPIRES) {
        put(result, "expires", cc_time_iso(&run->mem, keys->expires));
        cJSON_ReplaceItemInObjectCaseSensitive(
            result, "expires_in_seconds",
            cJSON_CreateNumber((double)(keys->expires - cc_now_aws(run))));
    }
}

static void put_cached(struct cc_run *run, const struct cc_from_cache *from, cJSON *result)
{
    cJSON *row = from->cache ? cJSON_CreateObject() : cJSON_CreateNull();

    cJSON_AddItemToObject(result, "cached", row);
    if (from->cache) {
        cJSON_AddStringToObject(row, "by", from->cache);
        cJSON_AddStringToObject(row, "fetched", cc_time_iso(&run->mem, from->fetched));
        cJSON_AddNumberToObject(row, "age_seconds", (double)(cc_now(run) - from->fetched));
    }
}

static void put_error(cJSON *result, const struct cc_error *err)
{
    cJSON *row = err ? cJSON_CreateObject() : cJSON_CreateNull();

    cJSON_AddItemToObject(result, "error", row);
    if (err) {
        cc_json_error(row, err);
    }
}

/* Who STS says we are. */
static bool identify(struct cc_run *run, struct cc_resolve *resolve, cJSON *result,
                     const char **arn, struct cc_error *err)
{
    struct cc_identity identity = {0};

    if (run->offline) {
        *arn = resolve->keys.role_arn;
        return true;
    }
    if (!cc_resolve_caller(run, resolve, &identity, err)) {
        return false;
    }
    put_keys(run, resolve, result); /* they may be others now */
    put(result, "account_id", identity.account_id);
    put(result, "arn", identity.arn);
    put(result, "user_id", identity.user_id);
    put(result, "role_name", cc_role_of_arn(&run->mem, identity.arn));
    cJSON_ReplaceItemInObjectCaseSensitive(result, "verified", cJSON_CreateTrue());
    *arn = identity.arn;
    return true;
}

/*
 * Is this the role that the host itself has? With hops on top the identity is another by intent,
 * and the question is not asked.
 */
static void put_hosting(struct cc_run *run, const struct cc_resolve *resolve, cJSON *result)
{
    struct cc_scene *scene = cc_alloc(&run->mem, sizeof(*scene));
    int64_t deadline = run->deadline_ms;
    const char *mine = cc_json_text(result, "role_name");

    scene->run = run;
    cc_detect(run, scene);
    run->deadline_ms = deadline;
    const char *hosts = scene->place.role_name;
    if (!scene->place.aws) {
        cJSON_AddNullToObject(result, "hosting");
        return;
    }
    cJSON *row = cJSON_AddObjectToObject(result, "hosting");
    const bool known = hosts && mine && resolve->hop_count == 0;
    const bool same = known && cc_text_equal(hosts, mine);
    cJSON_AddStringToObject(row, "environment", scene->place.environment);
    cc_json_put(row, "role_name", hosts);
    cJSON_AddItemToObject(row, "same", known ? cJSON_CreateBool(same) : cJSON_CreateNull());
    cc_json_put(
        row, "says",
        same    ? cc_textf(&run->mem, "this is the role of the host (%s)", scene->place.environment)
        : known ? cc_textf(&run->mem, "not the role of the host (%s), which is %s",
                           scene->place.environment, hosts)
        : hosts ? cc_textf(&run->mem, "%s with the role %s", scene->place.environment, hosts)
                : cc_textf(&run->mem, "%s; its role is not known without asking STS",
                           scene->place.environment));
}

static void judge(struct cc_run *run, const struct cc_args *args, const char *arn, cJSON *result)
{
    const struct cc_expect expect = cc_expect_from(args);
    const char *reason = NULL;
    bool met = cc_expect_met(&run->mem, &expect, cc_json_text(result, "account_id"), arn, &reason);
    cJSON *row = cJSON_AddObjectToObject(result, "expectation");

    cJSON_AddBoolToObject(row, "met", met);
    cc_json_put(row, "reason", reason);
    if (!met) {
        run->exit_status = cc_code_exit_status(CC_E_NOT_EXPECTED);
    }
}

/* A failure that was only remembered has no story to tell: here the chain is asked for it. */
static bool resolve_with_story(struct cc_run *run, struct cc_resolve *resolve, struct cc_error *err)
{
    if (cc_resolve_keys(run, resolve, err)) {
        return true;
    }
    if (resolve->story.count > 0 || resolve->cache.off) {
        return false;
    }
    resolve->cache.off = true;
    return cc_resolve_keys(run, resolve, err);
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));
    struct cc_chain_options chain;
    struct cc_error why = {0};
    const char *arn = NULL;

    run->offline = cc_flag(args, "offline");
    if (!cc_chain_from(run, args, &chain, err) || !cc_resolve_prepare(run, &chain, resolve, err)) {
        return false;
    }
    blank(result);
    put(result, "profile", resolve->settings.section ? resolve->settings.profile : NULL);
    put(result, "region", resolve->settings.region);
    put(result, "region_source", resolve->settings.region_source);
    bool found = resolve_with_story(run, resolve, &why);
    if (found) {
        put_keys(run, resolve, result);
        found = identify(run, resolve, result, &arn, &why);
    }
    put_cached(run, &resolve->story.from_cache, result);
    put_hosting(run, resolve, result);
    cc_story_json(&run->mem, resolve, result);
    put_error(result, found ? NULL : &why);
    judge(run, args, arn, result);
    if (!found) {
        run->exit_status = cc_code_exit_status(why.code);
    }
    return true;
}

static void print_who(const cJSON *result, struct cc_buf *out)
{
    const char *arn = cc_json_text(result, "arn");
    const char *detail = cc_json_text(result, "source_detail");
    double left = 0;

    if (arn) {
        cc_buf_addf(out, "%s\n  account  %s\n", arn, cc_json_text(result, "account_id"));
    } else {
        const char *account = cc_json_text(result, "account_id");

        cc_buf_addf(out,
                    "Credentials found; who they belong to was not asked (--offline)\n"
                    "  account  %s\n",
                    account ? account : "not known");
    }
    cc_buf_addf(out, "  source   %s%s%s, key %s\n", cc_json_text(result, "source"),
                detail ? ": " : "", detail ? detail : "", cc_json_text(result, "access_key_id"));
    if (cc_json_number(result, "expires_in_seconds", &left)) {
        cc_buf_addf(out, "  until    %s (%s)\n", cc_json_text(result, "expires"),
                    left > 0 ? cc_time_span(out->mem, (int64_t)left) : "expired");
    } else {
        cc_buf_text(out, "  until    these do not expire\n");
    }
}

static void print_cached(const cJSON *result, struct cc_buf *out)
{
    const cJSON *cached = cJSON_GetObjectItem(result, "cached");
    double age = 0;

    if (cc_json_number(cached, "age_seconds", &age)) {
        cc_buf_addf(out, "  cached   by %s, fetched %s ago (--no-cache asks anew)\n",
                    cc_json_text(cached, "by"), cc_time_span(out->mem, (int64_t)age));
    }
}

static void print_hosting(const cJSON *result, struct cc_buf *out)
{
    const cJSON *hosting = cJSON_GetObjectItem(result, "hosting");
    const char *says = cc_json_text(hosting, "says");

    if (says) {
        cc_buf_addf(out, "  host     %s\n", says);
    }
}

static void print(const cJSON *result, struct cc_buf *out)
{
    const cJSON *error = cc_json_object(result, "error");
    const char *region = cc_json_text(result, "region");
    const char *reason = cc_json_text(cJSON_GetObjectItem(result, "expectation"), "reason");

    if (error) {
        cc_buf_addf(out, "%s [%s]\n", cc_json_text(error, "what"), cc_json_text(error, "code"));
        if (cc_json_text(error, "why")) {
            cc_buf_addf(out, "  cause: %s\n", cc_json_text(error, "why"));
        }
        cc_buf_addf(out, "  try:   %s\n", cc_json_text(error, "fix"));
    } else {
        print_who(result, out);
        cc_buf_addf(out, "  region   %s%s%s%s\n", region ? region : "not set", region ? " (" : "",
                    region ? cc_json_text(result, "region_source") : "", region ? ")" : "");
        print_cached(result, out);
        print_hosting(result, out);
    }
    if (reason) {
        cc_buf_addf(out, "\nNot as expected: %s\n", reason);
    }
    cc_story_print(result, out);
}

#define NULLABLE "{\"type\":[\"string\",\"null\"]}"

static const char schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"session\","
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"account_id\",\"arn\","
    "\"user_id\",\"role_name\",\"source\",\"source_detail\",\"expires\",\"access_key_id\","
    "\"profile\",\"region\",\"region_source\",\"expires_in_seconds\",\"verified\",\"chain\","
    "\"hops\",\"warnings\",\"cached\",\"hosting\",\"error\",\"expectation\"],\"properties\":{"
    "\"account_id\":" NULLABLE ",\"arn\":" NULLABLE ",\"user_id\":" NULLABLE
    ",\"role_name\":" NULLABLE ",\"source\":" NULLABLE ",\"source_detail\":" NULLABLE
    ",\"expires\":" NULLABLE ",\"access_key_id\":{\"type\":[\"string\",\"null\"],"
    "\"pattern\":\"^[*]{4}\"},\"profile\":" NULLABLE ",\"region\":" NULLABLE
    ",\"region_source\":" NULLABLE ",\"expires_in_seconds\":{\"type\":[\"number\",\"null\"]},"
    "\"verified\":{\"type\":\"boolean\"},\"chain\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"provider\",\"outcome\","
    "\"detail\",\"why\",\"fix\",\"ms\"],\"properties\":{\"provider\":{\"type\":\"string\"},"
    "\"outcome\":{\"enum\":[\"found\",\"absent\",\"broken\"]},\"detail\":" NULLABLE
    ",\"why\":" NULLABLE ",\"fix\":" NULLABLE ",\"ms\":{\"type\":\"number\"}}}},"
    "\"hops\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"role_arn\",\"done\"],\"properties\":{\"role_arn\":{\"type\":\"string\"},"
    "\"done\":{\"type\":\"boolean\"}}}},\"cached\":{\"type\":[\"object\",\"null\"],"
    "\"additionalProperties\":false,\"required\":[\"by\",\"fetched\",\"age_seconds\"],"
    "\"properties\":{\"by\":{\"enum\":[\"credctl\",\"aws-cli\"]},\"fetched\":{\"type\":\"string\"},"
    "\"age_seconds\":{\"type\":\"number\"}}},\"warnings\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"string\"}},\"hosting\":{\"type\":[\"object\",\"null\"],\"properties\":{"
    "\"environment\":{\"type\":\"string\"},\"role_name\":" NULLABLE
    ",\"same\":{\"type\":[\"boolean\",\"null\"]},\"says\":{\"type\":\"string\"}}},"
    "\"error\":{\"type\":[\"object\",\"null\"],\"properties\":{\"code\":{\"type\":\"string\"},"
    "\"what\":{\"type\":\"string\"},\"why\":{\"type\":\"string\"},\"fix\":{\"type\":\"string\"}}},"
    "\"expectation\":{\"type\":\"object\",\"required\":[\"met\",\"reason\"],"
    "\"additionalProperties\":false,\"properties\":{\"met\":{\"type\":\"boolean\"},"
    "\"reason\":" NULLABLE "}}}}";

const struct cc_command cc_command_session = {
    .name = "session",
    .summary = "say who the credentials here belong to, where they come from, and until when",
    .details =
        "Asks every source in the chain's order, stops at the first that is configured, and\n"
        "tells what each one said. Prints no secret.",
    .options = options,
    .flags = CC_FOR_AGENTS,
    .schema = schema,
    .run = run,
    .print = print,
};
