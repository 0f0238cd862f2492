#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/policy/explain.h"

#include "support/test.h"

#define STATEMENT(text) "{\"Version\":\"2012-10-17\",\"Statement\":[" text "]}"
#define ALLOW           "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\""

static void what_iam_refuses_is_refused_by_name(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"", "it is empty"},
        {"[]", "it is not a JSON object"},
        {"{}", "it has no Statement"},
        {"{\"Version\":\"2020-01-01\",\"Statement\":[]}", "its Version is neither"},
        {"{\"version\":\"2012-10-17\",\"Statement\":[]}", "\"version\" is not an element"},
        {STATEMENT("3"), "statement 1: it is not an object"},
        {STATEMENT("{\"Effect\":\"allow\",\"Action\":\"*\"}"), "neither Allow nor Deny"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Resource\":\"*\"}"), "neither Action nor NotAction"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":{}}"), "Action is not a list of texts"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":[1]}"), "Action is not a list of texts"},
        {STATEMENT("{" ALLOW ",\"NotAction\":\"x\"}"), "NotAction and its opposite"},
        {STATEMENT("{\"Sid\":\"A\"," ALLOW ",\"Resources\":\"x\"}"), "Sid A: \"Resources\""},
        {STATEMENT("{" ALLOW ",\"Principal\":\"me\"}"), "neither \"*\" nor an object"},
        {STATEMENT("{" ALLOW ",\"Principal\":{\"User\":\"me\"}}"), "User is not a type"},
        {STATEMENT("{" ALLOW ",\"Condition\":[]}"), "Condition is not an object"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"StringIs\":{\"a\":\"b\"}}}"),
         "\"StringIs\" is not a condition operator"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"NullIfExists\":{\"a\":\"true\"}}}"),
         "Null cannot be used with IfExists"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"Bool\":\"x\"}}"), "Bool is not an object of keys"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"Bool\":{\"a\":[]}}}"), "a has no usable value"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"Bool\":{\"a\":{}}}}"), "a has no usable value"},
        {STATEMENT("{" ALLOW ",\"Action\":\"x\"}"), "same member twice"},
        {"{\"Statement\":[", "cut off or malformed"},
        {"{\"Statement\":[]} {}", "cut off or malformed"},
        {"{\"Statement\":[],\"Id\":1}", "its Id is not a text"},
        {"{\"Statement\":[],\"Statements\":[]}", "\"Statements\" is not an element"},
        {"{\"Version\":20121017,\"Statement\":[]}", "its Version is neither"},
        {"{\"Version\":\"2012-10-17 \",\"Statement\":[]}", "its Version is neither"},
        {"{\"Statement\":null}", "statement 1: it is not an object"},
        {"{\"Statement\":\"Allow\"}", "statement 1: it is not an object"},
        {STATEMENT("{" ALLOW "},[]"), "statement 2: it is not an object"},
        {STATEMENT("{\"Action\":\"*\"}"), "neither Allow nor Deny"},
        {STATEMENT("{\"Effect\":[\"Allow\"],\"Action\":\"*\"}"), "neither Allow nor Deny"},
        {STATEMENT("{\"Sid\":1," ALLOW "}"), "statement 1: its Sid is not a text"},
        {STATEMENT("{\"sid\":\"A\"," ALLOW "}"), "\"sid\" is not an element of a statement"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":null}"), "Action is not a list of texts"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":[[\"s3:x\"]]}"), "not a list of texts"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":\"GetObject\"}"),
         "Action: \"GetObject\" does not say which service"},
        {STATEMENT("{\"Effect\":\"Allow\",\"NotAction\":[\"s3:x\",\"\",\"Get*\"]}"),
         "NotAction: \"Get*\" does not say which service"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":7}"),
         "Resource is not a list of texts"},
        {STATEMENT("{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":{}}"),
         "NotResource is not a list of texts"},
        {STATEMENT("{" ALLOW ",\"NotResource\":\"*\"}"), "NotResource and its opposite"},
        {STATEMENT("{" ALLOW ",\"Principal\":[\"*\"]}"), "neither \"*\" nor an object"},
        {STATEMENT("{" ALLOW ",\"Principal\":{\"AWS\":1}}"), "AWS is not a type of principal, or"},
        {STATEMENT("{" ALLOW ",\"Principal\":{\"AWS\":[null]}}"), "or has no texts"},
        {STATEMENT("{" ALLOW ",\"Principal\":{\"aws\":\"*\"}}"), "aws is not a type"},
        {STATEMENT("{" ALLOW ",\"Principal\":{\"*\":\"1\"}}"), "has another value than *"},
        {STATEMENT("{" ALLOW ",\"NotPrincipal\":\"*\"}"), "only be used with the Effect Deny"},
        {STATEMENT("{" ALLOW ",\"Principal\":\"*\",\"NotPrincipal\":\"*\"}"),
         "NotPrincipal and its opposite"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"StringEquals\":null}}"), "not an object of keys"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"Bool\":{\"a\":[null]}}}"), "no usable value"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"Bool\":{\"a\":[[1]]}}}"), "no usable value"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"IfExists\":{\"a\":\"b\"}}}"),
         "\"IfExists\" is not a condition operator"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"ForAllValues:\":{\"a\":\"b\"}}}"),
         "\"ForAllValues:\" is not a condition operator"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"ForEach:Bool\":{\"a\":\"b\"}}}"),
         "\"ForEach:Bool\" is not a condition operator"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"StringEqualsIfExistsIfExists\":{\"a\":\"b\"}}}"),
         "is not a condition operator"},
        {STATEMENT("{" ALLOW ",\"Condition\":{\"ForAnyValue:NullIfExists\":{\"a\":true}}}"),
         "Null cannot be used with IfExists"},
        {"{\"Statement\":[{\"Sid\":\"\\u0000\"}]}", "NUL"},
        {"{\"Statement\":\"\xff\"}", "not UTF-8"},
    };
    struct cc_arena mem = {0};
    struct cc_policy policy;
    struct cc_error err;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_false(
            cc_policy_parse(&mem, rows[i].text, strlen(rows[i].text), "p.json", &policy, &err));
        assert_int_equal(err.code, CC_E_POLICY);
        assert_non_null(strstr(err.what, "p.json"));
        if (!strstr(err.why, rows[i].why)) {
            fail_msg("%s: %s", rows[i].text, err.why);
        }
    }
    cc_arena_wipe(&mem);
}

static void one_statement_and_one_value_need_no_list(void **state)
{
    static const char text[] = "{\"Id\":\"x\",\"Statement\":{\"Effect\":\"Deny\",\"NotAction\":"
                               "\"iam:*\",\"NotResource\":[\"a\",\"b\"],\"NotPrincipal\":{\"AWS\":"
                               "\"*\"},\"Condition\":{\"ForAnyValue:StringLikeIfExists\":{\"k\":"
                               "[1,true,\"x\"]}}}}";
    struct cc_arena mem = {0};
    struct cc_policy policy;
    struct cc_error err;

    (void)state;
    assert_true(cc_policy_parse(&mem, text, strlen(text), "p", &policy, &err));
    assert_int_equal(policy.count, 1);
    const struct cc_statement *statement = &policy.statements[0];
    assert_false(policy.variables);
    assert_false(statement->allows);
    assert_true(statement->action.negated && statement->resource.negated &&
                statement->principal.negated);
    assert_string_equal(statement->resource.values[1], "b");
    assert_int_equal(statement->conditions[0].set, CC_SET_ANY_VALUE);
    assert_true(statement->conditions[0].if_exists);
    assert_string_equal(statement->conditions[0].values[0], "1");
    assert_string_equal(statement->conditions[0].values[1], "true");
    assert_string_equal(cc_statement_name(&mem, statement), "statement 1");
    cc_arena_wipe(&mem);
}

static void what_iam_accepts_is_accepted(void **state)
{
    static const char *const rows[] = {
        "{\"Version\":\"2008-10-17\",\"Id\":\"\",\"Statement\":[]}",
        STATEMENT("{\"Sid\":\"\"," ALLOW "}"),
        STATEMENT("{\"Effect\":\"Deny\",\"Action\":[],\"Resource\":[]}"),
        STATEMENT("{\"Effect\":\"Deny\",\"Action\":[\"*\",\"**\",\"\",\"S3:*\"]}"),
        STATEMENT("{" ALLOW ",\"Principal\":{}}"),
        STATEMENT("{" ALLOW ",\"Principal\":{\"AWS\":[],\"Service\":\"x\",\"Federated\":[\"y\"],"
                  "\"CanonicalUser\":\"z\",\"*\":\"*\"}}"),
        STATEMENT("{" ALLOW ",\"Condition\":{}}"),
        STATEMENT("{" ALLOW ",\"Condition\":{\"Null\":{}}}"),
        STATEMENT("{" ALLOW ",\"Condition\":{\"forallvalues:STRINGLIKEifexists\":{\"\":\"\"}}}"),
        STATEMENT("{" ALLOW ",\"Condition\":{\"NumericEquals\":{\"a\":[1,1.5,\"x\",true]}}}"),
    };
    struct cc_arena mem = {0};
    struct cc_policy policy;
    struct cc_error err;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (!cc_policy_parse(&mem, rows[i], strlen(rows[i]), "p", &policy, &err)) {
            fail_msg("%s: %s", rows[i], err.why);
        }
    }
    cc_arena_wipe(&mem);
}

static void an_object_has_at_most_a_thousand_members(void **state)
{
    struct cc_arena mem = {0};

    (void)state;
    for (int count = 1000; count <= 1001; count++) {
        struct cc_buf text = cc_buf_new(&mem, CC_POLICY_MAX);
        struct cc_policy policy;
        struct cc_error err;

        cc_buf_text(&text, "{\"Statement\":{" ALLOW ",\"Condition\":{\"Bool\":{\"k\":true");
        for (int i = 1; i < count; i++) {
            cc_buf_addf(&text, ",\"k%d\":true", i);
        }
        cc_buf_text(&text, "}}}}");
        assert_int_equal(cc_policy_parse(&mem, text.text, text.len, "p", &policy, &err),
                         count == 1000);
        if (count == 1000) {
            assert_int_equal(policy.statements[0].condition_count, 1000);
        } else {
            assert_int_equal(err.code, CC_E_POLICY);
            assert_non_null(strstr(err.why, "more than 1000 members"));
        }
    }
    cc_arena_wipe(&mem);
}

static void policies_in_a_list_are_called_by_their_place(void **state)
{
    static const char text[] = "[" STATEMENT("{" ALLOW "}") "," STATEMENT("{}") "]";
    struct cc_arena mem = {0};
    struct cc_policies policies;
    const cJSON *json = NULL;
    struct cc_error err;

    (void)state;
    assert_true(cc_json_parse(&mem, text, strlen(text), "x", &json, &err));
    assert_false(cc_policies_from_json(&mem, json, "a.json", &policies, &err));
    assert_string_equal(err.what, "a.json[1] is not a valid policy");
    assert_true(cc_policies_from_json(&mem, json->child, "a.json", &policies, &err));
    assert_int_equal(policies.count, 1);
    assert_string_equal(policies.rows[0].name, "a.json");
    assert_true(cc_json_parse(&mem, "[]", 2, "x", &json, &err));
    assert_true(cc_policies_from_json(&mem, json, "a.json", &policies, &err));
    assert_int_equal(policies.count, 0);
    cc_arena_wipe(&mem);
}

static void a_document_has_a_limit_in_size_and_depth(void **state)
{
    struct cc_arena mem = {0};
    struct cc_policy policy;
    struct cc_error err;
    char *text = cc_alloc(&mem, CC_POLICY_MAX + 2);

    (void)state;
    memset(text, ' ', CC_POLICY_MAX + 1);
    assert_false(cc_policy_parse(&mem, text, CC_POLICY_MAX + 1, "p", &policy, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    memset(text, '[', 5000);
    text[5000] = '\0';
    assert_false(cc_policy_parse(&mem, text, 5000, "p", &policy, &err));
    assert_non_null(strstr(err.why, "nested too deeply"));
    cc_arena_wipe(&mem);
}

static void a_thousand_statements_are_evaluated(void **state)
{
    struct cc_arena mem = {0};
    struct cc_buf text = cc_buf_new(&mem, CC_POLICY_MAX);
    struct cc_policy policy;
    struct cc_error err;

    (void)state;
    cc_buf_text(&text, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (int i = 0; i < 1000; i++) {
        cc_buf_addf(&text,
                    "%s{\"Sid\":\"S%d\",\"Effect\":\"%s\",\"Action\":\"s3:Get%d*\","
                    "\"Resource\":\"arn:aws:s3:::%0900d/*\"}",
                    i ? "," : "", i, i == 999 ? "Deny" : "Allow", i, i);
    }
    cc_buf_text(&text, "]}");
    assert_true(text.len > (size_t)900 << 10);
    assert_true(cc_policy_parse(&mem, text.text, text.len, "p", &policy, &err));
    assert_int_equal(policy.count, 1000);
    const struct cc_caller caller = cc_caller_of(&mem, "arn:aws:iam::111122223333:user/a", NULL);
    const struct cc_context context = {.mem = &mem};
    const struct cc_access_request request = {
        &caller, "s3:Get999x", cc_textf(&mem, "arn:aws:s3:::%0900d/x", 999), &context};
    const struct cc_layer layer = cc_evaluate(&mem, (struct cc_policies){&policy, 1}, &request);
    assert_int_equal(layer.count, 1000);
    assert_int_equal(layer.denies, CC_YES);
    assert_string_equal(cc_layer_denying(&layer)->statement->sid, "S999");
    cc_arena_wipe(&mem);
}

static void a_statement_that_does_not_apply_says_why(void **state)
{
    static const struct {
        const char *statement;
        const char *why;
    } rows[] = {
        {"{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}",
         "Action \"ec2:*\" does not match s3:GetObject"},
        {"{\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"}",
         "NotAction \"s3:*\" contains s3:GetObject"},
        {"{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":[\"a\",\"b\"]}",
         "Resource \"a\" or \"b\" does not match arn:aws:s3:::x"},
        {"{\"Effect\":\"Allow\",\"Action\":\"*\",\"Principal\":{\"AWS\":\"999999999999\"}}",
         "Principal does not name arn:aws:iam::111122223333:user/a"},
        {"{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"k\":"
         "true}}}",
         "Bool k wants \"true\"; the request does not have this key"},
        {"{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
         "\"StringEquals\":{\"t\":\"x\"}}}",
         "StringEquals t wants \"x\"; the request has \"y\""},
        {"{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"${k}\"}", "does not match"},
    };
    struct cc_arena mem = {0};
    struct cc_error err;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *text =
            cc_textf(&mem, "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}", rows[i].statement);
        struct cc_policy policy;
        struct cc_context context = {.mem = &mem};
        const struct cc_caller caller =
            cc_caller_of(&mem, "arn:aws:iam::111122223333:user/a", NULL);
        const struct cc_access_request request = {&caller, "s3:GetObject", "arn:aws:s3:::x",
                                                  &context};

        cc_context_set(&context, "t", "y");
        assert_true(cc_policy_parse(&mem, text, strlen(text), "p", &policy, &err));
        const struct cc_layer layer = cc_evaluate(&mem, (struct cc_policies){&policy, 1}, &request);
        const char *why = cc_explain_statement(&mem, &layer.statements[0], &request);
        if (!why || !strstr(why, rows[i].why)) {
            fail_msg("%s: %s", rows[i].statement, why ? why : "it applies");
        }
    }
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_iam_refuses_is_refused_by_name),
        cmocka_unit_test(one_statement_and_one_value_need_no_list),
        cmocka_unit_test(what_iam_accepts_is_accepted),
        cmocka_unit_test(an_object_has_at_most_a_thousand_members),
        cmocka_unit_test(policies_in_a_list_are_called_by_their_place),
        cmocka_unit_test(a_document_has_a_limit_in_size_and_depth),
        cmocka_unit_test(a_thousand_statements_are_evaluated),
        cmocka_unit_test(a_statement_that_does_not_apply_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
