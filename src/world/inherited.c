#include "inherited.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A closed pipe and a file at its size limit must be errors of write() and not end the process; a
 * process that ignores SIGCHLD cannot wait for its children; a server must get SIGTERM. */
static const struct {
    int number;
    void (*action)(int);
} needed[CC_ACTIONS] = {
    {SIGPIPE, SIG_IGN},
    {SIGXFSZ, SIG_IGN},
    {SIGCHLD, SIG_DFL},
    {SIGTERM, SIG_DFL},
};

/*
 * A file that is opened in place of a closed stdout would get the answer or the log. /dev/null
 * takes that place, opened in the wrong direction, so that reading and writing still fail; it is
 * closed again in every child.
 */
static void keep_standard_places(void)
{
    for (int place = STDIN_FILENO; place <= STDERR_FILENO; place++) {
        if (fcntl(place, F_GETFD) < 0) {
            int how = place == STDIN_FILENO ? O_WRONLY : O_RDONLY;

            (void)open("/dev/null",
                       how | O_CLOEXEC); /* gets the lowest free number, which is this one */
        }
    }
}

void cc_inherited_take(struct cc_inherited *inherited)
{
    sigset_t none;

    keep_standard_places();
    (void)getrlimit(RLIMIT_CORE, &inherited->core);
    for (size_t i = 0; i < CC_ACTIONS; i++) {
        struct sigaction action = {.sa_handler = needed[i].action};

        (void)sigaction(needed[i].number, &action, &inherited->actions[i]);
    }
    (void)sigemptyset(&none);
    (void)pthread_sigmask(SIG_SETMASK, &none, &inherited->mask);
    inherited->umask = umask(077); /* new files are for their owner, who must be able to use them */
}

#define CLOEXEC_RANGE 4U   /* CLOSE_RANGE_CLOEXEC of linux/close_range.h */
#define PLACES        1024 /* descriptors above are not looked for */

void cc_inherited_note_files(struct cc_inherited *inherited)
{
    for (int fd = STDERR_FILENO + 1; fd < PLACES && !inherited->files_known; fd++) {
        const int flags = fcntl(fd, F_GETFD);

        if (flags < 0 || flags & FD_CLOEXEC) {
            continue;
        }
        if (inherited->file_count == CC_INHERITED_FILES) {
            return; /* too many to tell apart: a child gets all that is open */
        }
        inherited->files[inherited->file_count++] = fd;
    }
    inherited->files_known = true;
}

static void close_between(unsigned first, unsigned last)
{
    if (first <= last) {
        (void)syscall(SYS_close_range, first, last, CLOEXEC_RANGE);
    }
}

/* Closes all others at the exec. */
static void keep_files(const struct cc_inherited *inherited)
{
    unsigned next = STDERR_FILENO + 1;

    for (size_t i = 0; i < inherited->file_count; i++) {
        close_between(next, (unsigned)inherited->files[i] - 1);
        next = (unsigned)inherited->files[i] + 1;
    }
    close_between(next, PLACES - 1);
}

void cc_inherited_give_back(const struct cc_inherited *inherited)
{
    (void)setrlimit(RLIMIT_CORE, &inherited->core);
    for (size_t i = 0; i < CC_ACTIONS; i++) {
        (void)sigaction(needed[i].number, &inherited->actions[i], NULL);
    }
    (void)umask(inherited->umask);
    if (inherited->files_known) {
        keep_files(inherited);
    }
    (void)pthread_sigmask(SIG_SETMASK, &inherited->mask, NULL);
}

void cc_die_by(int number)
{
    const struct rlimit none = {0};
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t one;

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)sigaction(number, &action, NULL);
    (void)sigemptyset(&one);
    (void)sigaddset(&one, number);
    (void)pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    (void)raise(number);
}
