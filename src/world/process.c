#include "credctl/base/buf.h"
#include "credctl/base/text.h"

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

#define ERR_MAX 4096

struct child {
    pid_t pid;
    int out;
    int err;
    bool apart; /* in a process group of its own */
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
 * Only the foreground group of a terminal may read from it, and a credential_process may have to
 * ask there. Without a terminal a group of its own is better: a time-out ends its children too.
 */
static bool terminal_here(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (fd >= 0) {
        (void)close(fd);
    }
    return fd >= 0;
}

static _Noreturn void become(const struct real *real, const struct cc_process *process, int out,
                             int err)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(out, STDOUT_FILENO);
    (void)dup2(err, STDERR_FILENO);
    (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0); /* what our own parent left open */
    cc_inherited_give_back(&real->inherited);
    set_variables(process->set);
    (void)execvp(process->argv[0], (char *const *)process->argv);
    int number = errno;
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
    child->apart = !terminal_here();
    child->pid = cc_fork(&real->forked);
    if (child->pid == 0) {
        (void)(child->apart && setpgid(0, 0));
        become(real, process, out[1], err[1]);
    }
    if (child->pid > 0 && child->apart) {
        (void)setpgid(child->pid, child->pid); /* whoever comes first: a time-out may come soon */
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

/* True while there may be more to read. `cut`: what does not fit is left out. */
static bool drain(int fd, short seen, struct cc_buf *to, bool cut)
{
    char piece[4096];

    if (seen == 0) {
        return true;
    }
    ssize_t got = read(fd, piece, sizeof(piece));
    if (got <= 0) {
        return got < 0 && (errno == EINTR || errno == EAGAIN);
    }
    size_t room = to->max - to->len;
    cc_buf_add(to, piece, cut && (size_t)got > room ? room : (size_t)got);
    explicit_bzero(piece, sizeof(piece));
    return true;
}

enum outcome { ENDED, TIMED_OUT, TALKED_TOO_MUCH };

static enum outcome listen_to(const struct child *child, int timeout_ms, struct cc_buf *out,
                              struct cc_buf *err)
{
    struct pollfd wait[2] = {{child->out, POLLIN, 0}, {child->err, POLLIN, 0}};
    int64_t until = ticks() + timeout_ms;

    while (wait[0].fd >= 0 || wait[1].fd >= 0) {
        int64_t left = until - ticks();

        if (left <= 0) {
            return TIMED_OUT;
        }
        if (poll(wait, 2, (int)left) <= 0) {
            continue;
        }
        if (wait[0].fd >= 0 && !drain(wait[0].fd, wait[0].revents, out, false)) {
            wait[0].fd = -1;
        }
        if (wait[1].fd >= 0 && !drain(wait[1].fd, wait[1].revents, err, true)) {
            wait[1].fd = -1;
        }
        if (out->too_big) {
            return TALKED_TOO_MUCH;
        }
    }
    return ENDED;
}

/* Its pipes are closed; it may still run for a while, but not past its time. */
static bool reap(pid_t pid, int64_t until, int *status)
{
    for (;;) {
        pid_t got = waitpid(pid, status, WNOHANG);

        if (got == pid || (got < 0 && errno != EINTR)) {
            return got == pid;
        }
        if (ticks() > until) {
            return false;
        }
        (void)poll(NULL, 0, 1);
    }
}

static bool refuse(const struct cc_process *process, enum outcome outcome, struct cc_error *err)
{
    cc_fail(err, CC_E_PROCESS, "%s was ended", process->argv[0]);
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
    int status = 0;

    if (!start(real, process, &child)) {
        cc_fail(err, CC_E_PROCESS, "cannot start %s", process->argv[0]);
        return cc_why(err, "the system has no process or pipe to spare");
    }
    enum outcome outcome = listen_to(&child, process->timeout_ms, &out, &said);
    (void)close(child.out);
    (void)close(child.err);
    if (outcome == ENDED && !reap(child.pid, until, &status)) {
        outcome = TIMED_OUT;
    }
    if (outcome != ENDED) {
        (void)kill(child.apart ? -child.pid : child.pid, SIGKILL);
        (void)waitpid(child.pid, &status, 0);
    }
    cc_forked_forget(&real->forked, child.pid);
    if (outcome != ENDED) {
        return refuse(process, outcome, err);
    }
    *end = (struct cc_process_end){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = out.text,
        .out_len = out.len,
        .err = said.text,
    };
    return true;
}
