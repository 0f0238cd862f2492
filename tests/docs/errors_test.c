#include "credctl/base/error.h"
#include "credctl/base/status.h"
#include "credctl/base/text.h"

#include "support/temp.h"
#include "support/test.h"

#include <stdlib.h>

static const char *page_of(struct temp *temp, const char *name)
{
    const char *path = cc_textf(&temp->run.mem, "%s/../%s", TEST_DIR, name);
    const char *text = NULL;
    struct cc_error err;

    if (!cc_read_file(&temp->run, path, 1 << 20, &text, NULL, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return text;
}

/* docs/errors.md: the table of codes, one row a line. */
static const char *page(struct temp *temp)
{
    return page_of(temp, "docs/errors.md");
}

static void every_status_is_on_the_pages_that_list_them(void **state)
{
    static const char *const pages[] = {"docs/errors.md", "README.md"};
    struct temp *temp = *state;

    for (size_t i = 0; i < CC_COUNT(pages); i++) {
        const char *at = strstr(page_of(temp, pages[i]), "\n| status | meaning |\n|---|---|\n");

        assert_non_null(at);
        at += strlen("\n| status | meaning |\n|---|---|\n");
        for (const struct cc_status *status = cc_statuses; status->says; status++) {
            const char *row =
                cc_textf(&temp->run.mem, "| %d | %s |\n", status->number, status->says);

            if (!cc_text_starts(at, row)) {
                fail_msg("%s should have the row %s", pages[i], row);
            }
            at += strlen(row);
        }
        assert_int_equal(at[0], '\n');
    }
}

static void every_code_ends_with_one_of_the_statuses(void **state)
{
    (void)state;
    for (int code = 0; code < CC_E_COUNT; code++) {
        const struct cc_status *status = cc_statuses;

        while (status->says && status->number != cc_code_exit_status((enum cc_code)code)) {
            status++;
        }
        assert_non_null(status->says);
    }
}

static void every_code_is_on_the_page_with_its_status_and_remedy(void **state)
{
    struct temp *temp = *state;
    const char *text = page(temp);

    for (int code = 0; code < CC_E_COUNT; code++) {
        const char *start =
            cc_textf(&temp->run.mem, "\n| `%s` | %d | ", cc_code_name((enum cc_code)code),
                     cc_code_exit_status((enum cc_code)code));
        const char *row = strstr(text, start);

        if (!row) {
            fail_msg("docs/errors.md has no row that begins with%s", start);
        }
        row += strlen(start);
        const char *line = cc_text_dup(&temp->run.mem, row, strcspn(row, "\n"));
        const char *end = cc_textf(&temp->run.mem, " | %s |", cc_code_remedy((enum cc_code)code));
        if (!cc_text_ends(line, end) || strlen(line) < strlen(end) + 10) {
            fail_msg("docs/errors.md, %s: \"%s\" should be a meaning and then \"%s\"",
                     cc_code_name((enum cc_code)code), line, end);
        }
    }
}

static void the_page_has_no_code_that_does_not_exist(void **state)
{
    struct temp *temp = *state;
    size_t rows = 0;

    for (const char *at = strstr(page(temp), "\n| `"); at; at = strstr(at + 1, "\n| `")) {
        const char *name = cc_text_dup(&temp->run.mem, at + 4, strcspn(at + 4, "`"));
        bool known = false;

        for (int code = 0; code < CC_E_COUNT; code++) {
            known = known || cc_text_equal(name, cc_code_name((enum cc_code)code));
        }
        if (!known) {
            fail_msg("docs/errors.md tells of %s", name);
        }
        rows++;
    }
    assert_int_equal(rows, CC_E_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(every_code_is_on_the_page_with_its_status_and_remedy),
        IN_REAL_WORLD(every_status_is_on_the_pages_that_list_them),
        IN_REAL_WORLD(every_code_ends_with_one_of_the_statuses),
        IN_REAL_WORLD(the_page_has_no_code_that_does_not_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
