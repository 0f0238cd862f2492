#include "targets_support.h"

static void every_field_can_be_a_column_in_any_order(void **state)
{
    assert_true(parse(state,
                      "actions,Tags,trust policy,source_identity,duration_seconds,session_name,"
                      "region,external_id,role_name,account_id,role_arn,name\r\n"
                      "s3:GetObject sqs:*;  ec2:Describe*,\"team=a,b; cost = 7 \",t/a.json,me,900,"
                      "job-1,eu-west-1,ext,A,000000000001," ONE ",prod\r\n"));
    assert_int_equal(targets.count, 1);
    const struct cc_target *row = &targets.rows[0];
    assert_string_equal(row->name, "prod");
    assert_string_equal(row->label, "prod");
    assert_string_equal(row->account, "000000000001");
    assert_string_equal(row->role_arn, ONE);
    assert_string_equal(row->external_id, "ext");
    assert_null(row->wrong);
    assert_string_equal(row->more->region, "eu-west-1");
    assert_string_equal(row->more->session_name, "job-1");
    assert_int_equal(row->more->duration_seconds, 900);
    assert_string_equal(row->more->source_identity, "me");
    assert_string_equal(row->more->trust_policy, "t/a.json");
    assert_string_equal(row->more->tags[0], "team=a,b");
    assert_string_equal(row->more->tags[1], "cost = 7");
    assert_null(row->more->tags[2]);
    assert_string_equal(row->more->actions[0], "s3:GetObject");
    assert_string_equal(row->more->actions[1], "sqs:*");
    assert_string_equal(row->more->actions[2], "ec2:Describe*");
    assert_null(row->more->actions[3]);
}

static void only_rows_with_more_take_memory_for_it(void **state)
{
    assert_true(parse(state, "account,region,tags\n000000000001,,\n000000000002,,;\n"
                             "000000000003,eu-west-1\n"));
    assert_null(targets.rows[0].more);
    assert_null(targets.rows[1].more);
    assert_non_null(targets.rows[2].more);
}

static void an_unknown_column_is_named_with_those_that_are_known(void **state)
{
    for (int lenient = 0; lenient < 2; lenient++) {
        assert_false(parse_named(state, "a.csv", "name,role_arn,e-mail\nx," ONE ",y\n", lenient));
        assert_int_equal(err.code, CC_E_USAGE);
        assert_non_null(strstr(err.what, "a.csv, line 1"));
        assert_non_null(strstr(err.why, "\"e-mail\""));
        assert_non_null(strstr(err.why, "name, role_arn, account_id, role_name, external_id"));
        assert_non_null(strstr(err.why, "trust_policy, tags, actions"));
    }
    assert_false(parse(state, "account,account_id\n000000000001,\n"));
    assert_non_null(strstr(err.why, "account_id twice"));
}

static void a_column_without_a_name_is_empty(void **state)
{
    assert_true(parse(state, "account,,role\n000000000001,,A\n"));
    assert_string_equal(targets.rows[0].role_arn, ONE);
    assert_false(parse(state, "account,,role\n000000000001,x,A\n"));
    assert_non_null(strstr(err.why, "more columns"));
}

static void a_first_line_with_a_target_names_no_columns(void **state)
{
    assert_true(parse(state, "," ONE ",region\n"));
    assert_string_equal(targets.rows[0].external_id, "region");
    assert_true(parse(state, "000000000001,name,tags\n"));
    assert_string_equal(targets.rows[0].role_arn, "arn:aws:iam::000000000001:role/name");
}

static void a_quoted_column_cannot_contain_a_line_break(void **state)
{
    assert_false(parse(state, "name,role_arn\n\"a\nb\"," ONE "\n"));
    assert_non_null(strstr(err.what, "line 2"));
    assert_non_null(strstr(err.why, "line break"));
}

static void role_arn_and_role_name_agree(void **state)
{
    assert_true(parse(state, "account,role_arn,role_name\n,arn:aws:iam::000000000001:role/p/A,A\n"
                             "000000000002," TWO ",B\n000000000003,C,\n"));
    assert_string_equal(targets.rows[2].role_arn, "arn:aws:iam::000000000003:role/C");
    assert_false(parse(state, "role_arn,role_name\n" ONE ",B\n"));
    assert_non_null(strstr(err.why, "role_name is another role"));
    assert_false(parse(state, "account,role_arn\n000000000002," ONE "\n"));
    assert_non_null(strstr(err.why, "another account"));
}

static void a_region_chooses_the_partition_of_an_account(void **state)
{
    assert_true(parse(state, "account,role,region\n000000000001,A,cn-north-1\n"));
    assert_string_equal(targets.rows[0].role_arn, "arn:aws-cn:iam::000000000001:role/A");
}

static void parameters_are_judged_as_those_of_options(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } bad[] = {
        {"account,duration_seconds\n000000000001,100\n", "900 to 43200"},
        {"account,duration_seconds\n000000000001,1h\n", "duration_seconds is not a whole number"},
        {"account,duration_seconds\n000000000001,-900\n", "duration_seconds"},
        {"account,session_name\n000000000001,a b\n", "session_name: \"a b\""},
        {"account,source_identity\n000000000001,\xc3\xa4\n", "ASCII"},
        {"account,tags\n000000000001,team\n", "KEY=VALUE"},
        {"account,tags\n000000000001,=team\n", "KEY=VALUE"},
        {"account,external_id\n000000000001,x\n", "external ID"},
        {"account,region\n000000000001,eu west\n", "region"},
    };

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        assert_false(parse(state, bad[i].text));
        assert_int_equal(err.code, CC_E_USAGE);
        assert_non_null(strstr(err.what, "line 2"));
        assert_non_null(strstr(err.why, bad[i].why));
    }
}

static void a_list_in_another_encoding_fails_but_comments_may_be_in_it(void **state)
{
    for (int lenient = 0; lenient < 2; lenient++) {
        assert_false(parse_named(state, NULL, "name,role_arn\nZ\xfcrich," ONE "\n", lenient));
        assert_non_null(strstr(err.fix, "UTF-8"));
        assert_non_null(strstr(err.why, "line 2"));
    }
    assert_true(parse(state, "000000000001 # Z\xfcrich\n"));
}

static void a_name_that_ends_with_csv_is_never_json(void **state)
{
    assert_false(parse_named(state, "a.CSV", "[\"000000000001\"]\n", false));
    assert_non_null(strstr(err.what, "line 1"));
}

static void the_longest_line_is_limited(void **state)
{
    struct fake *fake = *state;
    const size_t len = CC_TARGET_MAX_BYTES;
    char *text = cc_alloc(&fake->mem, len + 20);

    memset(text, ' ', len);
    memcpy(text + len - 12, "000000000001", 12);
    assert_true(parse(state, text));
    text[len] = ' ';
    assert_false(parse(state, text));
    assert_non_null(strstr(err.why, "too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_field_can_be_a_column_in_any_order),
        IN_FAKE_WORLD(only_rows_with_more_take_memory_for_it),
        IN_FAKE_WORLD(an_unknown_column_is_named_with_those_that_are_known),
        IN_FAKE_WORLD(a_column_without_a_name_is_empty),
        IN_FAKE_WORLD(a_first_line_with_a_target_names_no_columns),
        IN_FAKE_WORLD(a_quoted_column_cannot_contain_a_line_break),
        IN_FAKE_WORLD(role_arn_and_role_name_agree),
        IN_FAKE_WORLD(a_region_chooses_the_partition_of_an_account),
        IN_FAKE_WORLD(parameters_are_judged_as_those_of_options),
        IN_FAKE_WORLD(a_list_in_another_encoding_fails_but_comments_may_be_in_it),
        IN_FAKE_WORLD(a_name_that_ends_with_csv_is_never_json),
        IN_FAKE_WORLD(the_longest_line_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
