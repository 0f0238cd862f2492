#include "balancer.h"

#include "credctl/aws/wanted.h"

#include "tls.h"

// clang-format off
static const struct cc_shape_field count_fields[] = {
    CC_ROW(NUMBER, struct cc_listener_count, count, NULL, "listeners with TLS"),
    CC_ROW(NUMBER, struct cc_listener_count, total_listeners, NULL, "all listeners"),
    {0},
};
const struct cc_shape cc_listener_count_shape = {"listeners", count_fields, sizeof(struct cc_listener_count)};

static const struct cc_shape_field policy_fields[] = {
    CC_ROW(TEXT, struct cc_offending_policy, name, NULL, "the name of the policy"),
    CC_ROW(TEXT, struct cc_offending_policy, listener_arn, NULL, "the listener that has it", .rules = CC_NULL),
    CC_ROW(TEXTS, struct cc_offending_policy, insecure_protocols, NULL, "the old protocols that it accepts"),
    {0},
};
const struct cc_shape cc_offending_policy_shape = {"policy", policy_fields, sizeof(struct cc_offending_policy)};
// clang-format on

void cc_policy_seen(const struct cc_site *site, struct cc_resource *resource,
                    struct cc_policies_seen *seen, struct cc_offending_policy policy, unsigned old)
{
    struct cc_arena *mem = &site->run->mem;

    if (!old) {
        return;
    }
    policy.insecure_protocols = cc_tls_names(mem, old);
    struct cc_offending_policy *rows = cc_wanted_room(mem, seen->rows, seen->count, sizeof(*rows));
    rows[seen->count++] = policy;
    seen->rows = rows;
    cc_resource_issue(mem, resource, CC_RULE_LB_TLS,
                      cc_textf(mem, "%s accepts %s", policy.name,
                               cc_texts_joined(mem, policy.insecure_protocols)));
}

void cc_policy_named(const struct cc_site *site, struct cc_resource *resource,
                     struct cc_policies_seen *seen, struct cc_offending_policy policy)
{
    const struct cc_tls_policy *known = cc_tls_policy(policy.name);

    if (!policy.name) {
        cc_resource_unknown(&site->run->mem, resource,
                            "which protocols a listener accepts: its security policy is not told");
    } else if (!known) {
        cc_resource_unknown(&site->run->mem, resource,
                            cc_textf(&site->run->mem,
                                     "which protocols the security policy %s accepts: it is not "
                                     "among the predefined ones known to this version",
                                     policy.name));
    } else {
        cc_policy_seen(site, resource, seen, policy, known->old);
    }
}
