#include "../src/cli/argv.h"

#include "credctl/base/text.h"
#include "credctl/commands/shared.h"
#include "credctl/exec/exec.h"

#include "support/test.h"

#define WORDS_MAX 32

struct parse {
    char *argv[WORDS_MAX];
    int argc;
    struct cc_parsed parsed;
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
    parse.ok = cc_argv_parse(&fake->run.mem, parse.argc, parse.argv, &parse.parsed, &parse.err);
    return parse;
}

/* The group of a command's options that has this shape. */
static const void *group(const struct parse *parse, const struct cc_shape *shape)
{
    struct cc_shape_walk walk =
        cc_shape_walk(parse->parsed.command->options, parse->parsed.options);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (member.shape == shape) {
            return member.whole;
        }
    }
    fail_msg("credctl %s has no such options", parse->parsed.command->name);
    return NULL;
}

static const struct cc_chain_options *chain(const struct parse *parse)
{
    return group(parse, &cc_chain_shape);
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
    assert_string_equal(parse.parsed.command->name, "session export");
    parse = PARSE("session");
    assert_true(parse.ok);
    assert_string_equal(parse.parsed.command->name, "session");
}

static void options_of_every_command_may_stand_before_it_too(void **state)
{
    struct parse parse = PARSE("--output", "json", "--debug", "version", "--output=yaml");

    assert_true(parse.ok);
    assert_string_equal(parse.parsed.command->name, "version");
    assert_string_equal(parse.parsed.common.output, "yaml");
    assert_true(parse.parsed.common.debug);
    assert_false(parse.parsed.common.help);
    parse = PARSE("--output", "json", "version");
    assert_string_equal(parse.parsed.common.output, "json");
}

static void options_of_one_command_do_not_stand_before_it(void **state)
{
    struct parse parse = PARSE("--profile", "x", "session");

    refused(&parse, "--profile cannot come before the command",
            "write it after the command, or run `credctl help`");
}

static void a_value_is_the_next_word_or_follows_the_equals_sign(void **state)
{
    struct parse parse = PARSE("session", "--profile=a=b", "--region", "--profile");

    assert_true(parse.ok);
    assert_string_equal(chain(&parse)->given.profile, "a=b");
    assert_string_equal(chain(&parse)->given.region, "--profile");
}

static void an_empty_value_is_a_variable_that_is_not_set(void **state)
{
    struct parse parse = PARSE("session", "--ca-bundle", "");

    refused(&parse, "--ca-bundle is empty", "give --ca-bundle a value, or leave it out");
    parse = PARSE("session", "--role-arn=");
    refused(&parse, "--role-arn is empty", "give --role-arn a value, or leave it out");
    parse = PARSE("version", "--output", "");
    refused(&parse, "--output is empty", "give --output a value, or leave it out");
}

static void every_option_that_takes_a_value_refuses_an_empty_one(void **state)
{
    struct cc_arena *mem = &((struct fake *)*state)->mem;

    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        struct cc_shape_walk walk = cc_shape_walk_listed((*c)->options);
        struct cc_shape_member member;

        while (cc_shape_next(&walk, &member)) {
            const char *option = cc_option_spelled(mem, member.field);
            const char *first = cc_text_dup(mem, (*c)->name, strcspn((*c)->name, " "));
            const char *blank = strchr((*c)->name, ' ');

            if (!cc_option_takes_value(member.field) || member.field->rules & CC_REST) {
                continue;
            }
            struct parse parse =
                blank ? PARSE(first, blank + 1, option, "") : PARSE(first, option, "");
            assert_false(parse.ok);
            assert_string_equal(parse.err.what, cc_textf(mem, "%s is empty", option));
        }
    }
}

static void every_default_is_valid_and_put(void **state)
{
    struct cc_arena *mem = &((struct fake *)*state)->mem;

    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        if ((*c)->options) {
            cc_options_begin(mem, (*c)->options, cc_alloc(mem, (*c)->options->size));
        }
    }
    struct parse parse = PARSE("session", "exec", "--", "true");
    assert_true(parse.ok);
    assert_int_equal(((const struct cc_exec_options *)parse.parsed.options)->parallel, 8);
}

#define ROLE_A "arn:aws:iam::111122223333:role/A"
#define ROLE_B "arn:aws:iam::111122223333:role/B"

static void a_hop_has_the_options_that_follow_its_role(void **state)
{
    struct parse parse = PARSE("session", "--role-arn", ROLE_A, "--external-id", "xx", "--role-arn",
                               ROLE_B, "--policy", "{}");

    assert_true(parse.ok);
    assert_int_equal(chain(&parse)->hop_count, 2);
    assert_string_equal(chain(&parse)->hops[0].external_id, "xx");
    assert_null(chain(&parse)->hops[0].policy);
    assert_null(chain(&parse)->hops[1].external_id);
    assert_string_equal(chain(&parse)->hops[1].policy, "{}");
}

/* Thousands of them: what does not fit is never left out. */
static void a_hop_keeps_however_many_policies_and_tags_are_given(void **state)
{
    struct fake *fake = *state;
    enum { MANY = 3000 };
    char **argv = cc_alloc(&fake->mem, (2 * MANY + 5) * sizeof(*argv));
    struct parse parse = {0};
    int argc = 4;

    for (int i = 0; i < argc; i++) {
        static const char *const first[] = {"credctl", "session", "--role-arn", ROLE_A};

        argv[i] = cc_text_dup(&fake->mem, first[i], strlen(first[i]));
    }
    for (int i = 0; i < MANY; i++) {
        argv[argc++] = cc_text_dup(&fake->mem, "--tags", 6);
        argv[argc++] = cc_textf(&fake->mem, "k%d=v", i);
    }
    parse.ok = cc_argv_parse(&fake->run.mem, argc, argv, &parse.parsed, &parse.err);
    assert_true(parse.ok);
    for (int i = 0; i < MANY; i++) {
        assert_string_equal(chain(&parse)->hops[0].tags[i], cc_textf(&fake->mem, "k%d=v", i));
    }
    assert_null(chain(&parse)->hops[0].tags[MANY]);
}

static const struct cc_exec_options *exec(const struct parse *parse)
{
    return parse->parsed.options;
}

static void options_of_targets_need_targets(void **state)
{
    struct parse parse = PARSE("session", "exec", "--role-name", "x", "--", "true");

    refused(&parse, "--role-name needs --targets",
            "add --targets FILE|-|org, or leave --role-name out");
    parse = PARSE("session", "exec", "--parallel", "8", "--", "true");
    assert_false(parse.ok); /* also when it is the default */
    parse = PARSE("session", "exec", "--targets", "f", "--parallel", "257", "--", "true");
    assert_false(parse.ok);
    assert_string_equal(parse.err.why, "it must be a whole number from 1 to 256");
}

static void in_front_of_every_role_hop_options_describe_the_targets(void **state)
{
    struct parse parse =
        PARSE("session", "exec", "--targets", "f", "--external-id", "theirs", "--tags", "a=b",
              "--role-arn", ROLE_A, "--external-id", "hub", "--timeout", "5", "--", "true");

    assert_true(parse.ok);
    assert_string_equal(exec(&parse)->target.external_id, "theirs");
    assert_string_equal(exec(&parse)->target.tags[0], "a=b");
    assert_int_equal(exec(&parse)->chain.hop_count, 1);
    assert_string_equal(exec(&parse)->chain.hops[0].external_id, "hub");
    assert_null(exec(&parse)->chain.hops[0].tags);
    assert_int_equal(exec(&parse)->timeout_ms, 5000);
    assert_int_equal(exec(&parse)->chain.timeout_ms, 0);
    parse = PARSE("session", "exec", "--external-id", "mine", "--role-arn", ROLE_A, "--", "true");
    assert_null(exec(&parse)->target.external_id);
    assert_string_equal(exec(&parse)->chain.hops[0].external_id, "mine");
}

static void of_two_values_for_one_role_none_is_passed_over(void **state)
{
    struct parse parse =
        PARSE("session", "--role-arn", ROLE_A, "--external-id", "one", "--external-id", "two");

    refused(&parse, "--external-id is given twice", "give --external-id once for each --role-arn");
    parse = PARSE("session", "--external-id", "one", "--role-arn", ROLE_A, "--external-id", "two");
    refused(&parse, "--external-id is given twice", "give --external-id once for each --role-arn");
    parse = PARSE("session", "--role-arn", ROLE_A, "--duration-seconds", "900",
                  "--duration-seconds", "1800");
    refused(&parse, "--duration-seconds is given twice",
            "give --duration-seconds once for each --role-arn");
    parse =
        PARSE("session", "--token-code", "111111", "--role-arn", ROLE_A, "--token-code", "222222");
    refused(&parse, "--token-code is given twice", "give --token-code once for each --role-arn");
    parse = PARSE("session", "--external-id", "one", "--role-arn", ROLE_A, "--external-id", "one",
                  "--external-id", "one", "--role-arn", ROLE_A, "--external-id", "two");
    assert_true(parse.ok);
    parse = PARSE("session", "exec", "--targets", "f", "--external-id", "one", "--role-arn", ROLE_A,
                  "--external-id", "two", "--", "true");
    assert_true(parse.ok);
    parse = PARSE("session", "--profile", "a", "--profile", "b");
    assert_true(parse.ok);
}

static void there_must_be_a_command_to_run(void **state)
{
    struct parse parse = PARSE("session", "exec", "--targets", "f");

    refused(&parse, "there is no command to run",
            "write it after the options: credctl session exec -- aws s3 ls");
}

static void after_two_dashes_everything_is_a_word(void **state)
{
    struct parse parse = PARSE("session", "exec", "--", "--man", "");

    assert_true(parse.ok);
    assert_string_equal(exec(&parse)->words[0], "--man");
    assert_string_equal(exec(&parse)->words[1], "");
    assert_null(exec(&parse)->words[2]);
}

static void an_abbreviation_is_not_the_option(void **state)
{
    struct parse parse = PARSE("version", "--outp", "json");

    refused(&parse, "credctl version has no option --outp", "did you mean --output?");
    parse = PARSE("version", "--outp=json");
    refused(&parse, "credctl version has no option --outp", "did you mean --output?");
    parse = PARSE("version", "--d");
    refused(&parse, "credctl version has no option --d", "did you mean --debug?");
}

static void an_unknown_option_is_named_and_not_its_value(void **state)
{
    struct parse parse = PARSE("session", "--regoin=" CANARY);

    refused(&parse, "credctl session has no option --regoin", "did you mean --region?");
    assert_null(strstr(parse.err.why, "CANARY"));
    parse = PARSE("version", "--xyzzy-xyzzy-xyzzy");
    refused(&parse, "credctl version has no option --xyzzy-xyzzy-xyzzy",
            "run `credctl help version`");
}

static void short_options_do_not_exist_also_in_clusters(void **state)
{
    struct parse parse = PARSE("version", "-x");

    refused(&parse, "credctl version has no option -x", "run `credctl help version`");
    parse = PARSE("version", "-xyz");
    refused(&parse, "credctl version has no option -x", "run `credctl help version`");
    parse = PARSE("-xyz", "version");
    refused(&parse, "-x cannot come before the command",
            "write it after the command, or run `credctl help`");
}

static void a_flag_takes_no_value(void **state)
{
    struct parse parse = PARSE("version", "--debug=1");

    refused(&parse, "--debug takes no value", "run `credctl help` for commands and options");
}

static void a_missing_value_is_asked_for(void **state)
{
    struct parse parse = PARSE("session", "--profile");

    refused(&parse, "--profile needs a value", "run `credctl help` for commands and options");
}

static void a_choice_is_one_of_its_list(void **state)
{
    struct parse parse = PARSE("version", "--output", "xml");

    refused(&parse, "--output: \"xml\" is not valid", "use one of text, json, yaml, table");
    parse = PARSE("version", "--output", "JSON");
    assert_false(parse.ok);
}

static void output_is_one_of_those_the_command_has(void **state)
{
    struct parse parse = PARSE("version", "--output", "env");

    assert_false(parse.ok);
    parse = PARSE("detect", "--output", "env");
    assert_true(parse.ok);
    parse = PARSE("--output", "env", "version");
    refused(&parse, "credctl version has no --output env", "use one of text, json, yaml, table");
    parse = PARSE("--output", "jsonl", "session", "exec", "true");
    assert_true(parse.ok);
    parse = PARSE("session", "export", "--output", "json");
    assert_true(parse.ok); /* for its errors: what it prints has a format of its own */
    parse = PARSE("--output", "yaml", "session", "export");
    assert_true(parse.ok);
    parse = PARSE("--output", "table", "session", "export");
    refused(&parse, "credctl session export has no --output table", "use one of text, json, yaml");
}

static void a_mistyped_command_brings_the_one_that_was_meant(void **state)
{
    struct parse parse = PARSE("sesion");

    refused(&parse, "\"sesion\" is not a command", "did you mean `credctl session`?");
    parse = PARSE("session", "exprt");
    refused(&parse, "credctl session has no subcommand or argument \"exprt\"",
            "did you mean `credctl session export`?");
    parse = PARSE("session", "--offline", "export");
    refused(&parse, "credctl session has no subcommand or argument \"export\"",
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
    assert_string_equal(cc_secret_reveal(chain(&parse)->token_code), CANARY);
    for (int i = 0; i < parse.argc; i++) {
        assert_null(strstr(parse.argv[i], "CANARY"));
    }
}

static void a_command_that_runs_others_leaves_them_their_options(void **state)
{
    struct parse parse = PARSE("session", "exec", "--debug", "ls", "--debug", "-l");

    assert_true(parse.ok);
    assert_true(parse.parsed.common.debug);
    assert_string_equal(exec(&parse)->words[0], "ls");
    assert_string_equal(exec(&parse)->words[1], "--debug");
    assert_string_equal(exec(&parse)->words[2], "-l");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        assert_true(!((*c)->flags & CC_RUNS) || cc_command_words(*c));
    }
}

static void a_command_that_takes_no_words_refuses_them(void **state)
{
    struct parse parse = PARSE("version", "x");

    refused(&parse, "credctl version has no subcommand or argument \"x\"",
            "run `credctl help version`");
}

static void no_arguments_at_all_are_no_command_and_no_error(void **state)
{
    struct fake *fake = *state;
    struct parse parse = {0};

    parse = (struct parse){.argv = {NULL}, .argc = 0};
    assert_true(cc_argv_parse(&fake->run.mem, 0, parse.argv, &parse.parsed, &parse.err));
    assert_null(parse.parsed.command);
    parse = PARSE("--help");
    assert_true(parse.ok);
    assert_null(parse.parsed.command);
    parse = PARSE("--version");
    assert_string_equal(parse.parsed.command->name, "version");
}

static void an_argument_too_long_is_a_usage_error_and_many_are_none(void **state)
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
    assert_true(cc_argv_parse(&fake->run.mem, 5001, many, &parse.parsed, &parse.err));
}

/* What no compiler sees: sizes and depths of shapes in shapes. */
static void check_shape(const struct cc_shape *shape, int depth)
{
    assert_true(depth < CC_WALK_DEPTH);
    assert_true(shape->size > 0);
    for (const struct cc_shape_field *field = shape->fields; field->name; field++) {
        if (field->of) {
            assert_int_equal(field->of_size, field->of->size);
            check_shape(field->of, depth + 1);
        }
        if (field->kind == CC_KIND_WORD) {
            assert_non_null(field->words);
        }
    }
}

static void shapes_fit_the_structs_they_are_used_for(void **state)
{
    struct fake *fake = *state;

    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const struct cc_shape *const shapes[] = {(*c)->options, (*c)->answer, (*c)->result,
                                                 cc_common_shape(&fake->mem, *c)};

        for (size_t i = 0; i < CC_COUNT(shapes); i++) {
            if (shapes[i]) {
                check_shape(shapes[i], 1);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_command_of_two_words_goes_before_one_of_one),
        IN_FAKE_WORLD(options_of_every_command_may_stand_before_it_too),
        IN_FAKE_WORLD(options_of_one_command_do_not_stand_before_it),
        IN_FAKE_WORLD(a_value_is_the_next_word_or_follows_the_equals_sign),
        IN_FAKE_WORLD(an_empty_value_is_a_variable_that_is_not_set),
        IN_FAKE_WORLD(every_option_that_takes_a_value_refuses_an_empty_one),
        IN_FAKE_WORLD(every_default_is_valid_and_put),
        IN_FAKE_WORLD(a_hop_has_the_options_that_follow_its_role),
        IN_FAKE_WORLD(a_hop_keeps_however_many_policies_and_tags_are_given),
        IN_FAKE_WORLD(options_of_targets_need_targets),
        IN_FAKE_WORLD(in_front_of_every_role_hop_options_describe_the_targets),
        IN_FAKE_WORLD(of_two_values_for_one_role_none_is_passed_over),
        IN_FAKE_WORLD(there_must_be_a_command_to_run),
        IN_FAKE_WORLD(after_two_dashes_everything_is_a_word),
        IN_FAKE_WORLD(an_abbreviation_is_not_the_option),
        IN_FAKE_WORLD(an_unknown_option_is_named_and_not_its_value),
        IN_FAKE_WORLD(short_options_do_not_exist_also_in_clusters),
        IN_FAKE_WORLD(a_flag_takes_no_value),
        IN_FAKE_WORLD(a_missing_value_is_asked_for),
        IN_FAKE_WORLD(a_choice_is_one_of_its_list),
        IN_FAKE_WORLD(output_is_one_of_those_the_command_has),
        IN_FAKE_WORLD(a_mistyped_command_brings_the_one_that_was_meant),
        IN_FAKE_WORLD(a_secret_value_is_blanked_where_others_can_see_it),
        IN_FAKE_WORLD(a_command_that_runs_others_leaves_them_their_options),
        IN_FAKE_WORLD(a_command_that_takes_no_words_refuses_them),
        IN_FAKE_WORLD(no_arguments_at_all_are_no_command_and_no_error),
        IN_FAKE_WORLD(an_argument_too_long_is_a_usage_error_and_many_are_none),
        IN_FAKE_WORLD(shapes_fit_the_structs_they_are_used_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
