#include "credctl/base/text.h"

#include "balancer.h"

// clang-format off
static const struct cc_shape_field balancer_fields[] = {
    CC_ROW_AS("LoadBalancerArn", TEXT, struct cc_balancer, arn, NULL, NULL),
    CC_ROW_AS("LoadBalancerName", TEXT, struct cc_balancer, name, NULL, NULL),
    CC_ROW_AS("Type", TEXT, struct cc_balancer, type, NULL, NULL),
    {0},
};
static const struct cc_shape balancer_shape = {"balancer", balancer_fields, sizeof(struct cc_balancer)};
static const struct cc_shape_field balancers_fields[] = {
    CC_ROW_LIST_AS("LoadBalancers", struct cc_balancers, rows, count, struct cc_balancer, &balancer_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_balancers_shape = {"balancers", balancers_fields, sizeof(struct cc_balancers)};

static const struct cc_shape_field action_fields[] = {
    CC_ROW_AS("Type", TEXT, struct cc_listener_action, type, NULL, NULL),
    CC_ROW_AS("RedirectConfig/Protocol", TEXT, struct cc_listener_action, redirect, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape action_shape = {"action", action_fields, sizeof(struct cc_listener_action)};
static const struct cc_shape_field listener_fields[] = {
    CC_ROW_AS("ListenerArn", TEXT, struct cc_listener, arn, NULL, NULL),
    CC_ROW_AS("Protocol", TEXT, struct cc_listener, protocol, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_AS("Port", NUMBER, struct cc_listener, port, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_AS("SslPolicy", TEXT, struct cc_listener, policy, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("DefaultActions", struct cc_listener, actions, action_count, struct cc_listener_action, &action_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape listener_shape = {"listener", listener_fields, sizeof(struct cc_listener)};
static const struct cc_shape_field listeners_fields[] = {
    CC_ROW_LIST_AS("Listeners", struct cc_listeners, rows, count, struct cc_listener, &listener_shape, NULL, NULL),
    {0},
};
const struct cc_shape cc_listeners_shape = {"listeners", listeners_fields, sizeof(struct cc_listeners)};

struct checks {
    struct cc_listener_count listeners;
    const struct cc_listener_count *https_listeners;
    const struct cc_listener_count *tls_listeners;
    struct cc_maybe_flag all_listeners_secure;
    struct cc_policies_seen policies;
};
#define ALL_SECURE \
    CC_ROW(MAYBE_FLAG, struct checks, all_listeners_secure, NULL, "each uses TLS or redirects to HTTPS; null when it cannot be told")
#define POLICIES \
    CC_ROW_LIST_AS("ssl_policies", struct checks, policies.rows, policies.count, struct cc_offending_policy, &cc_offending_policy_shape, NULL, "policies that accept old protocols")
static const struct cc_shape_field application_fields[] = {
    CC_ROW_OBJECT(struct checks, https_listeners, struct cc_listener_count, &cc_listener_count_shape, NULL, "how many listeners are of HTTPS", .rules = CC_NULL),
    ALL_SECURE,
    POLICIES,
    {0},
};
static const struct cc_shape application_shape = {"application_load_balancer", application_fields, sizeof(struct checks)};
static const struct cc_shape_field network_fields[] = {
    CC_ROW_OBJECT(struct checks, tls_listeners, struct cc_listener_count, &cc_listener_count_shape, NULL, "how many listeners are of TLS", .rules = CC_NULL),
    POLICIES,
    {0},
};
static const struct cc_shape network_shape = {"network_load_balancer", network_fields, sizeof(struct checks)};
// clang-format on

static bool is_tls(const struct cc_listener *listener)
{
    return cc_text_equal(listener->protocol, "HTTPS") || cc_text_equal(listener->protocol, "TLS") ||
           cc_text_equal(listener->protocol, "QUIC");
}

/* The last action is the one that answers; those before it authenticate. */
static bool redirects(const struct cc_listener *listener)
{
    const struct cc_listener_action *last =
        listener->action_count > 0 ? &listener->actions[listener->action_count - 1] : NULL;

    return last && cc_text_equal(last->type, "redirect") && cc_text_equal(last->redirect, "HTTPS");
}

static void judge_policies(const struct cc_site *site, struct cc_resource *resource,
                           struct checks *checks, const struct cc_listeners *listeners)
{
    for (size_t i = 0; i < listeners->count; i++) {
        const struct cc_listener *listener = &listeners->rows[i];

        if (is_tls(listener)) {
            checks->listeners.count++;
            cc_policy_named(site, resource, &checks->policies,
                            (struct cc_offending_policy){.name = listener->policy,
                                                         .listener_arn = listener->arn});
        }
    }
    checks->listeners.total_listeners = (int)listeners->count;
}

static void judge_application(const struct cc_site *site, struct cc_resource *resource,
                              struct checks *checks, const struct cc_listeners *listeners)
{
    struct cc_arena *mem = &site->run->mem;
    const char *const *clear = NULL;

    checks->https_listeners = &checks->listeners;
    for (size_t i = 0; i < listeners->count; i++) {
        const struct cc_listener *listener = &listeners->rows[i];

        if (is_tls(listener)) {
            continue;
        }
        if (redirects(listener)) {
            cc_resource_note(mem, resource,
                             "an HTTP listener redirects to HTTPS by default; its other rules were "
                             "not read");
            continue;
        }
        cc_texts_add(mem, &clear,
                     cc_textf(mem, "%s %d", listener->protocol ? listener->protocol : "port",
                              listener->port));
    }
    checks->all_listeners_secure = (struct cc_maybe_flag){true, !clear};
    if (clear) {
        cc_resource_issue(mem, resource, CC_RULE_LB_CLEAR, cc_texts_joined(mem, clear));
    }
}

static void judge_network(const struct cc_site *site, struct cc_resource *resource,
                          struct checks *checks)
{
    checks->tls_listeners = &checks->listeners;
    if (checks->listeners.count < checks->listeners.total_listeners) {
        cc_resource_note(&site->run->mem, resource,
                         "TCP and UDP listeners pass on what they get: whether it is encrypted is "
                         "up to the targets");
    }
}

static enum cc_resource_type type_of(const struct cc_balancer *balancer)
{
    return cc_text_equal(balancer->type, "application") ? CC_RESOURCE_APPLICATION_LB
           : cc_text_equal(balancer->type, "network")   ? CC_RESOURCE_NETWORK_LB
                                                        : CC_RESOURCE_GATEWAY_LB;
}

struct cc_resource cc_judge_balancer(const struct cc_site *site, const struct cc_balancer *balancer,
                                     const struct cc_looked *looked,
                                     const struct cc_listeners *listeners)
{
    struct cc_arena *mem = &site->run->mem;
    const enum cc_resource_type type = type_of(balancer);
    struct cc_resource resource = cc_resource_new(type, site->region);
    struct checks checks = {0};

    resource.name = balancer->name;
    resource.arn = balancer->arn;
    if (type == CC_RESOURCE_GATEWAY_LB) {
        cc_resource_note(mem, &resource,
                         "a Gateway Load Balancer forwards packets to appliances: it has no "
                         "listeners for clients");
        return resource;
    }
    if (looked->state != CC_LOOKED_FOUND) {
        cc_resource_unknown(mem, &resource, cc_textf(mem, "its listeners: %s", looked->why));
        return resource;
    }
    judge_policies(site, &resource, &checks, listeners);
    if (type == CC_RESOURCE_APPLICATION_LB) {
        judge_application(site, &resource, &checks, listeners);
    } else {
        judge_network(site, &resource, &checks);
    }
    cc_resource_checks(mem, &resource,
                       type == CC_RESOURCE_NETWORK_LB ? &network_shape : &application_shape,
                       &checks);
    return resource;
}
