#include "support/search.h"

/* sha1 of "dev", and of the start URL. */
#define FILE_OF_DEV "/home/u/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"
#define PORTAL                                                                                  \
    "https://portal.sso.us-east-1.amazonaws.com/federation/credentials?role_name=R&account_id=" \
    "111122223333"
#define OIDC    "https://oidc.us-east-1.amazonaws.com/token"
#define PROFILE "[default]\nsso_session = dev\nsso_account_id = 111122223333\nsso_role_name = R\n"
#define SESSION \
    "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x.awsapps.com/start\n"
#define REGISTERED                                   \
    ",\"clientId\":\"c\",\"clientSecret\":\"" CANARY \
    "\",\"refreshToken\":\"r1\",\"registrationExpiresAt\":\"2027-02-01T00:00:00Z\",\"own\":1}"
#define TOKEN(until) "{\"accessToken\":\"" CANARY "\",\"expiresAt\":\"" until "\""
#define KEYS                                                                       \
    "{\"roleCredentials\":{\"accessKeyId\":\"ASIA\",\"secretAccessKey\":\"" CANARY \
    "\",\"sessionToken\":\"t\",\"expiration\":1800003600000}}"

static enum cc_outcome ask(struct fake *fake, const char *config, const char *token,
                           struct searched *to)
{
    search_begin(fake, to);
    fake_file(fake, CONFIG, config);
    if (token) {
        fake_file(fake, FILE_OF_DEV, token);
    }
    return search_one(fake, "sso", to);
}

static void a_profile_without_sso_is_absent(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, "[default]\nregion = us-east-1\n", NULL, &got), CC_ABSENT);
}

static void a_valid_token_fetches_the_role(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, TOKEN("2027-01-15T09:00:00UTC") "}", &got),
                     CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIA");
    assert_string_equal(got.keys.account_id, "111122223333");
    assert_int_equal(got.keys.expires, 1800003600);
    assert_non_null(strstr(fake->sent[0].headers, "x-amz-sso_bearer_token: " CANARY));
}

static void an_old_token_is_refreshed_and_what_we_do_not_know_survives(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, OIDC, 200,
              "{\"accessToken\":\"new\",\"expiresIn\":3600,\"refreshToken\":\"r2\"}");
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, TOKEN("2027-01-15T08:04:00Z") REGISTERED, &got),
                     CC_FOUND);
    const char *file = fake_file_text(fake, FILE_OF_DEV);
    assert_non_null(strstr(file, "\"accessToken\":\"new\""));
    assert_non_null(strstr(file, "\"refreshToken\":\"r2\""));
    assert_non_null(strstr(file, "\"expiresAt\":\"2027-01-15T09:00:00Z\""));
    assert_non_null(strstr(file, "\"own\":1"));
    assert_non_null(strstr(file, "\"clientId\":\"c\""));
}

static void a_failed_refresh_falls_back_to_the_token_that_is_still_valid(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, OIDC, 400, "{\"error\":\"invalid_grant\"}");
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, TOKEN("2027-01-15T08:04:00Z") REGISTERED, &got),
                     CC_FOUND);
    assert_non_null(strstr(got.search.warnings[0], "aws sso login --sso-session dev"));
}

static void an_expired_token_that_cannot_be_refreshed_needs_a_login(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, OIDC, 400, "{\"error\":\"invalid_grant\"}");
    assert_int_equal(ask(fake, PROFILE SESSION, TOKEN("2027-01-15T07:00:00Z") REGISTERED, &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, "refresh failed", "`aws sso login --sso-session dev`");
}

static void an_expired_registration_is_told_apart(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, PROFILE SESSION,
                         TOKEN("2027-01-15T07:00:00Z") ",\"clientId\":\"c\",\"clientSecret\":\"s\","
                                                       "\"refreshToken\":\"r\","
                                                       "\"registrationExpiresAt\":"
                                                       "\"2027-01-01T00:00:00Z\"}",
                         &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, "registration has expired", "aws sso login");
}

static void a_missing_or_torn_token_names_file_and_command(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, PROFILE SESSION, NULL, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, FILE_OF_DEV, "`aws sso login --sso-session dev`");
    assert_int_equal(ask(*state, PROFILE SESSION, "{\"accessToken\": \"" CANARY, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, "JSON", "`aws sso login --sso-session dev`");
}

static void a_role_that_is_not_assigned_is_told_apart(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http_row(fake, (struct fake_exchange){.url = PORTAL,
                                               .status = 403,
                                               .head = "x-amzn-ErrorType: ForbiddenException\r\n",
                                               .body = "{\"message\":\"No access\"}"});
    assert_int_equal(ask(fake, PROFILE SESSION, TOKEN("2027-01-15T09:00:00Z") "}", &got),
                     CC_BROKEN);
    assert_told(&got.why, CC_E_DENIED, "No access", "role R of account 111122223333 assigned");
}

static void half_a_configuration_is_broken(void **state)
{
    static const struct {
        const char *config;
        const char *cause;
    } rows[] = {
        {"[default]\nsso_session = dev\nsso_account_id = 1\n" SESSION, "sso_role_name"},
        {"[default]\nsso_session = dev\n" SESSION, "sso_account_id and sso_role_name"},
        {PROFILE, "there is no such section"},
        {PROFILE "[sso-session dev]\nsso_start_url = u\n", "no sso_region"},
        {PROFILE "sso_region = eu-west-1\n" SESSION, "another than that"},
        {"[default]\nsso_account_id = 1\nsso_role_name = R\n", "without sso_start_url"},
        {PROFILE "[sso-session dev]\nsso_start_url = u\nsso_region = evil.example/#\n",
         "host name"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct searched got;

        assert_int_equal(ask(*state, rows[i].config, NULL, &got), CC_BROKEN);
        assert_told(&got.why, CC_E_CONFIG, rows[i].cause, NULL);
        assert_true(got.why.fix[0] != '\0');
    }
}

static void the_legacy_form_is_never_refreshed(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_file(fake, CONFIG,
              "[default]\nsso_account_id = 111122223333\nsso_role_name = R\nsso_region = "
              "us-east-1\nsso_start_url = dev\n");
    fake_file(fake, FILE_OF_DEV, TOKEN("2027-01-15T07:00:00Z") REGISTERED);
    assert_int_equal(search_one(fake, "sso", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, "expired", "`aws sso login --profile default`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_profile_without_sso_is_absent),
        IN_FAKE_WORLD(a_valid_token_fetches_the_role),
        IN_FAKE_WORLD(an_old_token_is_refreshed_and_what_we_do_not_know_survives),
        IN_FAKE_WORLD(a_failed_refresh_falls_back_to_the_token_that_is_still_valid),
        IN_FAKE_WORLD(an_expired_token_that_cannot_be_refreshed_needs_a_login),
        IN_FAKE_WORLD(an_expired_registration_is_told_apart),
        IN_FAKE_WORLD(a_missing_or_torn_token_names_file_and_command),
        IN_FAKE_WORLD(a_role_that_is_not_assigned_is_told_apart),
        IN_FAKE_WORLD(half_a_configuration_is_broken),
        IN_FAKE_WORLD(the_legacy_form_is_never_refreshed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
