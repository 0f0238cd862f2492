#include "visitor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BODY_MS    10000 /* for a whole body */
#define IDLE_MS    30000 /* between two requests */
#define WRITE_MS   10000 /* for a peer to read the answer */
#define DRAIN_MS   2000  /* to read what the peer still sends, so that the answer arrives */
#define FIRST_ROOM 1024
#define BODY_ROOM  4096  /* of a refusal */
#define AHEAD_ROOM 65536 /* for a body that is announced */
#define KEPT_ROOM  16384
#define RAW_MAX    ((size_t)64 << 20)
#define QUEUE_MAX  ((size_t)4 << 20) /* of pieces that a peer has not read */

int64_t cc_visitor_clock(void)
{
    struct timespec at = {0};

    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

void cc_visitor_hang_up(struct cc_visitor *v)
{
    (void)event_del(&v->reads);
    (void)event_del(&v->writes);
    (void)event_del(&v->leaves);
    (void)close(v->fd);
    cc_heap_free(v->in);
    cc_heap_free(v->out);
    v->in = v->out = NULL;
    v->in_len = v->in_room = v->out_len = v->out_at = v->out_room = v->taken = 0;
    v->state = CC_V_FREE;
    v->fd = -1;
    v->ticket.turn++;
    v->desk->open--;
    if (v->desk->open == 0) {
        (void)event_del(&v->desk->tick);
        if (v->desk->stopping) {
            (void)event_base_loopbreak(v->desk->loop);
        }
    }
}

void cc_visitor_wait(struct cc_visitor *v, enum cc_visitor_state state, int ms)
{
    v->state = state;
    v->since = cc_visitor_clock();
    v->until = ms > 0 ? v->since + ms : 0;
}

/* Closing with unread input would make the kernel discard the answer. */
static void part(struct cc_visitor *v)
{
    if (!v->unread && v->in_len == 0) {
        cc_visitor_hang_up(v);
        return;
    }
    (void)shutdown(v->fd, SHUT_WR);
    cc_visitor_wait(v, CC_V_DRAINING, DRAIN_MS);
    (void)event_add(&v->reads, NULL);
}

/* Frees what belongs to the request that was taken. */
static void let_go(struct cc_visitor *v)
{
    explicit_bzero(v->in, v->taken);
    v->in_len -= v->taken;
    memmove(v->in, v->in + v->taken, v->in_len);
    v->taken = 0;
    if (v->in_len == 0 && v->in_room > KEPT_ROOM) {
        cc_heap_free(v->in);
        v->in = NULL;
        v->in_room = 0;
    }
}

/* The answer was sent: the next request is read. */
static void answered(struct cc_visitor *v)
{
    let_go(v);
    v->bodied = v->bare = v->ending = false;
    v->chunks = (struct cc_chunks){0};
    (void)event_del(&v->leaves);
    if (v->last || v->desk->stopping) {
        part(v);
        return;
    }
    cc_visitor_wait(v, CC_V_READING, v->in_len > 0 ? CC_HEAD_MS : IDLE_MS);
    (void)event_add(&v->reads, NULL);
}

static void keep_rest(struct cc_visitor *v, const char *text, size_t len)
{
    const size_t need = v->out_len + len;

    if (!v->out || need > v->out_room) {
        v->out_room = need < 2 * v->out_room ? 2 * v->out_room : need;
        v->out = cc_heap_realloc(v->out, v->out_room);
        if (!v->out) {
            abort();
        }
    }
    memcpy(v->out + v->out_len, text, len);
    v->out_len = need;
    (void)event_del(&v->reads);
    (void)event_add(&v->writes, NULL);
}

static void written(struct cc_visitor *v)
{
    (void)event_del(&v->writes);
    cc_heap_free(v->out);
    v->out = NULL;
    v->out_len = v->out_at = v->out_room = 0;
}

/* The part of an answer that is sent: for HEAD, only its head. */
static size_t sent_part(const struct cc_visitor *v, const char *text, size_t len)
{
    static const char mark[] = "\r\n\r\n";
    const char *end = v->bare ? memmem(text, len, mark, sizeof(mark) - 1) : NULL;

    return end ? (size_t)(end - text) + sizeof(mark) - 1 : len;
}

void cc_visitor_send(struct cc_visitor *v, const char *text, size_t len)
{
    len = sent_part(v, text, len);
    ssize_t sent = send(v->fd, text, len, MSG_NOSIGNAL);

    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        cc_visitor_hang_up(v);
        return;
    }
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done < len) {
        keep_rest(v, text + done, len - done);
        cc_visitor_wait(v, CC_V_WRITING, WRITE_MS);
        return;
    }
    answered(v);
}

void cc_visitor_lost(struct cc_visitor *v)
{
    const struct cc_server_plan *plan = &v->desk->plan;

    if (plan->left && (v->state == CC_V_ASKED || v->state == CC_V_STREAMING)) {
        plan->left(plan->about, &v->desk->server, v->ticket);
    }
    cc_visitor_hang_up(v);
}

void cc_visitor_left(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    cc_visitor_lost(about);
}

void cc_visitor_stream(struct cc_visitor *v, const char *text, size_t len)
{
    const ssize_t sent = v->out ? 0 : send(v->fd, text, len, MSG_NOSIGNAL);

    if ((sent < 0 && errno != EAGAIN && errno != EINTR) ||
        v->out_len - v->out_at + len > QUEUE_MAX) {
        cc_visitor_lost(v);
        return;
    }
    const size_t done = sent > 0 ? (size_t)sent : 0;
    if (done < len) {
        v->until = v->out ? v->until : cc_visitor_clock() + WRITE_MS;
        keep_rest(v, text + done, len - done);
    } else if (v->ending) {
        v->ticket.turn++;
        answered(v);
    }
}

static const char *phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {200, "OK"},
        {202, "Accepted"},
        {204, "No Content"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };

    for (size_t i = 0; i < CC_COUNT(phrases); i++) {
        if (phrases[i].status == status) {
            return phrases[i].phrase;
        }
    }
    return "Status";
}

void cc_reply_text(const struct cc_reply *reply, bool keep_alive, struct cc_buf *out)
{
    cc_buf_addf(out, "HTTP/1.1 %d %s\r\n", reply->status, phrase(reply->status));
    if (reply->type) {
        cc_buf_addf(out, "Content-Type: %s\r\n", reply->type);
    }
    cc_buf_addf(out, "Content-Length: %zu\r\nCache-Control: no-store\r\n%s%s\r\n", reply->len,
                reply->fields ? reply->fields : "", keep_alive ? "" : "Connection: close\r\n");
    cc_buf_add(out, reply->body, reply->len);
}

void cc_visitor_reply(struct cc_visitor *v, const struct cc_reply *reply)
{
    struct cc_buf text = cc_buf_new(&v->desk->scratch, RAW_MAX);

    cc_reply_text(reply, !v->last && !v->desk->stopping, &text);
    cc_visitor_send(v, text.text, text.len);
    cc_arena_wipe(&v->desk->scratch);
}

/* "Bad Request" as a code: BadRequest. */
static void code_of(int status, char code[48])
{
    size_t len = 0;

    for (const char *at = phrase(status); *at && len < 47; at++) {
        if (*at != ' ') {
            code[len++] = *at;
        }
    }
    code[len] = '\0';
}

/* A refusal ends the connection, because the start of the next request is not certain. */
void cc_visitor_refuse(struct cc_visitor *v, int status, const char *why)
{
    const struct cc_server_plan *plan = &v->desk->plan;
    struct cc_arena mem = {0};
    struct cc_buf body = cc_buf_new(&mem, BODY_ROOM);
    char code[48];

    code_of(status, code);
    if (plan->refusal) {
        plan->refusal(status, why, &body);
    } else {
        cc_buf_addf(&body, "{\"code\":\"%s\",\"message\":\"%s\"}", code, why);
    }
    if (plan->refused) {
        plan->refused(plan->about, status);
    }
    v->last = v->unread = true;
    v->taken = v->in_len;
    const struct cc_reply reply = {
        .status = status, .type = "application/json", .body = body.text, .len = body.len};
    cc_visitor_reply(v, &reply);
    cc_arena_wipe(&mem);
}

static void ensure_room(struct cc_visitor *v, size_t room)
{
    if (v->in_room >= room) {
        return;
    }
    size_t grown = v->in_room ? v->in_room * 2 : FIRST_ROOM;
    grown = grown < room ? room : grown;
    v->in = cc_heap_realloc(v->in, grown);
    if (!v->in) {
        abort();
    }
    v->in_room = grown;
}

static void hand_over(struct cc_visitor *v, const struct cc_head_end *end)
{
    struct cc_desk *desk = v->desk;
    const char *body = v->in + end->len;
    const bool empty = desk->head.chunked && !desk->plan.chunks;
    const size_t len =
        desk->head.chunked && desk->plan.chunks ? v->chunks.len : desk->head.body_len;
    const struct cc_visit visit = {
        .ticket = v->ticket,
        .head = &desk->head,
        .body = body,
        .body_len = empty ? 0 : len,
        .uid = v->uid,
    };

    if (empty && memcmp(body, CC_EMPTY_CHUNKS, desk->head.body_len) != 0) {
        cc_visitor_refuse(v, 501, "a body needs a Content-Length");
        return;
    }
    v->taken = end->len + len;
    v->last = !desk->head.keep_alive;
    v->newer = desk->head.newer;
    v->bare = strcmp(desk->head.method, "HEAD") == 0;
    v->state = CC_V_ASKED;
    v->until = 0;
    desk->plan.visit(desk->plan.about, &desk->server, &visit);
    if (v->state == CC_V_ASKED || v->state == CC_V_STREAMING) { /* it is answered later; until then
                                                                     nothing more is read */
        (void)event_del(&v->reads);
        let_go(v);
        if (desk->plan.left) {
            (void)event_add(&v->leaves, NULL);
        }
    }
}

static void want_body(struct cc_visitor *v, size_t len)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    if (!v->bodied) {
        v->bodied = true;
        v->until = cc_visitor_clock() + (v->desk->plan.body_ms ? v->desk->plan.body_ms : BODY_MS);
        ensure_room(v, len < AHEAD_ROOM ? len : AHEAD_ROOM);
        if (v->desk->head.expects_continue) {
            (void)!send(v->fd, go_on, sizeof(go_on) - 1, MSG_NOSIGNAL);
        }
    }
}

/* The new bytes of a body in chunks; false when it is not complete, or was refused. */
static bool body_in_chunks(struct cc_visitor *v, size_t head_len)
{
    size_t more = v->in_len - head_len - v->chunks.len;
    const enum cc_chunks_state state =
        cc_chunks_take(&v->chunks, v->in + head_len, &more, v->desk->plan.max_body);

    v->in_len = head_len + v->chunks.len + more;
    switch (state) {
    case CC_CHUNKS_WHOLE: return true;
    case CC_CHUNKS_PART: want_body(v, v->in_len); return false;
    case CC_CHUNKS_BAD: cc_visitor_refuse(v, 400, "a chunk of the body is malformed"); return false;
    default: cc_visitor_refuse(v, 413, "the body is too long"); return false;
    }
}

/* Handles one request when it is complete; false when more must be read first. */
static bool one_request(struct cc_visitor *v)
{
    struct cc_desk *desk = v->desk;
    const struct cc_head_rules rules = {desk->plan.max_body, desk->plan.max_head,
                                        desk->plan.chunks};
    struct cc_head_end end = cc_head_read(v->in, v->in_len, &rules, desk->head_room, &desk->head);

    if (end.state == CC_HEAD_PART) {
        return false;
    }
    if (v->refused) {
        cc_visitor_refuse(v, 403, "this server belongs to another user");
        return true;
    }
    if (end.state == CC_HEAD_BAD) {
        cc_visitor_refuse(v, end.status, end.why);
        return true;
    }
    if (desk->head.chunked && desk->plan.chunks) {
        if (!body_in_chunks(v, end.len)) {
            return false;
        }
    } else if (v->in_len - end.len < desk->head.body_len) {
        want_body(v, end.len + desk->head.body_len);
        return false;
    }
    hand_over(v, &end);
    explicit_bzero(desk->head_room, end.len < CC_HEAD_ROOM ? end.len : CC_HEAD_ROOM);
    return true;
}

/* Handles all requests that have been read, one after the other. */
void cc_visitor_step(struct cc_visitor *v)
{
    if (v->stepping) {
        return;
    }
    v->stepping = true;
    while (v->state == CC_V_READING && v->in_len > 0 && one_request(v)) {
        /* pipelined: the next one */
    }
    v->stepping = false;
}

void cc_visitor_readable(evutil_socket_t fd, short what, void *about)
{
    struct cc_visitor *v = about;
    size_t most = CC_HEAD_ROOM + v->desk->plan.max_body;
    char nowhere[16384];

    (void)what;
    if (v->state == CC_V_DRAINING) {
        if (recv(fd, nowhere, sizeof(nowhere), 0) == 0) {
            cc_visitor_hang_up(v);
        }
        explicit_bzero(nowhere, sizeof(nowhere));
        return;
    }
    if (v->in_len == v->in_room) {
        ensure_room(v, v->in_room ? (v->in_room * 2 < most ? v->in_room * 2 : most) : FIRST_ROOM);
    }
    ssize_t got = recv(fd, v->in + v->in_len, v->in_room - v->in_len, 0);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            cc_visitor_hang_up(v);
        }
        return;
    }
    if (v->in_len == 0) {
        v->until = cc_visitor_clock() + CC_HEAD_MS;
    }
    v->in_len += (size_t)got;
    cc_visitor_step(v);
}

void cc_visitor_writable(evutil_socket_t fd, short what, void *about)
{
    struct cc_visitor *v = about;
    ssize_t sent = send(fd, v->out + v->out_at, v->out_len - v->out_at, MSG_NOSIGNAL);

    (void)what;
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (sent < 0) {
        cc_visitor_lost(v);
        return;
    }
    v->out_at += (size_t)sent;
    if (v->out_at < v->out_len) {
        return;
    }
    written(v);
    if (v->state == CC_V_STREAMING && !v->ending) {
        v->until = 0;
        return;
    }
    v->ticket.turn += v->ending; /* that of a whole answer has changed already */
    answered(v);
    cc_visitor_step(v);
}
