#include "credctl/base/text.h"

#include "support/command.h"
#include "support/search.h"

/* Keys in the environment, and no instance to ask. */
static void begin(struct fake *fake)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
}

static const char *exported(const struct asked *result)
{
    return ((const struct cc_plain *)result->answer)->text;
}

#define EXPORT(...) ASK(*state, &result, &err, "session", "export", __VA_ARGS__)

static void without_a_format_it_is_that_of_a_credential_process(void **state)
{
    struct asked result;
    struct cc_error err;

    begin(*state);
    assert_true(EXPORT(NULL));
    const char *text = exported(&result);
    assert_non_null(strstr(text, "\"Version\":1"));
    assert_non_null(strstr(text, "\"AccessKeyId\":\"AKIDEXAMPLE\""));
    assert_non_null(strstr(text, "\"SecretAccessKey\":\"" CANARY "\""));
}

static void a_terminal_gets_secrets_only_in_a_format_that_was_named(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    begin(fake);
    fake->terminal = true;
    assert_false(EXPORT(NULL));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.fix, "--format env"));
    assert_true(EXPORT("--format", "env"));
    assert_non_null(strstr(exported(&result), "export AWS_ACCESS_KEY_ID="));
    assert_non_null(strstr(exported(&result), "us-east-1"));
}

static void unset_needs_no_credentials_and_a_format_that_sets_variables(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(EXPORT("--unset"));
    assert_non_null(strstr(exported(&result), "unset "));
    assert_non_null(strstr(exported(&result), "AWS_SESSION_TOKEN"));
    assert_false(EXPORT("--unset", "--format", "json"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, "json"));
}

static void a_step_of_github_actions_gets_variables_in_its_file_and_masks_in_its_log(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    begin(fake);
    assert_false(EXPORT("--format", "github"));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.why, "GITHUB_ENV"));
    fake_env(fake, "GITHUB_ENV", "/runner/env");
    fake_file(fake, "/runner/env", "BEFORE=1\n");
    assert_true(EXPORT("--format", "github"));
    assert_non_null(strstr(exported(&result), "::add-mask::" CANARY));
    assert_true(cc_text_starts(fake_file_text(fake, "/runner/env"), "BEFORE=1\n"));
    assert_non_null(strstr(fake_file_text(fake, "/runner/env"), "AWS_SECRET_ACCESS_KEY"));
}

static const char *identity =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::210987654321:"
    "assumed-role/r/s</Arn><UserId>U:s</UserId><Account>210987654321</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>";

static void credentials_of_another_account_than_expected_are_not_handed_out(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    begin(fake);
    fake_http(fake, STS, 200, identity);
    fake_http(fake, STS, 200, identity);
    assert_false(EXPORT("--expect-account", "111122223333"));
    assert_int_equal(err.code, CC_E_NOT_EXPECTED);
    assert_null(exported(&result));
    assert_true(EXPORT("--expect-account", "210987654321", "--expect-role", "r"));
    assert_non_null(exported(&result));
}

static void whose_account_cannot_be_told_are_not_handed_out_either(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    begin(fake);
    fake_http(fake, STS, 403,
              "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message>"
              "</Error></ErrorResponse>");
    assert_false(EXPORT("--expect-account", "111122223333"));
    assert_true(err.code != CC_E_NOT_EXPECTED && err.what[0]);
    assert_null(exported(&result));
}

static void a_value_that_the_format_cannot_hold_is_refused(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    begin(fake);
    fake_env(fake, "AWS_SESSION_TOKEN", "two\nlines");
    assert_false(EXPORT("--format", "env"));
    assert_null(exported(&result));
    assert_null(strstr(err.why, "lines\n"));
}

static void a_file_that_others_may_read_is_warned_of(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    begin(fake);
    fake->setup.level = CC_WARN;
    assert_true(EXPORT(NULL));
    assert_null(strstr(fake->shown, "umask 077"));
    fake->exposed = true;
    assert_true(EXPORT(NULL));
    assert_non_null(strstr(fake->shown, "umask 077"));
}

static void without_credentials_nothing_is_printed(void **state)
{
    struct asked result;
    struct cc_error err;

    fake_env(*state, "AWS_EC2_METADATA_DISABLED", "true");
    assert_false(EXPORT("--format", "json"));
    assert_int_equal(err.code, CC_E_NO_KEYS);
    assert_null(exported(&result));
    assert_false(EXPORT("--format", "yaml"));
    assert_int_equal(err.code, CC_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(without_a_format_it_is_that_of_a_credential_process),
        IN_FAKE_WORLD(a_terminal_gets_secrets_only_in_a_format_that_was_named),
        IN_FAKE_WORLD(unset_needs_no_credentials_and_a_format_that_sets_variables),
        IN_FAKE_WORLD(a_step_of_github_actions_gets_variables_in_its_file_and_masks_in_its_log),
        IN_FAKE_WORLD(credentials_of_another_account_than_expected_are_not_handed_out),
        IN_FAKE_WORLD(whose_account_cannot_be_told_are_not_handed_out_either),
        IN_FAKE_WORLD(a_value_that_the_format_cannot_hold_is_refused),
        IN_FAKE_WORLD(a_file_that_others_may_read_is_warned_of),
        IN_FAKE_WORLD(without_credentials_nothing_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
