#include "template_support.h"

/* Resources against the schemas of their types. */

static void types_exist(void **state)
{
    static const struct one_template rows[] = {
        {RESOURCE("SQS::Queue", "{}"), ""},
        {RESOURCE("IAM::Rolle", "{}"), "UNKNOWN_TYPE 3"},
        {RESOURCE("Serverless::Function", "{}"), "UNKNOWN_TYPE 3"},
        {"Transform: AWS::Serverless-2016-10-31\n" RESOURCE("Serverless::Function", "{}"), ""},
        {RESOURCE("Glue::Job", "{Anything: 1}"), ""},
        {"Resources: {R: {Type: Custom::Thing, Properties: {ServiceToken: a, B: c}}}\n", ""},
        {"Resources: {R: {Type: Custom::Thing}}\n", "MISSING_PROPERTY 1"},
        {"Resources: {R: {Type: Vendor::Service::Type}}\n", ""},
        {"Resources: {R: {Type: Role}}\n", "UNKNOWN_TYPE 1"},
    };

    (void)state;
    CHECK(rows);
}

static void properties_are_those_of_the_type(void **state)
{
    static const struct one_template rows[] = {
        {RESOURCE("SQS::Queue", "{QueueNme: a}"), "UNKNOWN_PROPERTY 4"},
        {RESOURCE("SQS::Queue", "{Arn: a}"), "READ_ONLY_PROPERTY 4"},
        {RESOURCE("IAM::InstanceProfile", "{Path: /}"), "MISSING_PROPERTY 4"},
        {"Resources:\n  R:\n    Type: AWS::IAM::InstanceProfile\n", "MISSING_PROPERTY 2"},
        {RESOURCE("IAM::InstanceProfile", "{Roles: !Ref AWS::NoValue}"), "MISSING_PROPERTY 4"},
        {RESOURCE("IAM::InstanceProfile", "{Roles: role}"), "INVALID_TYPE 4"},
        {RESOURCE("SQS::Queue", "{Tags: [{Key: a}]}"), "MISSING_PROPERTY 4"},
        {RESOURCE("SQS::Queue", "{DelaySeconds: x}"), "INVALID_TYPE 4"},
        {RESOURCE("SQS::Queue", "{DelaySeconds: '5', FifoQueue: 'true'}"), ""},
        {RESOURCE("SQS::Queue", "{FifoQueue: maybe}"), "INVALID_TYPE 4"},
        {RESOURCE("SQS::Queue", "{DelaySeconds: 1.5}"), "INVALID_TYPE 4"},
        {RESOURCE("SQS::Queue", "{QueueName: {a: b}}"), "INVALID_TYPE 4"},
        {RESOURCE("SQS::Queue", "{QueueName: !Sub 'a'}"), ""},
        {RESOURCE("Lambda::Function", "{Role: !Sub a, Code: ./src}"), ""},
        {RESOURCE("SSM::Parameter", "{Type: String, Value: '{{resolve:ssm:x}}'}"), ""},
    };

    (void)state;
    CHECK(rows);
}

static void values_are_those_of_the_property(void **state)
{
    static const struct one_template rows[] = {
        {RESOURCE("Lambda::Url", "{TargetFunctionArn: f, AuthType: IAM}"), "INVALID_VALUE 4"},
        {RESOURCE("Lambda::Url", "{TargetFunctionArn: f, AuthType: AWS_IAM}"), ""},
        {RESOURCE("Logs::LogGroup", "{RetentionInDays: 8}"), "INVALID_VALUE 4"},
        {RESOURCE("Logs::LogGroup", "{RetentionInDays: '7'}"), ""},
        {RESOURCE("IAM::Group", "{GroupName: 'a b'}"), "INVALID_VALUE 4"},
        {RESOURCE("IAM::InstanceProfile", "{Roles: [a, b]}"), "INVALID_VALUE 4"},
        {RESOURCE("IAM::InstanceProfile", "{Roles: []}"), "INVALID_VALUE 4"},
    };

    (void)state;
    CHECK(rows);
}

#define LET "Conditions: {C: !Equals [a, b]}\n"

static void both_branches_of_a_condition_are_checked(void **state)
{
    static const struct one_template rows[] = {
        {LET RESOURCE("SQS::Queue", "{DelaySeconds: !If [C, x, y]}"),
         "INVALID_TYPE 5 INVALID_TYPE 5"},
        {LET RESOURCE("SQS::Queue", "{DelaySeconds: !If [C, 1, !Ref AWS::NoValue]}"), ""},
        {LET RESOURCE("SQS::Queue", "{Fn::If: [C, {DelaySecond: 1}, {}]}"), "UNKNOWN_PROPERTY 5"},
        {LET RESOURCE("IAM::InstanceProfile", "{Roles: !If [C, [a], !Ref AWS::NoValue]}"), ""},
    };

    (void)state;
    CHECK(rows);
}

#define GROUP(more) RESOURCE("EC2::SecurityGroup", "{GroupDescription: g, " more "}")

static void properties_that_exclude_or_need_each_other(void **state)
{
    static const struct one_template rows[] = {
        {GROUP("SecurityGroupIngress: [{IpProtocol: tcp}]"), "PROPERTY_CONFLICT 4"},
        {GROUP("SecurityGroupIngress: [{IpProtocol: tcp, CidrIp: 10.0.0.0/8,"
               " CidrIpv6: 'fd00::/8'}]"),
         "PROPERTY_CONFLICT 4"},
        {GROUP("SecurityGroupEgress: []"), "PROPERTY_CONFLICT 4"},
    };

    (void)state;
    CHECK(rows);
}

static void runtimes_and_services_that_have_ended(void **state)
{
#define FUNCTION(runtime)        \
    RESOURCE("Lambda::Function", \
             "{Role: !Ref AWS::StackName, Handler: h, Code: {ZipFile: x}, Runtime: " runtime "}")
    static const struct one_template rows[] = {
        {FUNCTION("python3.9"), "RUNTIME_ENDED 4"},
        {FUNCTION("nodejs24.x"), ""},
        {FUNCTION("!Ref Of") "Parameters: {Of: {Type: String, Default: python3.9}}\n",
         "RUNTIME_ENDED 4"},
        {FUNCTION("!If [C, python3.8, python3.14]") "Conditions: {C: !Equals [a, b]}\n", ""},
        {"Transform: AWS::Serverless-2016-10-31\n"
         "Globals: {Function: {Runtime: go1.x}}\n" RESOURCE("Serverless::Function", "{}"),
         "RUNTIME_ENDED 2"},
        {RESOURCE("IoTAnalytics::Channel", "{}"), "SERVICE_ENDED 3"},
    };

    (void)state;
    CHECK(rows);
}

static void ranges_of_addresses(void **state)
{
#define VPC(range) RESOURCE("EC2::VPC", "{CidrBlock: " range "}")
    static const struct one_template rows[] = {
        {VPC("10.0.0.0/16"), ""},
        {VPC("10.0.0.0"), "INVALID_NETWORK 4"},
        {VPC("10.0.0.0/33"), "INVALID_NETWORK 4"},
        {VPC("10.0.0.256/16"), "INVALID_NETWORK 4"},
        {VPC("10.0.0.1/31"), "INVALID_NETWORK 4"},
        {VPC("10.0.0.0/"), "INVALID_NETWORK 4"},
        {VPC("!Select [0, !Cidr [10.0.0.0/8, 2, 16]]"), ""},
        {GROUP("SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22,"
               " CidrIpv6: 'fd00::1/8'}]"),
         "INVALID_NETWORK 4"},
    };

    (void)state;
    CHECK(rows);
}

static void what_services_accept_together(void **state)
{
#define TASK(rest)                                                                   \
    RESOURCE("ECS::TaskDefinition", "{RequiresCompatibilities: [FARGATE], " rest "," \
                                    " ContainerDefinitions: [{Name: a, Image: b}]}")
#define VARIABLES(names)                                                                       \
    RESOURCE("Lambda::Function", "{Role: !Ref AWS::StackName, Handler: h, Code: {ZipFile: x}," \
                                 " Runtime: nodejs24.x, Environment: {Variables: " names "}}")
    static const struct one_template rows[] = {
        {TASK("Cpu: 256, Memory: 2048, NetworkMode: awsvpc"), ""},
        {TASK("Cpu: '256', Memory: '8192', NetworkMode: awsvpc"), "TYPE_RULE 4"},
        {TASK("Cpu: 300, Memory: 512, NetworkMode: awsvpc"), "TYPE_RULE 4"},
        {TASK("Cpu: 256, Memory: 512, NetworkMode: bridge"), "TYPE_RULE 4"},
        {TASK("Cpu: 256, Memory: 512"), "TYPE_RULE 4"},
        {TASK("Cpu: 256, NetworkMode: awsvpc"), "TYPE_RULE 4"},
        {TASK("Cpu: 1 vCPU, Memory: 1 GB, NetworkMode: awsvpc"), ""},
        {RESOURCE("ECS::TaskDefinition",
                  "{ContainerDefinitions: [{Name: a, Image: b, Memory: 9}]}"),
         ""},
        {VARIABLES("{A: b}"), ""},
        {VARIABLES("{AWS_REGION: b}"), "TYPE_RULE 4"},
        {RESOURCE("ElasticLoadBalancingV2::LoadBalancer", "{Subnets: [subnet-0a1b2c3d]}"),
         "TYPE_RULE 4"},
        {RESOURCE("ElasticLoadBalancingV2::LoadBalancer",
                  "{Type: network, Subnets: [subnet-0a1b2c3d]}"),
         ""},
        {RESOURCE(
             "ElasticLoadBalancingV2::LoadBalancer",
             "{Subnets: [!If [A, !Ref B, c]]}") "Conditions: {A: !Equals [a, b]}\nParameters: {B: {Type: String}}\n",
         ""},
        {RESOURCE("SQS::Queue", "{Tags: [{Key: a, Value: b}, {Key: b, Value: b}]}"), ""},
        {RESOURCE("SQS::Queue", "{Tags: [{Key: a, Value: b}, {Key: a, Value: c}]}"),
         "DUPLICATE_TAG 4"},
    };

    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_exist),
        cmocka_unit_test(properties_are_those_of_the_type),
        cmocka_unit_test(values_are_those_of_the_property),
        cmocka_unit_test(both_branches_of_a_condition_are_checked),
        cmocka_unit_test(properties_that_exclude_or_need_each_other),
        cmocka_unit_test(runtimes_and_services_that_have_ended),
        cmocka_unit_test(ranges_of_addresses),
        cmocka_unit_test(what_services_accept_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
