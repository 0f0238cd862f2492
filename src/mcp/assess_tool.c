#include "assess_tool.h"

#include "credctl/policy/tools.h"

const char *const *cc_mcp_assess_actions(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    static const char *const origin[] = {"sts:AssumeRole", "sts:GetCallerIdentity"};
    const char *const *own = cc_tool_actions_of(tool->name);
    size_t count = 0;

    while (own && own[count]) {
        count++;
    }
    const char **all = cc_alloc(mem, (count + CC_COUNT(origin) + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        all[i] = own[i];
    }
    for (size_t i = 0; i < CC_COUNT(origin); i++) {
        all[count + i] = origin[i];
    }
    return (const char *const *)all;
}
