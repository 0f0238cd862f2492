#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "program.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ERR_MAX   4096

#define LINGER_MS 1000 /* for pending output when the program has ended */
#define LOOK_MS   100  /* how often its end is checked */

struct child {
    pid_t pid;
    int out;
    int err;
    bool apart;  /* in a process group of its own */
    bool asking; /* has the terminal */
    bool ended;
    int status;
};

static int64_t ticks(void)
{
    return cc_real_ticks_ms(NULL);
}

static void set_variables(const char *const *rows)
{
    for (; rows && *rows; rows++) {
        (void)putenv((char *)*rows); // NOLINT(concurrency-mt-unsafe): after fork, alone
    }
}

/*
 * Only the foreground process group can read from a terminal, and a credential_process may have to
 * ask there. Without a terminal a process group of its own is better, because a time-out ends its
 * children too.
 */
static bool terminal_here(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (fd >= 0) {
        (void)close(fd);
    }
    return fd >= 0;
}

/* A job in the background cannot read from the terminal: it would be stopped. */
static bool may_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static _Noreturn void become(const struct real *real, const struct cc_process *process, int out,
                             int err, bool asking)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)(asking || dup2(nothing, STDIN_FILENO));
    (void)dup2(out, STDOUT_FILENO);
    (void)dup2(err, STDERR_FILENO);
    (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0U,
                  0); /* descriptors that this process inherited */
    cc_inherited_give_back(&real->inherited);
    set_variables(process->set);
    int number = cc_program_become(process->argv, NULL);
    static const char sorry[] = "the command could not be started\n";
    (void)!write(STDERR_FILENO, sorry, sizeof(sorry) - 1);
    _exit(number == ENOENT ? 127 : 126);
}

static bool start(struct real *real, const struct cc_process *process, struct child *child)
{
    int out[2];
    int err[2];

    if (pipe2(out, O_CLOEXEC) != 0) {
        return false;
    }
    if (pipe2(err, O_CLOEXEC) != 0) {
        (void)close(out[0]);
        (void)close(out[1]);
        return false;
    }
    *child = (struct child){.apart = process->unattended || !terminal_here(),
                            .asking = !process->unattended && may_ask()};
    child->pid = cc_fork(&real->forked);
    if (child->pid == 0) {
        (void)(child->apart && setpgid(0, 0));
        become(real, process, out[1], err[1], child->asking);
    }
    if (child->pid > 0 && child->apart) {
        (void)setpgid(child->pid,
                      child->pid); /* in both processes, because a time-out can come soon */
    }
    (void)close(out[1]);
    (void)close(err[1]);
    child->out = out[0];
    child->err = err[0];
    if (child->pid < 0) {
        (void)close(out[0]);
        (void)close(err[0]);
        return false;
    }
    return true;
}

/* Reads what is available, or 0; a pipe at its end is not read again. */
static ssize_t listen_once(struct pollfd *wait, char *piece, size_t room)
{
    if (wait->fd < 0 || wait->revents == 0) {
        return 0;
    }
    ssize_t got = read(wait->fd, piece, room);
    if (got > 0) {
        return got;
    }
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        wait->fd = -1;
    }
    return 0;
}

static void take_output(struct pollfd *wait, struct cc_buf *out)
{
    char piece[4096];

    cc_buf_add(out, piece, (size_t)listen_once(wait, piece, sizeof(piece)));
    explicit_bzero(piece, sizeof(piece));
}

/* Bytes beyond the limit are dropped. */
static void take_messages(struct pollfd *wait, struct cc_buf *said, bool shown)
{
    char piece[4096];
    size_t got = (size_t)listen_once(wait, piece, sizeof(piece));
    size_t room = said->max - said->len;

    if (shown && got > 0) {
        (void)!write(STDERR_FILENO, piece, got);
    }
    cc_buf_add(said, piece, got > room ? room : got);
}

static bool has_ended(struct child *child)
{
    if (!child->ended) {
        child->ended = waitpid(child->pid, &child->status, WNOHANG) == child->pid;
    }
    return child->ended;
}

enum outcome { ENDED, TIMED_OUT, TALKED_TOO_MUCH };

/* Its pipes can stay open after its end, because of a program that it left in the background. This
 * is not waited for. */
static int64_t patience(struct child *child, int64_t last)
{
    int64_t soon = ticks() + LINGER_MS;

    return !child->ended && has_ended(child) && soon < last ? soon : last;
}

static enum outcome listen_to(struct child *child, int64_t until, struct cc_buf *out,
                              struct cc_buf *err)
{
    struct pollfd wait[2] = {{child->out, POLLIN, 0}, {child->err, POLLIN, 0}};
    int64_t last = until;

    while (wait[0].fd >= 0 || wait[1].fd >= 0) {
        last = patience(child, last);
        int64_t left = last - ticks();

        if (left <= 0) {
            return child->ended ? ENDED : TIMED_OUT;
        }
        if (poll(wait, 2, left < LOOK_MS ? (int)left : LOOK_MS) <= 0) {
            continue;
        }
        take_output(&wait[0], out);
        take_messages(&wait[1], err, child->asking);
        if (out->too_big) {
            return TALKED_TOO_MUCH;
        }
    }
    return ENDED;
}

/* Its pipes are closed; it can still run, but only until its time limit. */
static bool reap(struct child *child, int64_t until)
{
    while (!has_ended(child)) {
        if (ticks() > until) {
            return false;
        }
        (void)poll(NULL, 0, 1);
    }
    return true;
}

static void end_child(struct child *child)
{
    if (child->apart) {
        (void)kill(-child->pid, SIGKILL);
    }
    if (!child->ended) { /* otherwise the ID can already belong to another process */
        (void)kill(child->pid, SIGKILL);
        (void)waitpid(child->pid, &child->status, 0);
        child->ended = true;
    }
}

static bool refuse(const struct cc_process *process, enum outcome outcome, struct cc_error *err)
{
    cc_fail(err, CC_E_PROCESS, "%s was stopped", process->argv[0]);
    return outcome == TIMED_OUT
               ? cc_why(err, "it took longer than %g s", process->timeout_ms / 1000.0)
               : cc_why(err, "it printed more than %zu bytes", process->max_out);
}

bool cc_real_process(void *self, struct cc_arena *mem, const struct cc_process *process,
                     struct cc_process_end *end, struct cc_error *err)
{
    struct child child;
    struct real *real = self;
    struct cc_buf out = cc_buf_new(mem, process->max_out);
    struct cc_buf said = cc_buf_new(mem, ERR_MAX);
    int64_t until = ticks() + process->timeout_ms;

    if (!start(real, process, &child)) {
        cc_fail(err, CC_E_PROCESS, "cannot start %s", process->argv[0]);
        return cc_why(err, "the system has no process or pipe to spare");
    }
    enum outcome outcome = listen_to(&child, until, &out, &said);
    (void)close(child.out);
    (void)close(child.err);
    if (outcome == ENDED && !reap(&child, until)) {
        outcome = TIMED_OUT;
    }
    if (outcome != ENDED) {
        end_child(&child);
    }
    cc_forked_forget(&real->forked, child.pid);
    if (outcome != ENDED) {
        return refuse(process, outcome, err);
    }
    *end = (struct cc_process_end){
        .status =
            WIFEXITED(child.status) ? WEXITSTATUS(child.status) : 128 + WTERMSIG(child.status),
        .out = out.text,
        .out_len = out.len,
        .err = said.text,
    };
    return true;
}
