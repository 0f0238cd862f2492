#include "credctl/base/text.h"

#include "command_parts.h"
#include "shelf.h"

#include <string.h>

/* Results that are too long for a client: the longest list is cut, and a cursor leads to the rest.
 * The whole result is stored meanwhile. */

#define TAIL_ROOM 128 /* what truncated and next_cursor take */

struct longest {
    const char *path; /* names, with dots between them; NULL: there is no list */
    size_t size;
};

static void release(void *doc)
{
    cJSON_Delete(doc);
}

const cJSON *cc_mcp_document(struct cc_arena *mem, const char *text)
{
    cJSON *doc = cJSON_Parse(text);

    if (doc) {
        cc_arena_adopt(mem, release, doc);
    }
    return doc;
}

static const char *printed(struct cc_arena *mem, const cJSON *doc)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)64 << 20);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);

    cc_shape_tell_json(mem, doc, &teller);
    return out.text;
}

static void compare(struct cc_arena *mem, const cJSON *list, const char *path,
                    struct longest *longest)
{
    const size_t size = strlen(printed(mem, list));

    if (size > longest->size) {
        *longest = (struct longest){path, size};
    }
}

/* Lists in objects, but not those in the items of other lists. */
// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
static void look(struct cc_arena *mem, const cJSON *object, const char *path,
                 struct longest *longest)
{
    for (const cJSON *one = object->child; one; one = one->next) {
        const char *name = cc_textf(mem, "%s%s%s", path, path[0] ? "." : "", one->string);

        if (cJSON_IsObject(one)) {
            look(mem, one, name, longest);
        } else if (cJSON_IsArray(one)) {
            compare(mem, one, name, longest);
        }
    }
}

/* The list at a path; NULL when there is none. */
static cJSON *list_at(struct cc_arena *mem, const cJSON *doc, const char *path)
{
    const cJSON *at = doc;

    while (at && *path) {
        const size_t len = strcspn(path, ".");

        at = cJSON_GetObjectItemCaseSensitive(at, cc_text_dup(mem, path, len));
        path += len + (path[len] == '.');
    }
    return cJSON_IsArray(at) ? (cJSON *)at : NULL;
}

static void set(cJSON *doc, const char *name, cJSON *value)
{
    if (!cJSON_ReplaceItemInObjectCaseSensitive(doc, name, value)) {
        cJSON_Delete(value);
    }
}

/* Leaves the items from `from` on that fit into `room`; returns how many there are up to the next
 * page. */
static int keep(struct cc_arena *mem, cJSON *list, int from, size_t room)
{
    size_t size = 0;
    int kept = 0;

    for (int i = 0; i < from; i++) {
        cJSON_DeleteItemFromArray(list, 0);
    }
    for (const cJSON *item = list->child; item; item = item->next) {
        size += strlen(printed(mem, item)) + 1;
        if (size > room && kept > 0) {
            break;
        }
        kept++;
    }
    for (int more = cJSON_GetArraySize(list) - kept; more > 0; more--) {
        cJSON_DeleteItemFromArray(list, kept);
    }
    return from + kept;
}

static bool still_too_long(const char *json, size_t most, struct cc_error *err)
{
    if (strlen(json) <= most + TAIL_ROOM) {
        return false;
    }
    cc_fail(err, CC_E_TOO_BIG, "the result is too long for this server");
    cc_why(err, "it has %zu bytes although its longest list was cut, and %zu are allowed",
           strlen(json), most);
    (void)cc_fix(err, "ask for less, or have the server started with a larger --max-output");
    return true;
}

/* `whole` has the result, as it is stored. */
struct page {
    const struct cc_mcp_call *call;
    const char *name; /* of what is stored; NULL: it is not */
    const char *path;
    size_t list_size;
};

static bool give(struct cc_run *run, const struct page *page, const char *whole, int from,
                 const char **json, struct cc_error *err)
{
    cJSON *doc = (cJSON *)cc_mcp_document(&run->mem, whole); /* this copy is cut */
    cJSON *list = doc ? list_at(&run->mem, doc, page->path) : NULL;
    const size_t most = page->call->max_output;
    const size_t others = strlen(whole) - page->list_size + TAIL_ROOM;

    if (!list) {
        return cc_fail(err, CC_E_INTERNAL, "a stored result cannot be read");
    }
    const int count = cJSON_GetArraySize(list);
    if (from > count) {
        cc_fail(err, CC_E_USAGE, "the cursor is not one of this result");
        return cc_fix(err, "use next_cursor as it was given");
    }
    const int next = keep(&run->mem, list, from, most > others ? most - others : 0);
    if (next < count) {
        set(doc, "truncated", cJSON_CreateTrue());
        if (page->name) {
            set(doc, "next_cursor",
                cJSON_CreateString(cc_textf(&run->mem, "%s.%d", page->name, next)));
        }
    }
    *json = printed(&run->mem, doc);
    return !still_too_long(*json, most, err);
}

/* What is stored: the result, with the tool and the list that is cut. */
static const char *wrapped(struct cc_arena *mem, const struct page *page, const char *json)
{
    return cc_textf(mem, "{\"tool\":\"%s\",\"list\":\"%s\",\"result\":%s}", page->call->tool->name,
                    page->path, json);
}

bool cc_mcp_cut(struct cc_run *run, const struct cc_mcp_call *call, const char **json,
                struct cc_error *err)
{
    const char *whole = *json;
    struct longest longest = {0};
    struct cc_error why = {0};

    if (strlen(whole) <= call->max_output) {
        return true;
    }
    const cJSON *doc = cc_mcp_document(&run->mem, whole);
    if (doc) {
        look(&run->mem, doc, "", &longest);
    }
    if (!longest.path) {
        return !still_too_long(whole, call->max_output, err);
    }
    struct page page = {call, NULL, longest.path, longest.size};
    if (!cc_mcp_shelf_put(run, wrapped(&run->mem, &page, whole), &page.name, &why)) {
        cc_log(run, CC_WARN, "mcp.not_stored", CC_S("what", why.what), CC_S("why", why.why));
    }
    return give(run, &page, whole, 0, json, err);
}

static bool bad_cursor(struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "the cursor is not one of this tool");
    return cc_fix(err, "use next_cursor as it was given");
}

bool cc_mcp_continue(struct cc_run *run, const struct cc_mcp_call *call, const cJSON *cursor,
                     const char **json, struct cc_error *err)
{
    const char *text = cJSON_GetStringValue(cursor);
    const char *dot = text ? strchr(text, '.') : NULL;
    const char *stored = NULL;
    int64_t from = 0;

    if (!dot || !cc_text_number(dot + 1, 0, INT32_MAX, &from)) {
        return bad_cursor(err);
    }
    const char *name = cc_text_dup(&run->mem, text, (size_t)(dot - text));
    if (!cc_mcp_shelf_get(run, name, &stored, err)) {
        return false;
    }
    const cJSON *doc = cc_mcp_document(&run->mem, stored);
    const char *path = cc_json_text(doc, "list");
    if (!path || !cc_text_equal(cc_json_text(doc, "tool"), call->tool->name)) {
        return bad_cursor(err);
    }
    const char *whole = printed(&run->mem, cJSON_GetObjectItemCaseSensitive(doc, "result"));
    const cJSON *list = list_at(&run->mem, cJSON_GetObjectItemCaseSensitive(doc, "result"), path);
    const struct page page = {call, name, path, list ? strlen(printed(&run->mem, list)) : 0};
    return give(run, &page, whole, (int)from, json, err);
}
