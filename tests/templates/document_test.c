#include "template_support.h"

static void what_is_neither_yaml_nor_json_is_told_with_its_place(void **state)
{
    static const struct one_template rows[] = {
        {"", "TEMPLATE_SYNTAX 1"},
        {" \n\n", "TEMPLATE_SYNTAX 1"},
        {"# only a comment\n", "TEMPLATE_SYNTAX 1"},
        {"Resources:\n  Q: {Type: AWS::SQS::Queue\n", "TEMPLATE_SYNTAX 3"},
        {"Resources:\n  Q:\n\tType: AWS::SQS::Queue\n", "TEMPLATE_SYNTAX 3"},
        {"Resources: 'x\n", "TEMPLATE_SYNTAX 2"},
        {"{\"Resources\": }}", "TEMPLATE_SYNTAX 1"},
        {"{\"Resources\": {}\n,,}", "TEMPLATE_SYNTAX 2"},
        {"{\"Resources\": {\n\"a\": \"b\n\x01\"}}", "TEMPLATE_SYNTAX 2"},
        {"{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"}}} x", "TEMPLATE_SYNTAX 1"},
        {"{\"a\": \"\\q\"}", "TEMPLATE_SYNTAX 1"},
        {"{\"a\": \"\\ud800x\"}", "TEMPLATE_SYNTAX 1"},
        {"Resources: {}\n---\nResources: {}\n", "TEMPLATE_SYNTAX 2"},
        {"Resources:\n  ? [a]\n  : b\n", "TEMPLATE_SYNTAX 2"},
        {"- a\n", "INVALID_SECTION 1"},
        {"text", "INVALID_SECTION 1"},
        {"Resources:\n  Q: \xff\n", "TEMPLATE_SYNTAX 2"},
    };

    (void)state;
    CHECK(rows);
}

static void a_tab_is_told_to_be_one(void **state)
{
    struct cc_arena mem = {0};

    (void)state;
    assert_non_null(strstr(
        only_finding(&mem, "Resources:\n  Q:\n\tType: x\n", "TEMPLATE_SYNTAX")->fix, "tabs"));
    cc_arena_wipe(&mem);
}

static void what_is_not_utf8_text_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {"\xff\xfe"
         "R\0e\0s\0",
         8},
        {"\xfe\xff\0R\0e", 6},
        {"R\0e\0s\0", 6},
        {"Resources:\n  Q: a\0b\n", 20},
        {"\x7f"
         "ELF\x02\x01\x01\0\0\0",
         10},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_arena mem = {0};

        assert_true(cc_text_starts(found_in(&mem, rows[i].bytes, rows[i].len), "TEMPLATE_SYNTAX"));
        cc_arena_wipe(&mem);
    }
}

static void json_and_yaml_are_the_same_template(void **state)
{
    static const struct one_template rows[] = {
        {QUEUE, ""},
        {"\xef\xbb\xbf" QUEUE, ""},
        {"{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"}}}", ""},
        {"  \n {Resources: {Q: {Type: AWS::SQS::Queue}}}", ""},
        {"{\n\t\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\", \"Metadata\": "
         "{\"a\": \"\\ud83d\\ude00\\/\\u00e9\", \"b\": [1, -2.5e3, true, false]}}}\n}",
         ""},
        {"Resources: !!map\n  Q:\n    Type: !!str AWS::SQS::Queue\n", ""},
    };

    (void)state;
    CHECK(rows);
}

static void a_key_that_is_there_twice_is_told_with_both_lines(void **state)
{
    static const char text[] = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Type: x\n";
    struct cc_arena mem = {0};

    (void)state;
    const struct cc_template_finding *one = only_finding(&mem, text, "DUPLICATE_KEY");
    assert_int_equal(one->line, 4);
    assert_int_equal(one->column, 5);
    assert_non_null(strstr(one->message, "line 3"));
    assert_string_equal(one->path, "Resources.Q.Type");
    cc_arena_wipe(&mem);
}

static void aliases_merge_keys_tags_and_nulls_are_not_accepted(void **state)
{
    static const struct one_template rows[] = {
        {QUEUE "    Metadata: {a: &x 1, b: *x}\n", "YAML_ALIAS 4"},
        {QUEUE "    Metadata: &x {a: 1}\n  P:\n    Type: AWS::SQS::Queue\n    Metadata:\n"
               "      <<: *x\n",
         "YAML_ALIAS 8 YAML_ALIAS 8"},
        {QUEUE "    Metadata: !Foo x\n", "UNKNOWN_TAG 4"},
        {QUEUE "    Metadata: !!binary x\n", "UNKNOWN_TAG 4"},
        {QUEUE "    Metadata:\n", "NULL_VALUE 4"},
        {QUEUE "    Metadata: {a: [~]}\n", "NULL_VALUE 4"},
        {"{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\", \"Metadata\": null}}}",
         "NULL_VALUE 1"},
    };

    (void)state;
    CHECK(rows);
}

static const char *nested(struct cc_arena *mem, const char *start, const char *open, size_t times)
{
    struct cc_buf out = cc_buf_new(mem, 4 * CC_TEMPLATE_MAX);

    cc_buf_text(&out, start);
    while (times-- > 0) {
        cc_buf_text(&out, open);
    }
    return out.text;
}

static void deep_nesting_ends_early(void **state)
{
    static const struct {
        const char *start;
        const char *open;
    } rows[] = {
        {"{\"a\": ", "["}, {"", "{\"a\":"},    {"a: ", "["},     {"a: ", "{a: "},
        {"a:\n  ", "- "},  {"a: ", "!Not [ "}, {"a: ", "&x [ "}, {"", "? "},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_arena mem = {0};
        const char *text = nested(&mem, rows[i].start, rows[i].open, 100000);

        assert_true(cc_text_starts(found_in(&mem, text, strlen(text)), "TEMPLATE_"));
        cc_arena_wipe(&mem);
    }
}

static void the_depth_that_is_allowed_is_read(void **state)
{
    struct cc_arena mem = {0};
    const char *open = nested(&mem, QUEUE "    Metadata: ", "[", CC_TEMPLATE_DEPTH - 3);
    const char *all = nested(&mem, open, "]", CC_TEMPLATE_DEPTH - 3);

    (void)state;
    assert_string_equal(found_in(&mem, all, strlen(all)), "");
    cc_arena_wipe(&mem);
}

static void more_than_a_mebibyte_is_refused(void **state)
{
    struct cc_arena mem = {0};
    const char *text = nested(&mem, QUEUE, "#x\n", (CC_TEMPLATE_MAX - strlen(QUEUE)) / 3);
    const char *more = nested(&mem, QUEUE, "#x\n", CC_TEMPLATE_MAX / 3 + 1);

    (void)state;
    assert_string_equal(found_in(&mem, text, strlen(text)), "");
    assert_string_equal(found_in(&mem, more, strlen(more)), "TEMPLATE_SIZE 1");
    cc_arena_wipe(&mem);
}

static void more_values_than_a_template_has_are_refused(void **state)
{
    struct cc_arena mem = {0};
    const char *text = nested(&mem, "{\"a\": [", "1,", 300000);

    (void)state;
    assert_string_equal(found_in(&mem, text, strlen(text)), "TEMPLATE_SIZE 1");
    cc_arena_wipe(&mem);
}

static void when_there_are_too_many_findings_that_is_told(void **state)
{
    struct cc_arena mem = {0};
    const char *text = nested(&mem, "Resources: {", "A: {Type: x}, ", 3000);
    bool told = false;

    (void)state;
    text = cc_textf(&mem, "%s}", text);
    const struct cc_template_report report = cc_template_validate(&mem, text, strlen(text));
    assert_int_equal(report.count, 1000);
    for (size_t i = 0; i < report.count; i++) {
        told = told || strcmp(report.findings[i].code, "TOO_MANY_FINDINGS") == 0;
    }
    assert_true(told);
    cc_arena_wipe(&mem);
}

static void findings_are_printable(void **state)
{
    static const char *const rows[] = {
        "Resources:\n  \"Q\\e[31m\\x01\\x02\": {Type: \"AWS::\\a\", \"\\x07\": 1}\n",
        ("Resources:\n  R: {Type: AWS::IAM::Role, Properties: {\"\\x1b\": {\"Ref\": "
         "\"\\x01\\x02\"}}}\n"),
        "{\"Resources\": {\"\\u001b\\u0001\": {\"Type\": \"\\u202e\"}}}",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_arena mem = {0};
        const struct cc_template_report report =
            cc_template_validate(&mem, rows[i], strlen(rows[i]));

        assert_true(report.count > 0);
        for (size_t k = 0; k < report.count; k++) {
            const struct cc_template_finding *one = &report.findings[k];
            const char *all = cc_textf(&mem, "%s%s%s", one->message, one->fix, one->path);

            assert_string_equal(all, cc_text_printable(&mem, all));
        }
        cc_arena_wipe(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_neither_yaml_nor_json_is_told_with_its_place),
        cmocka_unit_test(a_tab_is_told_to_be_one),
        cmocka_unit_test(what_is_not_utf8_text_is_refused),
        cmocka_unit_test(json_and_yaml_are_the_same_template),
        cmocka_unit_test(a_key_that_is_there_twice_is_told_with_both_lines),
        cmocka_unit_test(aliases_merge_keys_tags_and_nulls_are_not_accepted),
        cmocka_unit_test(deep_nesting_ends_early),
        cmocka_unit_test(the_depth_that_is_allowed_is_read),
        cmocka_unit_test(more_than_a_mebibyte_is_refused),
        cmocka_unit_test(more_values_than_a_template_has_are_refused),
        cmocka_unit_test(when_there_are_too_many_findings_that_is_told),
        cmocka_unit_test(findings_are_printable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
