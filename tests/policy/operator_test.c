#include "policy_support.h"

/*
 * Each operator with its values: `wants` is the JSON of the policy, `yes` a value of the request
 * that holds, `no` one that does not; `wrong` is a value of another type, NULL: any text will do.
 */
static const struct {
    const char *name;
    bool negated;
    const char *wants;
    const char *yes;
    const char *no;
    const char *wrong;
} rows[] = {
    {"StringEquals", false, "[\"a\",\"b\"]", "b", "B", NULL},
    {"StringNotEquals", true, "[\"a\",\"b\"]", "B", "b", NULL},
    {"StringEqualsIgnoreCase", false, "[\"a\",\"b\"]", "B", "c", NULL},
    {"StringNotEqualsIgnoreCase", true, "[\"a\",\"b\"]", "c", "B", NULL},
    {"StringLike", false, "[\"a*\",\"?b\"]", "xb", "b", NULL},
    {"StringNotLike", true, "[\"a*\",\"?b\"]", "b", "xb", NULL},
    {"NumericEquals", false, "[\"5\",7]", "7.0", "6", "seven"},
    {"NumericNotEquals", true, "[\"5\",7]", "6", "7.0", "seven"},
    {"NumericLessThan", false, "[\"5\",\"3\"]", "4", "5", "four"},
    {"NumericLessThanEquals", false, "\"5\"", "5", "5.1", "five"},
    {"NumericGreaterThan", false, "[\"5\",\"9\"]", "6", "5", "six"},
    {"NumericGreaterThanEquals", false, "\"-5\"", "-5", "-5.1", "five"},
    {"DateEquals", false, "[\"2026-01-01\",\"2026-02-01\"]", "2026-02-01T00:00:00Z", "2026-02-02",
     "soon"},
    {"DateNotEquals", true, "\"2026-01-01\"", "2026-01-02", "2026-01-01T01:00+01:00", "soon"},
    {"DateLessThan", false, "\"2026-01-01\"", "1767225599", "1767225600", "soon"},
    {"DateLessThanEquals", false, "\"2026-01-01T00:00:00Z\"", "1767225600", "1767225601", "soon"},
    {"DateGreaterThan", false, "1767225600", "2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z",
     "soon"},
    {"DateGreaterThanEquals", false, "\"2026-01\"", "2026-01-01", "2025-12-31T23:59:59Z", "soon"},
    {"Bool", false, "true", "TRUE", "false", "yes"},
    {"BinaryEquals", false, "[\"AQID\",\"Zm8=\"]", "Zm8", "AQIE", "?"},
    {"IpAddress", false, "[\"10.0.0.0/8\",\"2001:db8::/32\"]", "2001:DB8:0:1::", "11.0.0.1",
     "localhost"},
    {"NotIpAddress", true, "[\"10.0.0.0/8\",\"2001:db8::/32\"]", "11.0.0.1", "10.255.255.255",
     "localhost"},
    {"ArnEquals", false, "\"arn:aws:iam::*:role/x*\"", "arn:aws:iam::1:role/xy",
     "arn:aws:iam::1:role/y", "role/xy"},
    {"ArnNotEquals", true, "\"arn:aws:iam::*:role/x*\"", "arn:aws:iam::1:role/y",
     "arn:aws:iam::1:role/xy", "role/xy"},
    {"ArnLike", false, "\"arn:aws:iam::*:role/x?\"", "arn:aws:iam::1:role/xy",
     "arn:aws:iam::1:role/x", "role/xy"},
    {"ArnNotLike", true, "\"arn:aws:iam::*:role/x?\"", "arn:aws:iam::1:role/x",
     "arn:aws:iam::1:role/xy", "role/xy"},
};

/* The operator with a prefix and a suffix, against up to three values. */
static enum cc_tri ask(size_t row, const char *set, const char *if_exists,
                       const char *const *values)
{
    struct cc_arena mem = {0};
    struct cc_context context = {.mem = &mem};

    if (values) {
        cc_context_set_list(&context, "Test:Key", values);
    }
    const enum cc_tri holds =
        condition_holds(cc_textf(&mem, "%s%s%s", set, rows[row].name, if_exists), "test:key",
                        rows[row].wants, &context);

    cc_arena_wipe(&mem);
    return holds;
}

#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect(size_t row, const char *what, enum cc_tri got, bool expected)
{
    if (got != (expected ? CC_YES : CC_NO)) {
        fail_msg("%s, %s: %d", rows[row].name, what, got);
    }
}

static void it_holds_for_what_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        expect(i, "a match", ask(i, "", "", VALUES(rows[i].yes)), true);
        expect(i, "no match", ask(i, "", "", VALUES(rows[i].no)), false);
        if (rows[i].wrong) {
            expect(i, "another type", ask(i, "", "", VALUES(rows[i].wrong)), rows[i].negated);
        }
    }
}

static void without_the_key_only_negated_ones_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        expect(i, "no key", ask(i, "", "", NULL), rows[i].negated);
        expect(i, "no values", ask(i, "", "", (const char *const[]){NULL}), rows[i].negated);
    }
}

static void with_if_exists_all_hold_without_the_key(void **state)
{
    static const char *const sets[] = {"", "ForAllValues:", "ForAnyValue:"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        for (size_t k = 0; k < CC_COUNT(sets); k++) {
            expect(i, "IfExists, no key", ask(i, sets[k], "IfExists", NULL), true);
            expect(i, "IfExists, a match", ask(i, sets[k], "IfExists", VALUES(rows[i].yes)), true);
            expect(i, "IfExists, no match", ask(i, sets[k], "IfExists", VALUES(rows[i].no)), false);
        }
    }
}

static void for_all_values_wants_every_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *yes = rows[i].yes;
        const char *no = rows[i].no;

        expect(i, "all", ask(i, "ForAllValues:", "", VALUES(yes, yes, yes)), true);
        expect(i, "one not", ask(i, "ForAllValues:", "", VALUES(yes, no, yes)), false);
        expect(i, "all, no key", ask(i, "ForAllValues:", "", NULL), true);
        expect(i, "all, empty text", ask(i, "ForAllValues:", "", VALUES("")), true);
    }
}

static void for_any_value_wants_one_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *yes = rows[i].yes;
        const char *no = rows[i].no;

        expect(i, "any", ask(i, "ForAnyValue:", "", VALUES(no, no, yes)), true);
        expect(i, "none", ask(i, "ForAnyValue:", "", VALUES(no, no, no)), false);
        expect(i, "any, no key", ask(i, "ForAnyValue:", "", NULL), false);
        expect(i, "any, empty text", ask(i, "ForAnyValue:", "", VALUES("")), false);
    }
}

static void without_a_set_several_values_are_any_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        expect(i, "one of several", ask(i, "", "", VALUES(rows[i].no, rows[i].yes)),
               !rows[i].negated);
    }
}

static void a_key_that_is_not_known_leaves_it_open(void **state)
{
    struct cc_arena mem = {0};
    struct cc_context context = {.mem = &mem};

    (void)state;
    cc_context_unknown(&context, "k");
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(condition_holds(rows[i].name, "k", rows[i].wants, &context), CC_MAYBE);
    }
    assert_int_equal(condition_holds("Null", "k", "true", &context), CC_MAYBE);
    assert_int_equal(condition_holds("Null", "k", "[true,\"false\"]", &context), CC_YES);
    context = (struct cc_context){.mem = &mem, .open = true};
    assert_int_equal(condition_holds("StringEquals", "k", "\"a\"", &context), CC_MAYBE);
    cc_context_set(&context, "K", NULL);
    assert_int_equal(condition_holds("StringEquals", "k", "\"a\"", &context), CC_NO);
    cc_context_set(&context, "k", "a");
    assert_int_equal(condition_holds("StringEquals", "k", "\"a\"", &context), CC_YES);
    cc_arena_wipe(&mem);
}

static void null_is_about_the_key_itself(void **state)
{
    static const struct {
        const char *wants;
        bool there;
        bool absent;
    } nulls[] = {
        {"true", false, true},      {"\"True\"", false, true},    {"false", true, false},
        {"\"false\"", true, false}, {"[true,false]", true, true}, {"\"1\"", false, false},
        {"\"\"", false, false},
    };
    struct cc_arena mem = {0};
    struct cc_context context = {.mem = &mem};

    (void)state;
    cc_context_set(&context, "k", "");
    for (size_t i = 0; i < CC_COUNT(nulls); i++) {
        assert_int_equal(condition_holds("Null", "k", nulls[i].wants, &context),
                         nulls[i].there ? CC_YES : CC_NO);
        assert_int_equal(condition_holds("ForAnyValue:Null", "other", nulls[i].wants, &context),
                         nulls[i].absent ? CC_YES : CC_NO);
    }
    cc_arena_wipe(&mem);
}

static void every_name_is_an_operator_in_any_case(void **state)
{
    struct cc_arena mem = {0};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_non_null(cc_operator_named(rows[i].name));
        assert_ptr_equal(cc_operator_named(rows[i].name),
                         cc_operator_named(cc_text_lower(&mem, rows[i].name)));
    }
    assert_non_null(cc_operator_named("null"));
    assert_null(cc_operator_named("StringMatches"));
    assert_null(cc_operator_named(""));
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_for_what_it_says),
        cmocka_unit_test(without_the_key_only_negated_ones_hold),
        cmocka_unit_test(with_if_exists_all_hold_without_the_key),
        cmocka_unit_test(for_all_values_wants_every_value),
        cmocka_unit_test(for_any_value_wants_one_value),
        cmocka_unit_test(without_a_set_several_values_are_any_or_none),
        cmocka_unit_test(a_key_that_is_not_known_leaves_it_open),
        cmocka_unit_test(null_is_about_the_key_itself),
        cmocka_unit_test(every_name_is_an_operator_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
