#include "targets_support.h"

static void every_field_can_be_a_member(void **state)
{
    assert_true(
        parse(state, "[{\"name\":\"prod\",\"role_arn\":\"" ONE "\",\"account_id\":\"000000000001\","
                     "\"role_name\":\"A\",\"external_id\":\"ext\",\"region\":\"eu-west-1\","
                     "\"session_name\":\"job-1\",\"duration_seconds\":900,"
                     "\"source_identity\":\"me\",\"trust_policy\":\"t/a.json\","
                     "\"tags\":{\"team\":\"a;b\",\"cost\":\"\"},\"actions\":[\"s3:Get*\"]}]"));
    assert_int_equal(targets.count, 1);
    const struct cc_target *row = &targets.rows[0];
    assert_string_equal(row->name, "prod");
    assert_string_equal(row->role_arn, ONE);
    assert_string_equal(row->external_id, "ext");
    assert_string_equal(row->more->region, "eu-west-1");
    assert_string_equal(row->more->session_name, "job-1");
    assert_int_equal(row->more->duration_seconds, 900);
    assert_string_equal(row->more->source_identity, "me");
    assert_string_equal(row->more->trust_policy, "t/a.json");
    assert_string_equal(row->more->tags[0], "team=a;b");
    assert_string_equal(row->more->tags[1], "cost=");
    assert_null(row->more->tags[2]);
    assert_string_equal(row->more->actions[0], "s3:Get*");
    assert_null(row->more->actions[1]);
}

static void texts_are_accounts_or_role_arns(void **state)
{
    assert_true(
        parse(state, " [ \"000000000001\" , \"" TWO "\", {\"Account\":\"000000000003\"}]\n"));
    assert_int_equal(targets.count, 3);
    assert_string_equal(targets.rows[0].role_arn, "arn:aws:iam::000000000001:role/Audit");
    assert_string_equal(targets.rows[1].role_arn, TWO);
    assert_string_equal(targets.rows[2].account, "000000000003");
}

static void null_and_empty_values_are_not_there(void **state)
{
    assert_true(parse(state, "[{\"role_arn\":\"" ONE "\",\"name\":null,\"account\":\"\","
                             "\"tags\":{},\"actions\":[],\"region\":\"\",\"external_id\":null,"
                             "\"duration_seconds\":null}]"));
    assert_null(targets.rows[0].name);
    assert_null(targets.rows[0].external_id);
    assert_null(targets.rows[0].more);
}

static void json_lines_have_a_target_each(void **state)
{
    static const char text[] = "{\"account_id\":\"000000000001\"}\r\n\n  \n"
                               "\"" TWO "\"\n{\"role_arn\":\"" TWO "\",\"name\":\"again\"}";

    assert_true(parse(state, text));
    assert_int_equal(targets.count, 3);
    assert_string_equal(targets.rows[1].role_arn, TWO);
    assert_string_equal(targets.rows[2].label, "again");
    assert_false(parse(state, "{\"account_id\":\"000000000001\"}\n\n{\"account_id\":\n"));
    assert_non_null(strstr(err.what, "line 3"));
}

static void the_ending_of_the_name_says_which_format_it_is(void **state)
{
    assert_true(parse_named(state, "a.json", "\n[]\n", false));
    assert_int_equal(targets.count, 0);
    assert_true(parse_named(state, "a.ndjson", "\"000000000001\"\n", false));
    assert_string_equal(targets.rows[0].account, "000000000001");
    assert_true(parse_named(state, "dir.json/a.JSONL", "\xef\xbb\xbf\"000000000001\"", false));
    assert_false(parse_named(state, "a.json", "000000000001\n", false));
    assert_non_null(strstr(err.why, "not an array"));
    assert_false(parse_named(state, "a.json", "{\"account\":\"000000000001\"}\n", false));
    assert_non_null(strstr(err.fix, ".jsonl"));
    assert_false(parse_named(state, "a.json", "", false));
    assert_non_null(strstr(err.why, "empty"));
}

static void a_bad_element_is_named_by_its_number_and_member(void **state)
{
    static const struct {
        const char *element;
        const char *why;
    } bad[] = {
        {"{\"account_id\":111122223333}", "account_id is a number; write it in double quotes"},
        {"{\"role_arn\":\"" ONE "\",\"e-mail\":\"x\"}", "\"e-mail\""},
        {"{\"account\":\"000000000001\",\"account_id\":\"000000000001\"}", "account_id twice"},
        {"{\"role_arn\":\"" ONE "\",\"tags\":\"a=b\"}", "tags is not an object"},
        {"{\"role_arn\":\"" ONE "\",\"tags\":[\"a=b\"]}", "tags is not an object"},
        {"{\"role_arn\":\"" ONE "\",\"tags\":{\"a\":1}}", "tags has a value that is not text"},
        {"{\"role_arn\":\"" ONE "\",\"tags\":{\"a=b\":\"c\"}}", "tags has a key with '='"},
        {"{\"role_arn\":\"" ONE "\",\"tags\":{\"\":\"c\"}}", "tags"},
        {"{\"role_arn\":\"" ONE "\",\"actions\":\"s3:*\"}", "actions is not a list"},
        {"{\"role_arn\":\"" ONE "\",\"actions\":[1]}", "actions"},
        {"{\"role_arn\":\"" ONE "\",\"duration_seconds\":\"900\"}", "duration_seconds"},
        {"{\"role_arn\":\"" ONE "\",\"duration_seconds\":0}", "duration_seconds"},
        {"{\"role_arn\":\"" ONE "\",\"duration_seconds\":100}", "900 to 43200"},
        {"{\"role_arn\":true}", "role_arn is not text"},
        {"{\"account_id\":\"1\"}", "account_id does not have 12 digits"},
        {"{\"account_id\":\"000000000001\",\"role_arn\":\"A\"}", "role_arn is not the ARN"},
        {"{\"role_arn\":\"arn:aws:iam::1:role/A\"}", "role_arn is not the ARN"},
        {"{\"role_name\":\"A\"}", "neither an account_id nor a role_arn"},
        {"{}", "neither an account_id nor a role_arn"},
        {"\"\"", "neither an account_id nor a role_arn"},
        {"7", "neither an object nor a text"},
        {"[\"000000000001\"]", "neither an object nor a text"},
    };

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        struct fake *fake = *state;
        const char *text = cc_textf(&fake->run.mem, "[\"000000000009\",\n%s]", bad[i].element);

        assert_false(parse_named(state, "a.json", text, false));
        assert_int_equal(err.code, CC_E_USAGE);
        assert_string_equal(err.what, "a.json, element 2 is not a valid target");
        assert_non_null(strstr(err.why, bad[i].why));
    }
}

static void what_is_not_json_fails_also_when_lenient(void **state)
{
    static const char *const bad[] = {
        "[\"000000000001\"",
        "[\"000000000001\",]",
        "[\"000000000001\",,\"000000000002\"]",
        "[\"000000000001\"]]",
        "[\"000000000001\"]\n[\"000000000002\"]",
        "[\"000000000001\"}",
        "[{\"account_id\":\"000000000001\"]]",
        "[\"000000000001\" \"000000000002\"]",
        "[\"000000000001]",
        "[\"Z\xfcrich\"]",
        "[",
        "[]x",
        "[{\"name\":1,\"name\":2}]",
        "[{\"name\":\"a\\u0000b\"}]",
    };

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        for (int lenient = 0; lenient < 2; lenient++) {
            assert_false(parse_named(state, NULL, bad[i], lenient));
            assert_int_equal(err.code, CC_E_USAGE);
            assert_non_null(strstr(err.what, "JSON"));
            assert_true(err.why[0]);
        }
    }
    assert_false(parse_lenient(state, "{\"name\":\"Z\xfcrich\"}"));
    assert_non_null(strstr(err.fix, "UTF-8"));
}

static void deep_and_long_elements_are_refused(void **state)
{
    struct fake *fake = *state;
    char *deep = cc_alloc(&fake->mem, 100001);
    char *longer = cc_alloc(&fake->mem, CC_TARGET_MAX_BYTES + 100);

    memset(deep, '[', 100000);
    assert_false(parse(state, deep));
    memset(deep + 50000, ']', 50000);
    assert_false(parse(state, deep));
    assert_non_null(strstr(err.why, "deep"));
    memset(longer, '0', CC_TARGET_MAX_BYTES + 10);
    memcpy(longer, "[\"", 2);
    memcpy(longer + CC_TARGET_MAX_BYTES + 10, "\"]", 2);
    assert_true(parse_lenient(state, longer));
    assert_non_null(strstr(targets.rows[0].wrong->why, "too long"));
}

static void more_elements_than_the_documented_limit_are_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, CC_TARGETS_MAX_BYTES);

    cc_buf_text(&text, "[\"000000000000\"");
    for (size_t i = 1; i < CC_TARGETS_MAX; i++) {
        cc_buf_addf(&text, ",\"%012zu\"", i);
    }
    const size_t len = text.len;
    cc_buf_text(&text, "]");
    assert_true(parse(state, text.text));
    assert_int_equal(targets.count, CC_TARGETS_MAX);
    text.len = len;
    cc_buf_text(&text, ",\"x\"]");
    assert_false(parse_lenient(state, text.text));
    assert_int_equal(err.code, CC_E_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_field_can_be_a_member),
        IN_FAKE_WORLD(texts_are_accounts_or_role_arns),
        IN_FAKE_WORLD(null_and_empty_values_are_not_there),
        IN_FAKE_WORLD(json_lines_have_a_target_each),
        IN_FAKE_WORLD(the_ending_of_the_name_says_which_format_it_is),
        IN_FAKE_WORLD(a_bad_element_is_named_by_its_number_and_member),
        IN_FAKE_WORLD(what_is_not_json_fails_also_when_lenient),
        IN_FAKE_WORLD(deep_and_long_elements_are_refused),
        IN_FAKE_WORLD(more_elements_than_the_documented_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
