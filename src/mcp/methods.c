#include "parts.h"

static bool ping(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    (void)asked;
    (void)result;
    return true;
}

/* Whether an offer has what a method is about is decided by its first word. */
const struct cc_mcp_method cc_mcp_methods[] = {
    {"initialize", true, false, cc_mcp_initialize},
    {"ping", true, false, ping},
    {"server/discover", false, true, cc_mcp_discover},
    {"tools/list", true, true, cc_mcp_tools_list},
    {"tools/call", true, true, cc_mcp_tools_call},
    {"prompts/list", true, true, cc_mcp_prompts_list},
    {"prompts/get", true, true, cc_mcp_prompts_get},
    {"completion/complete", true, true, cc_mcp_complete},
    {"resources/list", true, true, cc_mcp_resources_list},
    {"resources/templates/list", true, true, cc_mcp_templates_list},
    {"resources/read", true, true, cc_mcp_resources_read},
    {0},
};
