#include "credctl/base/text.h"

#include "parts.h"

/* initialize and server/discover: the two ways in which a session of an era begins. */

static const char *const legacy[] = {"2024-11-05", "2025-03-26", "2025-06-18", CC_MCP_LATEST};

const char *cc_mcp_legacy_version(const char *version)
{
    for (size_t i = 0; i < CC_COUNT(legacy); i++) {
        if (cc_text_equal(version, legacy[i])) {
            return legacy[i];
        }
    }
    return NULL;
}

const char *cc_mcp_versions_data(struct cc_arena *mem, const char *requested)
{
    return cc_textf(mem, "{\"supported\":[\"" CC_MCP_MODERN "\"],\"requested\":%s}",
                    cc_mcp_quoted(mem, requested));
}

/* The lists never change while the server runs. */
static void capability(struct cc_mcp_result *result, const char *name)
{
    cc_mcp_raw(result, name, "{\"listChanged\":false}");
}

static void capabilities(const struct cc_mcp_offer *offer, struct cc_mcp_result *result)
{
    cc_mcp_begin(result, "capabilities", false);
    capability(result, "tools");
    if (offer->prompts) {
        capability(result, "prompts");
        cc_mcp_raw(result, "completions", "{}");
    }
    if (offer->resources) {
        cc_mcp_raw(result, "resources", "{\"listChanged\":false,\"subscribe\":false}");
    }
    cc_mcp_end(result, false);
}

bool cc_mcp_initialize(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    const char *wanted =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(asked->params, "protocolVersion"));
    const struct cc_mcp_offer *offer = asked->offer;

    if (!wanted) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "protocolVersion is missing", NULL);
    }
    if (!cc_json_object(asked->params, "capabilities") ||
        !cc_json_object(asked->params, "clientInfo")) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "capabilities or clientInfo is missing",
                           NULL);
    }
    asked->message->version = cc_mcp_legacy_version(wanted);
    if (!asked->message->version) {
        asked->message->version = CC_MCP_LATEST;
    }
    cc_mcp_text(result, "protocolVersion", asked->message->version);
    capabilities(offer, result);
    cc_mcp_begin(result, "serverInfo", false);
    cc_mcp_text(result, "name", offer->name);
    cc_mcp_text(result, "title", offer->title);
    cc_mcp_text(result, "version", offer->version);
    cc_mcp_end(result, false);
    cc_mcp_text_if(result, "instructions", offer->instructions);
    return true;
}

bool cc_mcp_discover(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    cc_mcp_raw(result, "supportedVersions", "[\"" CC_MCP_MODERN "\"]");
    capabilities(asked->offer, result);
    cc_mcp_text_if(result, "instructions", asked->offer->instructions);
    cc_mcp_cacheable(asked, result);
    return true;
}
