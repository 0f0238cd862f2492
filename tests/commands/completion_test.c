#include "credctl/base/text.h"

#include "support/command.h"

static const char *script(struct fake *fake, const char *shell)
{
    struct asked result;
    struct cc_error err;

    if (!ASK(fake, &result, &err, "completion", shell)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return ((const struct cc_plain *)result.answer)->text;
}

static const char *const shells[] = {"bash", "zsh", "fish", "powershell"};

/* A sub-verb is offered behind its verb: both words are somewhere. */
static void offers(const char *text, const char *shell, const char *word)
{
    if (!strstr(text, word)) {
        fail_msg("the script for %s does not know %s", shell, word);
    }
}

static void every_shell_is_offered_every_command(void **state)
{
    for (size_t i = 0; i < CC_COUNT(shells); i++) {
        const char *text = script(*state, shells[i]);

        for (const struct cc_command *const *command = cc_commands; *command; command++) {
            const char *blank = strchr((*command)->name, ' ');

            offers(text, shells[i], blank ? blank + 1 : (*command)->name);
        }
    }
}

static void every_option_of_a_command_is_offered(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(shells); i++) {
        const char *text = script(fake, shells[i]);
        struct cc_shape_walk walk = cc_shape_walk_listed(cc_command_named("session exec")->options);
        struct cc_shape_member member;

        while (cc_shape_next(&walk, &member)) {
            if (!(member.field->rules & CC_REST)) {
                offers(text, shells[i], cc_option_spelled(&fake->mem, member.field) + 2);
            }
        }
    }
}

static void the_words_that_an_option_takes_are_offered(void **state)
{
    static const char *const with_words[] = {"bash", "zsh", "fish"};

    for (size_t i = 0; i < CC_COUNT(with_words); i++) {
        const char *text = script(*state, with_words[i]);

        offers(text, with_words[i], "windows-cmd"); /* of session export --format */
        offers(text, with_words[i], "jsonl");       /* of session exec --output */
    }
}

static void another_shell_is_a_usage_error_that_names_those_there_are(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(ASK(*state, &result, &err, "completion", "tcsh"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.fix, "bash"));
    assert_false(ASK(*state, &result, &err, "completion"));
    assert_int_equal(err.code, CC_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_shell_is_offered_every_command),
        IN_FAKE_WORLD(every_option_of_a_command_is_offered),
        IN_FAKE_WORLD(the_words_that_an_option_takes_are_offered),
        IN_FAKE_WORLD(another_shell_is_a_usage_error_that_names_those_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
