#include "credctl/mcp/table.h"

#include "guide.h"

extern const struct cc_command cc_command_assess_services;

static const char *const *services(struct cc_arena *mem)
{
    return cc_mcp_guide_words(mem, &cc_command_assess_services, "services");
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
    {"CheckSecurityServices", "It says which security services are enabled."},
    {"GetSecurityFindings", "Once for each enabled service. Begin with the most severe findings."},
    {NULL,
     "Report: what is enabled, what is not, what is unknown and why; the findings by severity; and "
     "what to do first, with the reason."},
    {0},
};

static const struct cc_mcp_guide guide = {
    "Assess the security services of an AWS account (Security pillar of the Well-Architected Framework), and report what they found.",
    steps};

const struct cc_mcp_prompt cc_mcp_prompt_findings = {
    .name = "wa-sec-check-findings",
    .title = "Security services and their findings",
    .about = "Which AWS security services are enabled, and what they found",
    .arguments = arguments,
    .messages = cc_mcp_guide_messages,
    .kind = &guide,
};
