#ifndef ASSESS_DRAFT_H
#define ASSESS_DRAFT_H

/* The result of a survey while it is put together. */

#include "credctl/assess/inquiry.h"
#include "credctl/assess/posture.h"

/* Calls of one operation that failed in one way. */
struct cc_draft_error {
    const char *service;
    struct cc_unread unread;
    int times;
};

struct cc_draft {
    const char *const *services;
    struct cc_posture_key keys[CC_POSTURE_KEYS_MAX];
    size_t key_count;
    struct cc_posture_counts counts;
    struct cc_resource *resources;
    size_t resource_count;
    struct cc_draft_error *errors;
    size_t error_count;
    const char *const *notes;
};

/* The counts of a key, which is in compliance_by_service from now on. */
struct cc_posture_counts *cc_draft_key(struct cc_draft *draft, const char *key);
void cc_draft_add(struct cc_run *run, struct cc_draft *draft, struct cc_resource resource);
/* Notes that a question has failed; returns why, in a few words. */
const char *cc_draft_failure(struct cc_run *run, struct cc_draft *draft, const char *service,
                             const struct cc_asked *asked);
/* One for each, which says how many calls it stands for. */
const struct cc_service_error *cc_draft_errors(struct cc_run *run, const struct cc_draft *draft);

#endif
