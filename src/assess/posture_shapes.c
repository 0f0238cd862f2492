#include "posture_shapes.h"

#include "credctl/assess/posture.h"

#include "probes.h"

// clang-format off
#define COUNT(member, title, about) CC_ROW(NUMBER, struct cc_posture_counts, member, title, about)
static const struct cc_shape_field counts_fields[] = {
    COUNT(resources_checked, "checked", "resources that were looked at"),
    COUNT(compliant_resources, "compliant", "resources without an issue"),
    COUNT(non_compliant_resources, "not compliant", "resources with an issue"),
    COUNT(unknown_resources, "unknown", "resources without an issue of which something could not be read"),
    {0},
};
const struct cc_shape cc_posture_counts_shape = {"counts", counts_fields, sizeof(struct cc_posture_counts)};

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_posture_result, member, __VA_ARGS__)
static const struct cc_shape_field result_fields[] = {
    CC_ROW_GROUP(struct cc_posture_result, head, struct cc_assess_head, &cc_assess_head_shape),
    ROW(TEXTS, services_checked, NULL, "the services that were asked; CloudFront is global and is asked with the first region only"),
    CC_ROW_GROUP(struct cc_posture_result, counts, struct cc_posture_counts, &cc_posture_counts_shape),
    CC_ROW_JSON(struct cc_posture_result, compliance_by_service, NULL, "the same counts by service; elb counts as elb and elbv2, vpc as vpc and security_groups", .rules = CC_NULL),
    CC_ROW_LIST(struct cc_posture_result, resource_details, detail_count, struct cc_resource, &cc_resource_shape, "resources", "each resource; of several accounts or regions, see results"),
    ROW(FLAG, truncated, "truncated", "there are more resources than --max-results"),
    ROW(TEXT, next_token, NULL, "give it as --next-token for the rest", .rules = CC_NULL),
    ROW(TEXTS, recommendations, NULL, "what to do in the account, the most severe first"),
    ROW(TEXTS, notes, NULL, "what is worth knowing about the whole"),
    CC_ROW_LIST(struct cc_posture_result, errors, error_count, struct cc_service_error, &cc_service_error_shape, NULL, "what could not be read"),
    {0},
};
const struct cc_shape cc_posture_result_shape = {"posture", result_fields, sizeof(struct cc_posture_result)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_GROUP(struct cc_posture_answer, whole, struct cc_posture_result, &cc_posture_result_shape),
    CC_ROW_GROUP(struct cc_posture_answer, counts, struct cc_assess_counts, &cc_assess_counts_shape),
    CC_ROW_LIST(struct cc_posture_answer, results, result_count, struct cc_posture_result, &cc_posture_result_shape, NULL, "the same for each account and region, when there are several"),
    {0},
};
const struct cc_shape cc_posture_answer_shape = {"posture", answer_fields, sizeof(struct cc_posture_answer)};

#define OPTIONS(name, only) \
    static const struct cc_shape_field name##_fields[] = { \
        CC_ROW(TEXTS, struct cc_posture_options, services, "NAME[,NAME...]", "check only these services; may be repeated", \
            .words_from = cc_##name##_services, .rules = CC_COMMAS), \
        CC_ROW_AS(only, FLAG, struct cc_posture_options, only_offending, NULL, "tell only resources that are not compliant, or unknown"), \
        CC_ROW(NUMBER, struct cc_posture_options, max_results, "N", "tell at most N resources of each account and region (default: all)", .least = 1, .most = 100000), \
        CC_ROW(TEXT, struct cc_posture_options, next_token, "TOKEN", "continue where an answer with --max-results ended"), \
        CC_ROW_GROUP(struct cc_posture_options, assess, struct cc_assess_options, &cc_assess_options_shape), \
        {0}, \
    }; \
    const struct cc_shape cc_##name##_options_shape = {#name, name##_fields, sizeof(struct cc_posture_options)}

OPTIONS(storage, "include_unencrypted_only");
OPTIONS(network, "include_non_compliant_only");
// clang-format on
