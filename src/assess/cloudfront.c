#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "survey.h"
#include "tls.h"

#include <string.h>

// clang-format off
#define BEHAVIOR(path, member) \
    CC_ROW_AS(path, TEXT, struct cc_edge_behavior, member, NULL, NULL)
static const struct cc_shape_field behavior_fields[] = {
    BEHAVIOR("PathPattern", path),
    BEHAVIOR("ViewerProtocolPolicy", policy),
    {0},
};
static const struct cc_shape behavior_shape = {"behavior", behavior_fields, sizeof(struct cc_edge_behavior)};
#define ORIGIN(path, member, ...) \
    CC_ROW_AS(path, TEXT, struct cc_edge_origin, member, NULL, NULL, __VA_ARGS__)
static const struct cc_shape_field origin_fields[] = {
    ORIGIN("Id", id),
    ORIGIN("DomainName", domain),
    ORIGIN("S3OriginConfig/OriginAccessIdentity", identity, .rules = CC_OMITTED),
    ORIGIN("OriginAccessControlId", control, .rules = CC_OMITTED),
    ORIGIN("CustomOriginConfig/OriginProtocolPolicy", custom, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape origin_shape = {"origin", origin_fields, sizeof(struct cc_edge_origin)};
#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_distribution, member, NULL, NULL, __VA_ARGS__)
static const struct cc_shape_field distribution_fields[] = {
    ROW(TEXT, "Id", id),
    ROW(TEXT, "ARN", arn),
    ROW(TEXT, "DomainName", domain),
    ROW(TEXT, "DefaultCacheBehavior/ViewerProtocolPolicy", policy, .rules = CC_OMITTED),
    ROW(MAYBE_FLAG, "ViewerCertificate/CloudFrontDefaultCertificate", default_certificate, .rules = CC_OMITTED),
    ROW(TEXT, "ViewerCertificate/MinimumProtocolVersion", minimum, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("CacheBehaviors/Items", struct cc_distribution, behaviors, behavior_count, struct cc_edge_behavior, &behavior_shape, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_LIST_AS("Origins/Items", struct cc_distribution, origins, origin_count, struct cc_edge_origin, &origin_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape distribution_shape = {"distribution", distribution_fields, sizeof(struct cc_distribution)};
static const struct cc_shape_field distributions_fields[] = {
    CC_ROW_LIST_AS("Items", struct cc_distributions, rows, count, struct cc_distribution, &distribution_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
const struct cc_shape cc_distributions_shape = {"distributions", distributions_fields, sizeof(struct cc_distributions)};

struct checks {
    const char *viewer_protocol_policy;
    const char *minimum_tls_version;
    const char *const *insecure_behaviors;
    const char *const *s3_origins_without_oai;
};
static const struct cc_shape_field checks_fields[] = {
    CC_ROW(TEXT, struct checks, viewer_protocol_policy, NULL, "that of the default behavior", .rules = CC_NULL),
    CC_ROW(TEXT, struct checks, minimum_tls_version, NULL, "its security policy; TLSv1 with the certificate of cloudfront.net", .rules = CC_NULL),
    CC_ROW(TEXTS, struct checks, insecure_behaviors, NULL, "path patterns of behaviors that allow HTTP; Default (*) is the default one"),
    CC_ROW(TEXTS, struct checks, s3_origins_without_oai, NULL, "IDs of S3 origins without an origin access control or identity"),
    {0},
};
static const struct cc_shape checks_shape = {"cloudfront_distribution", checks_fields, sizeof(struct checks)};
// clang-format on

static bool is_https(const char *policy)
{
    return cc_text_equal(policy, "redirect-to-https") || cc_text_equal(policy, "https-only");
}

static void judge_viewers(struct cc_arena *mem, const struct cc_distribution *distribution,
                          struct cc_resource *resource, struct checks *checks)
{
    checks->viewer_protocol_policy = distribution->policy;
    if (!distribution->policy) {
        cc_resource_unknown(mem, resource,
                            "whether viewers may use HTTP: the policy of the default behavior is "
                            "not told");
    } else if (!is_https(distribution->policy)) {
        cc_texts_add(mem, &checks->insecure_behaviors, "Default (*)");
    }
    for (size_t i = 0; i < distribution->behavior_count; i++) {
        if (!is_https(distribution->behaviors[i].policy)) {
            cc_texts_add(mem, &checks->insecure_behaviors, distribution->behaviors[i].path);
        }
    }
    if (checks->insecure_behaviors) {
        cc_resource_issue(mem, resource, CC_RULE_EDGE_CLEAR,
                          cc_texts_joined(mem, checks->insecure_behaviors));
    }
}

/* API Reference, ViewerCertificate: with the certificate of cloudfront.net the policy is TLSv1,
 * whatever the minimum is set to. */
static void judge_tls(struct cc_arena *mem, const struct cc_distribution *distribution,
                      struct cc_resource *resource, struct checks *checks)
{
    const bool is_default =
        distribution->default_certificate.known && distribution->default_certificate.value;

    checks->minimum_tls_version = is_default ? "TLSv1" : distribution->minimum;
    const char *name = checks->minimum_tls_version;
    const struct cc_tls_policy *policy = cc_tls_policy(name);
    if (!policy) {
        cc_resource_unknown(mem, resource,
                            name ? cc_textf(mem,
                                            "which protocols the security policy %s accepts: it is "
                                            "not known to this version",
                                            name)
                                 : "which protocols it accepts: its security policy is not told");
    } else if (policy->old) {
        cc_resource_issue(mem, resource, CC_RULE_EDGE_TLS,
                          is_default ? "TLSv1, which comes with the certificate of cloudfront.net"
                                     : name);
    }
}

/* A website endpoint is a custom origin and cannot have an access control. */
static bool is_s3(const struct cc_edge_origin *origin)
{
    return !origin->custom && (strstr(origin->domain, ".s3.") || strstr(origin->domain, ".s3-")) &&
           strstr(origin->domain, ".amazonaws.com");
}

static void judge_origins(struct cc_arena *mem, const struct cc_distribution *distribution,
                          struct cc_resource *resource, struct checks *checks)
{
    for (size_t i = 0; i < distribution->origin_count; i++) {
        const struct cc_edge_origin *origin = &distribution->origins[i];

        if (is_s3(origin) && !origin->identity && !origin->control) {
            cc_texts_add(mem, &checks->s3_origins_without_oai, origin->id);
        }
        if (cc_text_equal(origin->custom, "http-only")) {
            cc_resource_note(mem, resource,
                             cc_textf(mem, "the origin %s is reached with HTTP only", origin->id));
        }
    }
    if (checks->s3_origins_without_oai) {
        cc_resource_issue(mem, resource, CC_RULE_EDGE_ORIGIN,
                          cc_texts_joined(mem, checks->s3_origins_without_oai));
    }
}

struct cc_resource cc_judge_distribution(const struct cc_site *site,
                                         const struct cc_distribution *distribution)
{
    struct cc_arena *mem = &site->run->mem;
    struct cc_resource resource = cc_resource_new(CC_RESOURCE_CLOUDFRONT, "global");
    struct checks checks = {0};

    resource.id = distribution->id;
    resource.arn = distribution->arn;
    resource.domain_name = distribution->domain;
    judge_viewers(mem, distribution, &resource, &checks);
    judge_tls(mem, distribution, &resource, &checks);
    judge_origins(mem, distribution, &resource, &checks);
    cc_resource_checks(mem, &resource, &checks_shape, &checks);
    return resource;
}

static void begin(struct cc_survey *survey, struct cc_probing *probing)
{
    struct cc_distributions *list = cc_alloc(&cc_survey_site(survey)->run->mem, sizeof(*list));

    (void)cc_survey_list(survey, probing, &cc_op_cloudfront_list_distributions,
                         &cc_distributions_shape, list);
    probing->state = list;
}

static void judge(struct cc_survey *survey, struct cc_probing *probing)
{
    const struct cc_distributions *list = probing->state;

    for (size_t i = 0; i < list->count; i++) {
        cc_survey_add(survey, cc_judge_distribution(cc_survey_site(survey), &list->rows[i]));
    }
}

static const char *const keys[] = {"cloudfront", NULL};
static const struct cc_operation *const operations[] = {&cc_op_cloudfront_list_distributions, NULL};

const struct cc_probe cc_probe_cloudfront = {
    .name = "cloudfront",
    .keys = keys,
    .operations = operations,
    .global = true,
    .begin = begin,
    .judge = judge,
};
