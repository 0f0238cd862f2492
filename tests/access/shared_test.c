#include "credctl/access/access.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "support/test.h"

#define HUB "arn:aws:iam::111122223333:role/Hub"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static const cJSON *json(const char *text)
{
    const cJSON *doc = NULL;
    struct cc_error err;

    assert_true(cc_json_parse(&mem, text, strlen(text), "test", &doc, &err));
    return doc;
}

static struct cc_access_result denied(const char *account, const char *cause, const char *fix)
{
    const char *role = cc_textf(&mem, "arn:aws:iam::%s:role/Audit", account);

    return (struct cc_access_result){.target = role,
                                     .account_id = account,
                                     .role_arn = role,
                                     .outcome = CC_ACCESS_DENIED,
                                     .cause = cause,
                                     .side = "target",
                                     .certainty = "certain",
                                     .why = cc_textf(&mem, "the evidence of %s", account),
                                     .fix = fix};
}

static struct cc_access_result with(struct cc_access_result result, const char *attach_to,
                                    const char *statement)
{
    result.attach_to = attach_to;
    result.statement = json(statement);
    result.change = "add";
    return result;
}

static struct cc_access_answer shared(struct cc_access_result *results, size_t count)
{
    static const struct cc_access_caller caller = {"111122223333", HUB, "AROA"};
    struct cc_access_answer answer = {.caller = &caller};

    cc_access_share(&mem, results, count, &answer);
    assert_int_equal(answer.target_count, count);
    return answer;
}

static void a_policy_that_lacks_several_roles_gets_one_statement_for_all(void **state)
{
    struct cc_access_result results[3];
    static const char *const accounts[] = {"222222222222", "333333333333", "111122223333"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        results[i] = with(
            denied(accounts[i], "identity.no_allow", "add the statement to a policy of " HUB), HUB,
            cc_textf(&mem,
                     "{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":"
                     "\"arn:aws:iam::%s:role/Audit\"}",
                     accounts[i]));
    }
    const struct cc_access_answer answer = shared(results, CC_COUNT(results));
    assert_int_equal(answer.shared_count, 1);
    assert_int_equal(answer.shared[0].count, 3);
    assert_string_equal(answer.shared[0].fix, "add the statement to a policy of " HUB);
    assert_string_equal(answer.shared[0].attach_to, HUB);
    assert_string_equal(answer.shared[0].why, "the evidence of 222222222222");
    assert_string_equal(cc_json_line(&mem, answer.shared[0].statement),
                        "{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":["
                        "\"arn:aws:iam::111122223333:role/Audit\","
                        "\"arn:aws:iam::222222222222:role/Audit\","
                        "\"arn:aws:iam::333333333333:role/Audit\"]}\n");
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        assert_ptr_equal(results[i].shared, &answer.shared[0]);
        assert_string_equal(answer.shared[0].targets[i], results[i].target);
    }
    assert_null(answer.shared[0].targets[3]);
}

static void a_statement_that_is_too_long_for_a_policy_is_said_to_be(void **state)
{
    struct cc_access_result results[200];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        const char *account = cc_textf(&mem, "%012zu", i);

        results[i] = with(denied(account, "identity.no_allow", "add the statement"), HUB,
                          cc_textf(&mem,
                                   "{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
                                   "\"Resource\":\"arn:aws:iam::%s:role/Audit\"}",
                                   account));
        results[i].policy_kind = "identity";
    }
    assert_string_equal(shared(results, 100).shared[0].fix, "add the statement");
    assert_string_equal(shared(results, CC_COUNT(results)).shared[0].fix,
                        "add the statement; divide its Resource among several policies: a managed "
                        "policy has at most 6144 characters");
}

static void one_trust_policy_in_many_accounts_is_one_remedy(void **state)
{
    struct cc_access_result results[4];
    static const char *const accounts[] = {"222222222222", "333333333333", "444444444444",
                                           "555555555555"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        results[i] =
            denied(accounts[i], "trust.no_allow",
                   cc_textf(&mem,
                            "let the owner of account %s add the statement to the trust policy "
                            "of arn:aws:iam::%s:role/Audit",
                            accounts[i], accounts[i]));
        results[i] = with(results[i], results[i].role_arn,
                          i == 3 ? "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" HUB
                                   "\"},\"Action\":\"sts:TagSession\"}"
                                 : "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" HUB
                                   "\"},\"Action\":\"sts:AssumeRole\"}");
    }
    const struct cc_access_answer answer = shared(results, CC_COUNT(results));
    assert_int_equal(answer.shared_count, 1);
    assert_int_equal(answer.shared[0].count, 3);
    assert_string_equal(answer.shared[0].fix, "let the owner of account <account> add the "
                                              "statement to the trust policy of <role>");
    assert_string_equal(answer.shared[0].attach_to, "<role>");
    assert_string_equal(cc_json_line(&mem, answer.shared[0].statement),
                        "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" HUB
                        "\"},\"Action\":\"sts:AssumeRole\"}\n");
    assert_null(results[3].shared);
}

static void an_exception_in_a_deny_is_made_for_all_roles(void **state)
{
    struct cc_access_result results[2];
    static const char *const accounts[] = {"222222222222", "333333333333"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        results[i] = with(denied(accounts[i], "scp.explicit_deny", "ask"), "p-12345678",
                          cc_textf(&mem,
                                   "{\"Effect\":\"Deny\",\"Action\":\"sts:*\",\"NotResource\":["
                                   "\"arn:aws:iam::*:role/Old\",\"arn:aws:iam::%s:role/Audit\"]}",
                                   accounts[i]));
    }
    const struct cc_access_answer answer = shared(results, CC_COUNT(results));
    assert_int_equal(answer.shared_count, 1);
    assert_string_equal(
        cc_json_line(&mem, answer.shared[0].statement),
        "{\"Effect\":\"Deny\",\"Action\":\"sts:*\",\"NotResource\":[\"arn:aws:iam::*:role/Old\","
        "\"arn:aws:iam::222222222222:role/Audit\",\"arn:aws:iam::333333333333:role/Audit\"]}\n");
}

/* What a reader would lose is never joined. */
static void remedies_that_differ_stay_apart(void **state)
{
    struct cc_access_result results[] = {
        denied("222222222222", "role.missing", "use arn:aws:iam::222222222222:role/x/Audit"),
        denied("333333333333", "role.missing", "use arn:aws:iam::333333333333:role/y/Audit"),
        denied("444444444444", "role.missing", "check account, path and name of the role"),
        denied("555555555555", "trust.mfa", "check account, path and name of the role"),
        denied("666666666666", "unknown", "read the message of AWS"),
        denied("777777777777", "unknown", "read the message of AWS"),
        denied("888888888888", "trust.no_allow", "see arn:aws:iam::888888888888:role/Audit2"),
        denied("888888888888", "trust.no_allow", "see arn:aws:iam::888888888888:role/Audit"),
        {.target = "fine", .outcome = CC_ACCESS_ALLOWED},
        {.target = "fine too", .outcome = CC_ACCESS_ALLOWED},
    };

    (void)state;
    assert_int_equal(shared(results, CC_COUNT(results)).shared_count, 0);
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        assert_null(results[i].shared);
    }
}

static void the_most_frequent_comes_first(void **state)
{
    struct cc_access_result results[5];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(results); i++) {
        results[i] =
            denied(cc_textf(&mem, "%012zu", i), i % 2 ? "trust.mfa" : "role.missing", "do");
    }
    const struct cc_access_answer answer = shared(results, CC_COUNT(results));
    assert_int_equal(answer.shared_count, 2);
    assert_string_equal(answer.shared[0].cause, "role.missing");
    assert_int_equal(answer.shared[0].count, 3);
    assert_string_equal(answer.shared[1].cause, "trust.mfa");
    assert_ptr_equal(results[1].shared, &answer.shared[1]);
}

/* Rows of a list that are wrong have neither role nor account. */
static void targets_without_a_role_can_have_a_cause_in_common(void **state)
{
    struct cc_access_result results[] = {
        {.target = "line 1", .outcome = CC_ACCESS_ERROR, .cause = "network.dns"},
        {.target = "line 2", .outcome = CC_ACCESS_ERROR, .cause = "network.dns"},
    };

    (void)state;
    assert_int_equal(shared(results, 2).shared_count, 1);
    assert_int_equal(shared(results, 1).shared_count, 0);
    assert_int_equal(shared(results, 0).shared_count, 0);
}

static void thousands_of_targets_are_grouped(void **state)
{
    const size_t count = 20000;
    struct cc_access_result *results = cc_alloc(&mem, count * sizeof(*results));

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const char *account = cc_textf(&mem, "%012zu", i + 100);
        results[i] = denied(account, "trust.no_allow",
                            i % 2 ? cc_textf(&mem, "ask the owner of %s", account)
                                  : cc_textf(&mem, "nobody is like target %zu.", i + 7));
    }
    const struct cc_access_answer answer = shared(results, count);
    assert_int_equal(answer.shared_count, 1);
    assert_int_equal(answer.shared[0].count, count / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_that_lacks_several_roles_gets_one_statement_for_all),
        cmocka_unit_test(a_statement_that_is_too_long_for_a_policy_is_said_to_be),
        cmocka_unit_test(one_trust_policy_in_many_accounts_is_one_remedy),
        cmocka_unit_test(an_exception_in_a_deny_is_made_for_all_roles),
        cmocka_unit_test(remedies_that_differ_stay_apart),
        cmocka_unit_test(the_most_frequent_comes_first),
        cmocka_unit_test(targets_without_a_role_can_have_a_cause_in_common),
        cmocka_unit_test(thousands_of_targets_are_grouped),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
