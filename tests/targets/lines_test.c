#include "credctl/base/buf.h"
#include "credctl/targets/targets.h"

#include "support/test.h"

static const struct cc_target_defaults defaults = {.partition = "aws-cn", .role_name = "Audit"};

static bool parse(struct fake *fake, const char *text, struct cc_targets *targets,
                  struct cc_error *err)
{
    *targets = (struct cc_targets){0};
    *err = (struct cc_error){0};
    return cc_targets_parse(&fake->run.mem, text, strlen(text), &defaults, targets, err);
}

static void an_account_gets_the_common_role_in_its_partition(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state, "000000000001\r\n", &targets, &err));
    assert_int_equal(targets.count, 1);
    assert_string_equal(targets.rows[0].account, "000000000001");
    assert_string_equal(targets.rows[0].role_arn, "arn:aws-cn:iam::000000000001:role/Audit");
    assert_string_equal(targets.rows[0].label, "000000000001");
    assert_null(targets.rows[0].external_id);
}

static void columns_say_role_and_external_id(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state,
                      "# all\naccount,role_name,external_id\n 000000000001 , p/X , id/1 # one\n"
                      "\"000000000002\",,\"id2\"\n",
                      &targets, &err));
    assert_int_equal(targets.count, 2);
    assert_string_equal(targets.rows[0].role_arn, "arn:aws-cn:iam::000000000001:role/p/X");
    assert_string_equal(targets.rows[0].external_id, "id/1");
    assert_string_equal(targets.rows[1].role_arn, "arn:aws-cn:iam::000000000002:role/Audit");
    assert_string_equal(targets.rows[1].external_id, "id2");
}

static void a_repeated_target_counts_once_and_an_account_with_two_roles_has_two_labels(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state,
                      "000000000001\n000000000001\n000000000001,B\n"
                      "000000000001,p/B\n000000000001,q/B\n000000000002\n",
                      &targets, &err));
    assert_int_equal(targets.count, 5);
    assert_int_equal(targets.repeated, 1);
    assert_string_equal(targets.rows[0].label, "000000000001-Audit");
    assert_string_equal(targets.rows[1].label, "000000000001-B");
    assert_string_not_equal(targets.rows[2].label, targets.rows[3].label);
    assert_string_equal(targets.rows[4].label, "000000000002");
}

static void one_role_with_two_external_ids_is_two_targets_with_two_labels(void **state)
{
    const struct cc_target_defaults common = {
        .partition = "aws", .role_name = "Audit", .external_id = "ab"};
    static const char text[] = "000000000001,,ab\n000000000001,,cd\n000000000001\n";
    struct fake *fake = *state;
    struct cc_targets targets;
    struct cc_error err;

    assert_true(cc_targets_parse(&fake->run.mem, text, strlen(text), &common, &targets, &err));
    assert_int_equal(targets.count, 2);
    assert_int_equal(targets.repeated, 1); /* the third means the common one, as the first */
    assert_string_not_equal(targets.rows[0].label, targets.rows[1].label);
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state,
                      "\xef\xbb\xbf"
                      "account\r\n000000000001\r\n",
                      &targets, &err));
    assert_int_equal(targets.count, 1);
}

static void a_quoted_column_may_hold_commas_and_quotes(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state,
                      "000000000001,\"a,b\", \"c,d\" # \"e\n"
                      "\"arn:aws:iam::000000000002:role/a,b\",,,\n,,\n",
                      &targets, &err));
    assert_int_equal(targets.count, 2);
    assert_string_equal(targets.rows[0].role_arn, "arn:aws-cn:iam::000000000001:role/a,b");
    assert_string_equal(targets.rows[0].external_id, "c,d");
    assert_string_equal(targets.rows[1].role_arn, "arn:aws:iam::000000000002:role/a,b");
}

static void the_first_line_says_in_which_order_the_columns_stand(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(
        parse(*state, "External ID,Account,RoleName\nid-1,000000000001,X\n", &targets, &err));
    assert_string_equal(targets.rows[0].role_arn, "arn:aws-cn:iam::000000000001:role/X");
    assert_string_equal(targets.rows[0].external_id, "id-1");
    assert_true(parse(*state, "role_arn,external_id\narn:aws:iam::000000000001:role/X,id-1\n",
                      &targets, &err));
    assert_string_equal(targets.rows[0].role_arn, "arn:aws:iam::000000000001:role/X");
    assert_string_equal(targets.rows[0].external_id, "id-1");
    assert_false(parse(*state, "account,email\n000000000001,X\n", &targets, &err));
    assert_false(parse(*state, "account,account\n000000000001,X\n", &targets, &err));
    assert_false(parse(*state, "account\n000000000001,X\n", &targets, &err));
    assert_false(parse(*state, "accounts of ours\n000000000001\n", &targets, &err));
}

static void behind_an_arn_no_column_is_passed_over(void **state)
{
    static const char *const bad[] = {
        "arn:aws:iam::000000000001:role/X,id-1\n",
        "arn:aws:iam::000000000001:role/X,Y\n",
        "arn:aws:iam::000000000001:role/a,b\n",
    };
    struct cc_targets targets;
    struct cc_error err;

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        assert_false(parse(*state, bad[i], &targets, &err));
        assert_non_null(strstr(err.why, "second column"));
    }
    assert_true(parse(*state,
                      "arn:aws:iam::000000000001:role/p/X,X,id-1\n"
                      "arn:aws:iam::000000000002:role/p/X,p/X\n",
                      &targets, &err));
    assert_int_equal(targets.count, 2);
}

static void a_hash_within_a_column_cuts_nothing_off(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_false(parse(*state, "000000000001,X,id#1\n", &targets, &err));
    assert_non_null(strstr(err.why, "'#'"));
    assert_false(parse(*state, "000000000001,X#1\n", &targets, &err));
    assert_true(parse(*state, "#x\n000000000001#x\n000000000002,#x\n", &targets, &err));
    assert_int_equal(targets.count, 2);
}

static void a_path_may_begin_with_a_slash(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state, "000000000001,/p/X\n000000000001,p/X\n", &targets, &err));
    assert_int_equal(targets.count, 1);
    assert_string_equal(targets.rows[0].role_arn, "arn:aws-cn:iam::000000000001:role/p/X");
}

static void one_account_number_in_two_partitions_has_two_labels(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state,
                      "arn:aws:iam::000000000001:role/X\narn:aws-cn:iam::000000000001:role/X\n",
                      &targets, &err));
    assert_string_not_equal(targets.rows[0].label, targets.rows[1].label);
}

static void carriage_returns_alone_end_lines(void **state)
{
    struct cc_targets targets;
    struct cc_error err;

    assert_true(parse(*state, "000000000001\r000000000002\r\n000000000003", &targets, &err));
    assert_int_equal(targets.count, 3);
    assert_false(parse(*state, "000000000001\r\n\rx", &targets, &err));
    assert_non_null(strstr(err.what, "line 3"));
}

static void utf16_is_named_as_such(void **state)
{
    static const char with_mark[] = "\xff\xfe\x30";
    static const char bare[] = "0\0"
                               "0";
    struct fake *fake = *state;
    struct cc_targets targets;
    struct cc_error err;

    assert_false(
        cc_targets_parse(&fake->run.mem, with_mark, sizeof(with_mark), &defaults, &targets, &err));
    assert_non_null(strstr(err.why, "UTF-16"));
    assert_false(cc_targets_parse(&fake->run.mem, bare, sizeof(bare), &defaults, &targets, &err));
    assert_non_null(strstr(err.why, "UTF-16"));
}

static void a_bad_common_role_name_is_blamed_on_its_option(void **state)
{
    const struct cc_target_defaults bad = {.partition = "aws", .role_name = "a b"};
    struct fake *fake = *state;
    struct cc_targets targets;
    struct cc_error err;

    assert_false(cc_targets_parse(&fake->run.mem, "000000000001\n", 13, &bad, &targets, &err));
    assert_non_null(strstr(err.what, "--role-name"));
}

static void more_targets_than_the_documented_limit_are_refused(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, CC_TARGETS_MAX_BYTES);
    struct cc_targets targets;
    struct cc_error err;

    for (size_t i = 0; i <= CC_TARGETS_MAX; i++) {
        cc_buf_addf(&text, "%012zu\n", i);
    }
    assert_false(parse(fake, text.text, &targets, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.what, "100000"));
    assert_true(
        cc_targets_parse(&fake->run.mem, text.text, text.len - 13, &defaults, &targets, &err));
    assert_int_equal(targets.count, CC_TARGETS_MAX);
}

static void a_bad_line_is_named_by_its_number(void **state)
{
    static const char *const bad[] = {
        "1234\n",
        "0000000000012\n",
        "000000000001,a,b,c\n",
        "000000000001,a b\n",
        "000000000001,,x\n",
        "000000000001,arn:aws:iam::000000000002:role/x\n",
        "arn:aws:iam::000000000001:user/x\n",
        "arn:aws:s3:::bucket\n",
        "ou-abcd-12345678\n",
    };
    struct cc_targets targets;
    struct cc_error err;

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        const char *text =
            cc_textf(&((struct fake *)*state)->run.mem, "000000000009\n\n%s", bad[i]);

        assert_false(parse(*state, text, &targets, &err));
        assert_int_equal(err.code, CC_E_USAGE);
        assert_non_null(strstr(err.what, "line 3"));
        assert_non_null(strstr(err.fix, "111122223333"));
    }
}

static void an_account_needs_a_role_from_somewhere(void **state)
{
    const struct cc_target_defaults none = {.partition = "aws"};
    struct fake *fake = *state;
    struct cc_targets targets;
    struct cc_error err;

    assert_false(cc_targets_parse(&fake->run.mem, "000000000001\n", 13, &none, &targets, &err));
    assert_non_null(strstr(err.why, "--role-name"));
    assert_true(cc_targets_parse(&fake->run.mem, "000000000001,X\n", 15, &none, &targets, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(an_account_gets_the_common_role_in_its_partition),
        IN_FAKE_WORLD(columns_say_role_and_external_id),
        IN_FAKE_WORLD(a_repeated_target_counts_once_and_an_account_with_two_roles_has_two_labels),
        IN_FAKE_WORLD(one_role_with_two_external_ids_is_two_targets_with_two_labels),
        IN_FAKE_WORLD(a_byte_order_mark_is_passed_over),
        IN_FAKE_WORLD(a_quoted_column_may_hold_commas_and_quotes),
        IN_FAKE_WORLD(the_first_line_says_in_which_order_the_columns_stand),
        IN_FAKE_WORLD(behind_an_arn_no_column_is_passed_over),
        IN_FAKE_WORLD(a_hash_within_a_column_cuts_nothing_off),
        IN_FAKE_WORLD(a_path_may_begin_with_a_slash),
        IN_FAKE_WORLD(one_account_number_in_two_partitions_has_two_labels),
        IN_FAKE_WORLD(carriage_returns_alone_end_lines),
        IN_FAKE_WORLD(utf16_is_named_as_such),
        IN_FAKE_WORLD(a_bad_common_role_name_is_blamed_on_its_option),
        IN_FAKE_WORLD(more_targets_than_the_documented_limit_are_refused),
        IN_FAKE_WORLD(a_bad_line_is_named_by_its_number),
        IN_FAKE_WORLD(an_account_needs_a_role_from_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
