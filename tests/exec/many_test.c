#include "credctl/base/text.h"
#include "credctl/exec/exec.h"
#include "credctl/serve/endpoint.h"

#include "support/fake_machine.h"
#include "support/search.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* `session exec --targets`, whole, in memory. */

static struct fake_machine machine;
static struct cc_exec_options options;
static struct cc_error err;
static struct fake_act act;
static struct cc_exec_answer answer;
static char given[4096]; /* what the sink was handed, an outcome a word */

static const char *const words[] = {"./assess", "{account}", "{index}{x}", NULL};

static struct fake_act as_told(struct fake_machine *at, const struct cc_child *child)
{
    (void)at;
    assert_true(child->apart);
    return act;
}

static int begin(void **state)
{
    struct fake *fake = NULL;

    if (fake_setup(state) != 0) {
        return 1;
    }
    fake = *state;
    fake_machine_install(fake, &machine);
    machine.act = as_told;
    act = (struct fake_act){.lasts_ms = 100};
    err = (struct cc_error){0};
    answer = (struct cc_exec_answer){0};
    given[0] = '\0';
    options = (struct cc_exec_options){.words = words,
                                       .targets = "accounts.txt",
                                       .role_name = "Audit",
                                       .parallel = 2,
                                       .journal = "/j"};
    fake->setup.output = "json";
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_file(fake, "accounts.txt", "000000000001\n000000000002\n000000000003\n");
    return 0;
}

static int finish(void **state)
{
    return fake_teardown(state);
}

static bool exec(void **state)
{
    struct fake *fake = *state;

    return cc_exec_many(&fake->run, &options, &answer, &err);
}

/* STS gives every role its keys. */
static void give(struct fake *fake)
{
    fake_http_row(fake, (struct fake_exchange){.url = STS,
                                               .status = 200,
                                               .body = sts_answer(fake, "AssumeRole"),
                                               .forever = true});
}

static const char *outcome(size_t i)
{
    assert_true(i < answer.target_count);
    return cc_target_outcomes[answer.targets[i].outcome];
}

static bool take(void *about, struct cc_run *run, const struct cc_shape *shape, const void *result)
{
    const struct cc_target_result *one = result;
    size_t len = strlen(given);

    (void)about;
    (void)run;
    assert_ptr_equal(shape, &cc_target_result_shape);
    (void)snprintf(given + len, sizeof(given) - len, "%s ", cc_target_outcomes[one->outcome]);
    return true;
}

static void each_target_runs_once_with_its_own_role(void **state)
{
    struct fake *fake = *state;

    give(fake);
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(answer.ok, 3);
    assert_int_equal(machine.most_at_once, 2);
    assert_string_equal(machine.started, "./assess 000000000001 0{x}\n./assess 000000000002 1{x}\n"
                                         "./assess 000000000003 2{x}\n");
    assert_string_equal(fake_child_env(&machine, "CREDCTL_TARGET_ACCOUNT"), "000000000003");
    assert_string_equal(fake_child_env(&machine, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
                        "http://127.0.0.1:4711/target/2");
    assert_null(fake_child_env(&machine, "AWS_ACCESS_KEY_ID"));
    assert_int_equal(fake->sent_count, 3);
    assert_non_null(strstr(fake->sent[0].body, "RoleArn=arn%3Aaws%3Aiam%3A%3A000000000001"));
    assert_non_null(strstr(fake_file_text(fake, "/j"), "\"complete\":true"));
}

static void what_describes_the_roles_reaches_sts_however_much_it_is(void **state)
{
    struct fake *fake = *state;
    const char *tags[601] = {NULL};

    for (size_t i = 0; i < 600; i++) {
        tags[i] = cc_textf(&fake->mem, "k%zu=v", i);
    }
    options.target = (struct cc_assume){.external_id = "common", .policy = "{}", .tags = tags};
    fake_file(fake, "accounts.txt", "000000000001\n000000000002,,of-the-line\n");
    give(fake);
    assert_true(exec(state));
    assert_non_null(strstr(fake->sent[0].body, "ExternalId=common"));
    assert_non_null(strstr(fake->sent[0].body, "Tags.member.600.Key=k599"));
    assert_non_null(strstr(fake->sent[1].body, "ExternalId=of-the-line"));
    assert_null(strstr(fake->sent[1].body, "ExternalId=common"));
}

static void one_role_with_two_external_ids_is_two_targets(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "accounts.txt", "000000000001,,ab\n000000000001,,cd\n000000000001,,ab\n");
    give(fake);
    assert_true(exec(state));
    assert_int_equal(answer.total, 2);
    assert_int_equal(fake->sent_count, 2);
    assert_non_null(strstr(fake->sent[0].body, "ExternalId=ab"));
    assert_non_null(strstr(fake->sent[1].body, "ExternalId=cd"));
    options.resume = true;
    assert_true(exec(state));
    assert_int_equal(answer.done_before, 2);
}

static void ask_the_endpoint(struct fake_machine *at)
{
    const char *token = fake_child_env(at, "AWS_CONTAINER_AUTHORIZATION_TOKEN");

    if (!token) {
        return;
    }
    const char *auth = cc_textf(&at->fake->mem, "Authorization: %s\r\n", token);
    at->each_tick = NULL;
    assert_int_equal(fake_ask(at, "GET", "/target/0", auth).status, 200);
    assert_int_equal(fake_ask(at, "GET", "/target/7", "Authorization: x\r\n").status, 401);
    assert_int_equal(fake_ask(at, "GET", "/target/0", "Authorization: x\r\n").status, 401);
    assert_int_equal(fake_ask(at, "GET", "/target/x", "Authorization: x\r\n").status, 401);
}

static void a_target_is_told_by_its_path_and_its_token(void **state)
{
    act.lasts_ms = 1000;
    give(*state);
    machine.each_tick = ask_the_endpoint;
    assert_true(exec(state));
}

static void lines_bear_the_name_of_their_target(void **state)
{
    struct fake *fake = *state;

    fake->setup.output = "text";
    act = (struct fake_act){.out = "one\ntwo\n", .err = "three\n", .status = 1};
    give(fake);
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 3);
    assert_non_null(strstr(fake->out, "000000000001 | one\n000000000001 | two\n"));
    assert_null(strstr(fake->out, "three"));
    assert_non_null(strstr(fake->shown, "000000000003 | three\n"));
    assert_non_null(strstr(fake->shown, "3 targets: 0 ok, 3 failed\n"));
    assert_null(answer.targets);
}

static void results_are_given_as_each_ends(void **state)
{
    static const struct cc_sink sink = {.take = take};
    struct fake *fake = *state;

    fake->setup.output = "jsonl";
    options.fail_fast = true;
    options.parallel = 1;
    act.status = 9;
    give(fake);
    fake->run.sink = &sink;
    assert_true(exec(state));
    assert_string_equal(given, "failed not_run not_run ");
}

static void with_an_output_folder_nothing_is_printed(void **state)
{
    struct fake *fake = *state;

    options.output_dir = "/out";
    options.journal = NULL;
    act.out = "noise\n";
    give(fake);
    assert_true(exec(state));
    assert_null(strstr(fake->shown, "noise"));
    assert_non_null(fake_file_text(fake, "/out/credctl-exec.journal"));
}

static void plain_variables_need_no_endpoint(void **state)
{
    options.env = true;
    give(*state);
    assert_true(exec(state));
    assert_true(machine.plan.deaf);
    assert_string_equal(fake_child_env(&machine, "AWS_SECRET_ACCESS_KEY"), CANARY);
    assert_string_equal(fake_child_env(&machine, "AWS_CREDENTIAL_EXPIRATION"),
                        "2027-01-15T09:00:00Z");
}

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

static struct fake_act first_fails(struct fake_machine *at, const struct cc_child *child)
{
    (void)at;
    return (struct fake_act){.status = cc_text_equal(child->argv[1], "000000000001"),
                             .lasts_ms = 100};
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

static void the_base_is_asked_for_once_and_again_when_it_is_due(void **state)
{
    static const struct cc_assume hub = {.role_arn = ROLE};
    struct fake *fake = *state;

    options.chain.hops = &hub;
    options.chain.hop_count = 1;
    options.chain.no_cache = true;
    options.parallel = 1;
    fake_file(fake, "accounts.txt",
              "000000000001\n000000000002\n000000000003\n000000000004\n000000000005\n");
    act.lasts_ms = 3595 * 1000; /* the hub's hour is over by then */
    give(fake);
    assert_true(exec(state));
    size_t asked = 0;
    for (size_t i = 0; i < fake->sent_count; i++) {
        asked += strstr(fake->sent[i].body, "123456789012") != NULL;
    }
    assert_true(asked >= 2 && asked < 5);
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

static void org_takes_the_accounts_of_the_organization(void **state)
{
    struct fake *fake = *state;

    options.targets = "org";
    fake_http(fake, "https://organizations.us-east-1.amazonaws.com/", 200,
              "{\"Accounts\":[{\"Id\":\"000000000008\",\"Status\":\"ACTIVE\"}]}");
    give(fake);
    assert_true(exec(state));
    assert_int_equal(answer.total, 1);
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

static void a_bar_on_a_terminal_and_a_line_elsewhere_tell_how_far_it_is(void **state)
{
    struct fake *fake = *state;

    fake->terminal = true;
    fake->setup.output = "text";
    act = (struct fake_act){.lasts_ms = 2000, .out = "x\n"};
    give(fake);
    assert_true(exec(state));
    assert_non_null(strstr(fake->shown, "\r[........................] 0/3, 0 failed, 2 running"));
    fake->terminal = false;
    act.lasts_ms = 40000;
    assert_true(exec(state));
    assert_non_null(strstr(fake->shown, "credctl: 0 of 3 done, 0 failed, 2 running"));
}

#define EXECS(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXECS(each_target_runs_once_with_its_own_role),
        EXECS(what_describes_the_roles_reaches_sts_however_much_it_is),
        EXECS(one_role_with_two_external_ids_is_two_targets),
        EXECS(a_target_is_told_by_its_path_and_its_token),
        EXECS(lines_bear_the_name_of_their_target),
        EXECS(results_are_given_as_each_ends),
        EXECS(with_an_output_folder_nothing_is_printed),
        EXECS(plain_variables_need_no_endpoint),
        EXECS(one_that_is_refused_is_an_error_of_its_own),
        EXECS(a_passing_cause_is_tried_again_after_a_pause),
        EXECS(four_times_and_no_more),
        EXECS(time_over_is_a_timeout_and_whoever_does_not_listen_is_made_to_end),
        EXECS(fail_fast_begins_no_more),
        EXECS(a_signal_ends_what_runs_and_begins_no_more),
        EXECS(ctrl_c_ends_the_callers_loop_too_and_twice_is_impatience),
        EXECS(a_command_that_is_not_there_fails_for_each),
        EXECS(a_run_that_did_not_end_is_gone_on_with),
        EXECS(a_mistake_in_the_list_names_file_and_line),
        EXECS(without_credentials_of_its_own_nothing_begins),
        EXECS(the_base_is_asked_for_once_and_again_when_it_is_due),
        EXECS(a_base_that_cannot_be_refreshed_is_each_targets_error),
        EXECS(org_takes_the_accounts_of_the_organization),
        EXECS(a_full_pool_is_tried_again_and_a_stuck_one_ends_the_process),
        EXECS(a_server_that_cannot_be_opened_is_told),
        EXECS(without_a_place_for_copies_nothing_begins),
        EXECS(a_bar_on_a_terminal_and_a_line_elsewhere_tell_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
