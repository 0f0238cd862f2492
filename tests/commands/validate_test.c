#include "../checks/check_support.h"
#include "support/command.h"

static struct asked ask(struct fake *fake, const char *option, const char *value, int status)
{
    struct asked result;
    struct cc_error err;

    if (!ASK(fake, &result, &err, "validate", option, value)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    asked_as_in_schema(fake, &result);
    assert_int_equal(fake->run.exit_status, status);
    return result;
}

static const cJSON *part(const struct asked *result, const char *name)
{
    return cJSON_GetObjectItem(result->json, name);
}

static const cJSON *detail(const struct asked *result, const char *name)
{
    return cJSON_GetObjectItem(part(result, "details"), name);
}

static void credentials_that_work_are_valid(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    const struct asked result = ask(fake, NULL, NULL, 0);
    assert_true(cJSON_IsTrue(part(&result, "is_valid")));
    assert_int_equal(cJSON_GetArraySize(part(&result, "errors")), 0);
    assert_int_equal(cJSON_GetArraySize(part(&result, "warnings")), 0);
    assert_int_equal(cJSON_GetArraySize(part(&result, "recommendations")), 0);
    assert_string_equal(cJSON_GetStringValue(detail(&result, "environment")), "local");
    assert_string_equal(cJSON_GetStringValue(detail(&result, "account_id")), "123456789012");
    assert_string_equal(cJSON_GetStringValue(detail(&result, "arn")), USER_ARN);
    assert_string_equal(cJSON_GetStringValue(detail(&result, "source")), "environment");
    assert_string_equal(cJSON_GetStringValue(detail(&result, "region")), "us-east-1");
    assert_true(cJSON_IsNull(detail(&result, "profile")));
    assert_true(cJSON_IsNull(detail(&result, "role_arn")));
}

static void what_failed_is_in_the_lists_with_its_remedy(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    fake_env(fake, "AWS_SDK_LOAD_CONFIG", "1");
    const struct asked result = ask(fake, NULL, NULL, 1);
    const char *error = cJSON_GetStringValue(cJSON_GetArrayItem(part(&result, "errors"), 0));
    const char *warning = cJSON_GetStringValue(cJSON_GetArrayItem(part(&result, "warnings"), 0));
    assert_true(cJSON_IsFalse(part(&result, "is_valid")));
    assert_true(cc_text_starts(error, "Keys: the environment holds half a key pair"));
    assert_true(cc_text_starts(warning, "Leftovers: AWS_SDK_LOAD_CONFIG is set"));
    assert_int_equal(cJSON_GetArraySize(part(&result, "recommendations")), 2);
}

static void warnings_do_not_fail(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake_env(fake, "AWS_SDK_LOAD_CONFIG", "1");
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    const struct asked result = ask(fake, NULL, NULL, 0);
    assert_true(cJSON_IsTrue(part(&result, "is_valid")));
    assert_int_equal(cJSON_GetArraySize(part(&result, "warnings")), 1);
}

static void every_check_is_in_the_details_in_its_order(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    const struct asked result = ask(fake, "--offline", NULL, 0);
    const cJSON *one = cJSON_GetArrayItem(detail(&result, "checks"), 0);

    for (const struct cc_check *const *row = cc_checks; *row; row++) {
        assert_string_equal(cc_json_text(one, "check"), (*row)->name);
        while (one && cc_text_equal(cc_json_text(one, "check"), (*row)->name)) {
            one = one->next;
        }
    }
    assert_null(one);
}

/* "status  title  text", in columns, and the remedy below. */
static void for_people_it_is_one_line_each_and_the_remedy_below(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    const struct asked result = ask(fake, NULL, NULL, 1);
    const char *text = asked_text(fake, &result);
    assert_true(cc_text_starts(text, "ok           Environment   local "));
    assert_non_null(strstr(text, "\nfailed       Credentials   no credentials are configured\n"
                                 "                           try: run `aws configure"));
    assert_non_null(strstr(text, "\nnot checked  Identity      there are no credentials"));
    assert_non_null(strstr(text, "\n\nnot valid: 1 failed, 0 warnings, "));
    assert_null(strstr(text, CANARY));
}

static void the_role_that_is_assumed_is_in_the_details(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake_http_row(
        fake,
        (struct fake_exchange){
            .url = STS,
            .status = 200,
            .body = "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::"
                    "123456789012:assumed-role/r/s</Arn></AssumedRoleUser><Credentials>"
                    "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>" CANARY
                    "</SecretAccessKey><SessionToken>" CANARY "</SessionToken><Expiration>"
                    "2027-01-15T09:00:00Z</Expiration></Credentials></AssumeRoleResult>"
                    "</AssumeRoleResponse>"});
    sts_answers(fake, 200, IDENTITY("arn:aws:sts::123456789012:assumed-role/r/s"), ON_TIME);
    const struct asked result = ask(fake, "--role-arn", ROLE, 0);
    assert_string_equal(cJSON_GetStringValue(detail(&result, "role_arn")), ROLE);
    assert_string_equal(cJSON_GetStringValue(detail(&result, "role_name")), "r");
    assert_string_equal(cJSON_GetStringValue(detail(&result, "expires")), "2027-01-15T09:00:00Z");
}

static void a_malformed_region_option_is_an_error_of_the_command(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    assert_false(ASK(fake, &result, &err, "validate", "--region", "a b"));
    assert_int_equal(err.code, CC_E_CONFIG);
}

static bool one_word(const char *text)
{
    return cc_text_consists(text, "_", 40) && text[0] >= 'a' && text[0] <= 'z';
}

static void every_check_is_well_described(void **state)
{
    (void)state;
    for (const struct cc_check *const *row = cc_checks; *row; row++) {
        const char *about = (*row)->about;

        assert_true(one_word((*row)->name));
        assert_true((*row)->title[0] >= 'A' && (*row)->title[0] <= 'Z');
        assert_true(about[0] && about[strlen(about) - 1] != '.');
        for (const struct cc_check *const *other = cc_checks; other < row; other++) {
            assert_string_not_equal((*other)->name, (*row)->name);
            assert_string_not_equal((*other)->title, (*row)->title);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(credentials_that_work_are_valid),
        IN_FAKE_WORLD(what_failed_is_in_the_lists_with_its_remedy),
        IN_FAKE_WORLD(warnings_do_not_fail),
        IN_FAKE_WORLD(every_check_is_in_the_details_in_its_order),
        IN_FAKE_WORLD(for_people_it_is_one_line_each_and_the_remedy_below),
        IN_FAKE_WORLD(the_role_that_is_assumed_is_in_the_details),
        IN_FAKE_WORLD(a_malformed_region_option_is_an_error_of_the_command),
        cmocka_unit_test(every_check_is_well_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
