#include "template_support.h"

/* The grammar of policies, what they allow, and their sizes. */

#define NEXT         "\n                "
#define ALLOW(rest)  POLICY_WITH("Action: 'sqs:SendMessage'" NEXT rest)
#define AND(more)    ALLOW("Resource: '*'\n              - " more)
#define ACTION(text) POLICY_WITH("Action: " text NEXT "Resource: 'arn:aws:s3:::b'")
#define WHEN(text)   ALLOW("Resource: '*'" NEXT "Condition: " text)

static void elements_are_those_of_a_policy(void **state)
{
    static const struct one_template rows[] = {
        {ALLOW("Resource: '*'"), ""},
        {ALLOW("Resources: '*'"), "MISSING_RESOURCE 16 INVALID_POLICY_ELEMENT 18"},
        {ALLOW("NotResource: 'arn:aws:sqs:us-east-1:123456789012:q'"), ""},
        {ALLOW("Resource: q"), "INVALID_ARN 18"},
        {ALLOW("Resource: 'arn:aws:sqs:q'"), "INVALID_ARN 18"},
        {ALLOW("Resource: 'arn:aws-x:sqs:us-east-1:123456789012:q'"), "INVALID_PARTITION 18"},
        {ALLOW("Resource: 'arn:${AWS::Partition}:sqs:us-east-1:123456789012:q'"), "MISSING_SUB 18"},
        {ALLOW("Resource: !Sub 'arn:${AWS::Partition}:sqs:us-east-1:123456789012:q'"), ""},
        {ALLOW("Resource: {a: b}"), "DATA_TYPE_MISMATCH 18"},
        {ALLOW("Resource: '*'" NEXT "Principal: '*'"), "UNSUPPORTED_PRINCIPAL 19"},
        {ALLOW("Resource: '*'" NEXT "NotResource: '*'"), "UNSUPPORTED_ELEMENT_COMBINATION 19"},
        {ALLOW("Resource: '*'" NEXT "Sid: a b"), "UNSUPPORTED_SID 19"},
        {AND("{Effect: Alow, Action: 'sqs:*', Resource: '*'}"), "INVALID_EFFECT 19"},
        {AND("{Action: 'sqs:*', Resource: '*'}"), "MISSING_EFFECT 19"},
        {AND("{Effect: Deny, Resource: '*'}"), "MISSING_ACTION 19"},
        {AND("text"), "DATA_TYPE_MISMATCH 19"},
    };

    (void)state;
    CHECK(rows);
}

#define DOCUMENT(text) RESOURCE("IAM::ManagedPolicy", "\n      PolicyDocument: " text)
#define MISSPELLED_JSON                                                                \
    "{\"Version\": \"2012-10-17\",\n         \"Statement\": [{\"Effect\": \"Alow\",\n" \
    "          \"Action\": \"*\", \"Resource\": \"arn:${AWS::Partition}:s3:::b\"}]}"

static void documents_have_a_version_and_statements(void **state)
{
    static const struct one_template rows[] = {
        {DOCUMENT("{Version: 2012-10-17, Statement: []}"), ""},
        {DOCUMENT("{Version: 2012-10-18, Statement: []}"), "INVALID_VERSION 5"},
        {DOCUMENT("{Statement: []}"), "MISSING_VERSION 5"},
        {DOCUMENT("{Version: 2012-10-17}"), "MISSING_STATEMENT 5"},
        {DOCUMENT("{Version: 2012-10-17, Statment: []}"),
         "MISSING_STATEMENT 5 INVALID_POLICY_ELEMENT 5"},
        {DOCUMENT("{Version: 2012-10-17, Statement: {Effect: Deny, Action: '*', Resource: '*'}}"),
         ""},
        {DOCUMENT("'{\"Version\": }'"), "JSON_SYNTAX_ERROR 5"},
        {DOCUMENT("!Sub |\n        " MISSPELLED_JSON), "INVALID_EFFECT 7"},
        {DOCUMENT("!Sub '{\"Version\": \"2012-10-17\", \"Statement\": ${AWS::StackName}}'"), ""},
    };

    (void)state;
    CHECK(rows);
}

static void sids_are_unique_where_statements_stand_together(void **state)
{
    static const struct one_template rows[] = {
        {ALLOW("Resource: '*'" NEXT "Sid: A\n"
               "              - {Sid: A, Effect: Deny, Action: 'sqs:*', Resource: '*'}"),
         "UNIQUE_SIDS_REQUIRED 20"},
        {"Conditions: {C: !Equals [a, b]}\n" AND(
             "!If [C, {Sid: A, Effect: Deny, Action: 'sqs:*', Resource: '*'},\n"
             "                   {Sid: A, Effect: Deny, Action: 'sns:*', Resource: '*'}]"),
         ""},
    };

    (void)state;
    CHECK(rows);
}

static void actions_exist(void **state)
{
    static const struct one_template rows[] = {
        {ACTION("s3:ListBucket"), ""},
        {ACTION("S3:listbucket"), ""},
        {ACTION("'s3:List*'"), ""},
        {ACTION("s3:ListBucketz"), "UNKNOWN_ACTION 17"},
        {ACTION("'s3:Listz*'"), "UNKNOWN_ACTION 17"},
        {ACTION("s4:ListBucket"), "INVALID_SERVICE_IN_ACTION 17"},
        {ACTION("efs:DescribeFileSystems"), "INVALID_SERVICE_IN_ACTION 17"},
        {ACTION("ListBucket"), "INVALID_ACTION 17"},
        {ACTION("'s3:'"), "INVALID_ACTION 17"},
        {ACTION("apigateway:TagResource"), ""},
        {ACTION("glue:Anything"), ""},
        {ACTION("[]"), "MISSING_ACTION 17"},
        {ACTION("!Sub 's3:${AWS::StackName}'"), ""},
    };

    (void)state;
    CHECK(rows);
}

static void conditions_have_operators_keys_and_values(void **state)
{
    static const struct one_template rows[] = {
        {WHEN("{StringEquals: {'aws:PrincipalTag/a': b}}"), ""},
        {WHEN("{StringEqual: {'aws:PrincipalArn': b}}"), "INVALID_CONDITION_OPERATOR 19"},
        {WHEN("{'ForAnyValue:StringLikeIfExists': {'aws:TagKeys': ['a*']}}"), ""},
        {WHEN("{NullIfExists: {'aws:TagKeys': 'true'}}"), "NULL_WITH_IF_EXISTS 19"},
        {WHEN("{Bool: {'aws:SecureTransport': true}}"), ""},
        {WHEN("{Bool: {'aws:SecureTransport': maybe}}"), "INVALID_CONDITION_DATA_TYPE 19"},
        {WHEN("{NumericLessThan: {'s3:max-keys': ten}}"), "INVALID_CONDITION_DATA_TYPE 19"},
        {WHEN("{IpAddress: {'aws:SourceIp': [10.0.0.0/8, 'fd00::/8']}}"), ""},
        {WHEN("{IpAddress: {'aws:SourceIp': here}}"), "INVALID_CONDITION_DATA_TYPE 19"},
        {WHEN("{DateLessThan: {'aws:CurrentTime': '2026-01-31T12:00:00Z'}}"), ""},
        {WHEN("{StringEquals: {'s3:prefix': 'a*'}}"), "WILDCARD_WITHOUT_LIKE_OPERATOR 19"},
        {WHEN("{StringEquals: {SourceIp: a}}"), "INVALID_CONDITION_KEY_FORMAT 19"},
        {WHEN("{StringEquals: {'aws:PrincipleArn': a}}"), "INVALID_GLOBAL_CONDITION_KEY 19"},
        {WHEN("{StringEquals: {'${AWS::StackName}:x': a}}"), "LITERAL_CONDITION_KEY 19"},
        {WHEN("{StringEquals: {'aws:PrincipalArn': {a: b}}}"), "DATA_TYPE_MISMATCH 19"},
        {WHEN("{StringEquals: a}"), "DATA_TYPE_MISMATCH 19"},
        {WHEN("a"), "DATA_TYPE_MISMATCH 19"},
        {WHEN("{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-a}}"),
         "FORALLVALUES_WITH_SINGLE_VALUED_KEY 19"},
    };

    (void)state;
    CHECK(rows);
}

#define MAY(action, more) POLICY_WITH("Action: " action NEXT more)

static void what_allows_too_much_is_told(void **state)
{
    static const struct one_template rows[] = {
        {MAY("'*'", "Resource: '*'"), "ADMIN_POLICY 16"},
        {POLICY_WITH("NotAction: 'iam:*'" NEXT "Resource: '*'"), "ADMIN_POLICY 16"},
        {POLICY_WITH("NotAction: 'iam:*'" NEXT "Resource: 'arn:aws:s3:::b'"), ""},
        {MAY("'*'", "Resource: !Sub 'arn:aws:s3:::${AWS::StackName}'"), ""},
        {MAY("sts:AssumeRole", "Resource: '*'"), "ASSUME_ROLE_WITH_STAR 18"},
        {MAY("['sts:*']", "Resource: ['arn:aws:iam::*:role/*']"), "ASSUME_ROLE_WITH_STAR 18"},
        {MAY("sts:AssumeRole", "Resource: 'arn:aws:iam::*:role/audit'"), ""},
        {MAY("sts:AssumeRole",
             "Resource: '*'" NEXT "Condition: {StringEquals: {'aws:ResourceOrgID': o-a}}"),
         ""},
        {MAY("iam:PassRole", "Resource: '*'"), "PASS_ROLE_WITH_STAR_IN_RESOURCE 18"},
        {MAY("iam:PassRole",
             "Resource: '*'" NEXT
             "Condition: {StringEquals: {'iam:PassedToService': ec2.amazonaws.com}}"),
         ""},
        {MAY("s3:GetObject", "Resource: '*'"), ""},
    };

    (void)state;
    CHECK(rows);
}

/* A role for another account; what follows begins in line 12. */
#define ASSESSMENT(more)                                                                 \
    ROLE_WITH("Principal: {AWS: 'arn:aws:iam::111122223333:role/host'}\n"                \
              "            Action: sts:AssumeRole\n"                                     \
              "            Condition: {StringEquals: {'sts:ExternalId': 0123456789ab}}") \
    more

static void roles_of_other_accounts_do_not_read_data(void **state)
{
    static const struct one_template rows[] = {
        {ASSESSMENT("      Policies:\n        - PolicyName: p\n          PolicyDocument:\n"
                    "            Version: '2012-10-17'\n            Statement:\n"
                    "              - {Effect: Allow, Action: 's3:Get*', Resource: '*'}\n"),
         "DATA_READ 17"},
        {ASSESSMENT("      ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']\n"),
         "DATA_READ 12"},
        {ASSESSMENT("      ManagedPolicyArns: ['arn:aws:iam::aws:policy/SecurityAudit']\n"), ""},
        {ASSESSMENT("  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
                    "      Roles: [!Ref Role]\n      PolicyDocument:\n"
                    "        Version: '2012-10-17'\n        Statement:\n"
                    "          - {Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}\n"),
         "DATA_READ 19"},
        {ASSESSMENT("      ManagedPolicyArns: [!Sub "
                    "'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']\n"),
         "ADMIN_POLICY 12"},
    };

    (void)state;
    CHECK(rows);
}

/* The rest of the statement begins in line 12. */
#define BUCKET(statement)                                                                   \
    "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n" \
    "      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n"            \
    "          - Effect: Allow\n            Action: s3:GetObject\n            Resource: "   \
    "'arn:aws:s3:::b/*'\n            " statement "\n"

static void resource_policies_are_not_public(void **state)
{
    static const struct one_template rows[] = {
        {BUCKET("Principal: '*'"), "PUBLIC_RESOURCE_POLICY 12"},
        {BUCKET("Principal: {AWS: '*'}\n"
                "            Condition: {Bool: {'aws:SecureTransport': true}}"),
         "PUBLIC_RESOURCE_POLICY 12"},
        {BUCKET("Principal: '*'\n            Condition: {StringEquals: {'aws:SourceVpce': v}}"),
         ""},
        {BUCKET("NotPrincipal: {AWS: '123456789012'}"), "ALLOW_WITH_NOTPRINCIPAL 12"},
        {BUCKET("Principal: {AWS: 'arn:aws:iam::123456789012:role/*'}"),
         "INVALID_PRINCIPAL_FORMAT 12"},
        {BUCKET("Principal: {AWS: alice}"), "INVALID_PRINCIPAL_FORMAT 12"},
        {BUCKET("Principal: {AWS: 'arn:aws:iam::11112222333:root'}"),
         "INVALID_PRINCIPAL_FORMAT 12"},
        {BUCKET("Principal: {AWS: 'arn:aws:iam::111122223333:'}"), "INVALID_PRINCIPAL_FORMAT 12"},
        {BUCKET("Principal: alice"), "INVALID_PRINCIPAL_FORMAT 12"},
        {BUCKET("Principal: {Aws: '*'}"), "INVALID_PRINCIPAL_KEY 12"},
        {BUCKET("Principal: {AWS: AROAQQQQQQQQQQQQQQQQQ}"), "INVALID_ROLE_REFERENCE 12"},
        {BUCKET("Principal: {Service: s3}"), "INVALID_SERVICE_PRINCIPAL_FORMAT 12"},
        {BUCKET("Sid: With blanks\n            Principal: {AWS: '123456789012'}"), ""},
        {BUCKET("Sid: A"), "MISSING_PRINCIPAL 9"},
    };

    (void)state;
    CHECK(rows);
}

static const char *arns(struct cc_arena *mem, int count)
{
    struct cc_buf out = cc_buf_new(mem, 100000);

    for (int i = 0; i < count; i++) {
        cc_buf_addf(&out, "%s'arn:aws:iam::%012d:role/credctl/hosting-role-of-the-host'",
                    i ? ",   " : "", i);
    }
    return out.text;
}

/* The numbers were counted with another program. */
static void sizes_are_counted_without_white_space(void **state)
{
    static const struct {
        const char *text; /* @: the ARNs */
        int fits;
        const char *code;
    } rows[] = {
        {ROLE_WITH("Condition: {StringEquals: {'sts:ExternalId': 0123456789ab}}\n"
                   "            Action: sts:AssumeRole\n            Principal: {AWS: [@]}"),
         28, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"},
        {"Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
         "      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n"
         "          - {Effect: Allow, Action: 'sts:AssumeRole', Resource: [@]}\n",
         91, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"},
        {MAY("sts:AssumeRole", "Resource: [@]"), 153, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_arena mem = {0};
        const char *mark = strchr(rows[i].text, '@');
        const char *head = cc_text_dup(&mem, rows[i].text, (size_t)(mark - rows[i].text));
        const char *good = cc_textf(&mem, "%s%s%s", head, arns(&mem, rows[i].fits), mark + 1);
        const char *bad = cc_textf(&mem, "%s%s%s", head, arns(&mem, rows[i].fits + 1), mark + 1);

        assert_string_equal(found_in(&mem, good, strlen(good)), "");
        assert_true(cc_text_starts(found_in(&mem, bad, strlen(bad)), rows[i].code));
        cc_arena_wipe(&mem);
    }
}

static void a_size_that_depends_on_the_deployment_is_a_warning(void **state)
{
    struct cc_arena mem = {0};
    struct cc_buf out = cc_buf_new(&mem, 100000);

    (void)state;
    cc_buf_text(&out, "Parameters: {N: {Type: String}}\n"
                      "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
                      "      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n"
                      "          - Effect: Allow\n            Action: 's3:ListBucket'\n"
                      "            Resource:\n");
    for (int i = 0; i < 200; i++) {
        cc_buf_text(&out, "              - !Sub 'arn:aws:s3:::${N}'\n");
    }
    const struct cc_template_finding *one =
        only_finding(&mem, out.text, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA");
    assert_int_equal(one->severity, CC_SEVERITY_WARNING);
    assert_non_null(strstr(one->message, "about "));
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_those_of_a_policy),
        cmocka_unit_test(documents_have_a_version_and_statements),
        cmocka_unit_test(sids_are_unique_where_statements_stand_together),
        cmocka_unit_test(actions_exist),
        cmocka_unit_test(conditions_have_operators_keys_and_values),
        cmocka_unit_test(what_allows_too_much_is_told),
        cmocka_unit_test(roles_of_other_accounts_do_not_read_data),
        cmocka_unit_test(resource_policies_are_not_public),
        cmocka_unit_test(sizes_are_counted_without_white_space),
        cmocka_unit_test(a_size_that_depends_on_the_deployment_is_a_warning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
