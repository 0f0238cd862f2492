#ifndef WORLD_FORKED_H
#define WORLD_FORKED_H

/*
 * Which child processes somebody here waits for. As process 1 of a container we are given every
 * process whose parent ended, and have to wait for those nobody else will.
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
    bool adopts; /* the kernel gives us orphans */
};

void cc_forked_init(struct cc_forked *forked);
void cc_forked_close(struct cc_forked *forked);
/* fork(); whoever calls it waits for the child, then forgets it. */
pid_t cc_fork(struct cc_forked *forked);
void cc_forked_forget(struct cc_forked *forked, pid_t pid);
/* Waits for the orphans that have ended. False when some may be left: call it again soon. */
bool cc_forked_reap_orphans(struct cc_forked *forked);

#endif
