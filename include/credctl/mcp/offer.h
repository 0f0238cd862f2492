#ifndef CREDCTL_MCP_OFFER_H
#define CREDCTL_MCP_OFFER_H

/*
 * What a server of the Model Context Protocol offers: its name, and tables of tools, prompts and
 * resources. The tables are constant; tests give other ones to the same core.
 */

#include "credctl/base/buf.h"
#include "credctl/world/run.h"

struct cJSON;
struct cc_mcp_tool;

/* A call of a tool. It belongs to the thread that works on it. */
struct cc_mcp_call {
    const struct cc_mcp_tool *tool;
    const struct cJSON *arguments; /* an object; NULL: none were given */
    size_t max_output;             /* the largest structured result in bytes */
    const void *rules;             /* of who runs the server: offer->rules */
};

struct cc_mcp_outcome {
    const char *content;    /* the list of content blocks, as JSON */
    const char *structured; /* an object, as JSON; or NULL */
    bool failed;
};

/* An argument that clients repeat in the header Mcp-Param-NAME (x-mcp-header in its schema). */
struct cc_mcp_mirror {
    const char *argument; /* a text */
    const char *header;   /* with Mcp-Param- */
};

struct cc_mcp_tool {
    const char *name;
    const char *title;
    const char *about;
    /* JSON Schemas as text. They are asked for once. `output` may be NULL. */
    const char *(*input)(struct cc_arena *mem, const struct cc_mcp_tool *tool);
    const char *(*output)(struct cc_arena *mem, const struct cc_mcp_tool *tool);
    /* The annotations: all four are sent, because the defaults of the protocol are the worst case.
     */
    bool changes; /* not read-only */
    bool destructive;
    bool idempotent;
    bool open_world;
    const char *const *actions; /* the IAM actions that it may call, ends with NULL; or NULL */
    /* The same, from another table. */
    const char *const *(*actions_from)(struct cc_arena *mem, const struct cc_mcp_tool *tool);
    const struct cc_mcp_mirror *mirrors; /* ends with a row without an argument; or NULL */
    const char *needs;                   /* a capability that the client must declare; NULL: none */
    int64_t keep_ms;                     /* its result may be given again so long after; 0: never */
    const void *kind;                    /* belongs to `call` */
    void (*call)(struct cc_run *run, const struct cc_mcp_call *call,
                 struct cc_mcp_outcome *outcome);
};

struct cc_mcp_prompt_argument {
    const char *name;
    const char *about;
    bool required;
    const char *const *(*words)(struct cc_arena *mem); /* for completion, ends with NULL; or NULL */
};

struct cc_mcp_offer;

struct cc_mcp_prompt {
    const char *name;
    const char *title;
    const char *about;
    const struct cc_mcp_prompt_argument *arguments; /* ends with a row without a name; or NULL */
    /* The list of messages, as JSON; `arguments` is an object with texts, or NULL. */
    const char *(*messages)(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                            const struct cc_mcp_prompt *prompt, const struct cJSON *arguments);
    const void *kind; /* belongs to `messages` */
};

struct cc_mcp_resource {
    const char *uri; /* of a template: with one {name} */
    const char *name;
    const char *about;
    const char *type;    /* media type */
    bool pattern;        /* it is a template */
    const char *content; /* "text" or "blob" as a JSON member; in a template, %s is the variable */
};

/* Texts that are made once, when they are first asked for. */
struct cc_mcp_made {
    struct cc_arena *mem;
    const char **tools; /* as tools/list has them, in the order of the offer; NULL: not made yet */
};

struct cc_mcp_offer {
    const char *name;
    const char *title;
    const char *version;
    const char *instructions;
    const struct cc_mcp_tool *const *tools; /* each list ends with NULL */
    const struct cc_mcp_prompt *const *prompts;
    const struct cc_mcp_resource *const *resources; /* NULL: no such capability */
    size_t page;                                    /* entries in one answer of a list */
    struct cc_mcp_made *made;                       /* NULL: texts are made each time */
    const void *rules;                              /* for calls */
};

/* The IAM actions of a tool, ends with NULL; NULL: it calls no AWS API. */
const char *const *cc_mcp_tool_actions(struct cc_arena *mem, const struct cc_mcp_tool *tool);
const struct cc_mcp_tool *cc_mcp_tool_named(const struct cc_mcp_offer *offer, const char *name);

#endif
