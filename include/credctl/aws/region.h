#ifndef CREDCTL_AWS_REGION_H
#define CREDCTL_AWS_REGION_H

/* Partitions and host names: botocore's data/partitions.json and endpoint rule sets. */

#include "credctl/base/arena.h"
#include "credctl/base/error.h"

struct cc_partition {
    const char *name;     /* "aws", "aws-cn", ... */
    const char *dns;      /* amazonaws.com */
    const char *dual_dns; /* api.aws */
    const char *home;     /* us-east-1: for "aws-global" and for services with one endpoint */
};

/* Never NULL: a region nobody knows is in "aws", as the SDKs have it. */
const struct cc_partition *cc_partition_of(const char *region);
const struct cc_partition *cc_partition_named(const char *name); /* NULL when unknown */

/*
 * Fit to be a host label, which is all that AWS SDKs ask (botocore's validate_region_name):
 * letters, digits and '-', 1 to 63, no '-' at either end. Clouds that speak S3 have "RegionOne".
 */
bool cc_region_valid(const char *region);

/*
 * Takes what makes it a FIPS pseudo-region out of *region, as the SDKs do: fips-us-gov-west-1 and
 * us-gov-west-1-fips are us-gov-west-1. True when it was one: FIPS is asked for.
 */
bool cc_region_without_fips(struct cc_arena *mem, const char **region);

struct cc_endpoint_wish {
    const char *region; /* valid; "aws-global" and NULL: the global endpoint where there is one */
    bool fips;          /* a FIPS pseudo-region asks for it, too */
    bool dualstack;
    bool global_sts; /* legacy: sts.amazonaws.com for the 16 old regions */
};

/* https://sts.<region>.<dns> and its variants; *signing_region is what goes into the signature. */
const char *cc_endpoint_sts(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region);
const char *cc_endpoint_sso_portal(struct cc_arena *mem, const struct cc_endpoint_wish *wish);
const char *cc_endpoint_oidc(struct cc_arena *mem, const struct cc_endpoint_wish *wish);
const char *cc_endpoint_signin(struct cc_arena *mem, const struct cc_endpoint_wish *wish);

#endif
