#ifndef CREDCTL_CHECKS_CHECK_H
#define CREDCTL_CHECKS_CHECK_H

/*
 * A check looks at one part of the configuration of this host and says what it found. The order of
 * the rows in table.c is the order in which they are shown.
 *
 * One cause is told once. A check tells what it finds as a warning or failure; what cannot work
 * because of that is not checked, with the reason. So a check of an input (a variable, a file)
 * comes before those of the results (credentials, identity), and says which failure it explains:
 * cc_found_cause.
 */

#include "credctl/cache/resolve.h"
#include "credctl/detectors/detector.h"

enum cc_health { CC_HEALTH_OK, CC_HEALTH_WARNING, CC_HEALTH_FAILED, CC_HEALTH_NOT_CHECKED };

/* The word for each, by its number; ends with NULL. */
extern const char *const cc_health_words[];

/* Texts are printable and on one line. They never contain a secret. */
struct cc_finding {
    const char *check;
    const char *title;
    enum cc_health status;
    const char *says;             /* NULL when it was not checked */
    const char *why_not;          /* why it was not checked; else NULL */
    const char *fix;              /* begins with a verb; NULL when nothing is to be done */
    const char *code;             /* as in docs/errors.md; NULL when nothing is wrong */
    const struct cc_error *error; /* the same; or NULL */
};

extern const struct cc_shape cc_finding_shape;

/* What does not work: the first stage that fails, because the next ones need it. */
enum cc_breakdown {
    CC_WORKS = 0,        /* or it was not tried */
    CC_NONE_FOUND = 1,   /* no provider is configured */
    CC_SOURCE_FAILS = 2, /* a provider that is configured, a hop, or a setting for the calls */
    CC_REFUSED = 4,      /* AWS does not accept the credentials */
    CC_NOT_REACHED = 8,  /* AWS does not answer */
};

/* One stage of what a command does with credentials, tried once. */
struct cc_stage {
    enum { CC_STAGE_NEW, CC_STAGE_OK, CC_STAGE_FAILED, CC_STAGE_NOT_TRIED } state;
    struct cc_error why; /* FAILED, NOT_TRIED */
};

struct cc_check;

/* What all checks share. */
struct cc_checkup {
    struct cc_run *run;
    struct cc_resolve resolve;    /* settings and hops; keys and story after cc_checkup_keys */
    struct cc_stage hops;         /* FAILED: AWS_ASSUME_ROLE_ARN or a companion is malformed */
    const struct cc_check *check; /* the one that runs */
    struct cc_finding *findings;
    size_t count;
    size_t room;
    size_t begun;      /* findings of earlier checks */
    const char *cause; /* title of the check that found the cause of the breakdown; or NULL */
    /* Each is computed when it is first needed: use the functions below. */
    struct cc_scene *scene;
    struct cc_stage plan;
    const struct cc_provider *planned; /* the provider that would be asked; or NULL ... */
    const struct cc_provider *base;    /* ... and the one that the credentials begin with */
    bool is_local;                     /* they can be had without network; a command may use it */
    struct cc_stage plan_behind;
    const struct cc_provider *behind; /* the provider that would be asked, or is broken; or NULL */
    struct cc_stage keys;
    struct cc_stage caller;
    struct cc_identity identity;
};

struct cc_check {
    const char *name;  /* stable: JSON, docs */
    const char *title; /* for people */
    const char *about; /* one line for the docs, lower case, no full stop */
    void (*run)(struct cc_checkup *checkup);
};

extern const struct cc_check *const cc_checks[]; /* ends with NULL */

/* Reads the settings. Fails only when --region is malformed. The run logs only errors from then on,
 * because warnings become findings. */
CC_MUST_USE bool cc_checkup_begin(struct cc_run *run, const struct cc_chain_options *options,
                                  struct cc_checkup *checkup, struct cc_error *err);
/* Runs all checks. */
void cc_checkup_run(struct cc_checkup *checkup);

/* --- results that checks share --- */

const struct cc_scene *cc_checkup_scene(struct cc_checkup *checkup);
/* The plan of the chain, without network and commands. FAILED also when nothing is configured. */
const struct cc_stage *cc_checkup_plan(struct cc_checkup *checkup);
/* The credentials. NOT_TRIED: that would need the network (--offline). */
const struct cc_stage *cc_checkup_keys(struct cc_checkup *checkup);
/* GetCallerIdentity; fills checkup->identity. NOT_TRIED without credentials or network. */
const struct cc_stage *cc_checkup_caller(struct cc_checkup *checkup);
enum cc_breakdown cc_checkup_breakdown(struct cc_checkup *checkup);
/* The same without the keys in the environment, which hide what comes behind them. */
const struct cc_stage *cc_checkup_plan_behind(struct cc_checkup *checkup);

/* --- findings of the check that runs --- */

CC_PRINTF(2, 3) void cc_found_ok(struct cc_checkup *checkup, const char *says, ...);
CC_PRINTF(2, 3) void cc_found_unchecked(struct cc_checkup *checkup, const char *why_not, ...);
/* The error is copied. */
void cc_found_warning(struct cc_checkup *checkup, const struct cc_error *err);
void cc_found_failure(struct cc_checkup *checkup, const struct cc_error *err);
/*
 * Something wrong with an input. Failed when the credentials do not work in one of the ways that it
 * explains (a sum of enum cc_breakdown): then it is the cause, and the results are not checked.
 * Otherwise a warning.
 */
void cc_found_cause(struct cc_checkup *checkup, unsigned explains, const struct cc_error *err);
/* The same for what no program can use: always failed. */
void cc_found_broken(struct cc_checkup *checkup, unsigned explains, const struct cc_error *err);
/* An error of the chain, told by the check of the input: failed when the chain ends with it,
 * otherwise a warning. */
void cc_found_of_chain(struct cc_checkup *checkup, const struct cc_error *err);
/* Nothing has been found by this check so far. */
bool cc_found_nothing(const struct cc_checkup *checkup);
/* The title of the check that has told this error, or its cause; NULL when none has. */
const char *cc_found_before(const struct cc_checkup *checkup, const struct cc_error *err);

#endif
