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

/* On one line, without the blanks that wrapping has put between its words. */
static const char *squeezed(const char *text)
{
    char *copy = cc_text_dup(&mem, text, strlen(text));
    char *to = copy;

    for (; *text; text++) {
        if (strchr(" \n", *text) == NULL) {
            *to++ = *text;
        } else if (to == copy || to[-1] != ' ') {
            *to++ = ' ';
        }
    }
    *to = '\0';
    return copy;
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

static void an_option_is_well_described(const struct cc_command *command,
                                        const struct cc_shape_field *option)
{
    const char *spelled = cc_option_spelled(&mem, option);

    a_line(option->name, option->about);
    assert_true(cc_text_consists(spelled, "-", 40));
    if (cc_option_takes_value(option) != (option->title != NULL)) {
        fail_msg("credctl %s %s: a flag, or a name for its value", command->name, spelled);
    }
    if (!strstr(help_of(command), spelled)) {
        fail_msg("the help of %s lacks %s", command->name, spelled);
    }
}

static void options_are_well_described(const struct cc_command *command,
                                       const struct cc_shape *shape)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(shape);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (!(member.field->rules & CC_REST)) {
            an_option_is_well_described(command, member.field);
        }
    }
}

static void answer_is_well_described(const struct cc_shape *shape)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, NULL);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        a_line(member.field->name, member.field->about);
        if (member.field->of) {
            answer_is_well_described(member.field->of);
        }
    }
}

static void every_command_and_option_is_described_in_one_line(void **state)
{
    (void)state;
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        a_line((*c)->name, (*c)->summary);
        assert_non_null(strstr(squeezed(help_of(NULL)), (*c)->summary));
        assert_true(
            cc_text_starts(help_of(*c), cc_textf(&mem, "usage: credctl %s [options]", (*c)->name)));
        options_are_well_described(*c, (*c)->options);
        options_are_well_described(*c, cc_common_shape(&mem, *c));
        answer_is_well_described((*c)->answer);
    }
}

static void a_command_has_an_answer_of_one_kind(void **state)
{
    (void)state;
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const bool raw = ((*c)->flags & CC_RAW) != 0;

        const bool document = ((*c)->flags & CC_DOCUMENT) != 0;

        if (((*c)->answer != NULL) + raw + document != 1) {
            fail_msg("credctl %s: a shape, CC_RAW or CC_DOCUMENT", (*c)->name);
        }
        assert_non_null((*c)->run);
        assert_false(raw && ((*c)->flags & CC_FOR_AGENTS));
        assert_true(cc_command_named((*c)->name) == *c);
    }
    assert_null(cc_command_named("nope"));
    assert_null(cc_command_named(NULL));
}

static void options_stand_under_the_heading_of_their_group(void **state)
{
    static const char *const headings[] = {
        "\nOptions:\n",     "--env",     "\nTargets:\n", "--parallel N",
        "\nCredentials:\n", "--profile", "--role-arn",   "--timeout",
        "\nOutput:\n",      "--output",  "--help"};
    const char *at = help_of(cc_command_named("session exec"));

    (void)state;
    at = strstr(at, "\nOptions:\n");
    for (size_t i = 0; i < CC_COUNT(headings); i++) {
        at = at ? strstr(at, headings[i]) : NULL;
        if (!at) {
            fail_msg("%s does not follow", headings[i]);
        }
    }
}

static void help_and_completion_offer_the_outputs_a_command_has(void **state)
{
    (void)state;
    assert_non_null(
        strstr(squeezed(help_of(cc_command_named("version"))), ": text|json|yaml|table "));
    assert_non_null(
        strstr(squeezed(help_of(cc_command_named("detect"))), ": text|json|yaml|table|env "));
    assert_non_null(strstr(squeezed(help_of(cc_command_named("session exec"))),
                           ": text|json|yaml|table|jsonl "));
    assert_non_null(strstr(squeezed(help_of(cc_command_named("test-access"))),
                           ": text|json|yaml|table|jsonl|junit|html "));
    assert_null(strstr(help_of(NULL), "junit"));
    const char *export = squeezed(help_of(cc_command_named("session export")));
    assert_non_null(strstr(export, "format of an error"));
    assert_non_null(strstr(export, ": text|json|yaml "));
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

static bool has_report(const struct cc_command *command, const char *name)
{
    const struct cc_report *report = command->reports;

    while (report && report->name && !cc_text_equal(report->name, name)) {
        report++;
    }
    return report && report->name;
}

static void the_man_page_names_reports_only_where_they_are(void **state)
{
    struct cc_buf out = cc_buf_new(&mem, 1 << 20);
    size_t reports = 0;
    size_t commands = 0;

    (void)state;
    cc_help_man(&out);
    for (const char *at = strstr(out.text, "html"); at; at = strstr(at + 1, "html")) {
        reports++;
    }
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        commands += has_report(*c, "html");
    }
    assert_int_equal(reports, commands);
}

static void the_exit_statuses_of_the_help_are_those_of_the_codes(void **state)
{
    (void)state;
    for (int code = 0; code < CC_E_COUNT; code++) {
        const char *row = cc_textf(&mem, "\n  %-4d ", cc_code_exit_status((enum cc_code)code));

        if (!strstr(help_of(NULL), row)) {
            fail_msg("the help has no status %s", row);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_and_option_is_described_in_one_line),
        cmocka_unit_test(a_command_has_an_answer_of_one_kind),
        cmocka_unit_test(options_stand_under_the_heading_of_their_group),
        cmocka_unit_test(help_and_completion_offer_the_outputs_a_command_has),
        cmocka_unit_test(help_holds_no_tabs),
        cmocka_unit_test(the_man_page_has_no_line_that_roff_takes_for_a_request),
        cmocka_unit_test(the_man_page_names_reports_only_where_they_are),
        cmocka_unit_test(the_exit_statuses_of_the_help_are_those_of_the_codes),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
