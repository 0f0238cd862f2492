#include "credctl/base/text.h"

#include "support/scripted.h"

static void in_the_advisory_window_one_refreshes_and_nobody_waits(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    fake->locked_until = fake->ticks + 100000;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(fake->slept, 0);
    fake->locked_until = 0;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
    assert_null(hopped.got.story.from_cache.cache);
}

static void the_last_minute_is_no_time_to_hand_out(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 60;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_caller_may_want_more_time(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 1800;
    hopped.policy.least = 1800;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    hopped.policy.least = 1801;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static const char *kept; /* what another process wrote while we waited */

static void another_wrote(struct fake *fake)
{
    fake_file(fake, kept, fake_file_text(fake, "/elsewhere"));
}

static void who_waited_uses_what_the_other_fetched(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    kept = entry_of(fake);
    fake_file(fake, "/elsewhere", fake_file_text(fake, kept));
    fake_file(fake, kept, NULL);
    fake->locked_until = fake->ticks + 500;
    fake->on_lock = another_wrote;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_in_range(fake->slept, 400, 800);
    assert_int_equal(chain.asked, 1);
}

static void waiting_has_an_end_and_then_nothing_is_written(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->locked_until = INT64_MAX;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_in_range(fake->slept, 29000, 31000);
    assert_null(entry_of(fake));
}

static void waiting_ends_with_the_time_of_the_run(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->locked_until = INT64_MAX;
    fake->run.deadline_ms = fake->ticks + 1000;
    ask(fake, &hopped);
    assert_in_range(fake->slept, 900, 1100);
}

static void without_locks_the_chain_is_asked_and_nothing_written(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->lock_never = true;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_null(entry_of(fake));
    assert_int_equal(hopped.got.search.warning_count, 0);
}

static void valid_keys_serve_when_their_refresh_fails(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_UNREACHABLE;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(hopped.got.search.warning_count, 1);
    assert_non_null(strstr(hopped.got.search.warnings[0], "the source says no"));
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2); /* the failure is remembered */
    assert_int_equal(hopped.got.search.warning_count, 0);
    fake->now += 601;
    chain.fails = CC_E_OK;
    assert_string_equal(ask(fake, &hopped), "ASIA3");
}

static void expired_keys_serve_for_an_hour_and_then_no_more(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    chain.fails = CC_E_TIMEOUT;
    fake->now += 3600 + 60;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_non_null(strstr(hopped.got.search.warnings[1], "expired"));
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2);
    fake->now += 299; /* the source is left alone for five minutes at least ... */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2);
    fake->now += 302; /* ... and ten at most */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 3);
    fake->now += 3600 - 60 - 299 - 302 + 1;
    assert_null(ask(fake, &hopped));
    assert_int_equal(hopped.got.why.code, CC_E_TIMEOUT);
}

static void an_ended_login_serves_what_is_valid_and_nothing_else(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    chain.fails = CC_E_SSO_LOGIN;
    fake->now += 3600 - 600;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->now += 600;
    assert_null(ask(fake, &hopped));
    assert_int_equal(hopped.got.why.code, CC_E_SSO_LOGIN);
}

static void a_denial_is_remembered_for_seconds(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    chain.fails = CC_E_DENIED;
    assert_null(ask(fake, &hopped));
    assert_null(ask(fake, &hopped));
    assert_int_equal(chain.asked, 1);
    assert_int_equal(hopped.got.why.code, CC_E_DENIED);
    assert_string_equal(hopped.got.why.what, "the source says no");
    assert_string_equal(hopped.got.why.why, "it was told to");
    fake->now += 6;
    chain.fails = CC_E_OK;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void what_may_pass_is_not_remembered(void **state)
{
    static const enum cc_code codes[] = {CC_E_UNREACHABLE, CC_E_TIMEOUT, CC_E_THROTTLED,
                                         CC_E_AWS,         CC_E_TLS,     CC_E_MFA};

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        struct asked hopped = ONE_HOP;

        chain.fails = codes[i];
        assert_null(ask(*state, &hopped));
        assert_int_equal(chain.asked, i + 1);
        assert_null(entry_of(*state));
    }
}

static void a_wrong_code_can_be_corrected_at_once(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "profile",
                "[default]\nrole_arn = " ROLE "\nsource_profile = b\nmfa_serial = m\n"
                "[profile b]\naws_access_key_id = A\naws_secret_access_key = B\n");
    chain.fails = CC_E_DENIED;
    plain.got.search.token_code = (struct cc_secret){"111111"};
    assert_null(ask(fake, &plain));
    chain.fails = CC_E_OK;
    plain.got.search.token_code = (struct cc_secret){"222222"};
    assert_string_equal(ask(fake, &plain), "ASIA2");
    plain.got.search.token_code = (struct cc_secret){0};
    assert_string_equal(ask(fake, &plain), "ASIA2"); /* and nobody is asked twice */
}

static void hang(struct fake *fake)
{
    assert_in_range(fake->run.deadline_ms, fake->ticks + 1, fake->ticks + 5000);
    fake->ticks = fake->run.deadline_ms;
}

static void a_source_that_hangs_costs_one_process_five_seconds(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_DEADLINE;
    chain.meanwhile = hang;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(fake->run.deadline_ms, 0);
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 2);
}

static void nobody_is_asked_for_a_code_before_he_must(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "profile",
                "[default]\nrole_arn = " ROLE "\nsource_profile = b\nmfa_serial = m\n"
                "[profile b]\naws_access_key_id = A\naws_secret_access_key = B\n");
    ask(fake, &plain);
    fake->now += 3600 - 61;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    fake->now += 1;
    assert_string_equal(ask(fake, &plain), "ASIA2");
}

static void a_limit_of_ones_own_is_nobody_elses(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_UNREACHABLE;
    fake->run.offline = true;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->run.offline = false;
    chain.fails = CC_E_OK;
    assert_string_equal(ask(fake, &hopped), "ASIA3");
}

static void a_clock_that_was_set_back_does_not_prolong_keys(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now -= 61;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void short_lived_keys_are_kept_and_serve_when_their_source_fails(void **state)
{
    static const int64_t ages[] = {50, 160}; /* of 100: 50 s left; ended a minute ago */
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(ages); i++) {
        struct asked hopped = ONE_HOP;
        char *name = cc_textf(&fake->mem, "%d", (int)i);

        fake_env(fake, "AWS_ACCESS_KEY_ID", name);
        chain.asked = 0;
        chain.lifetime = 100;
        chain.fails = CC_E_OK;
        assert_string_equal(ask(fake, &hopped), "ASIA1");
        fake->now += ages[i];
        chain.fails = CC_E_AWS; /* HTTP 503 */
        chain.passes = true;
        assert_string_equal(ask(fake, &hopped), "ASIA1");
        assert_true(hopped.got.search.warning_count > 0);
        assert_string_equal(ask(fake, &hopped), "ASIA1");
        assert_int_equal(chain.asked, 2); /* it is left alone */
    }
}

static void what_does_not_pass_is_an_error_once_the_old_ones_have_ended(void **state)
{
    static const enum cc_code codes[] = {CC_E_EXPIRED,    CC_E_DENIED,    CC_E_AWS,
                                         CC_E_BAD_ANSWER, CC_E_SSO_LOGIN, CC_E_BAD_KEYS,
                                         CC_E_PROCESS};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        struct asked hopped = ONE_HOP;

        fake_env(fake, "AWS_ACCESS_KEY_ID", cc_textf(&fake->mem, "%d", (int)i));
        chain.fails = CC_E_OK;
        assert_non_null(ask(fake, &hopped));
        fake->now += 3590;
        chain.fails = codes[i];
        assert_non_null(ask(fake, &hopped));
        fake->now += 11;
        assert_null(ask(fake, &hopped));
        assert_int_equal(hopped.got.why.code, codes[i]);
        chain.fails = CC_E_UNREACHABLE; /* which does not make them good again */
        fake->now += 6;
        assert_null(ask(fake, &hopped));
    }
}

static void an_expired_answer_is_a_failed_refresh(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    ask(fake, &hopped);
    fake->now += 3600 - 900;
    chain.fails = CC_E_EXPIRED;
    chain.passes = true; /* as the chain has it */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->now += 1000;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
}

static void where_asking_costs_a_person_something_what_is_usable_will_do(void **state)
{
    struct fake *fake = *state;
    struct asked plain = {0};

    use_profile(fake, "process", "[default]\ncredential_process = x\n");
    plain.policy.least = 900;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    fake->now += 3600 - 60;
    assert_string_equal(ask(fake, &plain), "ASIA1");
    fake->now += 1;
    assert_string_equal(ask(fake, &plain), "ASIA2");
}

static void another_fetched(struct fake *fake)
{
    fake->on_lock = NULL;
    chain.lifetime = 900;
    struct asked other = ONE_HOP;
    fake->locked_until = 0;
    ask(fake, &other);
}

static void who_waited_takes_what_was_fetched_meanwhile_however_short(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    hopped.policy.least = 900;
    fake->locked_until = fake->ticks + 100;
    fake->on_lock = another_fetched;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(chain.asked, 1);
    fake->now += 1;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_source_that_gives_less_is_not_asked_for_more(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    chain.lifetime = 899;
    hopped.policy.least = 900;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_string_equal(ask(fake, &hopped), "ASIA1");
}

static void lifetimes_are_judged_on_the_clock_of_aws(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->run.skew = -7200; /* ours is two hours ahead */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->run.skew = 0; /* another process: the entry tells it */
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    assert_int_equal(fake->run.skew, -7200);
    fake->run.skew = 0;
    fake->now -= 7200; /* the clock was set right */
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

static void a_clock_that_was_set_right_long_ago_is_not_believed_to_be_wrong(void **state)
{
    struct fake *fake = *state;
    struct asked hopped = ONE_HOP;

    fake->run.skew = -7200;
    assert_string_equal(ask(fake, &hopped), "ASIA1");
    fake->run.skew = 0;
    fake->now += 3700; /* 10900 s later, of which 7200 were taken back */
    fake->ticks += 10900 * 1000;
    assert_string_equal(ask(fake, &hopped), "ASIA2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CACHE(in_the_advisory_window_one_refreshes_and_nobody_waits),
        IN_CACHE(the_last_minute_is_no_time_to_hand_out),
        IN_CACHE(a_caller_may_want_more_time),
        IN_CACHE(who_waited_uses_what_the_other_fetched),
        IN_CACHE(waiting_has_an_end_and_then_nothing_is_written),
        IN_CACHE(waiting_ends_with_the_time_of_the_run),
        IN_CACHE(without_locks_the_chain_is_asked_and_nothing_written),
        IN_CACHE(valid_keys_serve_when_their_refresh_fails),
        IN_CACHE(expired_keys_serve_for_an_hour_and_then_no_more),
        IN_CACHE(an_ended_login_serves_what_is_valid_and_nothing_else),
        IN_CACHE(a_denial_is_remembered_for_seconds),
        IN_CACHE(what_may_pass_is_not_remembered),
        IN_CACHE(a_wrong_code_can_be_corrected_at_once),
        IN_CACHE(a_source_that_hangs_costs_one_process_five_seconds),
        IN_CACHE(nobody_is_asked_for_a_code_before_he_must),
        IN_CACHE(a_limit_of_ones_own_is_nobody_elses),
        IN_CACHE(a_clock_that_was_set_back_does_not_prolong_keys),
        IN_CACHE(short_lived_keys_are_kept_and_serve_when_their_source_fails),
        IN_CACHE(what_does_not_pass_is_an_error_once_the_old_ones_have_ended),
        IN_CACHE(an_expired_answer_is_a_failed_refresh),
        IN_CACHE(where_asking_costs_a_person_something_what_is_usable_will_do),
        IN_CACHE(who_waited_takes_what_was_fetched_meanwhile_however_short),
        IN_CACHE(a_source_that_gives_less_is_not_asked_for_more),
        IN_CACHE(lifetimes_are_judged_on_the_clock_of_aws),
        IN_CACHE(a_clock_that_was_set_right_long_ago_is_not_believed_to_be_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
