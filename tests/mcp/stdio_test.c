#include "credctl/mcp/stdio.h"

#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include "support/command.h"
#include "support/fake_machine.h"
#include "support/test.h"

#include <signal.h>

/* `credctl mcp`, whole, in memory. */

static struct fake_machine machine;

static int begin(void **state)
{
    memset(&machine, 0, sizeof(machine));
    if (fake_setup(state) != 0) {
        return 1;
    }
    fake_machine_install(*state, &machine);
    fake_env(*state, "HOME", "/home/u");
    fake_env(*state, "AWS_EC2_METADATA_DISABLED", "true");
    return 0;
}

#define SERVES(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

static void serve(struct fake *fake, void (*script)(struct fake_machine *at), const char *option,
                  const char *value)
{
    struct asked result;
    struct cc_error err;

    machine.script = script;
    if (!ASK(fake, &result, &err, "mcp", option, value)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(fake->out_len, 0); /* the command line prints nothing by itself */
}

/* What was said since the last look; every line is whole. */
static const char *said(struct fake_machine *at)
{
    const char *text = at->said ? at->said : "";

    at->said = NULL;
    assert_true(text[0] == '\0' || cc_text_ends(text, "\n"));
    return text;
}

static size_t lines(const char *text)
{
    size_t count = 0;

    for (; *text; text++) {
        count += *text == '\n';
    }
    return count;
}

static void says(struct fake_machine *at, const char *line, const char *part)
{
    fake_hear(at, line);
    const char *text = said(at);

    if (!strstr(text, part)) {
        fail_msg("%s is not in %s", part, text);
    }
    assert_int_equal(lines(text), 1);
}

#define CALL(id, meta)                                                                   \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"tools/call\",\"params\":{\"name\":" \
    "\"GetEnvironmentInfo\",\"arguments\":{\"offline\":true}" meta "}}"
#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"ping\"}"
#define INIT(version)                                                      \
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{" \
    "\"protocolVersion\":\"" version "\",\"capabilities\":{},\"clientInfo\":{}}}"
#define CANCEL(id) \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" id "}}"

static void talk(struct fake_machine *at)
{
    says(at, INIT("2025-11-25"), "\"protocolVersion\":\"2025-11-25\"");
    fake_hear(at, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    fake_hear(at, "");
    fake_hear(at, " \t\r");
    assert_string_equal(said(at), "");
    says(at, "nonsense", "-32700");
    says(at, PING("\"a\""), "\"id\":\"a\"");
    says(at, CALL("1", ""), "\"structuredContent\":{\"environment\":\"local\"");
    fake_hear(at, NULL);
}

static void requests_are_answered_line_by_line(void **state)
{
    serve(*state, talk, NULL, NULL);
    assert_true(machine.plan.deaf);
    assert_int_equal(machine.left_with, -1);
}

static void talk_twice(struct fake_machine *at)
{
    says(at, CALL("1", ""), "\"result\":{\"content\"");
    at->fake->ticks += 1500;
    says(at, CALL("2", ""), "\"_meta\":{\"credctl/age_ms\":1500}");
    at->fake->ticks += 30000;
    says(at, CALL("3", ""), "\"result\":{\"content\"");
    fake_hear(at, NULL);
}

static void a_result_that_was_kept_says_its_age(void **state)
{
    serve(*state, talk_twice, NULL, NULL);
}

static void batches(struct fake_machine *at)
{
    static const char both[] = "[" PING("1") "," CALL("2", "") "," CANCEL("9") "]";

    says(at, both, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},{\"jsonrpc\":\"2.0\",\"id\":2");
    says(at, INIT("2025-06-18"), "2025-06-18");
    says(at, both, "-32600");
    says(at, INIT("2025-03-26"), "2025-03-26");
    says(at, both, "[{\"jsonrpc\"");
    fake_hear(at, "[" CANCEL("9") "]");
    assert_string_equal(said(at), "");
    fake_hear(at, NULL);
}

static void a_batch_is_answered_as_one_where_batches_exist(void **state)
{
    serve(*state, batches, NULL, NULL);
}

static void cancels(struct fake_machine *at)
{
    at->hold_jobs = true;
    fake_hear(at, CALL("1", ",\"_meta\":{\"progressToken\":\"t\"}"));
    fake_hear(at, CALL("\"1\"", ""));
    fake_hear(at, CANCEL("1"));
    fake_hear(at, CANCEL("1"));
    fake_hear(at, CANCEL("77"));
    fake_jobs(at);
    const char *text = said(at);
    assert_int_equal(lines(text), 1);
    assert_non_null(strstr(text, "\"id\":\"1\""));
    at->hold_jobs = false;
    says(at, PING("2"), "\"id\":2");
    fake_hear(at, NULL);
}

static void a_cancelled_call_says_nothing_more(void **state)
{
    serve(*state, cancels, NULL, NULL);
}

static void progresses(struct fake_machine *at)
{
    at->hold_jobs = true;
    fake_hear(at, CALL("1", ",\"_meta\":{\"progressToken\":\"t\"}"));
    fake_hear(at, CALL("2", ""));
    for (int i = 0; i < 3; i++) {
        at->fake->ticks += 1000;
        at->plan.tick(at->plan.about, (struct cc_server *)at->server);
    }
    const char *text = said(at);
    assert_int_equal(lines(text), 3);
    assert_non_null(strstr(text, "\"progressToken\":\"t\",\"progress\":1,"));
    assert_non_null(strstr(text, "\"progressToken\":\"t\",\"progress\":2,"));
    assert_non_null(strstr(text, "\"progressToken\":\"t\",\"progress\":3,"));
    fake_jobs(at);
    assert_int_equal(lines(said(at)), 2);
    at->fake->ticks += 5000;
    at->plan.tick(at->plan.about, (struct cc_server *)at->server);
    assert_string_equal(said(at), "");
    at->hold_jobs = false;
    fake_hear(at, NULL);
}

static void progress_increases_and_ends_with_the_call(void **state)
{
    serve(*state, progresses, NULL, NULL);
}

static void floods(struct fake_machine *at)
{
    at->hold_jobs = true;
    at->job_room = 1;
    fake_hear(at, CALL("1", ""));
    assert_string_equal(said(at), "");
    says(at, CALL("2", ""), "\\\"code\\\":\\\"server.busy\\\"");
    fake_jobs(at);
    assert_int_equal(lines(said(at)), 1);
    at->job_room = 0;
    at->hold_jobs = false;
    fake_hear(at, NULL);
}

static void too_many_calls_are_refused_and_not_lost(void **state)
{
    serve(*state, floods, NULL, NULL);
}

static void ends_early(struct fake_machine *at)
{
    at->hold_jobs = true;
    fake_hear(at, CALL("1", ""));
    fake_hear(at, NULL);
    assert_string_equal(said(at), "");
}

static void the_end_of_input_waits_for_calls_but_not_for_ever(void **state)
{
    struct fake *fake = *state;
    const int64_t began = fake->ticks;

    serve(fake, ends_early, NULL, NULL);
    assert_true(fake->ticks - began > 2000 && fake->ticks - began < 5000);
    assert_null(machine.said);
}

static void ends_in_order(struct fake_machine *at)
{
    at->hold_jobs = true;
    fake_hear(at, CALL("1", ""));
    fake_hear(at, NULL);
    at->hold_jobs = false;
}

static void calls_under_way_are_answered_after_the_end_of_input(void **state)
{
    serve(*state, ends_in_order, NULL, NULL);
    assert_int_equal(lines(machine.said), 1);
}

static void is_signalled(struct fake_machine *at)
{
    at->hold_jobs = true;
    fake_hear(at, CALL("1", ""));
    fake_signal(at, SIGTERM, true);
}

static void a_signal_ends_it_at_once(void **state)
{
    serve(*state, is_signalled, NULL, NULL);
    assert_null(machine.said);
}

static void is_cut_off(struct fake_machine *at)
{
    const struct cc_heard broken = {.what = CC_HEARD_BROKEN};
    const struct cc_heard long_one = {.what = CC_HEARD_TOO_LONG};
    struct cc_server *server = (struct cc_server *)at->server;

    at->plan.heard(at->plan.about, server, &long_one);
    assert_non_null(strstr(said(at), "-32600"));
    at->plan.heard(at->plan.about, server, &broken);
}

static void a_line_that_is_too_long_is_answered_and_a_reader_that_left_ends_it(void **state)
{
    serve(*state, is_cut_off, NULL, NULL);
    assert_true(machine.plan.max_line >= (size_t)10 << 20);
}

static void lists(struct fake_machine *at)
{
    fake_hear(at, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
    const char *text = said(at);

    assert_non_null(strstr(text, "\"name\":\"GetEnvironmentInfo\""));
    assert_null(strstr(text, "\"name\":\"TestCrossAccountAccess\""));
    says(at,
         "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":"
         "\"TestCrossAccountAccess\"}}",
         "-32602");
    says(at,
         "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"prompts/get\",\"params\":{\"name\":"
         "\"wa-sec-check-findings\"}}",
         "1. Report");
    fake_hear(at, NULL);
}

static void only_chosen_tools_exist_also_in_prompts(void **state)
{
    serve(*state, lists, "--tools", "GetEnvironmentInfo,GetStoredSecurityContext");
}

static void end_at_once(struct fake_machine *at)
{
    fake_hear(at, NULL);
}

static void who_types_it_in_a_terminal_is_told_what_it_waits_for(void **state)
{
    struct fake *fake = *state;

    serve(fake, end_at_once, NULL, NULL);
    assert_int_equal(fake->shown_len, 0);
    fake->terminal = true;
    serve(fake, end_at_once, NULL, NULL);
    assert_non_null(strstr(fake->shown, "waiting for MCP messages on standard input"));
}

static void options_are_checked(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(ASK(*state, &result, &err, "mcp", "--tools", "GetEnvironment"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_false(ASK(*state, &result, &err, "mcp", "--allow-account", "12"));
    assert_false(ASK(*state, &result, &err, "mcp", "--max-output", "1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(requests_are_answered_line_by_line),
        SERVES(a_result_that_was_kept_says_its_age),
        SERVES(a_batch_is_answered_as_one_where_batches_exist),
        SERVES(a_cancelled_call_says_nothing_more),
        SERVES(progress_increases_and_ends_with_the_call),
        SERVES(too_many_calls_are_refused_and_not_lost),
        SERVES(the_end_of_input_waits_for_calls_but_not_for_ever),
        SERVES(calls_under_way_are_answered_after_the_end_of_input),
        SERVES(a_signal_ends_it_at_once),
        SERVES(a_line_that_is_too_long_is_answered_and_a_reader_that_left_ends_it),
        SERVES(only_chosen_tools_exist_also_in_prompts),
        SERVES(who_types_it_in_a_terminal_is_told_what_it_waits_for),
        SERVES(options_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
