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
    struct cc_secret secret; /* ... or this, which never is */
};

/* Near: metadata and agents beside us; never through a proxy, no redirect, no retry by itself.
 * Far: everything else; https is verified, the proxy variables are honoured. Neither follows
 * redirects: no AWS API needs it. */
enum cc_distance { CC_FAR, CC_NEAR };

struct cc_request {
    const char *method;
    const char *url;
    const struct cc_header *headers; /* ends with a row without a name; NULL for none */
    struct cc_secret body;           /* absent for none; never logged */
    enum cc_distance distance;
    const char *address; /* numeric address to connect to instead of resolving the host; or NULL */
    int connect_ms;      /* 0: as timeout_ms */
    int timeout_ms;      /* for the whole exchange, also against a peer that drips; cut to the run's
                            deadline */
    size_t max_body;     /* a longer answer is an error */
    const char *ca;      /* file or folder of certificates; NULL: the run's, then the system's */
};

/* How an exchange that got no answer ended. */
enum cc_failure {
    CC_NET_ANSWERED,
    CC_NET_NO_ROUTE,        /* nothing can be sent there */
    CC_NET_REFUSED,         /* the host says no at once */
    CC_NET_CONNECT_TIMEOUT, /* a black hole */
    CC_NET_NAME,            /* the name does not resolve */
    CC_NET_TLS,             /* a certificate that is not trusted, or a TLS that is not spoken */
    CC_NET_TLS_CUT,         /* reset or closed in the middle of the handshake */
    CC_NET_SILENT,          /* connected, then no (whole) answer in time */
    CC_NET_CUT,             /* connected, then reset or closed early */
    CC_NET_TOO_BIG,         /* more than max_body, or endless headers */
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

/* `request` and `about` are the caller's; the rest is filled in by who performs it. */
struct cc_exchange {
    struct cc_run *run; /* whose arena the answer lies in, whose deadline counts, who logs */
    struct cc_request request;
    struct cc_response response;
    struct cc_error err;
    bool ok;
    void *about;
};

/* Told as each of many exchanges ends, from the same thread. */
struct cc_watch {
    void (*done)(void *about, struct cc_exchange *exchange); /* NULL: nobody asks */
    void *about;
};

#define CC_PUMP_NEVER INT64_MAX

/*
 * Exchanges that are made as they are wanted: as many at once as `next` hands out before it says
 * no. All calls come from the thread that pumps.
 */
struct cc_pump {
    /* What to begin now, with its run set; it must stay in its place until `done`. NULL: nothing
     * before *at on the clock of ticks_ms (CC_PUMP_NEVER unless it is set), or before one of those
     * under way has ended. With none under way and CC_PUMP_NEVER the pump has run dry. */
    struct cc_exchange *(*next)(void *about, int64_t *at);
    /* It has ended; afterwards its memory may be given away. */
    void (*done)(void *about, struct cc_exchange *exchange);
    void *about;
};

/* Fails with CC_E_DEADLINE when the run's time is over, and when the run is offline. */
CC_MUST_USE bool cc_http(struct cc_run *run, const struct cc_request *request,
                         struct cc_response *response, struct cc_error *err);
/* At most `parallel` at once. */
void cc_http_many(struct cc_run *run, struct cc_exchange *exchanges, size_t count, size_t parallel,
                  const struct cc_watch *watch);
/* An exchange whose run is offline or over ends at once, as with cc_http. */
void cc_http_pump(struct cc_run *run, const struct cc_pump *pump);

#endif
