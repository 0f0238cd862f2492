#ifndef CREDCTL_SERVE_VET_H
#define CREDCTL_SERVE_VET_H

#include "credctl/base/arena.h"
#include "credctl/world/head.h"

/*
 * Who may ask at all, before any token is looked at. A page in a browser can send requests to
 * loopback, and can let its own name point there (DNS rebinding): such requests carry a Host of
 * theirs, or headers that only browsers and proxies add. Pure.
 */

#define CC_HOSTS_MAX 4 /* as many as cc_vet_hosts knows at most */

struct cc_vet {
    const char *hosts[CC_HOSTS_MAX]; /* as they stand in a Host header */
    size_t host_count;
    int literal_port; /* any numeric address with this port will do; 0: none */
};

/* Those that a client which was told `address` ("127.0.0.1:80", a socket's path) writes. */
void cc_vet_hosts(struct cc_arena *mem, const char *address, int port, bool wildcard,
                  struct cc_vet *vet);

/* 0, or the status to refuse the request with; *why is a constant text. */
int cc_vet_request(const struct cc_vet *vet, const struct cc_head *head, const char **why);

#endif
