#ifndef CREDCTL_PROVIDERS_PROVIDER_H
#define CREDCTL_PROVIDERS_PROVIDER_H

/*
 * A provider has three answers, because a chain must distinguish "not configured" from "configured
 * and broken": otherwise it reports the last provider that it tried, not the one that failed.
 *
 * There are two steps. `plan` reads settings, variables and files, uses neither the network nor
 * another program, and says what it would ask; `fetch` asks that and reads nothing more. Everything
 * that `plan` reads goes through the ledger of the search (credctl/providers/ledger.h).
 */

#include "credctl/aws/keys.h"
#include "credctl/aws/settings.h"
#include "credctl/aws/sts.h"
#include "credctl/providers/ledger.h"

enum cc_outcome {
    CC_FOUND,  /* *keys (or the question) is filled in, *why is untouched */
    CC_ABSENT, /* nothing configures this provider; why->what says what was looked for */
    CC_BROKEN, /* it is configured and does not work; *why says how to correct it */
};

enum cc_reach { CC_LOCAL, CC_LINK_LOCAL, CC_INTERNET };

/* The cache that the keys are from. */
struct cc_from_cache {
    const char *cache; /* "credctl" or "aws-cli"; NULL: they were fetched */
    int64_t fetched;   /* Unix seconds */
};

/* The arguments of a provider, and its notes for the story. */
struct cc_search {
    struct cc_run *run;
    const struct cc_settings *settings;
    struct cc_ledger ledger;
    const char *detail;      /* set by `fetch`: "profile dev: source_profile base: static keys" */
    const char *warnings[8]; /* warnings even though it worked; printable */
    size_t warning_count;
    /* Set when the keys are those of this host: returns the region of the host, for callers without
     * a region. It uses the network. */
    const char *(*region_of_host)(struct cc_run *run, const struct cc_settings *settings);
    struct cc_secret token_code; /* --token-code, for a profile with mfa_serial */
    bool aws_cli_cache; /* --use-aws-cli-cache: credentials that the AWS CLI has cached are used too
                         */
    const char *cli_key_id; /* access key ID of the credentials from that cache; or NULL ... */
    int64_t cli_written;    /* ... and when the AWS CLI wrote them */
};

struct cc_provider;

/* What a provider would ask, with all that is needed to do so. */
struct cc_question {
    const struct cc_provider *base; /* the provider that the credentials begin with */
    void *about;                    /* data of the provider, in the run's arena */
    size_t calls;                   /* roles that are assumed on the way */
    bool asks;                      /* a person, for an MFA code */
};

struct cc_provider {
    const char *name;              /* stable: JSON, logs, docs */
    const char *title;             /* one line for people */
    const char *credential_source; /* its credential_source value; NULL: none */
    enum cc_reach reach;           /* what it may have to reach */
    bool in_profile;               /* any profile can have it: `plan` gets the section */
    bool only_unasked;             /* left out when --profile is given */
    bool kept;                     /* its answers are cached */
    bool command;                  /* it runs a command, which can ask and read anything */
    bool on_host;                  /* its credentials are those of this host */
    bool token_serves_once;        /* a request that was started must be completed */
    /* The region of the host; NULL: the provider has no relation to the host. */
    const char *(*region_of_host)(struct cc_run *run, const struct cc_settings *settings);
    /* `section` is NULL for providers that are not in a profile, and when there is no profile. */
    enum cc_outcome (*plan)(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why);
    enum cc_outcome (*fetch)(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why);
};

struct cc_attempt {
    const struct cc_provider *provider;
    enum cc_outcome outcome;
    const char *detail;
    int took_ms;
    const struct cc_error *why; /* in the run's arena; NULL when it was found */
};

#define CC_ATTEMPTS_MAX 16

/* The story of one search: every attempt, then every hop. */
struct cc_story {
    struct cc_attempt attempts[CC_ATTEMPTS_MAX];
    size_t count;
    const struct cc_attempt *ended_by; /* the attempt that was found or broken; or NULL */
    size_t hops_done;
    int hops_ms;
    bool of_command; /* the keys are the output of a command, without hops */
    struct cc_from_cache from_cache;
};

/* What a search would do; planned without network and commands. */
struct cc_chain {
    size_t row;                  /* index into cc_providers of the provider to ask ... */
    struct cc_question question; /* ... and its question */
    const struct cc_assume *hops;
    size_t hop_count;
    size_t calls;          /* number of roles to assume, in the question and the hops */
    bool asks;             /* a person may have to act: for an MFA code, or for a command */
    struct cc_story story; /* the attempts before it */
};

extern const struct cc_provider
    *const cc_providers[]; /* ends with NULL; the order is the precedence */

CC_PRINTF(2, 3) enum cc_outcome cc_absent(struct cc_error *why, const char *what, ...);
/* Each warning is shown once. */
void cc_search_warn(struct cc_search *search, const char *warning);
/* Always fails, with CC_E_CONFIG and the place of the profile. */
CC_PRINTF(3, 4)
bool cc_fail_profile(struct cc_error *why, const struct cc_section *section, const char *cause,
                     ...);

/*
 * Plans: finds the provider to ask, in the order of docs/providers.md, and the question. False: a
 * provider is broken, and `err` is its error; or none is configured (CC_E_NO_KEYS). Afterwards the
 * ledger of the search has everything that decides the identity, and chain->story has the attempts.
 */
CC_MUST_USE bool cc_chain_plan(struct cc_search *search, const struct cc_assume *hops,
                               size_t hop_count, struct cc_chain *chain, struct cc_error *err);
/*
 * Fetches, then assumes the hops in order (each AssumeRole uses the keys of the one before). Also
 * false when the provider returns expired credentials (CC_E_EXPIRED). *story has all attempts.
 */
CC_MUST_USE bool cc_chain_fetch(struct cc_search *search, const struct cc_chain *chain,
                                struct cc_keys *keys, struct cc_story *story, struct cc_error *err);
/* The attempts of a plan, which may have failed. */
void cc_chain_story(const struct cc_chain *chain, struct cc_story *story);
/* Plan and fetch. */
CC_MUST_USE bool cc_chain_resolve(struct cc_search *search, const struct cc_assume *hops,
                                  size_t hop_count, struct cc_keys *keys, struct cc_story *story,
                                  struct cc_error *err);

/*
 * The hop of AWS_ASSUME_ROLE_ARN and its companions. True with *present false when the variable is
 * not set, or when an outer credctl that runs this one as its credential_process assumes that role.
 * Fails with CC_E_CONFIG when a companion is malformed.
 */
CC_MUST_USE bool cc_hop_from_environment(struct cc_search *search, struct cc_assume *hop,
                                         bool *present, struct cc_error *err);

/* The session name for a role without a configured one. */
const char *cc_session_name(struct cc_run *run);

/*
 * The region for a call with the credentials of a search: that of the settings, else that of this
 * host when the keys are those of this host; NULL when there is none. It can use the network.
 */
const char *cc_region_for_call(const struct cc_search *search);

#endif
