#ifndef CREDCTL_WORLD_SERVE_H
#define CREDCTL_WORLD_SERVE_H

/* What the files of the server share with each other and with nobody else. */

#include "credctl/world/server.h"

#include <sys/socket.h>

union cc_address {
    struct sockaddr any;
    struct sockaddr_storage room;
};

/* A listening socket, not blocking, and its address as people write it. */
struct cc_listening {
    int fd;
    const char *text;      /* in the run's arena */
    const char *unix_path; /* to be removed at the end; NULL when it is not ours */
    int port;
    bool wildcard;
};
CC_MUST_USE bool cc_listen(struct cc_run *run, const struct cc_server_plan *plan,
                           struct cc_listening *listening, struct cc_error *err);

/* The user at the other end of an accepted connection; -1 when it cannot be told. */
int64_t cc_peer_uid(int fd);

/* The line of /proc/net/tcp or tcp6 that is the peer's end: its user, or -1. Pure. */
int64_t cc_peer_in_table(const char *table, const char *local, const char *remote);

struct cc_pool;
/* `wake` becomes readable when something is done. */
struct cc_pool *cc_pool_new(const struct cc_run *run, size_t threads, int *wake);
bool cc_pool_add(struct cc_pool *pool, const struct cc_job *job);
void cc_pool_finish(struct cc_pool *pool); /* calls `done` of what is done */
/* False when a thread did not end in time; then nothing was freed. */
bool cc_pool_close(struct cc_pool *pool);

#endif
