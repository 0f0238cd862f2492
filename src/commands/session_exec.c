#include "credctl/base/text.h"
#include "credctl/commands/chain_args.h"
#include "credctl/exec/exec.h"

static const struct cc_option options[] = {
    {"env", NULL, "give the command plain variables instead of an endpoint that refreshes"},
    {"set-region", "REGION", "the region the command is given (default: that of --region)"},
    {"nested", NULL, "allow it inside another `credctl session exec`"},
    CC_EXPECT_OPTIONS,
    {"targets", "FILE|-|org", "run the command once for each account or role ARN listed there"},
    {"role-name", "NAME", "the role to assume in each target account"},
    {"parallel", "N", "run at most N commands at once, 1 to 256 (default: 8)"},
    {"output-dir", "DIR", "write each target's output to DIR/ACCOUNT.out and .err"},
    {"journal", "FILE", "what is done is noted there (default: credctl-exec.journal)"},
    {"resume", NULL, "leave out what the journal says is done"},
    {"fail-fast", NULL, "start no more targets once one has failed"},
    {0},
};

static bool only_with_targets(const struct cc_args *args, struct cc_error *err)
{
    for (const struct cc_option *option = options; option->name; option++) {
        if (cc_flag(args, option->name) && option > &options[5]) {
            cc_fail(err, CC_E_USAGE, "--%s needs --targets", option->name);
            return cc_fix(err, "add --targets FILE, or leave --%s out", option->name);
        }
    }
    return true;
}

/* Options that describe a role, given before any --role-arn, describe each target's. */
static bool target_from(struct cc_run *run, const struct cc_args *args,
                        struct cc_exec_options *exec, struct cc_error *err)
{
    struct cc_args *base = cc_args_new(&run->mem);
    struct cc_args *hop = cc_args_new(&run->mem);
    struct cc_chain_options target;
    const char *name = NULL;
    const char *value = NULL;
    bool hub = false;

    for (size_t i = 0; cc_given_at(args, i, &name, &value); i++) {
        hub = hub || cc_text_equal(name, "role-arn");
        bool of_target = !hub && cc_hop_option(name) && !cc_text_equal(name, "token-code");
        if (!cc_text_equal(name, "timeout")) {
            cc_args_add(of_target ? hop : base, name, value);
        }
    }
    cc_args_add(hop, "role-arn", "arn:aws:iam::111122223333:role/each-of-the-targets");
    if (!cc_chain_from(run, base, &exec->chain, err) || !cc_chain_from(run, hop, &target, err)) {
        return false;
    }
    exec->target = target.hops[0];
    return cc_timeout_from(args, &exec->timeout_ms, err);
}

static bool options_from(struct cc_run *run, const struct cc_args *args,
                         struct cc_exec_options *exec, struct cc_error *err)
{
    int64_t parallel = 8;

    *exec = (struct cc_exec_options){
        .words = cc_words(args),
        .env = cc_flag(args, "env"),
        .set_region = cc_value(args, "set-region"),
        .nested = cc_flag(args, "nested"),
        .expect = cc_expect_from(args),
        .targets = cc_value(args, "targets"),
        .role_name = cc_value(args, "role-name"),
        .output_dir = cc_value(args, "output-dir"),
        .journal = cc_value(args, "journal"),
        .resume = cc_flag(args, "resume"),
        .fail_fast = cc_flag(args, "fail-fast"),
    };
    if (exec->targets ? !target_from(run, args, exec, err)
                      : !cc_chain_from(run, args, &exec->chain, err)) {
        return false;
    }
    if (!cc_value_number(args, "parallel", 1, 256, &parallel, err)) {
        return false;
    }
    exec->parallel = (int)parallel;
    return true;
}

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    struct cc_exec_options exec;

    if (!cc_words(args)[0]) {
        cc_fail(err, CC_E_USAGE, "there is no command to run");
        return cc_fix(err, "write it after the options: credctl session exec -- aws s3 ls");
    }
    if (!options_from(run, args, &exec, err)) {
        return false;
    }
    if (exec.targets) {
        return cc_exec_not_nested(run, &exec, err) && cc_exec_many(run, &exec, result, err);
    }
    return only_with_targets(args, err) && cc_exec_one(run, &exec, err);
}

/* The commands' own lines are on stdout, and the table went to stderr. */
static void print(const cJSON *result, struct cc_buf *out)
{
    (void)result;
    (void)out;
}

static const char schema[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"session exec "
    "--targets\",\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"targets\","
    "\"total\",\"ok\",\"failed\",\"done_before\",\"not_run\",\"journal\"],\"properties\":{"
    "\"targets\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"additionalProperties\":false,\"required\":[\"target\",\"account\",\"role_arn\","
    "\"outcome\",\"code\",\"status\",\"attempts\",\"seconds\"],\"properties\":{"
    "\"target\":{\"type\":\"string\"},\"account\":{\"type\":\"string\",\"pattern\":"
    "\"^[0-9]{12}$\"},\"role_arn\":{\"type\":\"string\"},\"outcome\":{\"enum\":[\"ok\","
    "\"failed\",\"timeout\",\"error\",\"done_before\",\"not_run\"]},\"code\":{\"type\":["
    "\"string\",\"null\"]},\"status\":{\"type\":[\"integer\",\"null\"]},\"attempts\":{"
    "\"type\":\"integer\"},\"seconds\":{\"type\":[\"number\",\"null\"]}}}},"
    "\"total\":{\"type\":\"integer\"},\"ok\":{\"type\":\"integer\"},\"failed\":{\"type\":"
    "\"integer\"},\"done_before\":{\"type\":\"integer\"},\"not_run\":{\"type\":\"integer\"},"
    "\"journal\":{\"type\":\"string\"}}}";

const struct cc_command cc_command_session_exec = {
    .name = "session exec",
    .summary = "run a command with credentials that stay fresh, here or once for each account",
    .words = "[--] COMMAND [ARG...]",
    .details =
        "The command finds its credentials at an endpoint of this process: every SDK asks there\n"
        "again before they end, so a job may outlast the session. No secret is in the command\n"
        "line, and of the environment only the endpoint's token. With --env it gets the keys\n"
        "themselves, which end when they end. The exit status is the command's, 126 and 127 as a\n"
        "shell has them; a signal that ends the command ends this too.\n"
        "\n"
        "With --targets it runs once for each line of a list: an account or a role's ARN, then\n"
        "optionally a role name and an external ID, separated by commas. {account}, {role_arn} "
        "and\n"
        "{index} in the command are filled in; --timeout is for each target. Exit status 3 says\n"
        "that some did not end well, and --resume repeats only those.",
    .options = options,
    .flags = CC_RUNS | CC_LINES,
    .schema = schema,
    .run = run,
    .print = print,
};
