#include "credctl/mcp/command_tool.h"

extern const struct cc_command cc_command_detect;

static const struct cc_mcp_argument arguments[] = {
    {.name = "offline"},
    {.name = "timeout"},
    {0},
};

static const struct cc_mcp_command row = {.command = &cc_command_detect, .arguments = arguments};

/* Where a process runs does not change; what its role is called seldom does. */
const struct cc_mcp_tool cc_mcp_tool_environment = {
    .name = "GetEnvironmentInfo",
    .title = "Where this server runs",
    .about = "Names the AWS environment that this server runs in (EC2, ECS, Fargate, EKS, Lambda, "
             "Bedrock AgentCore, local and others), with role, account, region, resource IDs, the "
             "evidence for each, and a confidence. Calls no AWS API. A result up to 30 seconds old "
             "can be given again; its age is then in _meta.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .keep_ms = 30000,
    .kind = &row,
    .call = cc_mcp_command_call,
};
