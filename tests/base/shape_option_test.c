#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "support/test.h"

struct hop {
    const char *role;
    const char *id;
};

static const struct cc_shape_field hop_fields[] = {
    CC_ROW(TEXT, struct hop, role, "ARN", "the role"),
    CC_ROW(TEXT, struct hop, id, "ID", "its external ID"),
    {0},
};
static const struct cc_shape hop_shape = {"hop", hop_fields, sizeof(struct hop)};

static const char *const colours[] = {"red", "green", NULL};

struct options {
    const char *text;
    int parallel;
    int64_t timeout;
    bool flag;
    int colour;
    const char *shade;
    const char *const *many;
    const char *const *pairs;
    struct cc_secret code;
    const struct hop *hops;
    size_t hop_count;
    struct hop before;
};

static bool is_code(const char *text)
{
    return cc_text_digits(text, 6);
}

static const struct cc_form code_form = {NULL, is_code, "it has 6 digits"};

// clang-format off
static const struct cc_shape_field fields[] = {
    CC_ROW(TEXT, struct options, text, "TEXT", "a text"),
    CC_ROW(NUMBER, struct options, parallel, "N", "run at most N at once", .least = 1, .most = 256,
           .usual = "8"),
    CC_ROW(SPAN, struct options, timeout, "SECONDS", "give up after so long", .most = 86400000),
    CC_ROW(FLAG, struct options, flag, NULL, "a flag"),
    CC_ROW(WORD, struct options, colour, "COLOUR", "which", .words = colours),
    CC_ROW(TEXT, struct options, shade, "COLOUR", "which, or none", .words = colours),
    CC_ROW(TEXTS, struct options, many, "TEXT", "many"),
    CC_ROW(PAIRS, struct options, pairs, "KEY=VALUE", "a tag"),
    CC_ROW(SECRET, struct options, code, "CODE", "a code", .form = &code_form),
    CC_ROW_LIST(struct options, hops, hop_count, struct hop, &hop_shape, NULL, "the hops",
                .most = 3),
    CC_ROW_GROUP(struct options, before, struct hop, &hop_shape, .rules = CC_UNLISTED),
    {0},
};
// clang-format on
static const struct cc_shape shape = {"options", fields, sizeof(struct options)};

static const struct cc_shape_field *named(const char *name)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(&shape);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (cc_text_equal(member.field->name, name)) {
            return member.field;
        }
    }
    fail_msg("no row %s", name);
    return NULL;
}

static bool give(struct fake *fake, struct options *options, const char *name, const char *text,
                 struct cc_error *err)
{
    struct cc_shape_member member;
    const struct cc_shape_field *field = named(name);

    *err = (struct cc_error){0};
    return cc_option_place(&fake->mem, &shape, options, field, &member, err) &&
           cc_option_put(&fake->mem, &member, cc_option_spelled(&fake->mem, field), text, err);
}

static void given(struct fake *fake, struct options *options, const char *name, const char *text)
{
    struct cc_error err;

    if (!give(fake, options, name, text, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
}

static void refused(struct fake *fake, const char *name, const char *text, const char *what,
                    const char *why)
{
    struct options options = {0};
    struct cc_error err;

    assert_false(give(fake, &options, name, text, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_string_equal(err.what, what);
    assert_non_null(strstr(err.why, why));
    assert_true(err.fix[0]);
}

static void every_kind_is_put_into_its_member(void **state)
{
    struct fake *fake = *state;
    struct options options;

    cc_options_begin(&fake->mem, &shape, &options);
    assert_int_equal(options.parallel, 8);
    given(fake, &options, "text", "t");
    given(fake, &options, "parallel", "256");
    given(fake, &options, "timeout", "1.5");
    given(fake, &options, "flag", NULL);
    given(fake, &options, "colour", "green");
    given(fake, &options, "shade", "red");
    given(fake, &options, "code", "123456");
    assert_string_equal(options.text, "t");
    assert_int_equal(options.parallel, 256);
    assert_int_equal(options.timeout, 1500);
    assert_true(options.flag);
    assert_int_equal(options.colour, 1);
    assert_string_equal(options.shade, "red");
    assert_string_equal(cc_secret_reveal(options.code), "123456");
}

static void a_repeated_option_keeps_every_value_however_many(void **state)
{
    struct fake *fake = *state;
    struct options options;

    cc_options_begin(&fake->mem, &shape, &options);
    for (int i = 0; i < 5000; i++) {
        given(fake, &options, "many", cc_textf(&fake->mem, "%d", i));
    }
    for (int i = 0; i < 5000; i++) {
        assert_string_equal(options.many[i], cc_textf(&fake->mem, "%d", i));
    }
    assert_null(options.many[5000]);
}

static void the_last_of_what_does_not_repeat_wins(void **state)
{
    struct fake *fake = *state;
    struct options options = {0};

    given(fake, &options, "text", "a");
    given(fake, &options, "text", "b");
    assert_string_equal(options.text, "b");
}

static void the_first_row_of_a_list_begins_one_and_the_others_belong_to_the_last(void **state)
{
    struct fake *fake = *state;
    struct options options = {0};
    struct cc_error err;

    given(fake, &options, "id", "loose");
    given(fake, &options, "role", "a");
    given(fake, &options, "role", "b");
    given(fake, &options, "id", "of b");
    given(fake, &options, "role", "c");
    assert_int_equal(options.hop_count, 3);
    assert_string_equal(options.before.id, "loose");
    assert_null(options.hops[0].id);
    assert_string_equal(options.hops[1].role, "b");
    assert_string_equal(options.hops[1].id, "of b");
    assert_null(options.hops[2].id);
    assert_false(give(fake, &options, "role", "d", &err));
    assert_string_equal(err.what, "--role is given more than 3 times");
    assert_int_equal(options.hop_count, 3);
}

static void an_empty_value_is_refused_for_every_kind(void **state)
{
    static const char *const names[] = {"text", "parallel", "timeout", "colour", "shade",
                                        "many", "pairs",    "code",    "role",   "id"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        refused(*state, names[i], "",
                cc_textf(&((struct fake *)*state)->mem, "--%s is empty", names[i]), "not set");
    }
}

static void a_refusal_says_what_is_valid(void **state)
{
    refused(*state, "parallel", "257", "--parallel: \"257\" is not valid",
            "it must be a whole number from 1 to 256");
    refused(*state, "parallel", "1x", "--parallel: \"1x\" is not valid", "1 to 256");
    refused(*state, "timeout", "0", "--timeout: \"0\" is not valid",
            "a number of seconds above 0 and at most 86400");
    refused(*state, "timeout", "1e3", "--timeout: \"1e3\" is not valid", "seconds");
    refused(*state, "colour", "blue", "--colour: \"blue\" is not valid", "");
    refused(*state, "shade", "blue", "--shade: \"blue\" is not valid", "");
    refused(*state, "pairs", "=x", "--pairs: \"=x\" is not valid", "KEY=VALUE");
    refused(*state, "code", CANARY, "--code is not valid", "it has 6 digits");
    refused(*state, "pairs", "x", "--pairs: \"x\" is not valid", "KEY=VALUE");
}

static void help_has_range_words_and_default(void **state)
{
    struct cc_arena *mem = &((struct fake *)*state)->mem;

    assert_string_equal(cc_option_about(mem, named("parallel")),
                        "run at most N at once, 1 to 256 (default: 8)");
    assert_string_equal(cc_option_about(mem, named("colour")), "which: red|green (default: red)");
    assert_string_equal(cc_option_about(mem, named("shade")), "which, or none: red|green");
    assert_string_equal(cc_option_spelled(mem, named("role")), "--role");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_kind_is_put_into_its_member),
        IN_FAKE_WORLD(a_repeated_option_keeps_every_value_however_many),
        IN_FAKE_WORLD(the_last_of_what_does_not_repeat_wins),
        IN_FAKE_WORLD(the_first_row_of_a_list_begins_one_and_the_others_belong_to_the_last),
        IN_FAKE_WORLD(an_empty_value_is_refused_for_every_kind),
        IN_FAKE_WORLD(a_refusal_says_what_is_valid),
        IN_FAKE_WORLD(help_has_range_words_and_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
