#include "../detectors/scene_support.h"
#include "support/command.h"

/* `option` NULL: none; `value` NULL: a flag. */
static bool ask(struct fake *fake, const char *option, const char *value, struct asked *result,
                struct cc_error *err)
{
    return ASK(fake, result, err, "detect", option, value);
}

static const cJSON *expectation(const struct asked *result)
{
    return cJSON_GetObjectItem(result->json, "expectation");
}

static void instance(struct fake *fake)
{
    nitro(fake);
    imds(fake, 200, DOCUMENT, "app-role");
}

static void every_field_of_the_schema_is_there_and_no_other(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    no_imds(fake);
    assert_true(ask(fake, NULL, NULL, &result, &err));
    asked_as_in_schema(fake, &result);
}

static void the_first_line_is_the_answer(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;
    struct asked result;

    instance(fake);
    assert_true(ask(fake, NULL, NULL, &result, &err));
    const char *text = asked_text(fake, &result);
    assert_true(cc_text_starts(
        text, "ec2, role app-role, account 111122223333, us-west-2 [confidence: high]\n"));
    assert_null(strstr(text, CANARY));
    assert_null(strstr(text, "role/app-role"));
}

static void an_expectation_that_is_met_leaves_status_0(void **state)
{
    static const char *const rows[][2] = {
        {"--expect", "eks,ec2"}, {"--expect-role", "app-*"}, {"--expect-account", "111122223333"}};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err;
        struct asked result;

        instance(fake);
        assert_true(ask(fake, rows[i][0], rows[i][1], &result, &err));
        assert_true(cJSON_IsTrue(cJSON_GetObjectItem(expectation(&result), "met")));
        assert_int_equal(fake->run.exit_status, 0);
    }
}

static void an_expectation_that_is_not_met_is_status_1_with_a_reason(void **state)
{
    static const char *const rows[][3] = {
        {"--expect", "lambda", "the environment is local, not lambda"},
        {"--expect-role", "app-*", "the role is not known; app-* was expected"},
        {"--expect-account", "111122223333", "the account is not known; 111122223333 was expected"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err;
        struct asked result;

        no_imds(fake);
        assert_true(ask(fake, rows[i][0], rows[i][1], &result, &err));
        assert_string_equal(cc_json_text(expectation(&result), "reason"), rows[i][2]);
        assert_int_equal(fake->run.exit_status, 1);
        const char *text = asked_text(fake, &result);
        assert_non_null(strstr(text, rows[i][2]));
    }
}

static void a_mistyped_environment_is_a_usage_error_with_the_right_name(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;
    struct asked result;

    assert_false(ask(fake, "--expect", "lamda", &result, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.fix, "lambda"));
    assert_false(ask(fake, "--expect-account", "123", &result, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_false(ask(fake, "--timeout", "soon", &result, &err));
    assert_int_equal(err.code, CC_E_USAGE);
}

static void a_timeout_bounds_the_whole_run(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;
    struct asked result;
    const int64_t begun = fake->ticks;

    nitro(fake);
    fake_http_row(fake, (struct fake_exchange){
                            .url = IMDS4 "/latest/api/token", .status = 200, .takes_ms = 60000});
    assert_true(ask(fake, "--timeout", "0.2", &result, &err));
    assert_true(fake->ticks - begun <= 200);
}

static void values_for_a_shell_are_quoted(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;
    struct asked result;

    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "a'; rm -rf /\x1b[31m");
    fake_env(fake, "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
    assert_true(ask(fake, NULL, NULL, &result, &err));
    const char *text = asked_env(fake, &result);
    assert_non_null(strstr(text, "CREDCTL_ENVIRONMENT='lambda'\n"));
    assert_non_null(strstr(text, "CREDCTL_AWS='true'\n"));
    assert_non_null(strstr(text, "CREDCTL_ROLE_ARN=''\n"));
    assert_non_null(strstr(text, "CREDCTL_FUNCTION_NAME='a'\\''; rm -rf /?[31m'\n"));
}

static void offline_makes_no_request(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;
    struct asked result;

    nitro(fake);
    assert_true(ask(fake, "--offline", NULL, &result, &err));
    assert_int_equal(fake->sent_count, 0);
    assert_string_equal(cc_json_text(result.json, "environment"), "ec2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_field_of_the_schema_is_there_and_no_other),
        IN_FAKE_WORLD(the_first_line_is_the_answer),
        IN_FAKE_WORLD(an_expectation_that_is_met_leaves_status_0),
        IN_FAKE_WORLD(an_expectation_that_is_not_met_is_status_1_with_a_reason),
        IN_FAKE_WORLD(a_mistyped_environment_is_a_usage_error_with_the_right_name),
        IN_FAKE_WORLD(a_timeout_bounds_the_whole_run),
        IN_FAKE_WORLD(values_for_a_shell_are_quoted),
        IN_FAKE_WORLD(offline_makes_no_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
