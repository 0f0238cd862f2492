#ifndef CREDCTL_MCP_SCAN_H
#define CREDCTL_MCP_SCAN_H

/*
 * The first reader of a message: strict RFC 8259 and UTF-8, with a limited depth, without
 * recursion. cJSON, which reads the message after that, accepts more. Ids and tokens are found here
 * as they are written, because a number that cJSON has read is not always the same number. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

#define CC_MCP_DEPTH     64
#define CC_MCP_BATCH_MAX 64

/* A part of the text; NULL when there is none. */
struct cc_mcp_span {
    const char *text;
    size_t len;
};

/* Values that are found as they are written. */
enum cc_mcp_place {
    CC_MCP_ID,
    CC_MCP_REQUEST_ID, /* params.requestId */
    CC_MCP_ARGUMENTS,  /* params.arguments */
    CC_MCP_TOKEN,      /* params._meta.progressToken */
    CC_MCP_PLACES,
};

struct cc_mcp_scan {
    const char *why;  /* of a text that is refused: a constant text */
    const char *flaw; /* of one that is JSON, but that readers understand differently; or NULL */
    bool list;        /* the text is a list: a batch, whose items are below */
    struct cc_mcp_span at[CC_MCP_PLACES]; /* of an object; the last one of a repeated member */
    struct cc_mcp_span items[CC_MCP_BATCH_MAX];
    size_t item_count; /* can be larger than CC_MCP_BATCH_MAX */
};

/* False when it is not JSON, or is nested too deeply. An escaped NUL and half a surrogate pair are
 * flaws: the ids of such a text are found, so that it can be answered. */
bool cc_mcp_scan(const char *text, size_t len, struct cc_mcp_scan *scan);

#endif
