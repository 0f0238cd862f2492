#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* resources/list, resources/templates/list and resources/read, for servers that offer any. */

/* The entries that are templates, or those that are not. */
static size_t pick(const struct cc_mcp_asked *asked, bool patterns,
                   const struct cc_mcp_resource ***picked)
{
    const struct cc_mcp_resource *const *all = asked->offer->resources;
    size_t count = 0;

    for (size_t i = 0; all[i]; i++) {
        count += all[i]->pattern == patterns;
    }
    const struct cc_mcp_resource **list = cc_alloc(asked->mem, (count + 1) * sizeof(void *));
    count = 0;
    for (size_t i = 0; all[i]; i++) {
        if (all[i]->pattern == patterns) {
            list[count++] = all[i];
        }
    }
    *picked = list;
    return count;
}

static bool say_list(struct cc_mcp_asked *asked, bool patterns, const char *name,
                     struct cc_mcp_result *result)
{
    const struct cc_mcp_resource **picked = NULL;
    const size_t count = pick(asked, patterns, &picked);
    size_t first = 0;
    size_t last = 0;

    if (!cc_mcp_page(asked, name, count, result, &first, &last)) {
        return false;
    }
    cc_mcp_begin(result, name, true);
    for (size_t i = first; i < last; i++) {
        cc_mcp_begin(result, NULL, false);
        cc_mcp_text(result, patterns ? "uriTemplate" : "uri", picked[i]->uri);
        cc_mcp_text(result, "name", picked[i]->name);
        cc_mcp_text_if(result, "description", picked[i]->about);
        cc_mcp_text_if(result, "mimeType", picked[i]->type);
        cc_mcp_end(result, false);
    }
    cc_mcp_end(result, true);
    return true;
}

bool cc_mcp_resources_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    return say_list(asked, false, "resources", result);
}

bool cc_mcp_templates_list(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    return say_list(asked, true, "resourceTemplates", result);
}

/* The value of the variable of a template; NULL when the URI is not one of it. */
static const char *variable_in(struct cc_arena *mem, const char *pattern, const char *uri)
{
    const size_t before = strcspn(pattern, "{");
    const char *after = strchr(pattern, '}') + 1;
    const size_t len = strlen(uri);

    if (len <= before + strlen(after) || strncmp(pattern, uri, before) != 0 ||
        !cc_text_ends(uri, after)) {
        return NULL;
    }
    const char *value = cc_text_dup(mem, uri + before, len - before - strlen(after));
    return strchr(value, '/') ? NULL : value;
}

/* The content, with the variable in its place. */
static const char *content_of(struct cc_arena *mem, const struct cc_mcp_resource *resource,
                              const char *uri)
{
    if (!resource->pattern) {
        return cc_text_equal(resource->uri, uri) ? resource->content : NULL;
    }
    const char *value = variable_in(mem, resource->uri, uri);
    if (!value) {
        return NULL;
    }
    const char *quoted = cc_mcp_quoted(mem, value);
    const size_t before = strcspn(resource->content, "%");

    return cc_textf(mem, "%.*s%.*s%s", (int)before, resource->content, (int)strlen(quoted) - 2,
                    quoted + 1, resource->content + before + 2);
}

bool cc_mcp_resources_read(struct cc_mcp_asked *asked, struct cc_mcp_result *result)
{
    const char *uri = cc_json_text(asked->params, "uri");
    const char *content = NULL;
    size_t i = 0;

    if (!uri) {
        return cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "uri is missing", NULL);
    }
    for (; asked->offer->resources[i]; i++) {
        content = content_of(asked->mem, asked->offer->resources[i], uri);
        if (content) {
            break;
        }
    }
    if (!content) {
        return cc_mcp_fail(asked,
                           asked->message->modern ? CC_MCP_INVALID_PARAMS : CC_MCP_NO_RESOURCE,
                           "there is no such resource",
                           cc_textf(asked->mem, "{\"uri\":%s}", cc_mcp_quoted(asked->mem, uri)));
    }
    cc_mcp_begin(result, "contents", true);
    cc_mcp_begin(result, NULL, false);
    cc_mcp_text(result, "uri", uri);
    cc_mcp_text_if(result, "mimeType", asked->offer->resources[i]->type);
    cc_buf_addf(&result->out, ",%s", content);
    cc_mcp_end(result, false);
    cc_mcp_end(result, true);
    cc_mcp_cacheable(asked, result);
    return true;
}
