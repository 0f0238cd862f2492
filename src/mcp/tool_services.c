#include "assess_tool.h"

extern const struct cc_command cc_command_assess_services;

/* Not offered: files, and what only the exit status of a program is for. */
static const struct cc_mcp_argument arguments[] = {{.name = "services"}, CC_MCP_PLACES, {0}};

static const struct cc_mcp_command row = {.command = &cc_command_assess_services,
                                          .arguments = arguments,
                                          .stores = true,
                                          .keeps = true,
                                          .debugs = true};

const struct cc_mcp_tool cc_mcp_tool_services = {
    .name = "CheckSecurityServices",
    .title = "Which security services are enabled",
    .about = "Says of GuardDuty, Inspector, IAM Access Analyzer, Security Hub, Trusted Advisor "
             "and Macie whether each is enabled, disabled or unknown, in one account and "
             "region or in many at once. Disabled only when AWS says so: for a denied call, "
             "the missing permission is named. Changes nothing.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions_from = cc_mcp_assess_actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
