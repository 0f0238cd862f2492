#include "template_support.h"

/* Instances, functions and security groups that are open to others. */

#define GROUP(rule) \
    RESOURCE("EC2::SecurityGroup", "{GroupDescription: g, SecurityGroupIngress: [{" rule "}]}")
#define PERMISSION(more) \
    RESOURCE("Lambda::Permission", "{FunctionName: f, Action: 'lambda:InvokeFunction', " more "}")
#define LAUNCH(data) RESOURCE("EC2::LaunchTemplate", "{LaunchTemplateData: {" data "}}")

static void instances_need_imdsv2(void **state)
{
    static const struct one_template rows[] = {
        {LAUNCH("MetadataOptions: {HttpTokens: required}"), ""},
        {LAUNCH("MetadataOptions: {HttpTokens: optional}"), "IMDSV1_ALLOWED 4"},
        {LAUNCH("InstanceType: t3.micro"), "IMDSV1_ALLOWED 4"},
        {LAUNCH("MetadataOptions: {HttpEndpoint: disabled}"), ""},
        {RESOURCE("EC2::Instance", "{LaunchTemplate: {LaunchTemplateId: lt, Version: '1'}}"), ""},
        {RESOURCE("EC2::Instance", "{InstanceType: t3.micro}"), "IMDSV1_ALLOWED 4"},
    };

    (void)state;
    CHECK(rows);
}

static void functions_are_not_public(void **state)
{
    static const struct one_template rows[] = {
        {RESOURCE("Lambda::Url", "{TargetFunctionArn: f, AuthType: NONE}"),
         "PUBLIC_FUNCTION_URL 4"},
        {RESOURCE("Lambda::Url", "{TargetFunctionArn: f, AuthType: AWS_IAM}"), ""},
        {PERMISSION("Principal: '*'"), "PUBLIC_FUNCTION 4"},
        {PERMISSION("Principal: '*', PrincipalOrgID: o-abcdefghij"), ""},
        {PERMISSION("Principal: s3.amazonaws.com"), "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL 4"},
        {PERMISSION("Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId"), ""},
        {PERMISSION("Principal: '123456789012'"), ""},
    };

    (void)state;
    CHECK(rows);
}

#define SSH "IpProtocol: tcp, FromPort: 22, ToPort: 22, "

static void ports_are_not_open_to_the_internet(void **state)
{
    static const struct one_template rows[] = {
        {GROUP("IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0"), ""},
        {GROUP(SSH "CidrIp: 0.0.0.0/0"), "OPEN_SECURITY_GROUP 4"},
        {GROUP(SSH "CidrIpv6: '::/0'"), "OPEN_SECURITY_GROUP 4"},
        {GROUP("IpProtocol: tcp, FromPort: 80, ToPort: 443, CidrIp: 0.0.0.0/0"),
         "OPEN_SECURITY_GROUP 4"},
        {GROUP("IpProtocol: '-1', CidrIp: 0.0.0.0/0"), "OPEN_SECURITY_GROUP 4"},
        {GROUP("IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0"), ""},
        {GROUP(SSH "CidrIp: 10.0.0.0/8"), ""},
        {"Parameters: {C: {Type: String, Default: 0.0.0.0/0}}\n" GROUP(SSH "CidrIp: !Ref C"),
         "OPEN_SECURITY_GROUP 5"},
        {"Parameters: {C: {Type: String}}\n" GROUP(SSH "CidrIp: !Ref C"), ""},
        {RESOURCE("EC2::SecurityGroupIngress", "{GroupId: sg-0123456789abcdef0, IpProtocol: tcp, "
                                               "FromPort: 8080, ToPort: 8080, CidrIp: 0.0.0.0/0}"),
         "OPEN_SECURITY_GROUP 4"},
    };

    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_need_imdsv2),
        cmocka_unit_test(functions_are_not_public),
        cmocka_unit_test(ports_are_not_open_to_the_internet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
