#ifndef WORLD_FORKED_H
#define WORLD_FORKED_H

/*
 * The child processes that a function of credctl waits for. Process 1 of a container becomes the
 * parent of orphaned processes and must wait for these too.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cc_forked {
    pthread_mutex_t lock;
    pid_t *pids;
    size_t count;
    size_t room;
    bool adopts; /* orphans become children of this process */
};

void cc_forked_init(struct cc_forked *forked);
void cc_forked_close(struct cc_forked *forked);
/* fork(). The caller waits for the child, then calls cc_forked_forget. */
pid_t cc_fork(struct cc_forked *forked);
void cc_forked_forget(struct cc_forked *forked, pid_t pid);
/* Waits for the orphans that have ended. False when there may be more: call it again soon. */
bool cc_forked_reap_orphans(struct cc_forked *forked);

#endif
