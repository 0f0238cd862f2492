#ifndef CREDCTL_ASSESS_POSTURE_H
#define CREDCTL_ASSESS_POSTURE_H

/*
 * `assess storage` and `assess network`: how resources are protected, that is how they are
 * encrypted, who can reach them, and how connections to them are encrypted. The two differ in their
 * services.
 */

#include "credctl/assess/assess.h"
#include "credctl/assess/resource.h"
#include "credctl/assess/service.h"

struct cc_posture_options {
    struct cc_assess_options assess;
    const char *const *services; /* names, several with commas; NULL: all */
    bool only_offending;         /* tell only resources that are not compliant, or unknown */
    int max_results;             /* of resource_details; 0: all */
    const char *next_token;      /* continue resource_details there; or NULL */
};

struct cc_posture_counts {
    int resources_checked;
    int compliant_resources;
    int non_compliant_resources;
    int unknown_resources;
};

#define CC_POSTURE_KEYS_MAX CC_RESOURCE_TYPE_COUNT /* a key has one type and more */

/* The counts of a key of compliance_by_service. */
struct cc_posture_key {
    const char *name;
    struct cc_posture_counts counts;
};

struct cc_posture_result {
    struct cc_assess_head head;
    const char *const *services_checked;
    struct cc_posture_counts counts;
    const struct cJSON *compliance_by_service;
    const struct cc_resource *resource_details; /* by type, then by ID or name */
    size_t detail_count;
    bool truncated;         /* there are more ... */
    const char *next_token; /* ... from here on; NULL when `truncated` is false */
    const char *const *recommendations;
    const char *const *notes;
    const struct cc_service_error *errors; /* kms: the aliases of keys */
    size_t error_count;
    /* Not told: */
    const struct cc_posture_key *keys; /* compliance_by_service */
    size_t key_count;
};

struct cc_posture_answer {
    struct cc_posture_result whole; /* of the only account and region, or of all together */
    struct cc_assess_counts counts;
    const struct cc_posture_result *results; /* of each, when there are several */
    size_t result_count;
};

extern const struct cc_shape cc_posture_result_shape;
extern const struct cc_shape cc_posture_answer_shape;
extern const struct cc_shape cc_storage_options_shape; /* without the chain */
extern const struct cc_shape cc_network_options_shape;

extern const struct cc_assessment cc_assess_storage; /* CheckStorageEncryption */
extern const struct cc_assessment cc_assess_network; /* CheckNetworkSecurity */

/* One of the two. Fails with CC_E_USAGE when the token is not one of its own. */
CC_MUST_USE bool cc_posture(struct cc_run *run, const struct cc_assessment *assessment,
                            const struct cc_posture_options *options,
                            struct cc_posture_answer *answer, struct cc_error *err);

/* What to do in the account about the rules that resources break, the worst first; ends with NULL.
 */
const char *const *cc_posture_advice(struct cc_arena *mem, const struct cc_resource *resources,
                                     size_t count);

#endif
