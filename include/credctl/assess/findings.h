#ifndef CREDCTL_ASSESS_FINDINGS_H
#define CREDCTL_ASSESS_FINDINGS_H

/* `assess findings`: what the security services have found. */

#include "credctl/assess/assess.h"
#include "credctl/assess/service.h"

struct cc_findings_options {
    struct cc_assess_options assess;
    const char *service;         /* the only one; or NULL */
    const char *const *services; /* names, several with commas; NULL: all */
    const char *severity_filter; /* severities with commas, in any case; or NULL */
    int max_findings;            /* of each service */
    bool check_enabled;
    bool no_check_enabled;
    const char *next_token; /* with one service; or NULL */
};

/* Of one service. */
struct cc_findings_of {
    const char *service; /* NULL: of several */
    struct cc_maybe_flag enabled;
    enum cc_service_state status;
    const char *message;
    const char *const *setup_instructions;
    const struct cJSON *findings;
    const struct cJSON *summary;
    const char *support_tier; /* of Trusted Advisor; or NULL */
    bool truncated;
    const char *next_token;
};

struct cc_findings_result {
    struct cc_assess_head head;
    struct cc_findings_of only;            /* of the only service, or of all together */
    const struct cc_findings_of *services; /* of each, when there are several */
    size_t service_count;
    const struct cc_service_error *errors;
    size_t error_count;
    const struct cJSON *debug_info;
    /* Not told: for reports. */
    const struct cc_service_told *told;
    size_t told_count;
    int64_t by_severity[CC_SEVERITY_COUNT]; /* of all services */
};

struct cc_findings_answer {
    struct cc_findings_result whole; /* of the only account and region, or of all together */
    struct cc_assess_counts counts;
    const struct cc_findings_result *results; /* of each, when there are several */
    size_t result_count;
};

extern const struct cc_shape cc_findings_options_shape; /* without the chain */
extern const struct cc_shape cc_findings_result_shape;
extern const struct cc_shape cc_findings_answer_shape;
extern const struct cc_assessment cc_assess_findings;

CC_MUST_USE bool cc_findings(struct cc_run *run, const struct cc_findings_options *options,
                             struct cc_findings_answer *answer, struct cc_error *err);

#endif
