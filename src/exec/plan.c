#include "plan.h"

#include "credctl/aws/organizations.h"
#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/commands/chain_args.h"
#include "credctl/serve/endpoint.h"
#include "credctl/world/crew.h"

#include "environment.h"

#include <string.h>

#define ARGV_MAX 512

/* Options of ours that mean nothing to a single target. */
static const char *const own[] = {"targets", "role-name", "parallel",  "output-dir",
                                  "journal", "resume",    "timeout",   "fail-fast",
                                  "output",  "color",     "token-code"};

static const char *const of_hops[] = {
    "external-id", "role-session-name",   "duration-seconds", "policy",       "policy-arns",
    "tags",        "transitive-tag-keys", "source-identity",  "serial-number"};

static bool among(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (cc_text_equal(list[i], name)) {
            return true;
        }
    }
    return false;
}

static void sort_options(struct cc_arena *mem, const struct cc_args *args,
                         struct cc_exec_plan *plan)
{
    struct cc_args *base = cc_args_new(mem);
    struct cc_args *hop = cc_args_new(mem);
    const char *name = NULL;
    const char *value = NULL;
    bool hub = false;

    for (size_t i = 0; cc_given_at(args, i, &name, &value); i++) {
        if (among(own, CC_COUNT(own), name)) {
            continue;
        }
        hub = hub || cc_text_equal(name, "role-arn");
        cc_args_add(!hub && among(of_hops, CC_COUNT(of_hops), name) ? hop : base, name, value);
    }
    plan->base = base;
    plan->hop = hop;
}

static bool from_organization(struct cc_run *run, const struct cc_exec_plan *plan,
                              const char **text, size_t *len, struct cc_error *err)
{
    struct cc_chain_options chain;
    struct cc_fetched fetched;

    if (!cc_chain_from(run, plan->base, &chain, err) ||
        !cc_fetch(run, &chain, NULL, &fetched, err) ||
        !cc_org_accounts(run, fetched.settings, &fetched.keys, cc_region_for_call(fetched.search),
                         text, err)) {
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
    const struct cc_given given = {.profile = cc_value(options->args, "profile"),
                                   .region = cc_value(options->args, "region")};
    const char *text = NULL;
    size_t len = 0;

    *plan = (struct cc_exec_plan){.options = options, .words = options->words};
    sort_options(&run->mem, options->args, plan);
    if (!partition_of(run, &given, &defaults.partition, err) ||
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

static void add_options(struct argv *argv, const struct cc_args *args, const char *but)
{
    const char *name = NULL;
    const char *value = NULL;

    for (size_t i = 0; cc_given_at(args, i, &name, &value); i++) {
        if (cc_text_equal(name, but)) {
            continue;
        }
        add(argv, value[0] ? cc_textf(argv->mem, "--%s=%s", name, value)
                           : cc_textf(argv->mem, "--%s", name));
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
    size_t words = 0;

    while (plan->words[words]) {
        words++;
    }
    struct argv argv = {mem, cc_alloc(mem, (ARGV_MAX + words + 1) * sizeof(*argv.words)), 0};
    add(&argv, "/proc/self/exe");
    add(&argv, "session");
    add(&argv, "exec");
    add_options(&argv, plan->base, NULL);
    add(&argv, cc_textf(mem, "--role-arn=%s", target->role_arn));
    add_options(&argv, plan->hop, target->external_id ? "external-id" : NULL);
    if (target->external_id) {
        add(&argv, cc_textf(mem, "--external-id=%s", target->external_id));
    }
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
