#include "real.h"
#include "serve.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
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

#define CONNECTIONS_MAX 256
#define HEAD_MS         5000  /* for a whole head, however it drips */
#define BODY_MS         10000 /* for a whole body */
#define IDLE_MS         30000 /* between two requests */
#define WRITE_MS        10000 /* for a peer to take the answer */
#define DRAIN_MS        1000  /* to read what was still under way, so that the answer arrives */
#define TICK_MS         250
#define FIRST_ROOM      1024
#define KEPT_ROOM       16384
#define ACCEPT_AT_ONCE  16
#define RAW_MAX         ((size_t)16 << 20)

enum state { FREE, READING, ASKED, WRITING, DRAINING };

struct visitor {
    struct cc_server *server;
    enum state state;
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
    struct visitor visitors[CONNECTIONS_MAX];
};

static int64_t clock_ms(void)
{
    struct timespec at = {0};

    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* --- one connection -----------------------------------------------------------------------------
 */

static void hang_up(struct visitor *v)
{
    (void)event_del(&v->reads);
    (void)event_del(&v->writes);
    (void)close(v->fd);
    cc_heap_free(v->in);
    cc_heap_free(v->out);
    v->in = v->out = NULL;
    v->in_len = v->in_room = v->out_len = v->out_at = v->taken = 0;
    v->state = FREE;
    v->fd = -1;
    v->ticket.turn++;
    v->server->open--;
    if (v->server->open == 0) {
        (void)event_del(&v->server->tick);
        if (v->server->stopping) {
            (void)event_base_loopbreak(v->server->loop);
        }
    }
}

static void wait_for(struct visitor *v, enum state state, int ms)
{
    v->state = state;
    v->since = clock_ms();
    v->until = ms > 0 ? v->since + ms : 0;
}

/* To close with unread input would make the kernel throw away the answer on its way. */
static void part(struct visitor *v)
{
    if (!v->unread && v->in_len == 0) {
        hang_up(v);
        return;
    }
    (void)shutdown(v->fd, SHUT_WR);
    wait_for(v, DRAINING, DRAIN_MS);
    (void)event_add(&v->reads, NULL);
}

/* The answer is out: what belongs to its request goes, and the next one may come. */
static void answered(struct visitor *v)
{
    explicit_bzero(v->in, v->taken);
    v->in_len -= v->taken;
    memmove(v->in, v->in + v->taken, v->in_len);
    v->taken = 0;
    v->bodied = false;
    if (v->last || v->server->stopping) {
        part(v);
        return;
    }
    if (v->in_len == 0 && v->in_room > KEPT_ROOM) {
        cc_heap_free(v->in);
        v->in = NULL;
        v->in_room = 0;
    }
    wait_for(v, READING, v->in_len > 0 ? HEAD_MS : IDLE_MS);
    (void)event_add(&v->reads, NULL);
}

static void keep_rest(struct visitor *v, const char *text, size_t len)
{
    v->out = malloc(len);
    if (!v->out) {
        abort();
    }
    memcpy(v->out, text, len);
    v->out_len = len;
    v->out_at = 0;
    (void)event_del(&v->reads);
    (void)event_add(&v->writes, NULL);
    wait_for(v, WRITING, WRITE_MS);
}

static void send_text(struct visitor *v, const char *text, size_t len)
{
    ssize_t sent = send(v->fd, text, len, MSG_NOSIGNAL);

    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        hang_up(v);
        return;
    }
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done < len) {
        keep_rest(v, text + done, len - done);
        return;
    }
    answered(v);
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

static void reply_to(struct visitor *v, const struct cc_reply *reply)
{
    struct cc_buf text = cc_buf_new(&v->server->scratch, RAW_MAX);

    cc_reply_text(reply, !v->last && !v->server->stopping, &text);
    send_text(v, text.text, text.len);
    cc_arena_wipe(&v->server->scratch);
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

/* What is refused here is the end of the connection: where the next request begins is unsure. */
static void refuse(struct visitor *v, int status, const char *why)
{
    const struct cc_server_plan *plan = &v->server->plan;
    char body[192];
    char code[48];

    code_of(status, code);
    int len = snprintf(body, sizeof(body), "{\"code\":\"%s\",\"message\":\"%s\"}", code, why);

    if (plan->refused) {
        plan->refused(plan->about, status);
    }
    v->last = v->unread = true;
    v->taken = v->in_len;
    const struct cc_reply reply = {
        .status = status, .type = "application/json", .body = body, .len = (size_t)len};
    reply_to(v, &reply);
}

static void ensure_room(struct visitor *v, size_t room)
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

static void hand_over(struct visitor *v, const struct cc_head_end *end)
{
    struct cc_server *server = v->server;
    const struct cc_visit visit = {
        .ticket = v->ticket,
        .head = &server->head,
        .body = v->in + end->len,
        .body_len = server->head.body_len,
        .uid = v->uid,
    };

    v->taken = end->len + server->head.body_len;
    v->last = !server->head.keep_alive;
    v->state = ASKED;
    v->until = 0;
    server->plan.visit(server->plan.about, server, &visit);
    if (v->state == ASKED) { /* it will be answered later; until then nothing more is read */
        (void)event_del(&v->reads);
    }
}

static void want_body(struct visitor *v, size_t len)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    if (!v->bodied) {
        v->bodied = true;
        v->until = clock_ms() + BODY_MS;
        ensure_room(v, len);
        if (v->server->head.expects_continue) {
            (void)!send(v->fd, go_on, sizeof(go_on) - 1, MSG_NOSIGNAL);
        }
    }
}

/* One request, when there is a whole one; false when more must come first. */
static bool one_request(struct visitor *v)
{
    struct cc_server *server = v->server;
    struct cc_head_end end =
        cc_head_read(v->in, v->in_len, server->plan.max_body, server->head_room, &server->head);

    if (end.state == CC_HEAD_PART) {
        return false;
    }
    if (v->refused) {
        refuse(v, 403, "you are not the user this server is for");
        return true;
    }
    if (end.state == CC_HEAD_BAD) {
        refuse(v, end.status, end.why);
        return true;
    }
    if (v->in_len - end.len < server->head.body_len) {
        want_body(v, end.len + server->head.body_len);
        return false;
    }
    hand_over(v, &end);
    explicit_bzero(server->head_room, end.len < CC_HEAD_MAX ? end.len : CC_HEAD_MAX);
    return true;
}

/* As many requests as lie there already, one after the other. */
static void step(struct visitor *v)
{
    if (v->stepping) {
        return;
    }
    v->stepping = true;
    while (v->state == READING && v->in_len > 0 && one_request(v)) {
        /* pipelined: the next one */
    }
    v->stepping = false;
}

static void on_readable(evutil_socket_t fd, short what, void *about)
{
    struct visitor *v = about;
    size_t most = CC_HEAD_MAX + v->server->plan.max_body;
    char nowhere[4096];

    (void)what;
    if (v->state == DRAINING) {
        if (recv(fd, nowhere, sizeof(nowhere), 0) == 0) {
            hang_up(v);
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
            hang_up(v);
        }
        return;
    }
    if (v->in_len == 0) {
        v->until = clock_ms() + HEAD_MS;
    }
    v->in_len += (size_t)got;
    step(v);
}

static void on_writable(evutil_socket_t fd, short what, void *about)
{
    struct visitor *v = about;
    ssize_t sent = send(fd, v->out + v->out_at, v->out_len - v->out_at, MSG_NOSIGNAL);

    (void)what;
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (sent < 0) {
        hang_up(v);
        return;
    }
    v->out_at += (size_t)sent;
    if (v->out_at < v->out_len) {
        return;
    }
    (void)event_del(&v->writes);
    cc_heap_free(v->out);
    v->out = NULL;
    answered(v);
    step(v);
}

/* --- all of them --------------------------------------------------------------------------------
 */

static void on_tick(evutil_socket_t fd, short what, void *about)
{
    struct cc_server *server = about;
    int64_t now = clock_ms();

    (void)fd;
    (void)what;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct visitor *v = &server->visitors[i];

        if (v->state == FREE || v->until == 0 || now < v->until) {
            continue;
        }
        if (v->state == READING && v->in_len > 0) {
            refuse(v, 408, "the request did not arrive in time");
        } else {
            hang_up(v);
        }
    }
}

/* Who is dropped when all places are taken: strangers, then who was silent longest. */
static struct visitor *dispensable(struct cc_server *server)
{
    struct visitor *worst = NULL;

    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct visitor *v = &server->visitors[i];

        if (v->state == ASKED || v->state == FREE) {
            continue;
        }
        if (!worst || (v->refused && !worst->refused) ||
            (v->refused == worst->refused && v->since < worst->since)) {
            worst = v;
        }
    }
    return worst;
}

static struct visitor *free_place(struct cc_server *server)
{
    if (server->open == CONNECTIONS_MAX) {
        struct visitor *worst = dispensable(server);

        if (!worst) {
            return NULL;
        }
        hang_up(worst);
        return worst;
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->visitors[i].state == FREE) {
            return &server->visitors[i];
        }
    }
    return NULL;
}

static void welcome(struct cc_server *server, int fd)
{
    static const struct timeval tick = {.tv_usec = TICK_MS * 1000L};
    const int on = 1;
    struct visitor *v = free_place(server);

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
    (void)event_assign(&v->reads, server->loop, fd, EV_READ | EV_PERSIST, on_readable, v);
    (void)event_assign(&v->writes, server->loop, fd, EV_WRITE | EV_PERSIST, on_writable, v);
    (void)event_add(&v->reads, NULL);
    wait_for(v, READING, HEAD_MS);
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
    struct visitor *worst = dispensable(server); /* make room, else this would spin */
    if (worst) {
        hang_up(worst);
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

/* --- the server ---------------------------------------------------------------------------------
 */

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
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
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
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct visitor *v = &server->visitors[i];

        if (v->state == READING || v->state == ASKED) {
            hang_up(v);
        }
    }
    if (server->open == 0) {
        (void)event_base_loopbreak(server->loop);
    }
}

bool cc_server_close(struct cc_server *server)
{
    bool clean = cc_pool_close(server->pool);

    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->visitors[i].state != FREE) {
            hang_up(&server->visitors[i]);
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

static struct visitor *holder_of(struct cc_server *server, struct cc_ticket ticket)
{
    struct visitor *v = ticket.slot < CONNECTIONS_MAX ? &server->visitors[ticket.slot] : NULL;

    return v && v->state == ASKED && v->ticket.turn == ticket.turn ? v : NULL;
}

void cc_server_answer(struct cc_server *server, struct cc_ticket ticket,
                      const struct cc_reply *reply)
{
    struct visitor *v = holder_of(server, ticket);

    if (v) {
        v->ticket.turn++;
        reply_to(v, reply);
        step(v);
    }
}

void cc_server_answer_raw(struct cc_server *server, struct cc_ticket ticket, const char *text,
                          size_t len)
{
    struct visitor *v = holder_of(server, ticket);

    if (v) {
        v->ticket.turn++;
        send_text(v, text, len);
        step(v);
    }
}

bool cc_server_job(struct cc_server *server, const struct cc_job *job)
{
    return cc_pool_add(server->pool, job);
}
