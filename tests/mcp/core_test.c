#include "credctl/mcp/core.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "support/test.h"

/* What the protocol answers, with small tables of tools, prompts and resources. */

#define META                                                        \
    "\"_meta\":{\"" CC_MCP_META "protocolVersion\":\"2026-07-28\"," \
    "\"" CC_MCP_META "clientCapabilities\":{}}"

static const char *schema(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    (void)mem;
    (void)tool;
    return "{\"type\":\"object\"}";
}

static const struct cc_mcp_tool one = {
    .name = "one", .about = "the first", .input = schema, .idempotent = true};
static const struct cc_mcp_tool two = {
    .name = "two", .about = "the second", .input = schema, .needs = "sampling"};
static const struct cc_mcp_tool *const tools[] = {&one, &two, NULL};

static const char *const *colours(struct cc_arena *mem)
{
    static const char *const names[] = {"green", "grey", "red", NULL};

    (void)mem;
    return names;
}

static const struct cc_mcp_prompt_argument arguments[] = {
    {"colour", "which", true, colours}, {"text", "what", false, NULL}, {0}};

static const char *messages(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                            const struct cc_mcp_prompt *prompt, const cJSON *given)
{
    (void)offer;
    (void)prompt;
    return cc_textf(mem, "[\"%s\"]", cc_json_text(given, "colour"));
}

static const struct cc_mcp_prompt paint = {
    .name = "paint", .about = "paints", .arguments = arguments, .messages = messages};
static const struct cc_mcp_prompt *const prompts[] = {&paint, NULL};

static const struct cc_mcp_resource text = {
    .uri = "test://text", .name = "text", .type = "text/plain", .content = "\"text\":\"hello\""};
static const struct cc_mcp_resource pattern = {.uri = "test://item/{id}/data",
                                               .name = "item",
                                               .type = "application/json",
                                               .pattern = true,
                                               .content = "\"text\":\"item %s\""};
static const struct cc_mcp_resource *const resources[] = {&text, &pattern, NULL};

static const struct cc_mcp_offer offer = {
    .name = "test", .title = "Test", .version = "1", .tools = tools, .prompts = prompts, .page = 1};
static const struct cc_mcp_offer with_resources = {.name = "test",
                                                   .title = "Test",
                                                   .version = "1",
                                                   .tools = tools,
                                                   .resources = resources,
                                                   .page = 5};

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static struct cc_mcp_heard hear_at(const char *version, const char *said)
{
    struct cc_mcp_heard heard;

    cc_mcp_hear(&mem, &offer, said, strlen(said), version, &heard);
    return heard;
}

static struct cc_mcp_message *hear(const char *said)
{
    struct cc_mcp_heard heard = hear_at(NULL, said);

    assert_false(heard.batch);
    assert_int_equal(heard.count, 1);
    return heard.messages;
}

/* The reply holds a text, and has this HTTP status. */
static void replied(const struct cc_mcp_message *message, int status, const char *part)
{
    if (message->to_do != CC_MCP_REPLY || !message->reply.text) {
        fail_msg("there is no reply with %s", part);
    }
    if (!strstr(message->reply.text, part)) {
        fail_msg("%s is not in %s", part, message->reply.text);
    }
    assert_int_equal(message->reply.status, status);
    assert_int_equal(message->reply.len, strlen(message->reply.text));
    assert_null(strchr(message->reply.text, '\n'));
}

#define ASKED(said, status, part) replied(hear(said), status, part)
#define REQUEST(method, params) \
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" method "\",\"params\":{" params "}}"

static void initialize_answers_with_the_version_or_the_latest(void **state)
{
    static const char *const spoken[] = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"};
    const char *more = "\"capabilities\":{},\"clientInfo\":{\"name\":\"x\",\"version\":\"1\"}";

    (void)state;
    for (size_t i = 0; i < CC_COUNT(spoken); i++) {
        const struct cc_mcp_message *message = hear(cc_textf(
            &mem, REQUEST("initialize", "\"protocolVersion\":\"%s\",%s"), spoken[i], more));

        replied(message, 200, cc_textf(&mem, "\"protocolVersion\":\"%s\"", spoken[i]));
        assert_string_equal(message->version, spoken[i]);
    }
    ASKED(cc_textf(&mem, REQUEST("initialize", "\"protocolVersion\":\"2026-07-28\",%s"), more), 200,
          "\"protocolVersion\":\"2025-11-25\"");
    ASKED(cc_textf(&mem, REQUEST("initialize", "\"protocolVersion\":\"1999-01-01\",%s"), more), 200,
          "\"protocolVersion\":\"2025-11-25\"");
}

static void an_incomplete_initialize_is_an_error(void **state)
{
    (void)state;
    ASKED(REQUEST("initialize", ""), 200, "-32602");
    ASKED(REQUEST("initialize", "\"protocolVersion\":1"), 200, "-32602");
    ASKED(REQUEST("initialize", "\"protocolVersion\":\"2025-11-25\""), 200, "-32602");
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}", 200, "-32602");
}

static void ping_is_answered_before_and_after_initialize(void **state)
{
    (void)state;
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", 200,
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
}

static void an_id_is_echoed_as_it_was_written(void **state)
{
    static const char *const ids[] = {"0",    "-1",          "9007199254740993",
                                      "\"\"", "\"\\u0061\"", "\"\xc3\xa9\""};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(ids); i++) {
        ASKED(cc_textf(&mem, "{\"jsonrpc\":\"2.0\",\"id\": %s ,\"method\":\"ping\"}", ids[i]), 200,
              cc_textf(&mem, "\"id\":%s,", ids[i]));
    }
}

static void an_id_that_is_no_id_is_refused_and_not_echoed(void **state)
{
    static const char *const ids[] = {"null", "1.5", "1e3", "{}", "[]", "true"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(ids); i++) {
        const struct cc_mcp_message *message =
            hear(cc_textf(&mem, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"ping\"}", ids[i]));

        replied(message, 400, "-32600");
        assert_null(strstr(message->reply.text, "\"id\""));
    }
    const char *twice = "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}";
    replied(hear(twice), 400, "-32600");
    assert_null(strstr(hear(twice)->reply.text, "\"id\""));
}

static void what_is_not_a_message_is_refused(void **state)
{
    (void)state;
    ASKED("hello", 400, "-32700");
    ASKED("{\"jsonrpc\":\"2.0\",", 400, "-32700");
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"\\u0000\"}", 400,
          "\"id\":8,\"error\":{\"code\":-32600");
    ASKED("42", 400, "-32600");
    ASKED("null", 400, "-32600");
    ASKED("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", 400, "-32600");
    ASKED("{\"id\":1,\"method\":\"ping\"}", 400, "-32600");
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1}", 400, "-32600");
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", 400, "-32600");
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", 200, "-32602");
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\"}", 200, "-32601");
}

static void notifications_and_answers_get_no_reply(void **state)
{
    static const char *const said[] = {
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"tools/list\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":{}}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(said); i++) {
        const struct cc_mcp_message *message = hear(said[i]);

        assert_int_equal(message->to_do, CC_MCP_NOTHING);
        assert_null(message->reply.text);
    }
    const struct cc_mcp_message *cancel = hear(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":4}}");
    assert_int_equal(cancel->to_do, CC_MCP_CANCEL);
    assert_string_equal(cancel->cancels, "4");
}

static void batches_belong_to_one_revision(void **state)
{
    const char *both = "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},"
                       "{\"jsonrpc\":\"2.0\",\"method\":\"x\"},3]";
    struct cc_mcp_heard heard = hear_at("2025-03-26", both);

    (void)state;
    assert_true(heard.batch);
    assert_int_equal(heard.count, 3);
    replied(&heard.messages[0], 200, "\"id\":1");
    assert_int_equal(heard.messages[1].to_do, CC_MCP_NOTHING);
    replied(&heard.messages[2], 400, "-32600");
    assert_true(hear_at(NULL, both).batch);
    heard = hear_at("2025-06-18", both);
    assert_false(heard.batch);
    replied(heard.messages, 400, "-32600");
    ASKED("[]", 400, "-32600");
}

static void initialize_and_modern_messages_are_not_part_of_a_batch(void **state)
{
    struct cc_mcp_heard heard = hear_at(NULL, "[" REQUEST("tools/list", META) "," REQUEST(
                                                  "initialize", "\"protocolVersion\":\"x\"") "]");

    (void)state;
    assert_int_equal(heard.count, 2);
    replied(&heard.messages[0], 400, "-32600");
    replied(&heard.messages[1], 400, "-32600");
}

static void a_modern_message_needs_its_keys(void **state)
{
    (void)state;
    ASKED(REQUEST("tools/list", "\"_meta\":{\"" CC_MCP_META "protocolVersion\":\"2026-07-28\"}"),
          400, "-32602");
    ASKED(REQUEST("tools/list", "\"_meta\":{\"" CC_MCP_META "clientCapabilities\":{}}"), 400,
          "-32602");
    ASKED(REQUEST("server/discover", ""), 400, "-32602");
    ASKED(REQUEST("tools/list", "\"_meta\":{\"" CC_MCP_META "protocolVersion\":\"2099-01-01\"}"),
          400,
          "\"code\":-32022,\"message\":\"this protocol version is not supported\",\"data\":{"
          "\"supported\":[\"2026-07-28\"],\"requested\":\"2099-01-01\"}");
    ASKED(REQUEST("tools/list",
                  "\"_meta\":{\"" CC_MCP_META "protocolVersion\":\"2026-07-28\",\"" CC_MCP_META
                  "clientCapabilities\":{},\"" CC_MCP_META "logLevel\":\"loud\"}"),
          400, "-32602");
}

static void discover_tells_what_is_supported(void **state)
{
    const struct cc_mcp_message *message = hear(REQUEST("server/discover", META));

    (void)state;
    replied(message, 200, "\"supportedVersions\":[\"2026-07-28\"]");
    replied(message, 200, "\"resultType\":\"complete\"");
    replied(message, 200, "\"" CC_MCP_META "serverInfo\":{\"name\":\"test\",\"version\":\"1\"}");
    replied(message, 200, "\"ttlMs\":");
    replied(message, 200, "\"cacheScope\":\"public\"");
}

static void methods_that_are_gone_do_not_exist_in_the_modern_era(void **state)
{
    static const char *const gone[] = {"initialize",          "ping",    "logging/setLevel",
                                       "resources/subscribe", "no/such", "resources/list",
                                       "subscriptions/listen"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(gone); i++) {
        ASKED(cc_textf(&mem,
                       "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":{" META "}}",
                       gone[i]),
              404, "-32601");
    }
    ASKED(REQUEST("logging/setLevel", "\"level\":\"info\""), 200, "-32601");
    ASKED(REQUEST("resources/list", ""), 200, "-32601");
}

static void a_list_is_given_in_pages(void **state)
{
    const struct cc_mcp_message *first = hear(REQUEST("tools/list", ""));
    const char *cursor = strstr(first->reply.text, "\"nextCursor\":");

    (void)state;
    replied(first, 200, "\"name\":\"one\"");
    assert_null(strstr(first->reply.text, "\"name\":\"two\""));
    assert_null(strstr(first->reply.text, "ttlMs"));
    assert_non_null(cursor);
    cursor += strlen("\"nextCursor\":");
    const char *more =
        cc_textf(&mem, REQUEST("tools/list", "\"cursor\":%.*s"), (int)strcspn(cursor, ","), cursor);
    replied(hear(more), 200, "\"name\":\"two\"");
    assert_null(strstr(hear(more)->reply.text, "nextCursor"));
    ASKED(REQUEST("tools/list", "\"cursor\":\"x\""), 200, "-32602");
    ASKED(REQUEST("tools/list", "\"cursor\":\"\""), 200, "-32602");
    ASKED(REQUEST("tools/list", "\"cursor\":1"), 200, "-32602");
    ASKED(cc_textf(&mem, REQUEST("prompts/list", "\"cursor\":%.*s"), (int)strcspn(cursor, ","),
                   cursor),
          200, "-32602");
}

static int schemas;

static const char *counted_schema(struct cc_arena *at, const struct cc_mcp_tool *tool)
{
    schemas++;
    return schema(at, tool);
}

static void the_list_of_tools_is_made_once(void **state)
{
    static const struct cc_mcp_tool counted = {
        .name = "counted", .about = "a tool", .input = counted_schema};
    static const struct cc_mcp_tool *const only[] = {&counted, NULL};
    struct cc_mcp_made made = {.mem = &mem};
    const struct cc_mcp_offer small = {
        .name = "t", .title = "t", .version = "1", .tools = only, .page = 5, .made = &made};
    static const char ask[] = REQUEST("tools/list", "");

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct cc_mcp_heard heard;

        cc_mcp_hear(&mem, &small, ask, sizeof(ask) - 1, NULL, &heard);
        replied(heard.messages, 200, "\"name\":\"counted\"");
    }
    assert_int_equal(schemas, 1);
}

static void all_annotations_of_a_tool_are_told(void **state)
{
    (void)state;
    ASKED(
        REQUEST("tools/list", ""), 200,
        "\"annotations\":{\"readOnlyHint\":true,\"destructiveHint\":false,\"idempotentHint\":true,"
        "\"openWorldHint\":false}");
}

static void a_call_is_handed_on_and_answered(void **state)
{
    const struct cc_mcp_outcome outcome = {"[]", "{\"a\":1}", false};
    struct cc_mcp_reply reply;
    struct cc_mcp_message *message =
        hear(REQUEST("tools/call", "\"name\":\"one\",\"arguments\":{\"x\": 1 },\"_meta\":{"
                                   "\"progressToken\":5}"));

    (void)state;
    assert_int_equal(message->to_do, CC_MCP_CALL);
    assert_ptr_equal(message->call.tool, &one);
    assert_string_equal(message->arguments, "{\"x\": 1 }");
    assert_string_equal(message->token, "5");
    cc_mcp_answer(&mem, &offer, message, &outcome, 0, &reply);
    assert_string_equal(reply.text, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[],"
                                    "\"structuredContent\":{\"a\":1},\"isError\":false}}");
    cc_mcp_answer(&mem, &offer, message, &outcome, 1500, &reply);
    assert_non_null(strstr(reply.text, "\"_meta\":{\"credctl/age_ms\":1500}"));
    assert_string_equal(cc_mcp_progress(&mem, message, 1.5, 0, "working"),
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                        "\"progressToken\":5,\"progress\":1.5,\"message\":\"working\"}}");
}

static void a_call_that_cannot_be_made_is_an_error_of_the_protocol(void **state)
{
    (void)state;
    ASKED("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}", 200, "-32602");
    ASKED(REQUEST("tools/call", "\"name\":\"no\""), 200, "-32602");
    ASKED(REQUEST("tools/call", "\"name\":5"), 200, "-32602");
    ASKED(REQUEST("tools/call", "\"name\":\"one\",\"arguments\":[]"), 200, "-32602");
    ASKED(REQUEST("tools/call", "\"name\":\"no\"," META), 200, "-32602");
    ASKED(REQUEST("tools/call", "\"name\":\"two\"," META), 400,
          "\"code\":-32021,\"message\":\"the client did not declare the capability sampling\","
          "\"data\":{\"requiredCapabilities\":{\"sampling\":{}}}");
}

static void a_prompt_is_rendered_with_its_arguments(void **state)
{
    (void)state;
    ASKED(REQUEST("prompts/list", ""), 200,
          "\"name\":\"colour\",\"description\":\"which\","
          "\"required\":true");
    ASKED(REQUEST("prompts/get", "\"name\":\"paint\",\"arguments\":{\"colour\":\"red\"}"), 200,
          "\"messages\":[\"red\"]");
    ASKED(REQUEST("prompts/get", "\"name\":\"paint\""), 200, "-32602");
    ASKED(REQUEST("prompts/get", "\"name\":\"no\""), 200, "-32602");
    ASKED(REQUEST("prompts/get", "\"name\":\"paint\",\"arguments\":{\"colour\":1}"), 200, "-32602");
    ASKED(REQUEST("prompts/get", "\"name\":\"paint\",\"arguments\":{\"colour\":\"a\",\"b\":\"c\"}"),
          200, "-32602");
}

static void arguments_of_prompts_are_completed(void **state)
{
#define REF "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"paint\"},"
    (void)state;
    ASKED(REQUEST("completion/complete", REF "\"argument\":{\"name\":\"colour\",\"value\":\"gr\"}"),
          200, "\"completion\":{\"values\":[\"green\",\"grey\"],\"total\":2,\"hasMore\":false}");
    ASKED(REQUEST("completion/complete", REF "\"argument\":{\"name\":\"text\",\"value\":\"\"}"),
          200, "\"values\":[]");
    ASKED(REQUEST("completion/complete", REF "\"argument\":{\"name\":\"no\",\"value\":\"\"}"), 200,
          "-32602");
    ASKED(REQUEST("completion/complete", "\"argument\":{\"name\":\"no\",\"value\":\"\"}"), 200,
          "-32602");
    ASKED(REQUEST("completion/complete",
                  "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"no\"},\"argument\":{\"name\":\"a\","
                  "\"value\":\"\"}"),
          200, "-32602");
}

static struct cc_mcp_message *read_uri(const char *uri, const char *meta)
{
    const char *said = cc_textf(&mem, REQUEST("resources/read", "\"uri\":\"%s\"%s"), uri, meta);
    struct cc_mcp_heard heard;

    cc_mcp_hear(&mem, &with_resources, said, strlen(said), NULL, &heard);
    return heard.messages;
}

static void resources_are_read_by_uri_or_pattern(void **state)
{
    (void)state;
    replied(
        read_uri("test://text", ""), 200,
        "\"contents\":[{\"uri\":\"test://text\",\"mimeType\":\"text/plain\",\"text\":\"hello\"}]");
    replied(read_uri("test://item/4 \\\"2/data", ""), 200, "\"text\":\"item 4 \\\"2\"");
    replied(read_uri("test://item/4/5/data", ""), 200, "-32002");
    replied(read_uri("test://item//data", ""), 200, "-32002");
    replied(read_uri("test://no", ""), 200, "-32002");
    replied(read_uri("test://no", "," META), 200, "-32602");
    replied(read_uri("test://text", "," META), 200, "\"ttlMs\"");
}

#define TEST(name) cmocka_unit_test_teardown(name, wipe)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(initialize_answers_with_the_version_or_the_latest),
        TEST(an_incomplete_initialize_is_an_error),
        TEST(ping_is_answered_before_and_after_initialize),
        TEST(an_id_is_echoed_as_it_was_written),
        TEST(an_id_that_is_no_id_is_refused_and_not_echoed),
        TEST(what_is_not_a_message_is_refused),
        TEST(notifications_and_answers_get_no_reply),
        TEST(batches_belong_to_one_revision),
        TEST(initialize_and_modern_messages_are_not_part_of_a_batch),
        TEST(a_modern_message_needs_its_keys),
        TEST(discover_tells_what_is_supported),
        TEST(methods_that_are_gone_do_not_exist_in_the_modern_era),
        TEST(a_list_is_given_in_pages),
        TEST(the_list_of_tools_is_made_once),
        TEST(all_annotations_of_a_tool_are_told),
        TEST(a_call_is_handed_on_and_answered),
        TEST(a_call_that_cannot_be_made_is_an_error_of_the_protocol),
        TEST(a_prompt_is_rendered_with_its_arguments),
        TEST(arguments_of_prompts_are_completed),
        TEST(resources_are_read_by_uri_or_pattern),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
