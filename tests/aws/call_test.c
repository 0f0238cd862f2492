#include "call_support.h"

static void a_call_is_signed_and_its_answer_handed_back(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake->setup.level = CC_DEBUG;
    fake_http(fake, URL, 200, "<ok/>");
    assert_true(ask(fake, &answer, &err));
    assert_string_equal(answer.body, "<ok/>");
    assert_int_equal(answer.attempts, 1);
    const struct fake_sent *sent = fake_sent(fake, URL);
    assert_string_equal(sent->method, "POST");
    assert_int_equal(sent->distance, CC_FAR);
    assert_string_equal(sent->body, "Action=Try");
    assert_non_null(strstr(sent->headers, "X-Amz-Date: 20270115T080000Z\n"));
    assert_non_null(strstr(sent->headers, "X-Amz-Security-Token: " CANARY "-token\n"));
    assert_non_null(strstr(sent->headers,
                           "Authorization: AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-west-1/sts/"
                           "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                           "x-amz-security-token, Signature="));
}

static void without_a_signer_nothing_is_signed(void **state)
{
    struct fake *fake = *state;
    struct cc_call call = call_of_sts();
    struct cc_settings settings = settings_of_three();
    struct cc_answer answer;
    struct cc_error err;

    call.signer = NULL;
    fake_http(fake, URL, 200, "");
    assert_true(cc_aws_call(&fake->run, &settings, &call, &answer, &err));
    assert_string_equal(fake_sent(fake, URL)->headers, "Content-Type: text/x\n");
}

static void a_service_that_recovers_is_asked_again(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, URL, 503, "<html>busy</html>");
    fake_no_answer(fake, URL, CC_NET_CUT);
    fake_http(fake, URL, 200, "<ok/>");
    assert_true(ask(fake, &answer, &err));
    assert_int_equal(answer.attempts, 3);
    assert_true(fake->slept > 0 && fake->slept <= 150);
}

static void a_service_that_stays_down_is_said_to_be_down(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http_row(fake,
                  (struct fake_exchange){.url = URL, .status = 503, .body = "", .forever = true});
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(fake->sent_count, 3);
    assert_int_equal(err.code, CC_E_AWS);
    assert_string_equal(err.why, "no error code (HTTP 503, 3 attempts)");
    assert_non_null(strstr(err.fix, "run it again in a few minutes"));
}

static void throttling_is_a_400_and_waits_longer(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, URL, 400, XML_ERROR("Throttling", "Rate exceeded"));
    fake_http(fake, URL, 400, XML_ERROR("Throttling", "Rate exceeded"));
    fake_http(fake, URL, 400, XML_ERROR("Throttling", "Rate exceeded"));
    assert_false(ask(fake, &answer, &err));
    assert_true(fake->slept > 300 && fake->slept <= 3000);
    assert_int_equal(err.code, CC_E_THROTTLED);
    assert_string_equal(err.what, "STS refused Try");
    assert_string_equal(err.why, "Throttling: Rate exceeded (HTTP 400, 3 attempts, request req-1)");
    assert_non_null(strstr(err.fix, "fewer calls at once"));
}

static void what_breaks_off_or_does_not_resolve_is_tried_again(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_no_answer(fake, URL, CC_NET_NAME);
    fake_no_answer(fake, URL, CC_NET_TLS_CUT);
    fake_http(fake, URL, 200, "<ok/>");
    assert_true(ask(fake, &answer, &err));
    assert_int_equal(answer.attempts, 3);
}

static void no_attempt_is_made_past_the_deadline(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake->run.deadline_ms = fake->ticks + 100;
    fake_http(fake, URL, 400, XML_ERROR("Throttling", "Rate exceeded"));
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(err.code, CC_E_THROTTLED); /* what is known, not that time is short */
    fake->run.deadline_ms = fake->ticks;
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(err.code, CC_E_DEADLINE);
    assert_int_equal(answer.status, 0);
    assert_string_equal(err.fix, cc_code_remedy(CC_E_DEADLINE));
}

static void a_configured_endpoint_keeps_its_path(void **state)
{
    static const struct {
        const char *endpoint;
        const char *path;
        const char *url;
    } rows[] = {
        {"http://localhost:8080/portal", "/a?b=c", "http://localhost:8080/portal/a?b=c"},
        {"http://localhost:8080/portal/", "/a", "http://localhost:8080/portal/a"},
        {"http://localhost:8080/sts", "/", "http://localhost:8080/sts"},
        {"http://localhost:8080", "/", "http://localhost:8080/"},
        {"http://[::1]:8080", "/x", "http://[::1]:8080/x"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_call call = call_of_sts();
        struct cc_settings settings = settings_of_three();
        struct cc_answer answer;
        struct cc_error err;

        fake_env(fake, "AWS_ENDPOINT_URL_STS", rows[i].endpoint);
        call.path = rows[i].path;
        fake_http(fake, rows[i].url, 200, "");
        assert_true(cc_aws_call(&fake->run, &settings, &call, &answer, &err));
    }
}

static void a_configured_endpoint_is_refused_with_fips_or_dual_stack(void **state)
{
    struct fake *fake = *state;
    struct cc_call call = call_of_sts();
    struct cc_answer answer;
    struct cc_error err;
    struct cc_settings settings = settings_of_three();

    fake_env(fake, "AWS_ENDPOINT_URL", "http://localhost:1");
    settings.fips = true;
    assert_false(cc_aws_call(&fake->run, &settings, &call, &answer, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.what, "the endpoint of STS (AWS_ENDPOINT_URL)"));
    assert_non_null(strstr(err.fix, "AWS_USE_FIPS_ENDPOINT"));
    settings.fips = false;
    settings.dualstack = true;
    assert_false(cc_aws_call(&fake->run, &settings, &call, &answer, &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.fix, "AWS_USE_DUALSTACK_ENDPOINT"));
}

static void a_configured_endpoint_that_is_no_url_is_refused(void **state)
{
    static const char *const endpoints[] = {"localhost:8080", "https://u:p@sts.amazonaws.com",
                                            "http://localhost/?x=y"};

    for (size_t i = 0; i < CC_COUNT(endpoints); i++) {
        struct fake *fake = *state;
        struct cc_answer answer;
        struct cc_error err;

        fake_env(fake, "AWS_ENDPOINT_URL_STS", endpoints[i]);
        assert_false(ask(fake, &answer, &err));
        assert_int_equal(err.code, CC_E_CONFIG);
        assert_true(err.fix[0] != '\0');
    }
    assert_int_equal(((struct fake *)*state)->sent_count, 0);
}

static void a_bad_certificate_is_reported_at_once(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_no_answer(fake, URL, CC_NET_TLS);
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(answer.attempts, 1);
    assert_int_equal(answer.status, 0);
    assert_null(answer.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_call_is_signed_and_its_answer_handed_back),
        IN_FAKE_WORLD(without_a_signer_nothing_is_signed),
        IN_FAKE_WORLD(a_service_that_recovers_is_asked_again),
        IN_FAKE_WORLD(a_service_that_stays_down_is_said_to_be_down),
        IN_FAKE_WORLD(throttling_is_a_400_and_waits_longer),
        IN_FAKE_WORLD(what_breaks_off_or_does_not_resolve_is_tried_again),
        IN_FAKE_WORLD(no_attempt_is_made_past_the_deadline),
        IN_FAKE_WORLD(a_configured_endpoint_keeps_its_path),
        IN_FAKE_WORLD(a_configured_endpoint_is_refused_with_fips_or_dual_stack),
        IN_FAKE_WORLD(a_configured_endpoint_that_is_no_url_is_refused),
        IN_FAKE_WORLD(a_bad_certificate_is_reported_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
