#include "credctl/world/crew.h"

#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PARALLEL_MAX 256
#define LINE_MAX_LEN 8192
#define REPORT_MAX   256
#define TICK_MS      200
#define GRACE_MS     5000
#define STREAMS      3 /* stdout, stderr, status */

struct stream {
    int fd; /* -1: closed, or a file */
    size_t len;
    char text[LINE_MAX_LEN];
};

struct seat {
    bool taken;
    pid_t pid;
    size_t id;
    int64_t began;
    int64_t ask_at;  /* to end; 0: never */
    int64_t make_at; /* it end; 0: not asked yet */
    bool timed_out;
    char report[REPORT_MAX];
    struct stream streams[STREAMS];
};

struct shift {
    struct cc_run *run;
    const struct cc_crew *crew;
    int signals;
    int signal;
    bool no_more;
    size_t running;
    struct seat *seats;
    struct pollfd *polls;
};

static int64_t ticks(const struct shift *shift)
{
    return cc_ticks_ms(shift->run);
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

/* The ends that the member gets. */
struct ends {
    int fd[STREAMS];
};

static bool open_stream(const char *path, int *ours, int *theirs)
{
    int both[2];

    if (path) {
        *ours = -1;
        *theirs = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        return *theirs >= 0;
    }
    if (pipe2(both, O_CLOEXEC) != 0) {
        return false;
    }
    *ours = both[0];
    *theirs = both[1];
    (void)fcntl(*ours, F_SETFL, O_NONBLOCK);
    return true;
}

static bool open_streams(const struct cc_member *member, struct seat *seat, struct ends *ends)
{
    const char *const paths[STREAMS] = {member->out_path, member->err_path, NULL};

    for (size_t i = 0; i < STREAMS; i++) {
        seat->streams[i].fd = ends->fd[i] = -1;
        seat->streams[i].len = 0;
    }
    for (size_t i = 0; i < STREAMS; i++) {
        if (!open_stream(paths[i], &seat->streams[i].fd, &ends->fd[i])) {
            return false;
        }
    }
    return true;
}

static _Noreturn void begin(const struct real *real, const struct cc_member *member,
                            const struct ends *ends, pid_t parent)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* kept over exec: nobody works on for a dead crew */
    if (getppid() != parent) {
        _exit(128 + SIGTERM);
    }
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(ends->fd[0], STDOUT_FILENO);
    (void)dup2(ends->fd[1], STDERR_FILENO);
    if (dup2(ends->fd[2], CC_STATUS_FD) == ends->fd[2]) {
        (void)fcntl(CC_STATUS_FD, F_SETFD, 0);
    }
    cc_inherited_give_back(&real->inherited);
    (void)execve(member->argv[0], (char *const *)member->argv, (char *const *)member->env);
    _exit(errno == ENOENT ? 127 : 126);
}

static struct seat *free_seat(struct shift *shift)
{
    for (size_t i = 0; i < shift->crew->parallel; i++) {
        if (!shift->seats[i].taken) {
            return &shift->seats[i];
        }
    }
    return NULL;
}

static void not_started(struct shift *shift, struct seat *seat, size_t id)
{
    const struct cc_member_end end = {.status = 126, .report = ""};

    for (size_t i = 0; i < STREAMS; i++) {
        close_fd(&seat->streams[i].fd);
    }
    shift->crew->ended(shift->crew->about, id, &end);
}

static void start(struct shift *shift, struct seat *seat, const struct cc_member *member)
{
    struct ends ends;
    pid_t parent = getpid();
    pid_t pid = -1;

    if (open_streams(member, seat, &ends)) {
        pid = fork();
    }
    if (pid == 0) {
        begin(shift->run->world->self, member, &ends, parent);
    }
    for (size_t i = 0; i < STREAMS; i++) {
        close_fd(&ends.fd[i]);
    }
    if (pid < 0) {
        not_started(shift, seat, member->id);
        return;
    }
    (void)setpgid(pid, pid); /* both sides do it, so that neither is too late */
    seat->taken = true;
    seat->pid = pid;
    seat->id = member->id;
    seat->began = ticks(shift);
    seat->ask_at = member->timeout_ms > 0 ? seat->began + member->timeout_ms : 0;
    seat->make_at = 0;
    seat->timed_out = false;
    seat->report[0] = '\0';
    shift->running++;
}

static void start_some(struct shift *shift)
{
    while (!shift->no_more && shift->running < shift->crew->parallel) {
        struct cc_member member = {0};
        enum cc_crew_next next = shift->crew->next(shift->crew->about, &member);

        shift->no_more = next == CC_CREW_NO_MORE;
        if (next != CC_CREW_START) {
            return;
        }
        start(shift, free_seat(shift), &member);
    }
}

static void add_report(struct seat *seat, const char *text, size_t len)
{
    size_t have = strlen(seat->report);
    size_t room = sizeof(seat->report) - 1 - have;

    len = len < room ? len : room;
    memcpy(seat->report + have, text, len);
    seat->report[have + len] = '\0';
}

static void tell(struct shift *shift, struct seat *seat, size_t which, const char *text, size_t len)
{
    if (which == STREAMS - 1) {
        add_report(seat, text, len);
        add_report(seat, "\n", 1);
        return;
    }
    len -= len > 0 && text[len - 1] == '\r';
    shift->crew->line(shift->crew->about, seat->id, which == 0 ? 1 : 2, text, len);
}

/* All whole lines, and what is too long to wait for its end. */
static void tell_lines(struct shift *shift, struct seat *seat, size_t which, bool all)
{
    struct stream *stream = &seat->streams[which];
    size_t at = 0;

    for (;;) {
        const char *feed = memchr(stream->text + at, '\n', stream->len - at);

        if (!feed) {
            break;
        }
        size_t len = (size_t)(feed - (stream->text + at));
        tell(shift, seat, which, stream->text + at, len);
        at += len + 1;
    }
    stream->len -= at;
    memmove(stream->text, stream->text + at, stream->len);
    if (stream->len > 0 && (all || stream->len == sizeof(stream->text))) {
        tell(shift, seat, which, stream->text, stream->len);
        stream->len = 0;
    }
}

/* False when there is nothing more to read now. */
static bool listen_once(struct shift *shift, struct seat *seat, size_t which)
{
    struct stream *stream = &seat->streams[which];

    if (stream->fd < 0) {
        return false;
    }
    ssize_t got = read(stream->fd, stream->text + stream->len, sizeof(stream->text) - stream->len);
    if (got > 0) {
        stream->len += (size_t)got;
        tell_lines(shift, seat, which, false);
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_fd(&stream->fd);
    }
    return false;
}

/* What lies in the pipes when the member has ended; who still holds them is not waited for. */
static void drain(struct shift *shift, struct seat *seat)
{
    for (size_t which = 0; which < STREAMS; which++) {
        for (int i = 0; i < 64 && listen_once(shift, seat, which); i++) {
            /* the next piece */
        }
        tell_lines(shift, seat, which, true);
        close_fd(&seat->streams[which].fd);
        explicit_bzero(seat->streams[which].text, sizeof(seat->streams[which].text));
    }
}

static void reap(struct shift *shift, struct seat *seat)
{
    int raw = 0;

    if (!seat->taken || waitpid(seat->pid, &raw, WNOHANG) != seat->pid) {
        return;
    }
    if (seat->make_at != 0) {
        (void)kill(-seat->pid, SIGKILL); /* whoever of its group did not end with it */
    }
    drain(shift, seat);
    const struct cc_member_end end = {
        .status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw),
        .timed_out = seat->timed_out,
        .report = seat->report,
        .took_ms = ticks(shift) - seat->began,
    };
    seat->taken = false;
    shift->running--;
    shift->crew->ended(shift->crew->about, seat->id, &end);
}

static void ask_to_end(const struct shift *shift, struct seat *seat)
{
    (void)kill(seat->pid, SIGTERM); /* it passes that on to its command */
    (void)kill(-seat->pid, SIGCONT);
    seat->make_at = ticks(shift) + GRACE_MS;
}

static void watch_time(struct shift *shift)
{
    int64_t now = ticks(shift);

    for (size_t i = 0; i < shift->crew->parallel; i++) {
        struct seat *seat = &shift->seats[i];

        if (!seat->taken) {
            continue;
        }
        if (seat->make_at != 0 && now >= seat->make_at) {
            (void)kill(-seat->pid, SIGKILL);
        } else if (seat->make_at == 0 && seat->ask_at != 0 && now >= seat->ask_at) {
            seat->timed_out = true;
            ask_to_end(shift, seat);
        }
    }
}

/* The second time is impatience. */
static void stop_all(struct shift *shift, int signal)
{
    bool again = shift->signal != 0;

    shift->signal = signal;
    shift->no_more = true;
    for (size_t i = 0; i < shift->crew->parallel; i++) {
        if (shift->seats[i].taken && again) {
            (void)kill(-shift->seats[i].pid, SIGKILL);
        } else if (shift->seats[i].taken) {
            ask_to_end(shift, &shift->seats[i]);
        }
    }
}

static void read_signals(struct shift *shift)
{
    struct signalfd_siginfo info;

    while (read(shift->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo != SIGCHLD) {
            stop_all(shift, (int)info.ssi_signo);
        }
    }
    for (size_t i = 0; i < shift->crew->parallel; i++) {
        reap(shift, &shift->seats[i]);
    }
}

static void wait_once(struct shift *shift)
{
    size_t count = shift->crew->parallel * STREAMS;

    for (size_t i = 0; i < count; i++) {
        const struct seat *seat = &shift->seats[i / STREAMS];

        shift->polls[i] = (struct pollfd){.fd = seat->taken ? seat->streams[i % STREAMS].fd : -1,
                                          .events = POLLIN};
    }
    shift->polls[count] = (struct pollfd){.fd = shift->signals, .events = POLLIN};
    (void)poll(shift->polls, count + 1, TICK_MS);
    for (size_t i = 0; i < count; i++) {
        if (shift->polls[i].revents != 0) {
            (void)listen_once(shift, &shift->seats[i / STREAMS], i % STREAMS);
        }
    }
    if (shift->polls[count].revents != 0) {
        read_signals(shift);
    }
    watch_time(shift);
    shift->crew->tick(shift->crew->about, shift->running);
}

bool cc_crew_run(struct cc_run *run, const struct cc_crew *crew, int *signal, struct cc_error *err)
{
    struct shift shift = {.run = run, .crew = crew};
    sigset_t wanted;
    sigset_t before;

    if (crew->parallel < 1 || crew->parallel > PARALLEL_MAX) {
        return cc_fail(err, CC_E_USAGE, "between 1 and %d can run at once", PARALLEL_MAX);
    }
    (void)sigemptyset(&wanted);
    (void)sigaddset(&wanted, SIGCHLD);
    (void)sigaddset(&wanted, SIGINT);
    (void)sigaddset(&wanted, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &wanted, &before);
    shift.signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    shift.seats = calloc(crew->parallel, sizeof(*shift.seats));
    shift.polls = calloc(crew->parallel * STREAMS + 1, sizeof(*shift.polls));
    if (!shift.seats || !shift.polls) {
        abort();
    }
    start_some(&shift);
    while (shift.running > 0 || !shift.no_more) {
        wait_once(&shift);
        start_some(&shift);
    }
    *signal = shift.signal;
    close_fd(&shift.signals);
    free(shift.seats);
    free(shift.polls);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return true;
}

bool cc_stdin_read(struct cc_run *run, size_t max, const char **text, size_t *len,
                   struct cc_error *err)
{
    struct cc_buf all = cc_buf_new(&run->mem, max);
    char piece[8192];
    ssize_t got = 0;

    do {
        got = read(STDIN_FILENO, piece, sizeof(piece));
        if (got > 0) {
            cc_buf_add(&all, piece, (size_t)got);
        }
    } while ((got > 0 && !all.too_big) || (got < 0 && errno == EINTR));
    if (got < 0 || all.too_big) {
        cc_fail(err, got < 0 ? CC_E_UNREADABLE : CC_E_TOO_BIG, "cannot read standard input");
        return got < 0 ? false : cc_why(err, "it is larger than %zu bytes", max);
    }
    *text = cc_text_after_mark(all.text, &all.len);
    *len = all.len;
    return true;
}
