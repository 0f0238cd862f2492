#include "credctl/base/text.h"
#include "credctl/providers/provider.h"

#include "support/temp.h"
#include "support/test.h"

/* docs/providers.md: the order that the page tells is the one of the table. */
static void every_provider_is_on_the_page_in_its_place(void **state)
{
    struct temp *temp = *state;
    const char *text = NULL;
    struct cc_error err;
    size_t count = 0;

    if (!cc_read_file(&temp->run, TEST_DIR "/../docs/providers.md", 1 << 20, &text, NULL, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    for (; cc_providers[count]; count++) {
        const char *row =
            cc_textf(&temp->run.mem, "\n| %zu | `%s` |", count + 1, cc_providers[count]->name);

        if (!strstr(text, row)) {
            fail_msg("docs/providers.md does not list %s as number %zu", cc_providers[count]->name,
                     count + 1);
        }
    }
    assert_null(strstr(text, cc_textf(&temp->run.mem, "\n| %zu | `", count + 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(every_provider_is_on_the_page_in_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
