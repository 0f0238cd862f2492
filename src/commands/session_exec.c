#include "credctl/commands/resolve.h"

#include "exec/exec.h"

static const struct cc_option options[] = {
    {"env", NULL, "give the command plain variables instead of an endpoint that refreshes"},
    {"set-region", "REGION", "the region the command is given (default: that of --region)"},
    {"nested", NULL, "allow it inside another `credctl session exec`"},
    CC_EXPECT_OPTIONS,
    {0},
};

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    if (!cc_words(args)[0]) {
        cc_fail(err, CC_E_USAGE, "there is no command to run");
        return cc_fix(err, "write it after the options: credctl session exec -- aws s3 ls");
    }
    cJSON_AddStringToObject(result, "text", "");
    return cc_exec_one(run, args, err);
}

const struct cc_command cc_command_session_exec = {
    .name = "session exec",
    .summary = "run a command with credentials that stay fresh as long as it runs",
    .words = "[--] COMMAND [ARG...]",
    .details =
        "The command finds its credentials at an endpoint of this process: every SDK asks there\n"
        "again before they end, so a job may outlast the session. No secret is in the command\n"
        "line, and of the environment only the endpoint's token. With --env it gets the keys\n"
        "themselves, which end when they end. The exit status is the command's: 128+N for a\n"
        "signal, 126 and 127 as a shell has them.",
    .options = options,
    .flags = CC_RAW | CC_RUNS,
    .run = run,
};
