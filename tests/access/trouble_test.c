#include "../../src/access/trouble.h"

#include "credctl/base/text.h"

#include "support/test.h"

/* What the driver makes of an answer: the code of the error is not looked at where AWS sent one. */
static struct cc_access_trouble of(const char *code, const char *message, const char *region)
{
    const struct cc_answer answer = {
        .status = 400, .error_code = code, .error_message = message, .attempts = 1};
    struct cc_error err;

    cc_fail(&err, CC_E_AWS, "STS refused AssumeRole");
    return cc_access_trouble_of(&answer, &err, region);
}

static void each_error_of_aws_has_its_cause(void **state)
{
    static const struct {
        const char *code;
        const char *message;
        enum cc_cause cause;
        const char *fix; /* a part of it; NULL: that of the error */
    } rows[] = {
        {"ValidationError",
         "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
         CC_CAUSE_ROLE_DURATION, "--duration-seconds"},
        {"ValidationError",
         "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
         "chaining.",
         CC_CAUSE_CHAINED_DURATION, "3600"},
        {"ValidationError",
         "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
         CC_CAUSE_SESSION_NAME, "session name"},
        {"ValidationError",
         "1 validation error detected: Value 'roleSessionName' at 'externalId' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*",
         CC_CAUSE_EXTERNAL_ID_WRONG, "external ID"},
        {"ValidationError",
         "1 validation error detected: Value '10' at 'durationSeconds' failed to satisfy "
         "constraint: Member must have value greater than or equal to 900",
         CC_CAUSE_ROLE_DURATION, "900"},
        {"ValidationError", "arn:aws:iam::1:role/x is invalid", CC_CAUSE_UNKNOWN, NULL},
        {"ExpiredToken", "The security token included in the request is expired", CC_CAUSE_EXPIRED,
         NULL},
        {"InvalidClientTokenId", "The security token included in the request is invalid.",
         CC_CAUSE_INVALID, NULL},
        {"UnrecognizedClientException", NULL, CC_CAUSE_INVALID, NULL},
        {"AuthFailure", NULL, CC_CAUSE_INVALID, NULL},
        {"SignatureDoesNotMatch", "The request signature we calculated does not match",
         CC_CAUSE_INVALID, NULL},
        {"SignatureDoesNotMatch",
         "Signature expired: 20261128T100000Z is now earlier than 20261128T101500Z "
         "(20261128T103000Z - 15 min.)",
         CC_CAUSE_CLOCK, "chrony"},
        {"SignatureDoesNotMatch",
         "Signature not yet current: 20261128T110000Z is still later than 20261128T104500Z "
         "(20261128T103000Z + 15 min.)",
         CC_CAUSE_CLOCK, "chrony"},
        {"RequestExpired", NULL, CC_CAUSE_CLOCK, NULL},
        {"RequestTimeTooSkewed", NULL, CC_CAUSE_CLOCK, NULL},
        {"RegionDisabledException", "STS is not activated in this region for account:1.",
         CC_CAUSE_REGION_DISABLED, NULL},
        {"PackedPolicyTooLarge", "Packed size of session tags consumes 112% of allotted space.",
         CC_CAUSE_UNKNOWN, NULL},
        {"MalformedPolicyDocument", NULL, CC_CAUSE_UNKNOWN, NULL},
        {"SomethingNew", "of which nobody has heard", CC_CAUSE_UNKNOWN, NULL},
        {NULL, NULL, CC_CAUSE_UNKNOWN, NULL},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_access_trouble trouble = of(rows[i].code, rows[i].message, "us-east-1");
        const bool known = rows[i].cause != CC_CAUSE_UNKNOWN;

        assert_int_equal(trouble.cause, rows[i].cause);
        assert_int_equal(trouble.certainty, known ? CC_CERTAIN : CC_POSSIBLE);
        assert_int_equal(trouble.candidate_count, 0);
        assert_true(rows[i].fix ? strstr(trouble.fix, rows[i].fix) != NULL : !trouble.fix);
    }
}

static void without_an_answer_the_network_or_the_host_is_the_cause(void **state)
{
    static const struct {
        enum cc_code code;
        enum cc_cause cause;
        const char *fix;
    } rows[] = {
        {CC_E_DNS, CC_CAUSE_NET_DNS, NULL},         {CC_E_UNREACHABLE, CC_CAUSE_NET_REFUSED, NULL},
        {CC_E_TIMEOUT, CC_CAUSE_NET_TIMEOUT, NULL}, {CC_E_DEADLINE, CC_CAUSE_NET_TIMEOUT, NULL},
        {CC_E_TLS, CC_CAUSE_NET_TLS, "http://"},    {CC_E_THROTTLED, CC_CAUSE_THROTTLED, NULL},
        {CC_E_EXPIRED, CC_CAUSE_EXPIRED, NULL},     {CC_E_CLOCK, CC_CAUSE_CLOCK, NULL},
        {CC_E_BAD_ANSWER, CC_CAUSE_UNKNOWN, NULL},  {CC_E_TOO_BIG, CC_CAUSE_UNKNOWN, "proxy"},
        {CC_E_CONFIG, CC_CAUSE_UNKNOWN, NULL},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_error err;

        cc_fail(&err, rows[i].code, "no usable answer");
        const struct cc_access_trouble trouble = cc_access_trouble_of(NULL, &err, NULL);
        assert_int_equal(trouble.cause, rows[i].cause);
        assert_true(rows[i].fix ? strstr(trouble.fix, rows[i].fix) != NULL : !trouble.fix);
    }
}

static void throttling_says_nothing_about_access(void **state)
{
    static const char *const codes[] = {"Throttling", "ThrottlingException",
                                        "TooManyRequestsException"};

    (void)state;
    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        const struct cc_answer answer = {
            .status = 400, .error_code = codes[i], .error_message = "Rate exceeded"};
        struct cc_error err;

        cc_fail(&err, CC_E_THROTTLED, "STS refused AssumeRole");
        assert_int_equal(cc_access_trouble_of(&answer, &err, NULL).cause, CC_CAUSE_THROTTLED);
        assert_false(cc_access_is_denial(&answer, &err));
    }
}

static void an_unknown_key_can_be_a_region_that_is_not_enabled(void **state)
{
    struct cc_access_trouble trouble = of("InvalidClientTokenId", "is invalid.", "ap-east-1");

    (void)state;
    assert_int_equal(trouble.cause, CC_CAUSE_INVALID);
    assert_int_equal(trouble.certainty, CC_POSSIBLE);
    assert_int_equal(trouble.candidate_count, 2);
    assert_int_equal(trouble.candidates[0], CC_CAUSE_INVALID);
    assert_int_equal(trouble.candidates[1], CC_CAUSE_REGION_DISABLED);
    trouble = of("SignatureDoesNotMatch", "does not match", "ap-east-1");
    assert_int_equal(trouble.candidate_count, 0);
    assert_true(cc_access_opt_in_region("me-south-1"));
    assert_false(cc_access_opt_in_region("eu-west-1"));
    assert_false(cc_access_opt_in_region("us-gov-west-1"));
    assert_false(cc_access_opt_in_region("aws-global"));
    assert_false(cc_access_opt_in_region(NULL));
}

static void only_a_policy_makes_a_denial(void **state)
{
    struct cc_answer answer = {.status = 403, .error_code = "AccessDenied"};
    struct cc_error err;

    (void)state;
    cc_fail(&err, CC_E_DENIED, "STS refused AssumeRole");
    assert_true(cc_access_is_denial(&answer, &err));
    answer.error_code = "AccessDeniedException";
    assert_true(cc_access_is_denial(&answer, &err));
    answer.error_code = "InvalidClientTokenId";
    assert_false(cc_access_is_denial(&answer, &err));
    answer.error_code = NULL; /* of a proxy */
    assert_false(cc_access_is_denial(&answer, &err));
    assert_false(cc_access_is_denial(NULL, &err));
}

static void what_sts_would_refuse_is_not_sent(void **state)
{
    const char *long_id = cc_textf(&((struct fake *)*state)->mem, "%01225d", 0);
    const char *long_name = cc_textf(&((struct fake *)*state)->mem, "%065d", 0);
    const struct {
        struct cc_assume hop;
        enum cc_cause cause; /* UNKNOWN: it is sent */
    } rows[] = {
        {{.session_name = "a b"}, CC_CAUSE_SESSION_NAME},
        {{.session_name = "x"}, CC_CAUSE_SESSION_NAME},
        {{.session_name = ""}, CC_CAUSE_SESSION_NAME},
        {{.session_name = long_name}, CC_CAUSE_SESSION_NAME},
        {{.session_name = long_name + 1}, CC_CAUSE_UNKNOWN},
        {{.session_name = "a_+=,.@-Z0"}, CC_CAUSE_UNKNOWN},
        {{.external_id = "a b"}, CC_CAUSE_EXTERNAL_ID_WRONG},
        {{.external_id = "x"}, CC_CAUSE_EXTERNAL_ID_WRONG},
        {{.external_id = "caf\xc3\xa9"}, CC_CAUSE_EXTERNAL_ID_WRONG},
        {{.external_id = long_id}, CC_CAUSE_EXTERNAL_ID_WRONG},
        {{.external_id = long_id + 1}, CC_CAUSE_UNKNOWN},
        {{.external_id = "cust/42:x@y"}, CC_CAUSE_UNKNOWN},
        {{.duration_seconds = 899}, CC_CAUSE_ROLE_DURATION},
        {{.duration_seconds = 43201}, CC_CAUSE_ROLE_DURATION},
        {{.duration_seconds = 900}, CC_CAUSE_UNKNOWN},
        {{.duration_seconds = 0}, CC_CAUSE_UNKNOWN},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_access_trouble trouble = {.cause = CC_CAUSE_UNKNOWN};
        struct cc_error err = {0};

        assert_int_equal(cc_access_call_valid(&rows[i].hop, &trouble, &err),
                         rows[i].cause == CC_CAUSE_UNKNOWN);
        assert_int_equal(trouble.cause, rows[i].cause);
        if (rows[i].cause != CC_CAUSE_UNKNOWN) {
            assert_int_equal(trouble.certainty, CC_CERTAIN);
            assert_non_null(trouble.fix);
            assert_true(err.why[0] != '\0');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_of_aws_has_its_cause),
        cmocka_unit_test(without_an_answer_the_network_or_the_host_is_the_cause),
        cmocka_unit_test(throttling_says_nothing_about_access),
        cmocka_unit_test(an_unknown_key_can_be_a_region_that_is_not_enabled),
        cmocka_unit_test(only_a_policy_makes_a_denial),
        IN_FAKE_WORLD(what_sts_would_refuse_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
