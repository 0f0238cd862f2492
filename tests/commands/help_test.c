#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include "support/test.h"

#include <ctype.h>
#include <stdlib.h>

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static const char *help_of(const struct cc_command *command)
{
    struct cc_buf out = cc_buf_new(&mem, 1 << 20);

    cc_help_text(command, &out);
    assert_false(out.too_big);
    return out.text;
}

static void a_line(const char *what, const char *text)
{
    if (!text[0] || isupper((unsigned char)text[0]) != 0) {
        /* names such as MFA and AWS may begin with a capital */
        if (!text[0] || !isupper((unsigned char)text[1])) {
            fail_msg("%s: \"%s\" begins with a capital", what, text);
        }
    }
    if (strchr(text, '\n') || text[strlen(text) - 1] == '.') {
        fail_msg("%s: \"%s\" is no line without a full stop", what, text);
    }
}

static void an_option_is_well_described(void *about, const struct cc_option *option)
{
    const struct cc_command *command = about;

    a_line(option->name, option->help);
    assert_true(cc_text_consists(option->name, "-", 40));
    if (option->choices && !option->value) {
        fail_msg("credctl %s --%s is a flag with choices", command->name, option->name);
    }
    if (!strstr(help_of(command), cc_textf(&mem, "--%s", option->name))) {
        fail_msg("the help of %s lacks --%s", command->name, option->name);
    }
}

static void every_command_and_option_is_described_in_one_line(void **state)
{
    (void)state;
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        a_line((*c)->name, (*c)->summary);
        assert_non_null(strstr(help_of(NULL), (*c)->summary));
        assert_true(
            cc_text_starts(help_of(*c), cc_textf(&mem, "usage: credctl %s [options]", (*c)->name)));
        cc_options_each(*c, an_option_is_well_described, (void *)*c);
    }
}

static void a_command_has_a_schema_or_prints_text_of_its_own(void **state)
{
    (void)state;
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const bool raw = ((*c)->flags & CC_RAW) != 0;

        if (((*c)->schema != NULL) == raw && strcmp((*c)->name, "schema") != 0) {
            fail_msg("credctl %s: a schema, or CC_RAW", (*c)->name);
        }
        assert_non_null((*c)->run);
        assert_false(raw && ((*c)->flags & CC_FOR_AGENTS));
        assert_true(cc_command_named((*c)->name) == *c);
    }
    assert_null(cc_command_named("nope"));
    assert_null(cc_command_named(NULL));
}

static void help_holds_no_tabs(void **state)
{
    (void)state;
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        for (const char *line = help_of(*c); *line;) {
            size_t len = strcspn(line, "\n");

            assert_null(memchr(line, '\t', len));
            line += len + (line[len] == '\n');
        }
    }
}

static void the_man_page_has_no_line_that_roff_takes_for_a_request(void **state)
{
    (void)state;
    static const char *const requests[] = {".TH ", ".SH ", ".SS ", ".TP", ".PP", ".nf", ".fi"};
    struct cc_buf out = cc_buf_new(&mem, 1 << 20);

    cc_help_man(&out);
    assert_false(out.too_big);
    for (const char *line = out.text; *line;) {
        size_t len = strcspn(line, "\n");
        bool known = line[0] != '.' && line[0] != '\'';

        for (size_t i = 0; i < CC_COUNT(requests); i++) {
            known = known || cc_text_starts(line, requests[i]);
        }
        if (!known) {
            fail_msg("the man page: %.*s", (int)len, line);
        }
        line += len + (line[len] == '\n');
    }
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        assert_non_null(strstr(out.text, cc_textf(&mem, ".SS \"credctl %s", (*c)->name)));
    }
}

static void the_exit_statuses_of_the_help_are_those_of_the_codes(void **state)
{
    (void)state;
    for (int code = 0; code < CC_E_COUNT; code++) {
        const char *row = cc_textf(&mem, "\n  %-3d  ", cc_code_exit_status((enum cc_code)code));

        if (!strstr(help_of(NULL), row)) {
            fail_msg("the help has no status %s", row);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_and_option_is_described_in_one_line),
        cmocka_unit_test(a_command_has_a_schema_or_prints_text_of_its_own),
        cmocka_unit_test(help_holds_no_tabs),
        cmocka_unit_test(the_man_page_has_no_line_that_roff_takes_for_a_request),
        cmocka_unit_test(the_exit_statuses_of_the_help_are_those_of_the_codes),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
