#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

#include "../src/cli/argv.h"
#include "support/test.h"

#define ROLE_A "arn:aws:iam::111122223333:role/A"
#define ROLE_B "arn:aws:iam::444455556666:role/path/B"

static struct cc_resolve resolve;

/* As options of a command that has those of the chain. */
static bool prepare(struct fake *fake, const char *const *given, struct cc_error *err)
{
    char *argv[40] = {cc_text_dup(&fake->mem, "credctl", 7), cc_text_dup(&fake->mem, "session", 7),
                      cc_text_dup(&fake->mem, "clear", 5)};
    struct cc_parsed parsed;
    int argc = 3;

    for (; *given; given++) {
        argv[argc++] = cc_text_dup(&fake->mem, *given, strlen(*given));
    }
    *err = (struct cc_error){0};
    fake->run.deadline_ms = 0;
    if (!cc_argv_parse(&fake->run.mem, argc, argv, &parsed, err)) {
        return false;
    }
    struct cc_shape_walk walk = cc_shape_walk(parsed.command->options, parsed.options);
    struct cc_shape_member member;
    const struct cc_chain_options *options = NULL;
    while (cc_shape_next(&walk, &member)) {
        options = member.shape == &cc_chain_shape ? member.whole : options;
    }
    return cc_resolve_prepare(&fake->run, options, &resolve, err);
}

#define PREPARE(...) prepare(*state, (const char *const[]){__VA_ARGS__, NULL}, &err)

static void refused(bool ok, const struct cc_error *err, const char *part)
{
    assert_false(ok);
    assert_int_equal(err->code, CC_E_USAGE);
    if (!strstr(err->what, part) && !strstr(err->why, part)) {
        fail_msg("%s: %s", err->what, err->why);
    }
    assert_true(err->fix[0] != '\0');
}

static void options_belong_to_the_hop_before_them(void **state)
{
    struct cc_error err;

    assert_true(PREPARE("--role-arn", ROLE_A, "--external-id", "first", "--tags", "a=1",
                        "--role-arn", ROLE_B, "--external-id", "second", "--duration-seconds",
                        "900", "--tags", "b=2", "--tags", "c="));
    assert_int_equal(resolve.hop_count, 2);
    assert_string_equal(resolve.hops[0].role_arn, ROLE_A);
    assert_string_equal(resolve.hops[0].external_id, "first");
    assert_string_equal(resolve.hops[0].tags[0], "a=1");
    assert_null(resolve.hops[0].tags[1]);
    assert_int_equal(resolve.hops[0].duration_seconds, 0);
    assert_string_equal(resolve.hops[1].external_id, "second");
    assert_int_equal(resolve.hops[1].duration_seconds, 900);
    assert_string_equal(resolve.hops[1].tags[1], "c=");
    assert_null(resolve.hops[1].tags[2]);
}

static void options_before_the_first_hop_belong_to_it(void **state)
{
    struct cc_error err;

    assert_true(PREPARE("--external-id", "xx", "--role-session-name", "me", "--role-arn", ROLE_A));
    assert_string_equal(resolve.hops[0].external_id, "xx");
    assert_string_equal(resolve.hops[0].session_name, "me");
    assert_int_equal(resolve.hop_count, 1);
}

static void hop_options_without_a_hop_are_a_mistake(void **state)
{
    struct cc_error err;
    static const char *const names[] = {
        "--external-id",         "--role-session-name", "--policy",       "--policy-arns",
        "--transitive-tag-keys", "--source-identity",   "--serial-number"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        refused(PREPARE(names[i], "xxxxxxxxx"), &err, "needs a --role-arn");
    }
    refused(PREPARE("--duration-seconds", "900"), &err, "needs a --role-arn");
}

static void a_token_code_alone_answers_the_question_of_a_profile(void **state)
{
    struct cc_error err;

    assert_true(PREPARE("--token-code", "123456"));
    assert_int_equal(resolve.hop_count, 0);
    assert_true(cc_secret_present(resolve.search.token_code));
    assert_false(cc_secret_present(resolve.hops[0].token_code));
}

static void a_hop_that_sts_would_refuse_is_refused_here(void **state)
{
    struct cc_error err;

    refused(PREPARE("--role-arn", "A"), &err, "a role ARN has the form arn:");
    refused(PREPARE("--role-arn", "arn:aws:iam::111122223333:user/A"), &err,
            "a role ARN has the form arn:");
    refused(PREPARE("--role-arn", "arn:aws:iam::1111:role/A"), &err,
            "a role ARN has the form arn:");
    refused(PREPARE("--role-arn", ROLE_A, "--role-session-name", "a b"), &err, "2 to 64 letters");
    refused(PREPARE("--role-arn", ROLE_A, "--role-session-name", "a"), &err, "2 to 64 letters");
    refused(PREPARE("--role-arn", ROLE_A, "--duration-seconds", "899"), &err, "900 to 43200");
    refused(PREPARE("--role-arn", ROLE_A, "--duration-seconds", "43201"), &err, "900 to 43200");
    refused(PREPARE("--role-arn", ROLE_A, "--tags", "novalue"), &err, "KEY=VALUE");
    refused(PREPARE("--role-arn", ROLE_A, "--tags", "=x"), &err, "KEY=VALUE");
}

static void there_are_at_most_8_hops(void **state)
{
    struct cc_error err;

    assert_true(PREPARE("--role-arn", ROLE_A, "--role-arn", ROLE_A, "--role-arn", ROLE_A,
                        "--role-arn", ROLE_A, "--role-arn", ROLE_A, "--role-arn", ROLE_A,
                        "--role-arn", ROLE_A, "--role-arn", ROLE_A));
    assert_int_equal(resolve.hop_count, 8);
    refused(PREPARE("--role-arn", ROLE_A, "--role-arn", ROLE_A, "--role-arn", ROLE_A, "--role-arn",
                    ROLE_A, "--role-arn", ROLE_A, "--role-arn", ROLE_A, "--role-arn", ROLE_A,
                    "--role-arn", ROLE_A, "--role-arn", ROLE_A),
            &err, "--role-arn is given more than 8 times");
}

static void the_variable_is_a_hop_unless_an_option_names_another(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;

    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE_B);
    assert_true(PREPARE("--output", "json"));
    assert_int_equal(resolve.hop_count, 1);
    assert_string_equal(resolve.hops[0].role_arn, ROLE_B);
    assert_true(PREPARE("--role-arn", ROLE_A));
    assert_int_equal(resolve.hop_count, 1);
    assert_string_equal(resolve.hops[0].role_arn, ROLE_A);
}

static void a_timeout_is_a_number_of_seconds(void **state)
{
    struct fake *fake = *state;
    struct cc_error err;
    static const char *const bad[] = {"",   "0",  "-1",    "x",   "1s",  "nan", "inf",
                                      "1 ", " 1", "86401", "0x1", "1e3", "."};

    assert_true(PREPARE("--output", "json"));
    assert_int_equal(fake->run.deadline_ms, 0);
    assert_true(PREPARE("--timeout", "1.5"));
    assert_int_equal(fake->run.deadline_ms, fake->ticks + 1500);
    assert_true(PREPARE("--timeout", "86400"));
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        refused(PREPARE("--timeout", bad[i]), &err, bad[i][0] ? "a number of seconds" : "is empty");
        assert_int_equal(fake->run.deadline_ms, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(options_belong_to_the_hop_before_them),
        IN_FAKE_WORLD(options_before_the_first_hop_belong_to_it),
        IN_FAKE_WORLD(hop_options_without_a_hop_are_a_mistake),
        IN_FAKE_WORLD(a_token_code_alone_answers_the_question_of_a_profile),
        IN_FAKE_WORLD(a_hop_that_sts_would_refuse_is_refused_here),
        IN_FAKE_WORLD(there_are_at_most_8_hops),
        IN_FAKE_WORLD(the_variable_is_a_hop_unless_an_option_names_another),
        IN_FAKE_WORLD(a_timeout_is_a_number_of_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
