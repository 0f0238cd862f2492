#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "plan.h"

#include <string.h>

/* What CloudFormation and IAM do when the role that is trusted changes (IAM User Guide, "IAM JSON
 * policy elements: Principal"): an ARN in Principal is kept as the unique ID of the role, an ARN in
 * a condition as text. */

static const char *const changes[] = {[CC_HOST_CHANGED] = "changed",
                                      [CC_HOST_RECREATED] = "recreated",
                                      [CC_HOST_DELETED] = "deleted",
                                      NULL};

// clang-format off
static const struct cc_shape_field option_fields[] = {
    CC_ROW(TEXT, struct cc_trust_update_options, role_arn, "ARN|ID", "the hosting role that is trusted now, or its unique ID from a trust policy"),
    CC_ROW_AS("new", TEXT, struct cc_trust_update_options, replacement, "ARN|auto", "the hosting role from now on; auto: that of this host"),
    CC_ROW(TEXT, struct cc_trust_update_options, targets, "FILE", "list of the target roles, for the commands (default: targets.json)"),
    {0},
};

static const struct cc_shape_field step_fields[] = {
    CC_ROW(TEXT, struct cc_trust_step, when, "for", "which stacks it is for"),
    CC_ROW(TEXT, struct cc_trust_step, why, "why", "why it is needed"),
    CC_ROW(TEXT, struct cc_trust_step, command, "command", "what to run; null when there is nothing to do", .rules = CC_NULL),
    {0},
};
static const struct cc_shape step_shape = {"step", step_fields, sizeof(struct cc_trust_step)};

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_trust_update_answer, member, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    ROW(WORD, change, "change", "what happened to the hosting role", .words = changes),
    ROW(TEXT, old_role, "trusted now", "the role that is trusted now"),
    ROW(TEXT, new_role, "new role", "the role that is to be trusted"),
    ROW(TEXT, why, "meaning", "what it means for target roles"),
    CC_ROW_LIST(struct cc_trust_update_answer, steps, step_count, struct cc_trust_step, &step_shape, NULL, "what to do"),
    {0},
};
// clang-format on

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_trust_update_options *options = value;

    (void)mem;
    if (!options->role_arn || !options->replacement) {
        cc_fail(err, CC_E_USAGE, "trust-update needs the role before and after");
        return cc_fix(err, "give --role-arn ARN and --new ARN, the same twice when the role was "
                           "created again");
    }
    return true;
}

const struct cc_shape cc_trust_update_options_shape = {"gen-template trust-update", option_fields,
                                                       sizeof(struct cc_trust_update_options),
                                                       .check = check};
const struct cc_shape cc_trust_update_answer_shape = {"gen-template trust-update", answer_fields,
                                                      sizeof(struct cc_trust_update_answer)};

static bool is_unique_id(const char *text)
{
    return (cc_text_starts(text, "AROA") || cc_text_starts(text, "AIDA")) &&
           cc_text_consists(text, "", 128) && strlen(text) >= 16;
}

static bool role_of(struct cc_run *run, const char *option, const char *given, const char **role,
                    struct cc_error *err)
{
    const struct cc_rollout_options options = {.source_role_arn = given};
    struct cc_plan plan = {.run = run, .options = &options, .source_option = option};

    if (!cc_plan_source(&plan, err)) {
        return false;
    }
    *role = plan.source;
    return true;
}

static bool same_partition(struct cc_run *run, const struct cc_trust_update_answer *answer,
                           struct cc_error *err)
{
    struct cc_arn before;
    struct cc_arn after;
    const char *name = NULL;

    if (!cc_arn_role(&run->mem, answer->old_role, &before, &name) ||
        !cc_arn_role(&run->mem, answer->new_role, &after, &name) ||
        cc_text_equal(before.partition, after.partition)) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "the roles are in the partitions %s and %s", before.partition,
            after.partition);
    return cc_why(err, "accounts of different partitions cannot trust each other");
}

/* Commands; the list and the new role are words of a shell. */
struct words {
    struct cc_arena *mem;
    const char *targets;
    const char *role;
};

static const char *again(const struct words *words, const char *options)
{
    return cc_textf(words->mem,
                    "credctl gen-template cross-account --source-role-arn %s%s --targets %s "
                    "--output-dir new --instructions",
                    words->role, options, words->targets);
}

/* `deploy` keeps the values of all other parameters. */
static const char *deploy(const struct words *words, const char *kind)
{
    return cc_textf(words->mem,
                    "aws cloudformation deploy --stack-name credctl-%s --template-file %s.yaml "
                    "--capabilities CAPABILITY_NAMED_IAM --parameter-overrides HostingRoleArn=%s",
                    kind, kind, words->role);
}

#define PINNED_AGAIN "--trust pinned --revision 2"

static void steps_of(struct words words, struct cc_trust_update_answer *answer)
{
    const bool changed = answer->change == CC_HOST_CHANGED;
    const bool deleted = answer->change == CC_HOST_DELETED;
    struct cc_trust_step *steps = cc_alloc(words.mem, 6 * sizeof(*steps));
    size_t count = 0;

    if (changed) {
        steps[count++] = (struct cc_trust_step){"stacks with the parameter HostingRoleArn",
                                                "the template stays, its parameter changes",
                                                deploy(&words, "cross-account")};
        steps[count++] =
            (struct cc_trust_step){"StackSets with that parameter",
                                   "all accounts get the new value", deploy(&words, "stackset")};
        steps[count++] = (struct cc_trust_step){"templates that contain the ARN",
                                                "the list keeps the external IDs; deploy the files",
                                                again(&words, "")};
    } else if (!deleted) {
        steps[count++] = (struct cc_trust_step){
            "trust of the account (the default)",
            "its condition compares the ARN, which is the same: there is nothing to do", NULL};
    }
    if (!changed) {
        steps[count++] = (struct cc_trust_step){
            "pinned trust, by CloudFormation",
            "CloudFormation sees no change in the same ARN: the revision changes the Sid (another "
            "number each time), and IAM looks the role up again",
            again(&words, " " PINNED_AGAIN)};
        steps[count++] = (struct cc_trust_step){
            "pinned trust, at once, with trust.json the trust policy of the template",
            "IAM looks the role up when the policy is written",
            "aws iam update-assume-role-policy --role-name credctl-security-assessment "
            "--policy-document file://trust.json"};
    }
    steps[count++] = (struct cc_trust_step){
        "afterwards", "a principal that begins with AROA in a trust policy is a deleted role",
        cc_textf(words.mem, "credctl test-access --targets %s --check-external-id", words.targets)};
    answer->steps = steps;
    answer->step_count = count;
}

bool cc_trust_update(struct cc_run *run, const struct cc_trust_update_options *options,
                     struct cc_trust_update_answer *answer, struct cc_error *err)
{
    const bool id = is_unique_id(options->role_arn);

    answer->old_role = options->role_arn;
    if ((!id && !role_of(run, "--role-arn", options->role_arn, &answer->old_role, err)) ||
        !role_of(run, "--new", options->replacement, &answer->new_role, err) ||
        !same_partition(run, answer, err)) {
        return false;
    }
    const bool same = cc_text_equal(answer->old_role, answer->new_role);
    answer->change = id ? CC_HOST_DELETED : same ? CC_HOST_RECREATED : CC_HOST_CHANGED;
    answer->why = id     ? "the trust is pinned to a role that was deleted: nobody can assume the "
                           "target role until it is written anew"
                  : same ? "a role that was created again has the same ARN and another unique ID: "
                           "a pinned trust does not know it, a trust with aws:PrincipalArn does"
                         : "target roles trust the role of the old ARN only";
    steps_of((struct words){&run->mem,
                            cc_text_sh_word(&run->mem,
                                            options->targets ? options->targets : "targets.json"),
                            cc_text_sh_word(&run->mem, answer->new_role)},
             answer);
    return true;
}
