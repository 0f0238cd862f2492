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

static void what_a_refresh_leaves_stands_byte_for_byte(void **state)
{
    static const char odd[] = "\"big\" : 12345678901234567890,\"f\":1.50,\"\\u0061\":\"\\/\","
                              "\"in\":{\"n\":9007199254740993}";
    struct fake *fake = *state;
    struct searched got;

    fake_http(fake, OIDC, 200, "{\"accessToken\":\"new\",\"expiresIn\":3600}");
    fake_http(fake, PORTAL, 200, KEYS);
    const char *token = cc_textf(&fake->mem, TOKEN("2027-01-15T08:04:00Z") ",%s" REGISTERED, odd);
    assert_int_equal(ask(fake, PROFILE SESSION, token, &got), CC_FOUND);
    const char *file = fake_file_text(fake, FILE_OF_DEV);
    assert_non_null(strstr(file, odd));
    assert_non_null(strstr(file, "\"refreshToken\":\"r1\""));
    assert_non_null(strstr(file, "\"accessToken\":\"new\""));
    assert_null(strstr(strstr(file, "accessToken") + 1, "accessToken"));
}

static void the_command_that_logs_in_can_be_pasted(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_env(*state, "AWS_PROFILE", "my work");
    fake_file(*state, CONFIG,
              "[profile 'my work']\nsso_start_url = https://x.awsapps.com/start\n"
              "sso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = R\n");
    assert_int_equal(search_one(*state, "sso", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, NULL, "`aws sso login --profile 'my work'`");
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
    assert_told(&got.why, CC_E_DENIED, "No access",
                "role R of account 111122223333 to be assigned");
}

static void half_a_configuration_is_broken(void **state)
{
    static const struct {
        const char *config;
        const char *cause;
    } rows[] = {
        {"[default]\nsso_session = dev\nsso_account_id = 1\n" SESSION, "sso_role_name"},
        {"[default]\nsso_session = dev\n" SESSION,
         "sso_session dev brings a token, but no credentials: the profile has no sso_account_id and "
         "sso_role_name"},
        {"[default]\nsso_session = dev\n",
         "sso_session is dev, and there is no such section; it has no sso_account_id"},
        {PROFILE, "there is no such section"},
        {PROFILE "[sso-session dev]\nsso_start_url = u\n", "no sso_region"},
        {PROFILE "sso_region = eu-west-1\n" SESSION, "differs from that"},
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

#define OLD(until) TOKEN(until) REGISTERED
#define OVER       "2027-01-15T07:00:00Z"
#define SOON       "2027-01-15T08:04:00Z"
#define LATER      "2027-01-15T09:00:00Z"
#define OF_BOB     "{\"accessToken\":\"bob\",\"expiresAt\":\"" LATER "\",\"refreshToken\":\"b1\"}"
#define FRESH      "{\"accessToken\":\"new\",\"expiresIn\":3600,\"refreshToken\":\"r2\"}"

static void another_process_refreshed(struct fake *fake)
{
    fake_file(fake, FILE_OF_DEV, "{\"accessToken\":\"theirs\",\"expiresAt\":\"" LATER "\"}");
}

static void who_waited_for_another_s_refresh_uses_its_token(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake->file_locked_until = fake->ticks + 1000;
    fake->on_file_lock = another_process_refreshed;
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_FOUND);
    assert_in_range(fake->slept, 1000, 1500);
    assert_non_null(strstr(fake->sent[0].headers, "x-amz-sso_bearer_token: theirs"));
}

static void a_lock_that_is_never_free_is_told_or_made_do_without(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake->file_locked_until = INT64_MAX;
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_BROKEN);
    assert_told(&got.why, CC_E_TIMEOUT, "another process holds the lock", NULL);
    fake->now = 1800000000;
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(SOON), &got), CC_FOUND);
    assert_int_equal(got.search.warning_count, 1);
}

static void without_locks_the_token_is_refreshed_all_the_same(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake->file_lock_never = true;
    fake_http(fake, OIDC, 200, FRESH);
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_FOUND);
    assert_non_null(strstr(fake_file_text(fake, FILE_OF_DEV), "\"r2\""));
}

static void a_token_is_not_spent_when_the_next_cannot_be_written_down(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake->read_only = true;
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_BROKEN);
    assert_told(&got.why, CC_E_UNWRITABLE, "Read-only", "writable");
    assert_int_equal(fake->sent_count, 0);
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(SOON), &got), CC_FOUND);
    assert_int_equal(got.search.warning_count, 1);
}

static void log_out(struct fake *fake)
{
    fake_file(fake, FILE_OF_DEV, NULL);
}

static void log_in(struct fake *fake)
{
    fake_file(fake, FILE_OF_DEV, OF_BOB);
}

static void log_in_for_a_moment(struct fake *fake)
{
    fake_file(fake, FILE_OF_DEV, TOKEN(OVER) "}");
}

static void refresh_while(struct fake *fake, void (*meanwhile)(struct fake *fake), int status)
{
    fake_http_row(fake, (struct fake_exchange){.url = OIDC,
                                               .status = status,
                                               .body = status == 200 ? FRESH : "{}",
                                               .meanwhile = meanwhile});
}

static void a_log_out_during_a_refresh_stays_one(void **state)
{
    static const int statuses[] = {200, 400};

    for (size_t i = 0; i < CC_COUNT(statuses); i++) {
        struct fake *fake = *state;
        struct searched got;

        refresh_while(fake, log_out, statuses[i]);
        assert_int_equal(ask(fake, PROFILE SESSION, OLD(SOON), &got), CC_BROKEN);
        assert_told(&got.why, CC_E_SSO_LOGIN, FILE_OF_DEV, "aws sso login");
        assert_null(fake_file_text(fake, FILE_OF_DEV));
    }
}

static void a_log_in_during_a_refresh_counts_and_is_not_overwritten(void **state)
{
    static const int statuses[] = {200, 400};

    for (size_t i = 0; i < CC_COUNT(statuses); i++) {
        struct fake *fake = *state;
        struct searched got;

        fake->sent_count = 0;
        refresh_while(fake, log_in, statuses[i]);
        fake_http(fake, PORTAL, 200, KEYS);
        assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_FOUND);
        assert_non_null(strstr(fake->sent[1].headers, "x-amz-sso_bearer_token: bob"));
        assert_string_equal(fake_file_text(fake, FILE_OF_DEV), OF_BOB);
    }
}

static void a_log_in_that_is_over_already_needs_another(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    refresh_while(fake, log_in_for_a_moment, 200);
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_BROKEN);
    assert_told(&got.why, CC_E_SSO_LOGIN, "another login took place", "aws sso login");
}

static void a_refresh_without_an_answer_is_not_the_end_of_the_login(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_http_row(fake,
                  (struct fake_exchange){.url = OIDC, .failure = CC_NET_SILENT, .forever = true});
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(OVER), &got), CC_BROKEN);
    assert_int_not_equal(got.why.code, CC_E_SSO_LOGIN);
    assert_true(cc_error_passes(&got.why));
    assert_string_equal(fake_file_text(fake, FILE_OF_DEV), OLD(OVER));
}

static void the_token_s_end_is_written_on_the_clock_of_aws(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake->run.skew = 3600;
    fake_http(fake, OIDC, 200, FRESH);
    fake_http(fake, PORTAL, 200, KEYS);
    assert_int_equal(ask(fake, PROFILE SESSION, OLD(LATER), &got), CC_FOUND);
    assert_non_null(strstr(fake_file_text(fake, FILE_OF_DEV), "\"2027-01-15T10:00:00Z\""));
}

static void a_session_beside_another_source_is_not_a_mistake(void **state)
{
    struct searched got;

    assert_int_equal(
        ask(*state, "[default]\nsso_session = dev\nlogin_session = x\n" SESSION, NULL, &got),
        CC_ABSENT);
    assert_int_equal(ask(*state,
                         "[default]\nsso_start_url = u\nsso_region = us-east-1\n"
                         "credential_process = x\n",
                         NULL, &got),
                     CC_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_profile_without_sso_is_absent),
        IN_FAKE_WORLD(a_valid_token_fetches_the_role),
        IN_FAKE_WORLD(an_old_token_is_refreshed_and_what_we_do_not_know_survives),
        IN_FAKE_WORLD(what_a_refresh_leaves_stands_byte_for_byte),
        IN_FAKE_WORLD(the_command_that_logs_in_can_be_pasted),
        IN_FAKE_WORLD(a_failed_refresh_falls_back_to_the_token_that_is_still_valid),
        IN_FAKE_WORLD(an_expired_token_that_cannot_be_refreshed_needs_a_login),
        IN_FAKE_WORLD(an_expired_registration_is_told_apart),
        IN_FAKE_WORLD(a_missing_or_torn_token_names_file_and_command),
        IN_FAKE_WORLD(a_role_that_is_not_assigned_is_told_apart),
        IN_FAKE_WORLD(half_a_configuration_is_broken),
        IN_FAKE_WORLD(the_legacy_form_is_never_refreshed),
        IN_FAKE_WORLD(who_waited_for_another_s_refresh_uses_its_token),
        IN_FAKE_WORLD(a_lock_that_is_never_free_is_told_or_made_do_without),
        IN_FAKE_WORLD(without_locks_the_token_is_refreshed_all_the_same),
        IN_FAKE_WORLD(a_token_is_not_spent_when_the_next_cannot_be_written_down),
        IN_FAKE_WORLD(a_log_out_during_a_refresh_stays_one),
        IN_FAKE_WORLD(a_log_in_during_a_refresh_counts_and_is_not_overwritten),
        IN_FAKE_WORLD(a_log_in_that_is_over_already_needs_another),
        IN_FAKE_WORLD(a_refresh_without_an_answer_is_not_the_end_of_the_login),
        IN_FAKE_WORLD(the_token_s_end_is_written_on_the_clock_of_aws),
        IN_FAKE_WORLD(a_session_beside_another_source_is_not_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
