#include "call_support.h"

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
    assert_false(fake->run.clock_seen);
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

static void a_small_difference_is_seen_and_not_corrected(void **state)
{
    struct fake *fake = *state;
    struct cc_answer answer;
    struct cc_error err;

    assert_false(fake->run.clock_seen);
    fake_http_row(fake, (struct fake_exchange){.url = URL,
                                               .status = 200,
                                               .head = "Date: Fri, 15 Jan 2027 07:58:00 GMT\r\n",
                                               .body = "<ok/>"});
    assert_true(ask(fake, &answer, &err));
    assert_true(fake->run.clock_seen);
    assert_int_equal(fake->run.clock_ahead, -120);
    assert_int_equal(fake->run.skew, 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_clock_is_learnt_from_any_answer_of_the_service),
        IN_FAKE_WORLD(the_clock_is_not_learnt_from_what_stands_in_between),
        IN_FAKE_WORLD(all_calls_under_way_are_made_again_when_the_clock_was_wrong),
        IN_FAKE_WORLD(a_wrong_clock_is_measured_and_the_request_signed_again),
        IN_FAKE_WORLD(a_small_difference_is_seen_and_not_corrected),
        IN_FAKE_WORLD(a_wrong_clock_is_named_when_it_did_not_help),
        IN_FAKE_WORLD(a_wrong_signature_at_the_right_time_is_the_keys_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
