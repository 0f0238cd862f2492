#ifndef CREDCTL_SERVE_KEPT_H
#define CREDCTL_SERVE_KEPT_H

/*
 * One identity that is handed out: its credentials, the fetch that is under way for newer ones, and
 * who waits for it.
 */

#include "credctl/aws/settings.h"
#include "credctl/cache/live.h"
#include "credctl/cache/resolve.h"
#include "credctl/world/machine.h"

#define CC_PARKED_MAX 256

struct cc_endpoint;

/* What one search of the chain found. */
struct cc_fetched {
    struct cc_keys keys;
    const struct cc_settings *settings; /* as they were read for it */
    const char *note;                   /* what the chain warns of; or NULL */
    const struct cc_search *search;     /* that found them, for cc_region_for_call */
    bool from_process;                  /* a credential_process and no hop */
};

struct cc_kept {
    struct cc_endpoint *endpoint;
    const char *name;     /* of --role; NULL for the one at "/" */
    const char *role_arn; /* assumed on top of the chain; NULL for none */
    struct cc_kept *base; /* whose credentials `fetch` needs; NULL: nobody's */
    void *about;          /* its owner's */
    int64_t fetch_ms;     /* what one fetch may take; 0: the pool's own limit */
    /* On a thread of the pool; `by` are the keys of `base`, or NULL. */
    bool (*fetch)(struct cc_run *run, const struct cc_kept *kept, const struct cc_keys *by,
                  struct cc_fetched *fetched, struct cc_error *err);
    /* After each fetch, on the server's thread: `trouble` is NULL, or why there are no credentials;
     * may be NULL. */
    void (*told)(struct cc_kept *kept, const struct cc_error *trouble);

    struct cc_live live;
    bool fetching; /* until then the next four belong to the job */
    bool fetch_ok;
    struct cc_live by;         /* a copy of the base's keys */
    struct cc_fetched fetched; /* in the job's memory */
    struct cc_error fetch_err;
    bool waits; /* for its base */
    struct cc_kept *next_waiting;
    bool troubled; /* the last fetch failed ... */
    struct cc_error trouble;
    struct cc_ticket parked[CC_PARKED_MAX]; /* wait for the fetch that is under way */
    size_t parked_count;
    struct cc_arena rendered; /* holds the two below */
    struct cc_secret answer;  /* a whole HTTP answer */
    size_t answer_len;
    int64_t answer_until; /* Unix seconds, AWS's, from which it must be rendered anew */
    uint64_t refreshes;
    uint64_t failures;
};

/* Puts these in service. */
void cc_kept_install(struct cc_kept *kept, const struct cc_fetched *fetched);
/* A fetch without anybody who waits for it. False when too many jobs are waiting already. */
bool cc_kept_fetch(struct cc_kept *kept);
/* With credentials: at once, after a refresh, or with why there are none. */
void cc_kept_hand_out(struct cc_kept *kept, struct cc_ticket ticket);
/* Its secrets; not while it is fetching. */
void cc_kept_wipe(struct cc_kept *kept);

/* The name under which the IMDS shape lists it. */
const char *cc_kept_name(struct cc_arena *mem, const struct cc_kept *kept);
/* Fills answer, answer_len and answer_until. */
void cc_kept_render(struct cc_kept *kept, int64_t now);

#endif
