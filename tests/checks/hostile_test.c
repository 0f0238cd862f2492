#include "credctl/base/buf.h"

#include "check_support.h"

/* Whatever variables and files contain, findings are printable lines without secrets. */

static const char *const variables[] = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_SECRET_KEY",
    "AWS_ACCOUNT_ID",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_\x1b[31m",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ASSUME_ROLE_ARN",
    "AWS_ASSUME_ROLE_SESSION_NAME",
    "AWS_ASSUME_ROLE_EXTERNAL_ID",
    "AWS_ASSUME_ROLE_DURATION_SECONDS",
    "AWS_MAX_ATTEMPTS",
    "AWS_RETRY_MODE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_SDK_LOAD_CONFIG",
    "HTTP_PROXY",
    "NO_PROXY",
    "SUDO_USER",
    "AWS_LAMBDA_FUNCTION_NAME",
};

/* One hostile value in one variable, with and without working keys. */
static void try_one(const char *variable, const char *value, bool with_keys)
{
    void *world = NULL;

    assert_int_equal(fake_setup(&world), 0);
    struct fake *fake = world;
    laptop(fake);
    fake->run.offline = true;
    if (with_keys) {
        keys(fake);
    }
    fake_env(fake, variable, value);
    const struct cc_checkup *done = checkup(fake);
    assert_well_formed(fake, done);
    assert_int_equal(fake->sent_count, 0);
    assert_int_equal(fake_teardown(&world), 0);
}

static void hostile_variables_do_not_reach_the_terminal(void **state)
{
    static char large[100001];
    const char *const values[] = {
        "\x1b[31mred\x1b[0m\r\nsecond line",
        "\xff\xfe not UTF-8 \xc3",
        "%s%n%1000000d",
        "\"quoted",
        "'",
        "$(reboot)",
        " ",
        "",
        "\xe2\x80\xae"
        "evil",
        large,
    };

    (void)state;
    memset(large, 'A', sizeof(large) - 1);
    for (size_t i = 0; i < CC_COUNT(variables); i++) {
        for (size_t k = 0; k < CC_COUNT(values); k++) {
            try_one(variables[i], values[k], false);
            try_one(variables[i], values[k], true);
        }
    }
}

static void secrets_in_the_wrong_place_are_not_shown(void **state)
{
    static const char *const places[] = {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_SECRET_KEY",
        "AWS_ASSUME_ROLE_EXTERNAL_ID",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "HTTP_PROXY",
        "HTTPS_PROXY",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(places); i++) {
        try_one(places[i], CANARY, false);
        try_one(places[i], CANARY, true);
        try_one(places[i], " \"" CANARY "\" ", true);
        try_one(places[i], CANARY "\n" CANARY, true);
    }
}

static void hostile_files_do_not_reach_the_terminal(void **state)
{
    static const char *const texts[] = {
        "[profile \x1b[31m]\nregion = x\n[\x1b[32m]\n",
        "[default]\n\x1b[31mregion = x\n",
        "[default]\nregion = \x1b[31m\nendpoint_url = \x1b[32m\nservices = \x1b[33m\n",
        "[default]\n" CANARY " = x\n",
        "[default]\naws_secret_access_key = " CANARY "\n",
        "[default]\naws_secret_access_key\n" CANARY "\n",
        CANARY "\n",
        "[default]\nca_bundle = \xff\nretry_mode = \x1b[31m\nuse_fips_endpoint = \r\x1b[0m\n",
        "[default]\nrole_arn = " CANARY "\n",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        void *world = NULL;

        assert_int_equal(fake_setup(&world), 0);
        struct fake *fake = world;
        laptop(fake);
        fake->run.offline = true;
        fake_file(fake, CONFIG, texts[i]);
        const struct cc_checkup *done = checkup(fake);
        for (size_t k = 0; k < done->count; k++) {
            const struct cc_finding *one = &done->findings[k];

            assert_null(strpbrk(one->says ? one->says : one->why_not, "\n\r\x1b"));
            assert_null(one->fix ? strpbrk(one->fix, "\n\r\x1b") : NULL);
        }
        assert_int_equal(fake_teardown(&world), 0);
    }
}

static void many_ignored_sections_are_one_finding(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, 1 << 20);

    laptop(fake);
    keys(fake);
    sts_answers(fake, 200, IDENTITY(USER_ARN), ON_TIME);
    for (int i = 0; i < 1000; i++) {
        cc_buf_addf(&text, "[p%d]\nregion = x\n", i);
    }
    fake_file(fake, CONFIG, text.text);
    const struct cc_checkup *done = checkup(fake);
    assert_int_equal(count_of(done, CC_HEALTH_WARNING), 1);
    assert_found(fake, done, "files", CC_HEALTH_WARNING, "and 999 more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_variables_do_not_reach_the_terminal),
        cmocka_unit_test(secrets_in_the_wrong_place_are_not_shown),
        cmocka_unit_test(hostile_files_do_not_reach_the_terminal),
        IN_FAKE_WORLD(many_ignored_sections_are_one_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
