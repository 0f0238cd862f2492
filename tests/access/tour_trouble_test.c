#include "tour_support.h"

/* Whole runs in which AWS, the network or the list is not as it should be. */

static void throttled(struct fake *fake, const char *part, int times)
{
    for (int i = 0; i < times; i++) {
        once(fake, part, 400, THROTTLED);
    }
}

static void throttling_ends_with_the_true_result(void **state)
{
    struct fake *fake = *state;

    throttled(fake, "000000000001", 12);
    throttled(fake, "000000000002", 9);
    answers(fake, STS, "000000000002", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_int_equal(target(0)->attempts, 13);
    expect(1, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    assert_int_equal(target(1)->attempts, 9 + 1 + 1); /* and a simulation */
    expect(2, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_int_equal(target(2)->attempts, 1);
    assert_int_equal(fake->run.exit_status, 3);
}

static void throttling_without_an_end_is_told_as_such(void **state)
{
    struct fake *fake = *state;
    const int64_t began = fake->ticks;

    options.role_arns = one_arn;
    options.target_timeout_ms = 20000;
    answers(fake, STS, ASKED_ASSUME, 400, THROTTLED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "aws.throttled", "certain");
    assert_null(target(0)->side);
    assert_int_equal(target(0)->error->code, CC_E_THROTTLED);
    assert_true(fake->ticks - began <= 20000);
    assert_true(target(0)->attempts > 6);
    assert_int_equal(fake->run.exit_status, 254);
}

static void what_aws_said_counts_more_than_the_deadline_that_cut_the_last_try(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.target_timeout_ms = 20000;
    throttled(fake, ASKED_ASSUME, 4);
    hangs(fake, STS, ASKED_ASSUME);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "aws.throttled", "certain");
}

static void throttled_questions_are_asked_again_too(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.check_external_id = true;
    options.target.external_id = "credctl-7f3a9c";
    once(fake, "ExternalId=credctl-7f3a9c", 200, sts_answer(fake, "AssumeRole"));
    throttled(fake, "ExternalId=credctl-check-", 8);
    throttled(fake, ASKED_ASSUME, 8);
    answers(fake, STS, ASKED_ASSUME, 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_string_equal(target(0)->external_id_check, "refused");
    assert_int_equal(target(0)->attempts, 1 + 9 + 9);
}

static void a_target_that_hangs_holds_up_no_other(void **state)
{
    struct fake *fake = *state;
    const int64_t began = fake->ticks;

    options.target_timeout_ms = 5000;
    hangs(fake, STS, "000000000001");
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "network.timeout", "certain");
    assert_string_equal(target(0)->side, "network");
    assert_int_equal(target(0)->attempts, 1);
    expect(1, CC_ACCESS_ALLOWED, NULL, NULL);
    expect(2, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_true(fake->ticks - began < 6000);
    assert_true(target(1)->seconds < 1);
}

static void what_had_no_turn_in_the_time_limit_was_not_run(void **state)
{
    struct fake *fake = *state;

    options.concurrency = 1;
    options.chain.timeout_ms = 10000;
    hangs(fake, STS, ASKED_ASSUME);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "network.timeout", "certain");
    size_t not_run = 0;
    for (size_t i = 1; i < 3; i++) {
        not_run += target(i)->outcome == CC_ACCESS_NOT_RUN;
        assert_int_equal(target(i)->attempts, 0);
    }
    assert_int_equal(not_run, answer.not_run);
    assert_int_equal(answer.not_run, 2);
    assert_int_equal(fake->run.exit_status, 1);
}

static void a_network_that_is_silent_is_told_for_every_target(void **state)
{
    struct fake *fake = *state;

    options.chain.timeout_ms = 6000;
    options.concurrency = 1;
    hangs(fake, STS, NULL);
    assert_true(test_access(state));
    for (size_t i = 0; i < 3; i++) {
        expect(i, CC_ACCESS_ERROR, "network.timeout", "certain");
    }
    assert_null(answer.caller);
    assert_int_equal(asked_for(fake, ASKED_ASSUME),
                     1); /* one confirms what the first call showed */
}

static void a_silent_identity_call_does_not_condemn_the_targets(void **state)
{
    struct fake *fake = *state;

    options.chain.timeout_ms = 10000;
    hangs(fake, STS, ASKED_WHO);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    for (size_t i = 0; i < 3; i++) {
        expect(i, CC_ACCESS_ALLOWED, NULL, NULL);
        assert_null(target(i)->caller);
    }
}

static void who_calls_is_asked_again_when_it_matters(void **state)
{
    struct fake *fake = *state;

    options.chain.timeout_ms = 4000;
    throttled(fake, ASKED_WHO, 3);
    once(fake, ASKED_WHO, 500, "<html>"); /* no reason to give up */
    answers(fake, STS, "000000000002", 403, DENIED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    expect(1, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    assert_non_null(strstr(target(1)->why, "iam:GetRole is not allowed"));
    assert_string_equal(target(1)->caller->arn, CALLER);
}

static void reading_takes_half_of_the_time_at_most(void **state)
{
    struct fake *fake = *state;

    options.chain.timeout_ms = 40000;
    hangs(fake, IAM, NULL);
    answers(fake, STS, "000000000002", 403, DENIED);
    the_rest_is_fine(fake);
    const int64_t began = fake->ticks;
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    expect(1, CC_ACCESS_DENIED, "identity.no_allow", "possible");
    expect(2, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_true(fake->ticks - began <= 21000);
    assert_int_equal(asked_for(fake, "SimulatePrincipalPolicy"),
                     0); /* it would not answer either */
}

/* --- the caller --- */

static void credentials_that_aws_refuses_are_told_for_every_target(void **state)
{
    static const struct {
        const char *body;
        const char *cause;
        int alone;
    } rows[] = {
        {XML_ERROR("ExpiredToken", "The security token included in the request is expired"),
         "credentials.expired", 253},
        {XML_ERROR("InvalidClientTokenId", "is invalid."), "credentials.invalid", 254},
        {XML_ERROR("SignatureDoesNotMatch", "The request signature we calculated does not match"),
         "credentials.invalid", 254},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        fake->sent_count = 0;
        options.role_arns = all_arns;
        answers(fake, STS, ASKED_WHO, 403, rows[i].body);
        answers(fake, STS, ASKED_ASSUME, 403, rows[i].body);
        assert_true(test_access(state));
        for (size_t k = 0; k < 3; k++) {
            expect(k, CC_ACCESS_ERROR, rows[i].cause, "certain");
            assert_string_equal(target(k)->side, "host");
            assert_null(target(k)->caller);
            assert_non_null(target(k)->error);
        }
        /* The caller is asked for beside as many targets as run at once. */
        assert_int_equal(asked_for(fake, ASKED_WHO), 1);
        assert_int_equal(asked_for(fake, ASKED_ASSUME), 2);
        assert_int_equal(target(0)->attempts, 1);
        assert_int_equal(target(2)->attempts, 0);
        assert_int_equal(fake->run.exit_status, 1);
        options.role_arns = one_arn;
        assert_true(test_access(state));
        assert_int_equal(fake->run.exit_status, rows[i].alone);
    }
}

static void a_network_without_an_answer_concerns_its_region(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.json",
              "[{\"role_arn\":\"" A "\"},{\"role_arn\":\"" B "\",\"region\":\"eu-west-1\"}]");
    options.role_arns = NULL;
    options.targets = "/l.json";
    fake_http_row(fake,
                  (struct fake_exchange){.url = STS, .failure = CC_NET_REFUSED, .forever = true});
    answers(fake, "https://sts.eu-west-1.amazonaws.com/", ASKED_ASSUME, 200,
            sts_answer(fake, "AssumeRole"));
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "network.refused", "certain");
    expect(1, CC_ACCESS_ALLOWED, NULL, NULL);
}

static void a_session_that_is_not_valid_in_a_region_is_tried_in_another(void **state)
{
    static const char url[] = "https://sts.ap-east-1.amazonaws.com/";
    struct fake *fake = *state;

    fake_env(fake, "AWS_REGION", "ap-east-1");
    options.role_arns = one_arn;
    answers(fake, url, NULL, 403, XML_ERROR("InvalidClientTokenId", "is invalid."));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "region.disabled", "likely");
    assert_string_equal(target(0)->side, "source");
    assert_non_null(strstr(target(0)->fix, "--region us-east-1"));
    assert_int_equal(target(0)->attempts, 1);

    memset(fake->http, 0, sizeof(fake->http));
    answers(fake, url, NULL, 403, XML_ERROR("InvalidClientTokenId", "is invalid."));
    answers(fake, STS, NULL, 403, XML_ERROR("InvalidClientTokenId", "is invalid."));
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ERROR, "credentials.invalid", "certain");
}

static void a_clock_that_is_wrong_is_told_although_the_call_succeeded(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    fake_http_row(fake, (struct fake_exchange){
                            .url = STS,
                            .part = ASKED_WHO,
                            .status = 403,
                            .body = XML_ERROR("SignatureDoesNotMatch",
                                              "Signature expired: 20270115T080000Z is now earlier"),
                            .head = "Date: Fri, 15 Jan 2027 09:00:00 GMT\r\n"});
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, "clock.skew", "certain");
    assert_string_equal(target(0)->side, "host");
    assert_non_null(strstr(target(0)->why, "this host's clock is 1 h 0 min behind AWS"));
    assert_non_null(target(0)->assumed_role_arn);
    assert_int_equal(fake->run.exit_status, 0);
}

static const char *other_keys(struct fake *fake)
{
    char *text = cc_textf(&fake->mem, "%s", sts_answer(fake, "AssumeRole"));

    memcpy(strstr(text, "ASIAROLE"), "ASIANEWR", strlen("ASIANEWR"));
    return text;
}

static void keys_from_the_cache_that_aws_refuses_are_replaced(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);

    memset(fake->http, 0, sizeof(fake->http));
    fake->sent_count = 0;
    once(fake, ASKED_WHO, 403, XML_ERROR("InvalidClientTokenId", "is invalid."));
    once(fake, ASKED_WHO, 403, XML_ERROR("InvalidClientTokenId", "is invalid."));
    once(fake, ASKED_ASSUME, 200, other_keys(fake));
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    assert_int_equal(asked_for(fake, "Credential=ASIANEWR"), 2); /* who it is, and the target */
}

/* --- answers nobody understands --- */

static void an_answer_that_is_none_is_unknown_and_not_a_denial(void **state)
{
    char *huge = cc_alloc(&((struct fake *)*state)->mem, 1000001);
    const struct {
        int status;
        const char *body;
    } rows[] = {
        {200, ""},
        {200, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA"},
        {200, "{}"},
        {200, memset(huge, 'x', 1000000)},
        {403, "<html>Forbidden</html>"},
        {500, "<html>Internal Server Error</html>"},
        {302, ""},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        memset(fake->http, 0, sizeof(fake->http));
        answers(fake, STS, "000000000001", rows[i].status, rows[i].body);
        the_rest_is_fine(fake);
        assert_true(test_access(state));
        expect(0, CC_ACCESS_ERROR, "unknown", "possible");
        assert_null(target(0)->side);
        assert_null(target(0)->statement);
        assert_non_null(target(0)->error);
        expect(1, CC_ACCESS_ALLOWED, NULL, NULL);
        assert_int_equal(fake->run.exit_status, 3);
    }
}

static void a_probe_that_does_not_get_through_proves_nothing(void **state)
{
    struct fake *fake = *state;

    options.role_arns = one_arn;
    options.target.external_id = "some-id";
    options.target_timeout_ms = 3000;
    answers(fake, STS, "ExternalId=some-id", 403, DENIED);
    answers(fake, STS, ASKED_ASSUME, 400, THROTTLED);
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    expect(0, CC_ACCESS_DENIED, "identity.no_allow", "possible");
}

/* --- the list --- */

static void a_row_that_is_malformed_is_a_result_and_not_asked(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/l.jsonl",
              "{\"name\":\"good\",\"role_arn\":\"" A "\"}\n"
              "{\"name\":\"no-role\"}\n"
              "{\"name\":\"bad-arn\",\"role_arn\":\"arn:aws:iam::1:role/x\"}\n"
              "{\"name\":\"long\",\"role_arn\":\"" B "\",\"session_name\":\"a b\"}\n"
              "{\"name\":\"short\",\"role_arn\":\"" C "\",\"duration_seconds\":60}\n");
    options.role_arns = NULL;
    options.targets = "/l.jsonl";
    the_rest_is_fine(fake);
    assert_true(test_access(state));
    assert_int_equal(answer.total, 5);
    expect(0, CC_ACCESS_ALLOWED, NULL, NULL);
    expect(1, CC_ACCESS_ERROR, "unknown", "certain");
    assert_string_equal(target(1)->target, "no-role");
    assert_null(target(1)->account_id);
    expect(2, CC_ACCESS_ERROR, "unknown", "certain");
    assert_string_equal(target(2)->role_arn, "arn:aws:iam::1:role/x");
    expect(3, CC_ACCESS_ERROR, "role.session_name", "certain");
    expect(4, CC_ACCESS_ERROR, "role.duration", "certain");
    for (size_t i = 1; i < 5; i++) {
        assert_int_equal(target(i)->attempts, 0);
        assert_true(target(i)->error->fix[0] != '\0');
    }
    assert_int_equal(asked_for(fake, ASKED_ASSUME), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOURS(throttling_ends_with_the_true_result),
        TOURS(throttling_without_an_end_is_told_as_such),
        TOURS(what_aws_said_counts_more_than_the_deadline_that_cut_the_last_try),
        TOURS(throttled_questions_are_asked_again_too),
        TOURS(a_target_that_hangs_holds_up_no_other),
        TOURS(what_had_no_turn_in_the_time_limit_was_not_run),
        TOURS(a_network_that_is_silent_is_told_for_every_target),
        TOURS(a_silent_identity_call_does_not_condemn_the_targets),
        TOURS(who_calls_is_asked_again_when_it_matters),
        TOURS(reading_takes_half_of_the_time_at_most),
        TOURS(credentials_that_aws_refuses_are_told_for_every_target),
        TOURS(a_network_without_an_answer_concerns_its_region),
        TOURS(a_session_that_is_not_valid_in_a_region_is_tried_in_another),
        TOURS(a_clock_that_is_wrong_is_told_although_the_call_succeeded),
        TOURS(keys_from_the_cache_that_aws_refuses_are_replaced),
        TOURS(an_answer_that_is_none_is_unknown_and_not_a_denial),
        TOURS(a_probe_that_does_not_get_through_proves_nothing),
        TOURS(a_row_that_is_malformed_is_a_result_and_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
