#include "answer.h"

#include "credctl/aws/xml.h"
#include "credctl/base/text.h"

#include <string.h>

/* Where services and their imitations put the error and the request ID. */
static const struct {
    const char *error;
    const char *request;
} xml_errors[] = {
    {"ErrorResponse/Error", "ErrorResponse/RequestId"},
    {"Response/Errors/Error", "Response/RequestID"},
    {"ErrorResponse/Errors/Error", "ErrorResponse/RequestId"},
    {"Error", "Error/RequestId"},
};
static const char *const json_codes[] = {"__type", "code", "Code", "error"};
static const char *const json_messages[] = {"message", "Message", "error_description",
                                            "errorMessage"};

/* "com.amazonaws.sso#UnauthorizedException:http://..." is UnauthorizedException. */
static const char *bare_code(struct cc_arena *mem, const char *code)
{
    const char *mark = code ? strchr(code, '#') : NULL;

    if (!code) {
        return NULL;
    }
    code = mark ? mark + 1 : code;
    code = cc_text_dup(mem, code, strcspn(code, ":"));
    return cc_text_consists(code, "._-", 128) ? code : NULL;
}

/*
 * To help with signatures, some services repeat the canonical request, including the session token.
 */
static const char *safe_message(struct cc_arena *mem, const char *message)
{
    const char *leak = message ? strstr(message, "The Canonical String") : NULL;

    if (!message) {
        return NULL;
    }
    size_t len = leak ? (size_t)(leak - message) : strlen(message);
    return cc_text_trim(mem, cc_text_printable(mem, cc_text_dup(mem, message, len)));
}

static const char *first_of(const cJSON *object, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = cc_json_text(object, names[i]);

        if (text) {
            return text;
        }
    }
    return NULL;
}

static void read_json(struct cc_arena *mem, const struct cc_response *response,
                      struct cc_answer *answer)
{
    const cJSON *doc = NULL;
    struct cc_error ignored;

    if (!cc_json_parse(mem, response->body, response->body_len, "the answer", &doc, &ignored)) {
        return;
    }
    if (!answer->error_code) {
        answer->error_code = bare_code(mem, first_of(doc, json_codes, CC_COUNT(json_codes)));
    }
    answer->error_message =
        safe_message(mem, first_of(doc, json_messages, CC_COUNT(json_messages)));
}

static void read_xml(struct cc_arena *mem, const struct cc_response *response,
                     struct cc_answer *answer)
{
    const struct cc_xml *root = NULL;
    struct cc_error ignored;

    if (!cc_xml_parse(mem, response->body, response->body_len, "the answer", &root, &ignored)) {
        return;
    }
    for (size_t i = 0; i < CC_COUNT(xml_errors); i++) {
        const char *code = cc_xml_text(root, cc_textf(mem, "%s/Code", xml_errors[i].error));
        const char *message = cc_xml_text(root, cc_textf(mem, "%s/Message", xml_errors[i].error));
        const char *request = cc_xml_text(root, xml_errors[i].request);

        if (code) {
            answer->error_code = bare_code(mem, code);
            answer->error_message = safe_message(mem, message);
            answer->request_id = request ? cc_text_printable(mem, request) : answer->request_id;
            return;
        }
    }
}

void cc_answer_read(struct cc_arena *mem, const struct cc_response *response,
                    struct cc_answer *answer)
{
    const char *id = cc_response_header(mem, response, "x-amzn-RequestId");
    const char *body = response->body + strspn(response->body, " \t\r\n");

    id = id ? id : cc_response_header(mem, response, "x-amz-request-id");
    answer->request_id = id ? cc_text_printable(mem, id) : NULL;
    answer->error_code = bare_code(mem, cc_response_header(mem, response, "x-amzn-ErrorType"));
    /* By its first byte, not by the protocol: gateways have their own formats. */
    if (*body == '{') {
        read_json(mem, response, answer);
    } else if (*body == '<') {
        read_xml(mem, response, answer);
    }
}
