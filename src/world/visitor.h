#ifndef CREDCTL_WORLD_VISITOR_H
#define CREDCTL_WORLD_VISITOR_H

/* The server and its connections, as server.c and visitor.c share them. */

#include "serve.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <signal.h>

#define CC_VISITORS_MAX 256
#define CC_HEAD_MS      5000 /* for a whole head, however it drips */

enum cc_visitor_state { CC_V_FREE, CC_V_READING, CC_V_ASKED, CC_V_WRITING, CC_V_DRAINING };

struct cc_visitor {
    struct cc_server *server;
    enum cc_visitor_state state;
    struct cc_ticket ticket;
    int fd;
    int64_t uid;
    bool refused;  /* of another user: gets a 403 and nothing else */
    bool stepping; /* in step() further up the stack */
    bool last;     /* nothing more is read after this answer */
    bool unread;   /* there may be more on its way, that nobody will read */
    bool bodied;   /* the head is read, its body is awaited */
    int64_t until; /* 0: it waits for us, not we for it */
    int64_t since; /* of its last progress */
    struct event reads;
    struct event writes;
    char *in;
    size_t in_len;
    size_t in_room;
    size_t taken; /* of `in`, by the request that is being answered */
    char *out;    /* what the socket did not take at once */
    size_t out_len;
    size_t out_at;
};

struct cc_server {
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
    struct event tick;
    size_t open;
    int ended_by;
    bool stopping;
    struct cc_head head;
    char head_room[CC_HEAD_MAX + 1];
    struct cc_arena scratch;
    struct cc_visitor visitors[CC_VISITORS_MAX];
};

/* One connection: a request is read, handed to the plan, and answered, then the next one. */
int64_t cc_visitor_clock(void);
void cc_visitor_hang_up(struct cc_visitor *v);
void cc_visitor_wait(struct cc_visitor *v, enum cc_visitor_state state, int ms);
void cc_visitor_send(struct cc_visitor *v, const char *text, size_t len);
void cc_visitor_reply(struct cc_visitor *v, const struct cc_reply *reply);
void cc_visitor_refuse(struct cc_visitor *v, int status, const char *why);
void cc_visitor_step(struct cc_visitor *v);
void cc_visitor_readable(evutil_socket_t fd, short what, void *about);
void cc_visitor_writable(evutil_socket_t fd, short what, void *about);

#endif
