#ifndef CREDCTL_WORLD_MACHINE_H
#define CREDCTL_WORLD_MACHINE_H

/*
 * For commands that run for a while: a server with child processes, another program in place of
 * this one, and an exit that callers understand.
 */

#include "credctl/world/server.h"

struct cc_machine {
    bool (*open)(void *self, struct cc_run *run, const struct cc_server_plan *plan,
                 struct cc_server **server, struct cc_error *err);
    bool (*become)(void *self, const struct cc_child *child, int *status, struct cc_error *err);
    void (*tell)(void *self, const char *state);
    void (*die_of)(void *self, int signal);
    void (*leave)(void *self, int status);
    int64_t (*process_id)(void *self);
    bool (*read_input)(void *self, struct cc_arena *mem, size_t max, struct cc_bytes *to,
                       struct cc_error *err);
    bool (*private_folder)(void *self, struct cc_arena *mem, const char **path,
                           struct cc_error *err);
    void (*drop_folder)(void *self, const char *path);
};

/* Replaces this process. Returns only when it fails: *status is 126 or 127, as in a shell. */
CC_MUST_USE bool cc_become(struct cc_run *run, const struct cc_child *child, int *status,
                           struct cc_error *err);

/* Reports "READY=1" to systemd, when it asked for that. */
void cc_tell_supervisor(const struct cc_run *run, const char *state);

/*
 * After the clean-up this process ends by this signal, without a core dump, so that a shell ends
 * its loop too. Process 1 of a container cannot end by a signal and ends with the exit status.
 */
void cc_die_of(const struct cc_run *run, int signal);

/* Ends the process at once, because threads still use what would be cleaned up. */
void cc_leave(const struct cc_run *run, int status);

int64_t cc_process_id(const struct cc_run *run);

/* Standard input up to its end, without a time limit; without a byte order mark. */
CC_MUST_USE bool cc_input_read(struct cc_run *run, size_t max, const char **text, size_t *len,
                               struct cc_error *err);

/* A new folder, mode 0700, in memory where the host has that (/dev/shm), else in $TMPDIR or /tmp.
 * The caller must remove it, with its files; what a killed process of this user left is removed
 * when the next one is created. A process has one at a time. */
CC_MUST_USE bool cc_private_folder(struct cc_run *run, const char **path, struct cc_error *err);
void cc_private_folder_drop(const struct cc_run *run, const char *path);

#endif
