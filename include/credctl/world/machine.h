#ifndef CREDCTL_WORLD_MACHINE_H
#define CREDCTL_WORLD_MACHINE_H

/*
 * What those commands need that stay for a while: a server with its children, another program in
 * our place, and an end that callers understand.
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

/* Takes the place of this process. Comes back only when it cannot: *status is a shell's, 126 or
 * 127. */
CC_MUST_USE bool cc_become(struct cc_run *run, const struct cc_child *child, int *status,
                           struct cc_error *err);

/* Tells systemd ("READY=1"), when it asked to be told. */
void cc_tell_supervisor(const struct cc_run *run, const char *state);

/*
 * When everything is done and cleaned up, this process ends by this signal, without a core dump: a
 * shell then knows that its loop is to end too. As process 1 of a container, which no signal ends,
 * with the exit status.
 */
void cc_die_of(const struct cc_run *run, int signal);

/* Ends the process now, for threads still use what would be cleaned up. */
void cc_leave(const struct cc_run *run, int status);

int64_t cc_process_id(const struct cc_run *run);

/* Standard input to its end, however long its writer takes; without a byte order mark. */
CC_MUST_USE bool cc_input_read(struct cc_run *run, size_t max, const char **text, size_t *len,
                               struct cc_error *err);

/* A new folder, mode 0700, in memory where the host has such a place (/dev/shm), else in $TMPDIR or
 * /tmp. Whoever makes it drops it, with the files in it; what a killed process of this user left is
 * removed when the next one is made. One at a time. */
CC_MUST_USE bool cc_private_folder(struct cc_run *run, const char **path, struct cc_error *err);
void cc_private_folder_drop(const struct cc_run *run, const char *path);

#endif
