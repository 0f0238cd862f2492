#include "../../src/assess/tls.h"
#include "assess_support.h"

/* --- security policies */

static void newer_policies_of_tls_are_good_and_old_protocols_are_named(void **state)
{
    static const struct {
        const char *name;
        unsigned old;
    } rows[] = {
        {"ELBSecurityPolicy-TLS13-1-2-2021-06", 0},
        {"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", 0},
        {"ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04", 0},
        {"ELBSecurityPolicy-FS-1-2-Res-2020-10", 0},
        {"ELBSecurityPolicy-TLS-1-2-2017-01", 0},
        {"ELBSecurityPolicy-TLS13-1-1-2021-06", CC_TLS1_1},
        {"ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", CC_TLS1_0 | CC_TLS1_1},
        {"ELBSecurityPolicy-2016-08", CC_TLS1_0 | CC_TLS1_1},
        {"ELBSecurityPolicy-2014-01", CC_SSL3 | CC_TLS1_0 | CC_TLS1_1},
        {"TLSv1.2_2021", 0},
        {"TLSv1.3_2025", 0},
        {"TLSv1.1_2016", CC_TLS1_1},
        {"TLS_1_0", CC_TLS1_0},
        {"SecurityPolicy_TLS13_1_3_2025_09", 0},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_non_null(cc_tls_policy(rows[i].name));
        assert_int_equal(cc_tls_policy(rows[i].name)->old, rows[i].old);
    }
    assert_null(cc_tls_policy("ELBSecurityPolicy-TLS14-2031-01"));
    assert_null(cc_tls_policy(""));
    assert_null(cc_tls_policy(NULL));
    assert_string_equal(
        cc_texts_joined(&fake->run.mem, cc_tls_names(&fake->run.mem, CC_SSL3 | CC_TLS1_1)),
        "SSLv3, TLSv1.1");
    assert_string_equal(cc_texts_joined(&fake->run.mem, cc_tls_names(&fake->run.mem, 0)), "");
}

/* --- Classic Load Balancers */

#define LISTENER(protocol, port, policies)                                       \
    "<member><Listener><Protocol>" protocol "</Protocol><LoadBalancerPort>" port \
    "</LoadBalancerPort></Listener><PolicyNames>" policies "</PolicyNames></member>"
#define NAMED(name) "<member>" name "</member>"
#define CLASSIC(listeners)                                             \
    "<DescribeLoadBalancersResult><LoadBalancerDescriptions><member>"  \
    "<LoadBalancerName>lb</LoadBalancerName><Scheme>internal</Scheme>" \
    "<ListenerDescriptions>" listeners "</ListenerDescriptions>"       \
    "</member></LoadBalancerDescriptions></DescribeLoadBalancersResult>"
#define ATTRIBUTE(name, value)                                              \
    "<member><AttributeName>" name "</AttributeName><AttributeValue>" value \
    "</AttributeValue></member>"
#define POLICY(name, type, attributes)                               \
    "<member><PolicyName>" name "</PolicyName><PolicyTypeName>" type \
    "</PolicyTypeName><PolicyAttributeDescriptions>" attributes      \
    "</PolicyAttributeDescriptions></member>"
#define SSL_POLICY(name, attributes) POLICY(name, "SSLNegotiationPolicyType", attributes)
#define POLICIES(rows)               "<R><PolicyDescriptions>" rows "</PolicyDescriptions></R>"

static struct cc_resource classic(struct fake *fake, const char *page, const char *policies)
{
    const struct cc_site site = site_of(fake);
    const struct cc_looked denied = {CC_LOOKED_UNKNOWN,
                                     "elasticloadbalancing:DescribeLoadBalancerPolicies is denied"};
    const struct cc_looked found = {CC_LOOKED_FOUND, NULL};
    struct cc_classic_balancers balancers = {0};
    struct cc_classic_policies list = {0};

    assert_true(page_read(fake, page, &cc_classic_balancers_shape, &balancers));
    assert_true(!policies || page_read(fake, policies, &cc_classic_policies_shape, &list));
    return cc_judge_classic_balancer(&site, &balancers.rows[0], policies ? &found : &denied, &list);
}

static void a_classic_balancer_is_judged_by_its_own_policy(void **state)
{
    static const struct {
        const char *policies;
        enum cc_compliance status;
        const char *says;
    } rows[] = {
        {POLICIES(SSL_POLICY("p", ATTRIBUTE("Protocol-TLSv1", "false")
                                      ATTRIBUTE("Protocol-TLSv1.2", "true"))
                      POLICY("sticky", "LBCookieStickinessPolicyType", "")),
         CC_COMPLIANT, ""},
        {POLICIES(SSL_POLICY("p", ATTRIBUTE("Protocol-SSLv3", "true")
                                      ATTRIBUTE("Protocol-TLSv1", "true"))),
         CC_NON_COMPLIANT, "p accepts SSLv3, TLSv1"},
        {POLICIES(SSL_POLICY(
             "p", ATTRIBUTE("Reference-Security-Policy", "ELBSecurityPolicy-TLS-1-2-2017-01"))),
         CC_COMPLIANT, ""},
        {POLICIES(
             SSL_POLICY("p", ATTRIBUTE("Reference-Security-Policy", "ELBSecurityPolicy-2016-08"))),
         CC_NON_COMPLIANT, "ELBSecurityPolicy-2016-08 accepts TLSv1, TLSv1.1"},
        {POLICIES(SSL_POLICY("p", ATTRIBUTE("Reference-Security-Policy", "of-tomorrow"))),
         CC_COMPLIANCE_UNKNOWN, "of-tomorrow"},
        {POLICIES(SSL_POLICY("another", "")), CC_COMPLIANCE_UNKNOWN, "names no security policy"},
        {NULL, CC_COMPLIANCE_UNKNOWN, "DescribeLoadBalancerPolicies"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_resource resource =
            classic(*state, CLASSIC(LISTENER("HTTPS", "443", NAMED("sticky") NAMED("p"))),
                    rows[i].policies);

        assert_status(&resource, rows[i].status);
        assert_true(rows[i].status == CC_COMPLIANT || has(resource.issues, rows[i].says) ||
                    has(resource.unknowns, rows[i].says));
        assert_int_equal(cJSON_GetArraySize(check_of(&resource, "ssl_policies")),
                         rows[i].status == CC_NON_COMPLIANT);
    }
}

static void http_of_a_classic_balancer_is_an_issue_and_tcp_is_not(void **state)
{
    struct cc_resource http =
        classic(*state, CLASSIC(LISTENER("HTTP", "80", "") LISTENER("tcp", "25", "")), NULL);
    struct cc_resource tcp = classic(*state, CLASSIC(LISTENER("TCP", "443", "")), NULL);
    struct cc_resource none = classic(*state, CLASSIC(""), NULL);

    assert_status(&http, CC_NON_COMPLIANT);
    assert_string_equal(http.rules[0], "load_balancer.plaintext");
    assert_true(cJSON_IsFalse(check_of(&http, "all_listeners_secure")));
    assert_status(&tcp, CC_COMPLIANT);
    assert_true(has(tcp.notes, "up to the instances"));
    assert_null(check_of(&tcp, "all_listeners_secure"));
    assert_status(&none, CC_COMPLIANT);
    assert_true(cJSON_IsTrue(check_of(&none, "all_listeners_secure")));
}

/* --- Application, Network and Gateway Load Balancers */

#define V2(type)                                                          \
    "<R><LoadBalancers><member><LoadBalancerArn>arn:lb</LoadBalancerArn>" \
    "<LoadBalancerName>lb</LoadBalancerName><Type>" type "</Type></member></LoadBalancers></R>"
#define LISTENER2(protocol, port, rest)                                                    \
    "<member><ListenerArn>arn:l</ListenerArn><Protocol>" protocol "</Protocol><Port>" port \
    "</Port>" rest "</member>"
#define LISTENERS(rows) "<R><Listeners>" rows "</Listeners></R>"
#define WITH(policy)    "<SslPolicy>" policy "</SslPolicy>"
#define REDIRECT(protocol)                                                             \
    "<DefaultActions><member><Type>redirect</Type><RedirectConfig><Protocol>" protocol \
    "</Protocol></RedirectConfig></member></DefaultActions>"
#define FORWARD "<DefaultActions><member><Type>forward</Type></member></DefaultActions>"

static struct cc_resource balancer(struct fake *fake, const char *page, const char *listeners)
{
    const struct cc_site site = site_of(fake);
    const struct cc_looked denied = {CC_LOOKED_UNKNOWN,
                                     "elasticloadbalancing:DescribeListeners is denied"};
    const struct cc_looked found = {CC_LOOKED_FOUND, NULL};
    struct cc_balancers balancers = {0};
    struct cc_listeners list = {0};

    assert_true(page_read(fake, page, &cc_balancers_shape, &balancers));
    assert_true(!listeners || page_read(fake, listeners, &cc_listeners_shape, &list));
    return cc_judge_balancer(&site, &balancers.rows[0], listeners ? &found : &denied, &list);
}

static void listeners_of_new_balancers_are_judged(void **state)
{
    static const struct {
        const char *type;
        const char *listeners;
        enum cc_compliance status;
        const char *says;
    } rows[] = {
        {V2("application"),
         LISTENERS(LISTENER2("HTTPS", "443", WITH("ELBSecurityPolicy-TLS13-1-2-2021-06"))),
         CC_COMPLIANT, ""},
        {V2("application"),
         LISTENERS(LISTENER2("HTTPS", "443", WITH("ELBSecurityPolicy-TLS13-1-0-2021-06"))),
         CC_NON_COMPLIANT, "TLSv1, TLSv1.1"},
        {V2("application"),
         LISTENERS(LISTENER2("HTTPS", "443", WITH("ELBSecurityPolicy-TLS14-2031"))),
         CC_COMPLIANCE_UNKNOWN, "TLS14-2031"},
        {V2("application"), LISTENERS(LISTENER2("HTTPS", "443", "")), CC_COMPLIANCE_UNKNOWN,
         "not told"},
        {V2("application"), LISTENERS(LISTENER2("HTTP", "80", REDIRECT("HTTPS"))), CC_COMPLIANT,
         ""},
        {V2("application"), LISTENERS(LISTENER2("HTTP", "80", REDIRECT("HTTP"))), CC_NON_COMPLIANT,
         "HTTP 80"},
        {V2("application"), LISTENERS(LISTENER2("HTTP", "8080", FORWARD)), CC_NON_COMPLIANT,
         "HTTP 8080"},
        {V2("application"), NULL, CC_COMPLIANCE_UNKNOWN, "DescribeListeners"},
        {V2("network"),
         LISTENERS(LISTENER2("TLS", "443", WITH("ELBSecurityPolicy-TLS13-1-3-2021-06"))
                       LISTENER2("TCP", "80", FORWARD)),
         CC_COMPLIANT, ""},
        {V2("network"), LISTENERS(LISTENER2("TLS", "443", WITH("ELBSecurityPolicy-2015-05"))),
         CC_NON_COMPLIANT, "ELBSecurityPolicy-2015-05"},
        {V2("gateway"), NULL, CC_COMPLIANT, ""},
        {V2("network"), LISTENERS(""), CC_COMPLIANT, ""},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const struct cc_resource resource = balancer(*state, rows[i].type, rows[i].listeners);

        assert_status(&resource, rows[i].status);
        assert_true(rows[i].status == CC_COMPLIANT || has(resource.issues, rows[i].says) ||
                    has(resource.unknowns, rows[i].says));
    }
}

static void the_remedy_never_names_an_older_policy(void **state)
{
    const struct cc_resource resource =
        balancer(*state, V2("application"),
                 LISTENERS(LISTENER2("HTTPS", "443", WITH("ELBSecurityPolicy-2016-08"))));

    assert_true(has(resource.remediation, "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"));
    assert_int_equal(cc_tls_policy("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")->old, 0);
}

static void the_type_of_a_balancer_is_kept(void **state)
{
    assert_int_equal(balancer(*state, V2("application"), NULL).type, CC_RESOURCE_APPLICATION_LB);
    assert_int_equal(balancer(*state, V2("network"), NULL).type, CC_RESOURCE_NETWORK_LB);
    assert_int_equal(balancer(*state, V2("gateway"), NULL).type, CC_RESOURCE_GATEWAY_LB);
    assert_string_equal(cc_resource_key(CC_RESOURCE_NETWORK_LB), "elbv2");
    assert_string_equal(cc_resource_key(CC_RESOURCE_CLASSIC_LB), "elb");
}

/* --- VPC endpoints */

static void only_interface_endpoints_of_aws_need_private_dns(void **state)
{
    static const struct {
        const char *type;
        const char *service;
        const char *dns;
        enum cc_compliance status;
    } rows[] = {
        {"Interface", "com.amazonaws." REGION ".sts", "true", CC_COMPLIANT},
        {"Interface", "com.amazonaws." REGION ".sts", "false", CC_NON_COMPLIANT},
        {"Interface", "com.amazonaws.vpce." REGION ".vpce-svc-1", "false", CC_COMPLIANT},
        {"Gateway", "com.amazonaws." REGION ".s3", "false", CC_COMPLIANT},
    };
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_vpc_endpoints list = {0};

        assert_true(page_read(
            fake,
            cc_textf(&fake->mem,
                     "<R><vpcEndpointSet><item><vpcEndpointId>vpce-1</vpcEndpointId>"
                     "<vpcEndpointType>%s</vpcEndpointType><serviceName>%s</serviceName>"
                     "<privateDnsEnabled>%s</privateDnsEnabled><groupSet><item><groupId>sg-1"
                     "</groupId></item></groupSet></item></vpcEndpointSet></R>",
                     rows[i].type, rows[i].service, rows[i].dns),
            &cc_vpc_endpoints_shape, &list));
        const struct cc_resource resource = cc_judge_vpc_endpoint(&site, &list.rows[0]);
        assert_status(&resource, rows[i].status);
        assert_string_equal(resource.service, rows[i].service);
        assert_string_equal(check_of(&resource, "security_groups")->child->valuestring, "sg-1");
    }
}

/* --- API Gateway */

static void stages_always_have_https_and_new_policies_are_good(void **state)
{
    static const struct {
        const char *api;
        enum cc_compliance status;
    } rows[] = {
        {"{\"id\":\"a\",\"name\":\"x\"}", CC_COMPLIANT},
        {"{\"id\":\"a\",\"securityPolicy\":\"SecurityPolicy_TLS13_1_3_2025_09\"}", CC_COMPLIANT},
        {"{\"id\":\"a\",\"securityPolicy\":\"TLS_1_0\"}", CC_NON_COMPLIANT},
        {"{\"id\":\"a\",\"securityPolicy\":\"TLS_1_0\",\"disableExecuteApiEndpoint\":true}",
         CC_COMPLIANT},
        {"{\"id\":\"a\",\"securityPolicy\":\"SecurityPolicy_TLS14\"}", CC_COMPLIANCE_UNKNOWN},
    };
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_rest_apis list = {0};

        assert_true(page_read(fake, cc_textf(&fake->mem, "{\"item\":[%s]}", rows[i].api),
                              &cc_rest_apis_shape, &list));
        const struct cc_resource resource = cc_judge_rest_api(&site, &list.rows[0], NULL);
        assert_status(&resource, rows[i].status);
        assert_true(cJSON_IsTrue(check_of(&resource, "https_enforced")));
        assert_string_equal(resource.arn, "arn:aws:apigateway:" REGION "::/restapis/a");
    }
}

static void a_domain_name_with_old_protocols_offends_with_its_apis(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);
    const struct cc_rest_api api = {.id = "a", .endpoint_off = {true, true}};
    struct cc_api_domains list = {0};

    assert_true(page_read(fake,
                          "{\"item\":[{\"domainName\":\"old.example\",\"securityPolicy\":"
                          "\"TLS_1_0\"},{\"domainName\":\"new.example\",\"securityPolicy\":"
                          "\"SecurityPolicy_TLS13_2025_EDGE\"},{\"domainName\":\"x.example\"}]}",
                          &cc_api_domains_shape, &list));
    const struct cc_api_domain *const domains[] = {&list.rows[0], NULL};
    struct cc_resource behind = cc_judge_rest_api(&site, &api, domains);
    struct cc_resource old = cc_judge_api_domain(&site, &list.rows[0]);
    struct cc_resource good = cc_judge_api_domain(&site, &list.rows[1]);
    struct cc_resource mute = cc_judge_api_domain(&site, &list.rows[2]);
    assert_true(cc_api_domain_is_old(&list.rows[0]));
    assert_false(cc_api_domain_is_old(&list.rows[1]));
    assert_status(&behind, CC_NON_COMPLIANT);
    assert_true(has(behind.issues, "old.example has TLS_1_0"));
    assert_string_equal(
        cJSON_GetObjectItem(check_of(&behind, "domains")->child, "name")->valuestring,
        "old.example");
    assert_status(&old, CC_NON_COMPLIANT);
    assert_status(&good, CC_COMPLIANT);
    assert_status(&mute, CC_COMPLIANCE_UNKNOWN);
}

static void an_account_without_apis_has_an_empty_list(void **state)
{
    struct cc_rest_apis list = {0};

    assert_true(page_read(*state, "{}", &cc_rest_apis_shape, &list));
    assert_int_equal(list.count, 0);
}

/* --- CloudFront */

#define EDGE(policy, certificate, behaviors, origins)                                               \
    "<DistributionList><Items><DistributionSummary><Id>E1</Id>"                                     \
    "<ARN>arn:aws:cloudfront::" ACCOUNT ":distribution/E1</ARN>"                                    \
    "<DomainName>d1.cloudfront.net</DomainName><DefaultCacheBehavior><ViewerProtocolPolicy>" policy \
    "</ViewerProtocolPolicy></DefaultCacheBehavior><ViewerCertificate>" certificate                 \
    "</ViewerCertificate><CacheBehaviors><Quantity>1</Quantity><Items>" behaviors                   \
    "</Items></CacheBehaviors><Origins><Items>" origins                                             \
    "</Items></Origins></DistributionSummary></Items></DistributionList>"
#define MINIMUM(version)                                                 \
    "<CloudFrontDefaultCertificate>false</CloudFrontDefaultCertificate>" \
    "<MinimumProtocolVersion>" version "</MinimumProtocolVersion>"
#define BEHAVIOR(path, policy)                                                        \
    "<CacheBehavior><PathPattern>" path "</PathPattern><ViewerProtocolPolicy>" policy \
    "</ViewerProtocolPolicy></CacheBehavior>"
#define ORIGIN(domain, rest) \
    "<Origin><Id>o</Id><DomainName>" domain "</DomainName>" rest "</Origin>"
#define S3 "b.s3.eu-central-1.amazonaws.com"
#define CONTROL(id)                                                                               \
    "<OriginAccessControlId>" id "</OriginAccessControlId><S3OriginConfig><OriginAccessIdentity>" \
    "</OriginAccessIdentity></S3OriginConfig>"

static void a_distribution_is_judged_with_all_its_behaviors_and_origins(void **state)
{
    static const struct {
        const char *page;
        const char *rule; /* NULL: compliant */
        const char *says;
    } rows[] = {
        {EDGE("https-only", MINIMUM("TLSv1.3_2025"), "", ORIGIN(S3, CONTROL("E2"))), NULL, ""},
        {EDGE("redirect-to-https", MINIMUM("TLSv1.2_2021"), BEHAVIOR("/a", "https-only"), ""), NULL,
         ""},
        {EDGE("https-only", MINIMUM("TLSv1.2_2021"), BEHAVIOR("/img/*", "allow-all"), ""),
         "cloudfront.viewer_http", "/img/*"},
        {EDGE("allow-all", MINIMUM("TLSv1.2_2021"), "", ""), "cloudfront.viewer_http",
         "Default (*)"},
        {EDGE("https-only", MINIMUM("TLSv1_2016"), "", ""), "cloudfront.tls_policy", "TLSv1_2016"},
        {EDGE("https-only",
              "<CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate>"
              "<MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>",
              "", ""),
         "cloudfront.tls_policy", "certificate of cloudfront.net"},
        {EDGE("https-only", MINIMUM("TLSv1.2_2021"), "", ORIGIN(S3, CONTROL(""))),
         "cloudfront.s3_origin", "o"},
        {EDGE("https-only", MINIMUM("TLSv1.2_2021"), "",
              ORIGIN(S3, "<S3OriginConfig><OriginAccessIdentity>origin-access-identity/x"
                         "</OriginAccessIdentity></S3OriginConfig>")),
         NULL, ""},
        {EDGE("https-only", MINIMUM("TLSv1.2_2021"), "",
              ORIGIN("my-s3-proxy.example", "<CustomOriginConfig><OriginProtocolPolicy>https-only"
                                            "</OriginProtocolPolicy></CustomOriginConfig>")),
         NULL, ""},
    };
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_distributions list = {0};

        assert_true(page_read(fake, rows[i].page, &cc_distributions_shape, &list));
        const struct cc_resource resource = cc_judge_distribution(&site, &list.rows[0]);
        assert_status(&resource, rows[i].rule ? CC_NON_COMPLIANT : CC_COMPLIANT);
        assert_true(!rows[i].rule ||
                    (has(resource.rules, rows[i].rule) && has(resource.issues, rows[i].says)));
        assert_string_equal(resource.arn, "arn:aws:cloudfront::" ACCOUNT ":distribution/E1");
        assert_string_equal(resource.region, "global");
    }
}

static void an_unknown_policy_of_a_distribution_is_unknown(void **state)
{
    struct fake *fake = *state;
    const struct cc_site site = site_of(fake);
    struct cc_distributions list = {0};

    assert_true(page_read(fake, EDGE("https-only", MINIMUM("TLSv1.4_2031"), "", ""),
                          &cc_distributions_shape, &list));
    const struct cc_resource resource = cc_judge_distribution(&site, &list.rows[0]);
    assert_status(&resource, CC_COMPLIANCE_UNKNOWN);
    assert_true(has(resource.unknowns, "TLSv1.4_2031"));
}

static void answers_of_another_form_are_refused(void **state)
{
    static const struct {
        const char *page;
        const struct cc_shape *shape;
        const char *lacks;
    } rows[] = {
        {"<R/>", &cc_groups_shape, "securityGroupInfo"},
        {"<R><securityGroupInfo>text</securityGroupInfo></R>", &cc_groups_shape,
         "securityGroupInfo"},
        {"<R><securityGroupInfo><item><groupId>g</groupId><ipPermissions><item/></ipPermissions>"
         "</item></securityGroupInfo></R>",
         &cc_groups_shape, "ipProtocol"},
        {V2(""), &cc_balancers_shape, "Type"},
        {LISTENERS(LISTENER2("HTTP", "x", "")), &cc_listeners_shape, "Port"},
        {"{\"item\":{\"id\":\"a\"}}", &cc_rest_apis_shape, "item"},
        {"{\"item\":[{}]}", &cc_rest_apis_shape, "id"},
        {"<DistributionList><Items><DistributionSummary/></Items></DistributionList>",
         &cc_distributions_shape, "Id"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        void *to = cc_alloc(&fake->run.mem, rows[i].shape->size);

        assert_false(page_read(fake, rows[i].page, rows[i].shape, to));
        assert_int_equal(page_error.code, CC_E_BAD_ANSWER);
        assert_non_null(strstr(page_error.why, rows[i].lacks));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(newer_policies_of_tls_are_good_and_old_protocols_are_named),
        IN_FAKE_WORLD(a_classic_balancer_is_judged_by_its_own_policy),
        IN_FAKE_WORLD(http_of_a_classic_balancer_is_an_issue_and_tcp_is_not),
        IN_FAKE_WORLD(listeners_of_new_balancers_are_judged),
        IN_FAKE_WORLD(the_remedy_never_names_an_older_policy),
        IN_FAKE_WORLD(the_type_of_a_balancer_is_kept),
        IN_FAKE_WORLD(only_interface_endpoints_of_aws_need_private_dns),
        IN_FAKE_WORLD(stages_always_have_https_and_new_policies_are_good),
        IN_FAKE_WORLD(a_domain_name_with_old_protocols_offends_with_its_apis),
        IN_FAKE_WORLD(an_account_without_apis_has_an_empty_list),
        IN_FAKE_WORLD(a_distribution_is_judged_with_all_its_behaviors_and_origins),
        IN_FAKE_WORLD(an_unknown_policy_of_a_distribution_is_unknown),
        IN_FAKE_WORLD(answers_of_another_form_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
