#include "credctl/mcp/scan.h"

#include "credctl/base/text.h"

#include "support/test.h"

#include <stdio.h>

static struct cc_mcp_scan scan;

static void accepted(const char *text)
{
    if (!cc_mcp_scan(text, strlen(text), &scan)) {
        fail_msg("%s: %s", text, scan.why);
    }
}

static void refused(const char *text, size_t len, const char *why)
{
    if (cc_mcp_scan(text, len, &scan)) {
        fail_msg("%s was taken", text);
    }
    if (!strstr(scan.why, why)) {
        fail_msg("%s: %s, not %s", text, scan.why, why);
    }
}

#define REFUSED(text, why) refused(text, sizeof(text) - 1, why)

static void found(enum cc_mcp_place place, const char *expected)
{
    const struct cc_mcp_span *at = &scan.at[place];

    if (!expected) {
        assert_null(at->text);
        return;
    }
    assert_int_equal(at->len, strlen(expected));
    assert_memory_equal(at->text, expected, at->len);
}

static void every_form_of_a_value_is_read(void **state)
{
    (void)state;
    accepted("{}");
    accepted(" [ ] ");
    accepted("0");
    accepted("-0.5e+10");
    accepted("[1,-2,3.25,1E9,true,false,null,\"\"]");
    accepted("{\"a\":{\"b\":[{},[]]},\"c\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"}");
    accepted("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
    accepted("\"\\ud83d\\ude00\"");
}

static void what_is_not_json_is_refused(void **state)
{
    (void)state;
    REFUSED("", "no end");
    REFUSED("{", "no end");
    REFUSED("[1", "no end");
    REFUSED("[1,]", "not JSON");
    REFUSED("{\"a\":1,}", "no name");
    REFUSED("{\"a\" 1}", "colon");
    REFUSED("{a:1}", "no name");
    REFUSED("[1}", "comma or a bracket");
    REFUSED("[1 2]", "comma or a bracket");
    REFUSED("01", "follows");
    REFUSED("1.", "not JSON");
    REFUSED("1e", "not JSON");
    REFUSED("+1", "not JSON");
    REFUSED("NaN", "not JSON");
    REFUSED("tru", "not JSON");
    REFUSED("{} {}", "follows");
    REFUSED("\"a", "no end");
    REFUSED("\"\\x\"", "escape");
    REFUSED("\"\\u12g4\"", "escape");
    REFUSED("\xef\xbb\xbf{}", "not JSON");
}

static void what_readers_understand_differently_is_refused(void **state)
{
    (void)state;
    REFUSED("\"a\0b\"", "control character");
    REFUSED("\"a\nb\"", "control character");
    REFUSED("\"\xc0\x80\"", "UTF-8");
    REFUSED("\"\xe0\x80\xaf\"", "UTF-8");
    REFUSED("\"\xed\xa0\x80\"", "UTF-8");
    REFUSED("\"\xf4\x90\x80\x80\"", "UTF-8");
    REFUSED("\"\xff\"", "UTF-8");
    REFUSED("\"\xc3\"", "UTF-8");
    REFUSED("\"\xc3", "UTF-8");
    REFUSED("{}\0", "follows");
}

static void what_is_written_in_escapes_is_a_flaw_of_a_text_whose_id_is_known(void **state)
{
    static const char *const halves[] = {"\\ud800", "\\ud800\\u0041", "\\udc00",
                                         "\\ud800\\ud83d\\ude00"};

    (void)state;
    accepted("{\"id\":4,\"params\":\"a\\u0000b\"}");
    assert_string_equal(scan.flaw, "a text holds a NUL");
    found(CC_MCP_ID, "4");
    for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
        char text[64];

        (void)snprintf(text, sizeof(text), "{\"x\":\"%s\",\"id\":4}", halves[i]);
        accepted(text);
        assert_string_equal(scan.flaw, "a text holds half a surrogate pair");
        found(CC_MCP_ID, "4");
    }
    accepted("\"\\ud83d\\ude00\"");
    assert_null(scan.flaw);
}

static void depth_is_limited_without_recursion(void **state)
{
    static char deep[2 * 1000000 + 1];
    char fits[2 * CC_MCP_DEPTH + 1];

    (void)state;
    memset(fits, '[', CC_MCP_DEPTH);
    memset(fits + CC_MCP_DEPTH, ']', CC_MCP_DEPTH);
    fits[2 * CC_MCP_DEPTH] = '\0';
    accepted(fits);
    memset(deep, '[', 1000000);
    memset(deep + 1000000, ']', 1000000);
    refused(deep, 2000000, "too deeply");
    refused(deep, CC_MCP_DEPTH + 1, "too deeply");
}

static void ids_and_tokens_are_found_as_they_are_written(void **state)
{
    (void)state;
    accepted(
        "{\"params\":{\"_meta\":{\"progressToken\": 9007199254740993 },\"arguments\": {\"id\":1,"
        "\"params\":[1]} ,\"requestId\":\"\\u0061\"},\"id\": \"q\\u0071\" }");
    assert_false(scan.list);
    found(CC_MCP_ID, "\"q\\u0071\"");
    found(CC_MCP_TOKEN, "9007199254740993");
    found(CC_MCP_ARGUMENTS, "{\"id\":1,\"params\":[1]}");
    found(CC_MCP_REQUEST_ID, "\"\\u0061\"");
}

static void members_of_the_same_name_elsewhere_are_not_meant(void **state)
{
    (void)state;
    accepted("{\"x\":{\"id\":1},\"params\":[{\"_meta\":{\"progressToken\":2}}],\"progressToken\":3,"
             "\"_meta\":{\"progressToken\":4},\"result\":{\"params\":{\"requestId\":5}}}");
    found(CC_MCP_ID, NULL);
    found(CC_MCP_TOKEN, NULL);
    found(CC_MCP_REQUEST_ID, NULL);
    found(CC_MCP_ARGUMENTS, NULL);
}

static void the_messages_of_a_batch_are_told_apart(void **state)
{
    (void)state;
    accepted("[ {\"id\":1} , 2,[{\"id\":3}]]");
    assert_true(scan.list);
    assert_int_equal(scan.item_count, 3);
    assert_memory_equal(scan.items[0].text, "{\"id\":1}", 8);
    assert_int_equal(scan.items[0].len, 8);
    assert_memory_equal(scan.items[1].text, "2", 1);
    assert_int_equal(scan.items[2].len, 10);
    found(CC_MCP_ID, NULL);
    accepted("{\"id\":[1,2]}");
    assert_false(scan.list);
    assert_int_equal(scan.item_count, 0);
}

static void more_messages_than_fit_are_counted(void **state)
{
    char many[3 * CC_MCP_BATCH_MAX + 8];
    size_t len = 0;

    (void)state;
    many[len++] = '[';
    for (int i = 0; i <= CC_MCP_BATCH_MAX; i++) {
        many[len++] = i ? ',' : ' ';
        many[len++] = '1';
    }
    many[len++] = ']';
    assert_true(cc_mcp_scan(many, len, &scan));
    assert_int_equal(scan.item_count, CC_MCP_BATCH_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_value_is_read),
        cmocka_unit_test(what_is_not_json_is_refused),
        cmocka_unit_test(what_readers_understand_differently_is_refused),
        cmocka_unit_test(what_is_written_in_escapes_is_a_flaw_of_a_text_whose_id_is_known),
        cmocka_unit_test(depth_is_limited_without_recursion),
        cmocka_unit_test(ids_and_tokens_are_found_as_they_are_written),
        cmocka_unit_test(members_of_the_same_name_elsewhere_are_not_meant),
        cmocka_unit_test(the_messages_of_a_batch_are_told_apart),
        cmocka_unit_test(more_messages_than_fit_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
