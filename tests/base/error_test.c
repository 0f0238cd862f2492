#include "credctl/base/error.h"

#include "credctl/base/text.h"

#include "support/test.h"

static void every_code_has_a_name_a_status_and_a_remedy(void **state)
{
    (void)state;
    static const int statuses[] = {0, 1, 3, 124, 252, 253, 254, 255};

    for (int code = 0; code < CC_E_COUNT; code++) {
        bool known = false;

        assert_true(cc_text_consists(cc_code_name((enum cc_code)code), "._", 40));
        assert_true(strlen(cc_code_remedy((enum cc_code)code)) > 5);
        assert_true(strlen(cc_code_remedy((enum cc_code)code)) < 384);
        for (size_t i = 0; i < CC_COUNT(statuses); i++) {
            known = known || cc_code_exit_status((enum cc_code)code) == statuses[i];
        }
        assert_true(known);
    }
}

static void no_two_codes_share_a_name(void **state)
{
    (void)state;
    for (int a = 0; a < CC_E_COUNT; a++) {
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(cc_code_name((enum cc_code)a), cc_code_name((enum cc_code)b));
        }
    }
}

static void only_ok_has_status_0(void **state)
{
    (void)state;
    assert_int_equal(cc_code_exit_status(CC_E_OK), 0);
    for (int code = 1; code < CC_E_COUNT; code++) {
        assert_int_not_equal(cc_code_exit_status((enum cc_code)code), 0);
    }
}

static void a_failure_is_false_and_brings_the_remedy_of_its_code(void **state)
{
    (void)state;
    struct cc_error err = {.why = "old", .fix = "old"};

    assert_false(cc_fail(&err, CC_E_REGION, "no region for %s", "sts"));
    assert_int_equal(err.code, CC_E_REGION);
    assert_string_equal(err.what, "no region for sts");
    assert_string_equal(err.why, "");
    assert_string_equal(err.fix, "set AWS_REGION, or give --region");
    assert_false(cc_why(&err, "because of %d", 3));
    assert_false(cc_fix(&err, "do %s", "that"));
    assert_string_equal(err.why, "because of 3");
    assert_string_equal(err.fix, "do that");
}

static void a_long_message_is_cut_and_stays_utf8(void **state)
{
    (void)state;
    struct cc_error err;
    char text[2000];

    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'a', shift);
        for (size_t i = shift; i + 3 < sizeof(text); i += 3) {
            memcpy(text + i, "\xe2\x82\xac", 4);
        }
        cc_fail(&err, CC_E_USAGE, "%s", text);
        cc_why(&err, "%s", text);
        cc_fix(&err, "%s", text);
        assert_int_equal(strlen(err.what), sizeof(err.what) - 1);
        assert_true(cc_text_is_utf8(err.what));
        assert_true(cc_text_is_utf8(err.why));
        assert_true(cc_text_is_utf8(err.fix));
    }
}

static void no_control_character_gets_into_an_error(void **state)
{
    (void)state;
    struct cc_error err;

    cc_fail(&err, CC_E_AWS, "%s", "\x1b]0;owned\x07\r\n");
    cc_why(&err, "%s",
           "\xc2\x9b"
           "2J");
    cc_fix(&err, "%s", "a\tb\x7f");
    assert_string_equal(err.what, "?]0;owned???");
    assert_string_equal(err.why, "??2J");
    assert_string_equal(err.fix, "a?b?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_name_a_status_and_a_remedy),
        cmocka_unit_test(no_two_codes_share_a_name),
        cmocka_unit_test(only_ok_has_status_0),
        cmocka_unit_test(a_failure_is_false_and_brings_the_remedy_of_its_code),
        cmocka_unit_test(a_long_message_is_cut_and_stays_utf8),
        cmocka_unit_test(no_control_character_gets_into_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
