#include "credctl/mcp/table.h"

#include "guide.h"

extern const struct cc_command cc_command_assess_network;

static const char *const *services(struct cc_arena *mem)
{
    return cc_mcp_guide_words(mem, &cc_command_assess_network, "services");
}

static const struct cc_mcp_prompt_argument arguments[] = {
    {"region", "the region to assess (default: that of the server)", false, cc_mcp_regions},
    {"role_arn", "the role to assume in the account to assess", false, NULL},
    {"services", "only this service", false, services},
    {0},
};

static const struct cc_mcp_step steps[] = {
    {"ValidateCredentialConfiguration",
     "State whose credentials are used; stop when there are none."},
    {"ListServicesInRegion", "It says which services have resources there."},
    {"CheckNetworkSecurity", "For the network services among them."},
    {NULL,
     "Report: how many resources were checked and how many comply; each one that does not, with "
     "its remedy; and what could not be checked, and why."},
    {0},
};

static const struct cc_mcp_guide guide = {
    "Assess the protection of data in transit in an AWS region (Security pillar of the Well-Architected Framework).",
    steps};

const struct cc_mcp_prompt cc_mcp_prompt_network = {
    .name = "wa-sec-check-network",
    .title = "Protection of data in transit",
    .about = "Whether data in transit is protected by the network services of a region",
    .arguments = arguments,
    .messages = cc_mcp_guide_messages,
    .kind = &guide,
};
