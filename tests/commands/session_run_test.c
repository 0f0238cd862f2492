#include "credctl/base/text.h"
#include "credctl/exec/exec.h"

#include "support/command.h"
#include "support/fake_machine.h"
#include "support/search.h"

#include <signal.h>

/* `session serve` and `session exec` as commands: from words to the machine and back. */

static struct fake_machine machine;

static int begin(void **state)
{
    struct fake *fake = NULL;

    if (fake_setup(state) != 0) {
        return 1;
    }
    fake = *state;
    fake_machine_install(fake, &machine);
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    return 0;
}

static void end(struct fake_machine *at)
{
    fake_signal(at, SIGTERM, true);
}

static void serve_listens_where_its_options_say(void **state)
{
    struct asked result;
    struct cc_error err;

    machine.script = end;
    assert_true(ASK(*state, &result, &err, "session", "serve", "--address", "127.0.0.1:8181",
                    "--hop-limit", "3"));
    assert_string_equal(machine.plan.address, "127.0.0.1:8181");
    assert_int_equal(machine.plan.hop_limit, 3);
    assert_false(machine.plan.anywhere);
    assert_null(result.json);
    assert_true(ASK(*state, &result, &err, "session", "serve", "--unix", "/run/c.sock"));
    assert_string_equal(machine.plan.unix_path, "/run/c.sock");
    assert_int_equal(machine.plan.hop_limit, 1);
    assert_false(ASK(*state, &result, &err, "session", "serve", "--hop-limit", "256"));
    assert_int_equal(err.code, CC_E_USAGE);
}

static struct fake_act nine(struct fake_machine *at, const struct cc_child *child)
{
    (void)at;
    assert_false(child->apart);
    return (struct fake_act){.status = 9};
}

static void one_command_speaks_for_itself_and_its_status_is_ours(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    machine.act = nine;
    assert_true(ASK(fake, &result, &err, "session", "exec", "--", "aws", "s3", "ls"));
    assert_int_equal(fake->run.exit_status, 9);
    assert_string_equal(machine.started, "aws s3 ls\n");
    assert_true(result.command->silent(result.answer));
}

static void without_a_command_there_is_nothing_to_run(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(ASK(*state, &result, &err, "session", "exec"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.fix, "session exec -- "));
    assert_false(ASK(*state, &result, &err, "session", "exec", "--parallel", "2", "--", "true"));
    assert_int_equal(err.code, CC_E_USAGE);
}

/* In front of every --role-arn, options of a hop and the time are those of each target. */
static void of_many_targets_there_is_a_table_and_options_in_front_are_each_targets(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "accounts.txt", "000000000001\n000000000002\n");
    fake->setup.output = "json";
    fake_http_row(fake, (struct fake_exchange){.url = STS,
                                               .status = 200,
                                               .body = sts_answer(fake, "AssumeRole"),
                                               .forever = true});
    assert_true(ASK(fake, &result, &err, "session", "exec", "--targets", "accounts.txt",
                    "--role-name", "Audit", "--external-id", "common", "--timeout", "5",
                    "--journal", "/j", "--", "./assess", "{account}"));
    const struct cc_exec_answer *answer = result.answer;
    assert_int_equal(answer->ok, 2);
    assert_false(result.command->silent(result.answer));
    assert_non_null(strstr(fake->sent[1].body, "ExternalId=common"));
    assert_string_equal(machine.started, "./assess 000000000001\n./assess 000000000002\n");
    asked_as_in_schema(fake, &result);
}

static void inside_another_exec_it_runs_only_when_that_is_meant(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    assert_true(ASK(fake, &result, &err, "session", "exec", "--", "true"));
    for (size_t i = 0; machine.env[i]; i++) {
        const char *equals = strchr(machine.env[i], '=');

        if (cc_text_starts(machine.env[i], "CREDCTL_")) {
            fake_env(fake,
                     cc_text_dup(&fake->mem, machine.env[i], (size_t)(equals - machine.env[i])),
                     equals + 1);
        }
    }
    assert_false(ASK(fake, &result, &err, "session", "exec", "--", "true"));
    assert_non_null(strstr(err.fix, "--nested"));
    assert_true(ASK(fake, &result, &err, "session", "exec", "--nested", "--", "true"));
}

#define RUNS(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUNS(serve_listens_where_its_options_say),
        RUNS(one_command_speaks_for_itself_and_its_status_is_ours),
        RUNS(without_a_command_there_is_nothing_to_run),
        RUNS(of_many_targets_there_is_a_table_and_options_in_front_are_each_targets),
        RUNS(inside_another_exec_it_runs_only_when_that_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
