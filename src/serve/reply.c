#include "reply.h"

#include <string.h>

void cc_reply_with(struct cc_endpoint *endpoint, struct cc_ticket ticket,
                   const struct cc_reply *reply)
{
    endpoint->requests[reply->status]++;
    cc_server_answer(endpoint->server, ticket, reply);
}

void cc_reply_plain(struct cc_endpoint *endpoint, struct cc_ticket ticket, const char *type,
                    const char *body)
{
    const struct cc_reply reply = {.status = 200, .type = type, .body = body, .len = strlen(body)};

    cc_reply_with(endpoint, ticket, &reply);
}

static void json(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status, cJSON *doc)
{
    char *text = cJSON_PrintUnformatted(doc);
    const char *body = text ? text : "{}";
    const struct cc_reply reply = {
        .status = status, .type = "application/json", .body = body, .len = strlen(body)};

    cJSON_Delete(doc);
    cc_reply_with(endpoint, ticket, &reply);
    cJSON_free(text);
}

void cc_reply_json(struct cc_endpoint *endpoint, struct cc_ticket ticket, cJSON *doc)
{
    json(endpoint, ticket, 200, doc);
}

void cc_reply_refusal(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                      const char *message)
{
    static const struct {
        int status;
        const char *code;
    } codes[] = {{400, "BadRequest"}, {401, "Unauthorized"},       {403, "AccessDenied"},
                 {404, "NotFound"},   {405, "MethodNotAllowed"},   {429, "Throttled"},
                 {502, "BadGateway"}, {503, "ServiceUnavailable"}, {504, "Timeout"}};
    const char *code = "InternalServerError";
    cJSON *doc = cJSON_CreateObject();

    for (size_t i = 0; i < CC_COUNT(codes); i++) {
        code = codes[i].status == status ? codes[i].code : code;
    }
    cJSON_AddStringToObject(doc, "code", code);
    cJSON_AddStringToObject(doc, "message", message);
    json(endpoint, ticket, status, doc);
}
