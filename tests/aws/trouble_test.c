#include "credctl/aws/trouble.h"

#include "support/test.h"

static void every_code_that_confuses_people_has_a_remedy(void **state)
{
    static const struct {
        const char *aws_code;
        enum cc_code code;
        const char *teaches;
    } rows[] = {
        {"ExpiredToken", CC_E_EXPIRED, "fresh credentials"},
        {"ExpiredTokenException", CC_E_EXPIRED, "fresh credentials"},
        {"InvalidClientTokenId", CC_E_DENIED, "session token"},
        {"SignatureDoesNotMatch", CC_E_DENIED, "secret key"},
        {"RegionDisabledException", CC_E_CONFIG, "enable the region"},
        {"MalformedPolicyDocument", CC_E_AWS, "session policy"},
        {"PackedPolicyTooLarge", CC_E_AWS, "shorten the session policy"},
        {"InvalidIdentityToken", CC_E_DENIED, "identity provider"},
        {"IDPCommunicationError", CC_E_AWS, "issuer URL"},
        {"IDPRejectedClaim", CC_E_DENIED, "audience"},
        {"Throttling", CC_E_THROTTLED, "fewer calls at once"},
        {"ThrottlingException", CC_E_THROTTLED, "fewer calls at once"},
        {"RequestTimeTooSkewed", CC_E_CLOCK, "chrony"},
        {"UnauthorizedException", CC_E_SSO_LOGIN, "aws sso login"},
        {"ForbiddenException", CC_E_DENIED, "permission set"},
        {"ResourceNotFoundException", CC_E_CONFIG, "sso_account_id"},
        {"invalid_grant", CC_E_SSO_LOGIN, "aws sso login"},
        {"InvalidGrantException", CC_E_SSO_LOGIN, "aws sso login"},
        {"ValidationError", CC_E_AWS, "duration"},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_trouble *trouble = cc_trouble_of(rows[i].aws_code);

        assert_non_null(trouble);
        assert_int_equal(trouble->code, rows[i].code);
        assert_non_null(strstr(trouble->fix, rows[i].teaches));
        assert_true(strlen(trouble->fix) < sizeof(((struct cc_error *)0)->fix));
    }
}

static void a_code_nobody_wrote_down_has_none(void **state)
{
    (void)state;
    assert_null(cc_trouble_of("SomethingNew"));
    assert_null(cc_trouble_of(NULL));
}

static void the_sentence_of_a_denial_tells_which_side_refused(void **state)
{
    static const struct {
        const char *message;
        const char *teaches;
    } rows[] = {
        {"User: u is not authorized to perform: sts:AssumeRole on resource: r because no "
         "identity-based policy allows the sts:AssumeRole action",
         "caller's own policies"},
        {"... because no resource-based policy allows the sts:AssumeRole action", "trust policy"},
        {"... with an explicit deny in a service control policy", "organization"},
        {"... with an explicit deny in an identity-based policy", "the explicit Deny"},
        {"... is not authorized to perform: sts:TagSession on resource: r", "session tags"},
        {"... is not authorized to perform: sts:SetSourceIdentity on resource: r",
         "sts:SetSourceIdentity"},
        {"Not authorized to perform sts:AssumeRoleWithWebIdentity", "upper and lower case"},
        {"MultiFactorAuthentication failed with invalid MFA one time pass code.", "next code"},
        {"User: u is not authorized to perform: sts:AssumeRole on resource: r", "external ID"},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *fix = cc_trouble_denied(rows[i].message);

        assert_non_null(fix);
        assert_non_null(strstr(fix, rows[i].teaches));
        assert_true(strlen(fix) < sizeof(((struct cc_error *)0)->fix));
    }
    assert_int_equal(cc_trouble_of("AccessDenied")->code, CC_E_DENIED);
    assert_null(cc_trouble_denied("User: u is not authorized to perform: s3:ListBuckets"));
    assert_null(cc_trouble_denied(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_that_confuses_people_has_a_remedy),
        cmocka_unit_test(a_code_nobody_wrote_down_has_none),
        cmocka_unit_test(the_sentence_of_a_denial_tells_which_side_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
