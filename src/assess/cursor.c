#include "cursor.h"

#include "credctl/base/text.h"

#include <string.h>

static const char *label(const struct cc_resource *resource)
{
    return resource->id ? resource->id : resource->name ? resource->name : "";
}

int cc_resource_compare(const void *one, const void *two)
{
    const struct cc_resource *a = one;
    const struct cc_resource *b = two;

    return a->type != b->type ? (a->type < b->type ? -1 : 1) : strcmp(label(a), label(b));
}

const char *cc_cursor_after(struct cc_arena *mem, const struct cc_resource *resource)
{
    const char *text =
        cc_textf(mem, "%s %s", cc_resource_type_words[resource->type], label(resource));

    return cc_text_base64url(mem, (const unsigned char *)text, strlen(text));
}

bool cc_cursor_read(struct cc_arena *mem, const char *token, struct cc_resource *last)
{
    const char *text = NULL;
    size_t size = 0;

    if (!cc_text_unbase64(mem, token, strlen(token), &text, &size) || strlen(text) != size) {
        return false;
    }
    const char *blank = strchr(text, ' ');
    const char *type = cc_text_dup(mem, text, blank ? (size_t)(blank - text) : 0);
    for (int i = 0; blank && cc_resource_type_words[i]; i++) {
        if (strcmp(cc_resource_type_words[i], type) == 0) {
            *last = (struct cc_resource){.type = (enum cc_resource_type)i, .id = blank + 1};
            return true;
        }
    }
    return false;
}
