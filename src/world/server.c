#include "real.h"
#include "visitor.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/*
 * The event loop is libevent's. Its HTTP server is not used: it has no limit of connections, its
 * time-outs begin anew with every byte a slow peer drips, and it joins folded header lines before
 * anybody can refuse them (docs/serve.md).
 */

#define TICK_MS        250
#define ACCEPT_AT_ONCE 16

static void on_tick(evutil_socket_t fd, short what, void *about)
{
    struct cc_server *server = about;
    int64_t now = cc_visitor_clock();

    (void)fd;
    (void)what;
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        struct cc_visitor *v = &server->visitors[i];

        if (v->state == CC_V_FREE || v->until == 0 || now < v->until) {
            continue;
        }
        if (v->state == CC_V_READING && v->in_len > 0) {
            cc_visitor_refuse(v, 408, "the request did not arrive in time");
        } else {
            cc_visitor_hang_up(v);
        }
    }
}

/* Who is dropped when all places are taken: strangers, then who was silent longest. */
static struct cc_visitor *dispensable(struct cc_server *server)
{
    struct cc_visitor *worst = NULL;

    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        struct cc_visitor *v = &server->visitors[i];

        if (v->state == CC_V_ASKED || v->state == CC_V_FREE) {
            continue;
        }
        if (!worst || (v->refused && !worst->refused) ||
            (v->refused == worst->refused && v->since < worst->since)) {
            worst = v;
        }
    }
    return worst;
}

static struct cc_visitor *free_place(struct cc_server *server)
{
    if (server->open == CC_VISITORS_MAX) {
        struct cc_visitor *worst = dispensable(server);

        if (!worst) {
            return NULL;
        }
        cc_visitor_hang_up(worst);
        return worst;
    }
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        if (server->visitors[i].state == CC_V_FREE) {
            return &server->visitors[i];
        }
    }
    return NULL;
}

static void welcome(struct cc_server *server, int fd)
{
    static const struct timeval tick = {.tv_usec = TICK_MS * 1000L};
    const int on = 1;
    struct cc_visitor *v = free_place(server);

    if (!v) {
        (void)close(fd);
        return;
    }
    if (server->listening.port) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    v->server = server;
    v->fd = fd;
    v->uid = cc_peer_uid(fd);
    v->refused = v->uid != server->own_uid && !(v->uid == -1 && server->plan.strangers);
    v->last = v->unread = v->bodied = v->stepping = false;
    v->ticket.slot = (uint32_t)(v - server->visitors);
    (void)event_assign(&v->reads, server->loop, fd, EV_READ | EV_PERSIST, cc_visitor_readable, v);
    (void)event_assign(&v->writes, server->loop, fd, EV_WRITE | EV_PERSIST, cc_visitor_writable, v);
    (void)event_add(&v->reads, NULL);
    cc_visitor_wait(v, CC_V_READING, CC_HEAD_MS);
    if (server->open++ == 0) {
        (void)event_add(&server->tick, &tick);
    }
}

/* False when nobody is waiting any more. */
static bool accept_one(struct cc_server *server, int fd)
{
    int one = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (one >= 0) {
        welcome(server, one);
        return true;
    }
    if (errno != EMFILE && errno != ENFILE) {
        return false;
    }
    struct cc_visitor *worst = dispensable(server); /* make room, else this would spin */
    if (worst) {
        cc_visitor_hang_up(worst);
    }
    return worst != NULL;
}

static void on_knock(evutil_socket_t fd, short what, void *about)
{
    (void)what;
    for (int i = 0; i < ACCEPT_AT_ONCE && accept_one(about, fd); i++) {
        /* the next one */
    }
}

static void on_signal(evutil_socket_t fd, short what, void *about)
{
    struct cc_server *server = about;
    struct signalfd_siginfo info;

    (void)what;
    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        const struct cc_signal signal = {(int)info.ssi_signo, info.ssi_code <= 0};

        if (server->plan.signalled) {
            server->plan.signalled(server->plan.about, server, &signal);
        } else {
            server->ended_by = signal.number;
            cc_server_stop(server);
        }
    }
}

static void on_wake(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    cc_pool_finish(((struct cc_server *)about)->pool);
}

static int watch_signals(struct cc_server *server)
{
    static const int usual[] = {SIGTERM, SIGINT, 0};
    sigset_t wanted;

    (void)sigemptyset(&wanted);
    for (const int *one = server->plan.signals ? server->plan.signals : usual; *one; one++) {
        (void)sigaddset(&wanted, *one);
    }
    (void)pthread_sigmask(SIG_BLOCK, &wanted, &server->mask_before);
    return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

static struct event_base *new_loop(void)
{
    struct event_config *config = event_config_new();

    if (!config) {
        return NULL;
    }
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    struct event_base *loop = event_base_new_with_config(config);
    event_config_free(config);
    return loop;
}

bool cc_server_open(struct cc_run *run, const struct cc_server_plan *plan,
                    struct cc_server **server, struct cc_error *err)
{
    struct cc_listening listening;

    if (!cc_listen(run, plan, &listening, err)) {
        return false;
    }
    struct cc_server *made = calloc(1, sizeof(*made));
    if (!made) {
        abort();
    }
    made->plan = *plan;
    made->listening = listening;
    made->own_uid = (int64_t)geteuid();
    made->loop = new_loop();
    made->signal_fd = watch_signals(made);
    made->pool = cc_pool_new(run, &made->wake);
    if (!made->loop || made->signal_fd < 0 || made->wake < 0) {
        return cc_fail(err, CC_E_INTERNAL, "the system has no room for a server");
    }
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        made->visitors[i].fd = -1;
    }
    (void)event_assign(&made->accepts, made->loop, listening.fd, EV_READ | EV_PERSIST, on_knock,
                       made);
    (void)event_assign(&made->signalled, made->loop, made->signal_fd, EV_READ | EV_PERSIST,
                       on_signal, made);
    (void)event_assign(&made->woken, made->loop, made->wake, EV_READ | EV_PERSIST, on_wake, made);
    (void)event_assign(&made->tick, made->loop, -1, EV_PERSIST, on_tick, made);
    (void)event_add(&made->accepts, NULL);
    (void)event_add(&made->signalled, NULL);
    (void)event_add(&made->woken, NULL);
    *server = made;
    return true;
}

const char *cc_server_address(const struct cc_server *server)
{
    return server->listening.text;
}

int cc_server_port(const struct cc_server *server)
{
    return server->listening.port;
}

bool cc_server_wildcard(const struct cc_server *server)
{
    return server->listening.wildcard;
}

int cc_server_run(struct cc_server *server)
{
    if (!server->stopping || server->open > 0) {
        (void)event_base_dispatch(server->loop);
    }
    return server->ended_by;
}

void cc_server_stop(struct cc_server *server)
{
    server->stopping = true;
    (void)event_del(&server->accepts);
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        struct cc_visitor *v = &server->visitors[i];

        if (v->state == CC_V_READING || v->state == CC_V_ASKED) {
            cc_visitor_hang_up(v);
        }
    }
    if (server->open == 0) {
        (void)event_base_loopbreak(server->loop);
    }
}

bool cc_server_close(struct cc_server *server)
{
    bool clean = cc_pool_close(server->pool);

    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        if (server->visitors[i].state != CC_V_FREE) {
            cc_visitor_hang_up(&server->visitors[i]);
        }
    }
    (void)event_del(&server->accepts);
    (void)event_del(&server->signalled);
    (void)event_del(&server->woken);
    (void)event_del(&server->tick);
    event_base_free(server->loop);
    (void)close(server->listening.fd);
    if (server->listening.unix_path) {
        (void)unlink(server->listening.unix_path);
    }
    (void)close(server->signal_fd);
    (void)pthread_sigmask(SIG_SETMASK, &server->mask_before, NULL);
    if (clean) {
        free(server);
    }
    return clean;
}

static struct cc_visitor *holder_of(struct cc_server *server, struct cc_ticket ticket)
{
    struct cc_visitor *v = ticket.slot < CC_VISITORS_MAX ? &server->visitors[ticket.slot] : NULL;

    return v && v->state == CC_V_ASKED && v->ticket.turn == ticket.turn ? v : NULL;
}

void cc_server_answer(struct cc_server *server, struct cc_ticket ticket,
                      const struct cc_reply *reply)
{
    struct cc_visitor *v = holder_of(server, ticket);

    if (v) {
        v->ticket.turn++;
        cc_visitor_reply(v, reply);
        cc_visitor_step(v);
    }
}

void cc_server_answer_raw(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len)
{
    struct cc_visitor *v = holder_of(server, ticket);

    if (v) {
        v->ticket.turn++;
        cc_visitor_send(v, text, len);
        cc_visitor_step(v);
    }
}

bool cc_server_job(struct cc_server *server, const struct cc_job *job)
{
    return cc_pool_add(server->pool, job);
}
