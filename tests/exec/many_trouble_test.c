#include "many_support.h"

#include <signal.h>

static void one_that_is_refused_is_an_error_of_its_own(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, STS, 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
              "</ErrorResponse>");
    give(fake);
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 3);
    assert_string_equal(outcome(0), "error");
    assert_string_equal(outcome(1), "ok");
    assert_non_null(strstr(fake->shown, "000000000001 | credctl: "));
}

static void a_passing_cause_is_tried_again_after_a_pause(void **state)
{
    struct fake *fake = *state;
    int64_t before = fake->ticks;

    fake_env(fake, "AWS_MAX_ATTEMPTS", "1");
    fake_file(fake, "accounts.txt", "000000000001\n");
    for (int i = 0; i < 3; i++) {
        fake_no_answer(fake, STS, CC_NET_REFUSED);
    }
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    assert_true(exec(state));
    assert_string_equal(outcome(0), "ok");
    assert_true(fake->ticks - before >= 7000); /* 1, 2 and 4 s */
}

static void four_times_and_no_more(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_MAX_ATTEMPTS", "1");
    fake_file(fake, "accounts.txt", "000000000001\n");
    for (int i = 0; i < 4; i++) {
        fake_no_answer(fake, STS, CC_NET_REFUSED);
    }
    assert_true(exec(state));
    assert_string_equal(outcome(0), "error");
    assert_string_equal(machine.started, "");
}

static void time_over_is_a_timeout_and_whoever_does_not_listen_is_made_to_end(void **state)
{
    struct fake *fake = *state;
    int64_t before = fake->ticks;

    options.timeout_ms = 1000;
    options.parallel = 3;
    act = (struct fake_act){.lasts_ms = 100000, .deaf = true};
    give(fake);
    assert_true(exec(state));
    assert_string_equal(outcome(0), "timeout");
    assert_true(fake->ticks - before >= 6000 && fake->ticks - before < 8000);
    assert_int_equal(fake->run.exit_status, 3);
}

static void fail_fast_begins_no_more(void **state)
{
    options.fail_fast = true;
    options.parallel = 1;
    machine.act = first_fails;
    give(*state);
    assert_true(exec(state));
    assert_int_equal(answer.failed, 1);
    assert_int_equal(answer.not_run, 2);
}

static void interrupt(struct fake_machine *at)
{
    fake_jobs(at);
    fake_signal(at, SIGINT, at->about != NULL);
}

static void a_signal_ends_what_runs_and_begins_no_more(void **state)
{
    struct fake *fake = *state;

    act.lasts_ms = 100000;
    machine.script = interrupt;
    machine.about = &machine;
    give(fake);
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 130);
    assert_int_equal(answer.failed, 2);
    assert_int_equal(answer.not_run, 1);
    assert_int_equal(machine.died_of, 0);
    assert_null(strstr(fake_file_text(fake, "/j"), "complete"));
}

static void interrupt_twice(struct fake_machine *at)
{
    interrupt(at);
    interrupt(at);
}

static void ctrl_c_ends_the_callers_loop_too_and_twice_is_impatience(void **state)
{
    struct fake *fake = *state;
    int64_t before = fake->ticks;

    act = (struct fake_act){.lasts_ms = 100000, .deaf = true};
    machine.script = interrupt_twice;
    give(fake);
    assert_true(exec(state));
    assert_int_equal(machine.died_of, SIGINT);
    assert_true(fake->ticks - before < 1000);
}

static void a_command_that_is_not_there_fails_for_each(void **state)
{
    struct fake *fake = *state;

    act.cannot = 127;
    give(fake);
    assert_true(exec(state));
    assert_int_equal(answer.failed, 3);
    assert_non_null(strstr(fake->shown, "000000000002 | credctl: cannot run ./assess"));
}

static void a_run_that_did_not_end_is_gone_on_with(void **state)
{
    struct fake *fake = *state;

    options.fail_fast = true;
    options.parallel = 1;
    machine.act = first_fails;
    give(fake);
    assert_true(exec(state));
    const char *whole = fake_file_text(fake, "/j");
    const char *last = strstr(whole, "{\"complete\"");
    fake_file(fake, "/j", last ? cc_text_dup(&fake->mem, whole, (size_t)(last - whole)) : whole);
    assert_false(exec(state));
    assert_non_null(strstr(err.fix, "--resume"));
    options.resume = true;
    options.fail_fast = false;
    machine.act = as_told;
    assert_true(exec(state));
    assert_int_equal(answer.ok, 3);
    options.words = &words[1];
    assert_false(exec(state));
    assert_non_null(strstr(err.why, "another command"));
    fake_file(fake, "/j", "not a journal\n");
    assert_false(exec(state));
    assert_non_null(strstr(err.why, "not a journal"));
}

static void a_target_with_another_name_is_not_done(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "accounts.txt", "name,account\na,000000000001\nb,000000000001\n");
    give(fake);
    assert_true(exec(state));
    fake_file(fake, "accounts.txt", "name,account\nb,000000000001\nc,000000000001\n");
    options.resume = true;
    assert_true(exec(state));
    assert_string_equal(outcome(0), "done_before");
    assert_string_equal(outcome(1), "ok");
}

static void a_shard_runs_its_targets_only(void **state)
{
    struct fake *fake = *state;

    options.shard = "1/2";
    give(fake);
    assert_true(exec(state));
    assert_int_equal(answer.total, 1);
    assert_string_equal(answer.targets[0].account, "000000000002");
    assert_string_equal(machine.started, "./assess 000000000002 1{x}\n");
    assert_string_equal(fake_child_env(&machine, "CREDCTL_TARGET_INDEX"), "1");
    assert_string_equal(fake_child_env(&machine, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
                        "http://127.0.0.1:4711/target/0");
}

static void a_shard_without_targets_succeeds_without_credentials(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_SECRET_ACCESS_KEY", NULL);
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_INDEX", "5");
    fake_env(fake, "AWS_BATCH_JOB_ARRAY_SIZE", "6");
    options.shard = "auto";
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(answer.total, 0);
    assert_int_equal(fake->sent_count, 0);
    assert_non_null(strstr(fake_file_text(fake, "/j"), "\"shard\":\"5/6\""));
    fake_file(fake, "accounts.txt", "# none\n");
    assert_false(exec(state));
    assert_non_null(strstr(err.what, "contains no targets"));
}

static void two_shards_do_not_share_a_journal(void **state)
{
    static const char *const others[] = {"1/2", "0/3", NULL};

    options.shard = "0/2";
    give(*state);
    assert_true(exec(state));
    for (size_t i = 0; i < CC_COUNT(others); i++) {
        for (int resume = 0; resume < 2; resume++) {
            options.shard = others[i];
            options.resume = resume;
            assert_false(exec(state));
            assert_non_null(strstr(err.why, "written for shard 0/2"));
            assert_non_null(strstr(err.fix, "--journal"));
        }
    }
    options.shard = "0/2";
    assert_true(exec(state));
    assert_int_equal(answer.done_before, 2);
}

static void a_mistake_in_the_list_names_file_and_line(void **state)
{
    fake_file(*state, "accounts.txt",
              "\xef\xbb\xbf"
              "000000000001\n\nnothing\n");
    assert_false(exec(state));
    assert_non_null(strstr(err.what, "accounts.txt, line 3"));
    options.targets = "-";
    machine.input = "x\n";
    assert_false(exec(state));
    assert_non_null(strstr(err.what, "standard input, line 1"));
    machine.input = "# none\n";
    assert_false(exec(state));
    assert_non_null(strstr(err.what, "contains no targets"));
    options.targets = "nowhere";
    assert_false(exec(state));
}

static void without_credentials_of_its_own_nothing_begins(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_ACCESS_KEY_ID", "");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", "");
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_NO_KEYS);
    assert_null(fake_file_text(fake, "/j"));
}

static void a_base_that_cannot_be_refreshed_is_each_targets_error(void **state)
{
    static const struct cc_assume hub = {.role_arn = ROLE};
    struct fake *fake = *state;

    options.chain.hops = &hub;
    options.chain.hop_count = 1;
    options.chain.no_cache = true;
    options.parallel = 1;
    fake_file(fake, "accounts.txt", "000000000001\n000000000002\n000000000003\n000000000004\n");
    act.lasts_ms = 3 * 3600 * 1000;
    for (int i = 0; i < 3; i++) {
        fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    }
    fake_http_row(fake, (struct fake_exchange){
                            .url = STS,
                            .status = 403,
                            .body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no"
                                    "</Message></Error></ErrorResponse>",
                            .forever = true});
    assert_true(exec(state));
    assert_string_equal(outcome(0), "ok");
    assert_string_equal(outcome(3), "error");
}

static void a_full_pool_is_tried_again_and_a_stuck_one_ends_the_process(void **state)
{
    machine.job_room = 1;
    machine.stuck = true;
    options.parallel = 3;
    give(*state);
    assert_true(exec(state));
    assert_int_equal(answer.ok, 3);
    assert_int_equal(machine.left_with, 0);
}

static void a_server_that_cannot_be_opened_is_told(void **state)
{
    machine.cannot_open = true;
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_CONFIG);
}

static void without_a_place_for_copies_nothing_begins(void **state)
{
    machine.no_folder = true;
    fake_file(*state, CREDENTIALS, "[default]\naws_access_key_id = A\naws_secret_access_key = B\n");
    assert_false(exec(state));
    assert_string_equal(machine.started, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXECS(one_that_is_refused_is_an_error_of_its_own),
        EXECS(a_passing_cause_is_tried_again_after_a_pause),
        EXECS(four_times_and_no_more),
        EXECS(time_over_is_a_timeout_and_whoever_does_not_listen_is_made_to_end),
        EXECS(fail_fast_begins_no_more),
        EXECS(a_signal_ends_what_runs_and_begins_no_more),
        EXECS(ctrl_c_ends_the_callers_loop_too_and_twice_is_impatience),
        EXECS(a_command_that_is_not_there_fails_for_each),
        EXECS(a_run_that_did_not_end_is_gone_on_with),
        EXECS(a_target_with_another_name_is_not_done),
        EXECS(a_shard_runs_its_targets_only),
        EXECS(a_shard_without_targets_succeeds_without_credentials),
        EXECS(two_shards_do_not_share_a_journal),
        EXECS(a_mistake_in_the_list_names_file_and_line),
        EXECS(without_credentials_of_its_own_nothing_begins),
        EXECS(a_base_that_cannot_be_refreshed_is_each_targets_error),
        EXECS(a_full_pool_is_tried_again_and_a_stuck_one_ends_the_process),
        EXECS(a_server_that_cannot_be_opened_is_told),
        EXECS(without_a_place_for_copies_nothing_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
