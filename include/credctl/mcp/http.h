#ifndef CREDCTL_MCP_HTTP_H
#define CREDCTL_MCP_HTTP_H

#include "credctl/mcp/desk.h"

#define CC_MCP_BODY_MAX ((size_t)8 << 20)

/* Who is served over HTTP. Lists end with NULL, or are NULL. */
struct cc_mcp_gate {
    const char *const *hosts;   /* further names of this server, as clients write them in Host */
    const char *const *origins; /* of web pages that may use it */
    struct cc_secret token;     /* absent: none is asked for */
    const char *metadata;       /* the document of RFC 9728; NULL: there is none */
    const char *metadata_url;   /* where clients find it */
};

struct cc_mcp_http_options {
    const char *listen; /* ADDR:PORT */
    struct cc_mcp_gate gate;
};

/* Streamable HTTP, until a signal. */
CC_MUST_USE bool cc_mcp_http(struct cc_run *run, const struct cc_mcp_offer *offer,
                             const struct cc_mcp_limits *limits,
                             const struct cc_mcp_http_options *options, struct cc_error *err);

/* --- pure, for tests --- */

/* 0, or the HTTP status with which a request is refused, and why. `own` is the address that is
 * listened on. */
int cc_mcp_gate_host(const struct cc_mcp_gate *gate, const struct cc_server *own,
                     const struct cc_head *head, const char **why);
int cc_mcp_gate_token(const struct cc_mcp_gate *gate, const struct cc_head *head);

/*
 * Compares the headers with the message that the body holds (the routing ladder). False: the
 * message is to be refused with *reply.
 */
bool cc_mcp_headers_fit(struct cc_arena *mem, const struct cc_head *head,
                        const struct cc_mcp_message *message, struct cc_mcp_reply *reply);

#endif
