#include "credctl/base/text.h"
#include "credctl/templates/finding.h"

#include "support/temp.h"
#include "support/test.h"

/* docs/validate-template.md: the table of codes, one row a line, in the order of the program. */
static void the_page_has_every_code_and_no_other(void **state)
{
    static const char head[] = "| code | severity | what was found |\n|---|---|---|\n";
    struct temp *temp = *state;
    const char *path = cc_textf(&temp->run.mem, "%s/../docs/validate-template.md", TEST_DIR);
    const char *text = NULL;
    struct cc_error err;

    assert_true(cc_read_file(&temp->run, path, 1 << 20, &text, NULL, &err));
    const char *at = strstr(text, head);
    assert_non_null(at);
    at += strlen(head);
    for (int code = 0; code < CC_T_COUNT; code++) {
        const struct cc_template_row *row = &cc_template_rows[code];
        const char *line = cc_textf(&temp->run.mem, "| `%s` | %s | %s |\n", row->name,
                                    cc_template_severity_words[row->severity], row->about);

        if (!cc_text_starts(at, line)) {
            fail_msg("docs/validate-template.md should have here: %s", line);
        }
        at += strlen(line);
    }
    assert_string_equal(at, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(the_page_has_every_code_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
