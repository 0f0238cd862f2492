#include "credctl/base/secret.h"

#include "support/test.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void a_secret_is_a_copy(void **state)
{
    (void)state;
    char text[] = CANARY;
    struct cc_secret secret = cc_secret_keep(&mem, text);

    memset(text, 0, sizeof(text));
    assert_string_equal(cc_secret_reveal(secret), CANARY);
    assert_string_equal(cc_secret_reveal(cc_secret_keep(&mem, NULL)), "");
}

static void absent_empty_and_blank_are_told_apart(void **state)
{
    (void)state;
    const struct cc_secret absent = {0};

    assert_false(cc_secret_present(absent));
    assert_false(cc_secret_present(cc_secret_keep(&mem, "")));
    assert_true(cc_secret_present(cc_secret_keep(&mem, " \n")));
}

static void an_absent_secret_is_like_no_other(void **state)
{
    (void)state;
    const struct cc_secret absent = {0};
    struct cc_secret a = cc_secret_keep(&mem, "abc");

    assert_true(cc_secret_same(a, cc_secret_keep(&mem, "abc")));
    assert_false(cc_secret_same(a, cc_secret_keep(&mem, "abd")));
    assert_false(cc_secret_same(a, cc_secret_keep(&mem, "ab")));
    assert_false(cc_secret_same(a, cc_secret_keep(&mem, "abcd")));
    assert_false(cc_secret_same(a, absent));
    assert_false(cc_secret_same(absent, absent));
    assert_false(cc_secret_same(cc_secret_keep(&mem, ""), cc_secret_keep(&mem, "")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_a_copy),
        cmocka_unit_test(absent_empty_and_blank_are_told_apart),
        cmocka_unit_test(an_absent_secret_is_like_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
