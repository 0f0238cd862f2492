#include "assess_tool.h"

extern const struct cc_command cc_command_assess_storage;

/* Not offered: files, and what only the exit status of a program is for. */
static const struct cc_mcp_argument arguments[] = {
    {.name = "services"},    {.name = "include_unencrypted_only"},
    {.name = "max_results"}, {.name = "next_token"},
    CC_MCP_PLACES,           {0}};

static const struct cc_mcp_command row = {
    .command = &cc_command_assess_storage, .arguments = arguments, .stores = true, .keeps = true};

const struct cc_mcp_tool cc_mcp_tool_storage = {
    .name = "CheckStorageEncryption",
    .title = "Encryption of stored data",
    .about = "Checks how buckets, volumes, databases, tables, file systems and caches are "
             "encrypted, and with whose keys; reads their settings, never their data. What "
             "could not be read is unknown, not compliant. Changes nothing.",
    .input = cc_mcp_command_input,
    .output = cc_mcp_command_output,
    .idempotent = true,
    .open_world = true,
    .actions_from = cc_mcp_assess_actions,
    .kind = &row,
    .call = cc_mcp_command_call,
};
