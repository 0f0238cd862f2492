#include "credctl/base/text.h"

#include "program.h"
#include "visitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The children of the loop, and their output. */

#define LINE_MAX_LEN 8192
#define STREAMS      2 /* stdout, stderr */
#define PIECES_LAST  64

struct stream {
    struct cc_offspring *of;
    int fd; /* -1: closed, a file, or shared with this process */
    int number;
    struct event reads;
    size_t len;
    char text[LINE_MAX_LEN];
};

struct cc_offspring {
    struct cc_desk *desk;
    struct cc_offspring *next;
    pid_t pid;
    size_t id;
    bool apart;
    bool nudged;
    struct stream streams[STREAMS];
};

/* The ends of the pipes that the child gets. */
struct ends {
    int out[STREAMS];
    int tell; /* is closed by exec; otherwise the errno comes through it */
};

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

static bool cannot(const struct cc_child *child, int number, int *status, struct cc_error *err)
{
    *status = number == ENOENT ? 127 : 126;
    cc_fail(err, CC_E_PROCESS, "cannot run %s", child->argv[0]);
    cc_why(err, "%s", strerror(number)); // NOLINT(concurrency-mt-unsafe): only constants
    return cc_fix(err, "check the command's name, its path and its mode");
}

/* Not an error of the command: there is no process, pipe or file for it. */
static bool no_room(const struct cc_child *child, int number, int *status, struct cc_error *err)
{
    *status = 126;
    cc_fail(err, CC_E_PROCESS, "cannot start %s", child->argv[0]);
    cc_why(err, "%s", strerror(number)); // NOLINT(concurrency-mt-unsafe): only constants
    return cc_fix(err, "check that its output can be written and how many processes are allowed");
}

bool cc_real_become(void *self, const struct cc_child *child, int *status, struct cc_error *err)
{
    struct real *real = self;

    (void)cc_forked_reap_orphans(&real->forked); /* the command does not know of them */
    cc_inherited_give_back(&real->inherited);
    return cannot(child, cc_program_become(child->argv, child->env), status, err);
}

static _Noreturn void begin(const struct real *real, const struct cc_child *child,
                            const struct ends *ends, pid_t parent)
{
    if (child->apart) {
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

        (void)setpgid(0, 0);
        (void)prctl(
            PR_SET_PDEATHSIG,
            SIGTERM); /* stays after exec: the command must not go on when credctl is dead */
        if (getppid() != parent) {
            _exit(128 + SIGTERM);
        }
        (void)dup2(nothing, STDIN_FILENO);
        (void)dup2(ends->out[0], STDOUT_FILENO);
        (void)dup2(ends->out[1], STDERR_FILENO);
    }
    cc_inherited_give_back(&real->inherited);
    int number = cc_program_become(child->argv, child->env);
    (void)!write(ends->tell, &number, sizeof(number));
    _exit(126);
}

/* The file has this mode, whatever the umask. */
static int open_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd >= 0) {
        (void)fchmod(fd, 0600);
    }
    return fd;
}

static bool open_stream(const char *path, int *ours, int *theirs)
{
    int both[2];

    if (path) {
        *theirs = open_file(path);
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

static bool open_streams(const struct cc_child *child, struct cc_offspring *one, struct ends *ends)
{
    const char *const paths[STREAMS] = {child->out_path, child->err_path};

    for (size_t i = 0; i < STREAMS; i++) {
        one->streams[i].of = one;
        one->streams[i].number = (int)i + 1;
        one->streams[i].fd = ends->out[i] = -1;
    }
    for (size_t i = 0; child->apart && i < STREAMS; i++) {
        if (!open_stream(paths[i], &one->streams[i].fd, &ends->out[i])) {
            return false;
        }
    }
    return true;
}

/* 0, or the errno of exec. */
static int told(int fd)
{
    int number = 0;
    ssize_t got = 0;

    do {
        got = read(fd, &number, sizeof(number));
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(number) ? number : 0;
}

/* 0, or errno. */
static int start(struct cc_desk *desk, const struct cc_child *child, struct cc_offspring *one)
{
    struct ends ends = {{-1, -1}, -1};
    pid_t parent = getpid();
    int tell[2] = {-1, -1};

    one->pid = -1;
    if (open_streams(child, one, &ends) && pipe2(tell, O_CLOEXEC) == 0) {
        ends.tell = tell[1];
        one->pid = cc_fork(&desk->real->forked);
    }
    if (one->pid == 0) {
        begin(desk->real, child, &ends, parent);
    }
    int number = one->pid < 0 ? errno : 0;
    close_fd(&ends.out[0]);
    close_fd(&ends.out[1]);
    close_fd(&tell[1]);
    if (one->pid > 0) {
        number = told(tell[0]);
    }
    close_fd(&tell[0]);
    if (one->pid > 0 && number != 0) {
        (void)waitpid(one->pid, NULL, 0);
        cc_forked_forget(&desk->real->forked, one->pid);
    }
    return number;
}

/* All complete lines, and parts of lines that are too long. */
static void tell_lines(struct stream *stream, bool all)
{
    const struct cc_server_plan *plan = &stream->of->desk->plan;
    size_t id = stream->of->id;
    size_t at = 0;

    for (;;) {
        const char *text = stream->text + at;
        const char *feed = memchr(text, '\n', stream->len - at);

        if (!feed) {
            break;
        }
        size_t len = (size_t)(feed - text);
        plan->line(plan->about, id, stream->number, text, len - (len > 0 && feed[-1] == '\r'));
        at += len + 1;
    }
    stream->len -= at;
    memmove(stream->text, stream->text + at, stream->len);
    if (stream->len > 0 && (all || stream->len == sizeof(stream->text))) {
        plan->line(plan->about, id, stream->number, stream->text, stream->len);
        stream->len = 0;
    }
}

static void shut(struct stream *stream)
{
    if (stream->fd >= 0) {
        (void)event_del(&stream->reads);
        close_fd(&stream->fd);
    }
}

/* False when there is nothing more to read now. */
static bool listen_once(struct stream *stream)
{
    if (stream->fd < 0) {
        return false;
    }
    ssize_t got = read(stream->fd, stream->text + stream->len, sizeof(stream->text) - stream->len);
    if (got > 0) {
        stream->len += (size_t)got;
        tell_lines(stream, false);
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        shut(stream);
    }
    return false;
}

static void on_text(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    (void)listen_once(about);
}

bool cc_offspring_start(struct cc_server *server, const struct cc_child *child, int *status,
                        struct cc_error *err)
{
    struct cc_desk *desk = (struct cc_desk *)server;
    struct cc_offspring *one = NULL;

    if (desk->offspring_count == CC_CHILDREN_MAX) {
        return no_room(child, EAGAIN, status, err);
    }
    one = calloc(1, sizeof(*one));
    if (!one) {
        abort();
    }
    *one = (struct cc_offspring){.desk = desk, .id = child->id, .apart = child->apart};
    int number = start(desk, child, one);
    if (number != 0) {
        close_fd(&one->streams[0].fd);
        close_fd(&one->streams[1].fd);
        bool begun = one->pid > 0;
        free(one);
        return begun ? cannot(child, number, status, err) : no_room(child, number, status, err);
    }
    for (size_t i = 0; i < STREAMS; i++) {
        struct stream *stream = &one->streams[i];

        if (stream->fd >= 0) {
            (void)event_assign(&stream->reads, desk->loop, stream->fd, EV_READ | EV_PERSIST,
                               on_text, stream);
            (void)event_add(&stream->reads, NULL);
        }
    }
    one->next = desk->offspring;
    desk->offspring = one;
    desk->offspring_count++;
    return true;
}

/* Reads what is in the pipes when the child has ended, without waiting for others that still have
 * them open. */
static void drain(struct cc_offspring *one)
{
    for (size_t i = 0; one->apart && i < STREAMS; i++) {
        for (int piece = 0; piece < PIECES_LAST && listen_once(&one->streams[i]); piece++) {
            /* the next part */
        }
        tell_lines(&one->streams[i], true);
        shut(&one->streams[i]);
    }
}

static void part_with(struct cc_desk *desk, struct cc_offspring *one)
{
    struct cc_offspring **at = &desk->offspring;

    while (*at != one) {
        at = &(*at)->next;
    }
    *at = one->next;
    desk->offspring_count--;
    cc_forked_forget(&desk->real->forked, one->pid);
    explicit_bzero(one, sizeof(*one));
    free(one);
}

/* The first child that has ended; its callback can start others or stop the loop. */
static struct cc_offspring *next_ended(struct cc_desk *desk, int *raw)
{
    for (struct cc_offspring *one = desk->offspring; one; one = one->next) {
        if (waitpid(one->pid, raw, WNOHANG) == one->pid) {
            return one;
        }
    }
    return NULL;
}

void cc_offspring_reap(struct cc_desk *desk)
{
    int raw = 0;

    for (struct cc_offspring *one = next_ended(desk, &raw); one; one = next_ended(desk, &raw)) {
        const struct cc_child_end end = {
            .status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw),
            .signal = WIFSIGNALED(raw) ? WTERMSIG(raw) : 0,
        };
        size_t id = one->id;

        if (one->apart && one->nudged) {
            (void)kill(-one->pid,
                       SIGKILL); /* the processes of its group that did not end with it */
        }
        drain(one);
        part_with(desk, one);
        desk->plan.ended(desk->plan.about, &desk->server, id, &end);
    }
}

static struct cc_offspring *of_id(struct cc_server *server, size_t id)
{
    struct cc_offspring *one = ((struct cc_desk *)server)->offspring;

    while (one && one->id != id) {
        one = one->next;
    }
    return one;
}

void cc_offspring_nudge(struct cc_server *server, size_t id, enum cc_nudge nudge)
{
    struct cc_offspring *one = of_id(server, id);

    if (!one) {
        return;
    }
    one->nudged = true;
    if (nudge == CC_NUDGE_KILL) {
        (void)kill(one->apart ? -one->pid : one->pid, SIGKILL);
        return;
    }
    (void)kill(one->pid, SIGTERM);
    if (one->apart) {
        (void)kill(-one->pid, SIGCONT);
    }
}

void cc_offspring_pass_on(struct cc_server *server, size_t id, const struct cc_signal *signal)
{
    const struct cc_offspring *one = of_id(server, id);

    if (one) {
        (void)kill(one->pid, signal->number);
    }
}

void cc_offspring_close(struct cc_desk *desk)
{
    while (desk->offspring) {
        shut(&desk->offspring->streams[0]);
        shut(&desk->offspring->streams[1]);
        part_with(desk, desk->offspring);
    }
}
