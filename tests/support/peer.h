#ifndef TESTS_SUPPORT_PEER_H
#define TESTS_SUPPORT_PEER_H

/* A server of one test, on a loopback port, with a thread for each connection. */

#include <pthread.h>
#include <stddef.h>

struct peer {
    int fd;
    int port;
    pthread_t thread;
    /* Called with what was read up to the end of the headers; closes nothing. */
    void (*serve)(struct peer *peer, int fd, const char *request);
    pthread_mutex_t lock;
    char request[65536]; /* the last one */
    int connections;
    int open;
    int busy;      /* requests under way: see peer_busy */
    int most_busy; /* at the same time */
};

void peer_start(struct peer *peer, void (*serve)(struct peer *peer, int fd, const char *request));
void peer_stop(struct peer *peer);
/* Around what a slow answer waits for, and before it is sent: then the client cannot be ahead. */
void peer_busy(struct peer *peer, int change);
/* How many there have been. */
int peer_connections(struct peer *peer);
void peer_say(int fd, const char *text);
/* A port on which nothing listens. */
int peer_closed_port(void);

#endif
