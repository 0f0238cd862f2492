#ifndef CREDCTL_MCP_CORE_H
#define CREDCTL_MCP_CORE_H

/*
 * The protocol itself, without effects: a message comes in as text, and what to do about it comes
 * out. Every published revision is spoken, from 2024-11-05 to 2026-07-28. The era is decided for
 * each message: with the modern keys in `_meta` it is modern, else legacy. Nothing of one message
 * is remembered for the next one.
 */

#include "credctl/mcp/offer.h"
#include "credctl/mcp/scan.h"

#define CC_MCP_MODERN "2026-07-28"
#define CC_MCP_LATEST "2025-11-25" /* of the legacy revisions */
#define CC_MCP_BATCH  "2025-03-26" /* the only one with batches */

#define CC_MCP_META   "io.modelcontextprotocol/"

enum cc_mcp_fault {
    CC_MCP_PARSE_ERROR = -32700,
    CC_MCP_INVALID_REQUEST = -32600,
    CC_MCP_NO_METHOD = -32601,
    CC_MCP_INVALID_PARAMS = -32602,
    CC_MCP_INTERNAL = -32603,
    CC_MCP_NO_RESOURCE = -32002, /* legacy only */
    CC_MCP_HEADER_MISMATCH = -32020,
    CC_MCP_NEEDS_CAPABILITY = -32021,
    CC_MCP_NO_VERSION = -32022,
};

/* A reply as JSON without a line end, and the HTTP status it has there. */
struct cc_mcp_reply {
    const char *text; /* NULL: there is none */
    size_t len;
    int status;
};

enum cc_mcp_to_do {
    CC_MCP_NOTHING, /* a notification, or the answer to a request that nobody made */
    CC_MCP_REPLY,   /* message->reply */
    CC_MCP_CALL,    /* message->call, then cc_mcp_answer */
    CC_MCP_CANCEL,  /* the request with the id message->cancels */
};

struct cc_mcp_message {
    enum cc_mcp_to_do to_do;
    bool modern;
    const char *id;     /* as it is written; NULL: none */
    const char *method; /* NULL: none */
    const struct cJSON *params;
    const char *version;   /* of an initialize that was answered: the revision, a constant */
    const char *token;     /* of progress, as it is written; NULL: none is wanted */
    const char *arguments; /* of a call, as they are written; NULL: none */
    const char *cancels;   /* as it is written */
    struct cc_mcp_call call;
    struct cc_mcp_reply reply;
};

/* One text from a client. */
struct cc_mcp_heard {
    bool batch; /* the replies go into one list */
    struct cc_mcp_message *messages;
    size_t count;
};

/*
 * Reads and judges a text. `version` is the revision that the transport knows, or NULL. What is not
 * a message is one that wants to be replied to with an error. The result lives in `mem`, as does
 * `text`, which is terminated.
 */
void cc_mcp_hear(struct cc_arena *mem, const struct cc_mcp_offer *offer, const char *text,
                 size_t len, const char *version, struct cc_mcp_heard *heard);

/* The reply to a call; `kept_ms` is the age of an outcome that was kept. */
void cc_mcp_answer(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                   const struct cc_mcp_message *message, const struct cc_mcp_outcome *outcome,
                   int64_t kept_ms, struct cc_mcp_reply *reply);

struct cc_mcp_error {
    enum cc_mcp_fault fault;
    int status; /* of HTTP */
    const char *why;
    const char *data; /* JSON; or NULL */
};

/* An error as reply; `id` (JSON) may be NULL. */
void cc_mcp_refuse(struct cc_arena *mem, const char *id, const struct cc_mcp_error *error,
                   struct cc_mcp_reply *reply);

/* The notification of progress for a message with a token; `total` 0: not known. */
const char *cc_mcp_progress(struct cc_arena *mem, const struct cc_mcp_message *message,
                            double progress, size_t total, const char *says);

/* The same text, as a constant, of a revision that is spoken in the legacy way; else NULL. */
const char *cc_mcp_legacy_version(const char *version);
/* The data of CC_MCP_NO_VERSION. */
const char *cc_mcp_versions_data(struct cc_arena *mem, const char *requested);

#endif
