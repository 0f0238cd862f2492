#include "credctl/access/access.h"

#include "../access/tour_support.h"
#include "support/command.h"

/* `validate role` and `validate trust`: their options, and the answers for people and programs. */

#define TRUST(condition)                                                               \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"AWS\":\"arn:aws:iam::111111111111:root\"},\"Action\":\"sts:AssumeRole\"" condition "}]}"
#define WITH_ID ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"x-42\"}}"
#define HUB     "arn:aws:iam::111111111111:role/Hub"

static struct asked got;

static void a_trust_policy_from_a_file_needs_no_network(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/trust.json", TRUST(WITH_ID));
    assert_true(ASK(fake, &got, &err, "validate", "trust", "--role-arn", A, "--trust-policy",
                    "/trust.json", "--principal", HUB, "--external-id", "x-42"));
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(fake->sent_count, 0);
    assert_non_null(strstr(asked_text(fake, &got), "allowed"));
    asked_as_in_schema(fake, &got);
}

static void another_external_id_is_denied(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/trust.json", TRUST(WITH_ID));
    assert_true(ASK(fake, &got, &err, "validate", "trust", "--role-arn", A, "--trust-policy",
                    "/trust.json", "--principal", HUB, "--external-id", "other"));
    assert_int_equal(fake->run.exit_status, 1);
    assert_non_null(strstr(asked_text(fake, &got), "x-42"));
    asked_as_in_schema(fake, &got);
}

static void a_principal_that_is_not_named_gets_the_statement_to_add(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/trust.json", TRUST(""));
    assert_true(ASK(fake, &got, &err, "validate", "trust", "--role-arn", A, "--trust-policy",
                    "/trust.json", "--principal", "arn:aws:iam::333333333333:role/Other"));
    assert_int_equal(fake->run.exit_status, 1);
    assert_non_null(strstr(asked_text(fake, &got), "arn:aws:iam::333333333333:role/Other"));
    asked_as_in_schema(fake, &got);
}

static void what_only_aws_knows_makes_it_unknown(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/trust.json",
              TRUST(",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}"));
    assert_true(ASK(fake, &got, &err, "validate", "trust", "--role-arn", A, "--trust-policy",
                    "/trust.json", "--principal", HUB));
    assert_int_equal(fake->run.exit_status, 3);
    assert_non_null(strstr(asked_text(fake, &got), "aws:SourceIp"));
    asked_as_in_schema(fake, &got);
}

static void a_trust_policy_that_is_none_is_refused(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/trust.json", "{\"Version\":\"2012-10-17\",\"Statement\":7}");
    assert_false(ASK(fake, &got, &err, "validate", "trust", "--role-arn", A, "--trust-policy",
                     "/trust.json", "--principal", HUB));
    assert_int_equal(err.code, CC_E_POLICY);
    assert_true(err.fix[0] != '\0');
}

static void the_simulation_says_what_the_caller_may(void **state)
{
    struct fake *fake = *state;

    iam_answers(fake, "SimulatePrincipalPolicy",
                SIMULATED(VERDICT("sts:AssumeRole", "implicitDeny", "")));
    the_rest_is_fine(fake);
    assert_true(ASK(fake, &got, &err, "validate", "role", "--role-arn", B));
    assert_int_equal(fake->run.exit_status, 1);
    assert_non_null(strstr(asked_text(fake, &got), B));
    asked_as_in_schema(fake, &got);
}

static void without_any_right_it_is_not_known_and_says_what_is_needed(void **state)
{
    struct fake *fake = *state;

    the_rest_is_fine(fake);
    assert_true(
        ASK(fake, &got, &err, "validate", "role", "--role-arn", B, "--actions", "s3:GetObject"));
    assert_int_equal(fake->run.exit_status, 3);
    assert_non_null(strstr(asked_text(fake, &got), "iam:SimulatePrincipalPolicy"));
    asked_as_in_schema(fake, &got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOURS(a_trust_policy_from_a_file_needs_no_network),
        TOURS(another_external_id_is_denied),
        TOURS(a_principal_that_is_not_named_gets_the_statement_to_add),
        TOURS(what_only_aws_knows_makes_it_unknown),
        TOURS(a_trust_policy_that_is_none_is_refused),
        TOURS(the_simulation_says_what_the_caller_may),
        TOURS(without_any_right_it_is_not_known_and_says_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
