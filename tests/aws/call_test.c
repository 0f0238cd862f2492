#include "credctl/aws/call.h"

#include "credctl/base/text.h"

#include "support/test.h"

#define URL "https://sts.eu-west-1.amazonaws.com/"
#define XML_ERROR(code, message)                                                                    \
    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>" \
    "<Code>" code "</Code><Message>" message "</Message></Error><RequestId>req-1</RequestId>"       \
    "</ErrorResponse>"

static const struct cc_keys keys = {
    .access_key_id = "AKID",
    .secret_key = {CANARY},
    .session_token = {CANARY "-token"},
    .expires = CC_NEVER_EXPIRES,
};
static const struct cc_header headers[] = {{.name = "Content-Type", .value = "text/x"}, {0}};

static struct cc_call call_of_sts(void)
{
    return (struct cc_call){
        .id = "STS",
        .operation = "Try",
        .service = "sts",
        .region = "eu-west-1",
        .endpoint = "https://sts.eu-west-1.amazonaws.com",
        .wire = CC_WIRE_QUERY,
        .method = "POST",
        .path = "/",
        .headers = headers,
        .body = {"Action=Try"},
        .signer = &keys,
    };
}

static struct cc_settings settings_of_three(void)
{
    return (struct cc_settings){.max_attempts = 3, .profile = "default"};
}

static bool ask(struct fake *fake, struct cc_answer *answer, struct cc_error *err)
{
    struct cc_call call = call_of_sts();
    struct cc_settings settings = settings_of_three();

    return cc_aws_call(&fake->run, &settings, &call, answer, err);
}

static void shows_no_secret(const struct cc_error *err)
{
    assert_null(strstr(err->what, CANARY));
    assert_null(strstr(err->why, CANARY));
    assert_null(strstr(err->fix, CANARY));
}

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

static void a_denial_is_final_and_says_who_and_why(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, URL, 403,
              XML_ERROR("AccessDenied", "User: u is not authorized to perform: sts:AssumeRole on "
                                        "resource: r because no resource-based policy allows it"));
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(answer.attempts, 1);
    assert_int_equal(answer.status, 403);
    assert_string_equal(answer.error_code, "AccessDenied");
    assert_string_equal(answer.request_id, "req-1");
    assert_int_equal(err.code, CC_E_DENIED);
    assert_non_null(strstr(err.why, "AccessDenied: User: u is not authorized"));
    assert_non_null(strstr(err.fix, "trust policy: it must name this caller"));
}

static void every_form_of_a_json_error_is_understood(void **state)
{
    static const struct {
        const char *head;
        const char *body;
        const char *code;
        const char *message;
    } rows[] = {
        {"x-amzn-ErrorType: UnauthorizedException:http://x/\r\n", "{\"message\":\"m\"}",
         "UnauthorizedException", "m"},
        {"", "{\"__type\":\"com.amazonaws.sso#UnauthorizedException\",\"Message\":\"m\"}",
         "UnauthorizedException", "m"},
        {"", "{\"error\":\"invalid_grant\",\"error_description\":\"m\"}", "invalid_grant", "m"},
        {"X-Amzn-Errortype: InvalidGrantException\r\n",
         " \n{\"error\":\"invalid_grant\",\"error_description\":\"m\"}", "InvalidGrantException",
         "m"},
        {"", "{\"code\":\"X\",\"errorMessage\":\"m\"}", "X", "m"},
        {"x-amzn-ErrorType: X\r\n", "not JSON", "X", NULL},
        {"", "{\"__type\":\"<b>\\u001b\"}", NULL, NULL},
        {"", "{\"__type\":7,\"message\":[]}", NULL, NULL},
        {"", "{", NULL, NULL},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        struct cc_answer answer;
        struct cc_error err;

        fake_http_row(fake,
                      (struct fake_exchange){
                          .url = URL, .status = 400, .head = rows[i].head, .body = rows[i].body});
        assert_false(ask(fake, &answer, &err));
        assert_true(answer.error_code == rows[i].code ||
                    cc_text_equal(answer.error_code, rows[i].code));
        assert_true(answer.error_message == rows[i].message ||
                    cc_text_equal(answer.error_message, rows[i].message));
    }
}

static void every_form_of_an_xml_error_is_understood(void **state)
{
#define INNER "<Error><Code>X</Code><Message>m</Message></Error>"
    static const char *const bodies[] = {
        ("<ErrorResponse>" INNER "</ErrorResponse>"),
        ("<ErrorResponse><Errors>" INNER "</Errors></ErrorResponse>"),
        ("<Response><Errors>" INNER "</Errors><RequestID>r</RequestID></Response>"),
        ("<?xml version=\"1.0\"?>\n" INNER),
    };

    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        struct fake *fake = *state;
        struct cc_answer answer;
        struct cc_error err;

        fake_http(fake, URL, 400, bodies[i]);
        assert_false(ask(fake, &answer, &err));
        assert_string_equal(answer.error_code, "X");
        assert_string_equal(answer.error_message, "m");
        assert_int_equal(err.code, CC_E_AWS);
        assert_string_equal(err.fix, cc_code_remedy(CC_E_AWS));
    }
}

static void an_answer_that_is_not_of_aws_points_at_the_path_between(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, URL, 302, "<html><body>please sign in</body>");
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_string_equal(err.why, "no error code (HTTP 302)");
    assert_non_null(strstr(err.fix, "any proxy on the way"));
}

static void a_message_that_repeats_a_secret_is_not_shown(void **state)
{
    static const char *const bodies[] = {
        XML_ERROR("Odd", "you sent " CANARY "-token"),
        XML_ERROR("SignatureDoesNotMatch",
                  "It does not match. The Canonical String for this request should have been "
                  "'POST x-amz-security-token:" CANARY "'"),
    };

    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        struct fake *fake = *state;
        struct cc_answer answer;
        struct cc_error err;

        fake_http(fake, URL, 403, bodies[i]);
        assert_false(ask(fake, &answer, &err));
        shows_no_secret(&err);
        assert_null(strstr(answer.error_message, CANARY));
    }
}

static void a_hidden_secret_in_a_message_is_not_shown(void **state)
{
    struct fake *fake = *state;
    static const struct cc_secret hide[] = {{NULL}, {"pass-" CANARY}};
    struct cc_call call = call_of_sts();
    struct cc_settings settings = settings_of_three();
    struct cc_answer answer;
    struct cc_error err;

    call.signer = NULL;
    call.hide = hide;
    call.hide_count = CC_COUNT(hide);
    fake_http(fake, URL, 400, "{\"message\":\"bad pass-" CANARY "\"}");
    assert_false(cc_aws_call(&fake->run, &settings, &call, &answer, &err));
    shows_no_secret(&err);
    assert_non_null(strstr(err.why, "repeats a secret"));
}

static void a_code_that_repeats_a_secret_is_none(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake->setup.level = CC_DEBUG;
    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 403,
                                               .head = "x-amzn-RequestId: of " CANARY "-token\r\n",
                                               .body = "{\"__type\":\"Bad." CANARY
                                                       "-token\",\"message\":\"m\"}"});
    assert_false(ask(fake, &answer, &err));
    shows_no_secret(&err);
    assert_null(answer.error_code);
    assert_int_equal(err.code, CC_E_DENIED);
    assert_non_null(strstr(err.why, "no error code: m (HTTP 403"));
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

static void the_clock_is_learnt_from_any_answer_of_the_service(void **state)
{
    struct fake *fake = *state;
    struct cc_call call = call_of_sts();
    struct cc_settings settings = settings_of_three();
    struct cc_answer answer;
    struct cc_error err;

    call.signer = NULL;
    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 200,
                                               .head = "Date: Fri, 15 Jan 2027 10:00:00 GMT\r\n",
                                               .body = "<ok/>"});
    assert_true(cc_aws_call(&fake->run, &settings, &call, &answer, &err));
    assert_int_equal(cc_now_aws(&fake->run), fake->now + 7200);
    struct cc_run part = cc_run_part(&fake->run);
    assert_int_equal(cc_now_aws(&part), fake->now + 7200);
}

static void the_clock_is_not_learnt_from_what_stands_in_between(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 407,
                                               .head = "Date: Fri, 15 Jan 2027 10:00:00 GMT\r\n",
                                               .body = "<html>log in</html>"});
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(fake->run.skew, 0);
}

/* Both were signed before the first answer told of the clock. */
static void all_calls_under_way_are_made_again_when_the_clock_was_wrong(void **state)
{
    struct fake *fake = *state;
    struct cc_call call = call_of_sts();
    struct cc_settings settings = settings_of_three();
    struct cc_answer answers[2];
    const struct fake_exchange refusal = {.url = URL,
                                          .status = 403,
                                          .head = "Date: Fri, 15 Jan 2027 10:00:00 GMT\r\n",
                                          .body = XML_ERROR("SignatureDoesNotMatch", "expired")};
    struct cc_errand *const errands[] = {cc_call_errand(&fake->run, &settings, &call, &answers[0]),
                                         cc_call_errand(&fake->run, &settings, &call, &answers[1])};

    fake_http_row(fake, refusal);
    fake_http_row(fake, refusal);
    fake_http(fake, URL, 200, "<ok/>");
    fake_http(fake, URL, 200, "<ok/>");
    cc_drive_all(&fake->run, errands, 2, 2);
    assert_true(errands[0]->ok && errands[1]->ok);
    assert_int_equal(fake->run.skew, 7200);
}

static void escape_sequences_never_reach_the_error(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, URL, 400, "{\"__type\":\"X\",\"message\":\"a\\u001b[31mb\\u009bc\"}");
    assert_false(ask(fake, &answer, &err));
    assert_null(strchr(err.why, '\x1b'));
    assert_string_equal(answer.error_message, "a?[31mb??c");
}

static void a_wrong_clock_is_measured_and_the_request_signed_again(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http_row(fake,
                  (struct fake_exchange){.url = URL,
                                         .status = 403,
                                         .head = "Date: Fri, 15 Jan 2027 10:00:00 GMT\r\n",
                                         .body = XML_ERROR("SignatureDoesNotMatch", "expired")});
    fake_http(fake, URL, 200, "<ok/>");
    fake_http(fake, URL, 200, "<ok/>");
    assert_true(ask(fake, &answer, &err));
    assert_int_equal(answer.skew, 7200);
    assert_int_equal(fake->slept, 0);
    assert_non_null(strstr(fake->sent[1].headers, "X-Amz-Date: 20270115T100000Z"));
    assert_true(ask(fake, &answer, &err)); /* the run remembers */
    assert_non_null(strstr(fake->sent[2].headers, "X-Amz-Date: 20270115T100000Z"));
}

static void a_wrong_clock_is_named_when_it_did_not_help(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;
    const struct fake_exchange refusal = {.url = URL,
                                          .status = 403,
                                          .head = "Date: Fri, 15 Jan 2027 06:00:00 GMT\r\n",
                                          .body = XML_ERROR("RequestTimeTooSkewed", "no")};

    fake_http_row(fake, refusal);
    fake_http_row(fake, refusal);
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(err.code, CC_E_CLOCK);
    assert_non_null(strstr(err.why, "this host's clock is 2 h 0 min ahead of AWS"));
    assert_non_null(strstr(err.why, "RequestTimeTooSkewed"));
    assert_non_null(strstr(err.fix, "chrony"));
}

static void a_wrong_signature_at_the_right_time_is_the_keys_fault(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 403,
                                               .head = "Date: Fri, 15 Jan 2027 08:03:59 GMT\r\n",
                                               .body = XML_ERROR("SignatureDoesNotMatch", "no")});
    assert_false(ask(fake, &answer, &err));
    assert_int_equal(fake->run.skew, 0);
    assert_int_equal(err.code, CC_E_DENIED);
    assert_non_null(strstr(err.fix, "secret key does not belong"));
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
        IN_FAKE_WORLD(a_denial_is_final_and_says_who_and_why),
        IN_FAKE_WORLD(every_form_of_a_json_error_is_understood),
        IN_FAKE_WORLD(every_form_of_an_xml_error_is_understood),
        IN_FAKE_WORLD(an_answer_that_is_not_of_aws_points_at_the_path_between),
        IN_FAKE_WORLD(a_message_that_repeats_a_secret_is_not_shown),
        IN_FAKE_WORLD(a_hidden_secret_in_a_message_is_not_shown),
        IN_FAKE_WORLD(a_code_that_repeats_a_secret_is_none),
        IN_FAKE_WORLD(what_breaks_off_or_does_not_resolve_is_tried_again),
        IN_FAKE_WORLD(the_clock_is_learnt_from_any_answer_of_the_service),
        IN_FAKE_WORLD(the_clock_is_not_learnt_from_what_stands_in_between),
        IN_FAKE_WORLD(all_calls_under_way_are_made_again_when_the_clock_was_wrong),
        IN_FAKE_WORLD(escape_sequences_never_reach_the_error),
        IN_FAKE_WORLD(a_wrong_clock_is_measured_and_the_request_signed_again),
        IN_FAKE_WORLD(a_wrong_clock_is_named_when_it_did_not_help),
        IN_FAKE_WORLD(a_wrong_signature_at_the_right_time_is_the_keys_fault),
        IN_FAKE_WORLD(no_attempt_is_made_past_the_deadline),
        IN_FAKE_WORLD(a_configured_endpoint_keeps_its_path),
        IN_FAKE_WORLD(a_configured_endpoint_is_refused_with_fips_or_dual_stack),
        IN_FAKE_WORLD(a_configured_endpoint_that_is_no_url_is_refused),
        IN_FAKE_WORLD(a_bad_certificate_is_reported_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
