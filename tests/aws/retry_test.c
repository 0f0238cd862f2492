#include "credctl/aws/retry.h"

#include "support/test.h"

static struct cc_response answered(int status)
{
    return (struct cc_response){.failure = CC_NET_ANSWERED, .status = status};
}

static void a_lost_answer_is_worth_another_try_and_a_bad_certificate_is_not(void **state)
{
    static const struct {
        enum cc_failure failure;
        enum cc_retry kind;
    } rows[] = {
        {CC_NET_CUT, CC_RETRY_TRANSIENT},     {CC_NET_SILENT, CC_RETRY_TRANSIENT},
        {CC_NET_REFUSED, CC_RETRY_TRANSIENT}, {CC_NET_CONNECT_TIMEOUT, CC_RETRY_TRANSIENT},
        {CC_NET_TLS, CC_RETRY_NOT},           {CC_NET_NAME, CC_RETRY_TRANSIENT},
        {CC_NET_TLS_CUT, CC_RETRY_TRANSIENT}, {CC_NET_TOO_BIG, CC_RETRY_NOT},
        {CC_NET_OTHER, CC_RETRY_NOT},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_response response = {.failure = rows[i].failure};

        assert_int_equal(cc_retry_of(&response, NULL, NULL), rows[i].kind);
    }
}

static void the_code_decides_before_the_status(void **state)
{
    static const char *const more[] = {"InvalidIdentityToken", NULL};
    static const struct {
        const char *code;
        int status;
        enum cc_retry kind;
    } rows[] = {
        {"Throttling", 400, CC_RETRY_THROTTLED},
        {"SlowDown", 503, CC_RETRY_THROTTLED},
        {"RequestLimitExceeded", 400, CC_RETRY_THROTTLED},
        {"IDPCommunicationError", 400, CC_RETRY_TRANSIENT},
        {"InvalidIdentityToken", 400, CC_RETRY_TRANSIENT},
        {"ValidationError", 400, CC_RETRY_NOT},
        {"AccessDenied", 403, CC_RETRY_NOT},
        {"ExpiredToken", 400, CC_RETRY_NOT},
        {"RegionDisabledException", 403, CC_RETRY_NOT},
        {"MalformedPolicyDocument", 400, CC_RETRY_NOT},
        {NULL, 429, CC_RETRY_THROTTLED},
        {NULL, 500, CC_RETRY_TRANSIENT},
        {NULL, 502, CC_RETRY_TRANSIENT},
        {NULL, 503, CC_RETRY_TRANSIENT},
        {NULL, 504, CC_RETRY_TRANSIENT},
        {NULL, 501, CC_RETRY_NOT},
        {NULL, 400, CC_RETRY_NOT},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_response response = answered(rows[i].status);

        assert_int_equal(cc_retry_of(&response, rows[i].code, more), rows[i].kind);
    }
    const struct cc_response response = answered(400);
    assert_int_equal(cc_retry_of(&response, "InvalidIdentityToken", NULL), CC_RETRY_NOT);
}

static void a_wait_is_shorter_than_its_ceiling(void **state)
{
    struct fake *fake = *state;
    int wait = 0;
    static const struct {
        enum cc_retry kind;
        int made;
        int64_t ceiling;
    } rows[] = {
        {CC_RETRY_TRANSIENT, 1, 50},     {CC_RETRY_TRANSIENT, 2, 100},
        {CC_RETRY_TRANSIENT, 3, 200},    {CC_RETRY_THROTTLED, 1, 1000},
        {CC_RETRY_THROTTLED, 2, 2000},   {CC_RETRY_THROTTLED, 6, 20000},
        {CC_RETRY_THROTTLED, 60, 20000},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_retries retries = {.most = 100, .made = rows[i].made};

        assert_true(cc_retry_later(&fake->run, &retries, rows[i].kind, -1, &wait));
        assert_true(wait <= rows[i].ceiling);
        assert_true(wait > rows[i].ceiling / 4); /* the fake's dice always fall the same */
    }
}

static void the_service_may_ask_for_more_but_not_for_much_more(void **state)
{
    struct fake *fake = *state;
    struct cc_retries retries = {.most = 9, .made = 1};
    int computed = 0;
    int wait = 0;

    assert_true(cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, -1, &computed));
    assert_true(cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, 1500, &wait));
    assert_int_equal(wait, 1500);
    assert_true(cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, 3600000, &wait));
    assert_int_equal(wait, computed + 5000);
    assert_true(cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, 0, &wait));
    assert_int_equal(wait, computed);
    assert_int_equal(fake->slept, 0);
}

static void a_pause_beside_us_grows_with_the_attempts(void **state)
{
    struct fake *fake = *state;
    int wait = 0;

    for (int made = 1; made < 4; made++) {
        const struct cc_retries retries = {.most = 4, .made = made};

        assert_true(cc_retry_soon(&fake->run, &retries, 100, &wait));
        assert_in_range(wait, 100 * made, 100 * made + 99);
    }
    assert_false(cc_retry_soon(&fake->run, &(struct cc_retries){.most = 4, .made = 4}, 100, &wait));
    fake->run.deadline_ms = fake->ticks + 100;
    assert_false(cc_retry_soon(&fake->run, &(struct cc_retries){.most = 4, .made = 1}, 100, &wait));
}

static void parts_of_a_run_share_its_quota(void **state)
{
    struct fake *fake = *state;
    struct cc_run part = cc_run_part(&fake->run);
    struct cc_run smaller = cc_run_part(&part);
    struct cc_retries retries = {.most = 3, .made = 1};
    int wait = 0;

    assert_true(cc_retry_later(&smaller, &retries, CC_RETRY_TRANSIENT, -1, &wait));
    assert_int_equal(fake->run.retry_spent, 14);
    cc_retry_succeeded(&part, &retries);
    assert_int_equal(fake->run.retry_spent, 0);
}

static void attempts_come_to_an_end(void **state)
{
    struct fake *fake = *state;
    struct cc_retries retries = {.most = 3, .made = 3};
    int wait = 0;

    assert_false(cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, -1, &wait));
    retries.made = 1;
    assert_false(cc_retry_later(&fake->run, &retries, CC_RETRY_NOT, -1, &wait));
    assert_int_equal(fake->slept, 0);
}

static void the_quota_of_a_run_comes_to_an_end_and_grows_again(void **state)
{
    struct fake *fake = *state;
    struct cc_retries retries = {.most = 3, .made = 1};
    int waits = 0;
    int wait = 0;

    while (cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, -1, &wait)) {
        waits++;
    }
    assert_int_equal(waits, 500 / 14);
    cc_retry_succeeded(&fake->run, &retries); /* after a retry: its cost comes back */
    assert_true(cc_retry_later(&fake->run, &retries, CC_RETRY_TRANSIENT, -1, &wait));
    fake->run.retry_spent = 1;
    cc_retry_succeeded(&fake->run, &(struct cc_retries){.made = 1});
    cc_retry_succeeded(&fake->run, &(struct cc_retries){.made = 1});
    assert_int_equal(fake->run.retry_spent, 0);
}

static void no_wait_goes_past_the_deadline(void **state)
{
    struct fake *fake = *state;
    struct cc_retries retries = {.most = 3, .made = 1};
    int wait = 0;

    fake->run.deadline_ms = fake->ticks + 10;
    assert_false(cc_retry_later(&fake->run, &retries, CC_RETRY_THROTTLED, -1, &wait));
    assert_int_equal(fake->slept, 0);
    assert_int_equal(fake->run.retry_spent, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_lost_answer_is_worth_another_try_and_a_bad_certificate_is_not),
        IN_FAKE_WORLD(the_code_decides_before_the_status),
        IN_FAKE_WORLD(a_wait_is_shorter_than_its_ceiling),
        IN_FAKE_WORLD(the_service_may_ask_for_more_but_not_for_much_more),
        IN_FAKE_WORLD(a_pause_beside_us_grows_with_the_attempts),
        IN_FAKE_WORLD(parts_of_a_run_share_its_quota),
        IN_FAKE_WORLD(attempts_come_to_an_end),
        IN_FAKE_WORLD(the_quota_of_a_run_comes_to_an_end_and_grows_again),
        IN_FAKE_WORLD(no_wait_goes_past_the_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
