#include "credctl/base/text.h"

#include "support/command.h"

#define SOURCE   "arn:aws:iam::111122223333:role/app/host"
#define ISSUER   "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
#define GEN(...) ASK(*state, &result, &err, "gen-template", __VA_ARGS__)

/* The template on standard output. */
static const char *text_of(struct fake *fake, const struct asked *result)
{
    return asked_text(fake, result);
}

static void refused(struct fake *fake, const char *const *words, const char *what,
                    const char *why_or_fix)
{
    struct asked result;
    struct cc_error err;

    if (asked(fake, words, &result, &err)) {
        fail_msg("%s %s was accepted", words[1], words[2]);
    }
    assert_int_equal(err.code, CC_E_USAGE);
    if (!strstr(err.what, what)) {
        fail_msg("%s", err.what);
    }
    if (!strstr(err.why, why_or_fix) && !strstr(err.fix, why_or_fix)) {
        fail_msg("%s: %s: %s", err.what, err.why, err.fix);
    }
}
#define REFUSED(what, why, ...) \
    refused(*state, (const char *const[]){"gen-template", __VA_ARGS__, NULL}, what, why)

static void every_field_of_the_schema_is_there_and_no_other(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("cross-account", "--source-role-arn", SOURCE));
    asked_as_in_schema(*state, &result);
    assert_true(GEN("--list"));
    asked_as_in_schema(*state, &result);
    assert_true(GEN("ec2", "--show-params"));
    asked_as_in_schema(*state, &result);
    assert_non_null(strstr(text_of(*state, &result), "TargetRoleArns"));
}

static void the_same_input_makes_the_same_template(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("cross-account", "--source-role-arn", SOURCE, "--tags", "a=b"));
    const char *first = text_of(*state, &result);
    assert_true(GEN("cross-account", "--source-role-arn", SOURCE, "--tags", "a=b"));
    assert_string_equal(first, text_of(*state, &result));
    /* 128 bits of the fake random source. */
    assert_non_null(strstr(first, "sts:ExternalId: '0b30557a9fc4e90e33587da2c7ec1136'"));
}

static void a_target_role_trusts_the_account_and_one_role_of_it(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("cross-account", "--source-role-arn", SOURCE, "--external-id", "x-42"));
    const char *text = text_of(*state, &result);
    assert_non_null(strstr(text, "AWS: !Sub 'arn:${AWS::Partition}:iam::111122223333:root'\n"));
    assert_non_null(strstr(text, "ArnEquals:\n                aws:PrincipalArn: " SOURCE "\n"));
    assert_non_null(strstr(text, "sts:ExternalId: x-42\n"));
    assert_null(strstr(text, "HostingRoleArn"));
    assert_true(GEN("cross-account", "--source-role-arn", SOURCE, "--external-id", "none"));
    assert_null(strstr(text_of(*state, &result), "ExternalId"));
    assert_non_null(strstr(text_of(*state, &result), "aws:PrincipalArn: " SOURCE));
}

static void a_pinned_trust_names_the_role_itself(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("cross-account", "--source-role-arn", SOURCE, "--trust", "pinned", "--revision",
                    "2", "--session-tags"));
    const char *text = text_of(*state, &result);
    assert_non_null(strstr(text, "Sid: AllowHostingRole2\n"));
    assert_non_null(strstr(text, "Principal:\n              AWS: " SOURCE "\n"));
    assert_null(strstr(text, "aws:PrincipalArn"));
    assert_non_null(strstr(text, "Action: sts:TagSession"));
    REFUSED("--revision needs --trust pinned", "", "cross-account", "--revision", "2");
}

static void a_trusted_organization_is_never_the_only_condition(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("cross-account", "--trust", "org", "--org-id", "o-abcdef1234"));
    const char *text = text_of(*state, &result);
    assert_non_null(strstr(text, "AWS: '*'\n"));
    assert_non_null(strstr(text, "aws:PrincipalOrgID: o-abcdef1234\n"));
    assert_non_null(strstr(text, "sts:ExternalId: "));
    assert_true(GEN("cross-account", "--trust", "org", "--org-id", "o-abcdef1234",
                    "--source-role-arn", SOURCE, "--external-id", "none"));
    text = text_of(*state, &result);
    assert_null(strstr(text, "AWS: '*'"));
    assert_non_null(strstr(text, "aws:PrincipalArn: " SOURCE));
    REFUSED("every role of the organization", "--external-id none", "cross-account", "--trust",
            "org", "--org-id", "o-abcdef1234", "--external-id", "none");
    REFUSED("--trust org needs", "--org-id", "cross-account", "--trust", "org");
    REFUSED("--org-id: \"o-x\"", "10 to 32", "cross-account", "--org-id", "o-x");
}

static void a_session_is_not_taken_for_its_role(void **state)
{
    REFUSED("the ARN of a session", "give arn:aws-cn:iam::111122223333:role/host", "cross-account",
            "--source-role-arn", "arn:aws-cn:sts::111122223333:assumed-role/host/i-1");
    REFUSED("not the ARN of a role", "arn:aws:iam", "cross-account", "--source-role-arn",
            "arn:aws:iam::111122223333:user/me");
}

static void a_known_issuer_makes_keys_of_the_document(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("eks-irsa", "--oidc-issuer", "https://" ISSUER "/", "--namespace", "ns"));
    const char *text = text_of(*state, &result);
    assert_non_null(strstr(text, ISSUER ":aud: sts.amazonaws.com\n"));
    assert_non_null(strstr(text, ISSUER ":sub: !Sub 'system:serviceaccount:ns:${ServiceAccount}'"));
    assert_null(strstr(text, "\"Version\""));
    assert_true(GEN("eks-irsa"));
    assert_non_null(strstr(text_of(*state, &result), "${OidcIssuer}:aud"));
    REFUSED("--oidc-issuer", "OidcIssuer must", "eks-irsa", "--oidc-issuer", "a b");
}

static void only_what_the_chosen_tools_call_is_allowed(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("cross-account", "--tools", "CheckNetworkSecurity,ListServicesInRegion"));
    const char *text = text_of(*state, &result);
    assert_non_null(strstr(text, "apigateway:GET"));
    assert_non_null(strstr(text, "resource-explorer-2:Search"));
    assert_null(strstr(text, "guardduty:"));
    REFUSED("these tools need no permissions", "", "cross-account", "--tools",
            "GetStoredSecurityContext");
    REFUSED("--tools has no meaning for ec2", "", "ec2", "--tools", "CheckNetworkSecurity");
    REFUSED("--tools", "CheckNetworkSecurity", "cross-account", "--tools", "CheckNetwork");
}

static void every_role_has_the_boundary_and_the_main_one_the_policies(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("fargate", "--permissions-boundary", "arn:aws:iam::111122223333:policy/b",
                    "--managed-policy-arn", "arn:aws:iam::aws:policy/SecurityAudit",
                    "--max-session-duration", "7200"));
    const char *text = text_of(*state, &result);
    const char *second = strstr(text, "PermissionsBoundary: arn:aws:iam::111122223333:policy/b");
    assert_non_null(second);
    assert_non_null(strstr(second + 1, "PermissionsBoundary: arn:aws:iam::111122223333:policy/b"));
    assert_non_null(strstr(text, "- arn:aws:iam::aws:policy/SecurityAudit\n"));
    assert_non_null(strstr(text, "MaxSessionDuration: 7200\n"));
    REFUSED("--permissions-boundary", "arn:aws:iam::111122223333:policy/NAME", "ec2",
            "--permissions-boundary", "arn:aws:iam::111122223333:role/b");
    REFUSED("--max-session-duration", "3600", "ec2", "--max-session-duration", "900");
}

static void own_statements_stay_as_they_are(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/p.json",
              "{\"Version\": \"2012-10-17\", \"Statement\": {\"Sid\": \"Own\", \"Effect\": "
              "\"Allow\", \"Action\": \"s3:ListBucket\", \"Resource\": \"*\", \"Condition\": "
              "{\"StringLike\": {\"s3:prefix\": \"it's # ${aws:username}\\n\"}}}}");
    assert_true(GEN("cross-account", "--policy", "/p.json"));
    const char *text = text_of(fake, &result);
    assert_non_null(strstr(text, "PolicyName: AdditionalPermissions"));
    assert_non_null(strstr(text, "s3:prefix: \"it's # ${aws:username}\\n\"\n"));
    fake_file(fake, "/p.json",
              "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": "
              "\"sts:AssumeRole\"}]}");
    REFUSED("statement 1 has a principal", "trust policy", "cross-account", "--policy", "/p.json");
    fake_file(fake, "/p.json", "{\"Statement\": [{\"Effect\": \"Maybe\"}]}");
    assert_false(GEN("cross-account", "--policy", "/p.json"));
    assert_int_equal(err.code, CC_E_POLICY);
}

static void tags_are_texts_and_nothing_else(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("deploy-bedrock-agentcore", "--tags", "cost center=0042", "--tags",
                    "managed-by=us", "--tags", "equation=a=b"));
    const char *text = text_of(*state, &result);
    assert_non_null(strstr(text, "- {Key: cost center, Value: '0042'}\n"));
    assert_non_null(strstr(text, "- {Key: managed-by, Value: us}\n"));
    assert_non_null(strstr(text, "- {Key: equation, Value: a=b}\n"));
    assert_non_null(strstr(text, "        cost center: '0042'\n"));
    REFUSED("not a valid tag", "letters", "ec2", "--tags", "a=b'\n  Evil: x");
    REFUSED("not a valid tag", "letters", "ec2", "--tags", "a'=b");
    REFUSED("not a valid tag", "letters", "ec2", "--tags", "k=\xc3(");
    REFUSED("not a valid key", "reserved", "ec2", "--tags", "aws:k=b");
    REFUSED("given twice", "", "ec2", "--tags", "k=b", "--tags", "K=c");
}

static void a_value_is_checked_as_cloudformation_would(void **state)
{
    REFUSED("--role-name: \"a/b\"", "RoleName must", "ec2", "--role-name", "a/b");
    REFUSED("--role-name", "RoleName must", "ec2", "--role-name", "a\nEvil: b");
    REFUSED("--role-path", "RolePath must", "ec2", "--role-path", "x");
    REFUSED("--external-id", "ExternalId must", "cross-account", "--external-id", "a'b");
    REFUSED("--external-id", "ExternalId must", "cross-account", "--external-id", "a");
    REFUSED("--set Port", "1024 to 65535", "deploy-ec2", "--set", "Port=80");
    REFUSED("--set InstanceType", "one of t4g.micro", "deploy-ec2", "--set", "InstanceType=x");
    REFUSED("--set VpcId", "ID of a VPC", "deploy-ec2", "--set", "VpcId=vpc-'");
    REFUSED("--set TargetRoleArns", "role ARNs", "ec2", "--set", "TargetRoleArns=a,b");
    REFUSED("has no parameter \"Nope\"", "--show-params", "ec2", "--set", "Nope=1");
    REFUSED("--set RoleName: --role-name already", "", "ec2", "--role-name", "a", "--set",
            "RoleName=b");
    REFUSED("--target-account", "12 digits", "ec2", "--target-account", "12");
    REFUSED("--region", "us-east-1", "ec2", "--region", "nowhere");
    REFUSED("--cluster has no meaning for ec2", "", "ec2", "--cluster", "c");
    REFUSED("--external-id has no meaning for ec2", "", "ec2", "--external-id", "none");
    REFUSED("--external-id has no meaning for ec2", "", "ec2", "--external-id", "abc");
    REFUSED("\"ec3\" is not a kind", "did you mean ec2", "ec3");
    REFUSED("needs one kind", "--list", "--vpc");
}

static void accounts_of_two_partitions_do_not_meet(void **state)
{
    REFUSED("partition aws, not in aws-cn", "--partition aws", "cross-account", "--source-role-arn",
            SOURCE, "--partition", "aws-cn");
    REFUSED("eu-west-1 is in the partition aws", "", "ec2", "--partition", "aws-us-gov", "--region",
            "eu-west-1");
    REFUSED("has no meaning in the partition aws-cn", "does not exist there",
            "deploy-bedrock-agentcore", "--partition", "aws-cn");
}

static void what_a_partition_lacks_is_left_out(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("deploy-lambda", "--region", "us-gov-east-1"));
    const char *text = text_of(*state, &result);
    assert_null(strstr(text, "AWS::Lambda::Url"));
    assert_null(strstr(text, "InvokerArn"));
    assert_non_null(strstr(text, "AWS::Lambda::Function"));
}

static void a_host_may_assume_the_roles_of_its_targets(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("ec2", "--target-account", "222233334444", "--target-account", "333344445555",
                    "--partition", "aws-cn"));
    const char *text = text_of(*state, &result);
    assert_non_null(
        strstr(text, "- arn:aws-cn:iam::222233334444:role/credctl/credctl-security-assessment\n"));
    assert_non_null(strstr(text, "333344445555"));
    assert_true(GEN("ec2", "--org-id", "o-abcdef1234", "--target-role", "audit/read"));
    text = text_of(*state, &result);
    assert_non_null(strstr(text, "- arn:aws:iam::*:role/audit/read\n"));
    assert_non_null(strstr(text, "aws:ResourceOrgID: o-abcdef1234\n"));
    REFUSED("--target-role needs accounts", "--target-account", "ec2", "--target-role", "x");
    REFUSED("--target-account has no meaning for stackset", "OrganizationalUnitIds", "stackset",
            "--target-account", "222233334444");
}

static void too_many_targets_for_one_role_are_refused_with_a_way_out(void **state)
{
    struct fake *fake = *state;
    struct cc_buf lines = cc_buf_new(&fake->mem, 65536);

    for (int i = 0; i < 200; i++) {
        cc_buf_addf(&lines, "%d\n", 200000000 + i);
    }
    fake_file(fake, "/short", lines.text);
    lines = cc_buf_new(&fake->mem, 65536);
    for (int i = 0; i < 200; i++) {
        cc_buf_addf(&lines, "222233330%03d\n", i);
    }
    fake_file(fake, "/accounts", lines.text);
    REFUSED("/short, line 1", "", "ec2", "--targets", "/short");
    REFUSED("more than 10240 characters", "--org-id", "ec2", "--targets", "/accounts");
}

static void an_option_of_one_kind_is_refused_for_others(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(GEN("lambda", "--vpc"));
    assert_non_null(strstr(text_of(*state, &result), "AWSLambdaVPCAccessExecutionRole"));
    assert_true(GEN("github-oidc", "--existing-provider"));
    assert_null(strstr(text_of(*state, &result), "AWS::IAM::OIDCProvider"));
    REFUSED("--vpc has no meaning for ec2", "", "ec2", "--vpc");
    REFUSED("--session-tags has no meaning for ec2", "", "ec2", "--session-tags");
    REFUSED("--trust has no meaning for deploy-ec2", "", "deploy-ec2", "--trust", "pinned");
    REFUSED("--target-role has no meaning for stackset", "--role-name", "stackset", "--target-role",
            "x");
    REFUSED("--existing-provider has no meaning", "", "ec2", "--existing-provider");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_field_of_the_schema_is_there_and_no_other),
        IN_FAKE_WORLD(the_same_input_makes_the_same_template),
        IN_FAKE_WORLD(a_target_role_trusts_the_account_and_one_role_of_it),
        IN_FAKE_WORLD(a_pinned_trust_names_the_role_itself),
        IN_FAKE_WORLD(a_trusted_organization_is_never_the_only_condition),
        IN_FAKE_WORLD(a_session_is_not_taken_for_its_role),
        IN_FAKE_WORLD(a_known_issuer_makes_keys_of_the_document),
        IN_FAKE_WORLD(only_what_the_chosen_tools_call_is_allowed),
        IN_FAKE_WORLD(every_role_has_the_boundary_and_the_main_one_the_policies),
        IN_FAKE_WORLD(own_statements_stay_as_they_are),
        IN_FAKE_WORLD(tags_are_texts_and_nothing_else),
        IN_FAKE_WORLD(a_value_is_checked_as_cloudformation_would),
        IN_FAKE_WORLD(accounts_of_two_partitions_do_not_meet),
        IN_FAKE_WORLD(what_a_partition_lacks_is_left_out),
        IN_FAKE_WORLD(a_host_may_assume_the_roles_of_its_targets),
        IN_FAKE_WORLD(too_many_targets_for_one_role_are_refused_with_a_way_out),
        IN_FAKE_WORLD(an_option_of_one_kind_is_refused_for_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
