#include "credctl/commands/shared.h"

struct show_options {
    bool cached;
};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(FLAG, struct show_options, cached, NULL, "list the cache; also done without the option"),
    {0},
};
static const struct cc_shape options_shape = {"session show", option_fields,
                                              sizeof(struct show_options)};

struct shown {
    const char *folder;
    struct cc_told_entries entries;
};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW(TEXT, struct shown, folder, NULL, "the cache's folder; null without one",
           .rules = CC_NULL),
    CC_ROW_LIST_AS("entries", struct shown, entries.all, entries.count, struct cc_told_entry,
                   &cc_entry_shape, NULL, "what is cached"),
    {0},
};
static const struct cc_shape answer_shape = {"session show", answer_fields, sizeof(struct shown)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct cc_cache_row *rows = NULL;
    struct shown *shown = answer;

    (void)options;
    if (!cc_cache_list(run, &rows, err)) {
        return false;
    }
    shown->folder = cc_cache_folder(run);
    shown->entries = cc_entries_tell(run, rows);
    return true;
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct shown *shown = answer;

    if (!shown->folder) {
        cc_buf_text(out, "There is no cache: neither XDG_CACHE_HOME nor a home folder is known.\n");
    } else if (shown->entries.count == 0) {
        cc_buf_addf(out, "Nothing is cached in %s.\n", shown->folder);
    } else {
        cc_buf_addf(out, "In %s:\n", shown->folder);
        cc_entries_print(shown->entries, out);
    }
}

const struct cc_command cc_command_session_show = {
    .name = "session show",
    .summary = "list the credentials that are cached: source, role, age, expiry",
    .details = "Prints no secret. Where the cache is and what is kept there: docs/cache.md.",
    .options = &options_shape,
    .answer = &answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
