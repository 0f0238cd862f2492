#ifndef CREDCTL_ASSESS_SERVICES_H
#define CREDCTL_ASSESS_SERVICES_H

/* `assess services`: which security services are on. */

#include "credctl/assess/assess.h"
#include "credctl/assess/service.h"

struct cc_services_options {
    struct cc_assess_options assess;
    const char *const *services; /* names, several with commas; NULL: all */
};

struct cc_services_result {
    struct cc_assess_head head;
    const char *const *services_checked;
    bool all_enabled;
    const struct cJSON *service_statuses; /* by name */
    const char *summary;
    const struct cc_service_error *errors;
    size_t error_count;
    const struct cJSON *debug_info;
    /* Not told: the same as service_statuses, for reports. */
    const struct cc_service_told *told;
    size_t told_count;
};

struct cc_services_answer {
    struct cc_services_result whole; /* of the only account and region, or of all together */
    struct cc_assess_counts counts;
    const struct cc_services_result *results; /* of each, when there are several */
    size_t result_count;
};

extern const struct cc_shape cc_services_options_shape; /* without the chain */
extern const struct cc_shape cc_services_result_shape;
extern const struct cc_shape cc_services_answer_shape;
extern const struct cc_assessment cc_assess_services;

CC_MUST_USE bool cc_services(struct cc_run *run, const struct cc_services_options *options,
                             struct cc_services_answer *answer, struct cc_error *err);

#endif
