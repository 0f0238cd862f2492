#ifndef CREDCTL_AWS_REGION_H
#define CREDCTL_AWS_REGION_H

/* Partitions and host names: botocore's data/partitions.json and endpoint rule sets. */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

struct cc_partition {
    const char *name;     /* "aws", "aws-cn", ... */
    const char *dns;      /* amazonaws.com */
    const char *dual_dns; /* api.aws */
    const char *home;     /* us-east-1; used for "aws-global" and for services with one endpoint */
};

/* Never NULL: an unknown region is in "aws", as in the SDKs. */
const struct cc_partition *cc_partition_of(const char *region);

/* True for a host name (in lower case) in a domain of AWS. */
bool cc_host_of_aws(const char *host);

/*
 * True when it can be a host label, which is all that AWS SDKs require (botocore's
 * validate_region_name): 1 to 63 letters, digits and '-', without '-' at either end. Other S3
 * providers have regions such as "RegionOne".
 */
bool cc_region_valid(const char *region);

/*
 * Removes the FIPS part of a pseudo-region from *region, as the SDKs do: fips-us-gov-west-1 and
 * us-gov-west-1-fips become us-gov-west-1. True when it was one, which requests FIPS.
 */
bool cc_region_without_fips(struct cc_arena *mem, const char **region);

struct cc_endpoint_wish {
    const char *region; /* valid; "aws-global" and NULL: the global endpoint where there is one */
    bool fips;          /* also set by a FIPS pseudo-region */
    bool dualstack;
    bool global_sts; /* legacy mode: sts.amazonaws.com for the 16 oldest regions */
};

/* The hosts of a service that has one in each region: <label>[-fips].<region>.<dns>. */
struct cc_regional {
    const char *label;
    const char *dual_label; /* of dual-stack hosts in aws, aws-cn and aws-us-gov; NULL: the same */
    bool gov_fips_plain;    /* in aws-us-gov, the FIPS host is the ordinary one */
};
const char *cc_endpoint_regional(struct cc_arena *mem, const struct cc_regional *service,
                                 const struct cc_endpoint_wish *wish, const char **signing_region);

/* https://sts.<region>.<dns> and its variants; *signing_region is the region of the signature. */
const char *cc_endpoint_sts(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region);
const char *cc_endpoint_sso_portal(struct cc_arena *mem, const struct cc_endpoint_wish *wish);
const char *cc_endpoint_oidc(struct cc_arena *mem, const struct cc_endpoint_wish *wish);
const char *cc_endpoint_signin(struct cc_arena *mem, const struct cc_endpoint_wish *wish);
/* One endpoint in each partition, whatever the region. */
const char *cc_endpoint_iam(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region);
const char *cc_endpoint_organizations(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                      const char **signing_region);
/* NULL outside of aws and aws-cn. */
const char *cc_endpoint_cloudfront(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                   const char **signing_region);
/* NULL in partitions for which botocore has no region of it. */
const char *cc_endpoint_support(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                const char **signing_region);
const char *cc_endpoint_s3(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                           const char **signing_region);
/* Without the account, which comes first in the host. */
const char *cc_endpoint_s3_control(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                   const char **signing_region);

#endif
