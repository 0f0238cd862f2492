#include "credctl/base/text.h"

#include "../src/rollout/steps.h"
#include "support/command.h"

#define SOURCE "arn:aws:iam::111122223333:role/app/host"

static const char *instructions(struct fake *fake, const char *const *words)
{
    struct asked result;
    struct cc_error err;

    if (!asked(fake, words, &result, &err)) {
        fail_msg("%s: %s: %s", words[1], err.what, err.why);
    }
    return asked_text(fake, &result);
}
#define STEPS(...) \
    instructions(*state, (const char *const[]){"gen-template", "--instructions", __VA_ARGS__, NULL})

static void every_kind_has_its_steps_and_nothing_is_left_open(void **state)
{
    const struct cc_steps *steps = cc_steps;

    for (const struct cc_template *row = cc_templates; row->name; row++, steps++) {
        const char *text = STEPS(row->name);

        assert_string_equal(steps->kind, row->name);
        assert_null(strstr(text, "{{"));
        assert_non_null(strstr(text, "--capabilities CAPABILITY_NAMED_IAM"));
        assert_non_null(strstr(text, "## Check"));
        assert_non_null(strstr(text, "aws cloudformation delete-stack"));
        assert_non_null(strstr(text, "/cloudformation/home?region=us-east-1"));
    }
    assert_null(steps->kind);
}

static void every_statement_of_ours_says_what_it_is_for(void **state)
{
    struct fake *fake = *state;

    for (const struct cc_template *row = cc_templates; row->name; row++) {
        const struct cc_generation generation = {.template = row, .partition = "aws"};
        struct cc_generated generated;
        struct cc_error err;

        assert_true(cc_generate(&fake->mem, &generation, &generated, &err));
        for (const struct cc_grant *grant = generated.grants; grant->sid; grant++) {
            if (!cc_purpose_of(grant->sid)) {
                fail_msg("%s: what is %s for?", row->name, grant->sid);
            }
        }
    }
}

static void each_account_has_its_command(void **state)
{
    struct fake *fake = *state;
    const char *printed =
        STEPS("cross-account", "--source-role-arn", SOURCE, "--target-account", "222233334444",
              "--target-account", "333344445555", "--output-dir", "/o");
    const char *text = fake_file_text(fake, "/o/instructions.md");

    assert_non_null(strstr(printed, "/o/instructions.md\n"));
    assert_non_null(strstr(text, "### Account 222233334444\n"));
    assert_non_null(strstr(text, "--template-file /o/cross-account-333344445555.yaml "));
    assert_non_null(strstr(text, "credctl test-access --targets /o/targets.json "
                                 "--check-external-id\n"));
}

static void without_a_file_the_template_is_among_the_steps(void **state)
{
    const char *text = STEPS("cross-account", "--source-role-arn", SOURCE, "--target-account",
                             "222233334444", "--external-id", "x-42");

    assert_non_null(strstr(text, "```yaml\nAWSTemplateFormatVersion"));
    assert_non_null(strstr(text, "credctl test-access --role-arn arn:aws:iam::222233334444:role/"
                                 "credctl/credctl-security-assessment --external-id x-42 "));
}

static void the_partition_has_its_own_console_and_names(void **state)
{
    const char *text = STEPS("deploy-fargate", "--region", "cn-north-1");

    assert_non_null(strstr(text, "https://cn-north-1.console.amazonaws.cn/"));
    assert_non_null(strstr(text, ".dkr.ecr.cn-north-1.amazonaws.com.cn"));
    text = STEPS("ec2", "--partition", "aws-iso");
    assert_null(strstr(text, "console"));
}

static void what_is_known_is_in_the_commands(void **state)
{
    const char *text = STEPS("eks-irsa", "--oidc-issuer", "https://x.example/id", "--namespace",
                             "ns", "--role-name", "pod");

    assert_non_null(strstr(text, "--url https://x.example/id "));
    assert_non_null(strstr(text, "kubectl --namespace ns annotate serviceaccount credctl-mcp"));
    assert_non_null(strstr(text, "--expect-role pod\n"));
    assert_non_null(strstr(text, "TargetRoleArns=VALUE"));
    assert_null(strstr(text, "OidcIssuer=VALUE"));
}

/* --- a hosting role that changes --- */

#define UPDATE(...) ASK(*state, &result, &err, "gen-template", "trust-update", __VA_ARGS__)

static void a_new_arn_is_a_new_value(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(UPDATE("--role-arn", SOURCE, "--new", SOURCE "2", "--targets", "my list.json"));
    asked_as_in_schema(*state, &result);
    const char *text = asked_text(*state, &result);
    assert_non_null(strstr(text, "--parameter-overrides HostingRoleArn=" SOURCE "2\n"));
    assert_non_null(strstr(text, "--source-role-arn " SOURCE "2 --targets 'my list.json' "));
    assert_null(strstr(text, "--revision"));
}

static void a_role_that_was_created_again_matters_to_a_pinned_trust_only(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(UPDATE("--role-arn", SOURCE, "--new", SOURCE));
    const char *text = asked_text(*state, &result);
    assert_non_null(strstr(text, "there is nothing to do"));
    assert_non_null(strstr(text, "--trust pinned --revision 2"));
    assert_non_null(strstr(text, "aws iam update-assume-role-policy"));
    assert_null(strstr(text, "--parameter-overrides"));
}

static void a_unique_id_is_a_role_that_is_gone(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(UPDATE("--role-arn", "AROAEXAMPLE000000001", "--new", SOURCE));
    assert_non_null(strstr(asked_text(*state, &result), "pinned to a role that was deleted"));
    assert_null(strstr(asked_text(*state, &result), "nothing to do"));
}

static void a_change_needs_two_roles_of_one_partition(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(UPDATE("--role-arn", SOURCE));
    assert_non_null(strstr(err.fix, "--new ARN"));
    assert_false(UPDATE("--role-arn", SOURCE, "--new", "arn:aws-cn:iam::111122223333:role/x"));
    assert_non_null(strstr(err.what, "aws and aws-cn"));
    assert_false(
        UPDATE("--role-arn", "arn:aws:sts::111122223333:assumed-role/a/b", "--new", SOURCE));
    assert_non_null(strstr(err.what, "--role-arn: this is the ARN of a session"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_kind_has_its_steps_and_nothing_is_left_open),
        IN_FAKE_WORLD(every_statement_of_ours_says_what_it_is_for),
        IN_FAKE_WORLD(each_account_has_its_command),
        IN_FAKE_WORLD(without_a_file_the_template_is_among_the_steps),
        IN_FAKE_WORLD(the_partition_has_its_own_console_and_names),
        IN_FAKE_WORLD(what_is_known_is_in_the_commands),
        IN_FAKE_WORLD(a_new_arn_is_a_new_value),
        IN_FAKE_WORLD(a_role_that_was_created_again_matters_to_a_pinned_trust_only),
        IN_FAKE_WORLD(a_unique_id_is_a_role_that_is_gone),
        IN_FAKE_WORLD(a_change_needs_two_roles_of_one_partition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
