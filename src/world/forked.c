#include "forked.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void cc_forked_init(struct cc_forked *forked)
{
    int adopts = 0;

    *forked = (struct cc_forked){0};
    (void)pthread_mutex_init(&forked->lock, NULL);
    forked->adopts = getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &adopts) == 0 && adopts != 0);
}

void cc_forked_close(struct cc_forked *forked)
{
    (void)pthread_mutex_destroy(&forked->lock);
    free(forked->pids);
}

static void add(struct cc_forked *forked, pid_t pid)
{
    if (forked->count == forked->room) {
        forked->room = forked->room ? forked->room * 2 : 16;
        forked->pids = realloc(forked->pids, forked->room * sizeof(*forked->pids));
        if (!forked->pids) {
            abort();
        }
    }
    forked->pids[forked->count++] = pid;
}

/* Under the lock, so that no child is treated as an orphan before it is known. */
pid_t cc_fork(struct cc_forked *forked)
{
    (void)pthread_mutex_lock(&forked->lock);
    pid_t pid = fork();
    if (pid > 0) {
        add(forked, pid);
    }
    if (pid != 0) {
        (void)pthread_mutex_unlock(&forked->lock);
    }
    return pid;
}

static size_t place_of(const struct cc_forked *forked, pid_t pid)
{
    size_t i = 0;

    while (i < forked->count && forked->pids[i] != pid) {
        i++;
    }
    return i;
}

void cc_forked_forget(struct cc_forked *forked, pid_t pid)
{
    (void)pthread_mutex_lock(&forked->lock);
    size_t at = place_of(forked, pid);
    if (at < forked->count) {
        forked->pids[at] = forked->pids[--forked->count];
    }
    (void)pthread_mutex_unlock(&forked->lock);
}

/* The first that has ended, without waiting for it; 0: none. */
static pid_t ended(void)
{
    siginfo_t info = {0};

    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid : 0;
}

bool cc_forked_reap_orphans(struct cc_forked *forked)
{
    bool known = false;

    if (!forked->adopts) {
        return true;
    }
    (void)pthread_mutex_lock(&forked->lock);
    for (pid_t pid = ended(); pid > 0 && !known; pid = known ? 0 : ended()) {
        known =
            place_of(forked, pid) < forked->count; /* the function that started it waits for it */
        if (!known) {
            (void)waitpid(pid, NULL, WNOHANG);
        }
    }
    (void)pthread_mutex_unlock(&forked->lock);
    return !known;
}
