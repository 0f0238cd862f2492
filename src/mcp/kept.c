#include "kept.h"

#include "credctl/base/text.h"

#include <string.h>

#define ARGUMENTS_MAX 1024

static const char *arguments_of(const struct cc_mcp_message *message)
{
    return message->arguments ? message->arguments : "{}";
}

/* The place of a result, or the one that is to be given up for it: a free one, or the oldest. */
static struct cc_mcp_kept *place_for(struct cc_mcp_desk *desk, const struct cc_mcp_message *message)
{
    struct cc_mcp_kept *oldest = &desk->kept[0];

    for (size_t i = 0; i < CC_MCP_KEPT_MAX; i++) {
        struct cc_mcp_kept *kept = &desk->kept[i];

        if (kept->tool == message->call.tool &&
            cc_text_equal(kept->arguments, arguments_of(message))) {
            return kept;
        }
        oldest = kept->since < oldest->since ? kept : oldest;
    }
    return oldest;
}

bool cc_mcp_kept_reply(struct cc_mcp_desk *desk, struct cc_arena *mem,
                       struct cc_mcp_message *message)
{
    const struct cc_mcp_tool *tool = message->call.tool;
    const struct cc_mcp_kept *kept = place_for(desk, message);
    const int64_t age = cc_ticks_ms(desk->run) - kept->since;

    if (tool->keep_ms == 0 || kept->tool != tool || age > tool->keep_ms ||
        !cc_text_equal(kept->arguments, arguments_of(message))) {
        return false;
    }
    cc_mcp_answer(mem, desk->offer, message, &kept->outcome, age, &message->reply);
    return true;
}

void cc_mcp_keep(struct cc_mcp_desk *desk, const struct cc_mcp_message *message,
                 const struct cc_mcp_outcome *outcome)
{
    const char *arguments = arguments_of(message);

    if (message->call.tool->keep_ms == 0 || outcome->failed || strlen(arguments) > ARGUMENTS_MAX) {
        return;
    }
    struct cc_mcp_kept *kept = place_for(desk, message);
    cc_arena_wipe(&kept->mem);
    kept->tool = message->call.tool;
    kept->since = cc_ticks_ms(desk->run);
    kept->arguments = cc_text_dup(&kept->mem, arguments, strlen(arguments));
    kept->outcome = *outcome;
    kept->outcome.content = cc_text_dup(&kept->mem, outcome->content, strlen(outcome->content));
    if (outcome->structured) {
        kept->outcome.structured =
            cc_text_dup(&kept->mem, outcome->structured, strlen(outcome->structured));
    }
}

void cc_mcp_kept_wipe(struct cc_mcp_desk *desk)
{
    for (size_t i = 0; i < CC_MCP_KEPT_MAX; i++) {
        cc_arena_wipe(&desk->kept[i].mem);
    }
}
