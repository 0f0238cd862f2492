#ifndef CREDCTL_ASSESS_INVENTORY_H
#define CREDCTL_ASSESS_INVENTORY_H

/* `assess inventory`: which services have resources, as Resource Explorer knows them. */

#include "credctl/assess/assess.h"
#include "credctl/assess/service.h"

struct cc_inventory_options {
    struct cc_assess_options assess;
    int max_resources; /* that are counted */
};

struct cc_inventory_result {
    struct cc_assess_head head;
    enum cc_service_state status; /* of Resource Explorer */
    const char *message;
    const char *const *setup_instructions; /* when it is disabled; or NULL */
    const char *view_arn;
    const char *const *services;
    const struct cJSON *service_counts;
    const struct cJSON *resource_type_counts;
    int64_t total_resources;
    bool truncated;
    const struct cc_service_error *errors;
    size_t error_count;
};

struct cc_inventory_answer {
    struct cc_inventory_result whole; /* of the only account and region, or of all together */
    struct cc_assess_counts counts;
    const struct cc_inventory_result *results; /* of each, when there are several */
    size_t result_count;
};

extern const struct cc_shape cc_inventory_options_shape; /* without the chain */
extern const struct cc_shape cc_inventory_result_shape;
extern const struct cc_shape cc_inventory_answer_shape;
extern const struct cc_assessment cc_assess_inventory;

CC_MUST_USE bool cc_inventory(struct cc_run *run, const struct cc_inventory_options *options,
                              struct cc_inventory_answer *answer, struct cc_error *err);

#endif
