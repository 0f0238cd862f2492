#include "assess_tool.h"

extern const struct cc_command cc_command_assess_findings;

/* Not offered: files, and what only the exit status of a program is for. */
static const struct cc_mcp_argument arguments[] = {{.name = "service", .required = true},
                                                   {.name = "severity_filter"},
                                                   {.name = "max_findings"},
                                                   {.name = "check_enabled"},
                                                   {.name = "next_token"},
                                                   CC_MCP_PLACES,
                                                   {0}};

static const struct cc_mcp_command row = {
    .command = &cc_command_assess_findings, .arguments = arguments, .stores = true};

const struct cc_mcp_tool cc_mcp_tool_findings = {
    .name = "GetSecurityFindings",
    .title = "Findings of the security services",
    .about = "Gives the active findings of one security service, the most severe ones by "
             "default, with a summary by severity, type and resource. When there are more than "
             "max_findings, truncated is true and next_token continues. Changes nothing.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions_from = cc_mcp_assess_actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
