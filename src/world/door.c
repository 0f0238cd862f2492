#include "visitor.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

/* Accepts connections, lets some wait when all places are taken, and closes those that time out. */

#define TICK_MS        250
#define ACCEPT_AT_ONCE 16

void cc_door_tick(evutil_socket_t fd, short what, void *about)
{
    struct cc_desk *desk = about;
    int64_t now = cc_visitor_clock();

    (void)fd;
    (void)what;
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        struct cc_visitor *v = &desk->visitors[i];

        if (v->state == CC_V_FREE || v->until == 0 || now < v->until) {
            continue;
        }
        if (v->state == CC_V_READING && v->in_len > 0) {
            cc_visitor_refuse(v, 408, "the request did not arrive in time");
        } else {
            cc_visitor_lost(v);
        }
    }
}

/* The connection to close when all places are taken: one of another user, else the one that was
 * silent longest. */
static struct cc_visitor *dispensable(struct cc_desk *desk)
{
    struct cc_visitor *worst = NULL;

    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        struct cc_visitor *v = &desk->visitors[i];

        if (v->state == CC_V_ASKED || v->state == CC_V_STREAMING || v->state == CC_V_FREE) {
            continue;
        }
        if (!worst || (v->refused && !worst->refused) ||
            (v->refused == worst->refused && v->since < worst->since)) {
            worst = v;
        }
    }
    return worst;
}

static struct cc_visitor *free_place(struct cc_desk *desk)
{
    if (desk->open == CC_VISITORS_MAX) {
        struct cc_visitor *worst = dispensable(desk);

        if (!worst) {
            return NULL;
        }
        cc_visitor_hang_up(worst);
        return worst;
    }
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        if (desk->visitors[i].state == CC_V_FREE) {
            return &desk->visitors[i];
        }
    }
    return NULL;
}

static void welcome(struct cc_desk *desk, int fd)
{
    static const struct timeval tick = {.tv_usec = TICK_MS * 1000L};
    const int on = 1;
    struct cc_visitor *v = free_place(desk);

    if (!v) {
        (void)close(fd);
        return;
    }
    if (desk->listening.port) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    v->desk = desk;
    v->fd = fd;
    v->uid = desk->plan.anyone ? -1 : cc_peer_uid(fd);
    v->refused =
        !desk->plan.anyone && v->uid != desk->own_uid && !(v->uid == -1 && desk->plan.strangers);
    v->last = v->unread = v->bodied = v->bare = v->stepping = v->ending = false;
    v->chunks = (struct cc_chunks){0};
    v->ticket.slot = (uint32_t)(v - desk->visitors);
    (void)event_assign(&v->reads, desk->loop, fd, EV_READ | EV_PERSIST, cc_visitor_readable, v);
    (void)event_assign(&v->writes, desk->loop, fd, EV_WRITE | EV_PERSIST, cc_visitor_writable, v);
    (void)event_assign(&v->leaves, desk->loop, fd, EV_CLOSED, cc_visitor_left, v);
    (void)event_add(&v->reads, NULL);
    cc_visitor_wait(v, CC_V_READING, CC_HEAD_MS);
    if (desk->open++ == 0) {
        (void)event_add(&desk->tick, &tick);
    }
}

/* Without a free descriptor accept4 fails before it checks whether a connection is waiting. */
static bool somebody_waits(int fd)
{
    struct pollfd door = {.fd = fd, .events = POLLIN};

    return poll(&door, 1, 0) == 1;
}

/* False when no connection is waiting. */
static bool accept_one(struct cc_desk *desk, int fd)
{
    int one = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (one >= 0) {
        welcome(desk, one);
        return true;
    }
    if ((errno != EMFILE && errno != ENFILE) || !somebody_waits(fd)) {
        return false;
    }
    struct cc_visitor *worst = dispensable(desk); /* make room, otherwise this would loop */
    if (worst) {
        cc_visitor_hang_up(worst);
    }
    return worst != NULL;
}

void cc_door_knock(evutil_socket_t fd, short what, void *about)
{
    (void)what;
    for (int i = 0; i < ACCEPT_AT_ONCE && accept_one(about, fd); i++) {
        /* the next one */
    }
}
