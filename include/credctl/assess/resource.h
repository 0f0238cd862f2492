#ifndef CREDCTL_ASSESS_RESOURCE_H
#define CREDCTL_ASSESS_RESOURCE_H

/*
 * A resource that was assessed: what it is, which checks it passed, and what to do about the
 * others. It is compliant until an issue is added; it is unknown when it has no issue and something
 * that matters could not be read. Texts belong to the memory that they were made in.
 */

#include "credctl/assess/rules.h"
#include "credctl/base/shape.h"

#include <cjson/cJSON.h>

enum cc_compliance { CC_COMPLIANT, CC_NON_COMPLIANT, CC_COMPLIANCE_UNKNOWN };

/* Symbol; type, as answers name it; the key that counts it in compliance_by_service. */
// clang-format off
#define CC_RESOURCE_TYPES(X) \
    X(S3, "s3", "s3") \
    X(EBS, "ebs", "ebs") \
    X(RDS, "rds", "rds") \
    X(DYNAMODB, "dynamodb", "dynamodb") \
    X(EFS, "efs", "efs") \
    X(ELASTICACHE, "elasticache", "elasticache") \
    X(CLASSIC_LB, "classic_load_balancer", "elb") \
    X(APPLICATION_LB, "application_load_balancer", "elbv2") \
    X(NETWORK_LB, "network_load_balancer", "elbv2") \
    X(GATEWAY_LB, "gateway_load_balancer", "elbv2") \
    X(VPC_ENDPOINT, "vpc_endpoint", "vpc") \
    X(SECURITY_GROUP, "security_group", "security_groups") \
    X(API_GATEWAY, "api_gateway", "apigateway") \
    X(API_DOMAIN, "api_gateway_domain", "apigateway") \
    X(CLOUDFRONT, "cloudfront_distribution", "cloudfront")
// clang-format on

enum cc_resource_type {
#define X(symbol, ...) CC_RESOURCE_##symbol,
    CC_RESOURCE_TYPES(X)
#undef X
        CC_RESOURCE_TYPE_COUNT
};

const char *cc_resource_key(enum cc_resource_type type);

struct cc_resource {
    enum cc_resource_type type;
    const char *id;     /* NULL: it has only a name, or is not known by one */
    const char *name;   /* NULL: it has only an id */
    const char *arn;    /* NULL: not told */
    const char *region; /* "global" for CloudFront */
    enum cc_compliance status;
    struct cc_maybe_flag compliant; /* the same; null when it is unknown */
    int severity;                   /* enum cc_severity: of the worst issue */
    const char *const *issues;      /* each list ends with NULL; NULL: none */
    const char *const *rules;       /* the stable code of each issue */
    const char *const *remediation;
    const char *const *notes;    /* what is worth knowing and no issue */
    const char *const *unknowns; /* what could not be decided, and why */
    const struct cJSON *checks;
    const char *engine;        /* elasticache, rds */
    const char *vpc_id;        /* security_group */
    const char *service;       /* vpc_endpoint: that it leads to */
    const char *endpoint_type; /* vpc_endpoint */
    const char *domain_name;   /* cloudfront_distribution */
};

extern const struct cc_shape cc_resource_shape;
/* The types; ends with NULL. */
extern const char *const cc_resource_type_words[];
/* The words of enum cc_compliance; ends with NULL. */
extern const char *const cc_compliance_words[];

/* Compliant so far. */
struct cc_resource cc_resource_new(enum cc_resource_type type, const char *region);
/* It breaks a rule. `detail`: NULL, or what exactly, after the rule's own text and a colon. */
void cc_resource_issue(struct cc_arena *mem, struct cc_resource *resource, enum cc_rule rule,
                       const char *detail);
void cc_resource_note(struct cc_arena *mem, struct cc_resource *resource, const char *note);
/* Something that matters could not be decided: what, and why. */
void cc_resource_unknown(struct cc_arena *mem, struct cc_resource *resource, const char *what);
/* What was looked at: a struct that `shape` describes, which becomes checks. Members that are null
 * are left out. */
void cc_resource_checks(struct cc_arena *mem, struct cc_resource *resource,
                        const struct cc_shape *shape, const void *checks);

/* Adds a text at the end of such a list. */
void cc_texts_add(struct cc_arena *mem, const char *const **list, const char *text);
/* With ", " between them; NULL is "". */
const char *cc_texts_joined(struct cc_arena *mem, const char *const *list);

#endif
