#ifndef CREDCTL_MCP_CONTEXT_H
#define CREDCTL_MCP_CONTEXT_H

#include "credctl/commands/command.h"

/* Gives a result that was stored by a call with store_in_context. Only a tool: the command line has
 * no use for it. */
extern const struct cc_command cc_mcp_context;

#endif
