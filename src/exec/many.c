#include "many.h"

#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "child_env.h"

#include <string.h>

static bool read_options(struct cc_many *many, struct cc_error *err)
{
    const struct cc_exec_options *options = many->options;
    struct cc_run *run = many->run;
    const char *output = run->setup->output;
    const char *folder = options->output_dir;

    many->structured = output && !cc_text_equal(output, "text");
    many->parallel = (size_t)options->parallel;
    many->journal = options->journal;
    if (!many->journal) {
        many->journal = folder ? cc_textf(&run->mem, "%s/credctl-exec.journal", folder)
                               : "credctl-exec.journal";
    }
    if (!cc_shard_read(run, options->shard, &many->shard, err) ||
        !cc_settings_load(run, &options->chain.given, &many->settings, err)) {
        return false;
    }
    cc_child_env_region(&many->shared, options, &many->settings);
    return !folder || cc_folder_make(run, folder, err);
}

static bool from_organization(struct cc_many *many, struct cc_target_list *list,
                              struct cc_error *err)
{
    const struct cc_ask as = {.settings = &many->settings,
                              .by = &many->endpoint->kept[0].live.keys,
                              .region = many->settings.region};

    list->name = "the organization's list of accounts";
    if (!cc_org_chosen(many->run, &as, &many->options->org, &list->text, err)) {
        return false;
    }
    list->len = strlen(list->text);
    return true;
}

static bool read_list(struct cc_many *many, struct cc_target_list *list, struct cc_error *err)
{
    const char *from = many->options->targets;

    if (cc_text_equal(from, "org")) {
        return from_organization(many, list, err);
    }
    return cc_target_list_read(many->run, from, list, err);
}

static bool read_targets(struct cc_many *many, struct cc_error *err)
{
    struct cc_target_list list = {0};

    if (!read_list(many, &list, err)) {
        return false;
    }
    const struct cc_target_defaults defaults = {
        .partition = cc_partition_of(many->settings.region)->name,
        .role_name = many->options->role_name,
        .external_id = many->options->target.external_id,
        .from = list.name,
    };
    if (!cc_targets_parse(&many->run->mem, list.text, list.len, &defaults, &many->targets, err)) {
        return false;
    }
    if (many->targets.count == 0) {
        cc_fail(err, CC_E_USAGE, "%s contains no targets", list.name);
        return cc_text_equal(many->options->targets, "org")
                   ? cc_fix(err, "check --ou, --include and --exclude")
                   : cc_fix(err, "write one account or role ARN per line");
    }
    cc_targets_shard(&many->targets, &many->shard);
    many->works = cc_alloc(&many->run->mem, (many->targets.count + 1) * sizeof(*many->works));
    many->again = cc_alloc(&many->run->mem, (many->targets.count + 1) * sizeof(*many->again));
    return true;
}

/* The credentials that assume the roles of the targets: fetched once, and refreshed when due. */
static bool find_base(struct cc_many *many, struct cc_error *err)
{
    struct cc_fetched first;

    if (!cc_endpoint_first(many->endpoint, &first, err)) {
        return false;
    }
    many->settings = *first.settings;
    many->settings.region = cc_region_for_call(first.search);
    return true;
}

/* The list is read first when that needs no network, so that an error in it is shown before anybody
 * types a code. It needs the network when the partition of accounts depends on the region of the
 * instance. */
static bool prepare(struct cc_many *many, struct cc_error *err)
{
    if (!read_options(many, err) ||
        !cc_endpoint_prepare(many->run, &many->options->chain, NULL, many->endpoint, err)) {
        return false;
    }
    bool ask = cc_text_equal(many->options->targets, "org") || !many->settings.region;
    if (ask) {
        return find_base(many, err) && read_targets(many, err);
    }
    return read_targets(many, err) && (many->targets.count == 0 || find_base(many, err));
}

static bool work(struct cc_many *many, struct cc_exec_answer *answer, struct cc_error *err)
{
    if (!prepare(many, err) || !cc_many_begin_journal(many, err) || !cc_many_run(many, err)) {
        return false;
    }
    cc_many_sum_up(many, answer);
    if (many->ended_by.number != 0 && !many->ended_by.from_process) {
        cc_die_of(many->run, many->ended_by.number);
    }
    return true;
}

bool cc_exec_many(struct cc_run *run, const struct cc_exec_options *options,
                  struct cc_exec_answer *answer, struct cc_error *err)
{
    struct cc_many *many = cc_alloc(&run->mem, sizeof(*many));

    many->run = run;
    many->options = options;
    many->endpoint = cc_alloc(&run->mem, sizeof(*many->endpoint));
    many->shared = (struct cc_child_env){.mem = &run->mem};
    bool ok = work(many, answer, err);
    if (many->endpoint->server && !cc_endpoint_close(many->endpoint)) {
        cc_leave(run, ok ? run->exit_status : cc_code_exit_status(err->code));
    }
    return ok;
}
