#include "credctl/base/buf.h"

#include "policy_support.h"

/* How many steps an evaluation takes, which does not depend on the machine as time does. */

#define PLENTY ((size_t)1 << 40)

/* Evaluates one policy for the request; the steps that it took. */
static size_t steps(struct cc_arena *mem, const struct cc_policy *policy, const char *resource,
                    struct cc_context *context)
{
    struct cc_work work = {.left = PLENTY};
    const struct cc_caller caller = cc_caller_of(mem, USER, NULL);
    const struct cc_access_request request = {&caller, "s3:GetObject", resource, context};

    context->work = &work;
    (void)cc_evaluate(mem, (struct cc_policies){policy, 1}, &request);
    return PLENTY - work.left;
}

/* "PREFIX0","PREFIX1",... */
static const char *list(struct cc_arena *mem, const char *prefix, int count)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)8 << 20);

    for (int i = 0; i < count; i++) {
        cc_buf_addf(&out, "%s\"%s%d\"", i ? "," : "", prefix, i);
    }
    return out.text;
}

static const char *repeated(struct cc_arena *mem, const char *text, int count)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)8 << 20);

    for (int i = 0; i < count; i++) {
        cc_buf_text(&out, text);
    }
    return out.text;
}

static const char *const *values(struct cc_arena *mem, const char *prefix, size_t count)
{
    const char **list = cc_alloc(mem, (count + 1) * sizeof(*list));

    for (size_t i = 0; i < count; i++) {
        list[i] = cc_textf(mem, "%s%zu", prefix, i);
    }
    return (const char *const *)list;
}

static void statements_and_values_take_a_few_steps_each(void **state)
{
    struct cc_arena mem = {0};
    struct cc_context context = {.mem = &mem};
    const char *statement =
        ALLOW(",\"Resource\":\"arn:aws:s3:::bucket/*\"" IF("StringEquals", "k", "\"x\""));
    const char *many = cc_textf(&mem, DOC("%s%s"), statement,
                                repeated(&mem, cc_textf(&mem, ",%s", statement), 999));
    struct cc_policy policy = policy_of(&mem, many);

    (void)state;
    cc_context_set(&context, "k", "v");
    assert_int_equal(policy.count, 1000);
    assert_true(steps(&mem, &policy, "arn:aws:s3:::bucket/key", &context) < 1000 * 100);
    policy = policy_of(&mem, cc_textf(&mem, DOC(ALLOW(ANYTHING IF("StringLike", "k", "[%s]"))),
                                      list(&mem, "v?x", 10000)));
    assert_true(steps(&mem, &policy, "*", &context) < 10000 * 20);
    cc_arena_wipe(&mem);
}

static void stars_take_as_many_steps_as_the_text_has_characters(void **state)
{
    static const char *const patterns[] = {"*a*a*a*a*a*a*b",   "*a*a*a*a*a*a*a", "*", "a*",
                                           "*aaaaaaaaaaaaaab", "*?*?*?*?b"};
    struct cc_arena mem = {0};
    const char *text = cc_textf(&mem, "arn:aws:s3:::%s", repeated(&mem, "a", 10000));
    struct cc_context context = {.mem = &mem};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(patterns); i++) {
        const struct cc_policy policy = policy_of(
            &mem, cc_textf(&mem, DOC(ALLOW(",\"Resource\":\"arn:aws:s3:::%s\"")), patterns[i]));
        const size_t taken = steps(&mem, &policy, text, &context);

        if (taken > strlen(text) * (strlen(patterns[i]) + 1)) {
            fail_msg("%s: %zu steps", patterns[i], taken);
        }
    }
    cc_arena_wipe(&mem);
}

/* --- more than an evaluation may take --- */

static struct cc_case large_case(struct cc_arena *mem, const char *condition)
{
    struct cc_case one = {.action = "s3:GetObject", .resource = "*", .context = {.mem = mem}};
    struct cc_error err;

    assert_true(cc_case_begin(mem, USER, &one, &err));
    one.layers[CC_LAYER_IDENTITY] = level_of(mem, cc_textf(mem, DOC("%s"), condition));
    return one;
}

static void what_needs_too_many_comparisons_is_given_up(void **state)
{
    static const struct {
        const char *operator_text;
        const char *want;
        const char *have;
    } rows[] = {
        {"ForAnyValue:StringEquals", "w", "h"},
        {"ForAnyValue:StringLike", "*a*b*c", "aaaaaaaabbbbbb"},
        {"ForAnyValue:ArnLike", "arn:aws:iam::1:role/*", "arn:aws:iam::1:user/"},
        {"ForAllValues:StringNotLike", "w*", "h"},
        {"ForAnyValue:NumericEquals", "1", "2"},
        {"ForAnyValue:DateEquals", "19700", "29700"},
        {"ForAnyValue:IpAddress", "10.0.0.0/", "11.0.0."},
        {"ForAnyValue:BinaryEquals", "QUJD", "QUJE"},
    };
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *wants = list(&mem, rows[i].want, 4000);
        struct cc_case one = large_case(&mem, cc_textf(&mem, ALLOW(ANYTHING IF("%s", "k", "[%s]")),
                                                       rows[i].operator_text, wants));

        cc_context_set_list(&one.context, "k", values(&mem, rows[i].have, 4000));
        const struct cc_decision decision = cc_decide(&mem, &one);
        if (!decision.too_large || decision.allowed != CC_MAYBE) {
            fail_msg("%s: %d", rows[i].operator_text, decision.allowed);
        }
        cc_context_set_list(&one.context, "k", values(&mem, rows[i].have, 10));
        assert_false(cc_decide(&mem, &one).too_large);
        cc_arena_wipe(&mem);
    }
}

static void long_texts_are_given_up_where_they_multiply(void **state)
{
    struct cc_arena mem = {0};
    const char *as = repeated(&mem, "a", 40000);
    struct cc_case one =
        large_case(&mem, cc_textf(&mem, ALLOW(",\"Resource\":\"arn:aws:s3:::*%sb\""), as));

    (void)state;
    one.resource = cc_textf(&mem, "arn:aws:s3:::%s%s", as, as);
    assert_true(cc_decide(&mem, &one).too_large);
    /* A value that is larger than any policy. */
    const char *variables = repeated(&mem, "${k}", 1000);
    one = large_case(&mem, cc_textf(&mem, ALLOW(",\"Resource\":\"arn:aws:s3:::%s\""), variables));
    cc_context_set(&one.context, "k", as);
    assert_true(cc_decide(&mem, &one).too_large);
    cc_context_set(&one.context, "k", "a");
    assert_false(cc_decide(&mem, &one).too_large);
    /* Many lookups among many keys. */
    one = large_case(&mem, cc_textf(&mem, ALLOW(",\"Resource\":\"arn:aws:s3:::%s\""),
                                    repeated(&mem, "${k}", 40000)));
    for (int i = 0; i < 1000; i++) {
        cc_context_set(&one.context, cc_textf(&mem, "key%d", i), "v");
    }
    assert_true(cc_decide(&mem, &one).too_large);
    cc_arena_wipe(&mem);
}

static void what_was_found_before_it_is_given_up_counts(void **state)
{
    struct cc_arena mem = {0};
    const char *large = cc_textf(&mem, ALLOW(ANYTHING IF("ForAnyValue:StringEquals", "k", "[%s]")),
                                 list(&mem, "w", 4000));
    struct cc_case one = large_case(&mem, cc_textf(&mem, DENY(ANYTHING) ",%s", large));

    (void)state;
    cc_context_set_list(&one.context, "k", values(&mem, "h", 4000));
    assert_int_equal(cc_decide(&mem, &one).denied, CC_YES);
    one = large_case(&mem, cc_textf(&mem, "%s," DENY(ANYTHING), large));
    cc_context_set_list(&one.context, "k", values(&mem, "h", 4000));
    assert_int_equal(cc_decide(&mem, &one).denied, CC_MAYBE);
    cc_arena_wipe(&mem);
}

static void values_that_are_added_one_by_one_become_a_list(void **state)
{
    struct cc_arena mem = {0};
    struct cc_context context = {.mem = &mem};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        cc_context_add(&context, i % 2 ? "K" : "k", cc_textf(&mem, "%d", i));
    }
    const struct cc_key key = cc_context_key(&context, "k");
    assert_int_equal(context.count, 1);
    for (int i = 0; i < 1000; i++) {
        assert_string_equal(key.values[i], cc_textf(&mem, "%d", i));
    }
    assert_null(key.values[1000]);
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_and_values_take_a_few_steps_each),
        cmocka_unit_test(stars_take_as_many_steps_as_the_text_has_characters),
        cmocka_unit_test(what_needs_too_many_comparisons_is_given_up),
        cmocka_unit_test(long_texts_are_given_up_where_they_multiply),
        cmocka_unit_test(what_was_found_before_it_is_given_up_counts),
        cmocka_unit_test(values_that_are_added_one_by_one_become_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
