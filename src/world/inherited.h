#ifndef WORLD_INHERITED_H
#define WORLD_INHERITED_H

/*
 * What a process is given by the one that starts it and that may be anything: signal actions, the
 * signal mask, umask, limits, closed standard streams. We set what we need; a child gets back what
 * we were given.
 */

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { CC_ACTIONS = 4 };

struct cc_inherited {
    struct rlimit core;
    sigset_t mask;
    mode_t umask;
    struct sigaction actions[CC_ACTIONS];
};

/* Before anything else, and before cc_harden changes the limits. */
void cc_inherited_take(struct cc_inherited *inherited);
/* In a child between fork and exec, or in our own place before exec. Async-signal-safe. */
void cc_inherited_give_back(const struct cc_inherited *inherited);
/* Ends this process by a signal, as if nobody had caught it. Comes back when that is impossible:
 * for process 1 of a container. */
void cc_die_by(int number);

#endif
