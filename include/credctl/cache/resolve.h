#ifndef CREDCTL_CACHE_RESOLVE_H
#define CREDCTL_CACHE_RESOLVE_H

/*
 * The common start of commands that need credentials: options to settings and hops, then the chain.
 */

#include "credctl/cache/cache.h"

#define CC_HOPS_MAX 8

/* Options of the chain. Texts may be NULL; they belong to the caller. */
struct cc_chain_options {
    struct cc_given given;
    const struct cc_assume *hops; /* --role-arn and its options, in order */
    size_t hop_count;
    struct cc_assume before;     /* only while options are read: those before every --role-arn */
    struct cc_secret token_code; /* for a profile with mfa_serial */
    bool no_cache;
    bool use_aws_cli_cache;
    int64_t least;      /* as in struct cc_cache_policy */
    int64_t timeout_ms; /* 0: none */
};

struct cc_resolve {
    struct cc_settings settings;
    struct cc_search search;
    struct cc_assume hops[CC_HOPS_MAX];
    size_t hop_count;
    struct cc_cache_policy cache;
    struct cc_story story;
    struct cc_keys keys;
};

/* Also sets the deadline of the run when there is a time-out. */
CC_MUST_USE bool cc_resolve_prepare(struct cc_run *run, const struct cc_chain_options *options,
                                    struct cc_resolve *resolve, struct cc_error *err);
/* Its two steps: everything but the hops, which fails only when --region is malformed; and the
 * hops, which fails when AWS_ASSUME_ROLE_ARN or a companion is. */
CC_MUST_USE bool cc_resolve_settings(struct cc_run *run, const struct cc_chain_options *options,
                                     struct cc_resolve *resolve, struct cc_error *err);
CC_MUST_USE bool cc_resolve_hops(const struct cc_chain_options *options, struct cc_resolve *resolve,
                                 struct cc_error *err);
/* Adds a hop at the end. Fails with CC_E_USAGE when there are CC_HOPS_MAX. */
CC_MUST_USE bool cc_resolve_on_top(struct cc_resolve *resolve, const struct cc_assume *hop,
                                   struct cc_error *err);
/* The argument of cc_credentials_get. */
struct cc_demand cc_resolve_demand(const struct cc_resolve *resolve);
/* Fills story and keys, from the cache or the chain. */
CC_MUST_USE bool cc_resolve_keys(struct cc_run *run, struct cc_resolve *resolve,
                                 struct cc_error *err);

/* The same with a story also of failures: one that the cache remembers has none, so the chain is
 * asked again. */
CC_MUST_USE bool cc_resolve_told(struct cc_run *run, struct cc_resolve *resolve,
                                 struct cc_error *err);

/* Asks STS who the keys belong to. When STS rejects keys from the cache, the entry is removed and
 * the chain is asked once more. */
CC_MUST_USE bool cc_resolve_caller(struct cc_run *run, struct cc_resolve *resolve,
                                   struct cc_identity *identity, struct cc_error *err);

#endif
