#include "../src/cli/show.h"

#include "credctl/base/text.h"

#include "support/test.h"

#include <stdio.h>

#include <yaml.h>

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void json_free(cJSON **doc)
{
    cJSON_Delete(*doc);
}

static const char *shown(void (*show)(const cJSON *result, struct cc_buf *out), const char *json)
{
    CC_CLEANUP(json_free) cJSON *doc = cJSON_Parse(json);
    struct cc_buf out = cc_buf_new(&mem, 1 << 20);

    assert_non_null(doc);
    show(doc, &out);
    assert_false(out.too_big);
    return out.text;
}

static void json_is_indented_by_blanks_and_stays_the_same(void **state)
{
    (void)state;
    static const char *const docs[] = {
        "{}", "{\"a\":[],\"b\":{}}", "{\"a\":{\"b\":[1,2.5,{\"c\":null}],\"d\":\"x\\ty\\n\\\"\"}}"};

    for (size_t i = 0; i < CC_COUNT(docs); i++) {
        const char *text = shown(cc_show_json, docs[i]);
        CC_CLEANUP(json_free) cJSON *back = cJSON_Parse(text);
        CC_CLEANUP(json_free) cJSON *doc = cJSON_Parse(docs[i]);

        assert_true(cJSON_Compare(back, doc, true));
        assert_null(strchr(text, '\t'));
        assert_int_equal(text[strlen(text) - 1], '\n');
    }
    assert_non_null(strstr(shown(cc_show_json, "{\"a\":{\"b\":1}}"), "\n    \"b\": 1"));
}

/* How a reader of YAML sees the only value of a document: the text, and whether it was quoted. */
static const char *yaml_value(const char *text, bool *quoted)
{
    yaml_parser_t parser;
    yaml_event_t event;
    const char *value = NULL;
    size_t scalars = 0;

    assert_true(yaml_parser_initialize(&parser));
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    for (bool more = true; more;) {
        assert_true(yaml_parser_parse(&parser, &event));
        more = event.type != YAML_STREAM_END_EVENT;
        if (event.type == YAML_SCALAR_EVENT && ++scalars == 2) {
            value =
                cc_text_dup(&mem, (const char *)event.data.scalar.value, event.data.scalar.length);
            *quoted = event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    assert_int_equal(scalars, 2);
    return value;
}

static void texts_that_look_like_something_else_are_quoted_in_yaml(void **state)
{
    (void)state;
    static const char *const texts[] = {"yes",
                                        "No",
                                        "ON",
                                        "off",
                                        "true",
                                        "False",
                                        "null",
                                        "NULL",
                                        "~",
                                        "y",
                                        "N",
                                        "",
                                        " ",
                                        "x ",
                                        "012345678901",
                                        "0",
                                        "1e3",
                                        "-1",
                                        "+1",
                                        ".5",
                                        ".inf",
                                        ".NaN",
                                        "0x1f",
                                        "0o7",
                                        "1:30",
                                        "1_000",
                                        "2026-11-22",
                                        "2026-11-22T16:08:00Z",
                                        "=",
                                        "<<",
                                        "- x",
                                        "-",
                                        "?",
                                        "a: b",
                                        "a:",
                                        "a #b",
                                        "#a",
                                        "&a",
                                        "*a",
                                        "!a",
                                        "%a",
                                        "@a",
                                        "`a",
                                        "[a",
                                        "{a",
                                        "|",
                                        ">",
                                        "\"a\"",
                                        "'a'",
                                        "a\nb",
                                        "a\n",
                                        "\ta",
                                        "a\x7f",
                                        "\xc2\x85",
                                        "\xe2\x80\xa8",
                                        "\xef\xbb\xbf",
                                        "\xf0\x9f\x98\x80",
                                        "caf\xc3\xa9",
                                        "---",
                                        "..."};

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
        struct cc_buf out = cc_buf_new(&mem, 65536);
        bool quoted = false;

        cJSON_AddStringToObject(doc, "k", texts[i]);
        cc_show_yaml(doc, &out);
        assert_string_equal(yaml_value(out.text, &quoted), texts[i]);
        assert_true(quoted);
    }
}

static void plain_texts_stay_plain_in_yaml(void **state)
{
    (void)state;
    static const char *const texts[] = {"arn:aws:iam::111122223333:role/x", "eu-central-1", "a_b",
                                        "imds"};

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        bool quoted = true;
        CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
        struct cc_buf out = cc_buf_new(&mem, 65536);

        cJSON_AddStringToObject(doc, "k", texts[i]);
        cc_show_yaml(doc, &out);
        assert_string_equal(yaml_value(out.text, &quoted), texts[i]);
        assert_false(quoted);
    }
}

static void numbers_and_nothing_are_not_quoted_in_yaml(void **state)
{
    (void)state;
    assert_string_equal(shown(cc_show_yaml, "{\"a\":1,\"b\":null,\"c\":true,\"d\":[],\"e\":{}}"),
                        "a: 1\nb: null\nc: true\nd: []\ne: {}\n");
}

static void a_line_of_yaml_is_never_folded(void **state)
{
    (void)state;
    char json[3000];
    bool quoted = false;

    memset(json, 'a', sizeof(json));
    memcpy(json, "{\"k\":\"", 6);
    for (size_t i = 10; i < sizeof(json) - 3; i += 10) {
        json[i] = ' ';
    }
    memcpy(json + sizeof(json) - 3, "\"}", 3);
    const char *text = shown(cc_show_yaml, json);
    assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
    assert_int_equal(strlen(yaml_value(text, &quoted)), sizeof(json) - 9);
}

static void a_table_has_its_columns_under_each_other(void **state)
{
    (void)state;
    assert_string_equal(
        shown(cc_show_table,
              "{\"name\":\"x\",\"none\":null,\"rows\":[{\"a\":\"caf\xc3\xa9\",\"b\":1},"
              "{\"a\":\"longer\",\"b\":null}]}"),
        "name  x\nnone  -\n\nrows:\na       b\ncaf\xc3\xa9    1\nlonger  -\n");
}

static void a_long_cell_does_not_run_into_the_next(void **state)
{
    (void)state;
    char json[400];
    char text[100];

    memset(text, 'x', 80);
    text[80] = '\0';
    (void)snprintf(json, sizeof(json), "{\"rows\":[{\"a\":\"%s\",\"b\":\"next\"}]}", text);
    assert_non_null(strstr(shown(cc_show_table, json), "xxx  next\n"));
}

static void a_table_holds_no_control_character(void **state)
{
    (void)state;
    const char *text = shown(cc_show_table, "{\"a\":\"x\\u001b[2J\\ny\"}");

    assert_string_equal(text, "a  x?[2J?y\n");
}

static void a_table_of_thousands_of_rows_ends_in_time(void **state)
{
    (void)state;
    CC_CLEANUP(json_free) cJSON *doc = cJSON_CreateObject();
    struct cc_buf out = cc_buf_new(&mem, 8 << 20);
    cJSON *rows = cJSON_AddArrayToObject(doc, "rows");

    for (int i = 0; i < 5000; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddItemToArray(rows, row);
        cJSON_AddNumberToObject(row, "n", i);
        cJSON_AddStringToObject(row, "text", "something");
    }
    cc_show_table(doc, &out);
    assert_false(out.too_big);
    assert_non_null(strstr(out.text, "4999  something"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_indented_by_blanks_and_stays_the_same),
        cmocka_unit_test(texts_that_look_like_something_else_are_quoted_in_yaml),
        cmocka_unit_test(plain_texts_stay_plain_in_yaml),
        cmocka_unit_test(numbers_and_nothing_are_not_quoted_in_yaml),
        cmocka_unit_test(a_line_of_yaml_is_never_folded),
        cmocka_unit_test(a_table_has_its_columns_under_each_other),
        cmocka_unit_test(a_long_cell_does_not_run_into_the_next),
        cmocka_unit_test(a_table_holds_no_control_character),
        cmocka_unit_test(a_table_of_thousands_of_rows_ends_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
