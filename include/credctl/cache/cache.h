#ifndef CREDCTL_CACHE_CACHE_H
#define CREDCTL_CACHE_CACHE_H

/*
 * The chain with a cache: credentials from STS, SSO, a sign-in or a credential_process are kept on
 * disk for all processes of this user on this host, and one process at a time fetches new ones.
 * Place, key and lifetime: docs/cache.md.
 *
 * A cache that cannot be used is never an error: the chain is asked instead.
 */

#include "credctl/providers/provider.h"

/* For `least`: credentials that are handed to other programs should be valid for a while. */
#define CC_LEAST_TO_HAND_OUT_S 900

struct cc_cache_policy {
    bool off;     /* no cache is read or written, including that of the AWS CLI */
    bool aws_cli; /* credentials that the AWS CLI has cached are used too */
    /* The validity in seconds that the caller wants, where no person has to act for a refresh; 0:
     * that of cc_live_need. */
    int64_t least;
    /* Fetches what is not cached; NULL: cc_chain_fetch. */
    bool (*fetch)(struct cc_search *search, const struct cc_chain *chain, struct cc_keys *keys,
                  struct cc_story *story, struct cc_error *err);
};

/* A request for credentials: the hops of cc_chain_resolve, and the policy. */
struct cc_demand {
    const struct cc_assume *hops;
    size_t hop_count;
    struct cc_cache_policy policy;
};

/* As cc_chain_plan and cc_chain_fetch. story->from_cache is set when the keys are from a cache. */
CC_MUST_USE bool cc_credentials_get(struct cc_search *search, const struct cc_demand *demand,
                                    struct cc_keys *keys, struct cc_story *story,
                                    struct cc_error *err);

/* An entry, without its secrets. Each text may be NULL. */
struct cc_cache_row {
    const char *name; /* the name of the file */
    bool readable;    /* false: damaged or not trusted, and only the name is known */
    bool present;     /* it has keys; else it remembers a failure for a few seconds */
    const char *source;
    const char *detail;
    const char *profile;
    const char *account_id;
    const char *role_arn;
    int64_t fetched;
    int64_t expires;
    int64_t retry_at; /* 0, or the time after which a failed refresh is tried again */
    int64_t now;      /* on AWS's clock, like the times above */
    const struct cc_cache_row *next;
};

/* The path of the folder; NULL when this host has no place for one. */
const char *cc_cache_folder(struct cc_run *run);

/* True with *rows NULL when there is nothing. Fails when the folder is not trusted. */
CC_MUST_USE bool cc_cache_list(struct cc_run *run, const struct cc_cache_row **rows,
                               struct cc_error *err);

/*
 * Removes entries, and no other files: all of them (`demand` NULL), or the one that this search
 * would use. When a login has expired, that entry is not known, and all of the profile are removed.
 * *gone has what was removed. Fails when the folder is not trusted or a file cannot be removed.
 */
CC_MUST_USE bool cc_cache_clear(struct cc_search *search, const struct cc_demand *demand,
                                const struct cc_cache_row **gone, struct cc_error *err);

#endif
