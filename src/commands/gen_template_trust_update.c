#include "credctl/commands/command.h"
#include "credctl/rollout/rollout.h"

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_trust_update(run, options, answer, err);
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct cc_trust_update_answer *told = answer;

    cc_buf_addf(out, "# %s -> %s\n\nThe hosting role was %s: %s.\n", told->old_role, told->new_role,
                told->change == CC_HOST_CHANGED     ? "changed"
                : told->change == CC_HOST_RECREATED ? "created again"
                                                    : "deleted",
                told->why);
    for (size_t i = 0; i < told->step_count; i++) {
        const struct cc_trust_step *step = &told->steps[i];

        cc_buf_addf(out, "\n## %s\n\n%s.\n", step->when, step->why);
        if (step->command) {
            cc_buf_addf(out, "\n```sh\n%s\n```\n", step->command);
        }
    }
}

const struct cc_command cc_command_gen_template_trust_update = {
    .name = "gen-template trust-update",
    .summary = "say how target roles trust a hosting role that has changed",
    .details =
        "Three cases: the ARN of the hosting role changed; the role was deleted and created again\n"
        "under the same ARN (--role-arn and --new are the same); or a trust policy shows a unique\n"
        "ID (AROA...) instead of an ARN, because the role was deleted. Prints what each of them\n"
        "means, and the commands. Nothing is changed.",
    .options = &cc_trust_update_options_shape,
    .answer = &cc_trust_update_answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
