#include "credctl/base/buf.h"

#include "../policy/policy_support.h"
#include "support/command.h"
#include "support/fake_machine.h"

#define S3     "s3:GetObject"
#define OBJECT "arn:aws:s3:::data/x"
#define POLICY "validate", "policy"
#define CALLER "--principal", SESSION, "--action", S3
#define ALL    "{\"Sid\":\"All\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"
#define EC2    "{\"Sid\":\"Ec2\",\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"
#define NOT_S3 "{\"Sid\":\"NotS3\",\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"
#define TRUST  "{\"Sid\":\"T\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Principal\":\"*\"}"

static void files(struct fake *fake)
{
    fake_file(fake, "/all.json", DOC(ALL));
    fake_file(fake, "/ec2.json", DOC(EC2));
    fake_file(fake, "/deny.json", DOC(NOT_S3));
    fake_file(fake, "/list.json", "[" DOC(EC2) "," DOC(ALL) "]");
    fake_file(fake, "/trust.json", DOC(TRUST));
}

static const char *decision(const struct asked *result)
{
    return cc_json_text(result->json, "decision");
}

static const char *why(const struct asked *result)
{
    return cc_json_text(result->json, "why");
}

static void every_field_of_the_schema_is_there_and_no_other(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    files(fake);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/all.json"));
    asked_as_in_schema(fake, &result);
}

static void the_exit_status_is_the_answer(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    files(fake);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/all.json"));
    assert_string_equal(decision(&result), "Allowed");
    assert_int_equal(fake->run.exit_status, 0);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/ec2.json"));
    assert_string_equal(decision(&result), "ImplicitlyDenied");
    assert_int_equal(fake->run.exit_status, 1);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/all.json",
                    "--identity-policy", "/deny.json"));
    assert_string_equal(decision(&result), "ExplicitlyDenied");
    assert_int_equal(fake->run.exit_status, 1);
}

static void what_decides_is_told_and_why_the_rest_does_not(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    files(fake);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/list.json",
                    "--boundary", "/deny.json"));
    assert_string_equal(why(&result),
                        "Sid NotS3 of /deny.json (permissions boundary) denies it explicitly");
    assert_string_equal(
        asked_text(fake, &result),
        "ExplicitlyDenied: Sid NotS3 of /deny.json (permissions boundary) denies it explicitly\n"
        "\n"
        "Statements that apply\n"
        "  Allow  identity, /list.json[1], Sid All\n"
        "  Deny   boundary, /deny.json, Sid NotS3\n"
        "\n"
        "Statements that do not apply\n"
        "  Allow  identity, /list.json[0], Sid Ec2\n"
        "         Action \"ec2:*\" does not match s3:GetObject\n");
    const cJSON *rows = cJSON_GetObjectItem(result.json, "statements");
    assert_int_equal(cJSON_GetArraySize(rows), 3);
    assert_false(cJSON_IsTrue(cJSON_GetObjectItem(cJSON_GetArrayItem(rows, 1), "decided")));
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(cJSON_GetArrayItem(rows, 2), "decided")));
}

static void an_implicit_denial_names_the_types_of_policy_that_lack_an_allow(void **state)
{
    static const struct {
        const char *words[12];
        const char *why;
    } rows[] = {
        {{CALLER}, "these do not allow it: identity-based policies"},
        {{CALLER, "--identity-policy", "/all.json", "--boundary", "/ec2.json"},
         "these do not allow it: permissions boundary"},
        {{CALLER, "--session-policy", "/ec2.json", "--scp", "/ec2.json"},
         "these do not allow it: identity-based policies, session policy, service control "
         "policies"},
        {{CALLER, "--identity-policy", "/all.json", "--resource-account", FAR},
         "these do not allow it: resource-based policy"},
        {{CALLER, "--resource-account", FAR, "--trust-policy", "/trust.json"},
         "these do not allow it: identity-based policies"},
        {{"--principal", "ec2.amazonaws.com", "--action", S3, "--scp", "/ec2.json"},
         "these do not allow it: resource-based policy"},
        {{"--principal", "arn:aws:iam::" ACCOUNT ":root", "--action", "sts:AssumeRole",
          "--resource", TARGET, "--trust-policy", "/trust.json"},
         "the root user of an account cannot assume a role"},
    };
    struct fake *fake = *state;

    files(fake);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *words[16] = {POLICY};
        struct asked result;
        struct cc_error err;

        memcpy(words + 2, rows[i].words, sizeof(rows[i].words));
        assert_true(asked(fake, words, &result, &err));
        assert_string_equal(why(&result), rows[i].why);
        assert_string_equal(decision(&result), "ImplicitlyDenied");
    }
}

static void a_document_and_options_give_the_same_answer(void **state)
{
    static const char text[] =
        "{\"request\":{\"principal\":\"" SESSION "\",\"action\":\"" S3 "\",\"resource\":\"" OBJECT
        "\",\"resource_account\":\"" ACCOUNT "\",\"context\":{\"k\":[\"a\",\"b\"],\"l\":\"c=d\"}},"
        "\"identity_policies\":[" DOC(ALL) "],\"permissions_boundary\":" DOC(ALL) ",\"session_policy\":" DOC(ALL) ",\"resource_policy\":" DOC(
            TRUST) ",\"scps\":[" DOC(ALL) ",[" DOC(EC2) "," DOC(ALL) "]],\"rcps\":[" DOC(ALL) "],\"vpc_endpoint_policy\":" DOC(TRUST) "}";
    static const char *const members[] = {"layers", "decision", "why"};
    struct fake *fake = *state;
    struct fake_machine machine;
    struct asked by_options;
    struct asked by_document;
    struct cc_error err;

    files(fake);
    fake_machine_install(fake, &machine);
    machine.input = text;
    assert_true(ASK(fake, &by_options, &err, POLICY, CALLER, "--resource", OBJECT,
                    "--resource-account", ACCOUNT, "--context", "k=a", "--context", "l=c=d",
                    "--context", "K=b", "--identity-policy", "/all.json", "--boundary", "/all.json",
                    "--session-policy", "/all.json", "--trust-policy", "/trust.json", "--scp",
                    "/all.json", "--scp", "/list.json", "--rcp", "/all.json", "--endpoint-policy",
                    "/trust.json"));
    assert_true(ASK(fake, &by_document, &err, POLICY, "--request", "-"));
    for (size_t i = 0; i < CC_COUNT(members); i++) {
        const cJSON *a = cJSON_GetObjectItem(by_options.json, members[i]);
        const cJSON *b = cJSON_GetObjectItem(by_document.json, members[i]);

        assert_true(cJSON_Compare(a, b, true));
    }
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(by_options.json, "layers")), 8);
    fake_file(fake, "/case.json", text);
    assert_true(ASK(fake, &by_options, &err, POLICY, "--request", "/case.json"));
    assert_true(cJSON_Compare(by_options.json, by_document.json, true));
}

#define IN_CONTEXT(op, want) \
    "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"" IF(op, "k", want) "}"

static void a_key_that_is_given_again_is_a_list(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/any.json",
              DOC(IN_CONTEXT("ForAllValues:StringEquals", "[\"a\",\"b\",\"\"]")));
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/any.json",
                    "--context", "k=a", "--context", "K=b", "--context", "k="));
    assert_string_equal(decision(&result), "Allowed");
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/any.json",
                    "--context", "k=a", "--context", "k=c"));
    assert_string_equal(decision(&result), "ImplicitlyDenied");
    assert_non_null(strstr(asked_text(fake, &result), "the request has \"a\" or \"c\""));
    assert_false(ASK(fake, &result, &err, POLICY, CALLER, "--context", "k"));
    assert_int_equal(cc_code_exit_status(err.code), 252);
}

static void the_account_of_the_resource_follows_from_its_arn(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    files(fake);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/all.json",
                    "--resource", "arn:aws:sqs:eu-west-1:" FAR ":q"));
    assert_string_equal(decision(&result), "ImplicitlyDenied");
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "/all.json",
                    "--resource", "arn:aws:sqs:eu-west-1:" ACCOUNT ":q"));
    assert_string_equal(decision(&result), "Allowed");
}

static void errors_name_the_file_and_the_element(void **state)
{
    static const struct {
        const char *option;
        const char *file;
        const char *text;
        enum cc_code code;
        int status;
        const char *what;
        const char *why;
    } rows[] = {
        {"--scp", "/gone.json", NULL, CC_E_UNREADABLE, 253, "/gone.json", ""},
        {"--scp", "/x.json", "{", CC_E_POLICY, 252, "/x.json is not usable JSON", "cut off"},
        {"--scp", "/x.json", "[{}]", CC_E_POLICY, 252, "/x.json[0] is not a valid policy",
         "no Statement"},
        {"--boundary", "/x.json", DOC("{\"Sid\":\"A\",\"Effect\":\"allow\"}"), CC_E_POLICY, 252,
         "/x.json is not a valid policy", "Sid A: its Effect"},
        {"--session-policy", "/x.json", DOC(ALL "," TRUST), CC_E_POLICY, 252,
         "/x.json is not a valid policy", "Sid T: it has a Principal, and a session policy"},
        {"--trust-policy", "/x.json", DOC(ALL), CC_E_POLICY, 252, "/x.json is not a valid policy",
         "Sid All: it has no Principal"},
        {"--rcp", "/x.json", DOC(TRUST), CC_E_POLICY, 252, "/x.json is not a valid policy",
         "neither Resource nor NotResource"},
        {"--endpoint-policy", "/x.json", "3", CC_E_POLICY, 252, "/x.json is not a valid policy",
         "not a JSON object"},
        {"--identity-policy", "/x.json", "", CC_E_POLICY, 252, "/x.json is not usable JSON",
         "it is empty"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct asked result;
        struct cc_error err;

        if (rows[i].text) {
            fake_file(fake, rows[i].file, rows[i].text);
        }
        assert_false(ASK(fake, &result, &err, POLICY, CALLER, rows[i].option, rows[i].file));
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(cc_code_exit_status(err.code), rows[i].status);
        if (!strstr(err.what, rows[i].what) || !strstr(err.why, rows[i].why) || !err.fix[0]) {
            fail_msg("%s: %s; %s; %s", rows[i].option, err.what, err.why, err.fix);
        }
    }
}

static void a_command_line_without_a_request_is_wrong_usage(void **state)
{
    static const struct {
        const char *words[8];
        const char *what;
    } rows[] = {
        {{"--action", S3}, "there is no request"},
        {{"--principal", USER}, "there is no request"},
        {{"--request", "-", "--action", S3}, "cannot be combined"},
        {{"--request", "-", "--context", "a=b"}, "cannot be combined"},
        {{"--principal", "alice", "--action", S3}, "the request cannot be evaluated"},
        {{"--principal", USER, "--action", "s3:*"}, "the request cannot be evaluated"},
        {{"--principal", USER, "--action", S3, "--resource-account", "1"},
         "the request cannot be evaluated"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *words[12] = {POLICY};
        struct asked result;
        struct cc_error err;

        memcpy(words + 2, rows[i].words, sizeof(rows[i].words));
        assert_false(asked(fake, words, &result, &err));
        assert_int_equal(cc_code_exit_status(err.code), 252);
        if (!strstr(err.what, rows[i].what) || !err.fix[0]) {
            fail_msg("%s: %s", err.what, err.fix);
        }
    }
}

static void a_policy_can_come_from_standard_input(void **state)
{
    struct fake *fake = *state;
    struct fake_machine machine;
    struct asked result;
    struct cc_error err;

    fake_machine_install(fake, &machine);
    machine.input = "\xef\xbb\xbf" DOC(ALL);
    assert_true(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "-"));
    assert_non_null(strstr(asked_text(fake, &result), "identity, standard input, Sid All"));
    machine.input = "[1]";
    assert_false(ASK(fake, &result, &err, POLICY, CALLER, "--identity-policy", "-"));
    assert_string_equal(err.what, "standard input[0] is not a valid policy");
    assert_false(ASK(fake, &result, &err, POLICY, "--request", "-"));
    assert_string_equal(err.why, "it is not an object");
}

static void too_many_keys_or_comparisons_are_an_error(void **state)
{
    struct fake *fake = *state;
    const char *words[2016] = {POLICY, CALLER};
    struct cc_buf text = cc_buf_new(&fake->mem, (size_t)1 << 20);
    struct asked result;
    struct cc_error err;
    size_t count = 6;

    for (int i = 0; i <= 1000; i++) {
        words[count++] = "--context";
        words[count++] = cc_textf(&fake->mem, "key%d=x", i);
    }
    assert_false(asked(fake, words, &result, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    cc_buf_text(&text, "{\"request\":{\"principal\":\"*\",\"action\":\"a:b\",\"resource\":\"*\","
                       "\"context\":{\"k\":[0");
    for (int i = 1; i < 5000; i++) {
        cc_buf_addf(&text, ",%d", i);
    }
    cc_buf_text(&text, "]}},\"resource_policy\":{\"Statement\":{\"Effect\":\"Allow\",\"Action\":"
                       "\"*\",\"Principal\":\"*\",\"Condition\":{\"ForAnyValue:StringEquals\":"
                       "{\"k\":[\"x\"");
    for (int i = 1; i < 5000; i++) {
        cc_buf_addf(&text, ",\"x%d\"", i);
    }
    cc_buf_text(&text, "]}}}}}");
    fake_file(fake, "/large.json", text.text);
    assert_false(ASK(fake, &result, &err, POLICY, "--request", "/large.json"));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.why, "too many comparisons"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_field_of_the_schema_is_there_and_no_other),
        IN_FAKE_WORLD(the_exit_status_is_the_answer),
        IN_FAKE_WORLD(what_decides_is_told_and_why_the_rest_does_not),
        IN_FAKE_WORLD(an_implicit_denial_names_the_types_of_policy_that_lack_an_allow),
        IN_FAKE_WORLD(a_document_and_options_give_the_same_answer),
        IN_FAKE_WORLD(a_key_that_is_given_again_is_a_list),
        IN_FAKE_WORLD(the_account_of_the_resource_follows_from_its_arn),
        IN_FAKE_WORLD(errors_name_the_file_and_the_element),
        IN_FAKE_WORLD(a_command_line_without_a_request_is_wrong_usage),
        IN_FAKE_WORLD(a_policy_can_come_from_standard_input),
        IN_FAKE_WORLD(too_many_keys_or_comparisons_are_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
