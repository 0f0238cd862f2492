#ifndef CREDCTL_ASSESS_SURVEY_H
#define CREDCTL_ASSESS_SURVEY_H

/*
 * The survey of one account and region: it asks all that its probes want to know, whatever order
 * the answers come in, and lets each probe judge when everything was answered. Questions are given
 * out one by one, so that a driver can run many surveys at once.
 */

#include "credctl/assess/inquiry.h"
#include "credctl/assess/posture.h"

#include "draft.h"
#include "types.h"

struct cc_survey;
struct cc_probing;

/* A question that was asked; it lives as long as the run. */
struct cc_survey_question {
    struct cc_survey *survey;
    struct cc_probing *probing;
    struct cc_asked *asked;
    /* Called when it was answered or has failed; may ask more. NULL: nothing is to be done. */
    void (*done)(struct cc_survey *survey, struct cc_survey_question *question);
    void *about; /* for done */
};

/* One probe in one survey. */
struct cc_probing {
    const struct cc_probe *probe;
    void *state; /* what it has read */
};

/* A service that is assessed. */
struct cc_probe {
    const char *name;
    const char *const *keys; /* that count its resources in compliance_by_service; ends with NULL */
    const struct cc_operation *const *operations; /* all that it may call; ends with NULL */
    bool global;                                  /* the same in every region */
    void (*begin)(struct cc_survey *survey, struct cc_probing *probing);
    void (*judge)(struct cc_survey *survey, struct cc_probing *probing);
};

const struct cc_site *cc_survey_site(const struct cc_survey *survey);
const struct cc_place *cc_survey_place(const struct cc_survey *survey);

/* `params`: NULL for none. */
struct cc_survey_question *cc_survey_ask(struct cc_survey *survey, struct cc_probing *probing,
                                         const struct cc_operation *operation,
                                         const struct cc_param *params);
/* A list that fills `to`, of that shape; a failure is noted as one of the service. */
struct cc_survey_question *cc_survey_list(struct cc_survey *survey, struct cc_probing *probing,
                                          const struct cc_operation *operation,
                                          const struct cc_shape *shape, void *to);
/* Where its answer goes: as cc_ask_want has it. */
void cc_survey_want(struct cc_survey_question *question, const char *place,
                    const struct cc_shape *shape, void *to);
/* What a question has found. A failure with this error code means that there is nothing; NULL: none
 * does. Other failures are noted as errors of the service. */
struct cc_looked cc_survey_looked(struct cc_survey *survey,
                                  const struct cc_survey_question *question, const char *none);
/* A key of KMS was seen: the aliases of the region are read when they are needed to tell whose it
 * is. NULL: none. */
void cc_survey_key(struct cc_survey *survey, const char *key);
/* Adds a resource that was judged. */
void cc_survey_add(struct cc_survey *survey, struct cc_resource resource);

/* --- for whoever drives it --- */

/* `services`: names, several with commas; NULL: all. */
struct cc_survey *cc_survey_begin(const struct cc_place *place,
                                  const struct cc_probe *const *probes,
                                  const char *const *services);
/* As struct cc_assessment has them. */
struct cc_errand *cc_survey_next(void *survey);
void cc_survey_done(void *survey, struct cc_errand *errand);
/* Judges what was read. */
struct cc_draft *cc_survey_end(struct cc_survey *survey);

#endif
