#ifndef CREDCTL_SERVE_ENDPOINT_H
#define CREDCTL_SERVE_ENDPOINT_H

/*
 * The credential endpoint of `session serve` and `session exec`: identities with fresh credentials,
 * and the two forms in which they are handed out. Everything here runs on the server's thread,
 * except cc_kept.fetch.
 */

#include "credctl/serve/kept.h"
#include "credctl/serve/tokens.h"
#include "credctl/serve/vet.h"

/* The form of answers: the function that replies, and whether documents have the members of EC2. */
struct cc_manner {
    void (*visit)(struct cc_endpoint *endpoint, const struct cc_visit *visit);
    bool instance;
};

extern const struct cc_manner cc_manner_ecs;  /* as the ECS agent */
extern const struct cc_manner cc_manner_imds; /* as EC2's instance metadata, version 2 */

#define CC_STATUS_MAX 600

struct cc_endpoint {
    void *about;        /* belongs to the owner */
    struct cc_run *run; /* lives longer than the endpoint; requests must not use its memory */
    const struct cc_chain_options *chain;
    const struct cc_manner *manner;
    struct cc_world
        quiet; /* without a terminal: in the background nobody can be asked for a code */
    struct cc_server *server;
    struct cc_vet vet;
    struct cc_secret token; /* the token of the ECS form and of the metrics */
    bool once;
    const char *region; /* NULL when not known */
    struct cc_tokens tokens;
    struct cc_kept *kept; /* the identities; the first is the one at "/" */
    size_t kept_count;
    /* Finds another identity of the owner by name and token; NULL when there is none. NULL: the
     * owner has no others. */
    struct cc_kept *(*other)(struct cc_endpoint *endpoint, const char *name,
                             struct cc_secret token);
    struct cc_kept *waiting; /* a list of identities that wait for the credentials of another one */
    uint64_t requests[CC_STATUS_MAX]; /* by status */
    bool handed_out;
};

/* Resolves the chain, and then assumes `role_arn` (or NULL). From any thread, each with its own
 * run. */
CC_MUST_USE bool cc_fetch(struct cc_run *run, const struct cc_chain_options *chain,
                          const char *role_arn, struct cc_fetched *fetched, struct cc_error *err);

/* Creates the token, and the identities of `roles` ("NAME=ARN", ends with NULL; or NULL). */
CC_MUST_USE bool cc_endpoint_prepare(struct cc_run *run, const struct cc_chain_options *chain,
                                     const char *const *roles, struct cc_endpoint *endpoint,
                                     struct cc_error *err);
/* Fetches the first credentials of "/"; here a person can still be asked for a code. */
CC_MUST_USE bool cc_endpoint_first(struct cc_endpoint *endpoint, struct cc_fetched *first,
                                   struct cc_error *err);
/* `plan` has the address; the callbacks are filled in here. */
CC_MUST_USE bool cc_endpoint_open(struct cc_endpoint *endpoint, struct cc_server_plan *plan,
                                  struct cc_error *err);
/* False as cc_server_close. */
CC_MUST_USE bool cc_endpoint_close(struct cc_endpoint *endpoint);
/* "http://127.0.0.1:4123/" */
const char *cc_endpoint_url(struct cc_arena *mem, const struct cc_endpoint *endpoint);

/* 256 random bits as text that fits in a header and a URL. */
CC_MUST_USE bool cc_endpoint_token(struct cc_run *run, struct cc_arena *mem,
                                   struct cc_secret *token, struct cc_error *err);
/* NULL when no identity has this name; the name of the one at "/" is NULL. */
struct cc_kept *cc_endpoint_kept(struct cc_endpoint *endpoint, const char *name);
/* The token in Authorization, alone or as a bearer token; absent when there is none. */
struct cc_secret cc_endpoint_given(const struct cc_head *head);
/* True when it is the token of the endpoint. */
bool cc_endpoint_authorized(const struct cc_endpoint *endpoint, const struct cc_head *head);

void cc_metrics_reply(struct cc_endpoint *endpoint, struct cc_ticket ticket);

#endif
