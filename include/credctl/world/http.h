#ifndef CREDCTL_WORLD_HTTP_H
#define CREDCTL_WORLD_HTTP_H

/* Requests and answers: one exchange, and many at once. */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"
#include "credctl/base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cc_run;

struct cc_header {
    const char *name;
    const char *value;       /* shown in debug logs ... */
    struct cc_secret secret; /* ... or this, which is never shown */
};

/* Near: metadata services and agents on this host; never through a proxy, no retry by itself. Far:
 * everything else; https is verified, and the proxy variables are used. Neither follows redirects:
 * no AWS API needs them. */
enum cc_distance { CC_FAR, CC_NEAR };

struct cc_request {
    const char *method;
    const char *url;
    const struct cc_header *headers; /* ends with a row without a name; NULL for none */
    struct cc_secret body;           /* absent for none; never logged */
    enum cc_distance distance;
    const char *address; /* numeric address to connect to instead of resolving the host; or NULL */
    int connect_ms;      /* 0: as timeout_ms */
    int timeout_ms;  /* for the whole exchange, however slowly the peer sends; limited by the run's
                        deadline */
    size_t max_body; /* a longer answer is an error */
    const char *ca;  /* file or folder of certificates; NULL: the run's, then the system's */
};

/* Why an exchange got no answer. */
enum cc_failure {
    CC_NET_ANSWERED,
    CC_NET_NO_ROUTE,        /* there is no route to the host */
    CC_NET_REFUSED,         /* the connection was refused */
    CC_NET_CONNECT_TIMEOUT, /* nothing answered the connection attempt */
    CC_NET_NAME,            /* the name does not resolve */
    CC_NET_TLS,             /* the certificate is not trusted, or TLS failed otherwise */
    CC_NET_TLS_CUT,         /* reset or closed in the middle of the handshake */
    CC_NET_SILENT,          /* connected, then no (complete) answer in time */
    CC_NET_CUT,             /* connected, then reset or closed early */
    CC_NET_TOO_BIG,         /* more than max_body, or endless headers */
    CC_NET_STOPPED,         /* the run was stopped */
    CC_NET_OTHER,
};

struct cc_response {
    enum cc_failure failure; /* also set when the call returns false */
    int status;
    const char *body; /* terminated; never NULL on success */
    size_t body_len;
    const char *head; /* raw header lines; use cc_response_header */
    int took_ms;
};

/* The first header of that name, without blanks around it; NULL when there is none. */
const char *cc_response_header(struct cc_arena *mem, const struct cc_response *response,
                               const char *name);

/* `request` and `about` belong to the caller; the rest is filled in when it is performed. */
struct cc_exchange {
    struct cc_run *run; /* provides the arena of the answer, the deadline and the log */
    struct cc_request request;
    struct cc_response response;
    struct cc_error err;
    bool ok;
    void *about;
};

/* Called when each of many exchanges ends, on the same thread. */
struct cc_watch {
    void (*done)(void *about, struct cc_exchange *exchange); /* NULL: not called */
    void *about;
};

#define CC_PUMP_NEVER INT64_MAX

/*
 * Exchanges that are made on demand: as many at once as `next` returns before it returns NULL. All
 * calls come from the thread that pumps.
 */
struct cc_pump {
    /* The exchange to start now, with its run set; it must not move until `done`. NULL: nothing
     * before *at on the clock of ticks_ms (CC_PUMP_NEVER unless it is set), or before one of the
     * exchanges under way ends. When none is under way and *at is CC_PUMP_NEVER, the pump ends. */
    struct cc_exchange *(*next)(void *about, int64_t *at);
    /* It has ended; afterwards its memory can be reused. */
    void (*done)(void *about, struct cc_exchange *exchange);
    void *about;
};

/* Fails with CC_E_DEADLINE when the deadline of the run has passed, and when the run is offline. */
CC_MUST_USE bool cc_http(struct cc_run *run, const struct cc_request *request,
                         struct cc_response *response, struct cc_error *err);
/* At most `parallel` at once. */
void cc_http_many(struct cc_run *run, struct cc_exchange *exchanges, size_t count, size_t parallel,
                  const struct cc_watch *watch);
/* When its run is offline or past its deadline, an exchange ends at once, as with cc_http. */
void cc_http_pump(struct cc_run *run, const struct cc_pump *pump);

#endif
