#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include "support/temp.h"
#include "support/test.h"

/* What is printed is what lies in docs: a new option, field or command needs its line there. */
static void same_as(struct temp *temp, const char *name, void (*print)(struct cc_buf *out),
                    const char *how)
{
    const char *path = cc_textf(&temp->run.mem, "%s/../docs/%s", TEST_DIR, name);
    struct cc_buf printed = cc_buf_new(&temp->run.mem, (size_t)1 << 20);
    const char *text = NULL;
    struct cc_error err;

    print(&printed);
    if (!cc_read_file(&temp->run, path, (size_t)1 << 20, &text, NULL, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    if (!cc_text_equal(text, printed.text)) {
        fail_msg("docs/%s is not what the program says: run `credctl help %s > docs/%s`", name, how,
                 name);
    }
}

static void the_man_page_is_what_the_program_prints(void **state)
{
    same_as(*state, "credctl.1", cc_help_man, "--man");
}

static void the_page_of_answers_is_what_the_program_prints(void **state)
{
    same_as(*state, "answers.md", cc_help_fields, "--fields");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(the_man_page_is_what_the_program_prints),
        IN_REAL_WORLD(the_page_of_answers_is_what_the_program_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
