#include "credctl/base/text.h"
#include "credctl/mcp/http.h"

#include "support/test.h"

/* Requests that are refused before their body is read, and headers that must fit the body. */

static struct cc_mcp_gate gate;
static const struct cc_server local = {.address = "127.0.0.1:8000", .port = 8000};
static const struct cc_server wide = {.address = "0.0.0.0:8000", .port = 8000, .wildcard = true};
static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    gate = (struct cc_mcp_gate){0};
    return 0;
}

static struct cc_head head_of(const char *fields)
{
    static const struct cc_head_rules rules = {.max_body = 100};
    char *room = cc_alloc(&mem, CC_HEAD_MAX + 1);
    const char *text = cc_textf(&mem, "POST /mcp HTTP/1.1\r\n%s\r\n", fields);
    struct cc_head head;

    assert_int_equal(cc_head_read(text, strlen(text), &rules, room, &head).state, CC_HEAD_WHOLE);
    return head;
}

static int host(const struct cc_server *own, const char *fields)
{
    const struct cc_head head = head_of(fields);
    const char *why = NULL;
    const int status = cc_mcp_gate_host(&gate, own, &head, &why);

    assert_int_equal(status != 0, why != NULL);
    return status;
}

static void the_names_of_this_host_are_known(void **state)
{
    (void)state;
    assert_int_equal(host(&local, "Host: 127.0.0.1:8000\r\n"), 0);
    assert_int_equal(host(&local, "Host: LOCALHOST:8000\r\n"), 0);
    assert_int_equal(host(&local, "Host: [::1]:8000\r\n"), 0);
}

static void other_names_and_ports_are_not(void **state)
{
    static const char *const evil[] = {
        "Host: evil.example\r\n",        "Host: evil.example:8000\r\n",
        "Host: localhost:8001\r\n",      "Host: localhost\r\n",
        "Host: localhost.evil:8000\r\n", "Host: 127.0.0.1.evil:8000\r\n",
        "Host: localhost:8000:8000\r\n", "Host: localhost:8000x\r\n",
        "Host: [::1]evil:8000\r\n",      "Host: 10.0.0.1:8000\r\n",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(evil); i++) {
        assert_int_equal(host(&local, evil[i]), 403);
        assert_int_equal(host(&wide, evil[i]), 403);
    }
}

static void allowed_names_count_with_every_port_or_with_theirs(void **state)
{
    static const char *const hosts[] = {"mcp.example.com", "other.example:444", NULL};
    static const char *const all[] = {"*", NULL};

    (void)state;
    gate.hosts = hosts;
    assert_int_equal(host(&wide, "Host: mcp.example.com\r\n"), 0);
    assert_int_equal(host(&wide, "Host: MCP.example.com:443\r\n"), 0);
    assert_int_equal(host(&wide, "Host: other.example:444\r\n"), 0);
    assert_int_equal(host(&wide, "Host: other.example:445\r\n"), 403);
    assert_int_equal(host(&wide, "Host: a.mcp.example.com\r\n"), 403);
    gate.hosts = all;
    assert_int_equal(host(&wide, "Host: 10.1.2.3:8000\r\n"), 0);
}

static void pages_of_other_sites_are_refused(void **state)
{
    static const char *const origins[] = {"https://app.example.com", NULL};
    static const char *const all[] = {"*", NULL};

    (void)state;
#define OWN "Host: localhost:8000\r\n"
    assert_int_equal(host(&local, OWN "Origin: http://localhost:6274\r\n"), 0);
    assert_int_equal(host(&local, OWN "Origin: http://127.0.0.1\r\n"), 0);
    assert_int_equal(host(&local, OWN "Origin: null\r\n"), 403);
    assert_int_equal(host(&local, OWN "Origin: http://evil.example\r\n"), 403);
    assert_int_equal(host(&local, OWN "Origin: http://localhost.evil\r\n"), 403);
    assert_int_equal(host(&local, OWN "Origin: http://localhost:1/x\r\n"), 403);
    assert_int_equal(host(&local, OWN "Origin: https://app.example.com\r\n"), 403);
    gate.origins = origins;
    assert_int_equal(host(&local, OWN "Origin: https://app.example.com\r\n"), 0);
    gate.hosts = all;
    assert_int_equal(host(&wide, OWN "Origin: http://localhost:6274\r\n"), 403);
    assert_int_equal(host(&wide, OWN "Origin: https://app.example.com\r\n"), 0);
}

static int token(const char *fields)
{
    const struct cc_head head = head_of(fields);

    return cc_mcp_gate_token(&gate, &head);
}

static void a_token_is_asked_for_when_there_is_one(void **state)
{
    (void)state;
    assert_int_equal(token("Host: x\r\n"), 0);
    gate.token = cc_secret_keep(&mem, "t0k3n");
    assert_int_equal(token("Host: x\r\n"), 401);
    assert_int_equal(token("Host: x\r\nAuthorization: t0k3n\r\n"), 401);
    assert_int_equal(token("Host: x\r\nAuthorization: Basic t0k3n\r\n"), 401);
    assert_int_equal(token("Host: x\r\nAuthorization: Bearer\r\n"), 401);
    assert_int_equal(token("Host: x\r\nAuthorization: Bearer t0k3\r\n"), 401);
    assert_int_equal(token("Host: x\r\nAuthorization: Bearer t0k3nx\r\n"), 401);
    assert_int_equal(token("Host: x\r\nAuthorization: bearer t0k3n\r\n"), 0);
}

/* --- the ladder --- */

#define META(version)                                                              \
    "\"_meta\":{\"" CC_MCP_META "protocolVersion\":\"" version "\",\"" CC_MCP_META \
    "clientCapabilities\":{}}"
#define ASK(method, params) \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\",\"params\":{" params "}}"
#define LIST(meta) ASK("tools/list", meta)

static const char *schema(struct cc_arena *at, const struct cc_mcp_tool *tool)
{
    (void)at;
    (void)tool;
    return "{\"type\":\"object\"}";
}

static const struct cc_mcp_mirror mirrors[] = {{"place", "Mcp-Param-Place"}, {0}};
static const struct cc_mcp_tool routed = {
    .name = "routed", .about = "a tool", .input = schema, .mirrors = mirrors};
static const struct cc_mcp_tool *const tools[] = {&routed, NULL};
static const struct cc_mcp_offer offer = {
    .name = "t", .title = "t", .version = "1", .tools = tools, .page = 5};

/* 0: the headers fit; else the code of the error. */
static int judged(const char *fields, const char *body)
{
    const struct cc_head head = head_of(cc_textf(&mem, "Host: x\r\n%s", fields));
    struct cc_mcp_heard heard;
    struct cc_mcp_reply reply = {0};

    cc_mcp_hear(&mem, &offer, body, strlen(body), cc_head_field(&head, "MCP-Protocol-Version"),
                &heard);
    if (cc_mcp_headers_fit(&mem, &head, heard.messages, &reply)) {
        return 0;
    }
    assert_int_equal(reply.status, 400);
    assert_non_null(strstr(reply.text, "\"id\":1,"));
    return strstr(reply.text, "-32020") ? -32020 : strstr(reply.text, "-32602") ? -32602 : 1;
}

#define MODERN "MCP-Protocol-Version: 2026-07-28\r\n"
#define LEGACY "MCP-Protocol-Version: 2025-11-25\r\n"

static void a_legacy_message_needs_a_legacy_header_or_none(void **state)
{
    (void)state;
    assert_int_equal(judged("", LIST("")), 0);
    assert_int_equal(judged(LEGACY, LIST("")), 0);
    assert_int_equal(judged(MODERN, LIST("")), -32602);
    assert_int_equal(judged("MCP-Protocol-Version: 2099-01-01\r\n", LIST("")), -32602);
    assert_int_equal(judged(MODERN, ASK("initialize", "")), -32020);
}

static void a_modern_message_needs_headers_that_say_the_same(void **state)
{
    (void)state;
    assert_int_equal(judged(MODERN "Mcp-Method: tools/list\r\n", LIST(META("2026-07-28"))), 0);
    assert_int_equal(judged(MODERN "mcp-method:  tools/list \r\n", LIST(META("2026-07-28"))), 0);
    assert_int_equal(judged("Mcp-Method: tools/list\r\n", LIST(META("2026-07-28"))), -32020);
    assert_int_equal(judged(LEGACY "Mcp-Method: tools/list\r\n", LIST(META("2026-07-28"))), -32020);
    assert_int_equal(judged(MODERN, LIST(META("2026-07-28"))), -32020);
    assert_int_equal(judged(MODERN "Mcp-Method: Tools/List\r\n", LIST(META("2026-07-28"))), -32020);
    assert_int_equal(judged(MODERN "Mcp-Method: tools/list\r\n", LIST(META("2099-01-01"))), -32020);
    assert_int_equal(judged("MCP-Protocol-Version: 2099-01-01\r\n", LIST(META("2099-01-01"))), 0);
}

#define CALLS MODERN "Mcp-Method: tools/call\r\n"

static void the_name_is_repeated_too_and_may_be_encoded(void **state)
{
    static const char call[] = ASK("tools/call", "\"name\":\"a\xc3\xa9\"," META("2026-07-28"));
    static const char plain[] = ASK("tools/call", "\"name\":\"ab\"," META("2026-07-28"));
    static const char none[] = ASK("tools/call", META("2026-07-28"));

    (void)state;
    assert_int_equal(judged(CALLS "Mcp-Name: ab\r\n", plain), 0);
    assert_int_equal(judged(CALLS "Mcp-Name: AB\r\n", plain), -32020);
    assert_int_equal(judged(CALLS, plain), -32020);
    assert_int_equal(judged(CALLS "Mcp-Name: =?base64?YcOp?=\r\n", call), 0);
    assert_int_equal(judged(CALLS "Mcp-Name: =?base64?YWI=?=\r\n", plain), 0);
    assert_int_equal(judged(CALLS "Mcp-Name: =?base64?%%?=\r\n", plain), -32020);
    assert_int_equal(judged(CALLS "Mcp-Name: =?base64?YWIAYw==?=\r\n", plain), -32020);
    assert_int_equal(judged(CALLS "Mcp-Name: =?base64\r\n", plain), -32020);
    assert_int_equal(judged(CALLS, none), 0);
}

static void an_argument_that_is_repeated_must_be_the_same(void **state)
{
#define ROUTED CALLS "Mcp-Name: routed\r\n"
#define CALL(arguments) \
    ASK("tools/call", "\"name\":\"routed\",\"arguments\":{" arguments "}," META("2026-07-28"))
    static const char here[] = CALL("\"place\":\"Hello\"");

    (void)state;
    assert_int_equal(judged(ROUTED "Mcp-Param-Place: Hello\r\n", here), 0);
    assert_int_equal(judged(ROUTED "mcp-param-place: =?base64?SGVsbG8=?=\r\n", here), 0);
    assert_int_equal(judged(ROUTED "Mcp-Param-Place: =?base64?SGVsbG8?=\r\n", here), -32020);
    assert_int_equal(judged(ROUTED "Mcp-Param-Place: =?base64?SGVs!!!bG8=?=\r\n", here), -32020);
    assert_int_equal(judged(ROUTED "Mcp-Param-Place: hello\r\n", here), -32020);
    assert_int_equal(judged(ROUTED, here), -32020);
    assert_int_equal(judged(ROUTED, CALL("")), 0);
    assert_int_equal(judged(ROUTED "Mcp-Param-Place: Hello\r\n", CALL("")), -32020);
}

static void notifications_have_no_headers_to_fit(void **state)
{
    (void)state;
    assert_int_equal(judged(MODERN, "{\"jsonrpc\":\"2.0\",\"method\":\"x\"}"), 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, wipe)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_names_of_this_host_are_known),
        TEST(other_names_and_ports_are_not),
        TEST(allowed_names_count_with_every_port_or_with_theirs),
        TEST(pages_of_other_sites_are_refused),
        TEST(a_token_is_asked_for_when_there_is_one),
        TEST(a_legacy_message_needs_a_legacy_header_or_none),
        TEST(a_modern_message_needs_headers_that_say_the_same),
        TEST(the_name_is_repeated_too_and_may_be_encoded),
        TEST(an_argument_that_is_repeated_must_be_the_same),
        TEST(notifications_have_no_headers_to_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
