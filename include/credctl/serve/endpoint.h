#ifndef CREDCTL_SERVE_ENDPOINT_H
#define CREDCTL_SERVE_ENDPOINT_H

/*
 * The credential endpoint of `session serve` and `session exec`: identities whose credentials are
 * kept fresh, and the two shapes in which they are handed out. Everything here happens on the
 * server's thread, but for cc_kept.fetch.
 */

#include "credctl/serve/kept.h"
#include "credctl/serve/tokens.h"
#include "credctl/serve/vet.h"

/* An answer's form: who replies to a request, and whether documents have EC2's members. */
struct cc_manner {
    void (*visit)(struct cc_endpoint *endpoint, const struct cc_visit *visit);
    bool instance;
};

extern const struct cc_manner cc_manner_ecs;  /* as the ECS agent */
extern const struct cc_manner cc_manner_imds; /* as EC2's instance metadata, version 2 */

#define CC_STATUS_MAX 600

struct cc_endpoint {
    void *about;        /* its owner's */
    struct cc_run *run; /* outlives the endpoint; its memory must not grow with requests */
    const struct cc_chain_options *chain;
    const struct cc_manner *manner;
    struct cc_world quiet; /* nobody is asked for a code in the background */
    struct cc_server *server;
    struct cc_vet vet;
    struct cc_secret token; /* for the ECS shape and the metrics */
    bool once;
    const char *region; /* NULL when not known */
    struct cc_tokens tokens;
    struct cc_kept *kept; /* of the chain; the first is the one at "/" */
    size_t kept_count;
    /* Another identity of this name and with this token, which is not among `kept`; NULL when
     * nobody is. A row of the owner's; NULL: there are none. */
    struct cc_kept *(*other)(struct cc_endpoint *endpoint, const char *name,
                             struct cc_secret token);
    struct cc_kept *waiting;          /* for the credentials of another: a list */
    uint64_t requests[CC_STATUS_MAX]; /* by status */
    bool handed_out;
};

/* The whole chain, and `role_arn` (or NULL) on top. From any thread, each with its own run. */
CC_MUST_USE bool cc_fetch(struct cc_run *run, const struct cc_chain_options *chain,
                          const char *role_arn, struct cc_fetched *fetched, struct cc_error *err);

/* A token, and the roles that `roles` ("NAME=ARN", ends with NULL; or NULL) names. */
CC_MUST_USE bool cc_endpoint_prepare(struct cc_run *run, const struct cc_chain_options *chain,
                                     const char *const *roles, struct cc_endpoint *endpoint,
                                     struct cc_error *err);
/* The first credentials of "/"; here a person may still be asked for a code. */
CC_MUST_USE bool cc_endpoint_first(struct cc_endpoint *endpoint, struct cc_fetched *first,
                                   struct cc_error *err);
/* The settings of a search, with the region of the instance whose keys it found when they say none:
 * for calls that are made with those keys. */
struct cc_settings cc_fetched_settings(struct cc_run *run, const struct cc_fetched *fetched);
/* `plan` says where; who answers is filled in here. */
CC_MUST_USE bool cc_endpoint_open(struct cc_endpoint *endpoint, struct cc_server_plan *plan,
                                  struct cc_error *err);
/* False as cc_server_close. */
CC_MUST_USE bool cc_endpoint_close(struct cc_endpoint *endpoint);
/* "http://127.0.0.1:4123/" */
const char *cc_endpoint_url(struct cc_arena *mem, const struct cc_endpoint *endpoint);

/* 256 random bits that fit a header and a URL. */
CC_MUST_USE bool cc_endpoint_token(struct cc_run *run, struct cc_arena *mem,
                                   struct cc_secret *token, struct cc_error *err);
/* NULL when nobody has the name; NULL is the name of the one at "/". */
struct cc_kept *cc_endpoint_kept(struct cc_endpoint *endpoint, const char *name);
/* What Authorization holds, bare or as a bearer; absent when there is none. */
struct cc_secret cc_endpoint_given(const struct cc_head *head);
/* Is it the endpoint's own token? */
bool cc_endpoint_authorized(const struct cc_endpoint *endpoint, const struct cc_head *head);

void cc_metrics_reply(struct cc_endpoint *endpoint, struct cc_ticket ticket);

#endif
