#ifndef CREDCTL_PROVIDERS_PROVIDER_H
#define CREDCTL_PROVIDERS_PROVIDER_H

/*
 * A chain that cannot tell "not configured here" from "configured and broken" reports the last
 * provider it tried instead of the one that matters. So a provider has three answers.
 *
 * It gives them in two steps. `plan` reads settings, variables and files, never the network and
 * never another program, and says what it would ask; `fetch` asks that and reads nothing more.
 * Whatever `plan` reads goes through the search's ledger (credctl/providers/ledger.h).
 */

#include "credctl/aws/keys.h"
#include "credctl/aws/settings.h"
#include "credctl/aws/sts.h"
#include "credctl/providers/ledger.h"

enum cc_outcome {
    CC_FOUND,  /* *keys (or the question) is filled in, *why is untouched */
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
    struct cc_ledger ledger;
    const char *detail;      /* set by `fetch`: "profile dev: source_profile base: static keys" */
    const char *warnings[8]; /* things to say although it worked; printable */
    size_t warning_count;
    /* Set when the keys are those of this host: its region, for who is told none. It asks. */
    const char *(*region_of_host)(struct cc_run *run, const struct cc_settings *settings);
    struct cc_secret token_code; /* --token-code, for a profile with mfa_serial */
    bool aws_cli_cache;     /* --use-aws-cli-cache: what the AWS CLI has kept is a source too */
    const char *cli_key_id; /* access key id of what was taken from there; or NULL ... */
    int64_t cli_written;    /* ... and when the CLI wrote it */
};

struct cc_provider;

/* What a provider would ask: enough to do it without reading anything more. */
struct cc_question {
    const struct cc_provider *base; /* with whom the credentials begin; its row tells more */
    void *about;                    /* the provider's own, in the run's arena */
    size_t calls;                   /* roles that are assumed on the way */
    bool asks;                      /* a person, for an MFA code */
};

struct cc_provider {
    const char *name;              /* stable: JSON, logs, docs */
    const char *title;             /* one line for people */
    const char *credential_source; /* how a profile with a role names it; NULL: it cannot */
    enum cc_reach reach;           /* how far it may have to talk */
    bool in_profile;               /* what any profile may hold: `plan` is given its section */
    bool only_unasked;             /* left out when --profile is given */
    bool kept;                     /* asking it is so much work that the cache keeps its answer */
    bool command;           /* it runs a command: who knows whom that asks, and what it reads */
    bool on_host;           /* its credentials are those of this host */
    bool token_serves_once; /* whoever has begun to ask must see it through */
    /* NULL: whose credentials it has says nothing of where we are. */
    const char *(*region_of_host)(struct cc_run *run, const struct cc_settings *settings);
    /* `section` is NULL for what is not in a profile, and where there is no profile. */
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

/* The story of one search: every attempt, then every hop taken on top. */
struct cc_story {
    struct cc_attempt attempts[CC_ATTEMPTS_MAX];
    size_t count;
    const struct cc_attempt *ended_by; /* the one that was found or broken; or NULL */
    size_t hops_done;
    int hops_ms;
    bool of_command; /* the keys are a command's own answer, with no role on top */
    struct cc_from_cache from_cache;
};

/* What a search would do, made without asking anybody. */
struct cc_chain {
    size_t row;                  /* of cc_providers: who would be asked ... */
    struct cc_question question; /* ... for what */
    const struct cc_assume *hops;
    size_t hop_count;
    size_t calls; /* roles that are assumed, those of the question and the hops */
    bool asks;    /* a person may have to act: an MFA code, or whatever a command asks for */
    struct cc_story story; /* the attempts before it */
};

extern const struct cc_provider
    *const cc_providers[]; /* ends with NULL; the order is the precedence */

CC_PRINTF(2, 3) enum cc_outcome cc_absent(struct cc_error *why, const char *what, ...);
/* Said once, however often it is found out. */
void cc_search_warn(struct cc_search *search, const char *warning);
/* Fails with CC_E_CONFIG, naming the profile and where it stands. */
CC_PRINTF(3, 4)
bool cc_fail_profile(struct cc_error *why, const struct cc_section *section, const char *cause,
                     ...);

/*
 * Which provider of docs/providers.md would be asked, and what for. False: one is broken, and `err`
 * is its error; or none is configured (CC_E_NO_KEYS). Afterwards the ledger of the search holds all
 * that decides whose credentials they will be, and chain->story the attempts.
 */
CC_MUST_USE bool cc_chain_plan(struct cc_search *search, const struct cc_assume *hops,
                               size_t hop_count, struct cc_chain *chain, struct cc_error *err);
/*
 * Asks, then takes the hops in their order (AssumeRole each with the keys of the one before). False
 * also when the source answers with credentials that have expired (CC_E_EXPIRED). *story has all
 * attempts.
 */
CC_MUST_USE bool cc_chain_fetch(struct cc_search *search, const struct cc_chain *chain,
                                struct cc_keys *keys, struct cc_story *story, struct cc_error *err);
/* The attempts of a plan, as far as it went. */
void cc_chain_story(const struct cc_chain *chain, struct cc_story *story);
/* Plan and fetch. */
CC_MUST_USE bool cc_chain_resolve(struct cc_search *search, const struct cc_assume *hops,
                                  size_t hop_count, struct cc_keys *keys, struct cc_story *story,
                                  struct cc_error *err);

/*
 * The hop that AWS_ASSUME_ROLE_ARN and its companions ask for. True and *present false when the
 * variable is not set, or a credctl that runs us as its credential_process takes that hop; fails
 * with CC_E_CONFIG when a companion is malformed.
 */
CC_MUST_USE bool cc_hop_from_environment(struct cc_search *search, struct cc_assume *hop,
                                         bool *present, struct cc_error *err);

/* A session name that tells where it is from, for a role whose settings name none. */
const char *cc_session_name(struct cc_run *run);

/*
 * The region for a call with what a search has found: the settings', else this host's own when the
 * keys are of this host; NULL when nobody names one. It may ask.
 */
const char *cc_region_for_call(const struct cc_search *search);

#endif
