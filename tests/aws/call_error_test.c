#include "call_support.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_denial_is_final_and_says_who_and_why),
        IN_FAKE_WORLD(every_form_of_a_json_error_is_understood),
        IN_FAKE_WORLD(every_form_of_an_xml_error_is_understood),
        IN_FAKE_WORLD(an_answer_that_is_not_of_aws_points_at_the_path_between),
        IN_FAKE_WORLD(a_message_that_repeats_a_secret_is_not_shown),
        IN_FAKE_WORLD(a_hidden_secret_in_a_message_is_not_shown),
        IN_FAKE_WORLD(a_code_that_repeats_a_secret_is_none),
        IN_FAKE_WORLD(escape_sequences_never_reach_the_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
