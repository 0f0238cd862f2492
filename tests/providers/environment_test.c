#include "support/search.h"

static enum cc_outcome ask(struct fake *fake, struct searched *to)
{
    search_begin(fake, to);
    return search_one(fake, "environment", to);
}

static void without_variables_it_is_absent(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, &got), CC_ABSENT);
}

static void white_space_is_no_key(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", " ");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", "\t");
    assert_int_equal(ask(*state, &got), CC_ABSENT);
}

static void keys_token_expiration_and_account_are_taken(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", " AKID ");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(*state, "AWS_SESSION_TOKEN", "new");
    fake_env(*state, "AWS_SECURITY_TOKEN", "old");
    fake_env(*state, "AWS_CREDENTIAL_EXPIRATION", "2027-01-15T09:00:00Z");
    fake_env(*state, "AWS_ACCOUNT_ID", "123456789012");
    assert_int_equal(ask(*state, &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "AKID");
    assert_string_equal(cc_secret_reveal(got.keys.session_token), "new");
    assert_int_equal(got.keys.expires, 1800003600);
    assert_string_equal(got.keys.account_id, "123456789012");
    assert_int_equal(got.search.warning_count, 0);
}

static void half_a_pair_is_broken_and_names_the_missing_half(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_HALF_SET, "AWS_SECRET_ACCESS_KEY is not", "set AWS_SECRET");
}

static void keys_with_an_invisible_character_are_broken(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY "\xe2\x80\x8b");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_BAD_KEYS, "zero-width space", "copy each key");
}

static void settings_that_nobody_needs_do_not_stop_keys(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(*state, "AWS_MAX_ATTEMPTS", "many");
    fake_env(*state, "AWS_REGION", "not a region");
    fake_env(*state, "AWS_STS_REGIONAL_ENDPOINTS", "both");
    assert_int_equal(ask(*state, &got), CC_FOUND);
}

static void a_secret_alone_is_broken_and_never_shown(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_HALF_SET, "AWS_ACCESS_KEY_ID is not", "set AWS_ACCESS_KEY_ID");
}

static void expired_keys_are_found_with_a_warning(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(*state, "AWS_CREDENTIAL_EXPIRATION", "2027-01-15T07:00:00Z");
    assert_int_equal(ask(*state, &got), CC_FOUND);
    assert_int_equal(got.search.warning_count, 1);
    assert_non_null(strstr(got.search.warnings[0], "expired"));
}

static void what_is_no_time_or_account_is_left_out_with_a_warning(void **state)
{
    struct searched got;

    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(*state, "AWS_CREDENTIAL_EXPIRATION", "soon\x1b[2J");
    fake_env(*state, "AWS_ACCOUNT_ID", "12");
    assert_int_equal(ask(*state, &got), CC_FOUND);
    assert_true(got.keys.expires == CC_NEVER_EXPIRES);
    assert_null(got.keys.account_id);
    assert_int_equal(got.search.warning_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(without_variables_it_is_absent),
        IN_FAKE_WORLD(white_space_is_no_key),
        IN_FAKE_WORLD(keys_token_expiration_and_account_are_taken),
        IN_FAKE_WORLD(half_a_pair_is_broken_and_names_the_missing_half),
        IN_FAKE_WORLD(keys_with_an_invisible_character_are_broken),
        IN_FAKE_WORLD(settings_that_nobody_needs_do_not_stop_keys),
        IN_FAKE_WORLD(a_secret_alone_is_broken_and_never_shown),
        IN_FAKE_WORLD(expired_keys_are_found_with_a_warning),
        IN_FAKE_WORLD(what_is_no_time_or_account_is_left_out_with_a_warning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
