#ifndef CREDCTL_MCP_KEPT_H
#define CREDCTL_MCP_KEPT_H

#include "credctl/mcp/desk.h"

/*
 * Results of tools that say how long these may be given again. A reply with such a result says its
 * age in `_meta`.
 */

/* True when there is one for this call: message->reply is filled in. */
bool cc_mcp_kept_reply(struct cc_mcp_desk *desk, struct cc_arena *mem,
                       struct cc_mcp_message *message);
void cc_mcp_keep(struct cc_mcp_desk *desk, const struct cc_mcp_message *message,
                 const struct cc_mcp_outcome *outcome);
void cc_mcp_kept_wipe(struct cc_mcp_desk *desk);

#endif
