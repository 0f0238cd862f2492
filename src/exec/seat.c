#include "credctl/base/text.h"

#include "child_env.h"
#include "many.h"

#include <string.h>

/* Prepares a target: credentials, and a command line. */

bool cc_many_fetch(struct cc_run *run, const struct cc_kept *kept, const struct cc_keys *by,
                   struct cc_fetched *fetched, struct cc_error *err)
{
    const struct cc_seat *seat = kept->about;
    const struct cc_many *many = seat->many;
    const struct cc_target *target = &many->targets.rows[seat->target];
    struct cc_assume hop = many->options->target;
    struct cc_keys keys;

    cc_target_apply(target, &hop);
    if (!cc_sts_assume_role(run, &many->settings, by, &hop, &keys, err) ||
        !cc_exec_as_expected(run, &many->options->expect, &many->settings, &keys,
                             many->settings.region, err)) {
        return false;
    }
    *fetched = (struct cc_fetched){.keys = keys, .settings = &many->settings};
    return true;
}

/* A word with {account}, {role_arn} and {index} replaced. */
static const char *filled_in(struct cc_arena *mem, const char *word, const struct cc_target *target,
                             const char *index)
{
    const struct {
        const char *name;
        const char *value;
    } holes[] = {
        {"{account}", target->account}, {"{role_arn}", target->role_arn}, {"{index}", index}};
    struct cc_buf out = cc_buf_new(mem, SIZE_MAX); /* the kernel refuses what is too long */

    while (*word) {
        size_t plain = strcspn(word, "{");
        size_t i = 0;

        cc_buf_add(&out, word, plain);
        word += plain;
        while (i < CC_COUNT(holes) && !cc_text_starts(word, holes[i].name)) {
            i++;
        }
        if (i < CC_COUNT(holes)) {
            cc_buf_text(&out, holes[i].value);
            word += strlen(holes[i].name);
        } else if (*word) {
            cc_buf_add(&out, word++, 1);
        }
    }
    return out.text;
}

static const char *const *argv_of(struct cc_seat *seat, const struct cc_target *target,
                                  const char *index)
{
    const char *const *words = seat->many->options->words;
    size_t count = 0;

    while (words[count]) {
        count++;
    }
    const char **argv = cc_alloc(&seat->mem, (count + 1) * sizeof(*argv));
    for (size_t i = 0; i < count; i++) {
        argv[i] = filled_in(&seat->mem, words[i], target, index);
    }
    return argv;
}

static const char *const *env_of(struct cc_seat *seat, const struct cc_target *target,
                                 const char *index)
{
    const struct cc_many *many = seat->many;
    struct cc_run *run = many->run;
    struct cc_child_env env = many->shared;

    env.mem = &seat->mem;
    cc_child_env_set(&env, "CREDCTL_TARGET_ACCOUNT", target->account);
    cc_child_env_set(&env, "CREDCTL_TARGET_ROLE_ARN", target->role_arn);
    cc_child_env_set(&env, "CREDCTL_TARGET_INDEX", index);
    if (many->options->env) {
        cc_child_env_keys(&env, &seat->kept.live.keys);
    } else {
        const char *url = cc_endpoint_url(&seat->mem, many->endpoint);

        cc_child_env_endpoint(&env, cc_textf(&seat->mem, "%starget/%zu", url, seat->target),
                              seat->token);
    }
    return cc_child_env_rows(&env, run->world->env_all(run->world->self), true);
}

static const char *file_of(struct cc_seat *seat, const struct cc_target *target, const char *ending)
{
    const char *folder = seat->many->options->output_dir;

    return folder ? cc_textf(&seat->mem, "%s/%s%s", folder, target->label, ending) : NULL;
}

struct cc_child cc_many_child(struct cc_seat *seat)
{
    const struct cc_target *target = &seat->many->targets.rows[seat->target];
    const char *index =
        cc_textf(&seat->mem, "%zu", cc_shard_place(&seat->many->shard, seat->target));

    return (struct cc_child){
        .argv = argv_of(seat, target, index),
        .env = env_of(seat, target, index),
        .apart = true,
        .out_path = file_of(seat, target, ".out"),
        .err_path = file_of(seat, target, ".err"),
        .id = (size_t)(seat - seat->many->seats),
    };
}
