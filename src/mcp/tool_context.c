#include "credctl/mcp/command_tool.h"
#include "credctl/mcp/context.h"

static const struct cc_mcp_argument arguments[] = {
    {.name = "context_id", .required = true},
    {.name = "detailed"},
    {.name = "profile", .strays = true},
    {.name = "region", .about = "the region that the result was stored with"},
    {.name = "role_arn", .about = "the role that the result was stored with", .assumes = true},
    {.name = "external_id", .about = "external ID for role_arn"},
    {.name = "session_name", .option = "role_session_name", .about = "session name for role_arn"},
    {0},
};

static const char *const actions[] = {"sts:GetCallerIdentity", "sts:AssumeRole", NULL};

static const struct cc_mcp_command row = {.command = &cc_mcp_context, .arguments = arguments};

const struct cc_mcp_tool cc_mcp_tool_context = {
    .name = "GetStoredSecurityContext",
    .title = "A result from before",
    .about = "Gives a result that an earlier call kept with store_in_context, by the context_id of "
             "that result. It is kept for an hour, on the server's disk, and given only to the "
             "same account, principal and region.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions = actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
