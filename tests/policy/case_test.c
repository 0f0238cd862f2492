#include "policy_support.h"

static bool read_case(struct cc_arena *mem, const char *text, struct cc_case *one,
                      struct cc_error *err)
{
    const cJSON *json = NULL;

    *err = (struct cc_error){0};
    if (!cc_json_parse(mem, text, strlen(text), "case", &json, err)) {
        fail_msg("%s: %s", text, err->why);
    }
    return cc_case_from_json(mem, json, one, err);
}

#define REQUEST(more) \
    "\"request\":{\"principal\":\"" SESSION "\",\"action\":\"s3:Get\",\"resource\":\"*\"" more "}"
#define WITH(more)   "{" REQUEST("") "," more "}"
#define SAYING(more) "{" REQUEST("," more) "}"
#define ONE_POLICY   "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"
#define TRUSTING     "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Principal\":\"*\"}}"

static void what_is_not_a_case_is_refused_with_the_member(void **state)
{
    static const struct {
        const char *text;
        const char *why;
        const char *fix;
    } rows[] = {
        {"[]", "it is not an object", "\"request\""},
        {"3", "it is not an object", "\"request\""},
        {"{}", "no principal, action or resource", "sts:AssumeRole"},
        {"{\"request\":[]}", "no principal, action or resource", "sts:AssumeRole"},
        {"{\"request\":{\"principal\":\"*\",\"action\":\"a:b\"}}", "no principal, action", "texts"},
        {SAYING("\"nope\":1"), "request.nope is not known", "resource_account"},
        {SAYING("\"resource_account\":111122223333"), "request.resource_account is not a text",
         "quotation marks"},
        {SAYING("\"resource_account\":\"1\""), "\"1\" does not have 12 digits", "account ID"},
        {SAYING("\"context\":[]"), "context is not an object", "SourceIp"},
        {SAYING("\"context\":\"a\""), "context is not an object", "SourceIp"},
        {SAYING("\"context\":{\"a\":{}}"), "context key a is neither", "SourceIp"},
        {SAYING("\"context\":{\"a\":[[]]}"), "context key a is neither", "SourceIp"},
        {SAYING("\"context\":{\"a\":[null]}"), "context key a is neither", "SourceIp"},
        {SAYING("\"context\":{\"a\":1,\"A\":2}"), "has the key A twice", "list"},
        {"{\"request\":{\"principal\":\"me\",\"action\":\"a:b\",\"resource\":\"*\"}}",
         "\"me\" is neither an ARN nor a service", "ecs-tasks.amazonaws.com"},
        {"{\"request\":{\"principal\":\"" ACCOUNT "\",\"action\":\"a:b\",\"resource\":\"*\"}}",
         "is neither an ARN nor a service", "ARN"},
        {"{\"request\":{\"principal\":\"arn:aws:iam::1:user/a\",\"action\":\"a:b\",\"resource\":"
         "\"*\"}}",
         "is neither an ARN nor a service", "ARN"},
        {"{\"request\":{\"principal\":\"arn:aws:iam\",\"action\":\"a:b\",\"resource\":\"*\"}}",
         "is neither an ARN nor a service", "ARN"},
        {"{\"request\":{\"principal\":\"*\",\"action\":\"s3:*\",\"resource\":\"*\"}}",
         "\"s3:*\" is not one action", "sts:AssumeRole"},
        {"{\"request\":{\"principal\":\"*\",\"action\":\"GetObject\",\"resource\":\"*\"}}",
         "\"GetObject\" is not one action", "sts:AssumeRole"},
        {WITH("\"policies\":[]"), "\"policies\" is not known", "identity_policies"},
        {WITH("\"scp\":[[" ONE_POLICY "]]"), "\"scp\" is not known", "scps"},
        {WITH("\"scps\":{}"), "scps is not a list of up to 16 levels", "root"},
        {WITH("\"rcps\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]"), "rcps is not a list",
         "root"},
        {WITH("\"scps\":[3]"), "it is not a JSON object", "correct"},
        {WITH("\"identity_policies\":[" ONE_POLICY "," TRUSTING "]"),
         "statement 1: it has a Principal", "remove the Principal"},
        {WITH("\"permissions_boundary\":" TRUSTING), "a permissions boundary cannot have one",
         "remove"},
        {WITH("\"session_policy\":" TRUSTING), "a session policy cannot have one", "remove"},
        {WITH("\"scps\":[[" TRUSTING "]]"), "an SCP cannot have one", "remove"},
        {WITH("\"trust_policy\":" ONE_POLICY), "a resource-based policy needs one", "add"},
        {WITH("\"identity_policies\":{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\"}}"),
         "neither Resource nor NotResource", "correct"},
        {WITH("\"rcps\":[" TRUSTING "]"), "neither Resource nor NotResource, and an RCP",
         "correct"},
        {WITH("\"trust_policy\":" TRUSTING ",\"resource_policy\":" TRUSTING),
         "both resource_policy and trust_policy", "one of them"},
    };
    struct cc_arena mem = {0};
    struct cc_error err;
    struct cc_case one;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (read_case(&mem, rows[i].text, &one, &err)) {
            fail_msg("%s is accepted", rows[i].text);
        }
        assert_int_equal(err.code, CC_E_POLICY);
        if (!strstr(err.why, rows[i].why) || !strstr(err.fix, rows[i].fix)) {
            fail_msg("%s: %s; %s; %s", rows[i].text, err.what, err.why, err.fix);
        }
    }
    cc_arena_wipe(&mem);
}

static void a_policy_of_a_case_is_called_by_its_place(void **state)
{
    static const struct {
        const char *member;
        const char *name;
    } rows[] = {
        {"\"identity_policies\":[" ONE_POLICY ",{}]", "identity_policies[1] is not"},
        {"\"identity_policies\":{}", "identity_policies is not"},
        {"\"permissions_boundary\":{}", "permissions_boundary is not"},
        {"\"session_policy\":[{}]", "session_policy[0] is not"},
        {"\"trust_policy\":{}", "trust_policy is not"},
        {"\"scps\":[" ONE_POLICY ",[" ONE_POLICY ",{}]]", "scps[1][1] is not"},
        {"\"rcps\":[[],{}]", "rcps[1] is not"},
        {"\"vpc_endpoint_policy\":{}", "vpc_endpoint_policy is not"},
    };
    struct cc_arena mem = {0};
    struct cc_error err;
    struct cc_case one;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_false(
            read_case(&mem, cc_textf(&mem, "{" REQUEST("") ",%s}", rows[i].member), &one, &err));
        if (!strstr(err.what, rows[i].name)) {
            fail_msg("%s: %s", rows[i].member, err.what);
        }
    }
    cc_arena_wipe(&mem);
}

static const char *value(const struct cc_case *one, const char *key)
{
    const struct cc_key found = cc_context_key(&one->context, key);

    return found.values ? found.values[0] : NULL;
}

static void keys_that_follow_from_the_request_are_set(void **state)
{
    struct cc_arena mem = {0};
    struct cc_error err;
    struct cc_case one;

    (void)state;
    assert_true(read_case(&mem, SAYING("\"resource_account\":\"" FAR "\""), &one, &err));
    assert_string_equal(value(&one, "aws:PrincipalArn"), ROLE);
    assert_string_equal(value(&one, "AWS:principalaccount"), ACCOUNT);
    assert_string_equal(value(&one, "aws:ResourceAccount"), FAR);
    assert_null(value(&one, "aws:username"));
    /* What is given stays, also that a key is not there. */
    assert_true(read_case(&mem,
                          SAYING("\"context\":{\"aws:principalarn\":\"x\","
                                 "\"aws:PrincipalAccount\":null}"),
                          &one, &err));
    assert_string_equal(value(&one, "aws:PrincipalArn"), "x");
    assert_null(value(&one, "aws:PrincipalAccount"));
    assert_null(value(&one, "aws:ResourceAccount"));
    /* A service has neither ARN nor account. */
    assert_true(read_case(&mem,
                          "{\"request\":{\"principal\":\"ec2.amazonaws.com\",\"action\":"
                          "\"sts:AssumeRole\",\"resource\":\"" THERE "\"}}",
                          &one, &err));
    assert_null(value(&one, "aws:PrincipalArn"));
    assert_null(value(&one, "aws:PrincipalAccount"));
    assert_string_equal(one.resource_account, FAR);
    assert_string_equal(value(&one, "aws:ResourceAccount"), FAR);
    cc_arena_wipe(&mem);
}

static void values_of_the_context_are_texts_numbers_and_flags(void **state)
{
    static const struct {
        const char *json;
        const char *text;
    } rows[] = {
        {"\"a\"", "a"},
        {"true", "true"},
        {"false", "false"},
        {"5", "5"},
        {"-5", "-5"},
        {"10.0", "10"},
        {"0.1", "0.1"},
        {"1767225600000", "1767225600000"},
        {"9007199254740991", "9007199254740991"},
        {"123456789.123456789", "123456789.12345679"},
        {"1e300", "1e+300"},
    };
    struct cc_arena mem = {0};
    struct cc_error err;
    struct cc_case one;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *text =
            cc_textf(&mem, "{" REQUEST(",\"context\":{\"k\":%s,\"l\":[%s,\"x\"]}") "}",
                     rows[i].json, rows[i].json);

        assert_true(read_case(&mem, text, &one, &err));
        assert_string_equal(value(&one, "k"), rows[i].text);
        assert_string_equal(cc_context_key(&one.context, "l").values[0], rows[i].text);
        assert_string_equal(cc_context_key(&one.context, "l").values[1], "x");
    }
    cc_arena_wipe(&mem);
}

static void the_caller_has_its_path_and_unique_id_from_the_context(void **state)
{
    struct cc_arena mem = {0};
    struct cc_error err;
    struct cc_case one;

    (void)state;
    assert_true(read_case(&mem,
                          SAYING("\"context\":{\"aws:userid\":\"AROAX:s1\",\"aws:PrincipalArn\":"
                                 "\"arn:aws:iam::" ACCOUNT ":role/a/host\"}"),
                          &one, &err));
    assert_string_equal(one.caller.unique_id, "AROAX");
    assert_string_equal(one.caller.arn, "arn:aws:iam::" ACCOUNT ":role/a/host");
    assert_string_equal(one.caller.session_arn, SESSION);
    assert_true(read_case(&mem, SAYING("\"context\":{\"aws:userid\":[]}"), &one, &err));
    assert_null(one.caller.unique_id);
    cc_arena_wipe(&mem);
}

static void a_case_can_have_a_name_and_notes(void **state)
{
    struct cc_arena mem = {0};
    struct cc_error err;
    struct cc_case one;

    (void)state;
    assert_true(read_case(&mem,
                          WITH("\"id\":\"x\",\"note\":\"\",\"expect\":null,\"number\":1,\"flag\":"
                               "true,\"scps\":null,\"rcps\":[],\"trust_policy\":null"),
                          &one, &err));
    assert_false(one.layers[CC_LAYER_SCP].present);
    assert_false(one.layers[CC_LAYER_RCP].present);
    assert_false(one.layers[CC_LAYER_RESOURCE].present);
    assert_true(one.layers[CC_LAYER_IDENTITY].present);
    assert_int_equal(cc_decide(&mem, &one).allowed, CC_NO);
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_a_case_is_refused_with_the_member),
        cmocka_unit_test(a_policy_of_a_case_is_called_by_its_place),
        cmocka_unit_test(keys_that_follow_from_the_request_are_set),
        cmocka_unit_test(values_of_the_context_are_texts_numbers_and_flags),
        cmocka_unit_test(the_caller_has_its_path_and_unique_id_from_the_context),
        cmocka_unit_test(a_case_can_have_a_name_and_notes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
