#include "parts.h"

#include <string.h>

/* How results, errors and notifications are written. */

const char *cc_mcp_quoted(struct cc_arena *mem, const char *text)
{
    struct cc_buf out = cc_buf_new(mem, CC_MCP_REPLY_MAX);
    struct cc_json_writer writer = {.out = &out};

    cc_json_teller(&writer).text(&writer, text);
    return out.text;
}

void cc_mcp_text(struct cc_mcp_result *result, const char *name, const char *text)
{
    result->teller.name(&result->writer, name);
    result->teller.text(&result->writer, text);
}

void cc_mcp_text_if(struct cc_mcp_result *result, const char *name, const char *text)
{
    if (text) {
        cc_mcp_text(result, name, text);
    }
}

void cc_mcp_raw(struct cc_mcp_result *result, const char *name, const char *json)
{
    result->teller.name(&result->writer, name);
    result->teller.literal(&result->writer, json);
}

void cc_mcp_begin(struct cc_mcp_result *result, const char *name, bool list)
{
    if (name) {
        result->teller.name(&result->writer, name);
    }
    result->teller.begin(&result->writer, list);
}

void cc_mcp_end(struct cc_mcp_result *result, bool list)
{
    result->teller.end(&result->writer, list);
}

/* Every result of the modern era says its kind and who made it. `meta` is a member more, as JSON.
 */
static void say_meta(struct cc_mcp_result *result, const struct cc_mcp_offer *offer, bool modern,
                     const char *meta)
{
    if (!modern && !meta) {
        return;
    }
    cc_mcp_begin(result, "_meta", false);
    if (modern) {
        cc_mcp_begin(result, CC_MCP_META "serverInfo", false);
        cc_mcp_text(result, "name", offer->name);
        cc_mcp_text(result, "version", offer->version);
        cc_mcp_end(result, false);
    }
    if (meta) {
        cc_mcp_raw(result, "credctl/age_ms", meta);
    }
    cc_mcp_end(result, false);
}

void cc_mcp_piece_begin(struct cc_mcp_result *result, struct cc_arena *mem)
{
    result->out = cc_buf_new(mem, CC_MCP_REPLY_MAX);
    result->writer = (struct cc_json_writer){.out = &result->out};
    result->teller = cc_json_teller(&result->writer);
    cc_mcp_begin(result, NULL, false);
}

void cc_mcp_result_begin(struct cc_mcp_result *result, struct cc_arena *mem,
                         const struct cc_mcp_offer *offer, const struct cc_mcp_message *message,
                         const char *meta)
{
    cc_mcp_piece_begin(result, mem);
    cc_mcp_text(result, "jsonrpc", "2.0");
    cc_mcp_raw(result, "id", message->id);
    cc_mcp_begin(result, "result", false);
    if (message->modern) {
        cc_mcp_text(result, "resultType", "complete");
    }
    say_meta(result, offer, message->modern, meta);
}

void cc_mcp_result_end(struct cc_mcp_result *result, struct cc_mcp_reply *reply)
{
    cc_mcp_end(result, false);
    cc_mcp_end(result, false);
    *reply = (struct cc_mcp_reply){result->out.text, result->out.len, 200};
}

void cc_mcp_refuse(struct cc_arena *mem, const char *id, const struct cc_mcp_error *error,
                   struct cc_mcp_reply *reply)
{
    struct cc_buf out = cc_buf_new(mem, CC_MCP_REPLY_MAX);

    cc_buf_text(&out, "{\"jsonrpc\":\"2.0\"");
    if (id) {
        cc_buf_addf(&out, ",\"id\":%s", id);
    }
    cc_buf_addf(&out, ",\"error\":{\"code\":%d,\"message\":%s", (int)error->fault,
                cc_mcp_quoted(mem, error->why));
    if (error->data) {
        cc_buf_addf(&out, ",\"data\":%s", error->data);
    }
    cc_buf_text(&out, "}}");
    *reply = (struct cc_mcp_reply){out.text, out.len, error->status};
}

/* The HTTP status of an error. The legacy era answers 200 to whatever is a request. */
static int status_of(bool modern, enum cc_mcp_fault fault)
{
    static const struct {
        enum cc_mcp_fault fault;
        int status;
    } modern_ones[] = {
        {CC_MCP_NO_METHOD, 404},
        {CC_MCP_NEEDS_CAPABILITY, 400},
        {CC_MCP_NO_VERSION, 400},
        {CC_MCP_HEADER_MISMATCH, 400},
    };

    for (size_t i = 0; modern && i < CC_COUNT(modern_ones); i++) {
        if (modern_ones[i].fault == fault) {
            return modern_ones[i].status;
        }
    }
    return 200;
}

bool cc_mcp_fail(struct cc_mcp_asked *asked, enum cc_mcp_fault fault, const char *why,
                 const char *data)
{
    struct cc_mcp_message *message = asked->message;

    const struct cc_mcp_error error = {fault, status_of(message->modern, fault), why, data};

    message->to_do = CC_MCP_REPLY;
    cc_mcp_refuse(asked->mem, message->id, &error, &message->reply);
    return false;
}

void cc_mcp_answer(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                   const struct cc_mcp_message *message, const struct cc_mcp_outcome *outcome,
                   int64_t kept_ms, struct cc_mcp_reply *reply)
{
    struct cc_mcp_result result;
    const char *age = kept_ms > 0 ? cc_textf(mem, "%lld", (long long)kept_ms) : NULL;

    cc_mcp_result_begin(&result, mem, offer, message, age);
    cc_mcp_raw(&result, "content", outcome->content);
    if (outcome->structured) {
        cc_mcp_raw(&result, "structuredContent", outcome->structured);
    }
    cc_mcp_raw(&result, "isError", outcome->failed ? "true" : "false");
    cc_mcp_result_end(&result, reply);
}

const char *cc_mcp_progress(struct cc_arena *mem, const struct cc_mcp_message *message,
                            double progress, size_t total, const char *says)
{
    const char *of = total > 0 ? cc_textf(mem, ",\"total\":%zu", total) : "";

    return cc_textf(mem,
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                    "\"progressToken\":%s,\"progress\":%.15g%s,\"message\":%s}}",
                    message->token, progress, of, cc_mcp_quoted(mem, says));
}
