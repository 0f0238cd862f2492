#include "credctl/commands/cached.h"
#include "credctl/commands/chain_args.h"

static const struct cc_option options[] = {
    {"all", NULL, "every entry, not only that of the credentials asked for here"},
    {0},
};

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));
    struct cc_chain_options chain;
    const struct cc_cache_row *gone = NULL;
    bool all = cc_flag(args, "all");

    resolve->search.run = run;
    if (!all && (!cc_chain_from(run, args, &chain, err) ||
                 !cc_resolve_prepare(run, &chain, resolve, err))) {
        return false;
    }
    const struct cc_demand demand = cc_resolve_demand(resolve);
    if (!cc_cache_clear(&resolve->search, all ? NULL : &demand, &gone, err)) {
        return false;
    }
    cc_json_put(result, "folder", cc_cache_folder(run));
    cc_cached_json(run, gone, "removed", result);
    return true;
}

static void print(const cJSON *result, struct cc_buf *out)
{
    const cJSON *rows = cJSON_GetObjectItem(result, "removed");

    if (cJSON_GetArraySize(rows) == 0) {
        cc_buf_text(out, "Nothing was cached.\n");
        return;
    }
    cc_buf_addf(out, "Removed from %s:\n", cc_json_text(result, "folder"));
    cc_cached_print(rows, out);
}

static const char schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"session clear\","
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"folder\",\"removed\"],"
    "\"properties\":{\"folder\":" CC_CACHED_TEXT
    ",\"removed\":{\"type\":\"array\",\"items\":" CC_CACHED_SCHEMA "}}}";

const struct cc_command cc_command_session_clear = {
    .name = "session clear",
    .summary = "remove the cached credentials asked for here, or all",
    .details =
        "Removes what `credctl session` with the same options and variables would be served\n"
        "from the cache. Touches no other tool's files and ends no session: credentials that\n"
        "were handed out stay valid until they expire.",
    .options = options,
    .schema = schema,
    .run = run,
    .print = print,
};
