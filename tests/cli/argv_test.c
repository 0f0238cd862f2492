#include "../src/cli/argv.h"

#include "credctl/base/text.h"

#include "support/test.h"

#include <stdlib.h>

#define WORDS_MAX 32

struct parse {
    char *argv[WORDS_MAX];
    int argc;
    const struct cc_command *command;
    struct cc_args *args;
    struct cc_error err;
    bool ok;
};

static struct parse parsed(struct fake *fake, const char *const *words)
{
    struct parse parse = {.argc = 1};

    parse.argv[0] = cc_text_dup(&fake->mem, "credctl", 7);
    for (; *words; words++) {
        parse.argv[parse.argc++] = cc_text_dup(&fake->mem, *words, strlen(*words));
    }
    parse.ok = cc_argv_parse(&fake->run.mem, parse.argc, parse.argv, &parse.command, &parse.args,
                             &parse.err);
    return parse;
}

#define PARSE(...) parsed(*state, (const char *const[]){__VA_ARGS__, NULL})

static void refused(const struct parse *parse, const char *what, const char *fix)
{
    assert_false(parse->ok);
    assert_int_equal(parse->err.code, CC_E_USAGE);
    assert_string_equal(parse->err.what, what);
    assert_string_equal(parse->err.fix, fix);
}

static void a_command_of_two_words_goes_before_one_of_one(void **state)
{
    struct parse parse = PARSE("session", "export");

    assert_true(parse.ok);
    assert_string_equal(parse.command->name, "session export");
    parse = PARSE("session");
    assert_true(parse.ok);
    assert_string_equal(parse.command->name, "session");
}

static void options_of_every_command_may_stand_before_it_too(void **state)
{
    struct parse parse = PARSE("--output", "json", "--debug", "version", "--output=yaml");

    assert_true(parse.ok);
    assert_string_equal(parse.command->name, "version");
    assert_string_equal(cc_value_at(parse.args, "output", 0), "json");
    assert_string_equal(cc_value(parse.args, "output"), "yaml");
    assert_null(cc_value_at(parse.args, "output", 2));
    assert_true(cc_flag(parse.args, "debug"));
    assert_false(cc_flag(parse.args, "help"));
}

static void options_of_one_command_do_not_stand_before_it(void **state)
{
    struct parse parse = PARSE("--profile", "x", "session");

    refused(&parse, "--profile is not an option here",
            "give it after the command, or run `credctl help`");
}

static void a_value_is_the_next_word_or_follows_the_equals_sign(void **state)
{
    struct parse parse = PARSE("session", "--profile=a=b", "--region", "--profile", "--role-arn=");

    assert_true(parse.ok);
    assert_string_equal(cc_value(parse.args, "profile"), "a=b");
    assert_string_equal(cc_value(parse.args, "region"), "--profile");
    assert_string_equal(cc_value(parse.args, "role-arn"), "");
}

static void repeated_options_keep_their_order_among_all(void **state)
{
    struct parse parse =
        PARSE("session", "--role-arn", "a", "--external-id", "x", "--role-arn", "b");
    const char *name = NULL;
    const char *value = NULL;

    assert_true(parse.ok);
    assert_true(cc_given_at(parse.args, 1, &name, &value));
    assert_string_equal(name, "external-id");
    assert_true(cc_given_at(parse.args, 2, &name, &value));
    assert_string_equal(value, "b");
    assert_false(cc_given_at(parse.args, 3, &name, &value));
}

static void after_two_dashes_everything_is_a_word(void **state)
{
    struct parse parse = PARSE("help", "--", "--man");

    assert_true(parse.ok);
    assert_false(cc_flag(parse.args, "man"));
    assert_string_equal(cc_words(parse.args)[0], "--man");
    assert_null(cc_words(parse.args)[1]);
}

static void an_abbreviation_is_not_the_option(void **state)
{
    struct parse parse = PARSE("version", "--outp", "json");

    refused(&parse, "--outp is not an option here", "did you mean --output?");
    parse = PARSE("version", "--outp=json");
    refused(&parse, "--outp is not an option here", "did you mean --output?");
    parse = PARSE("version", "--d");
    refused(&parse, "--d is not an option here", "did you mean --debug?");
}

static void an_unknown_option_is_named_and_not_its_value(void **state)
{
    struct parse parse = PARSE("session", "--regoin=" CANARY);

    refused(&parse, "--regoin is not an option here", "did you mean --region?");
    assert_null(strstr(parse.err.why, "CANARY"));
    parse = PARSE("version", "--xyzzy-xyzzy-xyzzy");
    refused(&parse, "--xyzzy-xyzzy-xyzzy is not an option here", "run `credctl help version`");
}

static void short_options_do_not_exist_also_in_clusters(void **state)
{
    struct parse parse = PARSE("version", "-x");

    refused(&parse, "-x is not an option here", "run `credctl help version`");
    parse = PARSE("version", "-xyz");
    refused(&parse, "-x is not an option here", "run `credctl help version`");
    parse = PARSE("-xyz", "version");
    refused(&parse, "-x is not an option here", "give it after the command, or run `credctl help`");
}

static void a_flag_takes_no_value(void **state)
{
    struct parse parse = PARSE("version", "--debug=1");

    refused(&parse, "--debug takes no value", "run `credctl help` for commands and options");
}

static void a_missing_value_is_asked_for(void **state)
{
    struct parse parse = PARSE("session", "--profile");

    refused(&parse, "--profile wants a value", "run `credctl help` for commands and options");
}

static void a_choice_is_one_of_its_list(void **state)
{
    struct parse parse = PARSE("version", "--output", "xml");

    refused(&parse, "--output cannot be \"xml\"",
            "name one of text, json, yaml, table, env, jsonl");
    parse = PARSE("version", "--output", "JSON");
    assert_false(parse.ok);
    parse = PARSE("version", "--output=");
    assert_false(parse.ok);
}

static void a_mistyped_command_brings_the_one_that_was_meant(void **state)
{
    struct parse parse = PARSE("sesion");

    refused(&parse, "\"sesion\" is not a command", "did you mean `credctl session`?");
    parse = PARSE("session", "exprt");
    refused(&parse, "credctl session takes no word \"exprt\"",
            "did you mean `credctl session export`?");
    parse = PARSE("session", "--offline", "export");
    refused(&parse, "credctl session takes no word \"export\"",
            "did you mean `credctl session export`?");
    parse = PARSE("qqqqqqqqqqqqqqqqq");
    refused(&parse, "\"qqqqqqqqqqqqqqqqq\" is not a command", "run `credctl help` for the list");
    parse = PARSE("");
    refused(&parse, "\"\" is not a command", "run `credctl help` for the list");
}

static void a_secret_value_is_blanked_where_others_can_see_it(void **state)
{
    struct parse parse = PARSE("session", "--token-code", CANARY, "--token-code=" CANARY);

    assert_true(parse.ok);
    assert_string_equal(cc_value_at(parse.args, "token-code", 0), CANARY);
    assert_string_equal(cc_value_at(parse.args, "token-code", 1), CANARY);
    for (int i = 0; i < parse.argc; i++) {
        assert_null(strstr(parse.argv[i], "CANARY"));
    }
}

static void a_command_that_runs_others_leaves_them_their_options(void **state)
{
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        if (!((*c)->flags & CC_RUNS)) {
            continue;
        }
        const char *blank = strchr((*c)->name, ' ');
        const char *first = cc_textf(&((struct fake *)*state)->mem, "%.*s",
                                     (int)strcspn((*c)->name, " "), (*c)->name);
        struct parse parse = blank ? PARSE(first, blank + 1, "--debug", "ls", "--debug", "-l")
                                   : PARSE(first, "--debug", "ls", "--debug", "-l");

        assert_true(parse.ok);
        assert_null(cc_value_at(parse.args, "debug", 1));
        assert_string_equal(cc_words(parse.args)[0], "ls");
        assert_string_equal(cc_words(parse.args)[1], "--debug");
        assert_string_equal(cc_words(parse.args)[2], "-l");
    }
}

static void a_command_that_takes_no_words_refuses_them(void **state)
{
    struct parse parse = PARSE("version", "x");

    refused(&parse, "credctl version takes no word \"x\"", "run `credctl help version`");
}

static void no_arguments_at_all_are_no_command_and_no_error(void **state)
{
    struct fake *fake = *state;
    struct parse parse = {0};

    parse = (struct parse){.argv = {NULL}, .argc = 0};
    assert_true(
        cc_argv_parse(&fake->run.mem, 0, parse.argv, &parse.command, &parse.args, &parse.err));
    assert_null(parse.command);
    parse = PARSE("--help");
    assert_true(parse.ok);
    assert_null(parse.command);
    parse = PARSE("--version");
    assert_string_equal(parse.command->name, "version");
}

static void an_argument_too_long_or_too_many_are_usage_errors(void **state)
{
    struct fake *fake = *state;
    char *longest = cc_alloc(&fake->mem, 131074);
    static char *many[5002];
    struct parse parse;

    memset(longest, 'x', 131073);
    parse = PARSE("session", "--profile", longest);
    assert_false(parse.ok);
    assert_int_equal(parse.err.code, CC_E_USAGE);
    assert_string_equal(parse.err.what, "an argument is longer than 131072 bytes");
    for (size_t i = 0; i < 5001; i++) {
        many[i] = cc_text_dup(&fake->mem, "help", 4);
    }
    assert_false(
        cc_argv_parse(&fake->run.mem, 5001, many, &parse.command, &parse.args, &parse.err));
    assert_string_equal(parse.err.what, "there are too many arguments");
}

static void a_number_option_is_in_its_range_or_an_error(void **state)
{
    struct fake *fake = *state;
    struct cc_args *args = cc_args_new(&fake->run.mem);
    struct cc_error err;
    int64_t number = 7;

    assert_true(cc_value_number(args, "n", 1, 10, &number, &err));
    assert_int_equal(number, 7);
    cc_args_add(args, "n", "11");
    assert_false(cc_value_number(args, "n", 1, 10, &number, &err));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_string_equal(err.why, "it must be a whole number from 1 to 10");
    cc_args_add(args, "n", "10");
    assert_true(cc_value_number(args, "n", 1, 10, &number, &err));
    assert_int_equal(number, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_command_of_two_words_goes_before_one_of_one),
        IN_FAKE_WORLD(options_of_every_command_may_stand_before_it_too),
        IN_FAKE_WORLD(options_of_one_command_do_not_stand_before_it),
        IN_FAKE_WORLD(a_value_is_the_next_word_or_follows_the_equals_sign),
        IN_FAKE_WORLD(repeated_options_keep_their_order_among_all),
        IN_FAKE_WORLD(after_two_dashes_everything_is_a_word),
        IN_FAKE_WORLD(an_abbreviation_is_not_the_option),
        IN_FAKE_WORLD(an_unknown_option_is_named_and_not_its_value),
        IN_FAKE_WORLD(short_options_do_not_exist_also_in_clusters),
        IN_FAKE_WORLD(a_flag_takes_no_value),
        IN_FAKE_WORLD(a_missing_value_is_asked_for),
        IN_FAKE_WORLD(a_choice_is_one_of_its_list),
        IN_FAKE_WORLD(a_mistyped_command_brings_the_one_that_was_meant),
        IN_FAKE_WORLD(a_secret_value_is_blanked_where_others_can_see_it),
        IN_FAKE_WORLD(a_command_that_runs_others_leaves_them_their_options),
        IN_FAKE_WORLD(a_command_that_takes_no_words_refuses_them),
        IN_FAKE_WORLD(no_arguments_at_all_are_no_command_and_no_error),
        IN_FAKE_WORLD(an_argument_too_long_or_too_many_are_usage_errors),
        IN_FAKE_WORLD(a_number_option_is_in_its_range_or_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
