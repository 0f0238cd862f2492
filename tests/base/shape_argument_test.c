#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "support/test.h"

/* Options as members of a JSON object. */

struct options {
    const char *name;
    const char *const *names;
    const char *words;
    const char *const *pairs;
    int count;
    int64_t limit_ms;
    bool fast;
    bool safe;
    int colour;
};

static const char *const colours[] = {"red", "green", NULL};
static const char *const fruits[] = {"apple", "pear", "fig", NULL};

static bool is_lower(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

static const struct cc_form lower = {"^[a-z]+$", is_lower, "it has lower-case letters only"};

static const struct cc_shape_field fields[] = {
    CC_ROW(TEXT, struct options, name, "NAME", "a name", .form = &lower),
    CC_ROW(TEXTS, struct options, names, "NAME", "names"),
    CC_ROW(TEXT, struct options, words, "FRUIT[,FRUIT]", "fruits", .words = fruits,
           .rules = CC_COMMAS),
    CC_ROW(PAIRS, struct options, pairs, "KEY=VALUE", "pairs"),
    CC_ROW(NUMBER, struct options, count, "N", "a number", .least = 1, .most = 9, .usual = "3"),
    CC_ROW_AS("limit", SPAN, struct options, limit_ms, "SECONDS", "a time", .most = 60000,
              .usual = "1.5"),
    CC_ROW(FLAG, struct options, fast, NULL, "a flag"),
    CC_ROW(FLAG, struct options, safe, NULL, "another flag", .usual = "true"),
    CC_ROW(WORD, struct options, colour, "COLOUR", "a colour", .words = colours),
    {0},
};
static const struct cc_shape shape = {"options", fields, sizeof(struct options)};

static struct cc_arena mem;
static struct options options;
static struct cc_error err;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static const struct cc_shape_field *field_named(const char *name)
{
    const struct cc_shape_field *field = fields;

    while (!cc_text_equal(field->name, name)) {
        field++;
    }
    return field;
}

static bool put(const char *name, const char *json)
{
    cJSON *value = cJSON_Parse(json);
    const struct cc_shape_member member = {field_named(name), &shape, &options};

    assert_non_null(value);
    const bool taken = cc_option_put_json(&mem, &member, name, value, &err);
    /* Texts are kept, not copied: they live as long as the document. */
    cc_arena_adopt(&mem, (void (*)(void *))cJSON_Delete, value);
    return taken;
}

static void refused(const char *name, const char *json, const char *why)
{
    err = (struct cc_error){0};
    if (put(name, json)) {
        fail_msg("%s: %s was taken", name, json);
    }
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, name));
    if (!strstr(err.why, why)) {
        fail_msg("%s is not in %s", why, err.why);
    }
}

static void every_kind_is_taken(void **state)
{
    (void)state;
    cc_options_begin(&mem, &shape, &options);
    assert_int_equal(options.count, 3);
    assert_true(put("name", "\"abc\""));
    assert_true(put("names", "[\"x\",\"y\"]"));
    assert_true(put("words", "[\"pear\",\"fig\"]"));
    assert_true(put("pairs", "[\"a=b\",\"c=\"]"));
    assert_true(put("count", "7"));
    assert_true(put("limit", "0.25"));
    assert_true(put("fast", "true"));
    assert_true(put("colour", "\"green\""));
    assert_string_equal(options.name, "abc");
    assert_string_equal(options.names[1], "y");
    assert_null(options.names[2]);
    assert_string_equal(options.words, "pear,fig");
    assert_string_equal(options.pairs[0], "a=b");
    assert_int_equal(options.count, 7);
    assert_int_equal(options.limit_ms, 250);
    assert_true(options.fast);
    assert_int_equal(options.colour, 1);
}

static void an_empty_list_and_false_are_as_if_they_were_not_given(void **state)
{
    (void)state;
    cc_options_begin(&mem, &shape, &options);
    assert_true(put("names", "[]"));
    assert_true(put("words", "[]"));
    assert_true(put("fast", "false"));
    assert_null(options.names);
    assert_null(options.words);
    assert_false(options.fast);
    assert_true(options.safe);
    assert_true(put("safe", "false"));
    assert_false(options.safe);
}

static void what_does_not_fit_is_refused_with_the_reason(void **state)
{
    (void)state;
    cc_options_begin(&mem, &shape, &options);
    refused("name", "1", "it must be text");
    refused("name", "null", "it must be text");
    refused("name", "[\"a\"]", "it must be text");
    refused("name", "\"\"", "an empty value");
    refused("name", "\"A\"", "lower-case letters");
    refused("names", "\"x\"", "a list of texts");
    refused("names", "[1]", "a list of texts");
    refused("names", "[\"\"]", "an empty value");
    refused("words", "[\"plum\"]", "");
    refused("words", "\"fig\"", "a list of texts");
    refused("pairs", "[\"x\"]", "KEY=VALUE");
    refused("count", "\"3\"", "a number");
    refused("count", "2.5", "a number");
    refused("count", "1e300", "a number");
    refused("count", "10", "from 1 to 9");
    refused("limit", "0", "above 0");
    refused("limit", "-1", "above 0");
    refused("limit", "1e300", "a number");
    refused("limit", "61", "at most 60");
    refused("fast", "\"true\"", "true or false");
    refused("fast", "1", "true or false");
    refused("colour", "\"blue\"", "");
}

static const char *schema(const char *name, const char *about)
{
    struct cc_buf out = cc_buf_new(&mem, 10000);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);

    cc_option_tell_schema(&mem, field_named(name), about, &teller);
    return out.text;
}

static void the_schema_says_what_is_taken(void **state)
{
    (void)state;
    assert_string_equal(
        schema("name", NULL),
        "{\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"description\":\"a name\"}");
    assert_string_equal(schema("names", "others"),
                        "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1},"
                        "\"description\":\"others\"}");
    assert_string_equal(schema("words", NULL),
                        "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"apple\","
                        "\"pear\",\"fig\"]},\"description\":\"fruits\"}");
    assert_string_equal(
        schema("pairs", NULL),
        "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^[^=]+=\"},"
        "\"description\":\"pairs\"}");
    assert_string_equal(schema("count", NULL),
                        "{\"type\":\"integer\",\"minimum\":1,\"maximum\":9,\"default\":3,"
                        "\"description\":\"a number\"}");
    assert_string_equal(
        schema("limit", NULL),
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":60,\"default\":1.5,"
        "\"description\":\"a time\"}");
    assert_string_equal(schema("fast", NULL), "{\"type\":\"boolean\",\"description\":\"a flag\"}");
    assert_string_equal(schema("safe", NULL), "{\"type\":\"boolean\",\"default\":true,"
                                              "\"description\":\"another flag\"}");
    assert_string_equal(schema("colour", NULL),
                        "{\"type\":\"string\",\"enum\":[\"red\",\"green\"],\"description\":"
                        "\"a colour\"}");
}

#define TEST(name) cmocka_unit_test_teardown(name, wipe)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_is_taken),
        TEST(an_empty_list_and_false_are_as_if_they_were_not_given),
        TEST(what_does_not_fit_is_refused_with_the_reason),
        TEST(the_schema_says_what_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
