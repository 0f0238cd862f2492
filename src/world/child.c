#include "credctl/world/child.h"

#include "credctl/base/text.h"

#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool cannot(const struct cc_child *child, int number, int *status, struct cc_error *err)
{
    *status = number == ENOENT ? 127 : 126;
    cc_fail(err, CC_E_PROCESS, "cannot run %s", child->argv[0]);
    cc_why(err, "%s", strerror(number)); // NOLINT(concurrency-mt-unsafe): only constants
    return cc_fix(err, "check the command's name, its path and its mode");
}

bool cc_child_become(struct cc_run *run, const struct cc_child *child, int *status,
                     struct cc_error *err)
{
    const struct real *real = run->world->self;

    cc_inherited_give_back(&real->inherited);
    (void)execvpe(child->argv[0], (char *const *)child->argv, (char *const *)child->env);
    return cannot(child, errno, status, err);
}

/* The pipe closes at exec; what comes through it is the number of the error. */
static _Noreturn void begin(const struct real *real, const struct cc_child *child, int tell)
{
    cc_inherited_give_back(&real->inherited);
    (void)execvpe(child->argv[0], (char *const *)child->argv, (char *const *)child->env);
    int number = errno;
    (void)!write(tell, &number, sizeof(number));
    _exit(126);
}

bool cc_child_start(struct cc_run *run, const struct cc_child *child, int64_t *pid, int *status,
                    struct cc_error *err)
{
    int told[2];
    int number = 0;

    if (pipe2(told, O_CLOEXEC) != 0) {
        return cannot(child, errno, status, err);
    }
    pid_t started = fork();
    if (started == 0) {
        begin(run->world->self, child, told[1]);
    }
    number = errno;
    (void)close(told[1]);
    if (started > 0) {
        ssize_t got = 0;

        do {
            got = read(told[0], &number, sizeof(number));
        } while (got < 0 && errno == EINTR);
        number = got == (ssize_t)sizeof(number) ? number : 0;
    }
    (void)close(told[0]);
    if (started > 0 && number == 0) {
        *pid = started;
        return true;
    }
    if (started > 0) {
        (void)waitpid(started, NULL, 0);
    }
    return cannot(child, number, status, err);
}

bool cc_child_ended(int64_t pid, int *status)
{
    int raw = 0;

    if (waitpid((pid_t)pid, &raw, WNOHANG) != (pid_t)pid) {
        return false;
    }
    *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return true;
}

void cc_child_signal(int64_t pid, int number)
{
    (void)kill((pid_t)pid, number);
}

void cc_stop_self(void)
{
    (void)raise(SIGSTOP);
}

void cc_status_line(struct cc_run *run, const char *line)
{
    struct stat facts;
    int64_t fd = -1;

    if (cc_text_number(cc_env(run, "CREDCTL_STATUS_FD"), 3, 1023, &fd) &&
        fstat((int)fd, &facts) == 0 && S_ISFIFO(facts.st_mode)) {
        (void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
        (void)!write((int)fd, line, strlen(line));
    }
}
