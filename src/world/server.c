#include "credctl/world/machine.h"

#include "visitor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/*
 * The event loop is libevent's, but its HTTP server is not used: it cannot limit connections, its
 * time-outs start again with each byte, and it joins folded header lines before they can be refused
 * (docs/serve.md).
 */

#define THREADS_USUAL 4
#define AGAIN_MS      20

static struct cc_desk *desk_of(struct cc_server *server)
{
    return (struct cc_desk *)server;
}

static void stop(struct cc_server *server)
{
    struct cc_desk *desk = desk_of(server);

    desk->stopping = true;
    (void)event_del(&desk->accepts);
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        struct cc_visitor *v = &desk->visitors[i];

        if (v->state == CC_V_READING || v->state == CC_V_ASKED || v->state == CC_V_STREAMING) {
            cc_visitor_hang_up(v);
        }
    }
    cc_pipes_stop(desk);
    if (desk->open == 0 && cc_pipes_quiet(desk)) {
        (void)event_base_loopbreak(desk->loop);
    }
}

static void reap(struct cc_desk *desk)
{
    static const struct timeval again = {.tv_usec = AGAIN_MS * 1000L};

    cc_offspring_reap(desk);
    if (!cc_forked_reap_orphans(&desk->real->forked)) {
        (void)event_add(&desk->again, &again);
    }
}

static void on_again(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    reap(about);
}

static void tell(struct cc_desk *desk, const struct signalfd_siginfo *info)
{
    const struct cc_signal signal = {(int)info->ssi_signo, info->ssi_code <= 0,
                                     info->ssi_signo == SIGTSTP};

    if (desk->plan.signalled) {
        desk->plan.signalled(desk->plan.about, &desk->server, &signal);
    } else {
        desk->ended_by = signal.number;
        stop(&desk->server);
    }
}

static void on_signal(evutil_socket_t fd, short what, void *about)
{
    struct cc_desk *desk = about;
    struct signalfd_siginfo info;

    (void)what;
    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGCHLD) {
            reap(desk);
        } else {
            tell(desk, &info);
        }
    }
}

static void on_wake(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    cc_pool_finish(((struct cc_desk *)about)->pool);
}

static void on_beat(evutil_socket_t fd, short what, void *about)
{
    struct cc_desk *desk = about;

    (void)fd;
    (void)what;
    desk->plan.tick(desk->plan.about, &desk->server);
}

/* A signal that was ignored when this process started stays ignored: signalfd does not get it. */
static int watch_signals(struct cc_desk *desk)
{
    static const int to_end[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    static const int to_jobs[] = {SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH, SIGTSTP};
    sigset_t wanted;

    (void)sigemptyset(&wanted);
    (void)sigaddset(&wanted, SIGCHLD);
    for (size_t i = 0; i < CC_COUNT(to_end); i++) {
        (void)sigaddset(&wanted, to_end[i]);
    }
    for (size_t i = 0; desk->plan.signals == CC_SIGNALS_ALL && i < CC_COUNT(to_jobs); i++) {
        (void)sigaddset(&wanted, to_jobs[i]);
    }
    (void)pthread_sigmask(SIG_BLOCK, &wanted, &desk->mask_before);
    return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* epoll, which is the first choice, refuses files, and standard input can be one. */
static struct event_base *new_loop(const struct cc_server_plan *plan)
{
    struct event_config *config = event_config_new();

    if (!config) {
        return NULL;
    }
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    if (plan->heard) {
        (void)event_config_require_features(config, EV_FEATURE_FDS);
    } else if (plan->left) {
        (void)event_config_require_features(config, EV_FEATURE_EARLY_CLOSE);
    }
    struct event_base *loop = event_base_new_with_config(config);
    event_config_free(config);
    return loop;
}

static void watch(struct cc_desk *desk)
{
    static const struct timeval beat = {.tv_usec = CC_TICK_MS * 1000L};
    struct event_base *loop = desk->loop;

    (void)event_assign(&desk->accepts, loop, desk->listening.fd, EV_READ | EV_PERSIST,
                       cc_door_knock, desk);
    (void)event_assign(&desk->signalled, loop, desk->signal_fd, EV_READ | EV_PERSIST, on_signal,
                       desk);
    (void)event_assign(&desk->woken, loop, desk->wake, EV_READ | EV_PERSIST, on_wake, desk);
    (void)event_assign(&desk->tick, loop, -1, EV_PERSIST, cc_door_tick, desk);
    (void)event_assign(&desk->beat, loop, -1, EV_PERSIST, on_beat, desk);
    (void)event_assign(&desk->again, loop, -1, 0, on_again, desk);
    if (!desk->plan.deaf) {
        (void)event_add(&desk->accepts, NULL);
    }
    cc_pipes_open(desk);
    (void)event_add(&desk->signalled, NULL);
    (void)event_add(&desk->woken, NULL);
    if (desk->plan.tick) {
        (void)event_add(&desk->beat, &beat);
    }
}

static int run_loop(struct cc_server *server)
{
    struct cc_desk *desk = desk_of(server);

    event_active(&desk->again, EV_TIMEOUT, 0); /* orphans that ended before signals were watched */
    if (!desk->stopping || desk->open > 0 || !cc_pipes_quiet(desk)) {
        (void)event_base_dispatch(desk->loop);
    }
    return desk->ended_by;
}

static bool close_all(struct cc_server *server)
{
    struct cc_desk *desk = desk_of(server);
    bool clean = cc_pool_close(desk->pool);

    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        if (desk->visitors[i].state != CC_V_FREE) {
            cc_visitor_hang_up(&desk->visitors[i]);
        }
    }
    cc_offspring_close(desk);
    cc_pipes_close(desk);
    (void)event_del(&desk->accepts);
    (void)event_del(&desk->signalled);
    (void)event_del(&desk->woken);
    (void)event_del(&desk->tick);
    (void)event_del(&desk->beat);
    (void)event_del(&desk->again);
    event_base_free(desk->loop);
    if (!desk->plan.deaf) {
        (void)close(desk->listening.fd);
    }
    if (desk->listening.unix_path) {
        (void)unlink(desk->listening.unix_path);
    }
    (void)close(desk->signal_fd);
    (void)pthread_sigmask(SIG_SETMASK, &desk->mask_before, NULL);
    if (clean) {
        free(desk);
    }
    return clean;
}

static void answer(struct cc_server *server, struct cc_ticket ticket, const struct cc_reply *reply)
{
    struct cc_visitor *v = cc_visitor_holding(server, ticket);

    if (v && v->state == CC_V_ASKED) {
        v->ticket.turn++;
        cc_visitor_reply(v, reply);
        cc_visitor_step(v);
    }
}

static void answer_raw(struct cc_server *server, struct cc_ticket ticket, const char *text,
                       size_t len)
{
    struct cc_visitor *v = cc_visitor_holding(server, ticket);

    if (v && v->state == CC_V_ASKED) {
        v->ticket.turn++;
        cc_visitor_send(v, text, len);
        cc_visitor_step(v);
    }
}

static bool job(struct cc_server *server, const struct cc_job *job)
{
    return cc_pool_add(desk_of(server)->pool, job);
}

static void say(struct cc_server *server, const char *text, size_t len)
{
    cc_pipes_say(desk_of(server), text, len);
}

static void abandon(struct cc_server *server, const void *about)
{
    cc_pool_abandon(desk_of(server)->pool, about);
}

static void pause_all(struct cc_server *server)
{
    (void)server;
    (void)raise(SIGSTOP);
}

static const struct cc_server_kind kind = {
    .run = run_loop,
    .stop = stop,
    .close = close_all,
    .answer = answer,
    .answer_raw = answer_raw,
    .job = job,
    .abandon = abandon,
    .say = say,
    .stream_begin = cc_stream_begin,
    .stream_add = cc_stream_add,
    .stream_end = cc_stream_end,
    .start = cc_offspring_start,
    .nudge = cc_offspring_nudge,
    .pass_on = cc_offspring_pass_on,
    .pause = pause_all,
};

bool cc_real_server_open(void *self, struct cc_run *run, const struct cc_server_plan *plan,
                         struct cc_server **server, struct cc_error *err)
{
    struct real *real = self;
    struct cc_listening listening = {.fd = -1};

    cc_inherited_note_files(&real->inherited);
    if (!plan->deaf && !cc_listen(run, plan, &listening, err)) {
        return false;
    }
    struct cc_desk *made = calloc(1, sizeof(*made));
    if (!made) {
        abort();
    }
    made->server = (struct cc_server){&kind, listening.text, listening.port, listening.wildcard};
    made->real = real;
    made->plan = *plan;
    made->listening = listening;
    made->own_uid = (int64_t)geteuid();
    made->loop = new_loop(plan);
    made->signal_fd = watch_signals(made);
    made->pool = cc_pool_new(run, plan->threads ? plan->threads : THREADS_USUAL, &made->wake);
    if (!made->loop || made->signal_fd < 0 || made->wake < 0) {
        cc_fail(err, CC_E_INTERNAL, "the system has no room for a server");
        return cc_fix(err, "raise the limit of open files (ulimit -n)");
    }
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        made->visitors[i].fd = -1;
    }
    watch(made);
    *server = &made->server;
    return true;
}
