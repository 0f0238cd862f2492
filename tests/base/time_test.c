#include "credctl/base/time.h"

#include "support/test.h"

#include <stdio.h>
#include <time.h>

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void the_same_moment_is_read_from_every_spelling(void **state)
{
    (void)state;
    static const char *const spellings[] = {
        "2026-11-22T16:08:00Z",         "2026-11-22t16:08:00z",      "2026-11-22 16:08:00",
        "2026-11-22T16:08:00UTC",       "2026-11-22T16:08:00+00:00", "2026-11-22T16:08:00+0000",
        "2026-11-22T16:08:00.999999Z",  "2026-11-22T16:08:00,5Z",    "2026-11-22T17:38:00+01:30",
        "2026-11-22T08:08:00.123-0800", "2026-11-22T16:08:00+00",    "2026-11-23T15:08:00+23:00"};

    for (size_t i = 0; i < CC_COUNT(spellings); i++) {
        int64_t seconds = 0;

        if (!cc_time_from_iso(spellings[i], &seconds) || seconds != 1795363680) {
            fail_msg("%s is %lld", spellings[i], (long long)seconds);
        }
    }
}

static void what_is_no_moment_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    static const char *const refused[] = {"",
                                          "never",
                                          "2026-11-22",
                                          "2026-11-22T16:08Z",
                                          "2026-13-01T00:00:00Z",
                                          "2026-00-01T00:00:00Z",
                                          "2026-01-00T00:00:00Z",
                                          "2026-04-31T00:00:00Z",
                                          "2026-02-29T00:00:00Z",
                                          "2100-02-29T00:00:00Z",
                                          "2026-02-30T00:00:00Z",
                                          "2026-11-22T24:00:00Z",
                                          "2026-11-22T16:60:00Z",
                                          "2026-11-22T16:08:61Z",
                                          "2026-11-22T16:08:00.Z",
                                          "2026-11-22T16:08:00.",
                                          "2026-11-22T16:08:00ZZ",
                                          "2026-11-22T16:08:00+24:00",
                                          "2026-11-22T16:08:00+05:",
                                          "2026-11-22T16:08:00+05:6",
                                          "2026-11-22T16:08:00+05:60",
                                          "2026-11-22T16:08:00+0",
                                          "2026-11-22T16:08:00 PST",
                                          "2026-11-22T16:08:00Z ",
                                          " 2026-11-22T16:08:00Z",
                                          "+2026-11-22T16:08:00Z",
                                          "20261-11-22T16:08:00Z",
                                          "2026-1-22T16:08:00Z"};
    int64_t seconds = -7;

    for (size_t i = 0; i < CC_COUNT(refused); i++) {
        if (cc_time_from_iso(refused[i], &seconds)) {
            fail_msg("%s was taken", refused[i]);
        }
    }
    assert_false(cc_time_from_iso(NULL, &seconds));
    assert_int_equal(seconds, -7);
}

static void the_calendar_is_that_of_the_c_library(void **state)
{
    (void)state;
    for (int64_t at = -62167219200; at < 253402300800; at += 86400 * 97 + 12345) {
        struct tm split;
        time_t copy = (time_t)at;
        char text[64];
        int64_t back = 0;

        assert_non_null(gmtime_r(&copy, &split));
        (void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", split.tm_year + 1900,
                       split.tm_mon + 1, split.tm_mday, split.tm_hour, split.tm_min, split.tm_sec);
        assert_string_equal(cc_time_iso(&mem, at), text);
        assert_true(cc_time_from_iso(text, &back));
        assert_true(back == at);
    }
}

static void leap_days_exist_in_leap_years(void **state)
{
    (void)state;
    int64_t seconds = 0;

    assert_true(cc_time_from_iso("2000-02-29T00:00:00Z", &seconds));
    assert_string_equal(cc_time_iso(&mem, seconds), "2000-02-29T00:00:00Z");
    assert_true(cc_time_from_iso("2028-02-29T23:59:60Z", &seconds));
    assert_string_equal(cc_time_iso(&mem, seconds), "2028-03-01T00:00:00Z");
}

static void times_beyond_the_calendar_are_its_ends(void **state)
{
    (void)state;
    assert_string_equal(cc_time_iso(&mem, INT64_MAX), "9999-12-31T23:59:59Z");
    assert_string_equal(cc_time_iso(&mem, INT64_MIN), "0000-01-01T00:00:00Z");
    assert_string_equal(cc_time_compact(&mem, INT64_MAX), "99991231T235959Z");
    assert_string_equal(cc_time_compact(&mem, -1), "19691231T235959Z");
}

static void an_http_date_is_read_in_the_preferred_form_only(void **state)
{
    (void)state;
    static const char *const refused[] = {"",
                                          "784111777",
                                          "Sunday, 06-Nov-94 08:49:37 GMT",
                                          "Sun Nov  6 08:49:37 1994",
                                          "Sun, 06 Nov 1994 08:49:37",
                                          "Sun, 06 Nov 1994 08:49:37 PST",
                                          "Sun, 06 Nov 1994 08:49:37 +0100",
                                          "Sun, 06 anF 1994 08:49:37 GMT",
                                          "Sun, 06 Xyz 1994 08:49:37 GMT",
                                          "Sun, 31 Feb 1994 08:49:37 GMT",
                                          "Sun, 06",
                                          "Sun, 06 No",
                                          "Sun,"};
    int64_t seconds = 0;

    assert_true(cc_time_from_http("Sun, 06 Nov 1994 08:49:37 GMT", &seconds));
    assert_int_equal(seconds, 784111777);
    for (size_t i = 0; i < CC_COUNT(refused); i++) {
        if (cc_time_from_http(refused[i], &seconds)) {
            fail_msg("%s was taken", refused[i]);
        }
    }
    assert_false(cc_time_from_http(NULL, &seconds));
    assert_int_equal(seconds, 784111777);
}

static void spans_are_told_as_people_tell_them(void **state)
{
    (void)state;
    assert_string_equal(cc_time_span(&mem, 0), "0 s");
    assert_string_equal(cc_time_span(&mem, 119), "119 s");
    assert_string_equal(cc_time_span(&mem, 120), "2 min");
    assert_string_equal(cc_time_span(&mem, 3600), "1 h 0 min");
    assert_string_equal(cc_time_span(&mem, 11520), "3 h 12 min");
    assert_string_equal(cc_time_span(&mem, 172800), "2 days");
    assert_string_equal(cc_time_span(&mem, INT64_MAX), "106751991167300 days");
    assert_string_equal(cc_time_span(&mem, -5000000000), "-5000000000 s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_moment_is_read_from_every_spelling),
        cmocka_unit_test(what_is_no_moment_is_refused_and_nothing_is_written),
        cmocka_unit_test(the_calendar_is_that_of_the_c_library),
        cmocka_unit_test(leap_days_exist_in_leap_years),
        cmocka_unit_test(times_beyond_the_calendar_are_its_ends),
        cmocka_unit_test(an_http_date_is_read_in_the_preferred_form_only),
        cmocka_unit_test(spans_are_told_as_people_tell_them),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
