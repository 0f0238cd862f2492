#include "credctl/base/text.h"

#include "balancer.h"
#include "tls.h"

// clang-format off
static const struct cc_shape_field name_fields[] = {
    CC_ROW_AS(".", TEXT, struct cc_policy_name, name, NULL, NULL), {0}};
static const struct cc_shape name_shape = {"policy_name", name_fields, sizeof(struct cc_policy_name)};
static const struct cc_shape_field listener_fields[] = {
    CC_ROW_AS("Listener/Protocol", TEXT, struct cc_classic_listener, protocol, NULL, NULL),
    CC_ROW_AS("Listener/LoadBalancerPort", NUMBER, struct cc_classic_listener, port, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("PolicyNames", struct cc_classic_listener, policies, policy_count, struct cc_policy_name, &name_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape listener_shape = {"listener", listener_fields, sizeof(struct cc_classic_listener)};
static const struct cc_shape_field balancer_fields[] = {
    CC_ROW_AS("LoadBalancerName", TEXT, struct cc_classic_balancer, name, NULL, NULL),
    CC_ROW_AS("Scheme", TEXT, struct cc_classic_balancer, scheme, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("ListenerDescriptions", struct cc_classic_balancer, listeners, listener_count, struct cc_classic_listener, &listener_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape balancer_shape = {"balancer", balancer_fields, sizeof(struct cc_classic_balancer)};
static const struct cc_shape_field balancers_fields[] = {
    CC_ROW_LIST_AS("LoadBalancerDescriptions", struct cc_classic_balancers, rows, count, struct cc_classic_balancer, &balancer_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_classic_balancers_shape = {"balancers", balancers_fields, sizeof(struct cc_classic_balancers)};

static const struct cc_shape_field attribute_fields[] = {
    CC_ROW_AS("AttributeName", TEXT, struct cc_policy_attribute, name, NULL, NULL),
    CC_ROW_AS("AttributeValue", TEXT, struct cc_policy_attribute, value, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape attribute_shape = {"attribute", attribute_fields, sizeof(struct cc_policy_attribute)};
static const struct cc_shape_field policy_fields[] = {
    CC_ROW_AS("PolicyName", TEXT, struct cc_classic_policy, name, NULL, NULL),
    CC_ROW_AS("PolicyTypeName", TEXT, struct cc_classic_policy, type, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("PolicyAttributeDescriptions", struct cc_classic_policy, attributes, attribute_count, struct cc_policy_attribute, &attribute_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape policy_shape = {"policy", policy_fields, sizeof(struct cc_classic_policy)};
static const struct cc_shape_field policies_fields[] = {
    CC_ROW_LIST_AS("PolicyDescriptions", struct cc_classic_policies, rows, count, struct cc_classic_policy, &policy_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_classic_policies_shape = {"policies", policies_fields, sizeof(struct cc_classic_policies)};

struct checks {
    struct cc_listener_count listeners;
    const struct cc_listener_count *https_listeners;
    struct cc_maybe_flag all_listeners_secure;
    struct cc_policies_seen policies;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW_OBJECT(struct checks, https_listeners, struct cc_listener_count, &cc_listener_count_shape, NULL, "how many listeners are of HTTPS or SSL"),
    CC_ROW(MAYBE_FLAG, struct checks, all_listeners_secure, NULL, "null when TCP listeners pass on what they get"),
    CC_ROW_LIST_AS("ssl_policies", struct checks, policies.rows, policies.count, struct cc_offending_policy, &cc_offending_policy_shape, NULL, "policies that accept old protocols"),
    {0},
};
static const struct cc_shape checks_shape = {"classic_load_balancer", checks_fields, sizeof(struct checks)};
// clang-format on

static bool is_tls(const struct cc_classic_listener *listener)
{
    return cc_text_equal_nocase(listener->protocol, "HTTPS") ||
           cc_text_equal_nocase(listener->protocol, "SSL");
}

bool cc_classic_has_tls(const struct cc_classic_balancer *balancer)
{
    for (size_t i = 0; i < balancer->listener_count; i++) {
        if (is_tls(&balancer->listeners[i])) {
            return true;
        }
    }
    return false;
}

static const char *attribute(const struct cc_classic_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->attribute_count; i++) {
        if (cc_text_equal(policy->attributes[i].name, name)) {
            return policy->attributes[i].value;
        }
    }
    return NULL;
}

/* What the policy itself says counts; one that says only which predefined policy it refers to is
 * that policy. */
static void judge_policy(const struct cc_site *site, struct cc_resource *resource,
                         struct cc_policies_seen *seen, const struct cc_classic_policy *policy)
{
    static const struct {
        const char *name;
        unsigned protocol;
    } rows[] = {{"Protocol-SSLv3", CC_SSL3},
                {"Protocol-TLSv1", CC_TLS1_0},
                {"Protocol-TLSv1.1", CC_TLS1_1},
                {"Protocol-TLSv1.2", 0}};
    const char *reference = attribute(policy, "Reference-Security-Policy");
    unsigned old = 0;
    bool told = false;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *value = attribute(policy, rows[i].name);

        told = told || value;
        old |= cc_text_is_true(value) ? rows[i].protocol : 0;
    }
    const struct cc_offending_policy row = {.name = reference ? reference : policy->name};
    if (told) {
        cc_policy_seen(site, resource, seen, row, old);
    } else {
        cc_policy_named(site, resource, seen, row);
    }
}

static const struct cc_classic_policy *policy_named(const struct cc_classic_policies *policies,
                                                    const char *name)
{
    for (size_t i = 0; i < policies->count; i++) {
        if (cc_text_equal(policies->rows[i].name, name)) {
            return &policies->rows[i];
        }
    }
    return NULL;
}

static void judge_listener(const struct cc_site *site, struct cc_resource *resource,
                           struct checks *checks, const struct cc_classic_listener *listener,
                           const struct cc_classic_policies *policies)
{
    for (size_t i = 0; i < listener->policy_count; i++) {
        const struct cc_classic_policy *policy = policy_named(policies, listener->policies[i].name);

        /* A listener also has policies for stickiness. */
        if (policy && cc_text_equal(policy->type, "SSLNegotiationPolicyType")) {
            judge_policy(site, resource, &checks->policies, policy);
            return;
        }
    }
    cc_resource_unknown(
        &site->run->mem, resource,
        cc_textf(&site->run->mem,
                 "which protocols the listener of port %d accepts: it names no security policy",
                 listener->port));
}

static void judge_protocols(const struct cc_site *site, const struct cc_classic_balancer *balancer,
                            struct cc_resource *resource, struct checks *checks)
{
    struct cc_arena *mem = &site->run->mem;
    int clear = 0;
    int passed = 0;

    for (size_t i = 0; i < balancer->listener_count; i++) {
        const bool tls = is_tls(&balancer->listeners[i]);
        const bool http = cc_text_equal_nocase(balancer->listeners[i].protocol, "HTTP");

        checks->listeners.count += tls;
        clear += http;
        passed += !tls && !http;
    }
    checks->listeners.total_listeners = (int)balancer->listener_count;
    checks->all_listeners_secure = (struct cc_maybe_flag){clear > 0 || passed == 0, clear == 0};
    if (clear > 0) {
        cc_resource_issue(mem, resource, CC_RULE_LB_CLEAR,
                          cc_textf(mem, "%d of %zu, with HTTP", clear, balancer->listener_count));
    }
    if (passed > 0) {
        cc_resource_note(mem, resource,
                         "TCP listeners pass on what they get: whether it is encrypted is up to "
                         "the instances");
    }
}

struct cc_resource cc_judge_classic_balancer(const struct cc_site *site,
                                             const struct cc_classic_balancer *balancer,
                                             const struct cc_looked *looked,
                                             const struct cc_classic_policies *policies)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_CLASSIC_LB, site->region);
    struct checks checks = {.https_listeners = &checks.listeners};

    resource.name = balancer->name;
    resource.arn =
        cc_site_arn(site, "elasticloadbalancing", cc_textf(mem, "loadbalancer/%s", balancer->name));
    judge_protocols(site, balancer, &resource, &checks);
    if (cc_classic_has_tls(balancer) && looked->state != CC_LOOKED_FOUND) {
        cc_resource_unknown(mem, &resource,
                            cc_textf(mem, "its security policies: %s", looked->why));
    }
    for (size_t i = 0; i < balancer->listener_count && looked->state == CC_LOOKED_FOUND; i++) {
        if (is_tls(&balancer->listeners[i])) {
            judge_listener(site, &resource, &checks, &balancer->listeners[i], policies);
        }
    }
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}
