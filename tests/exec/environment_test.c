#include "../../src/exec/environment.h"

#include "support/test.h"

static const char *const rows[] = {
    "PATH=/bin",        "AWS_ACCESS_KEY_ID=" CANARY,      "AWS_SECRET_ACCESS_KEY=" CANARY,
    "AWS_PROFILE=p",    "AWS_ASSUME_ROLE_EXTERNAL_ID=x",  "AWS_ROLE_ARN=r",
    "AWS_REGION=old",   "AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_ROLE_ARNS=kept",
    "CREDCTL_SESSION=", "AWS_ACCESS_KEY_ID_X=kept",       NULL,
};

static bool has(const char *const *list, const char *row)
{
    for (; *list; list++) {
        if (strcmp(*list, row) == 0) {
            return true;
        }
    }
    return false;
}

static void what_leads_to_another_identity_goes_and_the_rest_stays(void **state)
{
    struct fake *fake = *state;
    struct cc_child_env env = {.mem = &fake->run.mem};

    cc_child_env_set(&env, "AWS_REGION", "new");
    cc_child_env_set(&env, "AWS_DEFAULT_REGION", NULL);
    const char *const *list = cc_child_env_rows(&env, rows, true);
    assert_true(has(list, "PATH=/bin"));
    assert_true(has(list, "AWS_REGION=new"));
    assert_true(has(list, "AWS_ROLE_ARNS=kept"));
    assert_true(has(list, "AWS_ACCESS_KEY_ID_X=kept"));
    assert_null(list[4]);
}

static void without_clearing_only_what_is_set_is_replaced(void **state)
{
    struct fake *fake = *state;
    struct cc_child_env env = {.mem = &fake->run.mem};

    cc_child_env_set(&env, "AWS_REGION", "new");
    const char *const *list = cc_child_env_rows(&env, rows, false);
    assert_true(has(list, "AWS_PROFILE=p"));
    assert_true(has(list, "AWS_REGION=new"));
    assert_false(has(list, "AWS_REGION=old"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_leads_to_another_identity_goes_and_the_rest_stays),
        IN_FAKE_WORLD(without_clearing_only_what_is_set_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
