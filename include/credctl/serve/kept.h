#ifndef CREDCTL_SERVE_KEPT_H
#define CREDCTL_SERVE_KEPT_H

/*
 * An identity that is handed out: its credentials, the fetch for newer ones, and the clients that
 * wait for it.
 */

#include "credctl/aws/settings.h"
#include "credctl/cache/live.h"
#include "credctl/cache/resolve.h"
#include "credctl/world/machine.h"

#define CC_PARKED_MAX 256

struct cc_endpoint;

/* The result of a search of the chain. */
struct cc_fetched {
    struct cc_keys keys;
    const struct cc_settings *settings; /* the settings of this search */
    const char *note;                   /* the warnings of the chain; or NULL */
    const struct cc_search *search;     /* the search, for cc_region_for_call */
    bool from_process;                  /* from a credential_process without hops */
};

struct cc_kept {
    struct cc_endpoint *endpoint;
    const char *name;     /* of --role; NULL for the one at "/" */
    const char *role_arn; /* assumed on top of the chain; NULL for none */
    struct cc_kept *base; /* the identity that `fetch` needs the credentials of; NULL: none */
    void *about;          /* belongs to the owner */
    int64_t fetch_ms;     /* the time limit of one fetch; 0: that of the pool */
    /* On a thread of the pool; `by` are the keys of `base`, or NULL. */
    bool (*fetch)(struct cc_run *run, const struct cc_kept *kept, const struct cc_keys *by,
                  struct cc_fetched *fetched, struct cc_error *err);
    /* Called after each fetch, on the server's thread: `trouble` is NULL, or why there are no
     * credentials. May be NULL. */
    void (*told)(struct cc_kept *kept, const struct cc_error *trouble);

    struct cc_live live;
    bool fetching; /* while it is set, the next four belong to the job */
    bool fetch_ok;
    struct cc_live by;         /* a copy of the keys of the base */
    struct cc_fetched fetched; /* in the job's memory */
    struct cc_error fetch_err;
    bool waits; /* for its base */
    struct cc_kept *next_waiting;
    bool troubled; /* the last fetch failed ... */
    struct cc_error trouble;
    struct cc_ticket parked[CC_PARKED_MAX]; /* requests that wait for the fetch */
    size_t parked_count;
    struct cc_arena rendered; /* holds the two below */
    struct cc_secret answer;  /* a whole HTTP answer */
    size_t answer_len;
    int64_t answer_until; /* Unix seconds, AWS's, from which it must be rendered anew */
    uint64_t refreshes;
    uint64_t failures;
};

/* Starts to serve these credentials. */
void cc_kept_install(struct cc_kept *kept, const struct cc_fetched *fetched);
/* Starts a fetch without a waiting client. False when too many jobs are waiting already. */
bool cc_kept_fetch(struct cc_kept *kept);
/* Answers with the credentials, at once or after a refresh, or with the error. */
void cc_kept_hand_out(struct cc_kept *kept, struct cc_ticket ticket);
/* Wipes its secrets; not while it is fetching. */
void cc_kept_wipe(struct cc_kept *kept);

/* Its name in the list of the IMDS form. */
const char *cc_kept_name(struct cc_arena *mem, const struct cc_kept *kept);
/* Fills answer, answer_len and answer_until. */
void cc_kept_render(struct cc_kept *kept, int64_t now);

#endif
