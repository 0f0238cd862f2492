#ifndef CREDCTL_ASSESS_BALANCER_H
#define CREDCTL_ASSESS_BALANCER_H

/* What the checks of all load balancers have in common. */

#include "types.h"

struct cc_listener_count {
    int count; /* with TLS */
    int total_listeners;
};
extern const struct cc_shape cc_listener_count_shape;

/* A security policy that offends. */
struct cc_offending_policy {
    const char *name;
    const char *listener_arn; /* NULL: of a Classic Load Balancer */
    const char *const *insecure_protocols;
};
extern const struct cc_shape cc_offending_policy_shape;

/* Policies that were looked at. */
struct cc_policies_seen {
    const struct cc_offending_policy *rows;
    size_t count;
};

/* Adds an issue when old protocols are accepted. */
void cc_policy_seen(const struct cc_site *site, struct cc_resource *resource,
                    struct cc_policies_seen *seen, struct cc_offending_policy policy, unsigned old);
/* The same for a predefined policy of that name; unknown when there is none. */
void cc_policy_named(const struct cc_site *site, struct cc_resource *resource,
                     struct cc_policies_seen *seen, struct cc_offending_policy policy);

#endif
