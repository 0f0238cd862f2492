#include "assess_tool.h"

extern const struct cc_command cc_command_assess_inventory;

/* Not offered: files, and what only the exit status of a program is for. */
static const struct cc_mcp_argument arguments[] = {{.name = "max_resources"}, CC_MCP_PLACES, {0}};

static const struct cc_mcp_command row = {
    .command = &cc_command_assess_inventory, .arguments = arguments, .stores = true, .keeps = true};

const struct cc_mcp_tool cc_mcp_tool_inventory = {
    .name = "ListServicesInRegion",
    .title = "Services with resources in a region",
    .about = "Counts the resources of each service in a region, as AWS Resource Explorer has "
             "them, and says when its index is incomplete or missing. Changes nothing.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions_from = cc_mcp_assess_actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
