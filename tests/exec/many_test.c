#include "credctl/serve/endpoint.h"

#include "many_support.h"

#include <stdio.h>

static char given[4096]; /* what the sink was handed, an outcome a word */

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

static void parameters_of_a_row_are_those_of_its_role(void **state)
{
    static const char *const tags[] = {"common=1", NULL};
    struct fake *fake = *state;

    options.targets = "a.json";
    options.target = (struct cc_assume){.session_name = "common", .tags = tags};
    fake_file(fake, "a.json",
              "[{\"name\":\"prod\",\"account_id\":\"000000000001\",\"session_name\":\"own\","
              "\"duration_seconds\":900,\"source_identity\":\"me\",\"tags\":{\"k\":\"v\"},"
              "\"region\":\"us-east-1\",\"trust_policy\":\"t.json\",\"actions\":[\"s3:*\"]},"
              "\"000000000002\"]");
    give(fake);
    assert_true(exec(state));
    assert_string_equal(answer.targets[0].target, "prod");
    assert_non_null(strstr(fake->sent[0].body, "RoleSessionName=own"));
    assert_non_null(strstr(fake->sent[0].body, "DurationSeconds=900"));
    assert_non_null(strstr(fake->sent[0].body, "SourceIdentity=me"));
    assert_non_null(strstr(fake->sent[0].body, "Tags.member.1.Key=k&Tags.member.1.Value=v"));
    assert_null(strstr(fake->sent[0].body, "common"));
    assert_non_null(strstr(fake->sent[1].body, "RoleSessionName=common"));
    assert_non_null(strstr(fake->sent[1].body, "Tags.member.1.Key=common"));
    assert_null(strstr(fake->sent[1].body, "SourceIdentity"));
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
    given[0] = '\0';
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

#define ORGANIZATIONS "https://organizations.us-east-1.amazonaws.com/"
#define DESCRIBED \
    "{\"Organization\":{\"Id\":\"o-1\",\"Arn\":\"a\",\"MasterAccountId\":\"000000000009\"}}"

static void org_takes_the_accounts_of_the_organization(void **state)
{
    struct fake *fake = *state;

    options.targets = "org";
    fake_http(fake, ORGANIZATIONS, 200, DESCRIBED);
    fake_http(fake, ORGANIZATIONS, 200,
              "{\"Accounts\":[{\"Id\":\"000000000008\",\"Status\":\"ACTIVE\"},"
              "{\"Id\":\"000000000009\",\"Status\":\"ACTIVE\"}]}");
    give(fake);
    assert_true(exec(state));
    assert_int_equal(answer.total, 1);
}

static void org_takes_the_chosen_accounts_of_the_organization(void **state)
{
    static const char *const include[] = {"000000000007", NULL};
    static const char *const exclude[] = {"000000000007", NULL};
    struct fake *fake = *state;

    options.targets = "org";
    options.org.include = include;
    for (int i = 0; i < 2; i++) {
        fake_http(fake, ORGANIZATIONS, 200, DESCRIBED);
        fake_http(fake, ORGANIZATIONS, 200,
                  "{\"Account\":{\"Id\":\"000000000007\",\"Status\":\"ACTIVE\"}}");
    }
    give(fake);
    assert_true(exec(state));
    assert_int_equal(answer.total, 1);
    assert_string_equal(machine.started, "./assess 000000000007 0{x}\n");
    options.org.exclude = exclude;
    assert_false(exec(state));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_string_equal(err.fix, "check --ou, --include and --exclude");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXECS(each_target_runs_once_with_its_own_role),
        EXECS(what_describes_the_roles_reaches_sts_however_much_it_is),
        EXECS(one_role_with_two_external_ids_is_two_targets),
        EXECS(parameters_of_a_row_are_those_of_its_role),
        EXECS(a_target_is_told_by_its_path_and_its_token),
        EXECS(lines_bear_the_name_of_their_target),
        EXECS(results_are_given_as_each_ends),
        EXECS(with_an_output_folder_nothing_is_printed),
        EXECS(plain_variables_need_no_endpoint),
        EXECS(the_base_is_asked_for_once_and_again_when_it_is_due),
        EXECS(org_takes_the_accounts_of_the_organization),
        EXECS(org_takes_the_chosen_accounts_of_the_organization),
        EXECS(a_bar_on_a_terminal_and_a_line_elsewhere_tell_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
