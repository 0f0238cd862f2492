#ifndef CREDCTL_MCP_STDIO_H
#define CREDCTL_MCP_STDIO_H

#include "credctl/mcp/desk.h"

/* A longer line is answered with an error. */
#define CC_MCP_LINE_MAX ((size_t)16 << 20)

/* Serves one client on standard input and output, until the input ends or a signal comes. */
CC_MUST_USE bool cc_mcp_stdio(struct cc_run *run, const struct cc_mcp_offer *offer,
                              const struct cc_mcp_limits *limits, struct cc_error *err);

#endif
