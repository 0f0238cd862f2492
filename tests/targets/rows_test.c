#include "targets_support.h"

/* What holds for rows of every format: lenient reading, names, and repeated targets. */

static void a_bad_row_is_a_target_when_lenient(void **state)
{
    static const char text[] = "name,account,role_arn,external_id,tags\n"
                               "a,1234,,x,\n"
                               "b,,arn:aws:iam::000000000001:user/x,,\n"
                               "c,000000000001,a b,,\n"
                               "d,000000000002,,,k=v\n"
                               "\"e\n"
                               "f,,,,\n";

    assert_true(parse_lenient(state, text));
    assert_int_equal(targets.count, 6);
    assert_null(targets.rows[0].role_arn);
    assert_null(targets.rows[0].account);
    assert_string_equal(targets.rows[0].external_id, "x");
    assert_string_equal(targets.rows[1].role_arn, "arn:aws:iam::000000000001:user/x");
    assert_string_equal(targets.rows[2].role_arn, "a b");
    assert_string_equal(targets.rows[2].account, "000000000001");
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(targets.rows[i].wrong != NULL, i != 3);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(targets.rows[i].name, ((const char *const[]){"a", "b", "c", "d"})[i]);
        assert_string_equal(targets.rows[i].label, targets.rows[i].name);
    }
    assert_string_equal(targets.rows[3].more->tags[0], "k=v");
    assert_null(targets.rows[4].name);
    assert_string_equal(targets.rows[4].label, "line~6");
    assert_non_null(strstr(targets.rows[4].wrong->what, "line 6"));
    assert_string_equal(targets.rows[5].name, "f");
}

static void a_bad_element_keeps_what_can_be_read_of_it(void **state)
{
    assert_true(parse_lenient(
        state, "[{\"name\":\"a\",\"role_arn\":\"" ONE "\",\"e-mail\":\"x\"},\n"
               " {\"name\":\"b\",\"role_arn\":\"" ONE "\",\"tags\":7},\n"
               " {\"name\":\"c\",\"role_arn\":\"" ONE "\"}, 7,\n"
               " {\"name\":[],\"account_id\":\"000000000001\",\"region\":\"eu-west-1\"}]"));
    assert_int_equal(targets.count, 5);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(targets.rows[i].wrong != NULL, i != 2);
        assert_string_equal(targets.rows[i].role_arn, ONE);
    }
    assert_string_equal(targets.rows[1].name, "b");
    assert_string_equal(targets.rows[3].label, "element~4");
    assert_null(targets.rows[4].name);
    assert_string_equal(targets.rows[4].account, "000000000001");
    assert_string_equal(targets.rows[4].more->region, "eu-west-1");
    assert_true(parse_lenient(state, "{\"name\":\n\"" ONE "\"\n"));
    assert_non_null(targets.rows[0].wrong);
    assert_null(targets.rows[1].wrong);
}

static void parameters_are_passed_on_when_lenient(void **state)
{
    assert_true(parse_lenient(
        state, "account,external_id,session_name,duration_seconds,source_identity,tags,region\n"
               "000000000001,x,a b,100,\xc3\xa4,team,eu west\n"));
    assert_null(targets.rows[0].wrong);
    assert_string_equal(targets.rows[0].external_id, "x");
    assert_string_equal(targets.rows[0].more->session_name, "a b");
    assert_int_equal(targets.rows[0].more->duration_seconds, 100);
    assert_string_equal(targets.rows[0].more->tags[0], "team");
    assert_true(parse_lenient(state, "account,duration_seconds\n000000000001,soon\n"));
    assert_non_null(targets.rows[0].wrong);
}

static void bad_rows_are_not_compared_and_good_ones_are_as_without_them(void **state)
{
    assert_true(parse_lenient(state, "x\nx\n000000000001\n000000000001\n"));
    assert_int_equal(targets.count, 3);
    assert_int_equal(targets.repeated, 1);
    assert_string_equal(targets.rows[2].label, "000000000001");
}

static void another_name_is_another_target(void **state)
{
    assert_true(parse(state, "name,role_arn\na," ONE "\nb," ONE "\na," ONE "\n," ONE "\n"));
    assert_int_equal(targets.count, 3);
    assert_int_equal(targets.repeated, 1);
    assert_string_equal(targets.rows[0].label, "a");
    assert_string_equal(targets.rows[1].label, "b");
    assert_true(cc_text_starts(targets.rows[2].label, "000000000001-A~"));
}

static void a_name_that_two_targets_have_is_the_label_of_none(void **state)
{
    assert_true(parse(state, "name,role_arn\na," ONE "\na," TWO "\nc,arn:aws:iam::000000000003:"
                             "role/C\n"));
    assert_string_equal(targets.rows[0].label, "000000000001");
    assert_string_equal(targets.rows[1].label, "000000000002");
    assert_string_equal(targets.rows[2].label, "c");
    assert_string_equal(targets.rows[1].name, "a");
}

static void a_name_is_the_label_only_when_it_is_safe(void **state)
{
    static const char *const unsafe[] = {"../x", ".x",       "-x",   "a b",         "a/b",
                                         "a~1",  "\xc3\xa4", "a\tb", "000000000002"};

    for (size_t i = 0; i < CC_COUNT(unsafe); i++) {
        struct fake *fake = *state;

        assert_true(
            parse(state, cc_textf(&fake->run.mem, "name,role_arn\n%s," ONE "\n", unsafe[i])));
        assert_string_equal(targets.rows[0].label, "000000000001");
        assert_string_equal(targets.rows[0].name, unsafe[i]);
    }
}

static void one_target_with_two_settings_needs_two_names(void **state)
{
    static const char text[] =
        "role_arn,region\n" ONE ",us-east-1\n" ONE ",eu-west-1\n" ONE ",us-east-1\n";

    assert_false(parse(state, text));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.why, ONE));
    assert_non_null(strstr(err.fix, "name"));
    assert_true(parse_lenient(state, text));
    assert_int_equal(targets.count, 2);
    assert_int_equal(targets.repeated, 1);
    assert_string_not_equal(targets.rows[0].label, targets.rows[1].label);
    assert_true(parse(state, "name,role_arn,region\na," ONE ",us-east-1\nb," ONE ",eu-west-1\n"));
}

static void a_target_is_put_over_the_common_parameters(void **state)
{
    static const char *const tags[] = {"k=v", NULL};
    const struct cc_assume common = {.external_id = "common",
                                     .session_name = "common",
                                     .duration_seconds = 1800,
                                     .tags = tags,
                                     .source_identity = "common"};
    struct cc_assume hop = common;

    assert_true(parse(state, "account,session_name,duration_seconds,tags,region\n"
                             "000000000001,own,900,,eu-west-1\n000000000002\n"));
    cc_target_apply(&targets.rows[0], &hop);
    assert_string_equal(hop.role_arn, "arn:aws:iam::000000000001:role/Audit");
    assert_string_equal(hop.external_id, "common");
    assert_string_equal(hop.session_name, "own");
    assert_int_equal(hop.duration_seconds, 900);
    assert_ptr_equal(hop.tags, tags);
    assert_string_equal(hop.source_identity, "common");
    assert_string_equal(hop.region, "eu-west-1");
    hop = common;
    cc_target_apply(&targets.rows[1], &hop);
    assert_string_equal(hop.session_name, "common");
    assert_null(hop.region);
}

static void a_list_is_read_from_a_file(void **state)
{
    struct fake *fake = *state;
    struct cc_target_list list = {0};

    fake_file(fake, "a.json", "[]");
    assert_true(cc_target_list_read(&fake->run, "a.json", &list, &err));
    assert_string_equal(list.name, "a.json");
    assert_int_equal(list.len, 2);
    assert_false(cc_target_list_read(&fake->run, "missing", &list, &err));
    assert_int_equal(err.code, CC_E_UNREADABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_bad_row_is_a_target_when_lenient),
        IN_FAKE_WORLD(a_bad_element_keeps_what_can_be_read_of_it),
        IN_FAKE_WORLD(parameters_are_passed_on_when_lenient),
        IN_FAKE_WORLD(bad_rows_are_not_compared_and_good_ones_are_as_without_them),
        IN_FAKE_WORLD(another_name_is_another_target),
        IN_FAKE_WORLD(a_name_that_two_targets_have_is_the_label_of_none),
        IN_FAKE_WORLD(a_name_is_the_label_only_when_it_is_safe),
        IN_FAKE_WORLD(one_target_with_two_settings_needs_two_names),
        IN_FAKE_WORLD(a_target_is_put_over_the_common_parameters),
        IN_FAKE_WORLD(a_list_is_read_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
