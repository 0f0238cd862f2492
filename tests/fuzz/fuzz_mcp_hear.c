#include "credctl/base/text.h"
#include "credctl/mcp/core.h"
#include "credctl/mcp/table.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const struct cc_mcp_resource one = {
    .uri = "test://text", .name = "text", .type = "text/plain", .content = "\"text\":\"a\""};
static const struct cc_mcp_resource two = {
    .uri = "test://item/{id}", .name = "item", .pattern = true, .content = "\"text\":\"%s\""};
static const struct cc_mcp_resource *const resources[] = {&one, &two, NULL};

/* A reply is one line of strict JSON; a call has its tool. */
static void check(const struct cc_mcp_message *message)
{
    static struct cc_mcp_scan scan;

    if (message->to_do == CC_MCP_CALL && (!message->call.tool || !message->id)) {
        abort();
    }
    if ((message->to_do == CC_MCP_REPLY) != (message->reply.text != NULL)) {
        abort();
    }
    if (message->reply.text &&
        (strlen(message->reply.text) != message->reply.len || strchr(message->reply.text, '\n') ||
         !cc_mcp_scan(message->reply.text, message->reply.len, &scan))) {
        abort();
    }
}

/* The first byte chooses the revision that the transport knows. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const versions[] = {NULL, "2025-03-26", "2025-11-25", "2026-07-28"};
    const struct cc_mcp_offer offer = {.name = "fuzz",
                                       .title = "Fuzz",
                                       .version = "1",
                                       .tools = cc_mcp_tools,
                                       .prompts = cc_mcp_prompts,
                                       .resources = resources,
                                       .page = 2};
    struct cc_arena mem = {0};
    struct cc_mcp_heard heard;

    if (size == 0) {
        return 0;
    }
    const char *text = cc_text_dup(&mem, (const char *)data + 1, size - 1);
    cc_mcp_hear(&mem, &offer, text, size - 1, versions[data[0] % 4], &heard);
    if (!heard.batch && heard.count != 1) {
        abort();
    }
    for (size_t i = 0; i < heard.count; i++) {
        check(&heard.messages[i]);
    }
    cc_arena_wipe(&mem);
    return 0;
}
