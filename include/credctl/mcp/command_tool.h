#ifndef CREDCTL_MCP_COMMAND_TOOL_H
#define CREDCTL_MCP_COMMAND_TOOL_H

/*
 * Tools that are commands. A row says which options of the command are offered as arguments, and
 * under which names; types, allowed values, defaults and the schemas of arguments and result come
 * from the shapes of the command.
 */

#include "credctl/commands/command.h"
#include "credctl/mcp/offer.h"

struct cc_mcp_argument {
    const char *name;
    const char *option; /* the name of its row; NULL: the same */
    const char *about;  /* NULL: that of the row */
    bool required;
    bool single;  /* one text, where the option takes several */
    bool assumes; /* it names roles that are assumed */
    bool strays;  /* it can lead to roles and accounts that it does not name */
    bool others;  /* with it, the result does not say who asked, but who asked in other accounts */
};

struct cc_mcp_command {
    const struct cc_command *command;
    const struct cc_mcp_argument *arguments; /* ends with a row without a name */
    bool stores;                             /* with store_in_context, its result can be kept */
    bool keeps;                              /* and it is, unless store_in_context is false */
    bool debugs; /* the argument debug is accepted: what it asked for is always told */
    /* More members of the result, or NULL; `given` and `result` are the arguments and the answer.
     */
    const struct cc_shape *more;
    void (*add)(struct cc_run *run, const cJSON *given, const cJSON *result, void *more);
};

/* Who runs the server can restrict what calls may do. */
struct cc_mcp_rules {
    const char *const *allow_roles;    /* patterns of role ARNs, ends with NULL; NULL: any */
    const char *const *allow_accounts; /* of roles; NULL: any */
};

/* For the rows of tools. */
const char *cc_mcp_command_input(struct cc_arena *mem, const struct cc_mcp_tool *tool);
const char *cc_mcp_command_output(struct cc_arena *mem, const struct cc_mcp_tool *tool);
void cc_mcp_command_call(struct cc_run *run, const struct cc_mcp_call *call,
                         struct cc_mcp_outcome *outcome);

/* An outcome that is an error: code, what, why, fix. */
void cc_mcp_failed(struct cc_arena *mem, const struct cc_error *err,
                   struct cc_mcp_outcome *outcome);

#endif
