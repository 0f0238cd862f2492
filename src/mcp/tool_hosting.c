#include "credctl/mcp/command_tool.h"

extern const struct cc_command cc_command_validate;

static const struct cc_mcp_argument arguments[] = {
    {.name = "profile", .strays = true},
    {.name = "region"},
    {.name = "role_arn", .about = "role to assume with the credentials found", .assumes = true},
    {.name = "external_id", .about = "external ID for role_arn"},
    {.name = "session_name", .option = "role_session_name", .about = "session name for role_arn"},
    {.name = "offline"},
    {0},
};

static const char *const actions[] = {"sts:GetCallerIdentity", "sts:AssumeRole", NULL};

static const struct cc_mcp_command row = {.command = &cc_command_validate, .arguments = arguments};

const struct cc_mcp_tool cc_mcp_tool_hosting = {
    .name = "ValidateHostingEnvironment",
    .title = "Check environment and credentials",
    .about = "Checks everything that decides which AWS credentials a program on this server's host "
             "gets, and what would surprise an SDK: configuration, profiles, environment, metadata "
             "service, clock, network, certificates, identity. One cause is told once, with its "
             "remedy. Shows no secret.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions = actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
