#include "survey_support.h"

static void a_prefix_list_is_read_once_and_groups_in_pages(void **state)
{
#define GROUP(id, port)                                                                \
    "<item><groupId>" id "</groupId><ipPermissions><item><ipProtocol>tcp</ipProtocol>" \
    "<fromPort>" port "</fromPort><toPort>" port "</toPort><prefixListIds><item>"      \
    "<prefixListId>pl-1</prefixListId></item></prefixListIds></item></ipPermissions></item>"
#define GROUPS(items, rest)                                                                 \
    "<DescribeSecurityGroupsResponse><securityGroupInfo>" items "</securityGroupInfo>" rest \
    "</DescribeSecurityGroupsResponse>"
    static const char *const services[] = {"vpc", NULL};
    struct fake *fake = *state;

    answer(fake, HOST("ec2"), "Action=DescribeVpcEndpoints",
           "<DescribeVpcEndpointsResponse><vpcEndpointSet/></DescribeVpcEndpointsResponse>");
    answer(fake, HOST("ec2"), "Action=DescribeSecurityGroups",
           GROUPS(GROUP("sg-1", "22") GROUP("sg-2", "443"), "<nextToken>n</nextToken>"));
    answer(fake, HOST("ec2"), "NextToken=n", GROUPS(GROUP("sg-3", "3306"), ""));
    answer(fake, HOST("ec2"), "Action=GetManagedPrefixListEntries",
           "<GetManagedPrefixListEntriesResponse><entrySet><item><cidr>::/0</cidr></item>"
           "</entrySet></GetManagedPrefixListEntriesResponse>");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_network, services);
    assert_int_equal(fake->sent_count, 4);
    assert_int_equal(counted(&result, "security_groups", "resources_checked"), 3);
    assert_int_equal(counted(&result, "vpc", "resources_checked"), 0);
    assert_int_equal(named(&result, "sg-1")->status, CC_NON_COMPLIANT);
    assert_int_equal(named(&result, "sg-2")->status, CC_COMPLIANT);
    assert_int_equal(named(&result, "sg-3")->status, CC_NON_COMPLIANT);
}

static void each_kind_of_balancer_is_asked_for_what_it_has(void **state)
{
    static const char *const services[] = {"elb", NULL};
    struct fake *fake = *state;

    answer(fake, HOST("elasticloadbalancing"), "DescribeLoadBalancers&Version=2012-06-01",
           "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancerDescriptions>"
           "<member><LoadBalancerName>classic</LoadBalancerName><ListenerDescriptions><member>"
           "<Listener><Protocol>HTTPS</Protocol></Listener><PolicyNames><member>p</member>"
           "</PolicyNames></member></ListenerDescriptions></member><member><LoadBalancerName>plain"
           "</LoadBalancerName></member></LoadBalancerDescriptions></DescribeLoadBalancersResult>"
           "</DescribeLoadBalancersResponse>");
    answer(fake, HOST("elasticloadbalancing"), "DescribeLoadBalancers&Version=2015-12-01",
           "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers>"
           "<member><LoadBalancerArn>arn:app</LoadBalancerArn><LoadBalancerName>app"
           "</LoadBalancerName><Type>application</Type></member>"
           "<member><LoadBalancerArn>arn:gw</LoadBalancerArn><LoadBalancerName>gw"
           "</LoadBalancerName><Type>gateway</Type></member></LoadBalancers>"
           "</DescribeLoadBalancersResult></DescribeLoadBalancersResponse>");
    answer(fake, HOST("elasticloadbalancing"), "LoadBalancerName=classic",
           "<DescribeLoadBalancerPoliciesResponse><DescribeLoadBalancerPoliciesResult>"
           "<PolicyDescriptions><member><PolicyName>p</PolicyName>"
           "<PolicyTypeName>SSLNegotiationPolicyType</PolicyTypeName>"
           "<PolicyAttributeDescriptions><member><AttributeName>Protocol-TLSv1.2</AttributeName>"
           "<AttributeValue>true</AttributeValue></member></PolicyAttributeDescriptions></member>"
           "</PolicyDescriptions></DescribeLoadBalancerPoliciesResult>"
           "</DescribeLoadBalancerPoliciesResponse>");
    refuse(fake, HOST("elasticloadbalancing"), "LoadBalancerArn=arn%3Aapp",
           XML_ERROR("AccessDenied", "no"));
    const struct cc_posture_result result = survey_with(fake, &cc_assess_network, services);
    assert_int_equal(named(&result, "classic")->status, CC_COMPLIANT);
    assert_int_equal(named(&result, "plain")->status, CC_COMPLIANT);
    assert_int_equal(named(&result, "gw")->status, CC_COMPLIANT);
    assert_int_equal(named(&result, "app")->status, CC_COMPLIANCE_UNKNOWN);
    assert_int_equal(counted(&result, "elb", "resources_checked"), 2);
    assert_int_equal(counted(&result, "elbv2", "unknown_resources"), 1);
    assert_string_equal(result.errors[0].unread.missing_permission,
                        "elasticloadbalancing:DescribeListeners");
}

#define API(path)     HOST("apigateway") path
#define DISTRIBUTIONS "https://cloudfront.amazonaws.com/2020-05-31/distribution?MaxItems=100"

static void mappings_are_asked_for_domain_names_with_old_protocols_only(void **state)
{
    static const char *const services[] = {"apigateway", NULL};
    struct fake *fake = *state;

    answer(fake, API("restapis?limit=500"), NULL,
           "{\"item\":[{\"id\":\"a1\",\"disableExecuteApiEndpoint\":true}],\"position\":\"p2\"}");
    answer(fake, API("restapis?limit=500&position=p2"), NULL,
           "{\"item\":[{\"id\":\"a2\",\"disableExecuteApiEndpoint\":true}]}");
    answer(fake, API("domainnames?limit=500"), NULL,
           "{\"item\":[{\"domainName\":\"old.example\",\"securityPolicy\":\"TLS_1_0\"},"
           "{\"domainName\":\"new.example\",\"securityPolicy\":\"TLS_1_2\"}]}");
    answer(fake, API("domainnames/old.example/basepathmappings?limit=500"), NULL,
           "{\"item\":[{\"basePath\":\"(none)\",\"restApiId\":\"a2\"}]}");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_network, services);
    assert_int_equal(result.error_count, 0);
    assert_int_equal(named(&result, "a1")->status, CC_COMPLIANT);
    assert_int_equal(named(&result, "a2")->status, CC_NON_COMPLIANT);
    assert_int_equal(named(&result, "old.example")->status, CC_NON_COMPLIANT);
    assert_int_equal(named(&result, "new.example")->status, CC_COMPLIANT);
    assert_int_equal(counted(&result, "apigateway", "resources_checked"), 4);
}

static void cloudfront_is_checked_whatever_the_region_and_once(void **state)
{
    static const char *const services[] = {"cloudfront", NULL};
    struct fake *fake = *state;

    answer(fake, DISTRIBUTIONS, NULL,
           "<DistributionList><Marker></Marker><IsTruncated>false</IsTruncated><Items>"
           "<DistributionSummary><Id>E1</Id><ARN>arn:e1</ARN><DomainName>d.cloudfront.net"
           "</DomainName><DefaultCacheBehavior><ViewerProtocolPolicy>https-only"
           "</ViewerProtocolPolicy></DefaultCacheBehavior><ViewerCertificate>"
           "<MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>"
           "</DistributionSummary></Items></DistributionList>");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_network, services);
    assert_int_equal(named(&result, "E1")->status, CC_COMPLIANT);
    assert_string_equal(named(&result, "E1")->region, "global");
    place.first = false;
    place.region = "us-west-2";
    const struct cc_posture_result again = survey_of(fake, &cc_assess_network);
    assert_int_equal(again.counts.resources_checked, 0);
    assert_non_null(strstr(again.notes[0], "cloudfront is global"));
}

static void an_account_without_distributions_is_fine(void **state)
{
    static const char *const services[] = {"cloudfront", NULL};
    struct fake *fake = *state;

    answer(fake, DISTRIBUTIONS, NULL,
           "<DistributionList><IsTruncated>false</IsTruncated><Quantity>0</Quantity>"
           "</DistributionList>");
    const struct cc_posture_result result = survey_with(fake, &cc_assess_network, services);
    assert_int_equal(result.error_count, 0);
    assert_int_equal(counted(&result, "cloudfront", "resources_checked"), 0);
}

static void a_partition_without_cloudfront_has_no_distributions(void **state)
{
    static const char *const services[] = {"cloudfront", NULL};
    struct fake *fake = *state;

    begin_place(fake, services);
    place.partition = "aws-us-gov";
    place.region = "us-gov-west-1";
    const struct cc_posture_result result = survey_of(fake, &cc_assess_network);
    assert_int_equal(fake->sent_count, 0);
    assert_int_equal(result.error_count, 0);
    assert_false(result.head.partial);
    assert_string_equal(result.notes[0], "cloudfront is not offered here");
    assert_int_equal(counted(&result, "cloudfront", "resources_checked"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_prefix_list_is_read_once_and_groups_in_pages),
        IN_FAKE_WORLD(each_kind_of_balancer_is_asked_for_what_it_has),
        IN_FAKE_WORLD(mappings_are_asked_for_domain_names_with_old_protocols_only),
        IN_FAKE_WORLD(cloudfront_is_checked_whatever_the_region_and_once),
        IN_FAKE_WORLD(an_account_without_distributions_is_fine),
        IN_FAKE_WORLD(a_partition_without_cloudfront_has_no_distributions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
