#include "credctl/cache/live.h"

#include "support/test.h"

#define NOW 1800000000

static struct cc_live live_for(int64_t lifetime)
{
    struct cc_arena mem = {0};
    struct cc_live live = {0};
    const struct cc_keys keys = {
        .access_key_id = "ASIA",
        .secret_key = cc_secret_keep(&mem, CANARY),
        .expires = NOW + lifetime,
    };

    cc_live_install(&live, &keys, NOW);
    cc_arena_wipe(&mem);
    return live;
}

static struct cc_error error_of(enum cc_code code)
{
    struct cc_error err;

    cc_fail(&err, code, "no");
    return err;
}

static void the_advisory_window_follows_from_the_lifetime_at_the_fetch(void **state)
{
    (void)state;
    assert_int_equal(cc_live_advisory(15 * 60), 5 * 60);
    assert_int_equal(cc_live_advisory(20 * 60), 5 * 60);
    assert_int_equal(cc_live_advisory(20 * 60 + 1), 15 * 60);
    assert_int_equal(cc_live_advisory(90 * 60 - 1), 15 * 60);
    assert_int_equal(cc_live_advisory(90 * 60), 60 * 60);
    assert_int_equal(cc_live_advisory(-5), 5 * 60);
}

static void what_is_needed_changes_at_the_edges_of_the_windows(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);
    assert_int_equal(cc_live_need(&live, NOW), CC_NEED_NOTHING);
    assert_int_equal(cc_live_need(&live, NOW + 3600 - 901), CC_NEED_NOTHING);
    assert_int_equal(cc_live_need(&live, NOW + 3600 - 900), CC_NEED_SOON);
    assert_int_equal(cc_live_need(&live, NOW + 3600 - 61), CC_NEED_SOON);
    assert_int_equal(cc_live_need(&live, NOW + 3600 - 60), CC_NEED_NOW);
    assert_int_equal(cc_live_need(&live, NOW + 9999), CC_NEED_NOW);
    cc_live_wipe(&live);
    assert_int_equal(cc_live_need(&live, NOW), CC_NEED_NOW);
}

static void keys_without_an_end_are_never_refreshed(void **state)
{
    (void)state;
    struct cc_live live = {0};
    const struct cc_keys keys = {.access_key_id = "AKIA", .expires = CC_NEVER_EXPIRES};

    cc_live_install(&live, &keys, NOW);
    assert_int_equal(cc_live_need(&live, INT64_MAX - 1), CC_NEED_NOTHING);
    cc_live_wipe(&live);
}

static void the_window_of_a_process_is_ten_seconds(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);

    live.from_process = true;
    assert_int_equal(cc_live_need(&live, NOW + 3600 - 11), CC_NEED_NOTHING);
    assert_int_equal(cc_live_need(&live, NOW + 3600 - 10), CC_NEED_NOW);
    cc_live_wipe(&live);
}

static void after_a_failure_the_old_ones_serve_past_their_expiry(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);
    const struct cc_error err = error_of(CC_E_TIMEOUT);

    for (uint32_t random = 0; random < 2000; random += 7) {
        assert_true(cc_live_failed(&live, &err, NOW + 3590, random));
        assert_in_range(live.retry_at, NOW + 3590 + 300, NOW + 3590 + 600);
        assert_int_equal(cc_live_need(&live, live.retry_at - 1), CC_NEED_NOTHING);
        assert_int_equal(cc_live_need(&live, live.retry_at), CC_NEED_NOW);
    }
    assert_string_equal(cc_secret_reveal(live.keys.secret_key), CANARY);
    cc_live_wipe(&live);
}

static void a_failure_before_the_last_minute_leaves_that_for_another_try(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);
    const struct cc_error err = error_of(CC_E_TIMEOUT);

    assert_true(cc_live_failed(&live, &err, NOW + 3000, 300));
    assert_int_equal(live.retry_at, NOW + 3540);
    assert_true(cc_live_failed(&live, &err, NOW + 3540, 300));
    assert_int_equal(live.retry_at, NOW + 3540 + 600);
    cc_live_wipe(&live);
}

static void an_hour_past_their_expiry_they_are_over_whatever_failed(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);
    const struct cc_error err = error_of(CC_E_TIMEOUT);

    assert_true(cc_live_failed(&live, &err, NOW + 7200, 300));
    assert_int_equal(cc_live_need(&live, NOW + 7200), CC_NEED_NOTHING);
    assert_int_equal(cc_live_need(&live, NOW + 7201), CC_NEED_NOW);
    assert_false(cc_live_failed(&live, &err, NOW + 7201, 300));
    cc_live_wipe(&live);
}

static void without_old_ones_the_failure_is_told_and_tried_again_soon(void **state)
{
    (void)state;
    struct cc_live live = {0};
    const struct cc_error err = error_of(CC_E_TIMEOUT);

    for (uint32_t random = 0; random < 20; random++) {
        assert_false(cc_live_failed(&live, &err, NOW, random));
        assert_in_range(live.retry_at, NOW + 2, NOW + 5);
        assert_int_equal(cc_live_need(&live, NOW), CC_NEED_NOW);
    }
}

static void a_login_that_ended_is_told_at_once_and_ends_what_expires(void **state)
{
    (void)state;
    static const enum cc_code codes[] = {CC_E_SSO_LOGIN, CC_E_LOGIN, CC_E_MFA, CC_E_CONFIG};

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        struct cc_live live = live_for(3600);
        const struct cc_error err = error_of(codes[i]);

        assert_true(cc_live_final(codes[i]));
        assert_false(cc_live_failed(&live, &err, NOW + 3000, 3));
        assert_in_range(live.retry_at, NOW + 3001, NOW + 3005);
        live.retry_at = NOW + 9000;
        assert_int_equal(cc_live_need(&live, NOW + 3600), CC_NEED_NOW);
        cc_live_wipe(&live);
    }
}

static void a_denial_leaves_the_old_ones_until_they_expire_and_no_longer(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);
    const struct cc_error denied = error_of(CC_E_DENIED);
    const struct cc_error lost = error_of(CC_E_UNREACHABLE);

    assert_true(cc_live_failed(&live, &denied, NOW + 3599, 0));
    assert_int_equal(cc_live_need(&live, NOW + 3599), CC_NEED_NOTHING);
    assert_int_equal(cc_live_need(&live, NOW + 3600), CC_NEED_NOW);
    assert_false(cc_live_failed(&live, &lost, NOW + 3601, 0)); /* it does not become a maybe */
    cc_live_wipe(&live);
}

static void new_ones_may_be_copies_of_the_old(void **state)
{
    (void)state;
    struct cc_live live = live_for(3600);
    const struct cc_keys same = live.keys;

    live.retry_at = NOW + 9999;
    live.ended = true;
    cc_live_install(&live, &same, NOW + 10);
    assert_string_equal(live.keys.access_key_id, "ASIA");
    assert_string_equal(cc_secret_reveal(live.keys.secret_key), CANARY);
    assert_int_equal(live.retry_at, 0);
    assert_false(live.ended);
    cc_live_wipe(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_advisory_window_follows_from_the_lifetime_at_the_fetch),
        cmocka_unit_test(what_is_needed_changes_at_the_edges_of_the_windows),
        cmocka_unit_test(keys_without_an_end_are_never_refreshed),
        cmocka_unit_test(the_window_of_a_process_is_ten_seconds),
        cmocka_unit_test(after_a_failure_the_old_ones_serve_past_their_expiry),
        cmocka_unit_test(a_failure_before_the_last_minute_leaves_that_for_another_try),
        cmocka_unit_test(an_hour_past_their_expiry_they_are_over_whatever_failed),
        cmocka_unit_test(without_old_ones_the_failure_is_told_and_tried_again_soon),
        cmocka_unit_test(a_login_that_ended_is_told_at_once_and_ends_what_expires),
        cmocka_unit_test(a_denial_leaves_the_old_ones_until_they_expire_and_no_longer),
        cmocka_unit_test(new_ones_may_be_copies_of_the_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
