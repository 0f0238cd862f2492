#include "support/search.h"

static enum cc_outcome ask(struct fake *fake, struct searched *to)
{
    search_begin(fake, to);
    return search_one(fake, "web-identity", to);
}

static void begin(struct fake *fake)
{
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    fake_env(fake, "AWS_ROLE_ARN", ROLE);
}

static void without_a_token_file_it_is_absent(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ROLE_ARN", ROLE);
    assert_int_equal(ask(*state, &got), CC_ABSENT);
}

static void the_token_is_sent_trimmed_and_unsigned(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    begin(fake);
    fake_env(fake, "AWS_ROLE_SESSION_NAME", "me");
    fake_file(fake, "/token", " " CANARY "\n");
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRoleWithWebIdentity"));
    assert_int_equal(ask(fake, &got), CC_FOUND);
    const struct fake_sent *sent = fake_sent(fake, "sts");
    assert_non_null(strstr(sent->body, "WebIdentityToken=" CANARY));
    assert_null(strstr(sent->body, "%0A"));
    assert_non_null(strstr(sent->body, "RoleSessionName=me"));
    assert_null(strstr(sent->headers, "Authorization"));
}

static void a_missing_token_file_is_broken_and_named(void **state)
{
    struct searched got;

    begin(*state);
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_TOKEN_FILE, "No such file", "AWS_WEB_IDENTITY_TOKEN_FILE");
    assert_non_null(strstr(got.why.what, "/token"));
}

static void an_empty_token_file_is_broken(void **state)
{
    struct searched got;

    begin(*state);
    fake_file(*state, "/token", "\n");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_TOKEN_FILE, "empty", "/token");
}

static void a_token_file_without_a_role_is_broken(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "AWS_ROLE_ARN", "set AWS_ROLE_ARN");
}

static void a_service_that_repeats_the_token_does_not_make_us_show_it(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    begin(fake);
    fake_file(fake, "/token", CANARY);
    fake_http(fake, STS, 400,
              "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>bad " CANARY
              "</Message></Error></ErrorResponse>");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_non_null(strstr(got.why.why, "InvalidIdentityToken"));
    assert_null(strstr(got.why.why, CANARY));
}

static void variables_never_fill_in_what_the_profile_leaves_out(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_env(*state, "AWS_ROLE_ARN", ROLE);
    fake_file(*state, CONFIG, "[default]\nweb_identity_token_file = /token\n");
    fake_file(*state, "/token", CANARY);
    assert_int_equal(search_one(*state, "profile", &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "without role_arn", "add role_arn to profile default");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(without_a_token_file_it_is_absent),
        IN_FAKE_WORLD(the_token_is_sent_trimmed_and_unsigned),
        IN_FAKE_WORLD(a_missing_token_file_is_broken_and_named),
        IN_FAKE_WORLD(an_empty_token_file_is_broken),
        IN_FAKE_WORLD(a_token_file_without_a_role_is_broken),
        IN_FAKE_WORLD(a_service_that_repeats_the_token_does_not_make_us_show_it),
        IN_FAKE_WORLD(variables_never_fill_in_what_the_profile_leaves_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
