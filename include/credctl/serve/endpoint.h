#ifndef CREDCTL_SERVE_ENDPOINT_H
#define CREDCTL_SERVE_ENDPOINT_H

/*
 * The credential endpoint of `session serve` and `session exec`: roles whose credentials are kept
 * fresh, and the two shapes in which they are handed out. Everything here happens on the server's
 * thread, but for cc_fetch.
 */

#include "credctl/aws/settings.h"
#include "credctl/cache/live.h"
#include "credctl/cache/resolve.h"
#include "credctl/serve/tokens.h"
#include "credctl/serve/vet.h"
#include "credctl/world/server.h"

#define CC_ROLES_MAX  64
#define CC_PARKED_MAX 256
#define CC_STATUS_MAX 600

struct cc_endpoint;

/* What one search of the chain found. */
struct cc_fetched {
    struct cc_keys keys;
    const struct cc_settings *settings; /* as they were read for it */
    const struct cc_search *search;     /* it */
    const char *note;                   /* what the chain warns of; or NULL */
    bool from_process;                  /* a credential_process and no hop */
};

/* What is handed out under one name. */
struct cc_kept {
    struct cc_endpoint *endpoint;
    const char *name;     /* of --role; NULL for the one at "/" */
    const char *role_arn; /* assumed on top of the chain; NULL for none */
    struct cc_live live;
    bool fetching; /* until then the next three belong to the job */
    bool fetch_ok;
    struct cc_fetched fetched; /* in the job's memory */
    struct cc_error fetch_err;
    bool troubled; /* the last fetch failed ... */
    struct cc_error trouble;
    struct cc_ticket parked[CC_PARKED_MAX]; /* wait for the fetch that is under way */
    size_t parked_count;
    struct cc_arena rendered; /* holds the two below */
    struct cc_secret answer;  /* a whole HTTP answer */
    size_t answer_len;
    int64_t answer_until; /* Unix seconds from which it must be rendered anew */
    uint64_t refreshes;
    uint64_t failures;
};

struct cc_endpoint {
    void *about;        /* its owner's */
    struct cc_run *run; /* outlives the endpoint; its memory must not grow with requests */
    const struct cc_chain_options *chain;
    struct cc_world quiet; /* nobody is asked for a code in the background */
    struct cc_server *server;
    struct cc_vet vet;
    struct cc_secret token; /* for the ECS shape and the metrics */
    bool imds;
    bool once;
    const char *region; /* NULL when not known */
    struct cc_tokens tokens;
    struct cc_kept *kept; /* the first is the one at "/" */
    size_t kept_count;
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
/* `plan` says where; who answers is filled in here. */
CC_MUST_USE bool cc_endpoint_open(struct cc_endpoint *endpoint, struct cc_server_plan *plan,
                                  struct cc_error *err);
/* False as cc_server_close. */
CC_MUST_USE bool cc_endpoint_close(struct cc_endpoint *endpoint);
/* "http://127.0.0.1:4123/" */
const char *cc_endpoint_url(struct cc_arena *mem, const struct cc_endpoint *endpoint);

/* For the two shapes: */
void cc_endpoint_reply(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                       const char *type, const char *body);
/* {"code", "message"}, as the ECS agent has it. */
void cc_endpoint_refuse(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                        const char *message);
/* With credentials: at once, after a refresh, or with why there are none. */
void cc_endpoint_hand_out(struct cc_endpoint *endpoint, struct cc_kept *kept,
                          struct cc_ticket ticket);
struct cc_kept *cc_endpoint_kept(struct cc_endpoint *endpoint, const char *name);
/* Does the request carry the endpoint's token, bare or as a bearer? */
bool cc_endpoint_authorized(const struct cc_endpoint *endpoint, const struct cc_head *head);

void cc_ecs_visit(struct cc_endpoint *endpoint, const struct cc_visit *visit);
void cc_imds_visit(struct cc_endpoint *endpoint, const struct cc_visit *visit);
void cc_metrics_reply(struct cc_endpoint *endpoint, struct cc_ticket ticket);

/* The name under which the IMDS shape lists it. */
const char *cc_kept_name(struct cc_arena *mem, const struct cc_kept *kept);
/* Fills answer, answer_len and answer_until. */
void cc_kept_render(struct cc_kept *kept, int64_t now);

#endif
