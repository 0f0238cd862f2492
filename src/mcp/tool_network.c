#include "assess_tool.h"

extern const struct cc_command cc_command_assess_network;

/* Not offered: files, and what only the exit status of a program is for. */
static const struct cc_mcp_argument arguments[] = {
    {.name = "services"},    {.name = "include_non_compliant_only"},
    {.name = "max_results"}, {.name = "next_token"},
    CC_MCP_PLACES,           {0}};

static const struct cc_mcp_command row = {
    .command = &cc_command_assess_network, .arguments = arguments, .stores = true, .keeps = true};

const struct cc_mcp_tool cc_mcp_tool_network = {
    .name = "CheckNetworkSecurity",
    .title = "Security of network endpoints",
    .about = "Checks load balancers, VPC endpoints, security groups, APIs and CloudFront "
             "distributions: what is open to the internet, which TLS versions and ciphers are "
             "accepted, what is not encrypted in transit. What could not be read is unknown. "
             "Changes nothing.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions_from = cc_mcp_assess_actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
