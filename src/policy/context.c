#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* The condition keys of a request. */

static struct cc_key *find(const struct cc_context *context, const char *name)
{
    for (size_t i = 0; i < context->count; i++) {
        if (cc_text_equal_nocase(context->keys[i].name, name)) {
            return &context->keys[i];
        }
    }
    return NULL;
}

static struct cc_key *place(struct cc_context *context, const char *name)
{
    struct cc_key *key = find(context, name);

    if (key) {
        return key;
    }
    if (context->count == context->room) {
        const size_t room = context->room ? context->room * 2 : 32;
        struct cc_key *keys = cc_alloc(context->mem, room * sizeof(*keys));

        if (context->count > 0) {
            memcpy(keys, context->keys, context->count * sizeof(*keys));
        }
        context->keys = keys;
        context->room = room;
    }
    return &context->keys[context->count++];
}

void cc_context_set_list(struct cc_context *context, const char *name, const char *const *values)
{
    *place(context, name) = (struct cc_key){.name = name, .values = values};
}

void cc_context_set(struct cc_context *context, const char *name, const char *value)
{
    const char **values = NULL;

    if (value) {
        values = cc_alloc(context->mem, 2 * sizeof(*values));
        values[0] = value;
    }
    cc_context_set_list(context, name, (const char *const *)values);
}

/* The list grows when its length is a power of two. */
void cc_context_add(struct cc_context *context, const char *name, const char *value)
{
    struct cc_key *key = place(context, name);
    const size_t count = key->added;
    const char **values = (const char **)key->values;

    if (count == 0 || (count & (count - 1)) == 0) {
        values = cc_alloc(context->mem, (2 * count + 2) * sizeof(*values));
        if (count > 0) {
            memcpy(values, key->values, count * sizeof(*values));
        }
    }
    values[count] = value;
    values[count + 1] = NULL;
    *key = (struct cc_key){.name = name, .values = (const char *const *)values, .added = count + 1};
}

void cc_context_unknown(struct cc_context *context, const char *name)
{
    *place(context, name) = (struct cc_key){.name = name, .unknown = true};
}

struct cc_key cc_context_key(const struct cc_context *context, const char *name)
{
    const struct cc_key *key = find(context, name);

    (void)cc_work_take(context->work, context->count);
    return key ? *key : (struct cc_key){.unknown = context->open};
}

struct cc_context cc_context_copy(struct cc_arena *mem, const struct cc_context *context)
{
    struct cc_context copy = *context;

    copy.mem = mem;
    copy.room = context->count + 8;
    copy.keys = cc_alloc(mem, copy.room * sizeof(*copy.keys));
    if (context->count > 0) {
        memcpy(copy.keys, context->keys, context->count * sizeof(*copy.keys));
    }
    return copy;
}
