#include "credctl/base/text.h"
#include "credctl/exec/exec.h"
#include "credctl/serve/endpoint.h"

#include "support/fake_machine.h"
#include "support/search.h"

#include <signal.h>

/* `session exec` for one command, whole, in memory. */

static struct fake_machine machine;
static struct cc_exec_options options;
static struct cc_error err;
static struct fake_act act;

static const char *const words[] = {"aws", "s3", "ls", NULL};

static struct fake_act as_told(struct fake_machine *at, const struct cc_child *child)
{
    (void)at;
    assert_false(child->apart);
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
    act = (struct fake_act){0};
    err = (struct cc_error){0};
    options = (struct cc_exec_options){.words = words};
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "PATH", "/bin");
    fake_env(fake, "AWS_REGION", "eu-west-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    return 0;
}

static bool exec(void **state)
{
    struct fake *fake = *state;

    return cc_exec_one(&fake->run, &options, &err);
}

static void the_command_sees_one_source_of_credentials(void **state)
{
    fake_env(*state, "AWS_BEARER_TOKEN_BEDROCK", CANARY);
    fake_env(*state, "KEPT", "yes");
    assert_true(exec(state));
    assert_string_equal(machine.started, "aws s3 ls\n");
    assert_string_equal(fake_child_env(&machine, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
                        "http://127.0.0.1:4711/");
    assert_non_null(fake_child_env(&machine, "AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    assert_null(fake_child_env(&machine, "AWS_ACCESS_KEY_ID"));
    assert_null(fake_child_env(&machine, "AWS_BEARER_TOKEN_BEDROCK"));
    assert_string_equal(fake_child_env(&machine, "AWS_DEFAULT_REGION"), "eu-west-1");
    assert_string_equal(fake_child_env(&machine, "KEPT"), "yes");
    assert_null(fake_child_env(&machine, "AWS_CONFIG_FILE"));
}

static void its_status_is_ours(void **state)
{
    struct fake *fake = *state;

    act.status = 7;
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 7);
    assert_int_equal(machine.died_of, 0);
}

static void a_command_that_died_by_a_signal_takes_us_along(void **state)
{
    struct fake *fake = *state;

    act.signal = SIGINT;
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 130);
    assert_int_equal(machine.died_of, SIGINT);
}

static void a_command_that_cannot_be_started_has_a_shells_status(void **state)
{
    struct fake *fake = *state;

    act.cannot = 127;
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 127);
    assert_non_null(strstr(fake->shown, "cannot run aws"));
    options.env = true;
    act.cannot = 126;
    assert_true(exec(state));
    assert_int_equal(fake->run.exit_status, 126);
}

static void env_gives_it_the_keys_themselves(void **state)
{
    options.env = true;
    options.set_region = "us-west-2";
    fake_env(*state, "AWS_SESSION_TOKEN", "token");
    assert_true(exec(state));
    assert_string_equal(fake_child_env(&machine, "AWS_SECRET_ACCESS_KEY"), CANARY);
    assert_string_equal(fake_child_env(&machine, "AWS_SESSION_TOKEN"), "token");
    assert_string_equal(fake_child_env(&machine, "AWS_REGION"), "us-west-2");
    assert_null(fake_child_env(&machine, "AWS_CONTAINER_CREDENTIALS_FULL_URI"));
    assert_null(machine.plan.visit);
}

static void speak(struct fake_machine *at)
{
    struct cc_endpoint *endpoint = at->plan.about;
    const char *auth =
        cc_textf(&at->fake->mem, "Authorization: %s\r\n", cc_secret_reveal(endpoint->token));

    assert_int_equal(fake_ask(at, "GET", "/", auth).status, 200);
    fake_signal(at, SIGUSR1, true);
    assert_int_equal(at->passed_on, SIGUSR1);
    fake_signal(at, SIGINT, false); /* of the terminal: the command has it already */
    assert_int_equal(at->passed_on, SIGUSR1);
    fake_signal(at, SIGTSTP, false);
    assert_int_equal(at->pauses, 1);
}

static void signals_of_processes_are_passed_on_and_the_terminals_are_not(void **state)
{
    act.lasts_ms = 1000;
    machine.script = speak;
    assert_true(exec(state));
}

static void inside_another_one_it_does_not_start(void **state)
{
    fake_env(*state, "CREDCTL_SESSION", "exec");
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_USAGE);
    options.nested = true;
    assert_true(exec(state));
}

static void other_credentials_than_expected_start_nothing(void **state)
{
    options.expect.account = "999999999999";
    fake_http(*state, "https://sts.eu-west-1.amazonaws.com/", 200,
              "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:"
              "user/u</Arn><UserId>A</UserId><Account>111122223333</Account>"
              "</GetCallerIdentityResult></GetCallerIdentityResponse>");
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_NOT_EXPECTED);
    assert_string_equal(machine.started, "");
}

static void sts_that_says_nothing_starts_nothing(void **state)
{
    options.expect.account = "999999999999";
    fake_env(*state, "AWS_MAX_ATTEMPTS", "1");
    fake_no_answer(*state, "https://sts.eu-west-1.amazonaws.com/", CC_NET_REFUSED);
    assert_false(exec(state));
    assert_string_equal(machine.started, "");
}

static void look_at_copies(struct fake_machine *at)
{
    const char *config = fake_file_text(at->fake, "/private/config");

    assert_int_equal(at->folders, 1);
    assert_string_equal(config, "[default]\nregion = eu-west-1\nendpoint_url = http://x\n");
    assert_string_equal(fake_file_text(at->fake, "/private/credentials"),
                        "[default]\n[b]\naws_access_key_id = B\n");
    assert_string_equal(fake_file_text(at->fake, "/private/boto"), "[Credentials]\n");
}

static void private_copies_take_the_place_of_files_that_would_win(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, CONFIG,
              "[default]\nregion = eu-west-1\nendpoint_url = http://x\nrole_arn = r\n");
    fake_file(fake, CREDENTIALS, "[default]\naws_access_key_id : A\n[b]\naws_access_key_id = B\n");
    fake_file(fake, "/home/u/.boto", "[Credentials]\naws_access_key_id = C\n");
    act.lasts_ms = 1000;
    machine.script = look_at_copies;
    assert_true(exec(state));
    assert_string_equal(fake_child_env(&machine, "AWS_CONFIG_FILE"), "/private/config");
    assert_string_equal(fake_child_env(&machine, "AWS_SHARED_CREDENTIALS_FILE"),
                        "/private/credentials");
    assert_string_equal(fake_child_env(&machine, "BOTO_CONFIG"), "/private/boto");
    assert_int_equal(machine.folders, 0);
}

static void of_two_boto_files_none_wins(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/etc/boto.cfg", "[Credentials]\naws_access_key_id = C\n[Boto]\na = b\n");
    assert_true(exec(state));
    assert_string_equal(fake_child_env(&machine, "BOTO_CONFIG"), "/private/boto");
    fake_file(fake, "/home/u/.boto", "[Boto]\nc = d\n");
    assert_true(exec(state));
    assert_string_equal(fake_child_env(&machine, "BOTO_CONFIG"), "/home/u/.boto");
    fake_env(fake, "BOTO_CONFIG", "/nonexistent");
    assert_true(exec(state));
    assert_string_equal(fake_child_env(&machine, "BOTO_CONFIG"), "/nonexistent");
}

static void look_at_moved(struct fake_machine *at)
{
    assert_string_equal(fake_file_text(at->fake, "/private/config"),
                        "[profile o]\nrole_arn = r\nsource_profile = credctl-default\n");
    assert_string_equal(fake_file_text(at->fake, "/private/credentials"),
                        "[default]\n[credctl-default]\naws_access_key_id = A\n");
}

static void a_profile_that_builds_on_the_default_one_still_can(void **state)
{
    fake_file(*state, CONFIG, "[profile o]\nrole_arn = r\nsource_profile = default\n");
    fake_file(*state, CREDENTIALS, "[default]\naws_access_key_id = A\n");
    act.lasts_ms = 1000;
    machine.script = look_at_moved;
    assert_true(exec(state));
    assert_string_equal(fake_child_env(&machine, "AWS_CONFIG_FILE"), "/private/config");
}

static void without_a_place_for_copies_nothing_starts(void **state)
{
    machine.no_folder = true;
    fake_file(*state, CREDENTIALS, "[default]\naws_access_key_id = A\naws_secret_access_key = B\n");
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_UNWRITABLE);
    assert_string_equal(machine.started, "");
}

static void a_port_that_cannot_be_had_and_a_job_that_does_not_end_are_told(void **state)
{
    machine.cannot_open = true;
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_CONFIG);
    machine.cannot_open = false;
    machine.stuck = true;
    act.status = 3;
    assert_true(exec(state));
    assert_int_equal(machine.left_with, 3);
}

#define EXECS(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXECS(the_command_sees_one_source_of_credentials),
        EXECS(its_status_is_ours),
        EXECS(a_command_that_died_by_a_signal_takes_us_along),
        EXECS(a_command_that_cannot_be_started_has_a_shells_status),
        EXECS(env_gives_it_the_keys_themselves),
        EXECS(signals_of_processes_are_passed_on_and_the_terminals_are_not),
        EXECS(inside_another_one_it_does_not_start),
        EXECS(other_credentials_than_expected_start_nothing),
        EXECS(sts_that_says_nothing_starts_nothing),
        EXECS(private_copies_take_the_place_of_files_that_would_win),
        EXECS(of_two_boto_files_none_wins),
        EXECS(a_profile_that_builds_on_the_default_one_still_can),
        EXECS(without_a_place_for_copies_nothing_starts),
        EXECS(a_port_that_cannot_be_had_and_a_job_that_does_not_end_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
