#ifndef CREDCTL_WORLD_SERVE_H
#define CREDCTL_WORLD_SERVE_H

/* Shared by the files of the server only. */

#include "credctl/world/server.h"

#include <sys/socket.h>

union cc_address {
    struct sockaddr any;
    struct sockaddr_storage room;
};

/* A listening socket, non-blocking, and its address as text. */
struct cc_listening {
    int fd;
    const char *text;      /* in the run's arena */
    const char *unix_path; /* to be removed at the end; NULL when it is not credctl's */
    int port;
    bool wildcard;
};
CC_MUST_USE bool cc_listen(struct cc_run *run, const struct cc_server_plan *plan,
                           struct cc_listening *listening, struct cc_error *err);

/* The user at the other end of an accepted connection; -1 when it is not known. */
int64_t cc_peer_uid(int fd);

/* The user in the line of the peer in /proc/net/tcp or tcp6, or -1. Pure. */
int64_t cc_peer_in_table(const char *table, const char *local, const char *remote);

struct cc_pool;
/* `wake` becomes readable when a job is done. */
struct cc_pool *cc_pool_new(const struct cc_run *run, size_t threads, int *wake);
bool cc_pool_add(struct cc_pool *pool, const struct cc_job *job);
void cc_pool_abandon(struct cc_pool *pool, const void *about);
void cc_pool_finish(struct cc_pool *pool); /* calls `noted`, and `done` for finished jobs */
/* False when a thread did not end in time; then nothing was freed. */
bool cc_pool_close(struct cc_pool *pool);

#endif
