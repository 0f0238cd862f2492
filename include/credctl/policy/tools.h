#ifndef CREDCTL_POLICY_TOOLS_H
#define CREDCTL_POLICY_TOOLS_H

/* The actions that each assessment needs (Service Authorization Reference). */

struct cc_tool_actions {
    const char *tool;
    const char *const *actions; /* ends with NULL */
};

extern const struct cc_tool_actions cc_tool_actions[]; /* ends with a row without a name */

/* NULL: there is no such tool. */
const char *const *cc_tool_actions_of(const char *tool);

#endif
