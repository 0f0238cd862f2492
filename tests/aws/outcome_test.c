#include "credctl/aws/outcome.h"

#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "support/test.h"

#define HUB     "https://securityhub.eu-west-1.amazonaws.com/accounts"
#define MACIE   "https://macie2.eu-west-1.amazonaws.com/macie"
#define SUPPORT "https://support.us-east-1.amazonaws.com/"
#define EC2     "https://ec2.eu-west-1.amazonaws.com/"
#define DENIED                                                                           \
    "{\"message\":\"User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized " \
    "to perform: securityhub:DescribeHub on resource: arn:aws:securityhub:eu-west-1:"    \
    "111122223333:hub/default because no identity-based policy allows the action\"}"

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static const struct cc_settings settings = {.max_attempts = 1};

static struct cc_ask ask_for(const struct cc_operation *operation)
{
    return (struct cc_ask){
        .operation = operation, .settings = &settings, .by = &keys, .region = "eu-west-1"};
}

static struct cc_ask_failure failure_of(struct fake *fake, const struct cc_operation *operation)
{
    const struct cc_ask ask = ask_for(operation);
    struct cc_answer answer;
    struct cc_error err;

    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    return cc_ask_failed(&fake->run, &ask, &answer, &err);
}

static void answers_of_each_protocol_have_one_meaning(void **state)
{
    static const struct {
        const struct cc_operation *operation;
        const char *url;
        int status;
        const char *head;
        const char *body;
        enum cc_ask_outcome outcome;
        const char *action;
    } rows[] = {
        {&cc_op_hub_describe_hub, HUB, 403, "x-amzn-ErrorType: AccessDeniedException\r\n", DENIED,
         CC_OUT_DENIED, "securityhub:DescribeHub"},
        {&cc_op_hub_describe_hub, HUB, 403, "",
         "{\"__type\":\"a.b#AccessDeniedException:http://x\"}", CC_OUT_DENIED,
         "securityhub:DescribeHub"},
        {&cc_op_hub_describe_hub, HUB, 401, "x-amzn-ErrorType: InvalidAccessException\r\n",
         "{\"Message\":\"Account 111122223333 is not subscribed to AWS Security Hub\"}", CC_OUT_OFF,
         NULL},
        {&cc_op_hub_describe_hub, HUB, 401, "x-amzn-ErrorType: InvalidAccessException\r\n",
         "{\"Message\":\"The account is not an administrator\"}", CC_OUT_OTHER, NULL},
        {&cc_op_hub_describe_hub, HUB, 404, "", "{\"code\":\"ResourceNotFoundException\"}",
         CC_OUT_OFF, NULL},
        {&cc_op_macie_get_session, MACIE, 403, "x-amzn-ErrorType: AccessDeniedException\r\n",
         "{\"message\":\"Macie is not enabled\"}", CC_OUT_OFF, NULL},
        {&cc_op_macie_get_session, MACIE, 403, "x-amzn-ErrorType: AccessDeniedException\r\n",
         "{\"message\":\"User: x is not authorized to perform: macie2:GetMacieSession\"}",
         CC_OUT_DENIED, "macie2:GetMacieSession"},
        {&cc_op_support_describe_checks, SUPPORT, 400, "",
         "{\"__type\":\"SubscriptionRequiredException\",\"message\":\"Premium\"}", CC_OUT_OFF,
         NULL},
        {&cc_op_support_describe_checks, SUPPORT, 400, "",
         "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}", CC_OUT_THROTTLED,
         NULL},
        {&cc_op_ec2_describe_volumes, EC2, 403, "",
         "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not "
         "authorized to perform this operation.</Message></Error></Errors></Response>",
         CC_OUT_DENIED, "ec2:DescribeVolumes"},
        {&cc_op_ec2_describe_volumes, EC2, 401, "",
         "<Response><Errors><Error><Code>OptInRequired</Code><Message>m</Message></Error></Errors>"
         "</Response>",
         CC_OUT_OFF, NULL},
        {&cc_op_hub_describe_hub, HUB, 403, "", "<html><h1>Forbidden by the proxy</h1></html>",
         CC_OUT_OTHER, NULL},
        {&cc_op_hub_describe_hub, HUB, 500, "", "<!doctype html><title>500</title>", CC_OUT_OTHER,
         NULL},
        {&cc_op_hub_describe_hub, HUB, 200, "", "{\"HubArn\":", CC_OUT_OTHER, NULL},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        fake_http_row(fake, (struct fake_exchange){.url = rows[i].url,
                                                   .status = rows[i].status,
                                                   .head = rows[i].head,
                                                   .body = rows[i].body});
        const struct cc_ask_failure failure = failure_of(fake, rows[i].operation);
        assert_string_equal(cc_ask_outcome_words[failure.outcome],
                            cc_ask_outcome_words[rows[i].outcome]);
        if (rows[i].action) {
            assert_string_equal(failure.action, rows[i].action);
        } else {
            assert_null(failure.action);
        }
    }
}

static void a_denial_tells_the_resource_that_aws_names(void **state)
{
    struct fake *fake = *state;

    fake_http_row(fake,
                  (struct fake_exchange){.url = HUB,
                                         .status = 403,
                                         .head = "x-amzn-ErrorType: AccessDeniedException\r\n",
                                         .body = DENIED});
    assert_string_equal(failure_of(fake, &cc_op_hub_describe_hub).resource,
                        "arn:aws:securityhub:eu-west-1:111122223333:hub/default");
}

/* A service can need another permission than the one of the operation. */
static void a_denial_names_the_action_that_aws_names_when_it_is_one(void **state)
{
    static const struct {
        const char *message;
        const char *action;
    } rows[] = {
        {"is not authorized to perform: organizations:DescribeOrganization on resource: x",
         "organizations:DescribeOrganization"},
        {"is not authorized to perform: kms:Decrypt.", "kms:Decrypt"},
        {"is not authorized to perform: rm -rf", "securityhub:DescribeHub"},
        {"is not authorized to perform: <b>:x", "securityhub:DescribeHub"},
        {"is not authorized to perform: ", "securityhub:DescribeHub"},
        {"no", "securityhub:DescribeHub"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;

        fake_http_row(fake,
                      (struct fake_exchange){
                          .url = HUB,
                          .status = 403,
                          .head = "x-amzn-ErrorType: AccessDeniedException\r\n",
                          .body = cc_textf(&fake->mem, "{\"message\":\"%s\"}", rows[i].message)});
        assert_string_equal(failure_of(fake, &cc_op_hub_describe_hub).action, rows[i].action);
    }
}

static void what_does_not_answer_is_told_by_its_cause(void **state)
{
    struct fake *fake = *state;

    fake_no_answer(fake, HUB, CC_NET_REFUSED);
    assert_int_equal(failure_of(fake, &cc_op_hub_describe_hub).outcome, CC_OUT_NETWORK);
    fake_no_answer(fake, HUB, CC_NET_NAME);
    assert_int_equal(failure_of(fake, &cc_op_hub_describe_hub).outcome, CC_OUT_NETWORK);
    fake->ticks = 5000;
    fake->run.deadline_ms = 4000;
    assert_int_equal(failure_of(fake, &cc_op_hub_describe_hub).outcome, CC_OUT_DEADLINE);
}

/* A resolver that finds other hosts of AWS would find this one. */
static void a_name_that_alone_does_not_resolve_is_a_service_that_is_not_there(void **state)
{
    struct fake *fake = *state;

    fake->run.clock_seen = true;
    fake_no_answer(fake, HUB, CC_NET_NAME);
    assert_int_equal(failure_of(fake, &cc_op_hub_describe_hub).outcome, CC_OUT_NOT_OFFERED);
    fake_env(fake, "AWS_ENDPOINT_URL", "http://nowhere");
    fake_no_answer(fake, "http://nowhere/accounts", CC_NET_NAME);
    assert_int_equal(failure_of(fake, &cc_op_hub_describe_hub).outcome, CC_OUT_NETWORK);
}

static void a_service_without_an_endpoint_is_not_offered(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_cloudfront_list_distributions);
    struct cc_answer answer;
    struct cc_error err;

    ask.region = "us-gov-west-1";
    assert_null(cc_ask_errand(&fake->run, &ask, &answer, &err));
    assert_int_equal(cc_ask_failed(&fake->run, &ask, &answer, &err).outcome, CC_OUT_NOT_OFFERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(answers_of_each_protocol_have_one_meaning),
        IN_FAKE_WORLD(a_denial_tells_the_resource_that_aws_names),
        IN_FAKE_WORLD(a_denial_names_the_action_that_aws_names_when_it_is_one),
        IN_FAKE_WORLD(what_does_not_answer_is_told_by_its_cause),
        IN_FAKE_WORLD(a_name_that_alone_does_not_resolve_is_a_service_that_is_not_there),
        IN_FAKE_WORLD(a_service_without_an_endpoint_is_not_offered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
