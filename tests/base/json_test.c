#include "credctl/base/json.h"

#include "credctl/base/buf.h"

#include "support/test.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static const cJSON *parsed(const char *text)
{
    const cJSON *doc = NULL;
    struct cc_error err = {0};

    if (!cc_json_parse(&mem, text, strlen(text), "the answer", &doc, &err)) {
        fail_msg("%s: %s", text, err.why);
    }
    return doc;
}

static void refused(const char *text, size_t len, const char *why)
{
    const cJSON *doc = NULL;
    struct cc_error err = {0};

    if (cc_json_parse(&mem, text, len, "the answer", &doc, &err)) {
        fail_msg("%s was taken", text);
    }
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_string_equal(err.what, "the answer is not usable JSON");
    assert_non_null(strstr(err.why, why));
    assert_string_equal(err.fix, "run it again with --debug to see what answered");
    assert_null(doc);
}

static void members_are_found_by_name_and_type(void **state)
{
    (void)state;
    const cJSON *doc = parsed(" {\"text\":\"x\",\"empty\":\"\",\"n\":1.5,\"o\":{},\"z\":null}\n");
    double number = -7;

    assert_string_equal(cc_json_text(doc, "text"), "x");
    assert_null(cc_json_text(doc, "TEXT"));
    assert_string_equal(cc_json_text_nocase(doc, "TEXT"), "x");
    assert_null(cc_json_text(doc, "empty"));
    assert_null(cc_json_text(doc, "n"));
    assert_null(cc_json_text(doc, "z"));
    assert_null(cc_json_text(NULL, "text"));
    assert_false(cc_json_number(doc, "text", &number));
    assert_true(number == -7);
    assert_true(cc_json_number(doc, "n", &number));
    assert_true(number == 1.5);
    assert_non_null(cc_json_object(doc, "o"));
    assert_null(cc_json_object(doc, "text"));
}

static void a_cut_or_malformed_document_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{",     "{\"a\":", "{\"a\":1,}",  "[1,]",        "nul",       "'a'", "{a:1}", "\"\\x\"",
        "\"abc", "\"abc\\", "\"\\ud800\"", "\"\\udc00\"", "\"\\u12\"", "--1", "<html>"};

    for (size_t i = 0; i < CC_COUNT(broken); i++) {
        refused(broken[i], strlen(broken[i]), "cut off or malformed");
    }
    refused("", 0, "empty");
}

static void nothing_may_follow_the_document(void **state)
{
    (void)state;
    refused("{} {}", 5, "malformed");
    refused("{}x", 3, "malformed");
    refused("1 2", 3, "malformed");
}

static void a_nul_is_refused_however_it_is_written(void **state)
{
    (void)state;
    refused("{\"a\":\"b\0c\"}", 11, "NUL");
    refused("{}\0", 3, "NUL");
    refused("{\"a\":\"b\\u0000c\"}", 16, "NUL");
    refused("{\"\\u0000\":1}", 12, "NUL");
    refused("[\"\\\\\\u0000\"]", 12, "NUL");
    assert_string_equal(cJSON_GetStringValue(parsed("\"\\\\u0000\"")), "\\u0000");
}

static void what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    refused("\"caf\xe9\"", 6, "UTF-8");
    refused("\"\xed\xa0\x80\"", 5, "UTF-8");
    refused("\"\xc3", 2, "UTF-8");
    assert_string_equal(cJSON_GetStringValue(parsed("\"\\ud83d\\ude00\"")), "\xf0\x9f\x98\x80");
}

static const char *nested(size_t depth)
{
    struct cc_buf text = cc_buf_new(&mem, 1 << 20);

    for (size_t i = 0; i < depth; i++) {
        cc_buf_text(&text, i % 2 ? "[" : "{\"a\":");
    }
    cc_buf_text(&text, "1");
    for (size_t i = depth; i-- > 0;) {
        cc_buf_text(&text, i % 2 ? "]" : "}");
    }
    return text.text;
}

static void depth_has_a_ceiling(void **state)
{
    (void)state;
    assert_non_null(parsed(nested(CC_JSON_DEPTH)));
    refused(nested(CC_JSON_DEPTH + 1), strlen(nested(CC_JSON_DEPTH + 1)), "deep");
    refused(nested(100000), strlen(nested(100000)), "deep");
    assert_non_null(parsed("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""));
    assert_non_null(parsed("\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""));
}

static void a_member_named_twice_is_refused_at_any_depth(void **state)
{
    (void)state;
    refused("{\"a\":1,\"a\":1}", 13, "twice");
    refused("[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]", 27, "twice");
    refused("{\"a\":1,\"\\u0061\":2}", 18, "twice");
    assert_non_null(parsed("{\"a\":1,\"A\":2}"));
    assert_non_null(parsed("[{\"a\":1},{\"a\":1}]"));
}

static void an_object_of_endless_members_is_refused_quickly(void **state)
{
    (void)state;
    struct cc_buf text = cc_buf_new(&mem, 1 << 22);

    cc_buf_text(&text, "{\"m\":0");
    for (int i = 0; i < 100000; i++) {
        cc_buf_addf(&text, ",\"m%d\":0", i);
    }
    cc_buf_text(&text, "}");
    refused(text.text, text.len, "1000");
}

static void a_result_always_has_its_field(void **state)
{
    (void)state;
    cJSON *object = cJSON_CreateObject();

    cc_json_put(object, "a", NULL);
    cc_json_put(object, "b", "");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(object, "a")));
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(object, "b")), "");
    cJSON_Delete(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_by_name_and_type),
        cmocka_unit_test(a_cut_or_malformed_document_is_refused),
        cmocka_unit_test(nothing_may_follow_the_document),
        cmocka_unit_test(a_nul_is_refused_however_it_is_written),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(depth_has_a_ceiling),
        cmocka_unit_test(a_member_named_twice_is_refused_at_any_depth),
        cmocka_unit_test(an_object_of_endless_members_is_refused_quickly),
        cmocka_unit_test(a_result_always_has_its_field),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
