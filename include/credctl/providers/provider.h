#ifndef CREDCTL_PROVIDERS_PROVIDER_H
#define CREDCTL_PROVIDERS_PROVIDER_H

/*
 * A chain that cannot tell "not configured here" from "configured and broken" reports the last
 * provider it tried instead of the one that matters. So a provider has three answers.
 */

#include "credctl/aws/keys.h"
#include "credctl/aws/settings.h"
#include "credctl/aws/sts.h"

enum cc_outcome {
    CC_FOUND,  /* *keys is filled in, *why is untouched */
    CC_ABSENT, /* nothing here points at this provider; why->what says what was looked for */
    CC_BROKEN, /* somebody meant this provider and it does not work; *why says how to mend it */
};

enum cc_reach { CC_LOCAL, CC_LINK_LOCAL, CC_INTERNET };

/* Whose cache the keys are from, when nobody was asked for them. */
struct cc_from_cache {
    const char *cache; /* "credctl" or "aws-cli"; NULL: they were asked for */
    int64_t fetched;   /* Unix seconds */
};

/* What a provider is given, and where it leaves what the story should tell. */
struct cc_search {
    struct cc_run *run;
    const struct cc_settings *settings;
    const char *detail; /* set by a provider: "profile dev: source_profile base: static keys" */
    const char *warnings[8]; /* things to say although it worked; printable */
    size_t warning_count;
    bool on_instance;            /* set when the keys are those of an EC2 instance */
    struct cc_secret token_code; /* --token-code, for a profile with mfa_serial */
    bool aws_cli_cache;     /* --use-aws-cli-cache: what the AWS CLI has kept is a source too */
    const char *cli_key_id; /* access key id of what was taken from there; or NULL ... */
    int64_t cli_written;    /* ... and when the CLI wrote it */
};

struct cc_provider {
    const char *name;    /* stable: JSON, logs, docs */
    const char *title;   /* one line for people */
    enum cc_reach reach; /* how far it may have to talk */
    /* With --profile given, the chain asks only those providers that have this. */
    bool serves_profile;
    enum cc_outcome (*find)(struct cc_search *search, struct cc_keys *keys, struct cc_error *why);
    /* The same for one profile of the shared files, wherever in a chain of source_profile entries
     * it stands; NULL when no profile configures this provider. */
    enum cc_outcome (*find_in)(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why);
};

struct cc_attempt {
    const struct cc_provider *provider;
    enum cc_outcome outcome;
    const char *detail;
    int took_ms;
    struct cc_error why;
};

#define CC_ATTEMPTS_MAX 16

/* The story of one search: every attempt, then every hop taken on top. */
struct cc_story {
    struct cc_attempt attempts[CC_ATTEMPTS_MAX];
    size_t count;
    const struct cc_attempt *ended_by; /* the one that was found or broken; or NULL */
    size_t hops_done;
    int hops_ms;
    struct cc_from_cache from_cache;
};

extern const struct cc_provider
    *const cc_providers[]; /* ends with NULL; the order is the precedence */

CC_PRINTF(2, 3) enum cc_outcome cc_absent(struct cc_error *why, const char *what, ...);
void cc_search_warn(struct cc_search *search, const char *warning);

/*
 * The whole chain of docs/providers.md: the providers up to the first that is found or broken, then
 * the hops in their order (AssumeRole each with the keys of the one before). False: `err` is that
 * of the broken provider or hop; with nothing found it is CC_E_NO_KEYS, and its `why` sums up what
 * was looked for.
 */
CC_MUST_USE bool cc_chain_resolve(struct cc_search *search, const struct cc_assume *hops,
                                  size_t hop_count, struct cc_keys *keys, struct cc_story *story,
                                  struct cc_error *err);

/*
 * The hop that AWS_ASSUME_ROLE_ARN and its companions ask for. True and *present false when the
 * variable is not set; fails with CC_E_CONFIG when a companion is malformed.
 */
CC_MUST_USE bool cc_hop_from_environment(struct cc_run *run, struct cc_assume *hop, bool *present,
                                         struct cc_error *err);

/* A session name that tells where it is from, for a role whose settings name none. */
const char *cc_session_name(struct cc_run *run);

/*
 * The region for a call with what a search has found: the settings', else the instance's own when
 * the keys are an EC2 instance's; NULL when nobody names one.
 */
const char *cc_region_for_call(const struct cc_search *search);

/* placement/region of the EC2 instance, for who is on one and is told no region; NULL otherwise. */
const char *cc_imds_region(struct cc_run *run, const struct cc_settings *settings);

#endif
