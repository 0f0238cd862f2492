#include "visitor.h"

#include <string.h>

/* Answers in pieces: chunks for HTTP/1.1, and for HTTP/1.0 a body that ends with the connection. */

#define PIECE_MAX ((size_t)64 << 20)

struct cc_visitor *cc_visitor_holding(struct cc_server *server, struct cc_ticket ticket)
{
    struct cc_desk *desk = (struct cc_desk *)server;
    struct cc_visitor *v = ticket.slot < CC_VISITORS_MAX ? &desk->visitors[ticket.slot] : NULL;

    return v && (v->state == CC_V_ASKED || v->state == CC_V_STREAMING) &&
                   v->ticket.turn == ticket.turn
               ? v
               : NULL;
}

void cc_stream_begin(struct cc_server *server, struct cc_ticket ticket, const char *type,
                     const char *fields)
{
    struct cc_visitor *v = cc_visitor_holding(server, ticket);

    if (!v || v->state != CC_V_ASKED) {
        return;
    }
    struct cc_buf head = cc_buf_new(&v->desk->scratch, PIECE_MAX);
    v->last = v->last || !v->newer;
    cc_buf_addf(&head,
                "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nCache-Control: no-store\r\n%s%s%s\r\n",
                type, fields, v->newer ? "Transfer-Encoding: chunked\r\n" : "",
                v->last ? "Connection: close\r\n" : "");
    cc_visitor_wait(v, CC_V_STREAMING, 0);
    cc_visitor_stream(v, head.text, head.len);
    cc_arena_wipe(&v->desk->scratch);
}

void cc_stream_add(struct cc_server *server, struct cc_ticket ticket, const char *text, size_t len)
{
    struct cc_visitor *v = cc_visitor_holding(server, ticket);

    if (!v || v->state != CC_V_STREAMING || v->ending || len == 0) {
        return;
    }
    struct cc_buf piece = cc_buf_new(&v->desk->scratch, PIECE_MAX);
    if (v->newer) {
        cc_buf_addf(&piece, "%zx\r\n", len);
    }
    cc_buf_add(&piece, text, len);
    cc_buf_text(&piece, v->newer ? "\r\n" : "");
    cc_visitor_stream(v, piece.text, piece.len);
    cc_arena_wipe(&v->desk->scratch);
}

void cc_stream_end(struct cc_server *server, struct cc_ticket ticket)
{
    static const char last[] = "0\r\n\r\n";
    struct cc_visitor *v = cc_visitor_holding(server, ticket);

    if (!v || v->state != CC_V_STREAMING || v->ending) {
        return;
    }
    v->ending = true;
    cc_visitor_stream(v, last, v->newer ? sizeof(last) - 1 : 0);
    cc_visitor_step(v);
}
