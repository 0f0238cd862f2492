#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/mcp/http.h"

#include <string.h>

/*
 * Headers that repeat what the body says. Proxies route by the headers and the server acts by the
 * body, so both must say the same.
 */

static bool refuse(struct cc_arena *mem, const struct cc_mcp_message *message,
                   enum cc_mcp_fault fault, const char *why, struct cc_mcp_reply *reply)
{
    const struct cc_mcp_error error = {fault, 400, why, NULL};

    cc_mcp_refuse(mem, message->id, &error, reply);
    return false;
}

/* What `Mcp-Name` repeats; NULL: nothing. */
static const char *name_of(const struct cc_mcp_message *message)
{
    static const struct {
        const char *method;
        const char *member;
    } named[] = {{"tools/call", "name"}, {"prompts/get", "name"}, {"resources/read", "uri"}};

    for (size_t i = 0; i < CC_COUNT(named); i++) {
        if (cc_text_equal(message->method, named[i].method)) {
            return cJSON_GetStringValue(
                cJSON_GetObjectItemCaseSensitive(message->params, named[i].member));
        }
    }
    return NULL;
}

/* A value that cannot be a header as it is, is written as =?base64?...?=. NULL: malformed. */
static const char *decoded(struct cc_arena *mem, const char *value)
{
    static const char begin[] = "=?base64?";
    static const char end[] = "?=";
    const size_t len = value ? strlen(value) : 0;
    const size_t frame = sizeof(begin) - 1 + sizeof(end) - 1;
    const char *bytes = NULL;
    size_t size = 0;

    if (!value || len < frame || !cc_text_starts(value, begin) || !cc_text_ends(value, end)) {
        return value;
    }
    return (len - frame) % 4 == 0 && /* with its padding */
                   cc_text_unbase64(mem, value + sizeof(begin) - 1, len - frame, &bytes, &size) &&
                   strlen(bytes) == size
               ? bytes
               : NULL;
}

/* Every argument that the tool wants to be repeated, and no other value for it. */
static bool mirrors_fit(struct cc_arena *mem, const struct cc_head *head,
                        const struct cc_mcp_message *message, struct cc_mcp_reply *reply)
{
    const struct cc_mcp_call *call = &message->call;
    const struct cc_mcp_mirror *one = call->tool ? call->tool->mirrors : NULL;

    for (; one && one->argument; one++) {
        const char *header = cc_head_field(head, one->header);
        const char *value =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(call->arguments, one->argument));

        if ((header || value) && !cc_text_equal(decoded(mem, header), value)) {
            return refuse(
                mem, message, CC_MCP_HEADER_MISMATCH,
                cc_textf(mem, "the header %s is not the argument %s", one->header, one->argument),
                reply);
        }
    }
    return true;
}

static bool names_fit(struct cc_arena *mem, const struct cc_head *head,
                      const struct cc_mcp_message *message, struct cc_mcp_reply *reply)
{
    const char *name = name_of(message);

    if (!cc_text_equal(cc_head_field(head, "Mcp-Method"), message->method)) {
        return refuse(mem, message, CC_MCP_HEADER_MISMATCH,
                      "the header Mcp-Method is not the method of the message", reply);
    }
    if (name && !cc_text_equal(decoded(mem, cc_head_field(head, "Mcp-Name")), name)) {
        return refuse(mem, message, CC_MCP_HEADER_MISMATCH,
                      "the header Mcp-Name is not the name in the message", reply);
    }
    return mirrors_fit(mem, head, message, reply);
}

/* The version in the envelope of a message; NULL: none. */
static const char *version_in(const struct cc_mcp_message *message)
{
    const cJSON *meta = cc_json_object(message->params, "_meta");

    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(meta, CC_MCP_META "protocolVersion"));
}

static bool legacy_fits(struct cc_arena *mem, const char *version,
                        const struct cc_mcp_message *message, struct cc_mcp_reply *reply)
{
    if (!version || cc_mcp_legacy_version(version)) {
        return true;
    }
    if (cc_text_equal(message->method, "initialize")) {
        return refuse(mem, message, CC_MCP_HEADER_MISMATCH,
                      "initialize does not exist in the version of the header", reply);
    }
    return refuse(mem, message, CC_MCP_INVALID_PARAMS,
                  "_meta has no " CC_MCP_META "protocolVersion", reply);
}

bool cc_mcp_headers_fit(struct cc_arena *mem, const struct cc_head *head,
                        const struct cc_mcp_message *message, struct cc_mcp_reply *reply)
{
    const char *version = cc_head_field(head, "MCP-Protocol-Version");

    if (!message->id || !message->method) {
        return true; /* no request: what is wrong with it is known already */
    }
    if (!message->modern) {
        return legacy_fits(mem, version, message, reply);
    }
    if (!version_in(message) && !version) {
        return true;
    }
    if (version_in(message) && !cc_text_equal(version, version_in(message))) {
        return refuse(mem, message, CC_MCP_HEADER_MISMATCH,
                      "the header MCP-Protocol-Version is not the version in _meta", reply);
    }
    return !cc_text_equal(version, CC_MCP_MODERN) || names_fit(mem, head, message, reply);
}
