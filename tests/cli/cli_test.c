#include "credctl/cli/cli.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include "support/test.h"

#include <stdlib.h>

#define KEY "AKIAIOSFODNN7EXAMPLE"

static int run(struct fake *fake, const char *const *words)
{
    char *argv[32] = {cc_text_dup(&fake->mem, "credctl", 7)};
    int argc = 1;

    for (; *words; words++) {
        argv[argc++] = cc_text_dup(&fake->mem, *words, strlen(*words));
    }
    memset(fake->shown, 0, sizeof(fake->shown));
    memset(fake->out, 0, sizeof(fake->out));
    fake->shown_len = fake->out_len = 0;
    return cc_cli_main(&fake->world, argc, argv);
}

#define RUN(...) run(*state, (const char *const[]){__VA_ARGS__, NULL})

static void version_is_told_in_every_format(void **state)
{
    struct fake *fake = *state;
    const char *rows[][2] = {
        {"text", "credctl " CREDCTL_VERSION "\n"},
        {"json", "{\n  \"name\": \"credctl\",\n  \"version\": \"" CREDCTL_VERSION "\"\n}\n"},
        {"yaml", "name: credctl\nversion: \"" CREDCTL_VERSION "\"\n"},
        {"table", "name     credctl\nversion  " CREDCTL_VERSION "\n"}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(RUN("version", "--output", rows[i][0]), 0);
        assert_string_equal(fake->out, rows[i][1]);
        assert_string_equal(fake->shown, rows[i][1]);
    }
    assert_int_equal(RUN("--version"), 0);
    assert_string_equal(fake->out, rows[0][1]);
}

static void the_variable_chooses_the_output_and_the_option_overrides_it(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "CREDCTL_OUTPUT", "json");
    assert_int_equal(RUN("version"), 0);
    assert_int_equal(fake->out[0], '{');
    assert_int_equal(RUN("version", "--output", "text"), 0);
    assert_int_equal(fake->out[0], 'c');
    fake_env(fake, "CREDCTL_OUTPUT", "xml");
    assert_int_equal(RUN("version"), 252);
    assert_non_null(strstr(fake->shown, "CREDCTL_OUTPUT: \"xml\" is not valid"));
    assert_non_null(strstr(fake->shown, "use one of text, json"));
    assert_int_equal(RUN("version", "--output", "text"), 0);
}

static void an_output_the_command_has_not_is_a_usage_error(void **state)
{
    struct fake *fake = *state;

    assert_int_equal(RUN("version", "--output", "env"), 252);
    assert_string_equal(fake->out, "");
    assert_non_null(strstr(fake->shown, "--output: \"env\" is not valid [usage]"));
    assert_non_null(strstr(fake->shown, "  try:   use one of text, json, yaml, table\n"));
    fake_env(fake, "CREDCTL_OUTPUT", "env");
    assert_int_equal(RUN("version"), 252);
    assert_non_null(strstr(fake->shown, "credctl version has no --output env [usage]"));
    fake_env(fake, "CREDCTL_OUTPUT", "html"); /* a report of another command */
    assert_int_equal(RUN("version"), 252);
    assert_non_null(strstr(fake->shown, "credctl version has no --output html [usage]"));
    assert_int_equal(RUN("--output", "html", "version"), 252);
    assert_non_null(strstr(fake->shown, "credctl version has no --output html [usage]"));
    assert_int_equal(RUN("help"), 0); /* it prints text of its own, whatever the default is */
}

static void an_error_has_its_parts_on_stderr_and_nothing_on_stdout(void **state)
{
    struct fake *fake = *state;

    assert_int_equal(RUN("vrsion"), 252);
    assert_string_equal(fake->out, "");
    assert_string_equal(fake->shown, "credctl: error: \"vrsion\" is not a command [usage]\n"
                                     "  try:   did you mean `credctl version`?\n");
}

static void a_usage_error_is_data_when_data_is_asked_for(void **state)
{
    struct fake *fake = *state;
    const cJSON *doc = NULL;
    struct cc_error err;

    for (int i = 0; i < 2; i++) {
        if (i == 0) {
            assert_int_equal(RUN("--output", "json", "vrsion"), 252);
        } else {
            fake_env(fake, "CREDCTL_OUTPUT", "json");
            assert_int_equal(RUN("version", "--nope"), 252);
        }
        assert_string_equal(fake->out, "");
        assert_true(
            cc_json_parse(&fake->mem, fake->shown, strlen(fake->shown), "stderr", &doc, &err));
        const cJSON *inner = cc_json_object(doc, "error");
        assert_string_equal(cc_json_text(inner, "code"), "usage");
        assert_non_null(cc_json_text(inner, "what"));
        assert_non_null(cc_json_text(inner, "fix"));
        assert_non_null(cJSON_GetObjectItem(inner, "why"));
    }
    fake_env(fake, "CREDCTL_OUTPUT", "yaml");
    assert_int_equal(RUN("version", "\xff\xfe"), 252);
    assert_true(cc_text_starts(fake->shown, "error:\n  code: usage\n"));
    assert_true(cc_text_is_utf8(fake->shown));
}

static void a_failing_command_exits_as_its_code_says(void **state)
{
    struct fake *fake = *state;

    assert_int_equal(RUN("session", "--offline", "--output", "json", "--profile", "none"), 253);
    assert_non_null(strstr(fake->shown, "profile.missing"));
    assert_int_equal(RUN("session", "export", "--profile", "none", "--format", "env"), 253);
    assert_string_equal(fake->out, "");
    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    assert_int_equal(RUN("session", "--offline"), 253);
    assert_non_null(strstr(fake->shown, "credentials.partial"));
}

static void a_failed_expectation_is_1(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    assert_int_equal(RUN("session", "--offline", "--expect-account", "111122223333"), 1);
    assert_non_null(strstr(fake->out, "Not as expected"));
    assert_int_equal(RUN("session", "--offline"), 0);
}

static void no_output_and_no_log_shows_a_secret(void **state)
{
    struct fake *fake = *state;
    static const char *const outputs[] = {"text", "json", "yaml", "table"};

    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_SESSION_TOKEN", CANARY);
    for (size_t i = 0; i < CC_COUNT(outputs); i++) {
        assert_int_equal(
            RUN("session", "--offline", "--debug", "--log-format", "json", "--output", outputs[i]),
            0);
        assert_null(strstr(fake->shown, CANARY));
        assert_null(strstr(fake->shown, KEY)); /* the identifier is shortened too */
        assert_int_equal(RUN("session", "--offline", "--debug", "--output", outputs[i]), 0);
        assert_null(strstr(fake->shown, CANARY));
    }
}

static bool no_stdout(void *self, int fd, const char *text, size_t len)
{
    struct fake *fake = self;

    if (fd == 1) {
        return false;
    }
    memcpy(fake->shown + fake->shown_len, text, len);
    fake->shown_len += len;
    return true;
}

static void an_answer_that_cannot_be_written_is_a_failure(void **state)
{
    struct fake *fake = *state;

    fake->world.emit = no_stdout;
    assert_int_equal(RUN("version"), 255);
    assert_non_null(strstr(fake->shown, "[output.failed]"));
    assert_non_null(strstr(fake->shown, "check that standard output can be written"));
    assert_int_equal(RUN("help"), 255);
    assert_int_equal(RUN("--help"), 255);
    assert_int_equal(RUN("version", "--help"), 255);
}

static void colour_is_for_terminals_that_do_not_refuse_it(void **state)
{
    struct fake *fake = *state;

    assert_int_equal(RUN("version", "--nope"), 252);
    assert_null(strchr(fake->shown, '\x1b'));
    fake->terminal = true;
    assert_int_equal(RUN("version", "--nope"), 252);
    assert_non_null(strchr(fake->shown, '\x1b'));
    assert_int_equal(RUN("--color", "off", "version", "--nope"), 252);
    assert_null(strchr(fake->shown, '\x1b'));
    fake_env(fake, "NO_COLOR", "1");
    assert_int_equal(RUN("version", "--nope"), 252);
    assert_null(strchr(fake->shown, '\x1b'));
    assert_int_equal(RUN("--color", "on", "version", "--nope"), 252);
    assert_non_null(strchr(fake->shown, '\x1b'));
}

static void help_is_an_answer(void **state)
{
    struct fake *fake = *state;
    static const char *const firsts[] = {"help", "--help"};

    for (size_t i = 0; i < CC_COUNT(firsts); i++) {
        assert_int_equal(RUN(firsts[i]), 0);
        for (const struct cc_command *const *c = cc_commands; *c; c++) {
            assert_non_null(strstr(fake->out, cc_textf(&fake->mem, "\n  %s  ", (*c)->name)));
        }
    }
    assert_int_equal(RUN("session", "export", "--help"), 0);
    assert_true(cc_text_starts(fake->out, "usage: credctl session export"));
    assert_int_equal(RUN("help", "nope"), 252);
    assert_int_equal(RUN("help", "session", "export"), 0);
    assert_non_null(strstr(fake->out, "--format"));
}

static void foreign_bytes_in_a_variable_end_as_text_in_every_format(void **state)
{
    struct fake *fake = *state;
    static const char *const outputs[] = {"text", "json", "yaml", "table"};

    fake_env(fake, "AWS_REGION", "\xff\x1b[2J\n\xc2\x9b");
    fake_env(fake, "AWS_PROFILE", "\xff\xc3");
    for (size_t i = 0; i < CC_COUNT(outputs); i++) {
        assert_int_not_equal(RUN("session", "--offline", "--output", outputs[i]), 0);
        assert_true(cc_text_is_utf8(fake->shown));
        assert_null(strchr(fake->shown, '\x1b'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(version_is_told_in_every_format),
        IN_FAKE_WORLD(the_variable_chooses_the_output_and_the_option_overrides_it),
        IN_FAKE_WORLD(an_output_the_command_has_not_is_a_usage_error),
        IN_FAKE_WORLD(an_error_has_its_parts_on_stderr_and_nothing_on_stdout),
        IN_FAKE_WORLD(a_usage_error_is_data_when_data_is_asked_for),
        IN_FAKE_WORLD(a_failing_command_exits_as_its_code_says),
        IN_FAKE_WORLD(a_failed_expectation_is_1),
        IN_FAKE_WORLD(no_output_and_no_log_shows_a_secret),
        IN_FAKE_WORLD(an_answer_that_cannot_be_written_is_a_failure),
        IN_FAKE_WORLD(colour_is_for_terminals_that_do_not_refuse_it),
        IN_FAKE_WORLD(help_is_an_answer),
        IN_FAKE_WORLD(foreign_bytes_in_a_variable_end_as_text_in_every_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
