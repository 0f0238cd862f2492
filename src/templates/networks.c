#include "credctl/base/text.h"

#include "value.h"

#include <arpa/inet.h>
#include <string.h>

/* Ranges of addresses of EC2, in CIDR notation. */

static const char *const names[] = {"CidrIp",
                                    "CidrIpv6",
                                    "CidrBlock",
                                    "Ipv6CidrBlock",
                                    "DestinationCidrBlock",
                                    "DestinationIpv6CidrBlock",
                                    NULL};

enum form { GOOD, NO_NETWORK, HAS_HOST };

/* HAS_HOST: bits behind the prefix are set. */
static enum form form_of(struct cc_arena *mem, const char *text)
{
    const char *slash = strchr(text, '/');
    unsigned char bytes[16] = {0};
    int64_t prefix = 0;

    if (!slash) {
        return NO_NETWORK;
    }
    const char *address = cc_text_dup(mem, text, (size_t)(slash - text));
    const int family = strchr(address, ':') ? AF_INET6 : AF_INET;
    const int bits = family == AF_INET6 ? 128 : 32;
    if (inet_pton(family, address, bytes) != 1 || !cc_text_number(slash + 1, 0, bits, &prefix)) {
        return NO_NETWORK;
    }
    for (int64_t bit = prefix; bit < bits; bit++) {
        if (bytes[bit / 8] >> (7 - bit % 8) & 1) {
            return HAS_HOST;
        }
    }
    return GOOD;
}

static void check(struct cc_lint *lint, const struct cc_node *node)
{
    bool usual = false;
    const char *text = cc_value_usual(lint, node, &usual);
    const enum form form = text ? form_of(lint->mem, text) : GOOD;

    if (form == NO_NETWORK) {
        cc_found(lint, node, CC_T_INVALID_NETWORK, "%.60s is not a range in CIDR notation", text);
    } else if (form == HAS_HOST) {
        cc_found(lint, node, CC_T_INVALID_NETWORK,
                 "%.60s has bits behind its prefix, which EC2 clears", text);
        cc_found_only(lint, CC_SEVERITY_WARNING);
    }
}

static void check_properties(struct cc_lint *lint, const struct cc_node *properties)
{
    for (const struct cc_node *node = properties; node; node = cc_node_after(node, properties)) {
        if (node->name && cc_one_of(node->name, names)) {
            check(lint, node);
        }
    }
}

void cc_lint_networks(struct cc_lint *lint)
{
    const struct cc_node *resource = lint->resources ? lint->resources->first : NULL;

    for (; resource; resource = resource->next) {
        if (cc_text_starts(cc_node_text(cc_node_member(resource, "Type")), "AWS::EC2::")) {
            check_properties(lint, cc_node_member(resource, "Properties"));
        }
    }
}
