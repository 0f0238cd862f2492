#include "credctl/mcp/table.h"

/* The order is that of tools/list. */
// clang-format off
#define TOOLS(X)        \
    X(services)         \
    X(findings)         \
    X(context)          \
    X(storage)          \
    X(inventory)        \
    X(credentials)      \
    X(network)          \
    X(environment)      \
    X(hosting)          \
    X(templates)        \
    X(access)

#define PROMPTS(X) \
    X(findings)    \
    X(storage)     \
    X(network)
// clang-format on

#define X(name) extern const struct cc_mcp_tool cc_mcp_tool_##name;
TOOLS(X)
#undef X
#define X(name) extern const struct cc_mcp_prompt cc_mcp_prompt_##name;
PROMPTS(X)
#undef X

const struct cc_mcp_tool *const cc_mcp_tools[] = {
#define X(name) &cc_mcp_tool_##name,
    TOOLS(X)
#undef X
        NULL,
};

const struct cc_mcp_prompt *const cc_mcp_prompts[] = {
#define X(name) &cc_mcp_prompt_##name,
    PROMPTS(X)
#undef X
        NULL,
};

const char *const *cc_mcp_tool_names(struct cc_arena *mem)
{
    const char **names =
        cc_alloc(mem, sizeof(cc_mcp_tools) / sizeof(cc_mcp_tools[0]) * sizeof(*names));

    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        names[i] = cc_mcp_tools[i]->name;
    }
    return (const char *const *)names;
}
