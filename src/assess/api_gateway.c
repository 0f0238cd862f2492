#include "credctl/base/text.h"

#include "tls.h"
#include "types.h"

// clang-format off
#define API(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_rest_api, member, NULL, NULL, __VA_ARGS__)
static const struct cc_shape_field api_fields[] = {
    API(TEXT, "id", id),
    API(TEXT, "name", name, .rules = CC_OMITTED),
    API(TEXT, "securityPolicy", policy, .rules = CC_OMITTED),
    API(MAYBE_FLAG, "disableExecuteApiEndpoint", endpoint_off, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape api_shape = {"api", api_fields, sizeof(struct cc_rest_api)};
#define ITEMS(name, list, type, shape) \
    static const struct cc_shape_field name##_fields[] = { \
        CC_ROW_LIST_AS("item", list, rows, count, type, shape, NULL, NULL, .rules = CC_OMITTED), {0}}
ITEMS(apis, struct cc_rest_apis, struct cc_rest_api, &api_shape);
const struct cc_shape cc_rest_apis_shape = {"apis", apis_fields, sizeof(struct cc_rest_apis)};

#define DOMAIN(path, member, ...) \
    CC_ROW_AS(path, TEXT, struct cc_api_domain, member, NULL, NULL, __VA_ARGS__)
static const struct cc_shape_field domain_fields[] = {
    DOMAIN("domainName", name),
    DOMAIN("domainNameArn", arn, .rules = CC_OMITTED),
    DOMAIN("securityPolicy", policy, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape domain_shape = {"domain", domain_fields, sizeof(struct cc_api_domain)};
ITEMS(domains, struct cc_api_domains, struct cc_api_domain, &domain_shape);
const struct cc_shape cc_api_domains_shape = {"domains", domains_fields, sizeof(struct cc_api_domains)};

static const struct cc_shape_field mapping_fields[] = {
    CC_ROW_AS("restApiId", TEXT, struct cc_api_mapping, api, NULL, NULL, .rules = CC_OMITTED), {0}};
static const struct cc_shape mapping_shape = {"mapping", mapping_fields, sizeof(struct cc_api_mapping)};
ITEMS(mappings, struct cc_api_mappings, struct cc_api_mapping, &mapping_shape);
const struct cc_shape cc_api_mappings_shape = {"mappings", mappings_fields, sizeof(struct cc_api_mappings)};

struct old_domain {
    const char *name;
    const char *security_policy;
};
static const struct cc_shape_field old_fields[] = {
    CC_ROW(TEXT, struct old_domain, name, NULL, "the domain name"),
    CC_ROW(TEXT, struct old_domain, security_policy, NULL, "its security policy", .rules = CC_NULL),
    {0},
};
static const struct cc_shape old_shape = {"domain", old_fields, sizeof(struct old_domain)};
struct api_checks {
    bool https_enforced;
    const char *security_policy;
    const struct old_domain *domains;
    size_t domain_count;
};
static const struct cc_shape_field api_checks_fields[] = {
    CC_ROW(FLAG, struct api_checks, https_enforced, NULL, "always true: every stage of a REST API accepts HTTPS only"),
    CC_ROW(TEXT, struct api_checks, security_policy, NULL, "that of the default endpoint; null when it is not told", .rules = CC_NULL),
    CC_ROW_LIST(struct api_checks, domains, domain_count, struct old_domain, &old_shape, NULL, "custom domain names that lead to it and accept old protocols"),
    {0},
};
static const struct cc_shape api_checks_shape = {"api_gateway", api_checks_fields, sizeof(struct api_checks)};
struct domain_checks {
    const char *security_policy;
    const char *const *insecure_protocols;
};
static const struct cc_shape_field domain_checks_fields[] = {
    CC_ROW(TEXT, struct domain_checks, security_policy, NULL, "its security policy", .rules = CC_NULL),
    CC_ROW(TEXTS, struct domain_checks, insecure_protocols, NULL, "the old protocols that it accepts"),
    {0},
};
static const struct cc_shape domain_checks_shape = {"api_gateway_domain", domain_checks_fields, sizeof(struct domain_checks)};
// clang-format on

static unsigned old_of(const char *policy)
{
    const struct cc_tls_policy *known = cc_tls_policy(policy);

    return known ? known->old : 0;
}

bool cc_api_domain_is_old(const struct cc_api_domain *domain)
{
    return old_of(domain->policy) != 0;
}

/* API Gateway Developer Guide, "Security policies for REST APIs": the default endpoint has the
 * policy TLS_1_0 unless another one is chosen; for private APIs it is TLS_1_2. */
static void judge_endpoint(struct cc_arena *mem, struct cc_resource *resource,
                           const struct cc_rest_api *api)
{
    const bool is_off = api->endpoint_off.known && api->endpoint_off.value;

    if (!is_off && api->policy && !cc_tls_policy(api->policy)) {
        cc_resource_unknown(mem, resource,
                            cc_textf(mem,
                                     "which protocols the security policy %s of its default "
                                     "endpoint accepts: it is not known to this version",
                                     api->policy));
    } else if (!is_off && old_of(api->policy)) {
        cc_resource_issue(mem, resource, CC_RULE_API_TLS,
                          cc_textf(mem, "the default endpoint has %s", api->policy));
    } else if (!is_off && !api->policy) {
        cc_resource_note(mem, resource,
                         "the security policy of its default endpoint is not told; that of public "
                         "APIs is TLS_1_0 unless another one was chosen");
    }
}

struct cc_resource cc_judge_rest_api(const struct cc_site *site, const struct cc_rest_api *api,
                                     const struct cc_api_domain *const *domains)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_API_GATEWAY, site->region);
    struct api_checks checks = {.https_enforced = true, .security_policy = api->policy};
    size_t count = 0;

    resource.id = api->id;
    resource.name = api->name;
    resource.arn =
        cc_textf(mem, "arn:%s:apigateway:%s::/restapis/%s", site->partition, site->region, api->id);
    judge_endpoint(mem, &resource, api);
    while (domains && domains[count]) {
        count++;
    }
    struct old_domain *rows = cc_alloc(mem, (count + 1) * sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct old_domain){domains[i]->name, domains[i]->policy};
        cc_resource_issue(
            mem, &resource, CC_RULE_API_TLS,
            cc_textf(mem, "the domain name %s has %s", rows[i].name, rows[i].security_policy));
    }
    checks.domains = rows;
    checks.domain_count = count;
    cc_resource_checks(mem, &resource, &api_checks_shape, &checks);
    return resource;
}

struct cc_resource cc_judge_api_domain(const struct cc_site *site,
                                       const struct cc_api_domain *domain)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_API_DOMAIN, site->region);
    const struct domain_checks checks = {domain->policy, cc_tls_names(mem, old_of(domain->policy))};

    resource.name = domain->name;
    resource.arn = domain->arn ? domain->arn
                               : cc_textf(mem, "arn:%s:apigateway:%s::/domainnames/%s",
                                          site->partition, site->region, domain->name);
    if (!cc_tls_policy(domain->policy)) {
        cc_resource_unknown(mem, &resource,
                            domain->policy
                                ? cc_textf(mem,
                                           "which protocols the security policy %s accepts: it is "
                                           "not known to this version",
                                           domain->policy)
                                : "which protocols it accepts: its security policy is not told");
    } else if (cc_api_domain_is_old(domain)) {
        cc_resource_issue(mem, &resource, CC_RULE_API_TLS, domain->policy);
    }
    cc_resource_checks(mem, &resource, &domain_checks_shape, &checks);
    return resource;
}
