#include "policy_support.h"

/* The value of the request is "have"; the variables have the values of `context`. */
static enum cc_tri equals(struct cc_context *context, const char *want, const char *have)
{
    cc_context_set(context, "k", have);
    return condition_holds("StringLike", "k", want, context);
}

static struct cc_context some(struct cc_arena *mem)
{
    static const char *const two[] = {"a", "b", NULL};
    struct cc_context context = {.mem = mem};

    cc_context_set(&context, "aws:username", "alice");
    cc_context_set(&context, "t:empty", "");
    cc_context_set(&context, "t:special", "a*b?c$d");
    cc_context_set(&context, "t:nested", "${aws:username}");
    cc_context_set_list(&context, "t:two", two);
    cc_context_unknown(&context, "t:unknown");
    return context;
}

static void variables_stand_for_single_values(void **state)
{
    static const struct {
        const char *want;
        const char *have;
        enum cc_tri holds;
    } rows[] = {
        {"\"${aws:username}\"", "alice", CC_YES},
        {"\"${AWS:UserName}\"", "alice", CC_YES},
        {"\"${ aws:username }/*\"", "alice/x", CC_YES},
        {"\"x${aws:username}-${aws:username}\"", "xalice-alice", CC_YES},
        {"\"${t:empty}\"", "", CC_YES},
        {"\"${t:special}\"", "a*b?c$d", CC_YES},
        {"\"${t:special}\"", "aXXbXc$d", CC_NO},
        {"\"${t:nested}\"", "alice", CC_NO},
        {"\"${t:nested}\"", "${aws:username}", CC_YES},
        {"\"${t:two}\"", "a", CC_NO},
        {"\"${t:none}\"", "", CC_NO},
        {"\"${t:none}\"", "${t:none}", CC_NO},
        {"[\"${t:none}\",\"x\"]", "x", CC_YES},
        {"\"${t:none, 'team'}\"", "team", CC_YES},
        {"\"${t:none,'team'}\"", "team", CC_YES},
        {"\"${t:none , '' }\"", "", CC_YES},
        {"\"${t:none, 'a*'}\"", "ab", CC_NO},
        {"\"${t:none, 'a*'}\"", "a*", CC_YES},
        {"\"${t:none, 'a, b'}\"", "a, b", CC_YES},
        {"\"${t:none, team}\"", "team", CC_NO},
        {"\"${t:none, 'team}\"", "team", CC_NO},
        {"\"${t:none, '}\"", "", CC_NO},
        {"\"${t:two, 'x'}\"", "x", CC_YES},
        {"\"${aws:username, 'x'}\"", "alice", CC_YES},
        {"\"${*}\"", "*", CC_YES},
        {"\"${*}\"", "x", CC_NO},
        {"\"${?}${$}\"", "?$", CC_YES},
        {"\"${?}\"", "x", CC_NO},
        {"\"$${*}\"", "$*", CC_YES},
        {"\"${$}{aws:username}\"", "${aws:username}", CC_YES},
        {"\"${aws:username\"", "${aws:username", CC_YES},
        {"\"$aws:username\"", "$aws:username", CC_YES},
        {"\"${}\"", "", CC_NO},
        {"\"${t:unknown}\"", "x", CC_MAYBE},
        {"[\"${t:unknown}\",\"x\"]", "x", CC_YES},
        {"\"${t:unknown}${t:none}\"", "x", CC_NO},
        {"\"${t:none}${t:unknown}\"", "x", CC_NO},
        {"\"${t:unknown, 'x'}\"", "x", CC_MAYBE},
    };
    struct cc_arena mem = {0};
    struct cc_context context = some(&mem);

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (equals(&context, rows[i].want, rows[i].have) != rows[i].holds) {
            fail_msg("%s and %s: not %d", rows[i].want, rows[i].have, rows[i].holds);
        }
    }
    cc_arena_wipe(&mem);
}

static void texts_arns_and_flags_have_variables_and_nothing_else(void **state)
{
    static const struct {
        const char *operator_text;
        const char *value;
        bool holds;
    } rows[] = {
        {"StringEquals", "Text", true},
        {"StringEqualsIgnoreCase", "Text", true},
        {"StringLike", "Text", true},
        {"ArnEquals", "arn:aws:iam::1:role/x", true},
        {"ArnLike", "arn:aws:iam::1:role/x", true},
        {"Bool", "true", true},
        {"NumericEquals", "1", false},
        {"NumericLessThanEquals", "1", false},
        {"DateEquals", "2026-01-01", false},
        {"BinaryEquals", "AQID", false},
        {"IpAddress", "10.0.0.1", false},
    };
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_context context = {.mem = &mem};

        cc_context_set(&context, "k", rows[i].value);
        cc_context_set(&context, "same", rows[i].value);
        assert_int_equal(condition_holds(rows[i].operator_text, "k", "\"${same}\"", &context),
                         rows[i].holds ? CC_YES : CC_NO);
    }
    cc_arena_wipe(&mem);
}

static void a_negated_operator_holds_against_a_variable_without_a_value(void **state)
{
    struct cc_arena mem = {0};
    struct cc_context context = some(&mem);

    (void)state;
    cc_context_set(&context, "k", "x");
    assert_int_equal(condition_holds("StringNotEquals", "k", "\"${t:none}\"", &context), CC_YES);
    assert_int_equal(condition_holds("StringNotLike", "k", "[\"${t:none}\",\"x\"]", &context),
                     CC_NO);
    assert_int_equal(condition_holds("StringNotEquals", "k", "\"${t:unknown}\"", &context),
                     CC_MAYBE);
    cc_arena_wipe(&mem);
}

/* --- in resources --- */

static enum cc_tri resource(const char *version, const char *element, const char *pattern,
                            const char *text)
{
    struct cc_arena mem = {0};
    const struct cc_context context = some(&mem);
    const struct cc_policy policy = policy_of(
        &mem,
        cc_textf(&mem, "{%s\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"%s\":\"%s\"}}",
                 version, element, pattern));
    const struct cc_caller caller = cc_caller_of(&mem, USER, NULL);
    const struct cc_access_request request = {&caller, "s3:x", text, &context};
    const enum cc_tri allows = cc_evaluate(&mem, (struct cc_policies){&policy, 1}, &request).allows;

    cc_arena_wipe(&mem);
    return allows;
}

#define NEW "\"Version\":\"2012-10-17\","
#define OLD "\"Version\":\"2008-10-17\","

static void variables_stand_behind_the_fifth_colon_of_a_resource(void **state)
{
    static const struct {
        const char *version;
        const char *element;
        const char *pattern;
        const char *text;
        enum cc_tri applies;
    } rows[] = {
        {NEW, "Resource", "arn:aws:s3:::d/${aws:username}/*", "arn:aws:s3:::d/alice/x", CC_YES},
        {NEW, "Resource", "arn:aws:s3:::${aws:username}", "arn:aws:s3:::alice", CC_YES},
        {NEW, "Resource", "arn:aws:${aws:username}:::x", "arn:aws:alice:::x", CC_NO},
        {NEW, "Resource", "arn:aws:iam::${t:account}:role/x", "arn:aws:iam::1:role/x", CC_NO},
        {NEW, "Resource", "${aws:username}", "alice", CC_NO},
        {NEW, "Resource", "arn:aws:s3:::d/${t:none}*", "arn:aws:s3:::d/x", CC_NO},
        {NEW, "Resource", "arn:aws:s3:::d/${t:unknown}*", "arn:aws:s3:::d/x", CC_MAYBE},
        {NEW, "NotResource", "arn:aws:s3:::d/${aws:username}/*", "arn:aws:s3:::d/alice/x", CC_NO},
        {NEW, "NotResource", "arn:aws:s3:::d/${t:none}*", "arn:aws:s3:::d/x", CC_YES},
        {NEW, "NotResource", "arn:aws:s3:::d/${t:unknown}*", "arn:aws:s3:::d/x", CC_MAYBE},
        {NEW, "Resource", "arn:aws:s3:::d/${*}", "arn:aws:s3:::d/x", CC_NO},
        {OLD, "Resource", "arn:aws:s3:::d/${aws:username}/*", "arn:aws:s3:::d/alice/x", CC_NO},
        {OLD, "Resource", "arn:aws:s3:::${aws:username}", "arn:aws:s3:::${aws:username}", CC_YES},
        {"", "Resource", "arn:aws:s3:::d/${aws:username}/*", "arn:aws:s3:::d/alice/x", CC_NO},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (resource(rows[i].version, rows[i].element, rows[i].pattern, rows[i].text) !=
            rows[i].applies) {
            fail_msg("%s%s %s and %s: not %d", rows[i].version, rows[i].element, rows[i].pattern,
                     rows[i].text, rows[i].applies);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_stand_for_single_values),
        cmocka_unit_test(texts_arns_and_flags_have_variables_and_nothing_else),
        cmocka_unit_test(a_negated_operator_holds_against_a_variable_without_a_value),
        cmocka_unit_test(variables_stand_behind_the_fifth_colon_of_a_resource),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
