#ifndef CREDCTL_MCP_GUIDE_H
#define CREDCTL_MCP_GUIDE_H

/* Prompts that lead an agent through an assessment, step by step. */

#include "credctl/commands/command.h"
#include "credctl/mcp/offer.h"

struct cc_mcp_step {
    const char
        *tool; /* the step is left out when the server does not offer it; NULL: always there */
    const char *says;
};

struct cc_mcp_guide {
    const char *aim;
    const struct cc_mcp_step *steps; /* ends with a row without text */
};

/* The values that an option of a command can have, for completion. */
const char *const *cc_mcp_guide_words(struct cc_arena *mem, const struct cc_command *command,
                                      const char *option);

const char *cc_mcp_guide_messages(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                                  const struct cc_mcp_prompt *prompt,
                                  const struct cJSON *arguments);

#endif
