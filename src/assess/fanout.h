#ifndef ASSESS_FANOUT_H
#define ASSESS_FANOUT_H

/* One run over accounts and regions: shared by the files that make it. */

#include "credctl/assess/assess.h"
#include "credctl/aws/steps.h"
#include "credctl/targets/targets.h"
#include "credctl/world/progress.h"

struct cc_fanout;
struct cc_region_rows;

/* What every call belongs to; the run of a call is the first member of its owner. */
struct cc_owner {
    struct cc_run run;
    bool is_account;
};

/* Its memory is that of the run of the command: it ends with it, if not before. */
void cc_owner_begin(struct cc_run *run, struct cc_owner *owner, bool is_account);

/* An account, from its target to the regions that are asked. */
struct cc_account {
    struct cc_owner owner;
    struct cc_fanout *fanout;
    size_t number;
    size_t region_count;            /* that were added */
    const struct cc_target *target; /* NULL: that of the chain */
    struct cc_assume hop;
    struct cc_keys keys;
    struct cc_assess_head head; /* of all its results */
    const char *partition;
    int step;
    struct cc_steps steps;
    struct cc_ask ask; /* for its regions */
    struct cc_answer answer;
    struct cc_region_rows *listed; /* those of its regions that are enabled; NULL: not asked */
    bool failed;                   /* err says why */
    struct cc_error err;
};

/* An account and a region that is asked. */
struct cc_spot {
    struct cc_owner owner;
    struct cc_place place;
    struct cc_assess_head head;
    void *work;
    size_t open; /* calls that are under way */
    struct cc_spot *next;
};

struct cc_fanout {
    struct cc_run *run;
    const struct cc_assessment *assessment;
    const struct cc_assess_options *given;
    const void *options;
    struct cc_resolve *resolve;
    const char *const *regions; /* that were asked for; NULL: those of each account */
    const char *region;         /* for calls of STS */
    const char *region_source;
    struct cc_targets targets;
    size_t account_count;
    size_t next_account;
    struct cc_assess_head head; /* of the account of the chain */
    struct cc_spot *active;     /* begun, and not ended */
    struct cc_spot *pending;
    struct cc_spot **pending_last;
    void **results;
    size_t result_count;
    struct cc_assess_counts counts;
    enum cc_severity worst;
    struct cc_error last_error;
    bool stopped; /* nobody takes the results */
    struct cc_progress progress;
};

/* The errand that finds out who an account is and which regions it has; then there is a spot for
 * each of them. */
struct cc_errand *cc_account_errand(struct cc_fanout *fanout, size_t number);
void cc_account_end(struct cc_account *account, const struct cc_errand *errand);

/* Everything before the first account. */
CC_MUST_USE bool cc_fanout_prepare(struct cc_fanout *fanout, struct cc_error *err);

/* The next call of a place that has begun; a place whose calls have all ended has its result. */
struct cc_errand *cc_fanout_next_of_begun(struct cc_fanout *fanout);
/* Begins the next place; false when there is none. */
bool cc_fanout_begin_next(struct cc_fanout *fanout);

/* Adds a place that is asked later. */
void cc_fanout_add(struct cc_fanout *fanout, struct cc_account *account, const char *region);
/* Tells a result of an account that could not be asked. */
void cc_fanout_failed(struct cc_fanout *fanout, struct cc_account *account,
                      const struct cc_error *err);

/* Regions of --region, checked; *all: those of each account. */
CC_MUST_USE bool cc_regions_read(struct cc_run *run, const char *const *given,
                                 const char *const **regions, bool *all, struct cc_error *err);

#endif
