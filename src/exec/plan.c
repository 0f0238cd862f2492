#include "plan.h"

#include "credctl/aws/organizations.h"
#include "credctl/aws/region.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"
#include "credctl/serve/endpoint.h"
#include "credctl/world/crew.h"

#include "environment.h"

#include <string.h>

#define ARGV_MAX 65536

static bool from_organization(struct cc_run *run, const struct cc_exec_plan *plan,
                              const char **text, size_t *len, struct cc_error *err)
{
    struct cc_fetched fetched;

    if (!cc_fetch(run, &plan->options->chain, NULL, &fetched, err) ||
        !cc_org_accounts(run, fetched.settings, &fetched.keys, text, err)) {
        return false;
    }
    *len = strlen(*text);
    return true;
}

static bool read_targets(struct cc_run *run, const struct cc_exec_plan *plan, const char *from,
                         const char **text, size_t *len, struct cc_error *err)
{
    if (cc_text_equal(from, "org")) {
        return from_organization(run, plan, text, len, err);
    }
    if (cc_text_equal(from, "-")) {
        return cc_stdin_read(run, CC_TARGETS_MAX_BYTES, text, len, err);
    }
    return cc_read_file(run, from, CC_TARGETS_MAX_BYTES, text, len, err);
}

static bool partition_of(struct cc_run *run, const struct cc_given *given, const char **partition,
                         struct cc_error *err)
{
    struct cc_settings settings;

    if (!cc_settings_load(run, given, &settings, err)) {
        return false;
    }
    *partition = cc_partition_of(settings.region)->name;
    return true;
}

bool cc_exec_plan_make(struct cc_run *run, const struct cc_exec_options *options,
                       struct cc_exec_plan *plan, struct cc_error *err)
{
    struct cc_target_defaults defaults = {.role_name = options->role_name};
    const char *text = NULL;
    size_t len = 0;

    *plan = (struct cc_exec_plan){.options = options, .words = options->words};
    if (!partition_of(run, &options->chain.given, &defaults.partition, err) ||
        !read_targets(run, plan, options->targets, &text, &len, err) ||
        !cc_targets_parse(&run->mem, text, len, &defaults, &plan->targets, err)) {
        return false;
    }
    if (plan->targets.count == 0) {
        cc_fail(err, CC_E_USAGE, "there are no targets");
        return cc_fix(err, "write one account or role ARN a line");
    }
    return true;
}

struct argv {
    struct cc_arena *mem;
    const char **words;
    size_t count;
};

static void add(struct argv *argv, const char *word)
{
    if (argv->count + 1 < ARGV_MAX) {
        argv->words[argv->count++] = word;
    }
}

static void add_given(struct argv *argv, const char *option, const char *value)
{
    if (value) {
        add(argv, cc_textf(argv->mem, "%s=%s", option, value));
    }
}

static void add_flag(struct argv *argv, const char *option, bool given)
{
    if (given) {
        add(argv, option);
    }
}

/* A hop as the options that describe it. */
static void add_hop(struct argv *argv, const struct cc_assume *hop)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, hop);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct cc_shape_value value = cc_shape_value(argv->mem, &member);
        const char *option = cc_option_spelled(argv->mem, member.field);

        if (value.kind == CC_VALUE_NUMBER && value.number != 0) {
            add_given(argv, option, cc_textf(argv->mem, "%lld", (long long)value.number));
        }
        add_given(argv, option, value.kind == CC_VALUE_TEXT ? value.text : NULL);
        for (size_t i = 0; value.kind == CC_VALUE_TEXTS && i < value.count; i++) {
            add_given(argv, option, value.texts[i]);
        }
    }
}

static void add_options(struct argv *argv, const struct cc_exec_options *options)
{
    const struct cc_chain_options *chain = &options->chain;

    add_flag(argv, "--env", options->env);
    add_flag(argv, "--nested", options->nested);
    add_given(argv, "--set-region", options->set_region);
    add_given(argv, "--expect-account", options->expect.account);
    add_given(argv, "--expect-role", options->expect.role);
    add_given(argv, "--profile", chain->given.profile);
    add_given(argv, "--region", chain->given.region);
    add_given(argv, "--endpoint-url", chain->given.endpoint_url);
    add_given(argv, "--ca-bundle", chain->given.ca_bundle);
    add_flag(argv, "--no-cache", chain->no_cache);
    add_flag(argv, "--use-aws-cli-cache", chain->use_aws_cli_cache);
    for (size_t i = 0; i < chain->hop_count; i++) {
        add_hop(argv, &chain->hops[i]);
    }
}

/* {account}, {role_arn} and {index}. */
static const char *filled_in(struct cc_arena *mem, const char *word, const struct cc_target *target,
                             size_t index)
{
    const struct {
        const char *name;
        const char *value;
    } holes[] = {
        {"{account}", target->account},
        {"{role_arn}", target->role_arn},
        {"{index}", cc_textf(mem, "%zu", index)},
    };
    struct cc_buf out = cc_buf_new(mem, 131072);

    while (*word) {
        size_t i = 0;

        while (i < CC_COUNT(holes) && !cc_text_starts(word, holes[i].name)) {
            i++;
        }
        if (i == CC_COUNT(holes)) {
            cc_buf_add(&out, word++, 1);
        } else {
            cc_buf_text(&out, holes[i].value);
            word += strlen(holes[i].name);
        }
    }
    return out.text;
}

const char *const *cc_exec_plan_argv(struct cc_arena *mem, const struct cc_exec_plan *plan,
                                     size_t i)
{
    const struct cc_target *target = &plan->targets.rows[i];
    struct cc_assume hop = plan->options->target;
    size_t words = 0;

    hop.role_arn = target->role_arn;
    hop.external_id = target->external_id ? target->external_id : hop.external_id;
    while (plan->words[words]) {
        words++;
    }
    struct argv argv = {mem, cc_alloc(mem, (ARGV_MAX + words + 1) * sizeof(*argv.words)), 0};
    add(&argv, "/proc/self/exe");
    add(&argv, "session");
    add(&argv, "exec");
    add_options(&argv, plan->options);
    add_hop(&argv, &hop);
    add(&argv, "--");
    for (size_t at = 0; at < words; at++) {
        argv.words[argv.count++] = filled_in(mem, plan->words[at], target, i);
    }
    return argv.words;
}

const char *const *cc_exec_plan_env(struct cc_run *run, const struct cc_exec_plan *plan, size_t i)
{
    const struct cc_target *target = &plan->targets.rows[i];
    struct cc_child_env env = {.mem = &run->mem};

    cc_child_env_set(&env, "CREDCTL_STATUS_FD", CC_STATUS_FD_TEXT);
    cc_child_env_set(&env, "CREDCTL_TARGET_ACCOUNT", target->account);
    cc_child_env_set(&env, "CREDCTL_TARGET_ROLE_ARN", target->role_arn);
    cc_child_env_set(&env, "CREDCTL_TARGET_INDEX", cc_textf(&run->mem, "%zu", i));
    return cc_child_env_rows(&env, run->world->env_all(run->world->self), false);
}
