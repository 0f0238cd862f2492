#ifndef CREDCTL_CACHE_CACHE_H
#define CREDCTL_CACHE_CACHE_H

/*
 * The chain, asked as seldom as possible: what it took STS, SSO, a sign-in or a credential_process
 * to get is kept on disk for all processes of this user on this host, and one of them at a time
 * fetches anew. Where, under what key, and for how long: docs/cache.md.
 *
 * A cache that cannot be used is never a failure: the chain is asked instead.
 */

#include "credctl/providers/provider.h"

/* For `least`: what is handed out to be used elsewhere should last for a while. */
#define CC_LEAST_TO_HAND_OUT_S 900

struct cc_cache_policy {
    bool off;     /* no cache is read or written, the AWS CLI's neither */
    bool aws_cli; /* what the AWS CLI has kept is a source too */
    /* Seconds of validity that the caller wants, when newer ones cost no person anything; 0: as
     * cc_live_need says. */
    int64_t least;
    /* Asked for what is not cached; NULL: cc_chain_fetch. */
    bool (*fetch)(struct cc_search *search, const struct cc_chain *chain, struct cc_keys *keys,
                  struct cc_story *story, struct cc_error *err);
};

/* What is asked for: the hops of cc_chain_resolve, and how. */
struct cc_demand {
    const struct cc_assume *hops;
    size_t hop_count;
    struct cc_cache_policy policy;
};

/* As cc_chain_plan and cc_chain_fetch. When the keys are from a cache, story->from_cache says so.
 */
CC_MUST_USE bool cc_credentials_get(struct cc_search *search, const struct cc_demand *demand,
                                    struct cc_keys *keys, struct cc_story *story,
                                    struct cc_error *err);

/* An entry, without its secrets. Each text may be NULL. */
struct cc_cache_row {
    const char *name; /* of the file */
    bool readable;    /* else only the name is known: garbage, or not ours to trust */
    bool present;     /* holds keys; else it remembers a failure for a few seconds */
    const char *source;
    const char *detail;
    const char *profile;
    const char *account_id;
    const char *role_arn;
    int64_t fetched;
    int64_t expires;
    int64_t retry_at; /* 0, or when a refresh that failed may be tried again */
    int64_t now;      /* on AWS's clock, by which these times go */
    const struct cc_cache_row *next;
};

/* The folder, as it would be used; NULL when this host has no place for one. */
const char *cc_cache_folder(struct cc_run *run);

/* True with *rows NULL when there is nothing. Fails when the folder is not to be trusted. */
CC_MUST_USE bool cc_cache_list(struct cc_run *run, const struct cc_cache_row **rows,
                               struct cc_error *err);

/*
 * Removes entries, and nothing else that may lie there: all of them (`demand` NULL), or the one
 * this search would use; when its login is over, so that nobody knows which that is, all that were
 * kept for its profile. *gone has what was removed. Fails when the folder is not to be trusted or
 * a file cannot be removed.
 */
CC_MUST_USE bool cc_cache_clear(struct cc_search *search, const struct cc_demand *demand,
                                const struct cc_cache_row **gone, struct cc_error *err);

#endif
