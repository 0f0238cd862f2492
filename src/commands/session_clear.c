#include "credctl/commands/shared.h"

struct clear_options {
    bool all;
    struct cc_chain_options chain;
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(FLAG, struct clear_options, all, NULL,
           "remove all entries, not only the one that these options select"),
    CC_ROW_GROUP(struct clear_options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
static const struct cc_shape options_shape = {"session clear", option_fields,
                                              sizeof(struct clear_options)};

struct cleared {
    const char *folder;
    struct cc_told_entries removed;
};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW(TEXT, struct cleared, folder, NULL, "the cache's folder; null without one",
           .rules = CC_NULL),
    CC_ROW_LIST_AS("removed", struct cleared, removed.all, removed.count, struct cc_told_entry,
                   &cc_entry_shape, NULL, "what was removed"),
    {0},
};
static const struct cc_shape answer_shape = {"session clear", answer_fields,
                                             sizeof(struct cleared)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct clear_options *given = options;
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));
    const struct cc_cache_row *gone = NULL;
    struct cleared *cleared = answer;

    resolve->search.run = run;
    if (!given->all && !cc_resolve_prepare(run, &given->chain, resolve, err)) {
        return false;
    }
    const struct cc_demand demand = cc_resolve_demand(resolve);
    if (!cc_cache_clear(&resolve->search, given->all ? NULL : &demand, &gone, err)) {
        return false;
    }
    cleared->folder = cc_cache_folder(run);
    cleared->removed = cc_entries_tell(run, gone);
    return true;
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct cleared *cleared = answer;

    if (cleared->removed.count == 0) {
        cc_buf_text(out, "Nothing was cached.\n");
        return;
    }
    cc_buf_addf(out, "Removed from %s:\n", cleared->folder);
    cc_entries_print(cleared->removed, out);
}

const struct cc_command cc_command_session_clear = {
    .name = "session clear",
    .summary = "remove the cached credentials that the options select, or all",
    .details =
        "Removes the entry that `credctl session` would use with the same options and variables.\n"
        "Touches no files of other programs and ends no session: credentials that were handed\n"
        "out stay valid until they expire.",
    .options = &options_shape,
    .answer = &answer_shape,
    .run = run,
    .print = print,
};
