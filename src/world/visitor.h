#ifndef CREDCTL_WORLD_VISITOR_H
#define CREDCTL_WORLD_VISITOR_H

/* The loop, its connections and its children, for the files that implement it. */

#include "credctl/world/chunks.h"

#include "real.h"
#include "serve.h"

#include <event2/event.h>
#include <event2/event_struct.h>

#define CC_VISITORS_MAX 256
#define CC_HEAD_MS      5000 /* for a complete head, however slowly it comes */

enum cc_visitor_state {
    CC_V_FREE,
    CC_V_READING,
    CC_V_ASKED,
    CC_V_STREAMING, /* an answer is sent in pieces */
    CC_V_WRITING,
    CC_V_DRAINING,
};

struct cc_visitor {
    struct cc_desk *desk;
    enum cc_visitor_state state;
    struct cc_ticket ticket;
    int fd;
    int64_t uid;
    bool refused;  /* of another user: gets only a 403 */
    bool stepping; /* step() is running further up the stack */
    bool last;     /* the connection is closed after this answer */
    bool unread;   /* there may be more input, which is not read */
    bool bodied;   /* the head is read, its body is awaited */
    bool bare;     /* a HEAD request: the answer has no body */
    bool newer;    /* HTTP/1.1 */
    bool ending;   /* the last piece of a stream is on its way */
    int64_t until; /* 0: the peer is waiting for an answer */
    int64_t since; /* of its last progress */
    struct event reads;
    struct event writes;
    struct event leaves; /* the peer, while it waits */
    struct cc_chunks chunks;
    char *in;
    size_t in_len;
    size_t in_room;
    size_t taken; /* of `in`, by the request that is being answered */
    char *out;    /* output that the socket did not take at once */
    size_t out_len;
    size_t out_room;
    size_t out_at;
};

struct cc_offspring;

/* Standard input and output, of a plan that hears lines. */
struct cc_pipes {
    struct event reads;
    struct event writes;
    struct event again; /* when lines may be handed over again */
    bool to_socket;     /* stdout is one */
    bool broken;        /* nobody reads stdout */
    bool paused;        /* no input is read, because too much output waits */
    bool ended;         /* stdin */
    bool skipping;      /* up to the end of a line that was too long */
    char *in;
    size_t in_len;
    size_t in_room;
    size_t scanned; /* of `in`, without a line end */
    char *out;
    size_t out_len;
    size_t out_at;
    size_t out_room;
};

struct cc_desk {
    struct cc_server server; /* first, so that it has the same address */
    struct real *real;
    struct cc_server_plan plan;
    struct event_base *loop;
    struct cc_pool *pool;
    struct cc_listening listening;
    int64_t own_uid;
    int signal_fd;
    int wake;
    sigset_t mask_before;
    struct event accepts;
    struct event signalled;
    struct event woken;
    struct event tick;              /* for connections that time out */
    struct event beat;              /* the plan's tick */
    struct event again;             /* for orphans that could not be waited for at once */
    struct cc_offspring *offspring; /* a list */
    size_t offspring_count;
    struct cc_pipes pipes;
    size_t open;
    int ended_by;
    bool stopping;
    struct cc_head head;
    char head_room[CC_HEAD_ROOM + 1];
    struct cc_arena scratch;
    struct cc_visitor visitors[CC_VISITORS_MAX];
};

/* Answers in pieces. */
void cc_stream_begin(struct cc_server *server, struct cc_ticket ticket, const char *type,
                     const char *fields);
void cc_stream_add(struct cc_server *server, struct cc_ticket ticket, const char *text, size_t len);
void cc_stream_end(struct cc_server *server, struct cc_ticket ticket);
/* The connection with this ticket; NULL when it has gone, or has another ticket. */
struct cc_visitor *cc_visitor_holding(struct cc_server *server, struct cc_ticket ticket);

/* New connections, and those that time out. */
void cc_door_knock(evutil_socket_t fd, short what, void *about);
void cc_door_tick(evutil_socket_t fd, short what, void *about);

/* Standard input and output. */
void cc_pipes_open(struct cc_desk *desk);
void cc_pipes_say(struct cc_desk *desk, const char *text, size_t len);
bool cc_pipes_quiet(const struct cc_desk *desk); /* nothing waits to be written */
void cc_pipes_stop(struct cc_desk *desk);        /* reads no more; what waits gets a moment */
void cc_pipes_close(struct cc_desk *desk);

/* Child processes. */
bool cc_offspring_start(struct cc_server *server, const struct cc_child *child, int *status,
                        struct cc_error *err);
void cc_offspring_nudge(struct cc_server *server, size_t id, enum cc_nudge nudge);
void cc_offspring_pass_on(struct cc_server *server, size_t id, const struct cc_signal *signal);
void cc_offspring_reap(struct cc_desk *desk);
void cc_offspring_close(struct cc_desk *desk);
bool cc_real_become(void *self, const struct cc_child *child, int *status, struct cc_error *err);
bool cc_real_server_open(void *self, struct cc_run *run, const struct cc_server_plan *plan,
                         struct cc_server **server, struct cc_error *err);

/* One connection: a request is read, handed to the plan, and answered, then the next one. */
int64_t cc_visitor_clock(void);
void cc_visitor_hang_up(struct cc_visitor *v);
void cc_visitor_wait(struct cc_visitor *v, enum cc_visitor_state state, int ms);
void cc_visitor_send(struct cc_visitor *v, const char *text, size_t len);
/* Sends a piece of a stream, or keeps it for later. */
void cc_visitor_stream(struct cc_visitor *v, const char *text, size_t len);
/* Hangs up on a peer that waits, and tells the plan. */
void cc_visitor_lost(struct cc_visitor *v);
void cc_visitor_left(evutil_socket_t fd, short what, void *about);
void cc_visitor_reply(struct cc_visitor *v, const struct cc_reply *reply);
void cc_visitor_refuse(struct cc_visitor *v, int status, const char *why);
void cc_visitor_step(struct cc_visitor *v);
void cc_visitor_readable(evutil_socket_t fd, short what, void *about);
void cc_visitor_writable(evutil_socket_t fd, short what, void *about);

#endif
