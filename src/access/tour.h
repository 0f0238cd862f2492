#ifndef ACCESS_TOUR_H
#define ACCESS_TOUR_H

/* One run over many targets: shared by the files that make it. */

#include "credctl/access/access.h"
#include "credctl/aws/steps.h"
#include "credctl/base/shape_read.h"
#include "credctl/targets/shard.h"
#include "credctl/world/progress.h"

#include "journal.h"
#include "self.h"
#include "trouble.h"

enum cc_hope { CC_HOPEFUL, CC_DOUBTFUL, CC_HOPELESS };

/* Why STS did not say who calls. */
struct cc_nobody {
    enum cc_hope state; /* HOPELESS: no call can succeed, and this is the result of every target */
    struct cc_error err;
    struct cc_access_trouble trouble;
    int attempts;
};

struct cc_tour {
    struct cc_run *run;
    const struct cc_access_options *options;
    struct cc_resolve *resolve;
    struct cc_targets targets;
    const char *region;
    struct cc_errand *asking;              /* who calls; NULL: not begun */
    bool caller_asked;                     /* it has ended */
    const struct cc_access_caller *caller; /* NULL: STS did not say */
    struct cc_nobody nobody;
    struct cc_run reading; /* a part, with a time limit of its own, in whose memory `self` is */
    enum cc_reading_state read;
    int read_step;
    struct cc_steps read_steps;
    struct cc_self self;
    size_t next;
    size_t succeeded; /* calls of AssumeRole that AWS has answered as the service does */
    bool verify;
    bool stopped; /* nobody takes the results */
    struct cc_access_journal journal;
    struct cc_progress progress;
    struct cc_access_answer *answer;
    struct cc_access_result *results; /* when the output shows all of them at the end; or NULL */
    enum cc_code last_error;
};

/* More than a row of the list and a statement of a document can have together. */
#define CC_RESULT_MAX ((size_t)4 << 20)

/* What a result calls the target. */
const char *cc_tour_name(const struct cc_target *target);
/* The targets, as the options name them. */
CC_MUST_USE bool cc_tour_list(struct cc_tour *tour, struct cc_error *err);

/* Rows without a name for one role, with different external IDs, have one result in the journal:
 * they are asked again. */
void cc_tour_forget_repeated(struct cc_tour *tour);

/* Keeps results for the answer; `line` is one as JSON. */
void cc_report_begin(struct cc_tour *tour);
void cc_report_keep(struct cc_tour *tour, size_t target, const char *line, size_t len);
/* One of an earlier run. It is passed on again: the run may have ended before its line was out. */
void cc_report_before(struct cc_tour *tour, size_t target, const struct cc_access_result *result);
void cc_report_end(struct cc_tour *tour);

/* The errand for a target, in the memory of `part`. */
struct cc_errand *cc_visit_errand(struct cc_tour *tour, struct cc_run *part, size_t target);
/* Its result; also without a visit: what was not run, what cannot be tested. */
void cc_visit_end(struct cc_errand *errand);
void cc_tour_not_run(struct cc_tour *tour, size_t target);
/* Counts it, notes it in the journal, and passes it on. */
void cc_tour_result(struct cc_tour *tour, size_t target, const struct cc_access_result *result);

/* Fills the parts of a result that say why. */
void cc_result_trouble(struct cc_arena *mem, const struct cc_access_trouble *trouble,
                       const struct cc_error *err, struct cc_access_result *result);
/* The call succeeded, but only with the time of AWS. */
void cc_result_skew(struct cc_arena *mem, int64_t skew, struct cc_access_result *result);
void cc_result_diagnosis(struct cc_arena *mem, const struct cc_diagnosis *diagnosis,
                         struct cc_access_result *result);

/* Credentials from the cache can have been revoked since: asks for them before any target. */
void cc_tour_identify(struct cc_tour *tour);
/* Asks STS who calls, for all targets: one of the calls, because it takes as long as any of them.
 * tour->caller_asked: it has ended. */
struct cc_errand *cc_asking_errand(struct cc_tour *tour);
/* GetCallerIdentity as an errand that always succeeds: then tour->caller, or tour->nobody, says. */
struct cc_errand *cc_caller_errand(struct cc_tour *tour, const char *region);
/* Such an answer: tour->caller, and what is known of it before anything is read. */
void cc_caller_take(struct cc_tour *tour, const struct cc_identity *identity);
/* Whether no call in this region can succeed; NULL: in that of the run. */
bool cc_tour_hopeless(const struct cc_tour *tour, const char *region);
/* A target's call in this region had no answer in time. */
void cc_tour_silence(struct cc_tour *tour, const char *region);

/* Reads the caller's side, once, in at most half of the time that `run` has left. *wait_ms: it is
 * being read. NULL: it is read. */
struct cc_errand *cc_source_errand(struct cc_tour *tour, const struct cc_run *run, int *wait_ms);

#endif
