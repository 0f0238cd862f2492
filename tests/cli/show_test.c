#include "../src/cli/show.h"

#include "credctl/base/text.h"

#include "support/test.h"

#include <yaml.h>

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

/* One text under the name k. */
struct one {
    const char *k;
};

static const struct cc_shape_field one_fields[] = {
    CC_ROW(TEXT, struct one, k, "k", "a text"),
    {0},
};
static const struct cc_shape one_shape = {"one", one_fields, sizeof(struct one)};

static const char *yaml_of(const char *text)
{
    const struct one one = {text};
    struct cc_buf out = cc_buf_new(&mem, 65536);

    cc_show_data(&one_shape, &one, true, &out);
    assert_false(out.too_big);
    return out.text;
}

/* An answer with a list. */
struct row {
    const char *a;
    struct cc_maybe_number b;
};

struct rows {
    const char *name;
    const char *none;
    bool flag;
    const struct row *rows;
    size_t count;
    const struct row *no_rows;
    size_t no_count;
};

static const struct cc_shape_field row_fields[] = {
    CC_ROW(TEXT, struct row, a, "a", "a text"),
    CC_ROW(MAYBE_NUMBER, struct row, b, "b", "a number"),
    {0},
};
static const struct cc_shape row_shape = {"row", row_fields, sizeof(struct row)};

static const struct cc_shape_field rows_fields[] = {
    CC_ROW(TEXT, struct rows, name, "name", "a text"),
    CC_ROW(TEXT, struct rows, none, "none", "nothing", .rules = CC_NULL),
    CC_ROW(FLAG, struct rows, flag, "flag", "a flag"),
    CC_ROW_LIST(struct rows, rows, count, struct row, &row_shape, NULL, "rows"),
    CC_ROW_LIST(struct rows, no_rows, no_count, struct row, &row_shape, NULL, "no rows"),
    {0},
};
static const struct cc_shape rows_shape = {"rows", rows_fields, sizeof(struct rows)};

static const char *table_of(const struct rows *rows)
{
    struct cc_buf out = cc_buf_new(&mem, 8 << 20);

    cc_shape_table(&rows_shape, rows, &out);
    assert_false(out.too_big);
    return out.text;
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
        bool quoted = false;

        assert_string_equal(yaml_value(yaml_of(texts[i]), &quoted), texts[i]);
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

        assert_string_equal(yaml_value(yaml_of(texts[i]), &quoted), texts[i]);
        assert_false(quoted);
    }
}

static void numbers_and_nothing_are_not_quoted_in_yaml(void **state)
{
    const struct row row = {"x", {true, 1}};
    const struct rows rows = {.name = "n", .rows = &row, .count = 1, .flag = true};
    struct cc_buf out = cc_buf_new(&mem, 65536);

    (void)state;
    cc_show_data(&rows_shape, &rows, true, &out);
    assert_string_equal(
        out.text, "name: \"n\"\nnone: null\nflag: true\nrows:\n- a: x\n  b: 1\nno_rows: []\n");
}

static void a_line_of_yaml_is_never_folded(void **state)
{
    char text[3000];
    bool quoted = false;

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (size_t i = 10; i < sizeof(text) - 3; i += 10) {
        text[i] = ' ';
    }
    const char *yaml = yaml_of(text);
    assert_int_equal(strcspn(yaml, "\n"), strlen(yaml) - 1);
    assert_string_equal(yaml_value(yaml, &quoted), text);
}

static void a_table_has_its_columns_under_each_other(void **state)
{
    const struct row two[] = {{"caf\xc3\xa9", {true, 1}}, {"longer", {0}}};
    const struct rows rows = {.name = "x", .rows = two, .count = 2};

    (void)state;
    assert_string_equal(table_of(&rows),
                        "name     x\nnone     -\nflag     false\nno_rows  []\n\nrows:\n"
                        "a       b\ncaf\xc3\xa9    1\nlonger  -\n");
}

static void a_column_without_any_value_is_left_out(void **state)
{
    const struct row two[] = {{"x", {0}}, {"y", {0}}};
    const struct rows rows = {.name = "x", .rows = two, .count = 2};

    (void)state;
    assert_non_null(strstr(table_of(&rows), "rows:\na\nx\ny\n"));
}

static void a_long_cell_does_not_run_into_the_next(void **state)
{
    char text[81];
    const struct row row = {text, {true, 7}};
    const struct rows rows = {.name = "x", .rows = &row, .count = 1};

    (void)state;
    memset(text, 'x', 80);
    text[80] = '\0';
    assert_non_null(strstr(table_of(&rows), "xxx  7\n"));
}

static void a_table_holds_no_control_character(void **state)
{
    const struct rows rows = {.name = "x\x1b[2J\ny"};

    (void)state;
    assert_non_null(strstr(table_of(&rows), "name     x?[2J?y\n"));
}

static void a_table_of_thousands_of_rows_has_every_one(void **state)
{
    struct row *all = cc_alloc(&mem, 5000 * sizeof(*all));
    const struct rows rows = {.name = "x", .rows = all, .count = 5000};

    (void)state;
    for (int i = 0; i < 5000; i++) {
        all[i] = (struct row){"something", {true, i}};
    }
    assert_non_null(strstr(table_of(&rows), "something  4999\n"));
}

/* Every format that a command offers is one that the command line can write. */
static void every_output_of_every_command_is_written(void **state)
{
    (void)state;
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const char *const *outputs = cc_command_outputs(&mem, *c);

        for (size_t i = 0; outputs[i]; i++) {
            const bool known = cc_show_has(*c, outputs[i]);

            if (!known) {
                fail_msg("credctl %s --output %s", (*c)->name, outputs[i]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_look_like_something_else_are_quoted_in_yaml),
        cmocka_unit_test(plain_texts_stay_plain_in_yaml),
        cmocka_unit_test(numbers_and_nothing_are_not_quoted_in_yaml),
        cmocka_unit_test(a_line_of_yaml_is_never_folded),
        cmocka_unit_test(a_table_has_its_columns_under_each_other),
        cmocka_unit_test(a_column_without_any_value_is_left_out),
        cmocka_unit_test(a_long_cell_does_not_run_into_the_next),
        cmocka_unit_test(a_table_holds_no_control_character),
        cmocka_unit_test(a_table_of_thousands_of_rows_has_every_one),
        cmocka_unit_test(every_output_of_every_command_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
