#include "check_support.h"

/* Credentials, identity and clock; what is not checked, and why; what it costs. */

static void confirmed(struct fake *fake, const char *head)
{
    laptop(fake);
    keys(fake);
    sts_answers(fake, 200, IDENTITY(USER_ARN), head);
}

static void what_confirms_the_credentials_is_asked_once(void **state)
{
    struct fake *fake = *state;

    confirmed(fake, ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "credentials", CC_HEALTH_OK, "environment: AWS_ACCESS_KEY_ID");
    assert_found(fake, done, "identity", CC_HEALTH_OK, USER_ARN);
    assert_found(fake, done, "clock", CC_HEALTH_OK, "within 1 s");
    assert_int_equal(fake->sent_count, 3); /* the token of IMDS by IPv4 and IPv6, and one call */
}

static void a_clock_is_compared_with_that_of_aws(void **state)
{
    static const struct {
        const char *date;
        enum cc_health status;
        const char *says;
    } rows[] = {
        {"Date: Fri, 15 Jan 2027 08:00:40 GMT\r\n", CC_HEALTH_OK, "within 40 s"},
        {"Date: Fri, 15 Jan 2027 07:59:20 GMT\r\n", CC_HEALTH_OK, "within 40 s"},
        {"Date: Fri, 15 Jan 2027 08:02:00 GMT\r\n", CC_HEALTH_WARNING, "2 min behind AWS's"},
        {"Date: Fri, 15 Jan 2027 07:55:30 GMT\r\n", CC_HEALTH_WARNING, "4 min ahead of AWS's"},
        {"Date: Fri, 15 Jan 2027 08:30:00 GMT\r\n", CC_HEALTH_FAILED, "30 min behind AWS's"},
        {"Date: Fri, 15 Jan 2027 06:00:00 GMT\r\n", CC_HEALTH_FAILED, "2 h 0 min ahead of AWS's"},
        {"Date: yesterday\r\n", CC_HEALTH_NOT_CHECKED, "no answer of AWS"},
        {NULL, CC_HEALTH_NOT_CHECKED, "no answer of AWS"},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        void *world = NULL;

        assert_int_equal(fake_setup(&world), 0);
        confirmed(world, rows[i].date);
        const struct cc_checkup *done = checkup(world);
        assert_found(world, done, "clock", rows[i].status, rows[i].says);
        assert_found(world, done, "identity", CC_HEALTH_OK, NULL);
        assert_int_equal(fake_teardown(&world), 0);
    }
}

static void a_refusal_tells_the_time_too(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    sts_answers(fake, 403, REFUSAL("InvalidClientTokenId"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "clock", CC_HEALTH_OK, "within 1 s");
    assert_found(fake, done, "identity", CC_HEALTH_FAILED, "InvalidClientTokenId");
}

static void a_network_that_is_down_is_one_failure(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake_env(fake, "HTTPS_PROXY", "http://user:" CANARY "@proxy:3128");
    fake_http_row(fake,
                  (struct fake_exchange){.url = STS, .failure = CC_NET_REFUSED, .forever = true});
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 1);
    assert_int_equal(count_of(done, CC_HEALTH_WARNING), 0);
    assert_found(fake, done, "identity", CC_HEALTH_FAILED, NULL);
    assert_fix(fake, done, "identity", "proxy");
    assert_found(fake, done, "clock", CC_HEALTH_NOT_CHECKED, NULL);
}

static void without_configuration_only_the_credentials_fail(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 1);
    assert_int_equal(count_of(done, CC_HEALTH_WARNING), 0);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "no credentials are configured");
    assert_fix(fake, done, "credentials", "aws configure");
    assert_found(fake, done, "environment", CC_HEALTH_OK, "not on AWS");
    assert_found(fake, done, "region", CC_HEALTH_NOT_CHECKED, "none is set");
    assert_found(fake, done, "identity", CC_HEALTH_NOT_CHECKED, NULL);
    assert_found(fake, done, "host_role", CC_HEALTH_NOT_CHECKED, "not on AWS");
}

static void what_answers_at_the_address_of_ec2_elsewhere_is_not_blamed(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "HOME", "/home/u");
    for (int i = 0; i < 4; i++) {
        static const char *const paths[] = {"/latest/api/token", DOC, INFO,
                                            "/latest/meta-data/iam/security-credentials-extended/"};

        fake_http_row(fake,
                      (struct fake_exchange){.url = cc_textf(&fake->mem, IMDS4 "%s", paths[i]),
                                             .status = 403,
                                             .optional = true,
                                             .forever = true});
    }
    fake_http_row(fake, (struct fake_exchange){
                            .url = IMDS4 ROLES, .status = 403, .optional = true, .forever = true});
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "no credentials are configured");
}

static void sudo_explains_what_is_missing(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake_env(fake, "SUDO_USER", "alice");
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "user alice");
    assert_fix(fake, done, "credentials", "without sudo");
}

static void a_profile_without_credentials_is_named(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake_env(fake, "AWS_PROFILE", "p");
    fake_file(fake, CONFIG, "[profile p]\nregion = us-east-1\n");
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "profile p has none");
    assert_fix(fake, done, "credentials", "profile p");
}

/* --- without the network --- */

static void offline_nothing_is_asked_and_what_is_local_is_checked(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake->run.offline = true;
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(fake->sent_count, 0);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 0);
    assert_found(fake, done, "credentials", CC_HEALTH_OK, "environment");
    assert_found(fake, done, "identity", CC_HEALTH_NOT_CHECKED, "--offline");
    assert_found(fake, done, "clock", CC_HEALTH_NOT_CHECKED, "--offline");
}

static void offline_a_source_that_needs_the_network_is_named(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake->run.offline = true;
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_file(fake, "/t", CANARY);
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
    fake_env(fake, "AWS_ROLE_ARN", ROLE);
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(fake->sent_count, 0);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 0);
    assert_found(fake, done, "credentials", CC_HEALTH_NOT_CHECKED, "web identity");
    assert_found(fake, done, "web_identity", CC_HEALTH_OK, ROLE);
}

static void offline_no_command_is_run(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake->run.offline = true;
    fake_file(fake, CONFIG, "[default]\ncredential_process = /bin/keys\n");
    const struct cc_checkup *done = checkup(fake);
    assert_null(fake->process_line);
    assert_found(fake, done, "credentials", CC_HEALTH_NOT_CHECKED, "credential_process");
}

static void offline_mistakes_in_files_and_variables_are_found(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake->run.offline = true;
    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    fake_env(fake, "AWS_PROFILE", "p");
    const struct cc_checkup *done = checkup(fake);
    assert_found(fake, done, "keys", CC_HEALTH_FAILED, "half a key pair");
    assert_found(fake, done, "profile", CC_HEALTH_WARNING, "does not exist");
}

/* --- options --- */

static void a_given_profile_is_used_before_the_keys(void **state)
{
    struct fake *fake = *state;
    const struct cc_chain_options options = {.given.profile = "p"};

    confirmed(fake, ON_TIME);
    fake_file(fake, CREDENTIALS,
              "[p]\naws_access_key_id = " KEY "\naws_secret_access_key = " CANARY "\n");
    const struct cc_checkup *done = checkup_with(fake, &options);
    assert_int_equal(count_of(done, CC_HEALTH_WARNING), 0);
    assert_found(fake, done, "profile", CC_HEALTH_OK, "p, selected by --profile");
    assert_found(fake, done, "keys", CC_HEALTH_OK, "not used with --profile");
    assert_found(fake, done, "credentials", CC_HEALTH_OK, "profile p: static keys");
}

static void a_given_role_replaces_that_of_the_variable(void **state)
{
    static const struct cc_assume hop = {.role_arn = ROLE, .session_name = "session"};
    struct fake *fake = *state;
    const struct cc_chain_options options = {.hops = &hop, .hop_count = 1};

    laptop(fake);
    keys(fake);
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", "arn:aws:iam::123456789012:role/other");
    sts_answers(fake, 403, REFUSAL("AccessDenied"), ON_TIME);
    const struct cc_checkup *done = checkup_with(fake, &options);
    assert_found(fake, done, "assume_role", CC_HEALTH_OK, "is not used");
    assert_found(fake, done, "credentials", CC_HEALTH_FAILED, "AccessDenied");
    assert_null(strstr(fake_sent(fake, STS)->body, "other"));
}

static void a_region_option_that_is_malformed_is_an_error(void **state)
{
    struct fake *fake = *state;
    struct cc_checkup checkup;
    const struct cc_chain_options options = {.given.region = "a b"};
    struct cc_error err;

    assert_false(cc_checkup_begin(&fake->run, &options, &checkup, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
}

static void a_deadline_ends_it_with_a_finding(void **state)
{
    struct fake *fake = *state;
    const struct cc_chain_options options = {.timeout_ms = 1000};

    laptop(fake);
    keys(fake);
    fake_http_row(fake, (struct fake_exchange){
                            .url = STS, .status = 200, .takes_ms = 60000, .forever = true});
    const struct cc_checkup *done = checkup_with(fake, &options);
    assert_found(fake, done, "identity", CC_HEALTH_FAILED, NULL);
    assert_string_equal(finding(done, "identity")->code, cc_code_name(CC_E_DEADLINE));
}

static void a_region_without_fips_endpoints_is_the_cause(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake_env(fake, "AWS_REGION", "eu-west-1");
    fake_env(fake, "AWS_DEFAULT_REGION", "eu-west-1");
    fake_env(fake, "AWS_USE_FIPS_ENDPOINT", "true");
    fake_http_row(fake, (struct fake_exchange){.url = "https://sts-fips.eu-west-1.amazonaws.com/",
                                               .failure = CC_NET_NAME,
                                               .forever = true});
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 1);
    assert_found(fake, done, "settings", CC_HEALTH_FAILED, "FIPS");
    assert_found(fake, done, "identity", CC_HEALTH_NOT_CHECKED, "see Settings");
}

static void a_role_of_every_partition_is_one(void **state)
{
    static const char *const rows[][2] = {
        {"arn:aws:iam::123456789012:role/path/to/r", "us-east-1"},
        {"arn:aws-cn:iam::123456789012:role/r", "cn-north-1"},
        {"arn:aws-us-gov:iam::123456789012:role/r", "us-gov-west-1"},
        {"arn:aws-eusc:iam::123456789012:role/r", "eusc-de-east-1"},
        {"arn:aws-iso:iam::123456789012:role/r", "us-iso-east-1"},
        {"arn:aws-iso-b:iam::123456789012:role/r", "us-isob-east-1"},
        {"arn:aws-iso-e:iam::123456789012:role/r", "eu-isoe-west-1"},
        {"arn:aws-iso-f:iam::123456789012:role/r", "us-isof-south-1"},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        void *world = NULL;

        assert_int_equal(fake_setup(&world), 0);
        laptop(world);
        keys(world);
        ((struct fake *)world)->run.offline = true;
        fake_env(world, "AWS_REGION", rows[i][1]);
        fake_env(world, "AWS_DEFAULT_REGION", rows[i][1]);
        fake_env(world, "AWS_ASSUME_ROLE_ARN", rows[i][0]);
        const struct cc_checkup *done = checkup(world);
        assert_found(world, done, "assume_role", CC_HEALTH_OK, rows[i][0]);
        assert_int_equal(fake_teardown(&world), 0);
    }
}

/* A role on top of a role. */
static void a_duration_that_a_chain_of_roles_cannot_have_is_the_cause(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    keys(fake);
    fake_env(fake, "AWS_ACCESS_KEY_ID", TEMPORARY);
    fake_env(fake, "AWS_SESSION_TOKEN", CANARY);
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE);
    fake_env(fake, "AWS_ASSUME_ROLE_DURATION_SECONDS", "7200");
    sts_answers(fake, 400, REFUSAL("ValidationError"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 1);
    assert_found(fake, done, "assume_role", CC_HEALTH_FAILED, "one hour");
    assert_found(fake, done, "credentials", CC_HEALTH_NOT_CHECKED, "see Assume role");
}

static void an_expired_web_identity_token_is_the_cause(void **state)
{
    struct fake *fake = *state;

    laptop(fake);
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_DEFAULT_REGION", "us-east-1");
    fake_env(fake, "AWS_ROLE_ARN", ROLE);
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
    fake_file(fake, "/t", token(fake, "{\"iss\":\"https://ci.example\",\"exp\":1700000000}"));
    sts_answers(fake, 400, REFUSAL("ExpiredTokenException"), ON_TIME);
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(count_of(done, CC_HEALTH_FAILED), 1);
    assert_found(fake, done, "web_identity", CC_HEALTH_FAILED, "has expired");
    assert_found(fake, done, "credentials", CC_HEALTH_NOT_CHECKED, "see Web identity");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_confirms_the_credentials_is_asked_once),
        cmocka_unit_test(a_clock_is_compared_with_that_of_aws),
        IN_FAKE_WORLD(a_refusal_tells_the_time_too),
        IN_FAKE_WORLD(a_network_that_is_down_is_one_failure),
        IN_FAKE_WORLD(without_configuration_only_the_credentials_fail),
        IN_FAKE_WORLD(what_answers_at_the_address_of_ec2_elsewhere_is_not_blamed),
        IN_FAKE_WORLD(sudo_explains_what_is_missing),
        IN_FAKE_WORLD(a_profile_without_credentials_is_named),
        IN_FAKE_WORLD(offline_nothing_is_asked_and_what_is_local_is_checked),
        IN_FAKE_WORLD(offline_a_source_that_needs_the_network_is_named),
        IN_FAKE_WORLD(offline_no_command_is_run),
        IN_FAKE_WORLD(offline_mistakes_in_files_and_variables_are_found),
        IN_FAKE_WORLD(a_given_profile_is_used_before_the_keys),
        IN_FAKE_WORLD(a_given_role_replaces_that_of_the_variable),
        IN_FAKE_WORLD(a_region_option_that_is_malformed_is_an_error),
        IN_FAKE_WORLD(a_deadline_ends_it_with_a_finding),
        IN_FAKE_WORLD(a_region_without_fips_endpoints_is_the_cause),
        cmocka_unit_test(a_role_of_every_partition_is_one),
        IN_FAKE_WORLD(a_duration_that_a_chain_of_roles_cannot_have_is_the_cause),
        IN_FAKE_WORLD(an_expired_web_identity_token_is_the_cause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
