#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* A text from a client, and what to do about each message in it. */

#define ID_MAX 1024 /* bytes of an id or a token */

static bool integer(struct cc_mcp_span span)
{
    size_t i = span.text[0] == '-';

    for (; i < span.len && span.text[i] >= '0' && span.text[i] <= '9'; i++) {
        /* the scanner knows that it is a number */
    }
    return i == span.len;
}

/* An id or a token: a text or an integer, as it is written; NULL when it is anything else. */
static const char *name_at(struct cc_arena *mem, struct cc_mcp_span span)
{
    if (!span.text || span.len > ID_MAX || (span.text[0] != '"' && !integer(span))) {
        return NULL;
    }
    return cc_text_dup(mem, span.text, span.len);
}

static void release(void *doc)
{
    cJSON_Delete(doc);
}

static void refuse(struct cc_arena *mem, struct cc_mcp_message *message, enum cc_mcp_fault fault,
                   const char *why)
{
    const struct cc_mcp_error error = {fault, 400, why, NULL};

    message->to_do = CC_MCP_REPLY;
    cc_mcp_refuse(mem, message->id, &error, &message->reply);
}

/* Any of the modern keys makes a message modern. */
static bool looks_modern(const cJSON *meta)
{
    static const char *const keys[] = {CC_MCP_META "protocolVersion", CC_MCP_META "clientInfo",
                                       CC_MCP_META "clientCapabilities"};

    for (size_t i = 0; i < CC_COUNT(keys); i++) {
        if (cJSON_GetObjectItemCaseSensitive(meta, keys[i])) {
            return true;
        }
    }
    return false;
}

static bool log_level_known(const cJSON *level)
{
    static const char *const levels[] = {"debug", "info",     "notice", "warning",
                                         "error", "critical", "alert",  "emergency"};

    for (size_t i = 0; i < CC_COUNT(levels); i++) {
        if (cc_text_equal(levels[i], cJSON_GetStringValue(level))) {
            return true;
        }
    }
    return !level;
}

/* The keys that every modern request has. */
static bool envelope_fits(struct cc_mcp_asked *asked)
{
    struct cc_mcp_message *message = asked->message;
    const cJSON *version =
        cJSON_GetObjectItemCaseSensitive(asked->meta, CC_MCP_META "protocolVersion");
    const char *why = NULL;

    if (!cJSON_IsString(version)) {
        why = "_meta has no " CC_MCP_META "protocolVersion";
    } else if (!cc_text_equal(version->valuestring, CC_MCP_MODERN)) {
        return cc_mcp_fail(asked, CC_MCP_NO_VERSION, "this protocol version is not supported",
                           cc_mcp_versions_data(asked->mem, version->valuestring));
    } else if (!cc_json_object(asked->meta, CC_MCP_META "clientCapabilities")) {
        why = "_meta has no " CC_MCP_META "clientCapabilities";
    } else if (!log_level_known(
                   cJSON_GetObjectItemCaseSensitive(asked->meta, CC_MCP_META "logLevel"))) {
        why = "_meta has an unknown " CC_MCP_META "logLevel";
    }
    if (why) {
        refuse(asked->mem, message, CC_MCP_INVALID_PARAMS, why);
    }
    return !why;
}

static bool offered(const struct cc_mcp_offer *offer, const char *method)
{
    return (offer->resources || !cc_text_starts(method, "resources/")) &&
           (offer->prompts ||
            (!cc_text_starts(method, "prompts/") && !cc_text_starts(method, "completion/")));
}

static const struct cc_mcp_method *method_of(const struct cc_mcp_asked *asked)
{
    const struct cc_mcp_message *message = asked->message;

    for (const struct cc_mcp_method *method = cc_mcp_methods; method->name; method++) {
        if (cc_text_equal(method->name, message->method) &&
            (message->modern ? method->modern : method->legacy) &&
            offered(asked->offer, method->name)) {
            return method;
        }
    }
    return NULL;
}

static void answer(struct cc_mcp_asked *asked)
{
    struct cc_mcp_message *message = asked->message;
    const struct cc_mcp_method *method = method_of(asked);
    struct cc_mcp_result result;

    if (!method) {
        (void)cc_mcp_fail(asked, CC_MCP_NO_METHOD,
                          cc_textf(asked->mem, "there is no method %.128s", message->method), NULL);
        return;
    }
    cc_mcp_result_begin(&result, asked->mem, asked->offer, message, NULL);
    if (method->answer(asked, &result)) {
        message->to_do = CC_MCP_REPLY;
        cc_mcp_result_end(&result, &message->reply);
    }
}

static void request(struct cc_mcp_asked *asked, const struct cc_mcp_scan *scan)
{
    struct cc_mcp_message *message = asked->message;
    const cJSON *params = message->params;
    const struct cc_mcp_span arguments = scan->at[CC_MCP_ARGUMENTS];

    if (params && !cJSON_IsObject(params)) {
        (void)cc_mcp_fail(asked, CC_MCP_INVALID_PARAMS, "params is not an object", NULL);
        return;
    }
    asked->params = params;
    asked->meta = cc_json_object(params, "_meta");
    message->token = name_at(asked->mem, scan->at[CC_MCP_TOKEN]);
    message->arguments =
        arguments.text ? cc_text_dup(asked->mem, arguments.text, arguments.len) : NULL;
    /* This method exists in the modern era only. */
    message->modern =
        looks_modern(asked->meta) || cc_text_equal(message->method, "server/discover");
    if (!message->modern || envelope_fits(asked)) {
        answer(asked);
    }
}

static void notification(struct cc_mcp_asked *asked, const struct cc_mcp_scan *scan)
{
    struct cc_mcp_message *message = asked->message;

    message->modern = looks_modern(cc_json_object(message->params, "_meta"));
    if (cc_text_equal(message->method, "notifications/cancelled")) {
        message->cancels = name_at(asked->mem, scan->at[CC_MCP_REQUEST_ID]);
        message->to_do = message->cancels ? CC_MCP_CANCEL : CC_MCP_NOTHING;
    }
}

/* What JSON-RPC 2.0 asks of every message; NULL: all is there. */
static const char *flaw(const cJSON *doc, const struct cc_mcp_message *message)
{
    const cJSON *method = cJSON_GetObjectItemCaseSensitive(doc, "method");

    if (!cc_text_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "jsonrpc")),
                       "2.0")) {
        return "jsonrpc is not \"2.0\"";
    }
    if (cc_json_repeats(doc)) {
        return "an object has the same member twice, or more than 1000 members";
    }
    if (cJSON_GetObjectItemCaseSensitive(doc, "id") && !message->id) {
        return "the id is neither a text nor an integer, or is too long";
    }
    return cJSON_IsString(method) && method->valuestring[0] ? NULL : "the method is missing";
}

/* The answer to a request, which this server never makes: it is not answered. */
static bool is_answer(const cJSON *doc)
{
    return !cJSON_GetObjectItemCaseSensitive(doc, "method") &&
           (cJSON_GetObjectItemCaseSensitive(doc, "result") ||
            cJSON_GetObjectItemCaseSensitive(doc, "error"));
}

static void judge(struct cc_mcp_asked *asked, const cJSON *doc, const struct cc_mcp_scan *scan)
{
    struct cc_mcp_message *message = asked->message;

    if (!cJSON_IsObject(doc)) {
        refuse(asked->mem, message, CC_MCP_INVALID_REQUEST, "a message is an object");
        return;
    }
    if (is_answer(doc)) {
        return;
    }
    message->id = name_at(asked->mem, scan->at[CC_MCP_ID]);
    const char *why = flaw(doc, message);
    if (why) {
        /* A repeated id is not echoed: it is not known which one is meant. */
        message->id = cc_json_repeats(doc) ? NULL : message->id;
        refuse(asked->mem, message, CC_MCP_INVALID_REQUEST, why);
        return;
    }
    message->method = cJSON_GetObjectItemCaseSensitive(doc, "method")->valuestring;
    message->params = cJSON_GetObjectItemCaseSensitive(doc, "params");
    (message->id ? request : notification)(asked, scan);
}

static void one(struct cc_mcp_asked *asked, const struct cc_mcp_span *text,
                const struct cc_mcp_scan *scan)
{
    if (scan->flaw) {
        asked->message->id = name_at(asked->mem, scan->at[CC_MCP_ID]);
        refuse(asked->mem, asked->message, CC_MCP_INVALID_REQUEST, scan->flaw);
        return;
    }
    cJSON *doc = cJSON_ParseWithLength(text->text, text->len);
    if (!doc) {
        refuse(asked->mem, asked->message, CC_MCP_PARSE_ERROR, "it is not JSON");
        return;
    }
    cc_arena_adopt(asked->mem, release, doc);
    judge(asked, doc, scan);
}

static void batch(struct cc_mcp_asked *asked, const struct cc_mcp_scan *scan,
                  struct cc_mcp_heard *heard)
{
    heard->batch = true;
    heard->count = scan->item_count;
    heard->messages = cc_alloc(asked->mem, heard->count * sizeof(*heard->messages));
    for (size_t i = 0; i < heard->count; i++) {
        struct cc_mcp_scan item;

        asked->message = &heard->messages[i];
        asked->params = asked->meta = NULL;
        (void)cc_mcp_scan(scan->items[i].text, scan->items[i].len, &item);
        one(asked, &scan->items[i], &item);
        if (asked->message->modern || cc_text_equal(asked->message->method, "initialize")) {
            refuse(asked->mem, asked->message, CC_MCP_INVALID_REQUEST,
                   "this message cannot be part of a batch");
        }
    }
}

/* NULL: a batch is possible. */
static const char *no_batch(const struct cc_mcp_scan *scan, const char *version)
{
    if (version && !cc_text_equal(version, CC_MCP_BATCH)) {
        return "batches exist only in revision " CC_MCP_BATCH;
    }
    if (scan->item_count == 0) {
        return "the batch is empty";
    }
    return scan->item_count > CC_MCP_BATCH_MAX ? "the batch has more than 64 messages" : NULL;
}

void cc_mcp_hear(struct cc_arena *mem, const struct cc_mcp_offer *offer, const char *text,
                 size_t len, const char *version, struct cc_mcp_heard *heard)
{
    const struct cc_mcp_span all = {text, len};
    struct cc_mcp_scan scan;

    *heard = (struct cc_mcp_heard){.count = 1, .messages = cc_alloc(mem, sizeof(*heard->messages))};
    struct cc_mcp_asked asked = {.mem = mem, .offer = offer, .message = heard->messages};
    if (!cc_mcp_scan(text, len, &scan)) {
        refuse(mem, heard->messages, CC_MCP_PARSE_ERROR, scan.why);
        return;
    }
    if (!scan.list) {
        one(&asked, &all, &scan);
        return;
    }
    const char *why = no_batch(&scan, version);
    if (why) {
        refuse(mem, heard->messages, CC_MCP_INVALID_REQUEST, why);
    } else {
        batch(&asked, &scan, heard);
    }
}
