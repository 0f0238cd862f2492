#include "credctl/access/standing.h"
#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

// clang-format off
static const struct cc_shape_field option_fields[] = {
    CC_ROW_AS("role_arn", TEXTS, struct cc_role_options, role_arns, "ARN",
        "check sts:AssumeRole on this role; may be repeated"),
    CC_ROW(TEXT, struct cc_role_options, actions, "FILE|NAME,...",
        "check these actions: a file, or names of actions and assessment tools"),
    CC_ROW_GROUP(struct cc_role_options, chain, struct cc_chain_options, &cc_chain_plain_shape),
    {0},
};
// clang-format on

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_role_options *options = value;

    (void)mem;
    if (!options->actions && !(options->role_arns && options->role_arns[0])) {
        cc_fail(err, CC_E_USAGE, "there is nothing to check");
        return cc_fix(err, "give --role-arn ARN, --actions s3:ListAllMyBuckets, or both");
    }
    return true;
}

static const struct cc_shape options_shape = {"validate role", option_fields,
                                              sizeof(struct cc_role_options), .check = check};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_standing_role(run, options, answer, err);
}

static void print_verdicts(const struct cc_role_answer *told, struct cc_buf *out)
{
    for (size_t i = 0; i < told->verdict_count; i++) {
        const struct cc_role_verdict *row = &told->verdicts[i];
        const bool any = cc_text_equal(row->resource, "*");

        cc_buf_addf(out, "  %-8s %s%s%s%s%s%s\n", row->decision, row->action, any ? "" : " on ",
                    any ? "" : row->resource, row->why ? " (" : "", row->why ? row->why : "",
                    row->why ? ")" : "");
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct cc_role_answer *told = answer;

    cc_buf_addf(out, "%s\n", told->role_arn);
    print_verdicts(told, out);
    if (told->cannot_tell) {
        cc_buf_addf(out, "cannot tell: %s\n", told->cannot_tell);
    } else {
        cc_buf_addf(out, "decided by %s\n",
                    cc_text_equal(told->by, "simulation")
                        ? "SimulatePrincipalPolicy"
                        : "the policies that were read, which do not include a session policy");
    }
    if (told->policy) {
        cc_buf_addf(out, "add to %s:\n", told->role_arn);
        cc_statement_print(told->policy, "  ", out);
    }
}

const struct cc_command cc_command_validate_role = {
    .name = "validate role",
    .summary = "check what the caller's policies allow: roles to assume, and actions",
    .details =
        "Asks SimulatePrincipalPolicy; where that is not allowed, reads the policies of the\n"
        "caller's role or user and evaluates them here; where that is not allowed either, says\n"
        "what is needed. Nothing is assumed and nothing is called: a trust policy, a resource\n"
        "policy or a session policy can still deny. `test-access` tries it.\n"
        "\n"
        "Exit status 0: all allowed, 1: something is denied, 3: something is not known.",
    .options = &options_shape,
    .answer = &cc_role_answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
