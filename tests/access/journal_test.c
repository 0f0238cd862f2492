#include "../../src/access/journal.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "support/test.h"

#define ROLE  "arn:aws:iam::000000000001:role/A"
#define FIRST "{\"journal\":\"test-access\",\"shard\":null}\n"
#define ENDED "{\"ended\":true}\n"

static struct cc_access_options options;
static struct cc_access_journal journal;
static struct cc_error err;

static const char *line_of(struct fake *fake, const char *target, const char *role,
                           enum cc_access_outcome outcome)
{
    const struct cc_access_result result = {
        .target = target, .role_arn = role, .outcome = outcome, .attempts = 3};
    struct cc_buf line = cc_buf_new(&fake->mem, 65536);

    cc_shape_json(&cc_access_result_shape, &result, false, &line);
    return line.text;
}

static int begin(void **state)
{
    if (fake_setup(state) != 0) {
        return 1;
    }
    options = (struct cc_access_options){.journal = "/j", .resume = true};
    err = (struct cc_error){0};
    return 0;
}

static bool opens(struct fake *fake, const char *text, const char *shard)
{
    if (text) {
        fake_file(fake, "/j", text);
    }
    return cc_access_journal_begin(&fake->run, &options, shard, &journal, &err);
}

static void assert_refused(const char *why)
{
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.why, why));
    assert_true(err.fix[0] != '\0');
}

static void what_was_noted_is_found_by_its_name_and_role(void **state)
{
    struct fake *fake = *state;

    assert_true(
        opens(fake,
              cc_textf(&fake->mem, FIRST "%s%s", line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED),
                       line_of(fake, "b", ROLE, CC_ACCESS_DENIED)),
              NULL));
    assert_int_equal(journal.count, 2);
    const struct cc_access_result *found = cc_access_journal_find(&journal, "b", ROLE);
    assert_int_equal(found->outcome, CC_ACCESS_DENIED);
    assert_int_equal(found->attempts, 3);
    assert_int_equal(cc_access_journal_find(&journal, "a", ROLE)->outcome, CC_ACCESS_ALLOWED);
    assert_null(cc_access_journal_find(&journal, "c", ROLE));
    assert_null(cc_access_journal_find(&journal, "a", "arn:aws:iam::000000000002:role/A"));
    assert_null(cc_access_journal_find(&journal, "a", NULL));
}

static void the_last_result_of_a_target_counts(void **state)
{
    struct fake *fake = *state;

    assert_true(
        opens(fake,
              cc_textf(&fake->mem, FIRST "%s%s%s", line_of(fake, "a", ROLE, CC_ACCESS_ERROR),
                       line_of(fake, "b", ROLE, CC_ACCESS_DENIED),
                       line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED)),
              NULL));
    assert_int_equal(journal.count, 2);
    assert_int_equal(cc_access_journal_find(&journal, "a", ROLE)->outcome, CC_ACCESS_ALLOWED);
}

static void a_target_that_was_not_run_has_no_result(void **state)
{
    struct fake *fake = *state;

    assert_true(opens(
        fake, cc_textf(&fake->mem, FIRST "%s", line_of(fake, "a", ROLE, CC_ACCESS_NOT_RUN)), NULL));
    assert_null(cc_access_journal_find(&journal, "a", ROLE));
}

static void a_row_without_a_role_is_found_by_its_name(void **state)
{
    struct fake *fake = *state;

    assert_true(opens(
        fake, cc_textf(&fake->mem, FIRST "%s", line_of(fake, "line~3", NULL, CC_ACCESS_ERROR)),
        NULL));
    assert_non_null(cc_access_journal_find(&journal, "line~3", NULL));
}

static void a_cut_last_line_was_never_written(void **state)
{
    struct fake *fake = *state;
    const char *whole = line_of(fake, "b", ROLE, CC_ACCESS_ALLOWED);

    for (size_t len = 0; len + 1 < strlen(whole); len++) {
        assert_true(opens(fake,
                          cc_textf(&fake->mem, FIRST "%s%.*s",
                                   line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED), (int)len, whole),
                          NULL));
        assert_int_equal(journal.count, 1);
        assert_null(cc_access_journal_find(&journal, "b", ROLE));
        /* what is noted next begins on a line of its own */
        cc_access_journal_note(&fake->run, &journal, whole);
        assert_true(opens(fake, NULL, NULL));
        assert_int_equal(journal.count, 2);
    }
}

static void lines_that_are_none_are_passed_over(void **state)
{
    struct fake *fake = *state;

    assert_true(opens(fake,
                      cc_textf(&fake->mem, FIRST "garbage\n[]\n\n{\"target\":\"x\"}\n%s",
                               line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED)),
                      NULL));
    assert_int_equal(journal.count, 1);
}

static void what_is_not_a_journal_is_not_overwritten(void **state)
{
    static const char *const texts[] = {"my notes\n", "{}\n", "\n",
                                        "{\"journal\":\"exec\",\"shard\":null}\n",
                                        "{\"type\":\"begin\",\"command\":\"abc\"}\n"};

    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct fake *fake = *state;

        assert_false(opens(fake, texts[i], NULL));
        assert_refused("is not a journal of test-access");
        options.resume = !options.resume;
        assert_false(opens(fake, texts[i], NULL));
        assert_string_equal(fake_file_text(fake, "/j"), texts[i]);
    }
}

static void the_journal_of_another_shard_is_not_continued(void **state)
{
    struct fake *fake = *state;

    assert_false(opens(fake, FIRST, "1/3"));
    assert_refused("another shard");
    assert_false(opens(fake, "{\"journal\":\"test-access\",\"shard\":\"0/3\"}\n", "1/3"));
    assert_false(opens(fake, NULL, NULL));
    assert_true(opens(fake, "{\"journal\":\"test-access\",\"shard\":\"1/3\"}\n", "1/3"));
}

static void a_run_that_did_not_end_is_not_forgotten(void **state)
{
    struct fake *fake = *state;
    const char *text =
        cc_textf(&fake->mem, FIRST "%s", line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED));

    options.resume = false;
    assert_false(opens(fake, text, NULL));
    assert_refused("did not end");
    assert_true(opens(fake, cc_textf(&fake->mem, "%s" ENDED, text), NULL)); /* it did */
    assert_int_equal(journal.count, 0);
    assert_string_equal(fake_file_text(fake, "/j"), FIRST);
}

static void a_journal_that_is_not_there_or_empty_begins(void **state)
{
    struct fake *fake = *state;

    assert_true(opens(fake, NULL, NULL));
    assert_string_equal(fake_file_text(fake, "/j"), FIRST);
    assert_true(opens(fake, "", NULL));
    cc_access_journal_note(&fake->run, &journal, line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED));
    cc_access_journal_end(&fake->run, &journal);
    assert_string_equal(
        fake_file_text(fake, "/j"),
        cc_textf(&fake->mem, FIRST "%s" ENDED, line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED)));
}

static void a_journal_that_cannot_be_written_is_told_once(void **state)
{
    struct fake *fake = *state;

    assert_true(opens(fake, NULL, NULL));
    fake_file(fake, "/j", NULL); /* gone */
    cc_access_journal_note(&fake->run, &journal, line_of(fake, "a", ROLE, CC_ACCESS_ALLOWED));
    const size_t shown = fake->shown_len;
    assert_non_null(strstr(fake->shown, "access.journal"));
    cc_access_journal_note(&fake->run, &journal, line_of(fake, "b", ROLE, CC_ACCESS_ALLOWED));
    assert_int_equal(fake->shown_len, shown);
}

#define OPENS(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPENS(what_was_noted_is_found_by_its_name_and_role),
        OPENS(the_last_result_of_a_target_counts),
        OPENS(a_target_that_was_not_run_has_no_result),
        OPENS(a_row_without_a_role_is_found_by_its_name),
        OPENS(a_cut_last_line_was_never_written),
        OPENS(lines_that_are_none_are_passed_over),
        OPENS(what_is_not_a_journal_is_not_overwritten),
        OPENS(the_journal_of_another_shard_is_not_continued),
        OPENS(a_run_that_did_not_end_is_not_forgotten),
        OPENS(a_journal_that_is_not_there_or_empty_begins),
        OPENS(a_journal_that_cannot_be_written_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
