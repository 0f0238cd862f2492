#include "credctl/aws/expect.h"

#include "credctl/aws/arn.h"

#include "support/test.h"

#define ROLE_B "arn:aws:iam::444455556666:role/path/B"

static void the_role_of_an_arn_is_its_last_name(void **state)
{
    struct fake *fake = *state;

    assert_string_equal(cc_role_of_arn(&fake->mem, ROLE_B), "B");
    assert_string_equal(cc_role_of_arn(&fake->mem, "arn:aws:sts::111122223333:assumed-role/A/me"),
                        "A");
    assert_null(cc_role_of_arn(&fake->mem, "arn:aws:iam::111122223333:user/A"));
    assert_null(cc_role_of_arn(&fake->mem, "A"));
    assert_null(cc_role_of_arn(&fake->mem, NULL));
}

struct expectation {
    const char *account;
    const char *role;
    const char *is_account;
    const char *is_arn;
    const char *reason; /* part of it; NULL: met */
};

static void an_identity_is_expected_by_account_and_by_role_name_or_arn(void **state)
{
    struct fake *fake = *state;
    static const char session[] = "arn:aws:sts::111122223333:assumed-role/Audit/me";
    static const struct expectation rows[] = {
        {NULL, NULL, NULL, NULL, NULL},
        {"111122223333", NULL, "111122223333", NULL, NULL},
        {"111122223333", NULL, "444455556666", NULL, "the account is 444455556666, not 1111"},
        {"111122223333", NULL, NULL, NULL, "the account is not known"},
        {NULL, "Audit", NULL, session, NULL},
        {NULL, "Aud*", NULL, session, NULL},
        {NULL, "arn:aws:sts::*:assumed-role/Audit/*", NULL, session, NULL},
        {NULL, "audit", NULL, session, "does not match"},
        {NULL, "Aud", NULL, session, "does not match"},
        {NULL, "*", NULL, NULL, "the role is not known"},
        {"111122223333", "Other", "111122223333", session, "does not match"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_expect expect = {rows[i].account, rows[i].role};
        const struct cc_expect_of of = {.account = rows[i].is_account, .arn = rows[i].is_arn};
        const struct cc_expectation *judged = cc_expect_judge(&fake->mem, &expect, &of);
        struct cc_error err = {0};
        const bool met = cc_expect_met(&fake->mem, &expect, &of, &err);

        assert_int_equal(judged != NULL, cc_expect_given(&expect));
        if (met != (rows[i].reason == NULL) || (judged && judged->met != met)) {
            fail_msg("row %zu: %s", i, met ? "met" : err.why);
        }
        if (!met) {
            assert_int_equal(err.code, CC_E_NOT_EXPECTED);
            assert_non_null(strstr(err.why, rows[i].reason));
            assert_string_equal(judged->reason, err.why);
        }
    }
}

static void a_role_that_is_known_by_its_name_only_is_judged_by_it(void **state)
{
    struct fake *fake = *state;
    const struct cc_expect_of of = {.role_name = "app"};

    assert_true(cc_expect_judge(&fake->mem, &(struct cc_expect){.role = "ap*"}, &of)->met);
    assert_string_equal(cc_expect_judge(&fake->mem, &(struct cc_expect){.role = "b*"}, &of)->reason,
                        "the identity app does not match b*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_role_of_an_arn_is_its_last_name),
        IN_FAKE_WORLD(an_identity_is_expected_by_account_and_by_role_name_or_arn),
        IN_FAKE_WORLD(a_role_that_is_known_by_its_name_only_is_judged_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
