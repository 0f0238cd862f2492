#include "credctl/base/text.h"
#include "credctl/policy/decide.h"

#include "support/temp.h"
#include "support/test.h"

/* Each case of tests/policy/cases.json: a request, its policies, and what IAM decides. */
static const char *decision_of(const struct cc_decision *decision)
{
    return decision->denied == CC_YES    ? "ExplicitlyDenied"
           : decision->allowed == CC_YES ? "Allowed"
                                         : "ImplicitlyDenied";
}

static void judge(const cJSON *row)
{
    struct cc_arena mem = {0};
    struct cc_case one;
    struct cc_error err;

    if (!cc_case_from_json(&mem, row, &one, &err)) {
        fail_msg("%s: %s: %s", cc_json_text(row, "id"), err.what, err.why);
    }
    const struct cc_decision decision = cc_decide(&mem, &one);
    if (!cc_text_equal(decision_of(&decision), cc_json_text(row, "expect"))) {
        fail_msg("%s (%s): %s", cc_json_text(row, "id"), cc_json_text(row, "note"),
                 decision_of(&decision));
    }
    assert_true(decision.allowed != CC_MAYBE); /* every key is known */
    cc_arena_wipe(&mem);
}

static void every_case_is_decided_as_iam_decides_it(void **state)
{
    struct temp *temp = *state;
    const char *path = TEST_DIR "/policy/cases.json";
    const char *text = NULL;
    const cJSON *doc = NULL;
    const cJSON *row = NULL;
    struct cc_error err;
    size_t len = 0;
    int count = 0;

    assert_true(cc_read_file(&temp->run, path, 1 << 20, &text, &len, &err));
    assert_true(cc_json_parse(&temp->run.mem, text, len, path, &doc, &err));
    cJSON_ArrayForEach (row, cJSON_GetObjectItem(doc, "cases")) {
        judge(row);
        count++;
    }
    assert_true(count > 540);
}

/* --- keys that are not known --- */

static enum cc_tri decided(struct cc_arena *mem, const char *policy, const char *known)
{
    const char *const values[] = {known, NULL};
    struct cc_policy parsed;
    struct cc_error err;

    assert_true(cc_policy_parse(mem, policy, strlen(policy), "p", &parsed, &err));
    const struct cc_policies policies = {&parsed, 1};
    struct cc_case one = {
        .caller = cc_caller_of(mem, "arn:aws:iam::111122223333:role/host", NULL),
        .action = "sts:AssumeRole",
        .resource = "arn:aws:iam::111122223333:role/target",
        .context = {.mem = mem, .open = true},
        .layers = {[CC_LAYER_IDENTITY] = {true, &policies, 1}},
    };
    if (known) {
        cc_context_set_list(&one.context, "aws:SourceIp", values);
    }
    return cc_decide(mem, &one).allowed;
}

#define ALLOW_FROM(op, more)                                                              \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\","  \
    "\"Resource\":\"*\",\"Condition\":{\"" op "\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}" \
    "}" more "]}"
#define DENY_FROM                                                                        \
    ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":" \
    "{\"aws:SecureTransport\":\"false\"}}}"

static void an_unknown_key_leaves_the_decision_open(void **state)
{
    struct cc_arena mem = {0};

    (void)state;
    assert_int_equal(decided(&mem, ALLOW_FROM("IpAddress", ""), NULL), CC_MAYBE);
    assert_int_equal(decided(&mem, ALLOW_FROM("NotIpAddress", ""), NULL), CC_MAYBE);
    assert_int_equal(decided(&mem, ALLOW_FROM("IpAddress", ""), "203.0.113.9"), CC_YES);
    assert_int_equal(decided(&mem, ALLOW_FROM("IpAddress", ""), "198.51.100.9"), CC_NO);
    assert_int_equal(decided(&mem, ALLOW_FROM("IpAddress", DENY_FROM), "203.0.113.9"), CC_MAYBE);
    assert_int_equal(decided(&mem, ALLOW_FROM("IpAddress", DENY_FROM), "198.51.100.9"), CC_NO);
    cc_arena_wipe(&mem);
}

static void a_star_does_not_make_matching_slow(void **state)
{
    char text[20001];
    const char *pattern = "*a*a*a*a*a*a*a*a*b";

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (int i = 0; i < 20; i++) { /* would take years by trying every split */
        assert_false(cc_pattern_matches(pattern, text, true));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(every_case_is_decided_as_iam_decides_it),
        cmocka_unit_test(an_unknown_key_leaves_the_decision_open),
        cmocka_unit_test(a_star_does_not_make_matching_slow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
