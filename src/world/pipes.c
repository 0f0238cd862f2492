#include "visitor.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Standard input line by line, and standard output without ever waiting for its reader. Neither is
 * made non-blocking, because other processes can share them: a pipe that is writable takes 4 KiB at
 * once (PIPE_BUF), and a socket is asked not to wait.
 */

#define PIECE     ((size_t)65536)
#define AT_ONCE   ((size_t)4096)
#define QUEUE_MAX ((size_t)1 << 20) /* with more output waiting, no input is read */
#define LAST_S    1                 /* for the reader to take the rest, when the server stops */
#define KEPT_ROOM (2 * PIECE)

static void tell(struct cc_desk *desk, const struct cc_heard *heard)
{
    desk->plan.heard(desk->plan.about, &desk->server, heard);
}

static void free_in(struct cc_pipes *pipes)
{
    cc_heap_free(pipes->in);
    pipes->in = NULL;
    pipes->in_len = pipes->in_room = pipes->scanned = 0;
}

/* --- output --- */

static bool all_written(const struct cc_pipes *pipes)
{
    return pipes->broken || pipes->out_at == pipes->out_len;
}

bool cc_pipes_quiet(const struct cc_desk *desk)
{
    return !desk->plan.heard || all_written(&desk->pipes);
}

static ssize_t write_some(const struct cc_pipes *pipes)
{
    const char *from = pipes->out + pipes->out_at;
    const size_t left = pipes->out_len - pipes->out_at;

    if (pipes->to_socket) {
        return send(STDOUT_FILENO, from, left, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    struct pollfd ready = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (poll(&ready, 1, 0) != 1) {
        errno = EAGAIN;
        return -1;
    }
    return write(STDOUT_FILENO, from, left < AT_ONCE ? left : AT_ONCE);
}

static void give_up(struct cc_desk *desk)
{
    static const struct cc_heard broken = {.what = CC_HEARD_BROKEN};

    desk->pipes.broken = true;
    (void)event_del(&desk->pipes.writes);
    tell(desk, &broken);
}

static void flush(struct cc_desk *desk)
{
    struct cc_pipes *pipes = &desk->pipes;

    while (!all_written(pipes)) {
        const ssize_t wrote = write_some(pipes);

        if (wrote < 0 && (errno == EAGAIN || errno == EINTR)) {
            (void)event_add(&pipes->writes, NULL);
            return;
        }
        if (wrote < 0) {
            give_up(desk);
            return;
        }
        pipes->out_at += (size_t)wrote;
    }
    (void)event_del(&pipes->writes);
    pipes->out_len = pipes->out_at = 0;
    if (pipes->out_room > KEPT_ROOM) {
        cc_heap_free(pipes->out);
        pipes->out = NULL;
        pipes->out_room = 0;
    }
}

/* While too much output waits, no line is handed over and no input is read; whatever takes the
 * output lets it go on. */
static void pause_or_go_on(struct cc_desk *desk)
{
    static const struct timeval at_once = {0};
    struct cc_pipes *pipes = &desk->pipes;
    const bool full = !pipes->broken && pipes->out_len - pipes->out_at >= QUEUE_MAX;

    if (full == pipes->paused) {
        return;
    }
    pipes->paused = full;
    if (full) {
        (void)event_del(&pipes->reads);
    } else {
        (void)event_add(&pipes->again, &at_once);
    }
}

static void on_writable(evutil_socket_t fd, short what, void *about)
{
    struct cc_desk *desk = about;

    (void)fd;
    (void)what;
    flush(desk);
    if (desk->stopping && desk->open == 0 && cc_pipes_quiet(desk)) {
        (void)event_base_loopbreak(desk->loop);
    }
    pause_or_go_on(desk);
}

void cc_pipes_say(struct cc_desk *desk, const char *text, size_t len)
{
    struct cc_pipes *pipes = &desk->pipes;
    const size_t need = pipes->out_len + len;

    if (pipes->broken) {
        return;
    }
    if (need > pipes->out_room) {
        pipes->out_room = need < 2 * pipes->out_room ? 2 * pipes->out_room : need;
        pipes->out = cc_heap_realloc(pipes->out, pipes->out_room);
        if (!pipes->out) {
            abort();
        }
    }
    memcpy(pipes->out + pipes->out_len, text, len);
    pipes->out_len += len;
    flush(desk);
    pause_or_go_on(desk);
}

/* --- input --- */

static void one_line(struct cc_desk *desk, char *text, size_t len)
{
    struct cc_pipes *pipes = &desk->pipes;

    if (pipes->skipping) { /* the end of a line that was too long */
        pipes->skipping = false;
        return;
    }
    text[len] = '\0';
    const struct cc_heard heard = {.what = CC_HEARD_LINE, .text = text, .len = len};
    tell(desk, &heard);
}

/* Hands over every whole line, until there is too much output; what is left is moved to the start.
 */
static void hand_over(struct cc_desk *desk)
{
    static const struct cc_heard too_long = {.what = CC_HEARD_TOO_LONG};
    struct cc_pipes *pipes = &desk->pipes;
    char *from = pipes->in;
    char *end = pipes->in + pipes->in_len;
    char *seek = pipes->in + pipes->scanned;

    for (char *feed = memchr(seek, '\n', (size_t)(end - seek)); feed && !pipes->paused;
         feed = memchr(from, '\n', (size_t)(end - from))) {
        one_line(desk, from, (size_t)(feed - from));
        from = feed + 1;
    }
    pipes->in_len = (size_t)(end - from);
    memmove(pipes->in, from, pipes->in_len);
    if (pipes->paused) { /* there may be more lines */
        pipes->scanned = 0;
        return;
    }
    pipes->scanned = pipes->in_len;
    if (pipes->in_len > desk->plan.max_line || (pipes->skipping && pipes->in_len > 0)) {
        if (!pipes->skipping) {
            pipes->skipping = true;
            tell(desk, &too_long);
        }
        pipes->in_len = pipes->scanned = 0;
    }
    if (pipes->in_len == 0 && pipes->in_room > KEPT_ROOM) {
        free_in(pipes);
    }
}

static void end_of_input(struct cc_desk *desk)
{
    static const struct cc_heard end = {.what = CC_HEARD_END};
    struct cc_pipes *pipes = &desk->pipes;

    pipes->ended = true;
    (void)event_del(&pipes->reads);
    if (pipes->in_len > 0) { /* the last line has no line end */
        one_line(desk, pipes->in, pipes->in_len);
    }
    free_in(pipes);
    tell(desk, &end);
}

static void on_again(evutil_socket_t fd, short what, void *about)
{
    struct cc_desk *desk = about;
    struct cc_pipes *pipes = &desk->pipes;

    (void)fd;
    (void)what;
    if (pipes->paused || pipes->ended || desk->stopping) {
        return;
    }
    if (pipes->in_len > 0) {
        hand_over(desk);
    }
    if (!pipes->paused && !desk->stopping) {
        (void)event_add(&pipes->reads, NULL);
    }
}

static void on_readable(evutil_socket_t fd, short what, void *about)
{
    struct cc_desk *desk = about;
    struct cc_pipes *pipes = &desk->pipes;

    (void)what;
    if (pipes->in_room < pipes->in_len + PIECE + 1) {
        const size_t grown = 2 * pipes->in_room;

        pipes->in_room = grown > pipes->in_len + PIECE + 1 ? grown : pipes->in_len + PIECE + 1;
        pipes->in = cc_heap_realloc(pipes->in, pipes->in_room);
        if (!pipes->in) {
            abort();
        }
    }
    const ssize_t got = read(fd, pipes->in + pipes->in_len, PIECE);
    if (got > 0) {
        pipes->in_len += (size_t)got;
        hand_over(desk);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        end_of_input(desk);
    }
}

/* --- both --- */

void cc_pipes_open(struct cc_desk *desk)
{
    struct cc_pipes *pipes = &desk->pipes;
    int type = 0;
    socklen_t size = sizeof(type);

    if (!desk->plan.heard) {
        return;
    }
    pipes->to_socket = getsockopt(STDOUT_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
    (void)event_assign(&pipes->reads, desk->loop, STDIN_FILENO, EV_READ | EV_PERSIST, on_readable,
                       desk);
    (void)event_assign(&pipes->writes, desk->loop, STDOUT_FILENO, EV_WRITE | EV_PERSIST,
                       on_writable, desk);
    (void)evtimer_assign(&pipes->again, desk->loop, on_again, desk);
    (void)event_add(&pipes->reads, NULL);
}

void cc_pipes_stop(struct cc_desk *desk)
{
    static const struct timeval soon = {.tv_sec = LAST_S};

    if (desk->plan.heard) {
        (void)event_del(&desk->pipes.reads);
        (void)event_del(&desk->pipes.again);
    }
    if (!cc_pipes_quiet(desk)) {
        (void)event_base_loopexit(desk->loop, &soon);
    }
}

void cc_pipes_close(struct cc_desk *desk)
{
    struct cc_pipes *pipes = &desk->pipes;

    if (desk->plan.heard) {
        (void)event_del(&pipes->reads);
        (void)event_del(&pipes->writes);
        (void)event_del(&pipes->again);
        free_in(pipes);
        cc_heap_free(pipes->out);
    }
}
