#include "credctl/aws/sso.h"

#include "support/test.h"

#define URL                                                  \
    "https://portal.sso.eu-west-1.amazonaws.com/federation/" \
    "credentials?role_name=My%20Role&account_id=111122223333"
#define TOKEN_URL "https://oidc.eu-west-1.amazonaws.com/token"

static const struct cc_sso_role role = {
    .sso_region = "eu-west-1", .account_id = "111122223333", .role_name = "My Role"};
static const struct cc_secret token = {CANARY "-bearer"};

static bool ask(struct fake *fake, struct cc_keys *keys, struct cc_error *err)
{
    const struct cc_settings settings = {.max_attempts = 3, .profile = "default"};

    return cc_sso_credentials(&fake->run, &settings, &role, token, keys, err);
}

static bool refresh(struct fake *fake, struct cc_oidc_token *fresh, struct cc_error *err)
{
    const struct cc_settings settings = {.max_attempts = 3, .profile = "default"};
    const struct cc_oidc_refresh how = {
        .sso_region = "eu-west-1",
        .client_id = "cid",
        .client_secret = {CANARY "-client"},
        .refresh_token = {CANARY "-\"refresh\""},
    };

    return cc_oidc_refresh(&fake->run, &settings, &how, fresh, err);
}

static void a_role_of_the_portal_is_handed_out(void **state)
{
    struct fake *fake = *state;
    struct cc_keys keys;
    struct cc_error err;

    fake->setup.level = CC_DEBUG;
    fake_http(fake, URL, 429, "{}");
    fake_http(fake, URL, 200,
              "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"" CANARY
              "\",\"sessionToken\":\"t\",\"expiration\":1800021600000}}");
    assert_true(ask(fake, &keys, &err));
    assert_string_equal(keys.access_key_id, "ASIASSO");
    assert_int_equal(keys.expires, 1800021600);
    assert_string_equal(keys.account_id, "111122223333");
    assert_string_equal(fake->sent[1].method, "GET");
    assert_non_null(strstr(fake->sent[1].headers, "x-amz-sso_bearer_token: " CANARY "-bearer\n"));
    assert_null(strstr(fake->sent[1].headers, "Authorization"));
}

static void a_401_means_log_in_again(void **state)
{
    struct fake *fake = *state;
    struct cc_keys keys;
    struct cc_error err;

    fake_http_row(fake,
                  (struct fake_exchange){.url = URL,
                                         .status = 401,
                                         .head = "x-amzn-ErrorType: UnauthorizedException\r\n",
                                         .body = "{\"message\":\"not " CANARY "-bearer\"}"});
    assert_false(ask(fake, &keys, &err));
    assert_int_equal(err.code, CC_E_SSO_LOGIN);
    assert_non_null(strstr(err.why, "UnauthorizedException"));
    assert_null(strstr(err.why, CANARY));
    assert_non_null(strstr(err.fix, "aws sso login"));
}

static void a_401_without_a_word_means_the_same(void **state)
{
    struct fake *fake = *state;
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 401, "");
    assert_false(ask(fake, &keys, &err));
    assert_int_equal(err.code, CC_E_SSO_LOGIN);
}

static void a_403_names_role_and_account(void **state)
{
    struct fake *fake = *state;
    struct cc_keys keys;
    struct cc_error err;

    fake_http(fake, URL, 403, "{\"__type\":\"ForbiddenException\",\"message\":\"No access\"}");
    assert_false(ask(fake, &keys, &err));
    assert_int_equal(err.code, CC_E_DENIED);
    assert_string_equal(err.what,
                        "IAM Identity Center refused role My Role in account 111122223333");
    assert_non_null(strstr(err.why, "ForbiddenException: No access"));
    assert_non_null(strstr(err.fix, "permission set"));
}

static void an_answer_without_credentials_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{}", "{\"roleCredentials\":[]}",
        "{\"roleCredentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"" CANARY "\"}}"};

    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        struct fake *fake = *state;
        struct cc_keys keys;
        struct cc_error err;

        fake_http(fake, URL, 200, bodies[i]);
        assert_false(ask(fake, &keys, &err));
        assert_int_equal(err.code, CC_E_BAD_KEYS);
        assert_null(strstr(err.why, CANARY));
        assert_string_equal(err.fix, cc_code_remedy(CC_E_BAD_KEYS));
    }
}

static void an_sso_region_that_is_no_region_is_not_asked(void **state)
{
    struct fake *fake = *state;
    const struct cc_settings settings = {.max_attempts = 3};
    const struct cc_sso_role bad = {
        .sso_region = "x/@evil", .account_id = "111122223333", .role_name = "R"};
    struct cc_keys keys;
    struct cc_error err;

    assert_false(cc_sso_credentials(&fake->run, &settings, &bad, token, &keys, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.fix, "sso_region"));
}

static void a_token_is_refreshed(void **state)
{
    struct fake *fake = *state;
    struct cc_oidc_token fresh;
    struct cc_error err;

    fake->setup.level = CC_DEBUG;
    fake_http(fake, TOKEN_URL, 200,
              "{\"accessToken\":\"new\",\"expiresIn\":28800,\"refreshToken\":\"refresh2\"}");
    assert_true(refresh(fake, &fresh, &err));
    assert_string_equal(cc_secret_reveal(fresh.access_token), "new");
    assert_string_equal(cc_secret_reveal(fresh.refresh_token), "refresh2");
    assert_int_equal(fresh.expires_in, 28800);
    assert_string_equal(fake_sent(fake, TOKEN_URL)->body,
                        "{\"clientId\":\"cid\",\"clientSecret\":\"" CANARY
                        "-client\",\"grantType\":\"refresh_token\",\"refreshToken\":\"" CANARY
                        "-\\\"refresh\\\"\"}");
    assert_string_equal(fake_sent(fake, TOKEN_URL)->headers, "Content-Type: application/json\n");
}

static void a_refresh_without_a_new_refresh_token_keeps_the_old_one(void **state)
{
    struct fake *fake = *state;
    struct cc_oidc_token fresh;
    struct cc_error err;

    fake_http(fake, TOKEN_URL, 200, "{\"accessToken\":\"new\",\"expiresIn\":1}");
    assert_true(refresh(fake, &fresh, &err));
    assert_false(cc_secret_present(fresh.refresh_token));
}

static void an_invalid_grant_means_log_in_again(void **state)
{
    struct fake *fake = *state;
    struct cc_oidc_token fresh;
    struct cc_error err;

    fake_http(fake, TOKEN_URL, 400,
              "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid " CANARY "-client\"}");
    assert_false(refresh(fake, &fresh, &err));
    assert_int_equal(err.code, CC_E_SSO_LOGIN);
    assert_null(strstr(err.why, CANARY));
    assert_non_null(strstr(err.fix, "aws sso login"));
}

static void a_refreshed_token_without_a_life_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{\"accessToken\":7}", "{\"accessToken\":\"a\",\"expiresIn\":0}",
        "{\"accessToken\":\"a\",\"expiresIn\":1e300}", "{\"expiresIn\":5}", "{\"accessToken\":7}"};

    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        struct fake *fake = *state;
        struct cc_oidc_token fresh;
        struct cc_error err;

        fake_http(fake, TOKEN_URL, 200, bodies[i]);
        assert_false(refresh(fake, &fresh, &err));
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_string_equal(err.fix, cc_code_remedy(CC_E_BAD_ANSWER));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_role_of_the_portal_is_handed_out),
        IN_FAKE_WORLD(a_401_means_log_in_again),
        IN_FAKE_WORLD(a_401_without_a_word_means_the_same),
        IN_FAKE_WORLD(a_403_names_role_and_account),
        IN_FAKE_WORLD(an_answer_without_credentials_is_refused),
        IN_FAKE_WORLD(an_sso_region_that_is_no_region_is_not_asked),
        IN_FAKE_WORLD(a_token_is_refreshed),
        IN_FAKE_WORLD(a_refresh_without_a_new_refresh_token_keeps_the_old_one),
        IN_FAKE_WORLD(an_invalid_grant_means_log_in_again),
        IN_FAKE_WORLD(a_refreshed_token_without_a_life_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
