#include "../../src/exec/journal.h"

#include "support/test.h"

#define ROLE "arn:aws:iam::000000000001:role/A"

static const char *row_line(struct fake *fake, enum cc_target_outcome outcome, int attempts)
{
    const struct cc_journal_row row = {.role_arn = ROLE,
                                       .label = "000000000001",
                                       .outcome = outcome,
                                       .attempts = attempts,
                                       .ended = 1800000000};

    return cc_journal_row_line(&fake->run.mem, &row);
}

static void parse(struct fake *fake, const char *text, struct cc_journal *journal)
{
    cc_journal_parse(&fake->run.mem, text, strlen(text), journal);
}

static void what_was_written_is_read_again(void **state)
{
    struct fake *fake = *state;
    struct cc_arena *mem = &fake->run.mem;
    struct cc_journal journal;

    parse(fake,
          cc_textf(mem, "%s%s%s", cc_journal_begin_line(mem, "abc", "1/4"),
                   row_line(fake, CC_TARGET_OK, 2), cc_journal_end_line(mem)),
          &journal);
    assert_string_equal(journal.command, "abc");
    assert_string_equal(journal.shard, "1/4");
    assert_true(journal.complete);
    const struct cc_journal_row *row = cc_journal_row(&journal, ROLE, NULL, NULL);
    assert_int_equal(row->outcome, CC_TARGET_OK);
    assert_int_equal(row->attempts, 2);
    assert_int_equal(row->ended, 1800000000);
    assert_null(cc_journal_row(&journal, "arn:aws:iam::000000000002:role/A", NULL, NULL));
    assert_int_equal(journal.ignored, 0);
}

static void the_last_word_on_a_target_counts(void **state)
{
    struct fake *fake = *state;
    struct cc_journal journal;

    parse(fake,
          cc_textf(&fake->run.mem, "%s%s", row_line(fake, CC_TARGET_OK, 1),
                   row_line(fake, CC_TARGET_FAILED, 1)),
          &journal);
    assert_int_equal(journal.count, 1);
    assert_int_equal(cc_journal_row(&journal, ROLE, NULL, NULL)->outcome, CC_TARGET_FAILED);
}

static void targets_of_one_role_are_told_by_their_names(void **state)
{
    struct fake *fake = *state;
    struct cc_arena *mem = &fake->run.mem;
    const struct cc_journal_row named = {
        .role_arn = ROLE, .name = "a", .label = "a", .outcome = CC_TARGET_FAILED};
    struct cc_journal journal;

    parse(fake,
          cc_textf(mem, "%s%s", cc_journal_row_line(mem, &named), row_line(fake, CC_TARGET_OK, 1)),
          &journal);
    assert_int_equal(journal.count, 2);
    assert_int_equal(cc_journal_row(&journal, ROLE, NULL, NULL)->outcome, CC_TARGET_OK);
    assert_int_equal(cc_journal_row(&journal, ROLE, NULL, "a")->outcome, CC_TARGET_FAILED);
    assert_null(cc_journal_row(&journal, ROLE, NULL, "b"));
}

static void a_torn_last_line_was_never_written(void **state)
{
    struct fake *fake = *state;
    const char *whole = row_line(fake, CC_TARGET_OK, 1);
    struct cc_journal journal;

    for (size_t len = 0; len < strlen(whole); len++) {
        parse(fake,
              cc_textf(&fake->run.mem, "%s%.*s", cc_journal_begin_line(&fake->run.mem, "c", NULL),
                       (int)len, whole),
              &journal);
        assert_string_equal(journal.command, "c");
        assert_null(cc_journal_row(&journal, ROLE, NULL, NULL));
        assert_false(journal.complete);
    }
}

static void lines_that_are_none_are_passed_over(void **state)
{
    struct fake *fake = *state;
    struct cc_journal journal;

    parse(fake,
          cc_textf(&fake->run.mem, "garbage\n[]\n{\"role_arn\":\"x\"}\n\n%s",
                   row_line(fake, CC_TARGET_OK, 1)),
          &journal);
    assert_int_equal(journal.count, 1);
    assert_int_equal(journal.ignored, 3);
    assert_null(journal.command);
}

static void another_command_has_another_fingerprint(void **state)
{
    struct fake *fake = *state;
    const char *const one[] = {"a", "b c", NULL};
    const char *const other[] = {"a b", "c", NULL};

    assert_string_equal(cc_journal_fingerprint(&fake->run.mem, one),
                        cc_journal_fingerprint(&fake->run.mem, one));
    assert_string_not_equal(cc_journal_fingerprint(&fake->run.mem, one),
                            cc_journal_fingerprint(&fake->run.mem, other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(what_was_written_is_read_again),
        IN_FAKE_WORLD(the_last_word_on_a_target_counts),
        IN_FAKE_WORLD(targets_of_one_role_are_told_by_their_names),
        IN_FAKE_WORLD(a_torn_last_line_was_never_written),
        IN_FAKE_WORLD(lines_that_are_none_are_passed_over),
        IN_FAKE_WORLD(another_command_has_another_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
