#include "check_support.h"

/* Environment, precedence, metadata, proxy, container and host role, on hosts of AWS. */

#define EXTENDED "/latest/meta-data/iam/security-credentials-extended/"
#define DOCUMENT_OF_KEYS                                                                    \
    "{\"Code\":\"Success\",\"AccessKeyId\":\"" TEMPORARY "\",\"SecretAccessKey\":\"" CANARY \
    "\",\"Token\":\"" CANARY "\",\"Expiration\":\"2027-01-15T13:00:00Z\"}"
#define SESSION_OF(role) IDENTITY("arn:aws:sts::123456789012:assumed-role/" role "/s")
#define AGENT            "http://169.254.170.2/v2/credentials/x"
#define UNSET            "unset AWS_ACCESS_KEY_ID"

static void always(struct fake *fake, const char *url, int status, const char *body)
{
    fake_http_row(
        fake, (struct fake_exchange){
                  .url = url, .status = status, .body = body, .optional = true, .forever = true});
}

/* An EC2 instance; `role` NULL: without one. */
static void instance(struct fake *fake, const char *role)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_DEFAULT_REGION", "us-east-1");
    nitro(fake);
    always(fake, IMDS4 "/latest/api/token", 200, CANARY "==");
    always(fake, IMDS4 DOC, 200, DOCUMENT);
    always(fake, IMDS4 INFO, 404, "");
    always(fake, IMDS4 EXTENDED, 404, "");
    always(fake, IMDS4 ROLES, role ? 200 : 404, role ? role : "");
    always(fake, IMDS4 ROLES "app", 200, DOCUMENT_OF_KEYS);
}

static void user_keys(struct fake *fake)
{
    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
}

static void nothing_is_wrong(struct fake *fake, const struct cc_checkup *done)
{
    assert_well_formed(fake, done);
    if (count_of(done, CC_HEALTH_FAILED) + count_of(done, CC_HEALTH_WARNING) > 0) {
        fail_msg("%s", story_of(fake, done));
    }
}

static void one_line_is_wrong(struct fake *fake, const struct cc_checkup *done)
{
    if (count_of(done, CC_HEALTH_FAILED) + count_of(done, CC_HEALTH_WARNING) != 1) {
        fail_msg("%s", story_of(fake, done));
    }
}

static void an_instance_with_its_role_is_named_and_works(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    sts_answers(fake, 200, SESSION_OF("app"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    nothing_is_wrong(fake, done);
    assert_found(fake, done, "environment", CC_HEALTH_OK, "ec2, role app, account 111122223333");
    assert_found(fake, done, "credentials", CC_HEALTH_OK, "imds: role app");
    assert_found(fake, done, "metadata", CC_HEALTH_OK, "it answers");
    assert_found(fake, done, "precedence", CC_HEALTH_OK, "nothing comes before");
    assert_found(fake, done, "host_role", CC_HEALTH_OK, "those of this host: app");
}

static void an_instance_without_a_role_is_told_how_to_get_one(void **state)
{
    struct fake *fake = *state;

    instance(fake, NULL);
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "no role is attached");
    assert_fix(fake, done, "credentials",
               "aws ec2 associate-iam-instance-profile --instance-id i-1234567890abcdef0");
}

static void a_service_that_is_turned_off_explains_the_missing_role(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "metadata", CC_HEALTH_FAILED, "the role of this instance is not used");
    assert_fix(fake, done, "metadata", "unset AWS_EC2_METADATA_DISABLED");
    assert_found(fake, done, "credentials", CC_HEALTH_NOT_CHECKED, "see Metadata");
}

static void turned_off_without_need_it_is_no_mistake(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    user_keys(fake);
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    nothing_is_wrong(fake, done);
    assert_found(fake, done, "metadata", CC_HEALTH_OK, "turned off");
    assert_found(fake, done, "host_role", CC_HEALTH_NOT_CHECKED, "is not known");
}

static void keys_that_hide_the_role_of_the_host_are_told_once(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    user_keys(fake);
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "precedence", CC_HEALTH_WARNING,
                 "hide the role of this host (ec2: app)");
    assert_fix(fake, done, "precedence", UNSET);
    assert_found(fake, done, "host_role", CC_HEALTH_NOT_CHECKED, "see Precedence");
}

static void a_default_profile_that_nobody_selected_hides_the_role_too(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    fake_file(fake, CREDENTIALS,
              "[default]\naws_access_key_id = " KEY "\naws_secret_access_key = " CANARY "\n");
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "precedence", CC_HEALTH_WARNING, "profile default hides");
    assert_fix(fake, done, "precedence", CREDENTIALS);
}

static void a_profile_that_uses_the_role_hides_nothing(void **state)
{
    struct fake *fake = *state;
    const struct cc_checkup *done = NULL;

    instance(fake, "app");
    fake_file(fake, CONFIG,
              "[default]\nrole_arn = " ROLE "\ncredential_source = Ec2InstanceMetadata\n");
    fake_http_row(fake,
                  (struct fake_exchange){
                      .url = STS, .status = 403, .body = REFUSAL("AccessDenied"), .forever = true});
    done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "precedence", CC_HEALTH_OK, NULL);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "STS refused AssumeRole");
}

static void another_profile_is_told_as_another_role(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    fake_env(fake, "AWS_PROFILE", "p");
    fake_file(fake, CREDENTIALS,
              "[p]\naws_access_key_id = " KEY "\naws_secret_access_key = " CANARY "\n");
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "host_role", CC_HEALTH_WARNING,
                 "they are of " USER_ARN "; the role of the host is app");
}

static void a_proxy_that_catches_the_metadata_service_is_told(void **state)
{
    static const struct {
        const char *no_proxy;
        enum cc_health status;
    } rows[] = {
        {NULL, CC_HEALTH_WARNING},
        {"localhost,169.254.170.2", CC_HEALTH_WARNING},
        {"169.254.0.0/16", CC_HEALTH_WARNING}, /* Python knows no ranges */
        {"1169.254.169.254", CC_HEALTH_WARNING},
        {"localhost, 169.254.169.254", CC_HEALTH_OK},
        {"169.254.169.254:80,x", CC_HEALTH_OK},
        {"*", CC_HEALTH_OK},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        void *world = NULL;

        assert_int_equal(fake_setup(&world), 0);
        struct fake *fake = world;
        instance(fake, "app");
        fake_env(fake, "HTTP_PROXY", "http://user:" CANARY "@proxy:3128");
        fake_env(fake, "NO_PROXY", rows[i].no_proxy);
        sts_answers(fake, 200, SESSION_OF("app"), ON_TIME);
        const struct cc_checkup *done = checkup(fake);
        assert_found(fake, done, "proxy", rows[i].status, "HTTP_PROXY");
        if (rows[i].status == CC_HEALTH_WARNING) {
            assert_fix(fake, done, "proxy", "export NO_PROXY=");
            one_line_is_wrong(fake, done);
        }
        assert_int_equal(fake_teardown(&world), 0);
    }
}

static void without_a_metadata_service_a_proxy_is_no_mistake(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake_env(fake, "http_proxy", "http://proxy:3128");
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    nothing_is_wrong(fake, checkup(fake));
}

static void a_hop_limit_is_told_with_the_command_that_raises_it(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "HOME", "/home/u");
    nitro(fake);
    fake_http_row(fake, (struct fake_exchange){.url = IMDS4 "/latest/api/token",
                                               .failure = CC_NET_SILENT,
                                               .optional = true,
                                               .forever = true});
    always(fake, IMDS4 DOC, 401, "");
    always(fake, IMDS4 EXTENDED, 401, "");
    always(fake, IMDS4 ROLES, 401, "");
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "hop limit is 1");
    assert_fix(fake, done, "credentials", "--http-put-response-hop-limit 2");
}

/* --- containers --- */

static void task(struct fake *fake)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_DEFAULT_REGION", "us-east-1");
    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_FARGATE");
    fake_env(fake, "ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/x");
    always(fake, "http://169.254.170.2/v4/x/task", 200,
           "{\"TaskARN\":\"arn:aws:ecs:us-east-1:123456789012:task/c/x\",\"Cluster\":\"c\","
           "\"Family\":\"f\",\"LaunchType\":\"FARGATE\",\"Containers\":[]}");
}

static void a_task_with_its_role_is_named_and_works(void **state)
{
    struct fake *fake = *state;

    task(fake);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x");
    always(fake, AGENT, 200,
           "{\"RoleArn\":\"" ROLE "\",\"AccessKeyId\":\"" TEMPORARY
           "\",\"SecretAccessKey\":\"" CANARY "\",\"Token\":\"" CANARY
           "\",\"Expiration\":\"2027-01-15T13:00:00Z\"}");
    sts_answers(fake, 200, SESSION_OF("r"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    nothing_is_wrong(fake, done);
    assert_found(fake, done, "environment", CC_HEALTH_OK, "fargate, role r");
    assert_found(fake, done, "container", CC_HEALTH_OK, "/v2/credentials/x");
    assert_found(fake, done, "host_role", CC_HEALTH_OK, "those of this host: r");
}

static void an_agent_that_refuses_is_told_with_the_credentials(void **state)
{
    struct fake *fake = *state;

    task(fake);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x");
    always(fake, AGENT, 404, "{\"code\":\"InvalidIdInRequest\",\"message\":\"no\"}");
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "HTTP 404");
    assert_found(fake, done, "identity", CC_HEALTH_NOT_CHECKED, NULL);
}

static void two_container_variables_are_told(void **state)
{
    struct fake *fake = *state;

    task(fake);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x");
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:1/");
    always(fake, AGENT, 200,
           "{\"RoleArn\":\"" ROLE "\",\"AccessKeyId\":\"" TEMPORARY
           "\",\"SecretAccessKey\":\"" CANARY "\",\"Token\":\"" CANARY
           "\",\"Expiration\":\"2027-01-15T13:00:00Z\"}");
    sts_answers(fake, 200, SESSION_OF("r"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "container", CC_HEALTH_WARNING, "both");
}

static void a_container_path_that_is_none_is_told_by_its_check(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "evil.example/x");
    always(fake, "http://169.254.170.2evil.example/x", 200, "");
    const struct cc_checkup *done = checkup(fake);
    assert_well_formed(fake, done);
    assert_found(fake, done, "container", CC_HEALTH_FAILED, NULL);
    assert_found(fake, done, "credentials", CC_HEALTH_NOT_CHECKED, "see Container");
    assert_null(fake_sent(fake, "evil"));
}

/* A local credential server, as aws-vault and `session serve` run. */
static void an_endpoint_on_loopback_is_no_leftover(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
    fake_http_row(fake, (struct fake_exchange){.url = "http://127.0.0.1:1/",
                                               .failure = CC_NET_NO_ROUTE,
                                               .forever = true});
    const struct cc_checkup *done = checkup(fake);
    one_line_is_wrong(fake, done);
    assert_found(fake, done, "container", CC_HEALTH_OK, "127.0.0.1");
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, NULL);
}

static void the_keys_of_a_function_are_those_of_its_host(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_DEFAULT_REGION", "us-east-1");
    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "f");
    fake_env(fake, "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
    fake_env(fake, "AWS_ACCESS_KEY_ID", TEMPORARY);
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_SESSION_TOKEN", CANARY);
    sts_answers(fake, 200, SESSION_OF("fn"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    nothing_is_wrong(fake, done);
    assert_found(fake, done, "environment", CC_HEALTH_OK, "lambda");
    assert_found(fake, done, "host_role", CC_HEALTH_OK, "those of this host: fn");
}

static void evidence_that_contradicts_itself_is_told(void **state)
{
    struct fake *fake = *state;

    instance(fake, "app");
    fake_file(fake, "/sys/class/dmi/id/board_asset_tag", "i-0fedcba9876543210\n");
    sts_answers(fake, 200, SESSION_OF("app"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "environment", CC_HEALTH_WARNING, "the firmware reports");
    assert_fix(fake, done, "environment", "credctl detect");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(an_instance_with_its_role_is_named_and_works),
        IN_FAKE_WORLD(an_instance_without_a_role_is_told_how_to_get_one),
        IN_FAKE_WORLD(a_service_that_is_turned_off_explains_the_missing_role),
        IN_FAKE_WORLD(turned_off_without_need_it_is_no_mistake),
        IN_FAKE_WORLD(keys_that_hide_the_role_of_the_host_are_told_once),
        IN_FAKE_WORLD(a_default_profile_that_nobody_selected_hides_the_role_too),
        IN_FAKE_WORLD(a_profile_that_uses_the_role_hides_nothing),
        IN_FAKE_WORLD(another_profile_is_told_as_another_role),
        cmocka_unit_test(a_proxy_that_catches_the_metadata_service_is_told),
        IN_FAKE_WORLD(without_a_metadata_service_a_proxy_is_no_mistake),
        IN_FAKE_WORLD(a_hop_limit_is_told_with_the_command_that_raises_it),
        IN_FAKE_WORLD(a_task_with_its_role_is_named_and_works),
        IN_FAKE_WORLD(an_agent_that_refuses_is_told_with_the_credentials),
        IN_FAKE_WORLD(two_container_variables_are_told),
        IN_FAKE_WORLD(a_container_path_that_is_none_is_told_by_its_check),
        IN_FAKE_WORLD(an_endpoint_on_loopback_is_no_leftover),
        IN_FAKE_WORLD(the_keys_of_a_function_are_those_of_its_host),
        IN_FAKE_WORLD(evidence_that_contradicts_itself_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
