#ifndef CREDCTL_CACHE_LIVE_H
#define CREDCTL_CACHE_LIVE_H

/*
 * When credentials are to be refreshed, and what happens when that fails: the shared model of the
 * SDKs of 2026 (docs/cache.md). Only logic over times; the caller fetches. Not for use by two
 * threads at once.
 */

#include "credctl/aws/keys.h"

struct cc_live {
    struct cc_arena mem; /* holds keys; replaced at each install */
    bool present;
    bool from_process; /* from a credential_process without hops: its window is 10 s */
    struct cc_keys keys;
    int64_t fetched;  /* Unix seconds */
    int64_t advisory; /* seconds before expiry from which a refresh is due */
    int64_t retry_at; /* after a failed refresh: the next one is not before this */
    bool ended;       /* expired keys are not served */
};

/* The mandatory window: with less left than this, keys are not handed out before a refresh. */
#define CC_LIVE_MANDATORY_S 60
#define CC_LIVE_PROCESS_S   10
/* For this long after their expiry, keys are served when a refresh fails for a cause that passes.
 */
#define CC_LIVE_STALE_S ((int64_t)3600)

/* The advisory window for this lifetime at the fetch. */
int64_t cc_live_advisory(int64_t lifetime);

enum cc_need {
    CC_NEED_NOTHING, /* fresh, or a refresh has just failed and the present keys are served */
    CC_NEED_SOON,    /* usable; one caller should refresh, the others need not wait */
    CC_NEED_NOW,     /* nothing can be handed out before a refresh */
};

enum cc_need cc_live_need(const struct cc_live *live, int64_t now);
void cc_live_install(struct cc_live *live, const struct cc_keys *keys, int64_t now);
/*
 * True: the present credentials stay in use, also after they have expired, and the next attempt is
 * in 300 to 600 s (chosen by `random`). False: there are none to serve, or the cause does not pass
 * (an expired login; or, when the present credentials have expired, a denial, a failed command or
 * expired keys of the source); the next attempt is in 2 to 5 s, and until retry_at the error is
 * returned.
 */
bool cc_live_failed(struct cc_live *live, const struct cc_error *err, int64_t now, uint32_t random);
/* True for errors that waiting does not cure. */
bool cc_live_final(enum cc_code code);
void cc_live_wipe(struct cc_live *live);

#endif
