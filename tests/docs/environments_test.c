#include "credctl/base/text.h"
#include "credctl/detectors/detector.h"

#include "support/temp.h"
#include "support/test.h"

/* docs/environments.md: what each detector may answer with is on the page. */
static void every_name_of_the_rows_is_on_the_page(void **state)
{
    struct temp *temp = *state;
    const char *text = NULL;
    struct cc_error err;
    const char *const *names = cc_environment_names(&temp->run.mem, true);

    if (!cc_read_file(&temp->run, TEST_DIR "/../docs/environments.md", 1 << 20, &text, NULL,
                      &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    for (size_t i = 0; names[i]; i++) {
        const char *first = cc_textf(&temp->run.mem, "\n| %s |", names[i]);
        const char *paired = cc_textf(&temp->run.mem, ", %s |", names[i]);
        const char *overlay = cc_textf(&temp->run.mem, "`%s`", names[i]);
        const char *head = cc_textf(&temp->run.mem, "\n| %s, ", names[i]);

        if (!strstr(text, first) && !strstr(text, paired) && !strstr(text, overlay) &&
            !strstr(text, head)) {
            fail_msg("docs/environments.md does not tell of %s", names[i]);
        }
    }
}

static void every_name_is_told_once_and_environments_come_first(void **state)
{
    struct temp *temp = *state;
    const char *const *all = cc_environment_names(&temp->run.mem, true);
    const char *const *environments = cc_environment_names(&temp->run.mem, false);

    for (size_t i = 0; all[i]; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(all[i], all[k]);
        }
    }
    for (size_t i = 0; environments[i]; i++) {
        assert_string_equal(all[i], environments[i]);
        assert_string_not_equal(environments[i], "batch");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(every_name_of_the_rows_is_on_the_page),
        IN_REAL_WORLD(every_name_is_told_once_and_environments_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
