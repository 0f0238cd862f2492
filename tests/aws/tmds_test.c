#include "credctl/aws/tmds.h"

#include "../support/test.h"

#define ARN "arn:aws:ecs:us-west-2:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c"

static bool task(struct fake *fake, const char *text, struct cc_task *to, struct cc_error *err)
{
    return cc_task_parse(&fake->run.mem, text, strlen(text), "a test", to, err);
}

static void a_task_is_read_and_its_pause_container_passed_over(void **state)
{
    struct fake *fake = *state;
    struct cc_task read;
    struct cc_error err;

    assert_true(task(fake,
                     "{\"TaskARN\":\"" ARN "\",\"Cluster\":\"c\",\"Containers\":["
                     "{\"DockerId\":\"aa\",\"Type\":\"CNI_PAUSE\"},"
                     "{\"DockerId\":\"bb\",\"Type\":\"NORMAL\"}]}",
                     &read, &err));
    assert_string_equal(read.region, "us-west-2");
    assert_string_equal(read.account, "111122223333");
    assert_string_equal(read.container_id, "bb");
    assert_null(read.launch_type);
}

static void what_names_no_task_is_refused(void **state)
{
    static const char no_task[] = "{\"TaskARN\":\"arn:aws:s3:::x\"}";
    static const char no_account[] = "{\"TaskARN\":\"arn:aws:ecs:us-west-2:1:task/x\"}";
    static const char more[] = "{\"TaskARN\":\"" ARN "\"} x";
    static const char *const texts[] = {
        "", "null", "[]", "{}", "\"failed\"", no_task, no_account, more,
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct cc_task read = {0};
        struct cc_error err;

        assert_false(task(fake, texts[i], &read, &err));
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_null(read.arn);
    }
}

static void of_credentials_only_the_owner_is_read(void **state)
{
    static const char text[] = "{\"RoleArn\":\"arn:aws:iam::111122223333:role/p/r\","
                               "\"SecretAccessKey\":\"" CANARY "\",\"Token\":\"" CANARY "\"}";
    struct fake *fake = *state;
    struct cc_owner owner;
    struct cc_error err;

    assert_true(cc_owner_parse(&fake->run.mem, text, strlen(text), "a test", &owner, &err));
    assert_string_equal(owner.role_arn, "arn:aws:iam::111122223333:role/p/r");
    assert_null(owner.account);
}

static void an_owner_that_is_no_role_is_not_told(void **state)
{
    static const char text[] = "{\"RoleArn\":\"x\",\"AccountId\":\"12\"}";
    struct fake *fake = *state;
    struct cc_owner owner;
    struct cc_error err;

    assert_true(cc_owner_parse(&fake->run.mem, text, strlen(text), "a test", &owner, &err));
    assert_null(owner.role_arn);
    assert_null(owner.account);
}

static void a_relative_uri_must_be_a_path(void **state)
{
    struct fake *fake = *state;

    assert_null(cc_relative_url(&fake->run));
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.example/x");
    assert_null(cc_relative_url(&fake->run));
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x\r\nHost: evil");
    assert_null(cc_relative_url(&fake->run));
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/u");
    assert_string_equal(cc_relative_url(&fake->run), "http://169.254.170.2/v2/credentials/u");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_task_is_read_and_its_pause_container_passed_over),
        IN_FAKE_WORLD(what_names_no_task_is_refused),
        IN_FAKE_WORLD(of_credentials_only_the_owner_is_read),
        IN_FAKE_WORLD(an_owner_that_is_no_role_is_not_told),
        IN_FAKE_WORLD(a_relative_uri_must_be_a_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
