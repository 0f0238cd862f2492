#include "credctl/mcp/http.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include <string.h>
#include <strings.h>

/* Streamable HTTP: every request is one message, and its answer is one object or a stream. */

#define HEAD_MAX   32768
#define BODY_MS    30000
#define QUIET_MS   15000 /* then a comment keeps the connection of a stream open */
#define PATH       "/mcp"
#define WELL_KNOWN "/.well-known/oauth-protected-resource"
#define EVENTS     "text/event-stream"

struct http {
    struct cc_mcp_desk desk; /* first, so that it has the same address */
    const struct cc_mcp_http_options *options;
};

/* What a talk needs to know of its request. */
struct asked {
    bool events;   /* the client reads streams ... */
    bool document; /* ... or plain JSON */
    bool streaming;
    bool gone;
    int64_t told; /* when something was sent last */
};

/* --- answers --- */

static void plain(struct http *http, struct cc_ticket ticket, int status, const char *fields,
                  const char *body)
{
    const struct cc_reply reply = {.status = status,
                                   .type = body ? "application/json" : NULL,
                                   .fields = fields,
                                   .body = body ? body : "",
                                   .len = body ? strlen(body) : 0};

    cc_server_answer(http->desk.server, ticket, &reply);
}

/* An error without an id, as the body of a refusal. */
static void refusal(int status, const char *why, struct cc_buf *body)
{
    const struct cc_mcp_error error = {CC_MCP_INVALID_REQUEST, status, why, NULL};
    struct cc_mcp_reply reply;

    cc_mcp_refuse(body->mem, NULL, &error, &reply);
    cc_buf_add(body, reply.text, reply.len);
}

static void refuse(struct http *http, struct cc_ticket ticket, int status, const char *fields,
                   const char *why)
{
    struct cc_arena mem = {0};
    struct cc_buf body = cc_buf_new(&mem, 4096);

    refusal(status, why, &body);
    plain(http, ticket, status, fields, body.text);
    cc_arena_wipe(&mem);
}

static void event(struct cc_mcp_talk *talk, const char *text)
{
    const char *data = cc_textf(&talk->mem, "event: message\ndata: %s\n\n", text);
    struct asked *asked = talk->about;

    if (!asked->streaming) {
        asked->streaming = true;
        cc_server_stream_begin(talk->desk->server, talk->ticket, EVENTS,
                               "X-Accel-Buffering: no\r\n");
    }
    asked->told = cc_ticks_ms(talk->desk->run);
    cc_server_stream_add(talk->desk->server, talk->ticket, data, strlen(data));
}

static void said(struct cc_mcp_talk *talk, const struct cc_mcp_reply *reply)
{
    struct http *http = (struct http *)talk->desk;
    const struct asked *asked = talk->about;

    if (asked->gone) {
        return;
    }
    if (asked->streaming || (reply->text && reply->status == 200 && !asked->document)) {
        if (reply->text) {
            event(talk, reply->text);
        }
        cc_server_stream_end(talk->desk->server, talk->ticket);
        return;
    }
    if (!reply->text) {
        plain(http, talk->ticket, 202, NULL, NULL);
        return;
    }
    plain(http, talk->ticket, talk->busy ? 503 : reply->status,
          talk->busy ? "Retry-After: 1\r\n" : NULL, reply->text);
}

static void noted(struct cc_mcp_talk *talk, const char *text)
{
    const struct asked *asked = talk->about;

    if (asked->events && !asked->gone) {
        event(talk, text);
    }
}

static const struct cc_mcp_line line = {said, noted};

/* --- requests --- */

/* The list of media types has this one, or one that stands for it. */
static bool accepts(const char *list, const char *type)
{
    const size_t family = strcspn(type, "/") + 1;

    if (!list) {
        return true;
    }
    while (*list) {
        list += strspn(list, " \t,");
        const size_t len = strcspn(list, " \t,;");

        if ((len == strlen(type) && strncasecmp(list, type, len) == 0) ||
            (len == 3 && strncmp(list, "*/*", 3) == 0) ||
            (len == family + 1 && strncasecmp(list, type, family) == 0 && list[family] == '*')) {
            return true;
        }
        list += strcspn(list, ",");
    }
    return false;
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    const size_t len = type ? strcspn(type, " \t;") : 0;

    return len == sizeof(json) - 1 && strncasecmp(type, json, len) == 0;
}

/* The first message that the headers do not fit gets the answer. */
static bool headers_fit(struct cc_mcp_talk *talk, const struct cc_head *head)
{
    struct cc_mcp_message *message = &talk->heard.messages[0];
    struct cc_mcp_reply reply;

    if (talk->heard.batch || cc_mcp_headers_fit(&talk->mem, head, message, &reply)) {
        return true;
    }
    message->to_do = CC_MCP_REPLY;
    message->reply = reply;
    return false;
}

static void post(struct http *http, const struct cc_visit *visit)
{
    const struct cc_mcp_span text = {visit->body, visit->body_len};
    const char *accept = cc_head_field(visit->head, "Accept");
    const char *version = cc_head_field(visit->head, "MCP-Protocol-Version");

    if (!is_json(cc_head_field(visit->head, "Content-Type"))) {
        refuse(http, visit->ticket, 415, NULL, "the body is not application/json");
        return;
    }
    if (!accepts(accept, "application/json") && !accepts(accept, EVENTS)) {
        refuse(http, visit->ticket, 406, NULL,
               "answers are application/json or " EVENTS ", and neither is accepted");
        return;
    }
    struct cc_mcp_talk *talk = cc_mcp_talk_new(&http->desk, &line, &text, version);
    struct asked *asked = cc_alloc(&talk->mem, sizeof(*asked));
    asked->document = accepts(accept, "application/json");
    asked->events = accept && accepts(accept, EVENTS);
    asked->told = cc_ticks_ms(http->desk.run);
    talk->about = asked;
    talk->ticket = visit->ticket;
    (void)headers_fit(talk, visit->head);
    cc_mcp_talk_begin(talk);
}

/* Documents that need no token: health, and where tokens come from. */
static bool open_to_all(struct http *http, const struct cc_visit *visit)
{
    const char *path = visit->head->path;
    const bool reads =
        cc_text_equal(visit->head->method, "GET") || cc_text_equal(visit->head->method, "HEAD");
    const char *metadata = http->options->gate.metadata;

    if (!reads) {
        return false;
    }
    if (cc_text_equal(path, "/healthz") || cc_text_equal(path, "/ping")) {
        plain(http, visit->ticket, 200, NULL, "{\"status\":\"Healthy\"}");
        return true;
    }
    if (metadata && (cc_text_equal(path, WELL_KNOWN PATH) || cc_text_equal(path, WELL_KNOWN))) {
        plain(http, visit->ticket, 200, "Access-Control-Allow-Origin: *\r\n", metadata);
        return true;
    }
    return false;
}

static void ask_for_token(struct http *http, const struct cc_visit *visit)
{
    const char *url = http->options->gate.metadata_url;
    struct cc_arena mem = {0};
    const char *field =
        url ? cc_textf(&mem, "WWW-Authenticate: Bearer resource_metadata=\"%s\"\r\n", url)
            : "WWW-Authenticate: Bearer\r\n";

    refuse(http, visit->ticket, 401, field, "a bearer token is needed");
    cc_arena_wipe(&mem);
}

static void visit(void *about, struct cc_server *server, const struct cc_visit *visit)
{
    struct http *http = about;
    const struct cc_mcp_gate *gate = &http->options->gate;
    const char *why = NULL;

    if (open_to_all(http, visit)) {
        return;
    }
    const int status = cc_mcp_gate_host(gate, server, visit->head, &why);
    if (status != 0) {
        refuse(http, visit->ticket, status, NULL, why);
    } else if (cc_mcp_gate_token(gate, visit->head) != 0) {
        ask_for_token(http, visit);
    } else if (!cc_text_equal(visit->head->path, PATH)) {
        refuse(http, visit->ticket, 404, NULL, "the endpoint is " PATH);
    } else if (!cc_text_equal(visit->head->method, "POST")) {
        refuse(http, visit->ticket, 405, "Allow: POST\r\n", "only POST is supported");
    } else {
        post(http, visit);
    }
}

/* --- what happens meanwhile --- */

static struct cc_mcp_talk *talk_of(struct http *http, struct cc_ticket ticket)
{
    struct cc_mcp_talk *talk = http->desk.talks;

    while (talk && (talk->ticket.slot != ticket.slot || talk->ticket.turn != ticket.turn)) {
        talk = talk->next;
    }
    return talk;
}

/* In the modern era to leave is to cancel; before that it was not. */
static void left(void *about, struct cc_server *server, struct cc_ticket ticket)
{
    struct http *http = about;
    struct cc_mcp_talk *talk = talk_of(http, ticket);

    (void)server;
    if (talk) {
        ((struct asked *)talk->about)->gone = true;
    }
    if (talk && talk->heard.messages[0].modern) {
        cc_mcp_talk_abandon(talk);
    }
}

/* A load balancer closes a connection on which nothing is heard for a minute. */
static void tick(void *about, struct cc_server *server)
{
    static const char comment[] = ":\n\n";
    struct http *http = about;
    const int64_t now = cc_ticks_ms(http->desk.run);

    cc_mcp_desk_tick(&http->desk);
    for (struct cc_mcp_talk *talk = http->desk.talks; talk; talk = talk->next) {
        struct asked *asked = talk->about;

        if (!asked->events || asked->gone || now < asked->told + QUIET_MS) {
            continue;
        }
        if (!asked->streaming) {
            asked->streaming = true;
            cc_server_stream_begin(server, talk->ticket, EVENTS, "X-Accel-Buffering: no\r\n");
        }
        asked->told = now;
        cc_server_stream_add(server, talk->ticket, comment, sizeof(comment) - 1);
    }
}

static void signalled(void *about, struct cc_server *server, const struct cc_signal *signal)
{
    struct http *http = about;

    (void)signal;
    cc_mcp_abandon_all(&http->desk);
    cc_server_stop(server);
}

static void announce(struct cc_run *run, const struct cc_server *server)
{
    const char *text =
        cc_textf(&run->mem, "credctl: serving MCP on http://%s" PATH "\n", server->address);

    (void)run->world->emit(run->world->self, 2, text, strlen(text));
    cc_tell_supervisor(run, "READY=1\nSTATUS=serving MCP");
}

bool cc_mcp_http(struct cc_run *run, const struct cc_mcp_offer *offer,
                 const struct cc_mcp_limits *limits, const struct cc_mcp_http_options *options,
                 struct cc_error *err)
{
    struct http *http = cc_alloc(&run->mem, sizeof(*http));
    const bool open = cc_secret_present(options->gate.token) || options->gate.hosts;
    const struct cc_server_plan plan = {
        .address = options->listen,
        .option = "--listen",
        .open_by =
            "listen on 127.0.0.1, or say who may call: --token-file FILE or --allow-host HOST",
        .anywhere = open,
        .anyone = open,
        .max_body = CC_MCP_BODY_MAX,
        .max_head = HEAD_MAX,
        .chunks = true,
        .body_ms = BODY_MS,
        .threads = CC_THREADS_MAX,
        .about = http,
        .visit = visit,
        .signalled = signalled,
        .refusal = refusal,
        .left = left,
        .tick = tick,
    };

    http->desk = (struct cc_mcp_desk){.run = run, .offer = offer, .limits = *limits};
    http->options = options;
    if (!cc_server_open(run, &plan, &http->desk.server, err)) {
        return false;
    }
    announce(run, http->desk.server);
    (void)cc_server_run(http->desk.server);
    cc_tell_supervisor(run, "STOPPING=1");
    if (!cc_server_close(http->desk.server)) {
        cc_leave(run, 0);
    }
    cc_mcp_desk_wipe(&http->desk);
    return true;
}
