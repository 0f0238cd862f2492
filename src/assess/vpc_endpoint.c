#include "credctl/base/text.h"

#include "types.h"

// clang-format off
static const struct cc_shape_field group_fields[] = {
    CC_ROW_AS("groupId", TEXT, struct cc_group_id, id, NULL, NULL), {0}};
static const struct cc_shape group_shape = {"group_id", group_fields, sizeof(struct cc_group_id)};

#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_vpc_endpoint, member, NULL, NULL, __VA_ARGS__)
static const struct cc_shape_field endpoint_fields[] = {
    ROW(TEXT, "vpcEndpointId", id),
    ROW(TEXT, "vpcEndpointType", type, .rules = CC_OMITTED),
    ROW(TEXT, "vpcId", vpc, .rules = CC_OMITTED),
    ROW(TEXT, "serviceName", service, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "privateDnsEnabled", private_dns, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("groupSet", struct cc_vpc_endpoint, groups, group_count, struct cc_group_id, &group_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape endpoint_shape = {"endpoint", endpoint_fields, sizeof(struct cc_vpc_endpoint)};
static const struct cc_shape_field endpoints_fields[] = {
    CC_ROW_LIST_AS("vpcEndpointSet", struct cc_vpc_endpoints, rows, count, struct cc_vpc_endpoint, &endpoint_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_vpc_endpoints_shape = {"endpoints", endpoints_fields, sizeof(struct cc_vpc_endpoints)};

struct checks {
    const char *endpoint_type;
    struct cc_maybe_flag private_dns_enabled;
    const char *const *security_groups;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(TEXT, struct checks, endpoint_type, NULL, "Interface, Gateway, GatewayLoadBalancer ...", .rules = CC_NULL),
    CC_ROW(MAYBE_FLAG, struct checks, private_dns_enabled, NULL, "the name of the service leads to it in the VPC"),
    CC_ROW(TEXTS, struct checks, security_groups, NULL, "their IDs"),
    {0},
};
static const struct cc_shape checks_shape = {"vpc_endpoint", checks_fields, sizeof(struct checks)};
// clang-format on

/* Only services of AWS have private DNS for every endpoint: that of an endpoint service of somebody
 * else exists when its owner has verified a domain. */
static bool is_of_aws(const char *service)
{
    return cc_text_starts(service, "com.amazonaws.") &&
           !cc_text_starts(service, "com.amazonaws.vpce.");
}

struct cc_resource cc_judge_vpc_endpoint(const struct cc_site *site,
                                         const struct cc_vpc_endpoint *endpoint)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_VPC_ENDPOINT, site->region);
    const bool interface = cc_text_equal(endpoint->type, "Interface");
    struct checks checks = {.endpoint_type = endpoint->type};

    resource.id = endpoint->id;
    resource.arn = cc_site_arn(site, "ec2", cc_textf(mem, "vpc-endpoint/%s", endpoint->id));
    resource.vpc_id = endpoint->vpc;
    resource.service = endpoint->service;
    resource.endpoint_type = endpoint->type;
    for (size_t i = 0; i < endpoint->group_count; i++) {
        cc_texts_add(mem, &checks.security_groups, endpoint->groups[i].id);
    }
    if (interface) {
        checks.private_dns_enabled = endpoint->private_dns;
    }
    if (interface && !endpoint->private_dns.known) {
        cc_resource_unknown(mem, &resource, "whether private DNS is enabled: it is not told");
    } else if (interface && !endpoint->private_dns.value && is_of_aws(endpoint->service)) {
        cc_resource_issue(mem, &resource, CC_RULE_ENDPOINT_DNS, NULL);
    }
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}
