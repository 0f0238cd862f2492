#ifndef CREDCTL_WORLD_CHILD_H
#define CREDCTL_WORLD_CHILD_H

/*
 * Another program that takes over our terminal, files and place in the shell's job: nothing of it
 * is captured. It gets back the limits and signals that were given to us.
 */

#include "credctl/world/world.h"

struct cc_child {
    const char *const *argv; /* ends with NULL; argv[0] is looked up in PATH */
    const char *const *env;  /* "NAME=value" rows, ends with NULL */
};

/* Takes the place of this process. Comes back only when it cannot: *status is a shell's, 126 or
 * 127. */
CC_MUST_USE bool cc_child_become(struct cc_run *run, const struct cc_child *child, int *status,
                                 struct cc_error *err);

/* Starts it beside us. False with `status` as above when it cannot be started. */
CC_MUST_USE bool cc_child_start(struct cc_run *run, const struct cc_child *child, int64_t *pid,
                                int *status, struct cc_error *err);
/* Has it ended? Then *status is its exit status, or 128 + the signal that ended it. */
bool cc_child_ended(int64_t pid, int *status);
void cc_child_signal(int64_t pid, int number);

/* Stops this process as the terminal's Ctrl-Z would, until somebody continues it. */
void cc_stop_self(void);

/* A line for whoever started us with CREDCTL_STATUS_FD in the environment; nothing otherwise. */
void cc_status_line(struct cc_run *run, const char *line);

#endif
