#include "policy_support.h"

struct row {
    const char *pattern;
    const char *text;
    bool matches;
};

static void check(const struct row *rows, size_t count, bool (*matches)(const char *, const char *))
{
    for (size_t i = 0; i < count; i++) {
        if (matches(rows[i].pattern, rows[i].text) != rows[i].matches) {
            fail_msg("%s %s %s", rows[i].pattern, rows[i].matches ? "does not match" : "matches",
                     rows[i].text);
        }
    }
}

static bool as_text(const char *pattern, const char *text)
{
    return cc_pattern_matches(pattern, text, false);
}

static bool as_action(const char *pattern, const char *text)
{
    return cc_pattern_matches(pattern, text, true);
}

/* As the Resource of a statement. */
static bool as_resource(const char *pattern, const char *text)
{
    struct cc_arena mem = {0};
    const struct cc_policy policy =
        policy_of(&mem, cc_textf(&mem, DOC(ALLOW(",\"Resource\":\"%s\"")), pattern));
    const struct cc_caller caller = cc_caller_of(&mem, USER, NULL);
    const struct cc_context context = {.mem = &mem};
    const struct cc_access_request request = {&caller, "s3:x", text, &context};
    const struct cc_layer layer = cc_evaluate(&mem, (struct cc_policies){&policy, 1}, &request);
    const bool matches = layer.allows == CC_YES;

    cc_arena_wipe(&mem);
    return matches;
}

static void only_star_and_question_mark_are_special(void **state)
{
    static const struct row rows[] = {
        {"", "", true},          {"", "a", false},           {"a", "", false},
        {"*", "", true},         {"**", "", true},           {"?", "", false},
        {"*", "a:b/c", true},    {"a*", "a", true},          {"a*", "ba", false},
        {"*a", "ba", true},      {"*a", "ab", false},        {"a*c", "abbc", true},
        {"a*c", "abbcd", false}, {"a*b*c", "aXbXbXc", true}, {"a?c", "abc", true},
        {"a?c", "ac", false},    {"a?c", "abbc", false},     {"??", "a", false},
        {"a.c", "abc", false},   {"a.c", "a.c", true},       {"a+", "aa", false},
        {"a+", "a+", true},      {"[ab]", "a", false},       {"(a|b)", "a", false},
        {"a\\*", "a*", false},   {"a\\*", "a\\x", true},     {"^a$", "a", false},
        {"*ab", "aab", true},    {"*aab", "aaab", true},     {"a*a", "a", false},
        {"*?", "", false},       {"*?", "a", true},          {"?*?", "a", false},
        {"*a*b", "bab", true},   {"*.*", "a", false},        {"A", "a", false},
    };

    (void)state;
    check(rows, CC_COUNT(rows), as_text);
}

static void a_question_mark_is_a_character_of_any_length(void **state)
{
    static const struct row rows[] = {
        {"?", "é", true},    {"??", "é", false},    {"?", "€", true},        {"a?c", "a😀c", true},
        {"*?b", "éb", true}, {"*??b", "éb", false}, {"*??b*", "€bq", false}, {"é*", "éa", true},
        {"é", "e", false},   {"*é", "aé", true},
    };

    (void)state;
    check(rows, CC_COUNT(rows), as_text);
}

static void actions_have_no_case(void **state)
{
    static const struct row rows[] = {
        {"s3:getobject", "S3:GetObject", true},
        {"S3:GET*", "s3:getObject", true},
        {"s3:Get?bject", "s3:GETOBJECT", true},
        {"s3:Put*", "s3:GetObject", false},
        {"É", "é", false},
        {"[", "{", false},
        {"@", "`", false},
    };

    (void)state;
    check(rows, CC_COUNT(rows), as_action);
}

static void a_wildcard_stays_in_its_part_of_a_resource_unless_it_ends_it(void **state)
{
    static const struct row rows[] = {
        {"arn:aws:s3:::a/*", "arn:aws:s3:::a/b:c/d", true},
        {"arn:*", "arn:aws:s3:::a", true},
        {"arn:aws:s3:*", "arn:aws:s3:::a", true},
        {"arn:aws:sqs:*:q", "arn:aws:sqs:r:1:q", true},
        {"arn:aws:sqs:u*t:1:q", "arn:aws:sqs:ut:1:q", true},
        {"arn:aws:sqs:u*t:1:q", "arn:aws:sqs:u:t:1:q", false},
        {"arn:aws:sqs:u*t:1:q", "arn:aws:sqs:us-east:1:q", true},
        {"arn:aws:sqs:u*t*x:1:q", "arn:aws:sqs:utatbx:1:q", true},
        {"arn:aws:sqs:u*:*1*:q", "arn:aws:sqs:us:111:q", true},
        {"arn:aws:sqs:u*:*9*:q", "arn:aws:sqs:us:111:q", false},
        {"arn:aws:sqs:u*s:1*2:q", "arn:aws:sqs:us:112:q", true},
        {"arn:aws:sqs:u*s:1*2:q", "arn:aws:sqs:us:11:2:q", false},
        {"arn:aws:s?s:::q", "arn:aws:sqs:::q", true},
        {"arn:aws:s?:::q", "arn:aws:s:::q", false},
        {"arn:aws:s3:::a*c", "arn:aws:s3:::a:b:c", true},
        {"arn:aws:s3:::a?c", "arn:aws:s3:::a:c", true},
        {"arn:aws:s3:::*", "arn:aws:S3:::a", false},
        {"*report*", "arn:aws:s3:::a/report.csv", true}, /* not an ARN: a text */
        {"*", "*", true},
        {"arn:aws:s3:::*", "*", false},
        {"arn:aws:*:*a:b", "arn:aws:x:y:za:b", true},
    };

    (void)state;
    check(rows, CC_COUNT(rows), as_resource);
}

static void arns_are_compared_part_by_part(void **state)
{
    static const struct row rows[] = {
        {"*", "anything", true},
        {"arn:aws:sns:r:1:t", "arn:aws:sns:r:1:t", true},
        {"arn:aws:sns:*:*:*", "arn:aws:sns:r:1:t", true},
        {"arn:aws:sns:*", "arn:aws:sns:r:1:t", false},
        {"arn:*:t", "arn:aws:sns:r:1:t", false},
        {"arn:aws:sns:r:*t", "arn:aws:sns:r:1:t", false},
        {"arn:aws:sns:::t", "arn:aws:sns:r:1:t", false},
        {"arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a/b", true},
        {"arn:aws:lambda:r:1:f:*", "arn:aws:lambda:r:1:f:x:live", true},
        {"arn:aws:lambda:r:1:*live", "arn:aws:lambda:r:1:f:x:live", true},
        {"arn:aws:lambda:r:1:f", "arn:aws:lambda:r:1:f:x", false},
        {"arn:aws:s3:::?", "arn:aws:s3:::é", true},
        {"arn:AWS:s3:::a", "arn:aws:s3:::a", false},
        {"text", "text", true},
        {"", "", true},
        {"a:b", "a:b:c", false},
    };

    (void)state;
    check(rows, CC_COUNT(rows), cc_pattern_matches_arn);
}

static void patterns_that_would_need_years_do_not(void **state)
{
    char text[20001];
    char pattern[4002];

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(as_text("*a*a*a*a*a*a*a*a*b", text));
    assert_false(as_text("*a?a*a?a*a?a*a?a*b", text));
    assert_false(cc_pattern_matches_arn("*a*a*a*a*a*b", text));
    for (size_t i = 0; i + 1 < sizeof(pattern); i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    pattern[sizeof(pattern) - 1] = '\0';
    assert_true(as_text(pattern, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_star_and_question_mark_are_special),
        cmocka_unit_test(a_question_mark_is_a_character_of_any_length),
        cmocka_unit_test(actions_have_no_case),
        cmocka_unit_test(a_wildcard_stays_in_its_part_of_a_resource_unless_it_ends_it),
        cmocka_unit_test(arns_are_compared_part_by_part),
        cmocka_unit_test(patterns_that_would_need_years_do_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
