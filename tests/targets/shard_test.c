#include "credctl/targets/shard.h"

#include "targets_support.h"

static struct cc_shard shard;

static bool read(void **state, const char *text)
{
    struct fake *fake = *state;

    shard = (struct cc_shard){0};
    err = (struct cc_error){0};
    return cc_shard_read(&fake->run, text, &shard, &err);
}

static void a_shard_has_every_nth_target(void **state)
{
    static const char list[] = "000000000000\n000000000001\n000000000001\n000000000002\n"
                               "000000000003\n000000000004\n";

    assert_true(parse(state, list));
    assert_true(read(state, "1/3"));
    cc_targets_shard(&targets, &shard);
    assert_int_equal(targets.count, 2);
    assert_string_equal(targets.rows[0].account, "000000000001");
    assert_string_equal(targets.rows[1].account, "000000000004");
    assert_int_equal(cc_shard_place(&shard, 1), 4);
    assert_true(parse(state, list));
    assert_true(read(state, "99999/100000"));
    cc_targets_shard(&targets, &shard);
    assert_int_equal(targets.count, 0);
}

static void without_the_option_it_is_the_whole_list(void **state)
{
    struct fake *fake = *state;

    assert_true(parse(state, "000000000000\n000000000001\n"));
    assert_true(read(state, NULL));
    cc_targets_shard(&targets, &shard);
    assert_int_equal(targets.count, 2);
    assert_int_equal(cc_shard_place(&shard, 1), 1);
    assert_null(cc_shard_text(&fake->mem, &shard));
    assert_true(read(state, "0/1"));
    cc_targets_shard(&targets, &shard);
    assert_int_equal(targets.count, 2);
    assert_string_equal(cc_shard_text(&fake->mem, &shard), "0/1");
}

static void what_is_not_a_shard_is_refused(void **state)
{
    static const char *const bad[] = {
        "",         "1",     "/",    "1/",     "/2",     "2/2",  "-1/2",  "1/0",   "a/b",
        "0/100001", "1/2/3", "0/2 ", "auto/0", "auto/x", "Auto", "auto/", "0x0/2", "1/99999999999"};

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        assert_false(read(state, bad[i]));
        assert_int_equal(err.code, CC_E_USAGE);
        assert_non_null(strstr(err.what, "--shard"));
        assert_true(err.why[0]);
        assert_int_equal(shard.count, 0);
    }
    assert_true(read(state, "99999/100000"));
}

static void auto_takes_the_first_job_that_is_there(void **state)
{
    struct fake *fake = *state;

    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.why, "CREDCTL_SHARD"));
    assert_non_null(strstr(err.why, "AWS_BATCH_JOB_ARRAY_INDEX"));
    assert_non_null(strstr(err.why, "JOB_COMPLETION_INDEX"));
    fake_env(fake, "JOB_COMPLETION_INDEX", "3");
    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.fix, "auto/N"));
    assert_true(read(state, "auto/5"));
    assert_int_equal(shard.index, 3);
    assert_int_equal(shard.count, 5);
    assert_false(read(state, "auto/3"));
    assert_non_null(strstr(err.what, "JOB_COMPLETION_INDEX is 3"));
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_INDEX", "1");
    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.why, "AWS_BATCH_JOB_ARRAY_SIZE is not"));
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_SIZE", "4");
    assert_true(read(state, "auto"));
    assert_int_equal(shard.index, 1);
    assert_int_equal(shard.count, 4);
    assert_true(read(state, "auto/8"));
    assert_int_equal(shard.count, 8);
    fake_env(fake, "CREDCTL_SHARD", "0/2");
    assert_true(read(state, "auto"));
    assert_int_equal(shard.index, 0);
    assert_int_equal(shard.count, 2);
    assert_true(read(state, "1/7"));
    assert_int_equal(shard.count, 7);
}

static void broken_variables_are_named(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_BATCH_JOB_ARRAY_INDEX", "4");
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_SIZE", "4");
    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.what, "AWS_BATCH_JOB_ARRAY_INDEX is 4"));
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_SIZE", "many");
    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.what, "AWS_BATCH_JOB_ARRAY_SIZE: \"many\""));
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_INDEX", "-1");
    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.what, "AWS_BATCH_JOB_ARRAY_INDEX: \"-1\""));
    fake_env(fake, "CREDCTL_SHARD", "2");
    assert_false(read(state, "auto"));
    assert_non_null(strstr(err.what, "CREDCTL_SHARD: \"2\""));
    assert_int_equal(err.code, CC_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_shard_has_every_nth_target),
        IN_FAKE_WORLD(without_the_option_it_is_the_whole_list),
        IN_FAKE_WORLD(what_is_not_a_shard_is_refused),
        IN_FAKE_WORLD(auto_takes_the_first_job_that_is_there),
        IN_FAKE_WORLD(broken_variables_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
