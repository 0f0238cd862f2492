#include "credctl/base/text.h"

#include "parts.h"

/* tools/list and tools/call. */

const struct cc_mcp_tool *cc_mcp_tool_named(const struct cc_mcp_offer *offer, const char *name)
{
    for (const struct cc_mcp_tool *const *tool = offer->tools; *tool; tool++) {
        if (cc_text_equal((*tool)->name, name)) {
            return *tool;
        }
    }
    return NULL;
}

static void say_flag(struct cc_mcp_result *result, const char *name, bool flag)
{
    cc_mcp_raw(result, name, flag ? "true" : "false");
}

const char *const *cc_mcp_tool_actions(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    return tool->actions_from ? tool->actions_from(mem, tool) : tool->actions;
}

/* For whoever writes the policy of the server's role. */
static void say_actions(struct cc_arena *mem, const struct cc_mcp_tool *tool,
                        struct cc_mcp_result *result)
{
    const char *const *actions = cc_mcp_tool_actions(mem, tool);

    if (!actions) {
        return;
    }
    cc_mcp_begin(result, "_meta", false);
    cc_mcp_begin(result, "credctl/iam_actions", true);
    for (; *actions; actions++) {
        result->teller.text(&result->writer, *actions);
    }
    cc_mcp_end(result, true);
    cc_mcp_end(result, false);
}

/* A tool as tools/list has it. */
static const char *tool_text(struct cc_arena *mem, const struct cc_mcp_tool *tool)
{
    struct cc_mcp_result result;

    cc_mcp_piece_begin(&result, mem);
    cc_mcp_text(&result, "name", tool->name);
    cc_mcp_text_if(&result, "title", tool->title);
    cc_mcp_text(&result, "description", tool->about);
    cc_mcp_raw(&result, "inputSchema", tool->input(mem, tool));
    if (tool->output) {
        cc_mcp_raw(&result, "outputSchema", tool->output(mem, tool));
    }
    cc_mcp_begin(&result, "annotations", false);
    cc_mcp_text_if(&result, "title", tool->title);
    say_flag(&result, "readOnlyHint", !tool->changes);
    say_flag(&result, "destructiveHint", tool->destructive);
    say_flag(&result, "idempotentHint", tool->idempotent);
    say_flag(&result, "openWorldHint", tool->open_world);
    cc_mcp_end(&result, false);
    say_actions(mem, tool, &result);
    cc_mcp_end(&result, false);
    return result.out.text;
}

/* The text of each tool. Schemas take longer to write than anything else here. */
static const char *const *tool_texts(const struct cc_mcp_asked *asked, size_t count)
{
    struct cc_mcp_made *made = asked->offer->made;
    struct cc_arena *mem = made ? made->mem : asked->mem;

    if (made && made->tools) {
        return made->tools;
    }
    const char **texts = cc_alloc(mem, (count + 1) * sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        texts[i] = tool_text(mem, asked->offer->tools[i]);
    }
    if (made) {
        made->tools = texts;
    }
    return texts;
}

bool cc_mcp_tools_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    size_t count = 0;
    size_t first = 0;
    size_t last = 0;

    while (asked->offer->tools[count]) {
        count++;
    }
    if (!cc_mcp_page(asked, "tools", count, result, &first, &last)) {
        return false;
    }
    const char *const *texts = tool_texts(asked, count);
    cc_mcp_begin(result, "tools", true);
    for (size_t i = first; i < last; i++) {
        result->teller.literal(&result->writer, texts[i]);
    }
    cc_mcp_end(result, true);
    return true;
}

/* The client must have declared what the tool needs of it. */
static bool client_can(struct cc_mcp_asked *asked, const char *what)
{
    const cJSON *declared = cc_json_object(asked->meta, CC_MCP_META "clientCapabilities");

    if (!what || cc_json_object(declared, what)) {
        return true;
    }
    return cc_mcp_fail(asked, CC_MCP_NEEDS_CAPABILITY,
                       cc_textf(asked->mem, "the client did not declare the capability %s", what),
                       cc_textf(asked->mem, "{\"requiredCapabilities\":{%s:{}}}",
                                cc_mcp_quoted(asked->mem, what)));
}

bool cc_mcp_tools_call(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(asked->params, "name"));
    const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(asked->params, "arguments");
    const struct cc_mcp_tool *tool = cc_mcp_tool_named(asked->offer, name);

    (void)result;
    if (!name) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "the name of the tool is missing", NULL);
    }
    if (!tool) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS,
                           cc_textf(asked->mem, "there is no tool %.128s", name), NULL);
    }
    if (arguments && !cJSON_IsObject(arguments)) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "the arguments are not an object", NULL);
    }
    if (!client_can(asked, tool->needs)) {
        return false;
    }
    asked->message->to_do = CC_MCP_CALL;
    asked->message->call =
        (struct cc_mcp_call){.tool = tool, .arguments = arguments, .rules = asked->offer->rules};
    return false;
}
