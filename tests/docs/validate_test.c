#include "credctl/base/text.h"
#include "credctl/checks/check.h"

#include "support/temp.h"
#include "support/test.h"

/* docs/validate.md: the checks are on the page in the order of the rows. */
static void every_check_is_on_the_page_in_its_place(void **state)
{
    struct temp *temp = *state;
    const char *text = NULL;
    struct cc_error err;

    if (!cc_read_file(&temp->run, TEST_DIR "/../docs/validate.md", 1 << 20, &text, NULL, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    const char *at = strstr(text, "\n| check | what it looks at |\n|---|---|\n");
    assert_non_null(at);
    at += strlen("\n| check | what it looks at |\n|---|---|\n");
    for (const struct cc_check *const *row = cc_checks; *row; row++) {
        const char *start = cc_textf(&temp->run.mem, "| `%s` | ", (*row)->name);

        if (!cc_text_starts(at, start)) {
            fail_msg("docs/validate.md does not have the check %s in its place", (*row)->name);
        }
        at += strcspn(at, "\n") + 1;
    }
    assert_int_equal(at[0], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(every_check_is_on_the_page_in_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
