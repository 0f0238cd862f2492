#include "template_support.h"

/* Trust policies, by who assumes the role. The principal is in line 9, a condition in line 11. */

#define TRUST(principal, action, more) \
    ROLE_WITH("Principal: " principal "\n            Action: " action more)
#define SERVICE(name, more)       TRUST("{Service: " name "}", "sts:AssumeRole", more)
#define WHEN(text)                "\n            Condition: " text
#define ALSO(text)                "\n          - " text
#define PROVIDER(name)            "{Federated: 'arn:aws:iam::123456789012:" name "'}"
#define WEB(principal, condition) TRUST(principal, "sts:AssumeRoleWithWebIdentity", WHEN(condition))

static void a_trust_policy_has_its_own_elements(void **state)
{
    static const struct one_template rows[] = {
        {SERVICE("ec2.amazonaws.com", ""), ""},
        {SERVICE("!Sub 'ec2.${AWS::URLSuffix}'", ""), ""},
        {SERVICE("ec2.amazonaws.com", "\n            Resource: '*'"),
         "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE 11"},
        {ROLE_WITH("NotPrincipal: {AWS: '*'}\n            Action: sts:AssumeRole"),
         "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL 9"},
        {ROLE_WITH("Action: sts:AssumeRole"), "MISSING_PRINCIPAL 8"},
        {TRUST("{Service: ec2.amazonaws.com}", "s3:GetObject", ""), "INVALID_ACTION 10"},
        {TRUST("{Service: ec2.amazonaws.com}", "'*'", ""), "INVALID_ACTION 10"},
        {TRUST("'*'", "sts:AssumeRole",
               WHEN("{StringEquals: {'aws:PrincipalOrgID': o-abcdefghij}}")),
         "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL 9"},
        {TRUST("{AWS: 'arn:aws:iam::123456789012:role/*'}", "sts:AssumeRole",
               WHEN("{StringEquals: {'sts:ExternalId': 0123456789ab}}")),
         "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL 9"},
        {SERVICE("ec2", ""), "INVALID_SERVICE_PRINCIPAL_FORMAT 9"},
        {SERVICE("'*'", ""), "INVALID_SERVICE_PRINCIPAL_FORMAT 9"},
    };

    (void)state;
    CHECK(rows);
}

static void actions_fit_the_principal(void **state)
{
#define OIDC PROVIDER("oidc-provider/idp.example.com")
#define SAML PROVIDER("saml-provider/idp")
#define AUD  WHEN("{StringEquals: {'idp.example.com:aud': a}}")
    static const struct one_template rows[] = {
        {TRUST(OIDC, "sts:AssumeRoleWithWebIdentity", AUD), ""},
        {TRUST(OIDC, "sts:AssumeRole", AUD), "MISMATCHED_ACTION_FOR_PRINCIPAL 9"},
        {TRUST(OIDC, "sts:AssumeRoleWithSAML", AUD), "MISMATCHED_ACTION_FOR_PRINCIPAL 9"},
        {TRUST(SAML, "sts:AssumeRoleWithSAML", ""), ""},
        {TRUST(SAML, "sts:AssumeRoleWithWebIdentity", ""), "MISMATCHED_ACTION_FOR_PRINCIPAL 9"},
        {TRUST("{Service: ec2.amazonaws.com}", "sts:AssumeRoleWithWebIdentity", ""),
         "MISMATCHED_ACTION_FOR_PRINCIPAL 9"},
        {TRUST(SAML, "[sts:AssumeRoleWithSAML, sts:TagSession]", ""), ""},
        {TRUST(SAML, "[sts:AssumeRoleWithSAML, sts:AssumeRole]", ""),
         "MISMATCHED_ACTION_FOR_PRINCIPAL 10"},
        {TRUST("{Federated: idp}", "sts:AssumeRoleWithWebIdentity", ""),
         "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY 9"},
        {TRUST("{Federated: cognito-identity.amazonaws.com}", "sts:AssumeRoleWithWebIdentity", ""),
         ""},
    };

    (void)state;
    CHECK(rows);
}

static void services_act_for_this_account_only(void **state)
{
#define SOURCE                                                                  \
    WHEN("{StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}, ArnLike: " \
         "{'aws:SourceArn': !Sub 'arn:aws:x:${AWS::Region}:${AWS::AccountId}:*'}}")
    static const struct one_template rows[] = {
        {SERVICE("ecs-tasks.amazonaws.com", SOURCE), ""},
        {SERVICE("bedrock-agentcore.amazonaws.com", SOURCE), ""},
        {SERVICE("ecs-tasks.amazonaws.com", ""), "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL 9"},
        {SERVICE("bedrock-agentcore.amazonaws.com", ""), "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL 9"},
        {SERVICE("lambda.amazonaws.com", ""), ""},
        {SERVICE("eks.amazonaws.com", ""), ""},
        {SERVICE("ec2.amazonaws.com",
                 WHEN("{StringEquals: {'aws:SourceAccount': '123456789012'}}")),
         "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL 11"},
        {SERVICE("ec2.amazonaws.com",
                 WHEN("{StringEqualsIfExists: {'aws:SourceAccount': '123456789012'}}")),
         ""},
        {SERVICE("lambda.amazonaws.com",
                 WHEN("{StringEquals: {'aws:PrincipalOrgID': o-abcdefghij}}")),
         "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL 11"},
        /* Some services send their account as the external ID. */
        {SERVICE("firehose.amazonaws.com",
                 WHEN("{StringEquals: {'sts:ExternalId': !Ref AWS::AccountId}}")),
         ""},
    };

    (void)state;
    CHECK(rows);
}

static void pod_identity_needs_session_tags(void **state)
{
    static const struct one_template rows[] = {
        {TRUST("{Service: pods.eks.amazonaws.com}", "[sts:AssumeRole, sts:TagSession]", ""), ""},
        {SERVICE("pods.eks.amazonaws.com", ""), "POD_IDENTITY_WITHOUT_TAG_SESSION 9"},
        {SERVICE("pods.eks.amazonaws.com",
                 ALSO("{Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, "
                      "Action: sts:TagSession}")),
         ""},
    };

    (void)state;
    CHECK(rows);
}

static void tokens_of_a_cluster_are_those_of_one_service_account(void **state)
{
#define EKS     "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
#define CLUSTER PROVIDER("oidc-provider/" EKS)
#define POD     "'" EKS ":sub': 'system:serviceaccount:n:s'"
#define STS     "'" EKS ":aud': sts.amazonaws.com"
    static const struct one_template rows[] = {
        {WEB(CLUSTER, "{StringEquals: {" POD ", " STS "}}"), ""},
        {WEB(CLUSTER, "{StringEquals: {" STS "}}"), "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL 9"},
        {WEB(CLUSTER, "{StringEquals: {" POD "}}"), "MISSING_OIDC_AUDIENCE 9"},
        {WEB(CLUSTER, "{StringLike: {'" EKS ":sub': 'system:serviceaccount:*:*'}, "
                      "StringEquals: {" STS "}}"),
         "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL 11"},
        {WEB(CLUSTER, "{StringEquals: {'oidc.eks.us-east-1.amazonaws.com/id/A:sub': s, " STS "}}"),
         "ISSUER_MISMATCH 11"},
        {"Parameters: {I: {Type: String}}\n" WEB(
             "{Federated: !Sub 'arn:aws:iam::123456789012:oidc-provider/${I}'}",
             "{StringEquals: {'${I}:sub': a, '${I}:aud': b}}"),
         "LITERAL_CONDITION_KEY 12 LITERAL_CONDITION_KEY 12"},
    };

    (void)state;
    CHECK(rows);
}

static void tokens_of_github_are_those_of_one_repository(void **state)
{
#define GITHUB  "token.actions.githubusercontent.com"
#define HUB     PROVIDER("oidc-provider/" GITHUB)
#define HUB_STS "'" GITHUB ":aud': sts.amazonaws.com"
    static const struct one_template rows[] = {
        {WEB(HUB, "{StringEquals: {" HUB_STS "}}"), "MISSING_GITHUB_REPO_CONDITION_KEY 9"},
        {WEB(HUB, "{StringEquals: {" HUB_STS ", '" GITHUB ":sub': 'repo:o/r:ref:refs/heads/m'}}"),
         ""},
        {WEB(HUB, "{StringEquals: {" HUB_STS "}, StringLike: {'" GITHUB ":sub': 'repo:*'}}"),
         "MISSING_GITHUB_REPO_CONDITION_KEY 11"},
    };

    (void)state;
    CHECK(rows);
}

#define OTHER                   "{AWS: 'arn:aws:iam::111122223333:role/host'}"
#define ALL_OF                  "{AWS: 'arn:aws:iam::111122223333:root'}"
#define ID(text)                WHEN("{StringEquals: {'sts:ExternalId': " text "}}")
#define TRUSTS(principal, more) TRUST(principal, "sts:AssumeRole", more)

static void other_accounts_need_an_external_id(void **state)
{
    static const struct one_template rows[] = {
        {TRUSTS(OTHER, ID("0123456789ab")), ""},
        {TRUSTS(OTHER, ""), "MISSING_EXTERNAL_ID 9"},
        {TRUSTS(ALL_OF, ""), "MISSING_EXTERNAL_ID 9"},
        {TRUSTS("{AWS: '111122223333'}", ""), "MISSING_EXTERNAL_ID 9"},
        {TRUSTS("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", ""), ""},
        {TRUSTS("{AWS: !Ref AWS::AccountId}", ""), ""},
        {TRUSTS(OTHER, WHEN("{StringEquals: {'aws:PrincipalOrgID': o-abcdefghij}}")), ""},
        {TRUSTS(OTHER, WHEN("{Bool: {'aws:MultiFactorAuthPresent': true}}")), ""},
        {TRUSTS(ALL_OF, ID("0123456789ab")), "ACCOUNT_WIDE_TRUST 9"},
        {TRUSTS(ALL_OF, WHEN("{StringEquals: {'sts:ExternalId': 0123456789ab}, ArnEquals: "
                             "{'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/host'}}")),
         ""},
        {TRUSTS(OTHER, ID("0123456789ab")
                           ALSO("{Effect: Allow, Principal: " OTHER ", Action: 'sts:AssumeRole'}")),
         "MISSING_EXTERNAL_ID 12"},
        {"Parameters: {A: {Type: String}}\n" TRUSTS("{AWS: !Sub 'arn:aws:iam::${A}:root'}", ""),
         "MISSING_EXTERNAL_ID 10"},
    };

    (void)state;
    CHECK(rows);
}

static void an_external_id_is_required_and_secret(void **state)
{
#define WEAK(operator, value) TRUSTS(OTHER, WHEN("{" operator": {'sts:ExternalId': " value "}}"))
#define GIVEN(parameter)      "Parameters: {E: " parameter "}\n" TRUSTS(OTHER, ID("!Ref E"))
    static const struct one_template rows[] = {
        {WEAK("StringEqualsIfExists", "0123456789ab"), "EXTERNAL_ID_OPTIONAL 11"},
        {WEAK("'ForAllValues:StringEquals'", "0123456789ab"), "EXTERNAL_ID_OPTIONAL 11"},
        {WEAK("StringNotEquals", "0123456789ab"), "EXTERNAL_ID_OPTIONAL 11"},
        {WEAK("StringLike", "'*'"), "EXTERNAL_ID_OPTIONAL 11"},
        {WEAK("StringLike", "'customer-*'"), ""},
        {WEAK("'Null'", "'false'"), "EXTERNAL_ID_OPTIONAL 11"},
        {TRUSTS(OTHER, ID("two words")), "EXTERNAL_ID_INVALID 11"},
        {TRUSTS(OTHER, ID("x")), "EXTERNAL_ID_INVALID 11"},
        {TRUSTS(OTHER, ID("'12345'")), "EXTERNAL_ID_GUESSABLE 11"},
        {GIVEN("{Type: String}"), ""},
        {GIVEN("{Type: String, Default: 0123456789ab}"), "EXTERNAL_ID_DEFAULT 1"},
        {GIVEN("{Type: String, Default: ''}"), ""},
    };

    (void)state;
    CHECK(rows);
}

static void anybody_is_narrowed_to_somebody(void **state)
{
#define ANYBODY(more) TRUSTS("{AWS: '*'}", more)
    static const struct one_template rows[] = {
        {ANYBODY(""), "PUBLIC_TRUST 9"},
        {ANYBODY(ID("0123456789ab")), "PUBLIC_TRUST 9"},
        {ANYBODY(WHEN("{StringEquals: {'aws:PrincipalOrgID': o-abcdefghij}}")), ""},
        {ANYBODY(WHEN("{StringEqualsIfExists: {'aws:PrincipalOrgID': o-abcdefghij}}")),
         "PUBLIC_TRUST 9"},
        {ANYBODY(WHEN("{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/*'}}")), ""},
        {ANYBODY(WHEN("{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/x'}}")),
         "PUBLIC_TRUST 9"},
        {TRUSTS("{AWS: AROAQQQQQQQQQQQQQQQQQ}", ""), "INVALID_ROLE_REFERENCE 9"},
    };

    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trust_policy_has_its_own_elements),
        cmocka_unit_test(actions_fit_the_principal),
        cmocka_unit_test(services_act_for_this_account_only),
        cmocka_unit_test(pod_identity_needs_session_tags),
        cmocka_unit_test(tokens_of_a_cluster_are_those_of_one_service_account),
        cmocka_unit_test(tokens_of_github_are_those_of_one_repository),
        cmocka_unit_test(other_accounts_need_an_external_id),
        cmocka_unit_test(an_external_id_is_required_and_secret),
        cmocka_unit_test(anybody_is_narrowed_to_somebody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
