#ifndef CREDCTL_MCP_COMMAND_PARTS_H
#define CREDCTL_MCP_COMMAND_PARTS_H

/* Shared by the files that make tools of commands. */

#include "credctl/base/json.h"
#include "credctl/mcp/command_tool.h"

/* Arguments of the tool itself. */
#define CC_MCP_CURSOR "cursor"
#define CC_MCP_STORE  "store_in_context"
#define CC_MCP_DEBUG  "debug"

/* How much of a result is here. */
struct cc_mcp_tail {
    bool truncated;
    const char *next_cursor;
};

/* Where a result is kept. */
struct cc_mcp_stored {
    const char *context_id;
    int64_t context_expires;
    const char *context_note;
};

/* The result of a tool: one struct that holds others. */
struct cc_mcp_layout {
    struct cc_shape shape;
    size_t more; /* where the parts are */
    size_t stored;
    size_t tail;
};

void cc_mcp_layout(struct cc_arena *mem, const struct cc_mcp_command *row,
                   struct cc_mcp_layout *layout);

/* The option that an argument stands for. */
const struct cc_shape_field *cc_mcp_option_of(const struct cc_mcp_command *row,
                                              const struct cc_mcp_argument *argument);
/* From arguments to options. Fails with CC_E_USAGE, or CC_E_DENIED for what the rules forbid. */
CC_MUST_USE bool cc_mcp_arguments(struct cc_arena *mem, const struct cc_mcp_command *row,
                                  const cJSON *given, const struct cc_mcp_rules *rules,
                                  void *options, struct cc_error *err);
bool cc_mcp_rules_allow(struct cc_arena *mem, const struct cc_mcp_rules *rules,
                        const struct cc_mcp_argument *argument, const cJSON *value,
                        struct cc_error *err);

/* A document that credctl itself has written. */
const cJSON *cc_mcp_document(struct cc_arena *mem, const char *text);

/* Keeps the result when the arguments ask for it. */
void cc_mcp_store(struct cc_run *run, const struct cc_mcp_call *call, const cJSON *result,
                  struct cc_mcp_stored *stored);

/* Cuts the longest list of a result that is longer than call->max_output. */
CC_MUST_USE bool cc_mcp_cut(struct cc_run *run, const struct cc_mcp_call *call, const char **json,
                            struct cc_error *err);
/* The rest of a result that was cut. */
CC_MUST_USE bool cc_mcp_continue(struct cc_run *run, const struct cc_mcp_call *call,
                                 const cJSON *cursor, const char **json, struct cc_error *err);

#endif
