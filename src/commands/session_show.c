#include "credctl/commands/cached.h"
#include "credctl/commands/command.h"

static const struct cc_option options[] = {
    {"cached", NULL, "what is cached (also without this option)"},
    {0},
};

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    const struct cc_cache_row *rows = NULL;

    (void)args;
    if (!cc_cache_list(run, &rows, err)) {
        return false;
    }
    cc_json_put(result, "folder", cc_cache_folder(run));
    cc_cached_json(run, rows, "entries", result);
    return true;
}

static void print(const cJSON *result, struct cc_buf *out)
{
    const cJSON *rows = cJSON_GetObjectItem(result, "entries");
    const char *folder = cc_json_text(result, "folder");

    if (!folder) {
        cc_buf_text(out, "No cache: neither XDG_CACHE_HOME nor a home is known.\n");
    } else if (cJSON_GetArraySize(rows) == 0) {
        cc_buf_addf(out, "Nothing is cached in %s.\n", folder);
    } else {
        cc_buf_addf(out, "In %s:\n", folder);
        cc_cached_print(rows, out);
    }
}

static const char schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"session show\","
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"folder\",\"entries\"],"
    "\"properties\":{\"folder\":" CC_CACHED_TEXT
    ",\"entries\":{\"type\":\"array\",\"items\":" CC_CACHED_SCHEMA "}}}";

const struct cc_command cc_command_session_show = {
    .name = "session show",
    .summary = "list the credentials that are cached: source, role, age, expiry",
    .details = "Prints no secret. Where the cache is and what is kept there: docs/cache.md.",
    .options = options,
    .flags = CC_FOR_AGENTS | CC_NO_CHAIN,
    .schema = schema,
    .run = run,
    .print = print,
};
