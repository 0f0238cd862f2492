#include "credctl/mcp/scan.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* What the scanner takes, cJSON reads as well; what it finds lies inside the text. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct cc_mcp_scan scan;
    const char *text = (const char *)data;

    if (!cc_mcp_scan(text, size, &scan)) {
        if (!scan.why) {
            abort();
        }
        return 0;
    }
    for (int i = 0; i < CC_MCP_PLACES; i++) {
        const struct cc_mcp_span *at = &scan.at[i];

        if (at->text && (at->text < text || at->len == 0 || at->text + at->len > text + size)) {
            abort();
        }
    }
    for (size_t i = 0; i < scan.item_count && i < CC_MCP_BATCH_MAX; i++) {
        struct cc_mcp_scan item;

        if (!cc_mcp_scan(scan.items[i].text, scan.items[i].len, &item)) {
            abort();
        }
    }
    cJSON *doc = scan.flaw ? NULL : cJSON_ParseWithLength(text, size);
    if (!scan.flaw && !doc) {
        abort();
    }
    cJSON_Delete(doc);
    return 0;
}
