#ifndef CREDCTL_SERVE_VET_H
#define CREDCTL_SERVE_VET_H

#include "credctl/base/arena.h"
#include "credctl/world/head.h"

/*
 * Requests that are refused before any token is checked. A web page in a browser can send requests
 * to loopback, also under its own name (DNS rebinding): such requests have another Host, or headers
 * that only browsers and proxies add. Pure.
 */

#define CC_HOSTS_MAX 4 /* as many as cc_vet_hosts knows at most */

struct cc_vet {
    const char *hosts[CC_HOSTS_MAX]; /* as they stand in a Host header */
    size_t host_count;
    int literal_port; /* any numeric address with this port is accepted; 0: none */
};

/* The Host headers of clients that use `address` ("127.0.0.1:80", or the path of a socket). */
void cc_vet_hosts(struct cc_arena *mem, const char *address, int port, bool wildcard,
                  struct cc_vet *vet);

/* 0, or the status to refuse the request with; *why is a constant text. */
int cc_vet_request(const struct cc_vet *vet, const struct cc_head *head, const char **why);

#endif
