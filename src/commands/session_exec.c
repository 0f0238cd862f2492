#include "credctl/commands/shared.h"
#include "credctl/exec/exec.h"

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_exec_options, member, __VA_ARGS__)

static const struct cc_shape_field target_fields[] = {
    ROW(TEXT, targets, "FILE|-|org",
        "run the command once for each account or role ARN in the list"),
    CC_ROW_GROUP(struct cc_exec_options, org, struct cc_org_choice, &cc_org_choice_shape),
    ROW(TEXT, role_name, "NAME", "the role to assume in each target account"),
    ROW(TEXT, shard, "I/N|auto|auto/N",
        "run shard I of N, numbered from 0: every Nth target; auto: as the job's variables say"),
    ROW(NUMBER, parallel, "N", "run at most N targets at once", .least = 1, .most = 256,
        .usual = "8"),
    ROW(TEXT, output_dir, "DIR", "write the output of each target to DIR/ACCOUNT.out and .err"),
    ROW(TEXT, journal, "FILE",
        "record in FILE which targets are done (default: credctl-exec.journal, in --output-dir)"),
    ROW(FLAG, resume, NULL, "leave out the targets that the journal says are done"),
    ROW(FLAG, fail_fast, NULL, "start no more targets once one has failed"),
    {0},
};
static const struct cc_shape targets_shape = {.name = "targets",
                                              .fields = target_fields,
                                              .size = sizeof(struct cc_exec_options),
                                              .heading = "Targets",
                                              .first_needed = true};

static const struct cc_shape_field option_fields[] = {
    ROW(FLAG, env, NULL, "pass the keys as variables; they are not refreshed"),
    ROW(TEXT, set_region, "REGION", "region for the command (default: that of --region)"),
    ROW(FLAG, nested, NULL, "run inside another `credctl session exec`"),
    CC_ROW_GROUP(struct cc_exec_options, expect, struct cc_expect, &cc_expect_shape),
    ROW(TEXTS, words, "[--] COMMAND [ARG...]", "the command to run", .rules = CC_REST),
    CC_ROW_PART(struct cc_exec_options, &targets_shape),
    CC_ROW_GROUP(struct cc_exec_options, chain, struct cc_chain_options, &cc_chain_shape),
    {0},
};
// clang-format on

/* With targets, options before every --role-arn describe the roles of the targets. */
static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    struct cc_exec_options *exec = value;

    (void)mem;
    if (!exec->words || !exec->words[0]) {
        cc_fail(err, CC_E_USAGE, "there is no command to run");
        return cc_fix(err, "write it after the options: credctl session exec -- aws s3 ls");
    }
    if (!cc_org_choice_fits(&exec->org, exec->targets, err)) {
        return false;
    }
    if (exec->targets) {
        exec->target = exec->chain.before;
        exec->target.token_code = (struct cc_secret){0}; /* a code can be used for one call only */
        exec->chain.before = (struct cc_assume){.token_code = exec->chain.before.token_code};
        exec->timeout_ms = exec->chain.timeout_ms;
        exec->chain.timeout_ms = 0;
    }
    return true;
}

static const struct cc_shape options_shape = {"session exec", option_fields,
                                              sizeof(struct cc_exec_options), .check = check};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct cc_exec_options *exec = options;

    if (exec->targets) {
        return cc_exec_not_nested(run, exec, err) && cc_exec_many(run, exec, answer, err);
    }
    return cc_exec_one(run, exec, err);
}

/* One command writes its own output; with many, their lines are on stdout and the table is on
 * stderr. */
static bool silent(const void *answer)
{
    return !((const struct cc_exec_answer *)answer)->targets;
}

const struct cc_command cc_command_session_exec = {
    .name = "session exec",
    .summary = "run a command with fresh credentials, once or for each of many accounts",
    .details =
        "The command finds its credentials at an endpoint of this process: every SDK asks there\n"
        "again before they expire, so a job can outlast the session. The keys are not on the\n"
        "command line and not in the environment, which holds the endpoint's address and token.\n"
        "With --env the command gets the keys themselves, which are not refreshed. The exit\n"
        "status is that of the command, or 126 or 127 as in a shell; when a signal ends the\n"
        "command, the same signal ends this process.\n"
        "\n"
        "With --targets the command runs once for each line of a list: an account or a role ARN,\n"
        "then optionally a role name and an external ID, separated by commas. The list can also\n"
        "be CSV with a line of column names, JSON or JSON lines. {account}, {role_arn} and {index}\n"
        "in the command are replaced, and --timeout is for each target. --shard divides the list\n"
        "among the jobs of a Step Functions Map (CREDCTL_SHARD=I/N), of an AWS Batch array job, or\n"
        "of a Kubernetes Indexed Job (auto/N). Options of a role, such as --external-id, describe\n"
        "the role of each target when they come before every --role-arn; a role given with\n"
        "--role-arn is assumed first, for all targets. Exit status 3 means that some targets\n"
        "failed; --resume runs only those again.",
    .options = &options_shape,
    .answer = &cc_exec_answer_shape,
    .result = &cc_target_result_shape,
    .flags = CC_RUNS,
    .run = run,
    .silent = silent,
};
