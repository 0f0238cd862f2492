#ifndef CREDCTL_MCP_TABLE_H
#define CREDCTL_MCP_TABLE_H

/* What `credctl mcp` offers. A new tool is one file with a row, and its name in table.c. */

#include "credctl/mcp/offer.h"

extern const struct cc_mcp_tool *const cc_mcp_tools[];     /* ends with NULL */
extern const struct cc_mcp_prompt *const cc_mcp_prompts[]; /* ends with NULL */

/* The names of all tools and of the regions of AWS, end with NULL. */
const char *const *cc_mcp_tool_names(struct cc_arena *mem);
const char *const *cc_mcp_regions(struct cc_arena *mem);

#endif
