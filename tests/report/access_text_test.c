#include "credctl/base/text.h"
#include "credctl/report/access.h"

#include "support/access.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void the_columns_of_the_text_are_aligned(void **state)
{
    struct cc_access_result rows[] = {
        access_target(&mem, "a", "222222222222", "Audit"),
        access_target(&mem, "caf\xc3\xa9-with-a-longer-name", "333333333333", "Deploy"),
        access_ended(&mem, access_target(&mem, "b", "444444444444", "Audit"), CC_ACCESS_ERROR,
                     "aws.throttled"),
    };

    (void)state;
    has(access_written(&mem, cc_access_text, access_answered(&mem, rows, CC_COUNT(rows))),
        "  allowed  a                        222222222222  Audit\n"
        "  allowed  caf\xc3\xa9-with-a-longer-name  333333333333  Deploy\n"
        "  error    b                        444444444444  Audit   aws.throttled (likely) [1]\n");
}

static void a_target_without_a_name_of_its_own_is_its_role(void **state)
{
    struct cc_access_result rows[] = {
        access_target(&mem, "arn:aws:iam::222222222222:role/Audit", "222222222222", "Audit"),
        access_with_id_check(
            access_target(&mem, "arn:aws:iam::333333333333:role/Audit", "333333333333", "Audit"),
            "unknown"),
    };

    (void)state;
    has(access_written(&mem, cc_access_text, access_answered(&mem, rows, CC_COUNT(rows))),
        "  allowed  arn:aws:iam::222222222222:role/Audit\n"
        "  allowed  arn:aws:iam::333333333333:role/Audit  external ID: could not be checked\n\n");
}

static void each_remedy_of_the_text_is_told_once(void **state)
{
    const char *text = access_written(&mem, cc_access_text, access_all_kinds(&mem));

    (void)state;
    has(text, "  denied   first    333333333333  Audit   trust.no_allow (likely) [1]\n");
    has(text, "  denied   second   444444444444  Audit   trust.no_allow (likely) [1]\n");
    has(text, "  denied   alone    555555555555  Audit   trust.mfa (likely) [2]\n");
    has(text, "  not run  late     -\n");
    has(text, "\n[1] trust.no_allow: 2 targets\n"
              "    why:  (first) the evidence of first\n"
              "    AWS:  not authorized\n"
              "    do:   let the owner of account <account> add the statement\n"
              "    add to <role> (trust policy):\n"
              "      {\n"
              "        \"Effect\": \"Allow\",\n");
    has(text, "\n[2] trust.mfa: alone\n    why:  the evidence of alone\n");
    has(text, "           denied   s3:PutObject\n");
    assert_int_equal(times(text, "\"Effect\""), 1);
    assert_int_equal(times(text, "the evidence of second"), 0);
    has(text, "\n10 targets: 5 allowed, 3 denied, 1 could not be tested, 1 not run\n");
}

static void a_paragraph_of_the_text_is_broken_at_blanks(void **state)
{
    struct cc_access_result rows[] = {access_trust(&mem, "x", "222222222222")};
    size_t longest = 0;

    (void)state;
    rows[0].why = "one two three four five six seven eight nine ten eleven twelve thirteen "
                  "fourteen fifteen sixteen seventeen eighteen nineteen twenty";
    rows[0].fix = cc_textf(&mem, "see arn:aws:iam::222222222222:role/%0200d", 7);
    const char *text = access_written(&mem, cc_access_text, access_answered(&mem, rows, 1));
    has(text, "fifteen\n          sixteen seventeen");
    has(text, rows[0].fix + 4);
    for (const char *line = text; *line;) {
        const size_t len = strcspn(line, "\n");

        assert_true(len == 0 || line[len - 1] != ' ');
        longest = len > longest && !strstr(cc_text_dup(&mem, line, len), "0000") ? len : longest;
        line += len + 1;
    }
    assert_true(longest <= 100);
}

static void the_text_is_made_of_printable_lines(void **state)
{
    const char *text = access_written(&mem, cc_access_text, access_hostile(&mem));

    (void)state;
    has(text, "Caller: " SHOWN "\n");
    for (; *text; text++) {
        assert_true((unsigned char)*text >= ' ' || *text == '\n');
    }
}

static void there_may_be_no_targets_or_one(void **state)
{
    struct cc_access_result one[] = {access_target(&mem, "only", "222222222222", "Audit")};

    (void)state;
    assert_string_equal(access_written(&mem, cc_access_text, access_answered(&mem, one, 0)),
                        "Caller: arn:aws:sts::111122223333:assumed-role/Hub/s\n\n\n0 targets\n");
    assert_string_equal(access_written(&mem, cc_access_text, access_answered(&mem, one, 1)),
                        "Caller: arn:aws:sts::111122223333:assumed-role/Hub/s\n\n"
                        "  allowed  only  222222222222  Audit\n\n"
                        "1 target: 1 allowed\n");
}

static void of_thousands_only_those_with_a_problem_are_listed(void **state)
{
    (void)state;
    const char *text = access_written(&mem, cc_access_text, access_many(&mem, 2000));
    assert_null(strstr(text, "account-1999"));
    assert_int_equal(times(text, "\n  denied "), 240);
    has(text, "\n  allowed  1760 others\n\n[1] ");
    has(text, "[1] trust.no_allow: 200 targets\n");
    has(text, "\n2000 targets: 1760 allowed, 240 denied\n");
    assert_true(strlen(text) < 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_columns_of_the_text_are_aligned),
        cmocka_unit_test(a_target_without_a_name_of_its_own_is_its_role),
        cmocka_unit_test(each_remedy_of_the_text_is_told_once),
        cmocka_unit_test(a_paragraph_of_the_text_is_broken_at_blanks),
        cmocka_unit_test(the_text_is_made_of_printable_lines),
        cmocka_unit_test(there_may_be_no_targets_or_one),
        cmocka_unit_test(of_thousands_only_those_with_a_problem_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
