#include "support/search.h"

#define PUT "http://169.254.169.254/latest/api/token"

static void environment_keys_end_the_search(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(*state, "AWS_PROFILE", "nosuch");
    fake_file(*state, CONFIG, "nonsense\n");
    assert_true(search_chain(*state, NULL, &got));
    assert_int_equal(got.story.count, 1);
    assert_string_equal(got.story.ended_by->provider->name, "environment");
}

static void a_warning_is_given_once(void **state)
{
    struct fake *fake = *state;
    struct cc_search search = {.run = &fake->run};

    cc_search_warn(&search, "the clock is wrong");
    cc_search_warn(&search, "the clock is wrong");
    cc_search_warn(&search, "the disk is full");
    assert_int_equal(search.warning_count, 2);
}

static void a_profile_that_was_asked_for_beats_the_keys_of_the_environment(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_env(*state, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(*state, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_file(*state, CONFIG,
              "[profile p]\naws_access_key_id = AKIAP\naws_secret_access_key = " CANARY "\n");
    assert_true(search_chain(*state, "p", &got));
    assert_string_equal(got.keys.access_key_id, "AKIAP");
}

static void a_profile_with_only_a_region_goes_on_along_the_chain(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    fake_file(fake, CONFIG, "[profile p]\nregion = us-east-1\n");
    fake_http(fake, "http://169.254.170.2/x", 200,
              "{\"AccessKeyId\":\"ASIATASK\",\"SecretAccessKey\":\"" CANARY
              "\",\"Token\":\"t\",\"Expiration\":\"2027-01-15T09:00:00Z\"}");
    assert_true(search_chain(fake, "p", &got));
    assert_string_equal(got.keys.access_key_id, "ASIATASK");
}

static void with_a_profile_that_has_nothing_the_remedy_is_about_it(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_no_answer(*state, PUT, CC_NET_NO_ROUTE);
    fake_file(*state, CONFIG, "[profile p]\nregion = us-east-1\n");
    assert_false(search_chain(*state, "p", &got));
    assert_told(&got.why, CC_E_NO_KEYS, NULL, "credentials in profile p");
}

static void credentials_that_have_expired_are_not_handed_out(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    search_begin(fake, &got);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    fake_http(fake, "http://169.254.170.2/x", 200,
              "{\"AccessKeyId\":\"ASIATASK\",\"SecretAccessKey\":\"" CANARY
              "\",\"Token\":\"t\",\"Expiration\":\"2027-01-15T06:59:00Z\"}");
    assert_false(search_chain(fake, NULL, &got));
    assert_told(&got.why, CC_E_EXPIRED, "2027-01-15T06:59:00Z", "clock");
}

static void a_broken_provider_ends_the_search(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_env(*state, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/");
    assert_false(search_chain(*state, NULL, &got));
    assert_int_equal(got.why.code, CC_E_UNSAFE_HOST);
    assert_string_equal(got.story.ended_by->provider->name, "container");
}

static void with_nothing_found_the_attempts_tell_what_was_looked_for(void **state)
{
    struct searched got;

    search_begin(*state, &got);
    fake_no_answer(*state, PUT, CC_NET_NO_ROUTE);
    assert_false(search_chain(*state, NULL, &got));
    assert_told(&got.why, CC_E_NO_KEYS, "environment: AWS_ACCESS_KEY_ID is not set", "detect");
    assert_int_equal(got.story.count, 8);
    assert_string_equal(got.story.attempts[0].why->what, "AWS_ACCESS_KEY_ID is not set");
    assert_non_null(strstr(got.story.attempts[7].why->what, "no EC2 metadata service"));
    assert_null(got.story.ended_by);
}

static void hops_are_taken_one_upon_the_other(void **state)
{
    struct fake *fake = *state;
    struct searched got;
    const struct cc_assume hops[] = {{.role_arn = ROLE}, {.role_arn = ROLE "2"}};

    search_begin(fake, &got);
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    assert_true(search_chain(fake, NULL, &got));
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_true(cc_chain_resolve(&got.search, hops, 2, &got.keys, &got.story, &got.why));
    assert_int_equal(got.story.hops_done, 2);
    assert_non_null(strstr(fake->sent[0].headers, "Credential=AKID/"));
    assert_non_null(strstr(fake->sent[1].headers, "Credential=ASIAROLE/"));
    assert_string_equal(got.keys.role_arn, ROLE "2");
}

static void a_hop_that_fails_is_told(void **state)
{
    struct fake *fake = *state;
    struct searched got;
    const struct cc_assume hop = {.role_arn = ROLE};

    search_begin(fake, &got);
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKID");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    assert_true(search_chain(fake, NULL, &got));
    fake_http(fake, STS, 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
              "</ErrorResponse>");
    assert_false(cc_chain_resolve(&got.search, &hop, 1, &got.keys, &got.story, &got.why));
    assert_told(&got.why, CC_E_DENIED, "AccessDenied", NULL);
    assert_int_equal(got.story.hops_done, 0);
}

static void the_variables_ask_for_a_hop(void **state)
{
    struct fake *fake = *state;
    struct cc_search search = {.run = &fake->run};
    struct cc_assume hop = {0};
    struct cc_error err = {0};
    bool present = true;

    assert_true(cc_hop_from_environment(&search, &hop, &present, &err));
    assert_false(present);
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE);
    fake_env(fake, "AWS_ASSUME_ROLE_EXTERNAL_ID", "x");
    assert_true(cc_hop_from_environment(&search, &hop, &present, &err));
    assert_true(present);
    assert_string_equal(hop.session_name, "mcp-server-session");
    assert_string_equal(hop.external_id, "x");
    assert_int_equal(hop.duration_seconds, 0);
    fake_env(fake, "_CREDCTL_ASSUME_ROLE_ARN", ROLE); /* whoever runs us takes it himself */
    assert_true(cc_hop_from_environment(&search, &hop, &present, &err));
    assert_false(present);
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE "2"); /* another one is meant for us */
    assert_true(cc_hop_from_environment(&search, &hop, &present, &err));
    assert_true(present);
}

static void malformed_companions_of_the_hop_are_refused(void **state)
{
    static const char *const rows[][2] = {
        {"AWS_ASSUME_ROLE_DURATION_SECONDS", "soon"},
        {"AWS_ASSUME_ROLE_SESSION_NAME", "with blank"},
        {"AWS_ASSUME_ROLE_ARN", "admin"},
    };
    struct fake *fake = *state;
    struct cc_search search = {.run = &fake->run};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_assume hop;
        struct cc_error err = {0};
        bool present = false;

        fake_env(fake, "AWS_ASSUME_ROLE_SESSION_NAME", "ok");
        fake_env(fake, "AWS_ASSUME_ROLE_DURATION_SECONDS", "900");
        fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE);
        fake_env(fake, rows[i][0], rows[i][1]);
        assert_false(cc_hop_from_environment(&search, &hop, &present, &err));
        assert_told(&err, CC_E_CONFIG, NULL, "unset it");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(environment_keys_end_the_search),
        IN_FAKE_WORLD(a_warning_is_given_once),
        IN_FAKE_WORLD(a_profile_that_was_asked_for_beats_the_keys_of_the_environment),
        IN_FAKE_WORLD(a_profile_with_only_a_region_goes_on_along_the_chain),
        IN_FAKE_WORLD(with_a_profile_that_has_nothing_the_remedy_is_about_it),
        IN_FAKE_WORLD(credentials_that_have_expired_are_not_handed_out),
        IN_FAKE_WORLD(a_broken_provider_ends_the_search),
        IN_FAKE_WORLD(with_nothing_found_the_attempts_tell_what_was_looked_for),
        IN_FAKE_WORLD(hops_are_taken_one_upon_the_other),
        IN_FAKE_WORLD(a_hop_that_fails_is_told),
        IN_FAKE_WORLD(the_variables_ask_for_a_hop),
        IN_FAKE_WORLD(malformed_companions_of_the_hop_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
