#include "support/search.h"

#define RELATIVE "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL     "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN    "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define URL      "http://169.254.170.2/v2/c?id=1"
#define GOOD                                                                        \
    "{\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"" CANARY "\",\"Token\":\"t\"," \
    "\"Expiration\":\"2027-01-15T09:00:00Z\",\"RoleArn\":\"" ROLE "\"}"

static enum cc_outcome ask(struct fake *fake, struct searched *to)
{
    search_begin(fake, to);
    return search_one(fake, "container", to);
}

static void without_variables_it_is_absent(void **state)
{
    struct searched got;

    assert_int_equal(ask(*state, &got), CC_ABSENT);
}

static void the_relative_address_wins_and_is_asked_nearby(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_env(fake, FULL, "http://127.0.0.1/no");
    fake_http(fake, URL, 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_string_equal(got.keys.access_key_id, "ASIA");
    assert_string_equal(got.keys.role_arn, ROLE);
    assert_int_equal(got.keys.expires, 1800003600);
    assert_int_equal(fake->sent[0].distance, CC_NEAR);
    assert_non_null(strstr(fake->sent[0].headers, "Accept: application/json"));
    assert_null(strstr(fake->sent[0].headers, "Authorization"));
}

static void the_token_file_beats_the_variable(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_env(fake, TOKEN, "variable");
    fake_env(fake, TOKEN "_FILE", "/t");
    fake_file(fake, "/t", CANARY "\n");
    fake_http(fake, URL, 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_non_null(strstr(fake->sent[0].headers, "Authorization: " CANARY "\n"));
}

static void a_token_with_a_line_break_is_never_sent(void **state)
{
    struct searched got;

    fake_env(*state, RELATIVE, "/v2/c?id=1");
    fake_env(*state, TOKEN, CANARY "\r\nX: 1");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "line break", TOKEN);
}

static void a_missing_token_file_is_broken(void **state)
{
    struct searched got;

    fake_env(*state, RELATIVE, "/v2/c?id=1");
    fake_env(*state, TOKEN "_FILE", "/none");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_TOKEN_FILE, "No such file", TOKEN "_FILE");
}

static void the_token_never_goes_to_a_far_host_in_the_clear(void **state)
{
    struct searched got;

    fake_env(*state, FULL, "http://192.0.2.7/c");
    fake_env(*state, TOKEN, CANARY);
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_UNSAFE_HOST, NULL, "https");
}

static void what_was_judged_is_what_is_connected_to(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, FULL, "http://agent.local/c");
    fake_resolves(fake, "agent.local", "127.0.0.1");
    fake_http(fake, "http://agent.local/c", 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_string_equal(fake->sent[0].address, "127.0.0.1");
}

static void a_relative_address_cannot_lead_elsewhere(void **state)
{
    struct searched got;

    fake_env(*state, RELATIVE, "@evil.example/");
    assert_int_equal(ask(*state, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONFIG, "'/'", FULL);
}

static void it_is_asked_again_after_what_may_pass(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_no_answer(fake, URL, CC_NET_CUT);
    fake_http(fake, URL, 200, "<html>");
    fake_http(fake, URL, 200, GOOD);
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_true(fake->slept < 1500);
}

static void three_attempts_are_enough(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_http_row(fake, (struct fake_exchange){.url = URL, .status = 503, .forever = true});
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_int_equal(fake->sent_count, 3);
    assert_told(&got.why, CC_E_CONTAINER, "HTTP 503", "association");
}

static void a_refusal_is_shown_printable_and_not_repeated(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_http(fake, URL, 400, "{\"code\":\"AccessDenied\",\"message\":\"not \\u001b[2Jyou\"}");
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_CONTAINER, "AccessDenied: not ?[2Jyou", TOKEN);
}

static void an_answer_without_a_secret_is_broken(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 200,
                                               .body = "{\"AccessKeyId\":\"ASIA\"}",
                                               .forever = true});
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_BAD_KEYS, "SecretAccessKey", NULL);
}

static void an_answer_that_repeats_the_token_is_not_shown(void **state)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {
        {403, "{\"code\":\"AccessDenied\",\"message\":\"token Bearer " CANARY " is not known\"}"},
        {403, "{\"code\":\"Unknown " CANARY "\",\"message\":\"no\"}"},
        {200, "{\"code\":\"AccessDenied\",\"message\":\"" CANARY "\"}"},
        {500, "{\"Code\":\"x\",\"Message\":\"<" CANARY ">\"}"},
    };

    fake_env(*state, RELATIVE, "/v2/c?id=1");
    fake_env(*state, TOKEN, "Bearer " CANARY);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct searched got;

        fake->setup.level = CC_DEBUG;
        for (int j = 0; j < 3; j++) {
            fake_http_row(fake, (struct fake_exchange){.url = URL,
                                                       .status = rows[i].status,
                                                       .body = rows[i].body,
                                                       .optional = true});
        }
        assert_int_equal(ask(fake, &got), CC_BROKEN);
        assert_told(&got.why, CC_E_CONTAINER, "repeats a secret", NULL);
        memset(fake->http, 0, sizeof(fake->http));
    }
}

static void what_expired_within_the_hour_serves_with_a_warning_and_no_longer(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, RELATIVE, "/v2/c?id=1");
    fake_http(fake, URL, 200, GOOD);
    fake->now += 2 * 3600 - 1;
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_int_equal(got.search.warning_count, 1);
    fake_http(fake, URL, 200, GOOD);
    fake->now += 100;
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_told(&got.why, CC_E_EXPIRED, "2027-01-15T09:00:00Z", "clock");
    fake_http(fake, URL, 200, GOOD);
    fake->run.skew = -7200; /* on AWS's clock they live */
    assert_int_equal(ask(fake, &got), CC_FOUND);
    assert_int_equal(got.search.warning_count, 0);
}

static void a_bad_certificate_is_no_reason_for_another_try(void **state)
{
    struct fake *fake = *state;
    struct searched got;

    fake_env(fake, FULL, "https://agent.example/c");
    fake_no_answer(fake, "https://agent.example/c", CC_NET_TLS_CUT);
    fake_no_answer(fake, "https://agent.example/c", CC_NET_NAME);
    fake_no_answer(fake, "https://agent.example/c", CC_NET_TLS);
    assert_int_equal(ask(fake, &got), CC_BROKEN);
    assert_int_equal(fake->sent_count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(without_variables_it_is_absent),
        IN_FAKE_WORLD(the_relative_address_wins_and_is_asked_nearby),
        IN_FAKE_WORLD(the_token_file_beats_the_variable),
        IN_FAKE_WORLD(a_token_with_a_line_break_is_never_sent),
        IN_FAKE_WORLD(a_missing_token_file_is_broken),
        IN_FAKE_WORLD(the_token_never_goes_to_a_far_host_in_the_clear),
        IN_FAKE_WORLD(what_was_judged_is_what_is_connected_to),
        IN_FAKE_WORLD(a_relative_address_cannot_lead_elsewhere),
        IN_FAKE_WORLD(it_is_asked_again_after_what_may_pass),
        IN_FAKE_WORLD(three_attempts_are_enough),
        IN_FAKE_WORLD(a_refusal_is_shown_printable_and_not_repeated),
        IN_FAKE_WORLD(an_answer_without_a_secret_is_broken),
        IN_FAKE_WORLD(an_answer_that_repeats_the_token_is_not_shown),
        IN_FAKE_WORLD(what_expired_within_the_hour_serves_with_a_warning_and_no_longer),
        IN_FAKE_WORLD(a_bad_certificate_is_no_reason_for_another_try),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
