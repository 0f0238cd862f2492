#include "support/test.h"

struct heard {
    const struct cc_shape *shape;
    const void *last;
    int count;
    bool full;
};

static bool hear(void *about, struct cc_run *run, const struct cc_shape *shape, const void *result)
{
    struct heard *heard = about;

    (void)run;
    heard->shape = shape;
    heard->last = result;
    heard->count++;
    return !heard->full;
}

static void a_result_goes_to_the_sink_and_its_refusal_comes_back(void **state)
{
    struct fake *fake = *state;
    struct heard heard = {0};
    const struct cc_sink sink = {hear, &heard};
    const int result = 7;

    assert_true(cc_give(&fake->run, NULL, &result)); /* nobody listens */
    assert_int_equal(heard.count, 0);
    fake->run.sink = &sink;
    assert_true(cc_give(&fake->run, NULL, &result));
    assert_ptr_equal(heard.last, &result);
    heard.full = true;
    assert_false(cc_give(&fake->run, NULL, &result));
    assert_int_equal(heard.count, 2);
}

static void only_what_is_grave_enough_is_logged(void **state)
{
    struct fake *fake = *state;

    cc_log(&fake->run, CC_INFO, "a.b", CC_N("n", 1));
    assert_int_equal(fake->shown_len, 0);
    cc_log_from(&fake->run, CC_INFO);
    cc_log(&fake->run, CC_INFO, "a.b", CC_N("n", 1));
    assert_non_null(strstr(fake->shown, "a.b"));
    assert_int_equal(fake->setup.level, CC_ERROR); /* the settings of others are as they were */
}

static void a_run_without_settings_logs_errors(void **state)
{
    struct fake *fake = *state;

    fake->run.setup = NULL;
    cc_log(&fake->run, CC_WARN, "c.d");
    assert_int_equal(fake->shown_len, 0);
    cc_log(&fake->run, CC_ERROR, "c.d");
    assert_non_null(strstr(fake->shown, "c.d"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_result_goes_to_the_sink_and_its_refusal_comes_back),
        IN_FAKE_WORLD(only_what_is_grave_enough_is_logged),
        IN_FAKE_WORLD(a_run_without_settings_logs_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
