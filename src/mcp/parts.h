#ifndef CREDCTL_MCP_PARTS_H
#define CREDCTL_MCP_PARTS_H

/* Shared by the files of the core. */

#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"
#include "credctl/mcp/core.h"

#define CC_MCP_REPLY_MAX ((size_t)32 << 20)

/* A request that is being answered. */
struct cc_mcp_asked {
    struct cc_arena *mem;
    const struct cc_mcp_offer *offer;
    struct cc_mcp_message *message;
    const cJSON *params; /* an object, or NULL */
    const cJSON *meta;   /* params._meta: an object, or NULL */
};

/* A result that is being written: the members of its object. */
struct cc_mcp_result {
    struct cc_buf out;
    struct cc_json_writer writer;
    struct cc_teller teller;
};

struct cc_mcp_method {
    const char *name;
    bool legacy;
    bool modern;
    /* False: message->reply has an error, or there is something else to do. */
    bool (*answer)(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
};

extern const struct cc_mcp_method cc_mcp_methods[]; /* ends with a row without a name */

/* False, for the last line of a method; the status is 200, or what the modern era has for it. */
bool cc_mcp_fail(struct cc_mcp_asked *asked, enum cc_mcp_fault fault, const char *why,
                 const char *data);

/* --- writing --- */

/* An object that is written by itself; `result` must not move. */
void cc_mcp_piece_begin(struct cc_mcp_result *result, struct cc_arena *mem);
void cc_mcp_result_begin(struct cc_mcp_result *result, struct cc_arena *mem,
                         const struct cc_mcp_offer *offer, const struct cc_mcp_message *message,
                         const char *meta);
void cc_mcp_result_end(struct cc_mcp_result *result, struct cc_mcp_reply *reply);
void cc_mcp_text(struct cc_mcp_result *result, const char *name, const char *text);
void cc_mcp_text_if(struct cc_mcp_result *result, const char *name, const char *text);
/* A value that is JSON already. */
void cc_mcp_raw(struct cc_mcp_result *result, const char *name, const char *json);
void cc_mcp_begin(struct cc_mcp_result *result, const char *name, bool list);
void cc_mcp_end(struct cc_mcp_result *result, bool list);
/* A text as JSON, with its quotes. */
const char *cc_mcp_quoted(struct cc_arena *mem, const char *text);

/* --- lists --- */

/* How long a client may keep a list: the tables do not change while the server runs. */
#define CC_MCP_TTL_MS "3600000"

/* ttlMs and cacheScope, in the modern era. */
void cc_mcp_cacheable(const struct cc_mcp_asked *asked, struct cc_mcp_result *result);

/*
 * The part of a list that params.cursor asks for: entries from *first up to, and without, *last.
 * When there are more, nextCursor is written. False: the cursor is not one of this list.
 */
bool cc_mcp_page(struct cc_mcp_asked *asked, const char *list, size_t count,
                 struct cc_mcp_result *result, size_t *first, size_t *last);

/* --- methods, by subject --- */

bool cc_mcp_initialize(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_discover(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_tools_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_tools_call(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_prompts_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_prompts_get(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_resources_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_templates_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_resources_read(struct cc_mcp_asked *asked, struct cc_mcp_result *result);
bool cc_mcp_complete(struct cc_mcp_asked *asked, struct cc_mcp_result *result);

#endif
