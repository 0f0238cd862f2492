#ifndef CREDCTL_CACHE_LIVE_H
#define CREDCTL_CACHE_LIVE_H

/*
 * When credentials are to be refreshed, and what happens when that fails: the shared model of the
 * SDKs of 2026 (docs/providers.md). Pure logic over times; who uses it fetches. Not for use by two
 * threads at once.
 */

#include "credctl/aws/keys.h"

struct cc_live {
    struct cc_arena mem; /* holds keys; exchanged at each install */
    bool present;
    bool from_process; /* a source that is only cached: its window is 10 s */
    struct cc_keys keys;
    int64_t fetched;  /* Unix seconds */
    int64_t advisory; /* seconds before expiry from which a refresh is due */
    int64_t retry_at; /* after a failed refresh: none before this */
    bool ended;       /* nothing is served past its expiry */
};

/* The mandatory window: with less left than this, nothing is handed out before a refresh. */
#define CC_LIVE_MANDATORY_S 60
#define CC_LIVE_PROCESS_S   10

/* The advisory window that goes with so much lifetime at the fetch. */
int64_t cc_live_advisory(int64_t lifetime);

enum cc_need {
    CC_NEED_NOTHING, /* fresh, or a refresh has just failed and the old ones serve */
    CC_NEED_SOON,    /* usable; one caller should refresh, the others need not wait */
    CC_NEED_NOW,     /* nothing to hand out before a refresh */
};

enum cc_need cc_live_need(const struct cc_live *live, int64_t now);
void cc_live_install(struct cc_live *live, const struct cc_keys *keys, int64_t now);
/*
 * True: the old credentials stay in service, also past their expiry, and the next attempt is 300 to
 * 600 s away (`random` picks). False: nothing can be served, or what stands in the way does not
 * pass (a login that ended; a denial, a failed command or keys of the source that expired, once the
 * old ones have expired); the next attempt is 1 to 5 s away, and until retry_at the error stands.
 */
bool cc_live_failed(struct cc_live *live, const struct cc_error *err, int64_t now, uint32_t random);
/* Would the same question have the same answer in a while? Then waiting does not mend it. */
bool cc_live_final(enum cc_code code);
void cc_live_wipe(struct cc_live *live);

#endif
