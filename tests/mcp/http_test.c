#include "credctl/mcp/http.h"

#include "credctl/base/text.h"

#include "support/command.h"
#include "support/fake_machine.h"
#include "support/test.h"

#include <signal.h>

/* `credctl mcp --listen`, whole, in memory. */

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

static bool serve_with(struct fake *fake, void (*script)(struct fake_machine *at),
                       const char *option, const char *value, struct cc_error *err)
{
    struct asked result;

    machine.script = script;
    return ASK(fake, &result, err, "mcp", "--listen", "127.0.0.1:4711", option, value);
}

static void serve(struct fake *fake, void (*script)(struct fake_machine *at))
{
    struct cc_error err;

    if (!serve_with(fake, script, NULL, NULL, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    assert_non_null(strstr(fake->shown, "serving MCP on http://127.0.0.1:4711/mcp\n"));
    assert_int_equal(fake->out_len, 0);
}

#define JSON "Content-Type: application/json\r\n"
#define BOTH JSON "Accept: application/json, text/event-stream\r\n"
#define HEADERS \
    "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: GetEnvironmentInfo\r\n"
#define META                                                        \
    "\"_meta\":{\"" CC_MCP_META "protocolVersion\":\"2026-07-28\"," \
    "\"" CC_MCP_META "clientCapabilities\":{},\"progressToken\":7}"
#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
#define CALL_OF(name, more)                                                                \
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"" name \
    "\",\"arguments\":{\"offline\":true}" more "}}"
#define CALL(more) CALL_OF("GetEnvironmentInfo", more)

static struct fake_answer post(struct fake_machine *at, const char *fields, const char *body)
{
    const uint32_t turn = fake_send(at, "POST", "/mcp", fields, body);

    if (!at->hold_jobs) {
        fake_jobs(at);
    }
    return fake_answer_of(at, turn);
}

static void end(struct fake_machine *at)
{
    fake_signal(at, SIGTERM, true);
}

static void tick(struct fake_machine *at, int ms)
{
    at->fake->ticks += ms;
    at->plan.tick(at->plan.about, (struct cc_server *)at->server);
}

static void ask(struct fake_machine *at)
{
    struct fake_answer got = post(at, BOTH, PING);

    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    assert_non_null(strstr(got.text, "Content-Type: application/json\r\n"));
    got = post(at, JSON "Accept: */*\r\n", CALL(""));
    assert_non_null(strstr(got.body, "\"structuredContent\":{\"environment\":\"local\""));
    got = post(at,
               JSON "Mcp-Session-Id: foreign\r\nX-Amzn-Bedrock-AgentCore-Runtime-Session-Id: "
                    "s\r\n",
               PING);
    assert_int_equal(got.status, 200);
    assert_null(strstr(got.text, "Mcp-Session-Id"));
    got = post(at, JSON, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    assert_int_equal(got.status, 202);
    assert_string_equal(got.body, "");
    got = post(at, JSON, "[" PING "]");
    assert_string_equal(got.body, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]");
    got = post(at, JSON "MCP-Protocol-Version: 2025-06-18\r\n", "[" PING "]");
    assert_int_equal(got.status, 400);
    end(at);
}

static void messages_are_answered(void **state)
{
    serve(*state, ask);
    assert_int_equal(machine.plan.max_body, CC_MCP_BODY_MAX);
    assert_true(machine.plan.chunks);
    assert_false(machine.plan.anyone || machine.plan.anywhere);
}

static void refuse(struct fake_machine *at)
{
    assert_int_equal(post(at, BOTH, "nonsense").status, 400);
    assert_int_equal(post(at, "Content-Type: text/plain\r\n", PING).status, 415);
    assert_int_equal(post(at, "", PING).status, 415);
    assert_int_equal(post(at, JSON "Accept: text/html\r\n", PING).status, 406);
    assert_int_equal(post(at, "Content-Type: application/json; charset=utf-8\r\n", PING).status,
                     200);
    assert_int_equal(post(at, JSON "Accept: application/*;q=0.5\r\n", PING).status, 200);
    assert_int_equal(post(at, JSON "Host: evil.example\r\n", PING).status, 403);
    assert_int_equal(post(at, JSON "Origin: http://evil.example\r\n", PING).status, 403);
    assert_int_equal(post(at, JSON "MCP-Protocol-Version: 2026-07-28\r\n", PING).status, 400);
    struct fake_answer got = fake_ask(at, "GET", "/mcp", "");
    assert_int_equal(got.status, 405);
    assert_non_null(strstr(got.text, "Allow: POST\r\n"));
    assert_int_equal(fake_ask(at, "DELETE", "/mcp", "").status, 405);
    assert_int_equal(fake_ask(at, "GET", "/", "").status, 404);
    assert_int_equal(fake_ask(at, "GET", "/.well-known/oauth-protected-resource", "").status, 404);
    got = post(at, BOTH HEADERS,
               "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\",\"params\":{" META "}}");
    assert_int_equal(got.status, 400); /* Mcp-Method says tools/call */
    end(at);
}

static void what_is_not_for_it_is_refused(void **state)
{
    serve(*state, refuse);
}

static void look_healthy(struct fake_machine *at)
{
    assert_int_equal(fake_ask(at, "GET", "/healthz", "Host: 10.0.0.7:8000\r\n").status, 200);
    assert_string_equal(fake_ask(at, "GET", "/ping", "").body, "{\"status\":\"Healthy\"}");
    end(at);
}

static void health_is_told_to_everyone(void **state)
{
    serve(*state, look_healthy);
}

static void stream(struct fake_machine *at)
{
    at->hold_jobs = true;
    const uint32_t turn = fake_send(at, "POST", "/mcp", BOTH HEADERS, CALL("," META));
    tick(at, 1000);
    struct fake_answer got = fake_answer_of(at, turn);
    assert_true(got.open);
    assert_non_null(strstr(got.text, "Content-Type: text/event-stream\r\n"));
    assert_non_null(strstr(got.text, "X-Accel-Buffering: no\r\n"));
    assert_non_null(strstr(got.body, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":"
                                     "\"notifications/progress\""));
    fake_jobs(at);
    got = fake_answer_of(at, turn);
    assert_false(got.open);
    assert_non_null(strstr(got.body, "\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,"
                                     "\"result\":{\"resultType\":\"complete\""));
    assert_true(cc_text_ends(got.body, "}\n\n"));
    end(at);
}

static void progress_makes_a_stream_of_the_answer(void **state)
{
    serve(*state, stream);
}

static void wait_long(struct fake_machine *at)
{
    at->hold_jobs = true;
    const uint32_t one = fake_send(at, "POST", "/mcp", BOTH, CALL(""));
    const uint32_t two =
        fake_send(at, "POST", "/mcp", JSON "Accept: application/json\r\n", CALL(""));
    tick(at, 14000);
    assert_int_equal(fake_answer_of(at, one).status, 0);
    tick(at, 1000);
    assert_string_equal(fake_answer_of(at, one).body, ":\n\n");
    tick(at, 15000);
    assert_string_equal(fake_answer_of(at, one).body, ":\n\n:\n\n");
    assert_int_equal(fake_answer_of(at, two).status, 0);
    fake_jobs(at);
    assert_false(fake_answer_of(at, one).open);
    assert_int_equal(fake_answer_of(at, two).status, 200);
    end(at);
}

static void a_slow_call_keeps_its_connection_open(void **state)
{
    serve(*state, wait_long);
}

static void only_events(struct fake_machine *at)
{
    const struct fake_answer got = post(at, JSON "Accept: text/event-stream\r\n", PING);

    assert_non_null(strstr(got.text, "text/event-stream"));
    assert_string_equal(got.body,
                        "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
    end(at);
}

static void a_client_that_reads_only_streams_gets_one(void **state)
{
    serve(*state, only_events);
}

static void leave_modern(struct fake_machine *at)
{
    at->hold_jobs = true;
    const uint32_t turn = fake_send(at, "POST", "/mcp", BOTH HEADERS, CALL("," META));
    fake_leave(at, turn);
    fake_leave(at, turn + 100); /* nobody's */
    tick(at, 20000);
    fake_jobs(at);
    assert_int_equal(fake_answer_of(at, turn).status, 0);
    const uint32_t legacy = fake_send(at, "POST", "/mcp", BOTH, CALL(""));
    fake_leave(at, legacy);
    tick(at, 20000);
    fake_jobs(at);
    assert_int_equal(fake_answer_of(at, legacy).status, 0);
    end(at);
}

static void whoever_left_gets_nothing_more(void **state)
{
    serve(*state, leave_modern);
}

static void flood(struct fake_machine *at)
{
    at->hold_jobs = true;
    at->job_room = 1;
    (void)fake_send(at, "POST", "/mcp", BOTH, CALL(""));
    const struct fake_answer got = post(at, BOTH, CALL(""));
    assert_int_equal(got.status, 503);
    assert_non_null(strstr(got.text, "Retry-After: 1\r\n"));
    assert_non_null(strstr(got.body, "server.busy"));
    fake_jobs(at);
    end(at);
}

static void too_many_calls_are_told_to_come_again(void **state)
{
    serve(*state, flood);
}

static void refusals(struct fake_machine *at)
{
    struct cc_buf body = cc_buf_new(&at->fake->mem, 1000);

    at->plan.refusal(413, "the body is too long", &body);
    assert_string_equal(body.text, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":"
                                   "\"the body is too long\"}}");
    end(at);
}

static void the_servers_own_refusals_are_errors_of_the_protocol(void **state)
{
    serve(*state, refusals);
}

static void with_token(struct fake_machine *at)
{
    const struct fake_answer got = post(at, BOTH, PING);

    assert_int_equal(got.status, 401);
    assert_non_null(strstr(got.text, "WWW-Authenticate: Bearer\r\n"));
    assert_int_equal(post(at, BOTH "Authorization: Bearer " CANARY "\r\n", PING).status, 200);
    assert_int_equal(fake_ask(at, "GET", "/healthz", "").status, 200);
    assert_true(at->plan.anyone && at->plan.anywhere);
    end(at);
}

static void a_token_file_lets_others_in_and_asks_for_the_token(void **state)
{
    struct cc_error err;

    fake_file(*state, "/token", CANARY "\n");
    assert_true(serve_with(*state, with_token, "--token-file", "/token", &err));
    assert_false(serve_with(*state, with_token, "--token-file", "/none", &err));
    assert_int_equal(err.code, CC_E_TOKEN_FILE);
}

static void with_metadata(struct fake_machine *at)
{
    assert_non_null(
        strstr(fake_ask(at, "GET", "/.well-known/oauth-protected-resource/mcp", "").body,
               "\"authorization_servers\""));
    assert_int_equal(fake_ask(at, "GET", "/.well-known/oauth-protected-resource", "").status, 200);
    end(at);
}

static void where_tokens_come_from_is_told(void **state)
{
    struct cc_error err;

    fake_file(
        *state, "/meta",
        "{\"resource\":\"https://mcp.example.com/mcp\",\"authorization_servers\":[\"https://a\"]}");
    assert_true(serve_with(*state, with_metadata, "--resource-metadata", "/meta", &err));
    fake_file(*state, "/meta", "{\"resource\":\"https://mcp.example.com/mcp\"}");
    assert_false(serve_with(*state, with_metadata, "--resource-metadata", "/meta", &err));
    assert_int_equal(err.code, CC_E_CONFIG);
    fake_file(*state, "/meta", "x");
    assert_false(serve_with(*state, with_metadata, "--resource-metadata", "/meta", &err));
}

static void options_of_http_need_listen(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(ASK(*state, &result, &err, "mcp", "--allow-host", "x"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, "--allow-host needs --listen"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(messages_are_answered),
        SERVES(what_is_not_for_it_is_refused),
        SERVES(health_is_told_to_everyone),
        SERVES(progress_makes_a_stream_of_the_answer),
        SERVES(a_slow_call_keeps_its_connection_open),
        SERVES(a_client_that_reads_only_streams_gets_one),
        SERVES(whoever_left_gets_nothing_more),
        SERVES(too_many_calls_are_told_to_come_again),
        SERVES(the_servers_own_refusals_are_errors_of_the_protocol),
        SERVES(a_token_file_lets_others_in_and_asks_for_the_token),
        SERVES(where_tokens_come_from_is_told),
        SERVES(options_of_http_need_listen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
