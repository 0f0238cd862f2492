#include "credctl/base/text.h"

#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* Lists are given in pages. A cursor says where the next page begins. */

void cc_mcp_cacheable(const struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    if (asked->message->modern) {
        cc_mcp_raw(result, "ttlMs", CC_MCP_TTL_MS);
        cc_mcp_text(result, "cacheScope", "public");
    }
}

static const char *cursor_of(struct cc_arena *mem, const char *list, size_t at)
{
    const char *text = cc_textf(mem, "%s %zu", list, at);

    return cc_text_base64url(mem, (const unsigned char *)text, strlen(text));
}

/* Only cursors that the server gives out: each is compared as a whole. */
static bool begins_at(struct cc_mcp_asked *asked, const char *list, size_t count, size_t *first)
{
    const cJSON *cursor = cJSON_GetObjectItemCaseSensitive(asked->params, "cursor");
    const size_t page = asked->offer->page;

    *first = 0;
    if (!cursor) {
        return true;
    }
    for (size_t at = page; cJSON_IsString(cursor) && at < count; at += page) {
        if (strcmp(cursor_of(asked->mem, list, at), cursor->valuestring) == 0) {
            *first = at;
            return true;
        }
    }
    return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "the cursor is not one of this list", NULL);
}

bool cc_mcp_page(struct cc_mcp_asked *asked, const char *list, size_t count,
                 struct cc_mcp_result *result, size_t *first, size_t *last)
{
    if (!begins_at(asked, list, count, first)) {
        return false;
    }
    *last = count - *first > asked->offer->page ? *first + asked->offer->page : count;
    if (*last < count) {
        cc_mcp_text(result, "nextCursor", cursor_of(asked->mem, list, *last));
    }
    cc_mcp_cacheable(asked, result);
    return true;
}
