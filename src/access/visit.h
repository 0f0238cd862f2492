#ifndef ACCESS_VISIT_H
#define ACCESS_VISIT_H

#include "credctl/access/evidence.h"

#include "patience.h"
#include "tour.h"

/* One for all, so that an audit can filter it. */
#define CC_TEST_SESSION_NAME "credctl-test"

/* One target: the call, and what follows from its answer. */
struct cc_visit {
    struct cc_tour *tour;
    struct cc_run *run; /* a part: its memory is wiped at the end */
    size_t index;
    const struct cc_target *target;
    struct cc_assume hop;
    struct cc_assume probe; /* the same with one thing changed */
    const char *region;
    int64_t began;
    size_t stage;                 /* the call itself, then the rows of the stages */
    struct cc_errand *last;       /* whose end has been judged */
    const struct cc_errand *said; /* a failed call of this target that was answered */
    int wait_ms;                  /* set by a stage that cannot begin yet */
    struct cc_patience patience;
    int shared;  /* requests that were made for all targets */
    bool denied; /* by a policy */
    bool failed; /* for another reason: the result has it */
    struct cc_steps steps;
    struct cc_keys keys;   /* of the assumed role */
    struct cc_keys unused; /* of a probe */
    struct cc_identity who;
    bool id_open;   /* a call with another external ID, or without one, succeeded */
    int id_refused; /* calls that AWS denied for it */
    struct cc_evidence evidence;
    bool file_read; /* that of the trust policy */
    struct cc_ask ask;
    struct cc_answer answer; /* of `ask` */
    struct cc_iam_entity entity;
    struct cc_iam_question question;
    struct cc_iam_verdicts verdicts;
    struct cc_iam_owner owner;
    struct cc_principal principal; /* the assumed role, read with its own credentials */
    struct cc_access_result result;
    struct cc_error err;
};

/* Each stage makes one request, or none. */
struct cc_stage {
    /* NULL: nothing to do; with visit->wait_ms above 0: not yet. */
    struct cc_errand *(*begin)(struct cc_visit *visit);
    void (*end)(struct cc_visit *visit, struct cc_errand *errand);
    bool call; /* the errand is one call of STS */
};

extern const struct cc_stage cc_stages_allowed[]; /* each ends with a row without functions */
extern const struct cc_stage cc_stages_denied[];

bool cc_visit_allowed(const struct cc_visit *visit);
struct cc_errand *cc_visit_assume(struct cc_visit *visit, const struct cc_assume *hop,
                                  struct cc_keys *keys);
/* It ended for a reason that is not a policy. */
void cc_visit_fail(struct cc_visit *visit, const struct cc_answer *answer,
                   const struct cc_error *err);
/* An ask of IAM. */
void cc_visit_prepare_ask(struct cc_visit *visit);
struct cc_errand *cc_visit_ask(struct cc_visit *visit, const struct cc_keys *by);
/* Reads the file of the trust policy, and diagnoses the denial. */
void cc_visit_diagnose(struct cc_visit *visit);

#endif
