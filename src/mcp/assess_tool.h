#ifndef MCP_ASSESS_TOOL_H
#define MCP_ASSESS_TOOL_H

/* What the tools of the assessments have in common. */

#include "credctl/mcp/command_tool.h"

/* Arguments of whose accounts and which regions; for the lists of arguments. */
#define CC_MCP_PLACES                                                                \
    {.name = "region",                                                               \
     .single = true,                                                                 \
     .about = "the region to assess (default: that of the server)"},                 \
        {.name = "regions",                                                          \
         .option = "region",                                                         \
         .about = "several regions; all: those that are enabled in the account"},    \
        {.name = "profile", .strays = true},                                         \
        {.name = "role_arn",                                                         \
         .single = true,                                                             \
         .about = "role to assume in the account to assess",                         \
         .assumes = true},                                                           \
        {.name = "external_id", .about = "external ID for role_arn"},                \
        {.name = "session_name",                                                     \
         .option = "role_session_name",                                              \
         .about = "session name for role_arn"},                                      \
        {.name = "target_role_arns",                                                 \
         .option = "target_role_arn",                                                \
         .about = "several accounts at once: the role to assume in each",            \
         .assumes = true,                                                            \
         .others = true},                                                            \
        {.name = "target_external_id", .about = "external ID for target_role_arns"}, \
        {.name = "account_id"}, {.name = "concurrency"},                             \
    {                                                                                \
        .name = "deadline"                                                           \
    }

/* The IAM actions of an assessment, and those of finding accounts and regions. */
const char *const *cc_mcp_assess_actions(struct cc_arena *mem, const struct cc_mcp_tool *tool);

#endif
