#ifndef CREDCTL_ASSESS_ASSESS_H
#define CREDCTL_ASSESS_ASSESS_H

/*
 * What all assessments share: whose accounts, which regions, many at once, one time limit, and what
 * each result says of its origin.
 *
 * An assessment is a row: for each account and region, `begin` makes its questions, the driver
 * gives out what `next` returns and hands back what has ended to `done`, and `end` fills in the
 * result. The result is a struct of its own that begins with a struct cc_assess_head; its shape has
 * the rows of the head as a group (cc_assess_head_shape). cc_assess_run does the rest.
 */

#include "credctl/assess/severity.h"
#include "credctl/aws/operation.h"
#include "credctl/cache/resolve.h"

struct cc_assess_options {
    struct cc_chain_options chain; /* its hops lead to the account, or to the role that assumes
                                      those of the targets */
    const char *const *regions;    /* each a region, several with commas, or "all"; or NULL */
    const char *targets;           /* a list of roles, or "-"; or NULL */
    const char *const *target_role_arns; /* the same as a list of ARNs; or NULL */
    const char *role_name;               /* the role in targets without one; or NULL */
    const char *target_external_id;      /* of targets without one; or NULL */
    const char *account_id;              /* the only account that is assessed; NULL: any */
    int concurrency;
    int64_t deadline_ms; /* for everything */
    const char *fail_on; /* a word of cc_severity_words; NULL: findings do not change the status */
};

/* All but the chain; the chain is a group of the options of each command. */
extern const struct cc_shape cc_assess_options_shape;

/* One account and region. It lives until its result has been told. */
struct cc_place {
    struct cc_run *run; /* memory for questions and result; its deadline */
    const struct cc_settings *settings;
    const struct cc_keys *keys;
    const char *partition;
    const char *region;
    const char *account_id; /* NULL: not known */
    bool first;             /* the first region of its account: the one that asks global services */
    const void *options;    /* of the command */
};

/* The origin of a result, and what went wrong with all of it. */
struct cc_assess_head {
    const char *account_id; /* NULL: not known */
    const char *caller_arn; /* NULL: not known */
    const char *region;     /* NULL: the account could not be asked for its regions */
    const char *region_source;
    const char *credential_source;
    const char *target;           /* its name in the list; NULL: there is no list */
    bool partial;                 /* something could not be read */
    const struct cc_error *error; /* nothing could be read; or NULL */
    /* Not told: */
    enum cc_severity worst; /* of what was found */
    int64_t order;          /* among all results */
};

extern const struct cc_shape cc_assess_head_shape;

struct cc_assessment {
    const char *tool; /* the name of its MCP tool: "CheckSecurityServices" */
    /* All operations that it may call; ends with NULL. */
    const struct cc_operation *const *(*operations)(struct cc_arena *mem);
    const struct cc_shape *result;
    void *(*begin)(const struct cc_place *place);
    /* The next call; NULL: none until one that was given out has ended, or none at all. Its run is
     * that of the place. */
    struct cc_errand *(*next)(void *work);
    void (*done)(void *work, struct cc_errand *errand);
    /* Fills in a result whose head has been filled in; texts are in the memory of the place. */
    void (*end)(void *work, void *result);
};

/* What the places together came to. */
struct cc_assess_counts {
    int64_t account_count;
    int64_t place_count;   /* accounts times regions */
    int64_t failed_count;  /* of these, those of which nothing could be read */
    int64_t partial_count; /* ... and those of which something could not be read */
    double seconds;
};

extern const struct cc_shape cc_assess_counts_shape;

struct cc_assess_results {
    void *const *rows; /* structs of assessment->result, by target and region; when a sink took
                          them, there are none */
    size_t count;
    bool single; /* one account and one region were asked for */
    struct cc_assess_counts counts;
};

/*
 * Also gives each result to the sink of the run, as it ends, and sets run->exit_status: 1 when the
 * worst of a result reaches --fail-on, else 3 when something could not be read, else 0. `options`
 * is the struct of the command, `given` the part of it that is described here. Fails when no
 * account can be asked at all.
 */
CC_MUST_USE bool cc_assess_run(struct cc_run *run, const struct cc_assessment *assessment,
                               const struct cc_assess_options *given, const void *options,
                               struct cc_assess_results *results, struct cc_error *err);

/* All of them; ends with NULL. */
extern const struct cc_assessment *const cc_assessments[];

#endif
