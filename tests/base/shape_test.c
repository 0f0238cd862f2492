#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "support/test.h"

/* One struct with a member of every kind. */

struct part {
    const char *name;
    int ms;
};

static const struct cc_shape_field part_fields[] = {
    CC_ROW(TEXT, struct part, name, "name", "what it is called"),
    CC_ROW(NUMBER, struct part, ms, "time", "milliseconds it took"),
    {0},
};
static const struct cc_shape part_shape = {"part", part_fields, sizeof(struct part)};

struct inner {
    bool on;
};

static const struct cc_shape_field inner_fields[] = {
    CC_ROW(FLAG, struct inner, on, "on", "is it on"),
    {0},
};
static const struct cc_shape inner_shape = {"inner", inner_fields, sizeof(struct inner)};

enum colour { RED, GREEN };
static const char *const colours[] = {"red", "green", NULL};

struct whole {
    const char *text;
    const char *maybe;
    char chars[16];
    const char *const *texts;
    int narrow;
    int64_t wide;
    double real;
    bool flag;
    int64_t at;
    enum colour colour;
    struct cc_secret secret;
    struct cc_maybe_number number;
    struct cc_maybe_real share;
    struct cc_maybe_flag yes;
    const struct part *part;
    const struct part *parts;
    size_t part_count;
    struct inner inner;
};

static bool is_account(const char *text)
{
    return cc_text_digits(text, 12);
}

static const struct cc_form account_form = {"^[0-9]{12}$", is_account, "an account has 12 digits"};

// clang-format off
static const struct cc_shape_field fields[] = {
    CC_ROW(TEXT, struct whole, text, "text", "a text"),
    CC_ROW(TEXT, struct whole, maybe, "account", "an account", .rules = CC_NULL,
           .form = &account_form),
    CC_ROW(CHARS, struct whole, chars, "chars", "text in place", .rules = CC_NULL),
    CC_ROW(TEXTS, struct whole, texts, NULL, "many texts"),
    CC_ROW(NUMBER, struct whole, narrow, "narrow", "a number", .least = 1, .most = 9),
    CC_ROW_AS("large", NUMBER, struct whole, wide, "large", "a larger number"),
    CC_ROW(REAL, struct whole, real, "real", "with fractions"),
    CC_ROW(FLAG, struct whole, flag, "flag", "yes or no"),
    CC_ROW(TIME, struct whole, at, "at", "when", .rules = CC_NULL),
    CC_ROW(WORD, struct whole, colour, "colour", "one of two", .words = colours),
    CC_ROW(SECRET, struct whole, secret, "secret", "never told"),
    CC_ROW(MAYBE_NUMBER, struct whole, number, "number", "or null"),
    CC_ROW(MAYBE_REAL, struct whole, share, "share", "or null"),
    CC_ROW(MAYBE_FLAG, struct whole, yes, "yes", "or null"),
    CC_ROW_OBJECT(struct whole, part, struct part, &part_shape, NULL, "one", .rules = CC_NULL),
    CC_ROW_LIST(struct whole, parts, part_count, struct part, &part_shape, NULL, "some"),
    CC_ROW_GROUP(struct whole, inner, struct inner, &inner_shape),
    {0},
};
// clang-format on
static const struct cc_shape whole_shape = {"whole", fields, sizeof(struct whole)};

static const char *const two_texts[] = {"a", "b\n", NULL};
static const struct part two_parts[] = {{"one", 1}, {"two", -2}};

static struct whole filled(void)
{
    return (struct whole){
        .text = "x\"y",
        .maybe = "111122223333",
        .chars = "abc",
        .texts = two_texts,
        .narrow = 7,
        .wide = 5000000000,
        .real = 0.1,
        .flag = true,
        .at = 1795000000,
        .colour = GREEN,
        .secret = {CANARY},
        .number = {true, 3},
        .share = {true, 1.5},
        .yes = {true, true},
        .part = &two_parts[0],
        .parts = two_parts,
        .part_count = 2,
        .inner = {true},
    };
}

#define FILLED                                                                                  \
    "{\"text\":\"x\\\"y\",\"maybe\":\"111122223333\",\"chars\":\"abc\",\"texts\":[\"a\","       \
    "\"b\\n\"],\"narrow\":7,\"large\":5000000000,\"real\":0.1,\"flag\":true,"                   \
    "\"at\":\"2026-11-18T11:06:40Z\",\"colour\":\"green\",\"number\":3,\"share\":1.5,"          \
    "\"yes\":true,\"part\":{\"name\":\"one\",\"ms\":1},\"parts\":[{\"name\":\"one\",\"ms\":1}," \
    "{\"name\":\"two\",\"ms\":-2}],\"on\":true}"

static const char *json(struct fake *fake, const struct whole *whole, bool indented)
{
    struct cc_buf out = cc_buf_new(&fake->mem, 65536);

    cc_shape_json(&whole_shape, whole, indented, &out);
    return out.text;
}

static void json_has_every_row_but_secrets_in_their_order(void **state)
{
    const struct whole whole = filled();
    const char *told = json(*state, &whole, false);

    assert_string_equal(told, FILLED "\n");
}

static void json_of_nothing_has_null_where_a_row_may_be_null(void **state)
{
    const struct whole whole = {.text = ""};

    assert_string_equal(
        json(*state, &whole, false),
        "{\"text\":\"\",\"maybe\":null,\"chars\":null,\"texts\":[],\"narrow\":0,\"large\":0,"
        "\"real\":0,\"flag\":false,\"at\":null,\"colour\":\"red\",\"number\":null,\"share\":null,"
        "\"yes\":null,\"part\":null,\"parts\":[],\"on\":false}\n");
}

static void indented_json_has_a_line_for_each_member(void **state)
{
    const struct whole whole = filled();
    const char *told = json(*state, &whole, true);

    assert_non_null(strstr(told, "{\n  \"text\": \"x\\\"y\",\n"));
    assert_non_null(strstr(told, "  \"parts\": [\n    {\n      \"name\": \"one\",\n"));
    assert_non_null(strstr(told, "    }\n  ],\n  \"on\": true\n}\n"));
}

/* What cJSON would print, which the answers were printed with. */
static void json_escapes_and_writes_numbers_as_cjson_does(void **state)
{
    static const double reals[] = {0, 1, -1, 0.1, 1.0 / 3, 1e300, 123456789012345680.0, 2.5e-7};
    struct fake *fake = *state;
    struct whole whole = {.text = "\x01\x1f\"\\\b\f\n\r\t/\x7f\xc3\xa4"};
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "text", whole.text);
    const char *line = cc_json_line(&fake->mem, doc);
    assert_memory_equal(json(fake, &whole, false), line, strlen(line) - 2);
    cJSON_Delete(doc);
    for (size_t i = 0; i < CC_COUNT(reals); i++) {
        cJSON *number = cJSON_CreateNumber(reals[i]);
        char *text = cJSON_PrintUnformatted(number);

        whole.real = reals[i];
        assert_non_null(
            strstr(json(fake, &whole, false), cc_textf(&fake->mem, "\"real\":%s,", text)));
        cJSON_free(text);
        cJSON_Delete(number);
    }
}

static void json_is_utf8_whatever_a_text_holds(void **state)
{
    const struct whole whole = {.text = "a\xff"};

    assert_non_null(strstr(json(*state, &whole, false), "\"text\":\"a?\""));
}

static void what_was_written_is_read_back(void **state)
{
    struct fake *fake = *state;
    struct whole back = {.secret = {"kept"}};
    struct cc_error err = {0};

    /* the secret is no member of answers; a reader that wants one has a row that may be missing */
    static const char with_secret[] = "{\"secret\":\"s\",";
    const char *text = cc_textf(&fake->mem, "%s%s", with_secret, &(FILLED)[1]);
    if (!cc_shape_parse(&fake->mem, &whole_shape, &(struct cc_json_text){text, strlen(text), "it"},
                        &back, &err)) {
        fail_msg("%s", err.why);
    }
    assert_string_equal(json(fake, &back, false), FILLED "\n");
    assert_string_equal(cc_secret_reveal(back.secret), "s");
}

static void reads(struct fake *fake, const char *from, const char *to, const char *why)
{
    const char *whole = cc_textf(&fake->mem, "{\"secret\":\"" CANARY "\",%s", &(FILLED)[1]);
    const char *at = strstr(whole, from);
    struct whole back = {0};
    struct cc_error err = {0};

    assert_non_null(at);
    const char *text =
        cc_textf(&fake->mem, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
    bool read = cc_shape_parse(&fake->mem, &whole_shape,
                               &(struct cc_json_text){text, strlen(text), "the line"}, &back, &err);
    if (!why) {
        assert_true(read);
        return;
    }
    assert_false(read);
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_non_null(strstr(err.why, why));
    assert_null(strstr(err.why, CANARY));
}

static void a_member_that_is_not_as_its_row_says_is_refused_by_name(void **state)
{
    reads(*state, "\"narrow\":7", "\"narrow\":10",
          "narrow is not a whole number in the allowed range");
    reads(*state, "\"narrow\":7", "\"narrow\":7.5",
          "narrow is not a whole number in the allowed range");
    reads(*state, "\"narrow\":7", "\"narrow\":null", "narrow");
    reads(*state, "\"large\":5000000000", "\"large\":1e17", "large");
    reads(*state, "\"text\":\"x\\\"y\"", "\"text\":1", "text is not text");
    reads(*state, "\"text\":\"x\\\"y\"", "\"text\":null", "text is not text");
    reads(*state, "111122223333", "11112222333", "maybe has an unusable value");
    reads(*state, "\"green\"", "\"blue\"", "colour is not one of the allowed values");
    reads(*state, "2026-11-18T", "2026-11-38T", "at is not a time");
    reads(*state, "\"flag\":true", "\"flag\":1", "flag is neither true nor false");
    reads(*state, "\"abc\"", "\"0123456789abcdef\"", "chars is too long");
    reads(*state, "[\"a\",", "[1,", "texts holds an unusable value");
    reads(*state, "\"ms\":-2", "\"ms\":\"-2\"", "ms is not a whole number");
    reads(*state, "\"real\":0.1", "\"real\":\"0.1\"", "real is not a number");
    reads(*state, "\"real\":0.1", "\"real\":1e999", "real is not a number");
    reads(*state, "\"secret\":\"" CANARY "\"", "\"secret\":[\"" CANARY "\"]", "secret is not text");
}

static void null_is_read_where_a_row_may_be_null(void **state)
{
    reads(*state, "\"maybe\":\"111122223333\"", "\"maybe\":null", NULL);
    reads(*state, "\"number\":3", "\"number\":null", NULL);
    reads(*state, "\"part\":{\"name\":\"one\",\"ms\":1}", "\"part\":null", NULL);
}

static void unknown_missing_and_repeated_members_are_refused(void **state)
{
    reads(*state, "\"flag\":true", "\"flag\":true,\"more\":1", "an unknown member");
    reads(*state, ",\"flag\":true", "", "flag is missing");
    reads(*state, "\"ms\":-2", "\"ms\":-2,\"more\":1", "an unknown member");
    struct fake *fake = *state;
    struct whole back = {0};
    struct cc_error err = {0};
    static const char twice[] = "{\"text\":\"a\",\"text\":\"b\"}";
    assert_false(cc_shape_parse(&fake->mem, &whole_shape,
                                &(struct cc_json_text){twice, strlen(twice), "it"}, &back, &err));
    assert_false(cc_shape_parse(&fake->mem, &whole_shape, &(struct cc_json_text){"[]", 2, "it"},
                                &back, &err));
    assert_string_equal(err.why, "it is not an object");
}

static const cJSON *schema_of(struct fake *fake)
{
    struct cc_buf out = cc_buf_new(&fake->mem, 65536);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);
    const cJSON *doc = NULL;
    struct cc_error err = {0};

    cc_shape_tell_schema(&fake->mem, &whole_shape, &teller);
    assert_true(cc_json_parse(&fake->mem, out.text, out.len, "schema", &doc, &err));
    return doc;
}

static const char *property(struct fake *fake, const cJSON *schema, const char *name)
{
    const cJSON *all = cc_json_object(schema, "properties");

    return cc_json_line(&fake->mem, cJSON_GetObjectItem(all, name));
}

static void the_schema_requires_every_row_and_allows_no_other(void **state)
{
    struct fake *fake = *state;
    const cJSON *schema = schema_of(fake);
    const cJSON *required = cJSON_GetObjectItem(schema, "required");

    assert_string_equal(cc_json_text(schema, "$schema"),
                        "https://json-schema.org/draft/2020-12/schema");
    assert_string_equal(cc_json_text(schema, "title"), "whole");
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(schema, "additionalProperties")));
    assert_int_equal(cJSON_GetArraySize(required), 16);
    assert_null(cJSON_GetObjectItem(cc_json_object(schema, "properties"), "secret"));
}

static void the_schema_says_kind_range_words_form_and_null(void **state)
{
    struct fake *fake = *state;
    const cJSON *schema = schema_of(fake);

    assert_string_equal(property(fake, schema, "maybe"),
                        "{\"type\":[\"string\",\"null\"],\"pattern\":\"^[0-9]{12}$\","
                        "\"description\":\"an account\"}\n");
    assert_string_equal(property(fake, schema, "narrow"),
                        "{\"type\":\"integer\",\"minimum\":1,\"maximum\":9,"
                        "\"description\":\"a number\"}\n");
    assert_string_equal(property(fake, schema, "colour"),
                        "{\"enum\":[\"red\",\"green\"],\"description\":\"one of two\"}\n");
    assert_string_equal(property(fake, schema, "at"),
                        "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\","
                        "\"description\":\"when\"}\n");
    assert_string_equal(property(fake, schema, "yes"),
                        "{\"type\":[\"boolean\",\"null\"],\"description\":\"or null\"}\n");
    assert_non_null(strstr(property(fake, schema, "part"),
                           "{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,"));
    assert_non_null(strstr(property(fake, schema, "parts"),
                           "{\"type\":\"array\",\"items\":{\"type\":\"object\","));
}

static void lines_for_people_leave_out_null_false_and_rows_without_a_title(void **state)
{
    struct fake *fake = *state;
    const struct whole whole = {.text = "x", .wide = 3, .narrow = 1, .texts = two_texts};
    struct cc_buf out = cc_buf_new(&fake->mem, 65536);

    cc_shape_lines(&whole_shape, &whole, 2, 8, &out);
    assert_string_equal(out.text, "  text    x\n  narrow  1\n  large   3\n  real    0\n"
                                  "  colour  red\n");
}

static void env_has_each_single_value_quoted_for_a_shell(void **state)
{
    struct fake *fake = *state;
    struct whole whole = {.text = "it's"};
    struct cc_buf out = cc_buf_new(&fake->mem, 65536);

    cc_shape_env(&whole_shape, &whole, "CREDCTL_", &out);
    assert_string_equal(out.text, "CREDCTL_TEXT='it'\\''s'\nCREDCTL_MAYBE=''\nCREDCTL_CHARS=''\n"
                                  "CREDCTL_NARROW='0'\nCREDCTL_LARGE='0'\nCREDCTL_REAL='0'\n"
                                  "CREDCTL_FLAG='false'\nCREDCTL_AT=''\nCREDCTL_COLOUR='red'\n"
                                  "CREDCTL_NUMBER=''\nCREDCTL_SHARE=''\nCREDCTL_YES=''\n"
                                  "CREDCTL_ON='false'\n");
}

static void a_table_has_single_values_then_each_list_in_columns(void **state)
{
    struct fake *fake = *state;
    const struct whole whole = filled();
    struct cc_buf out = cc_buf_new(&fake->mem, 65536);

    cc_shape_table(&whole_shape, &whole, &out);
    assert_non_null(strstr(out.text, "texts   [\"a\",\"b?\"]\n"));
    assert_non_null(strstr(out.text, "part    {\"name\":\"one\",\"ms\":1}\n"));
    assert_non_null(strstr(out.text, "\nparts:\nname  ms\none   1\ntwo   -2\n"));
    assert_null(strstr(out.text, CANARY));
}

static void fields_for_the_docs_name_members_of_lists_after_them(void **state)
{
    struct fake *fake = *state;
    struct cc_buf out = cc_buf_new(&fake->mem, 65536);

    cc_shape_fields(&whole_shape, &out);
    assert_non_null(strstr(out.text, "| `maybe` | text or null | an account |\n"));
    assert_non_null(strstr(out.text, "| `colour` | text | one of two: red, green |\n"));
    assert_non_null(strstr(out.text, "| `parts[].ms` | number | milliseconds it took |\n"));
    assert_non_null(strstr(out.text, "| `part.name` | text | what it is called |\n"));
    assert_null(strstr(out.text, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(json_has_every_row_but_secrets_in_their_order),
        IN_FAKE_WORLD(json_of_nothing_has_null_where_a_row_may_be_null),
        IN_FAKE_WORLD(indented_json_has_a_line_for_each_member),
        IN_FAKE_WORLD(json_escapes_and_writes_numbers_as_cjson_does),
        IN_FAKE_WORLD(json_is_utf8_whatever_a_text_holds),
        IN_FAKE_WORLD(what_was_written_is_read_back),
        IN_FAKE_WORLD(a_member_that_is_not_as_its_row_says_is_refused_by_name),
        IN_FAKE_WORLD(null_is_read_where_a_row_may_be_null),
        IN_FAKE_WORLD(unknown_missing_and_repeated_members_are_refused),
        IN_FAKE_WORLD(the_schema_requires_every_row_and_allows_no_other),
        IN_FAKE_WORLD(the_schema_says_kind_range_words_form_and_null),
        IN_FAKE_WORLD(lines_for_people_leave_out_null_false_and_rows_without_a_title),
        IN_FAKE_WORLD(env_has_each_single_value_quoted_for_a_shell),
        IN_FAKE_WORLD(a_table_has_single_values_then_each_list_in_columns),
        IN_FAKE_WORLD(fields_for_the_docs_name_members_of_lists_after_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
