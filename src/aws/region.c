#include "credctl/aws/region.h"

#include "credctl/base/text.h"

#include <string.h>

enum { AWS, CN, GOV, EUSC, ISO, ISO_B, ISO_E, ISO_F };

static const struct cc_partition partitions[] = {
    [AWS] = {"aws", "amazonaws.com", "api.aws", "us-east-1"},
    [CN] = {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"},
    [GOV] = {"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1"},
    [EUSC] = {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    [ISO] = {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    [ISO_B] = {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    [ISO_E] = {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    [ISO_F] = {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"},
};

/* All expressions of botocore are `^prefix\w+-\d+$`, and \w does not match '-'. */
static const struct {
    const char *prefix;
    int partition;
} prefixes[] = {
    {"us-", AWS},     {"eu-", AWS},        {"ap-", AWS},        {"sa-", AWS},
    {"ca-", AWS},     {"me-", AWS},        {"af-", AWS},        {"il-", AWS},
    {"mx-", AWS},     {"cn-", CN},         {"us-gov-", GOV},    {"eusc-de-", EUSC},
    {"us-iso-", ISO}, {"us-isob-", ISO_B}, {"eu-isoe-", ISO_E}, {"us-isof-", ISO_F},
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

static bool place_and_number(const char *text)
{
    size_t place = strspn(text, LETTERS DIGITS "_");
    const char *number = text + place + 1;

    return place > 0 && text[place] == '-' && *number && number[strspn(number, DIGITS)] == '\0';
}

static int partition_index(const char *region)
{
    if (!region) {
        return AWS;
    }
    for (size_t i = 0; i < CC_COUNT(partitions); i++) {
        size_t len = strlen(partitions[i].name);

        if (cc_text_starts(region, partitions[i].name) && strcmp(region + len, "-global") == 0) {
            return (int)i;
        }
    }
    for (size_t i = 0; i < CC_COUNT(prefixes); i++) {
        if (cc_text_starts(region, prefixes[i].prefix) &&
            place_and_number(region + strlen(prefixes[i].prefix))) {
            return prefixes[i].partition;
        }
    }
    return AWS;
}

const struct cc_partition *cc_partition_of(const char *region)
{
    return &partitions[partition_index(region)];
}

static bool below(const char *host, const char *domain)
{
    const size_t len = strlen(host);
    const size_t tail = strlen(domain);

    return len > tail + 1 && host[len - tail - 1] == '.' && cc_text_ends(host, domain);
}

bool cc_host_of_aws(const char *host)
{
    for (size_t i = 0; i < CC_COUNT(partitions); i++) {
        if (below(host, partitions[i].dns) || below(host, partitions[i].dual_dns)) {
            return true;
        }
    }
    return below(host, "aws.amazon.com"); /* signin, the console */
}

bool cc_region_valid(const char *region)
{
    size_t len = region ? strlen(region) : 0;

    return len > 0 && len <= 63 && strspn(region, LETTERS DIGITS "-") == len && region[0] != '-' &&
           region[len - 1] != '-';
}

bool cc_region_without_fips(struct cc_arena *mem, const char **region)
{
    static const char *const heads[] = {"fips-dkr-", "fips-prod-", "fips-"};
    const char *text = *region;

    if (cc_text_equal(text, "aws-fips")) {
        *region = "aws-global";
        return true;
    }
    for (size_t i = 0; i < CC_COUNT(heads); i++) {
        if (cc_text_starts(text, heads[i])) {
            *region = text + strlen(heads[i]);
            return true;
        }
    }
    if (text && cc_text_ends(text, "-fips")) {
        *region = cc_text_dup(mem, text, strlen(text) - strlen("-fips"));
        return true;
    }
    return false;
}

/* The same wish, with the region of a FIPS pseudo-region. */
static struct cc_endpoint_wish plain(struct cc_arena *mem, const struct cc_endpoint_wish *wish)
{
    struct cc_endpoint_wish made = *wish;

    made.fips |= cc_region_without_fips(mem, &made.region);
    return made;
}

/* A real region: pseudo-regions and no region become the one that they mean. */
static const char *real_region(const char *region)
{
    if (region && !cc_text_ends(region, "-global")) {
        return region;
    }
    return partitions[partition_index(region)].home;
}

/* `https://<label>[-fips].<region>.<suffix>`, the form of all the rule sets. */
static const char *host_of(struct cc_arena *mem, const struct cc_regional *service,
                           const struct cc_endpoint_wish *wish)
{
    const struct cc_endpoint_wish asked = plain(mem, wish);
    const char *region = real_region(asked.region);
    const int index = partition_index(region);
    const struct cc_partition *partition = &partitions[index];
    const bool plain_is_fips = index == GOV && !asked.dualstack && service->gov_fips_plain;
    const bool dual_label = asked.dualstack && service->dual_label && index <= GOV;

    return cc_textf(mem, "https://%s%s.%s.%s", dual_label ? service->dual_label : service->label,
                    asked.fips && !plain_is_fips ? "-fips" : "", region,
                    asked.dualstack ? partition->dual_dns : partition->dns);
}

static const char *host(struct cc_arena *mem, const char *label,
                        const struct cc_endpoint_wish *wish)
{
    const struct cc_regional service = {.label = label, .gov_fips_plain = true};

    return host_of(mem, &service, wish);
}

const char *cc_endpoint_regional(struct cc_arena *mem, const struct cc_regional *service,
                                 const struct cc_endpoint_wish *wish, const char **signing_region)
{
    *signing_region = real_region(plain(mem, wish).region);
    return host_of(mem, service, wish);
}

/* The regions that sts_regional_endpoints = legacy sends to the global endpoint. */
static const char *const legacy_regions[] = {
    "ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
    "aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
    "eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
    "us-east-1",      "us-east-2",    "us-west-1",      "us-west-2",
};

static bool wants_global_sts(const struct cc_endpoint_wish *wish)
{
    if (wish->fips || wish->dualstack) {
        return false;
    }
    if (!wish->region || strcmp(wish->region, "aws-global") == 0) {
        return true;
    }
    for (size_t i = 0; wish->global_sts && i < CC_COUNT(legacy_regions); i++) {
        if (strcmp(legacy_regions[i], wish->region) == 0) {
            return true;
        }
    }
    return false;
}

const char *cc_endpoint_sts(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region)
{
    const struct cc_endpoint_wish asked = plain(mem, wish);

    if (wants_global_sts(&asked)) {
        *signing_region = "us-east-1";
        return "https://sts.amazonaws.com";
    }
    *signing_region = real_region(asked.region);
    return host(mem, "sts", &asked);
}

const char *cc_endpoint_sso_portal(struct cc_arena *mem, const struct cc_endpoint_wish *wish)
{
    return host(mem, "portal.sso", wish);
}

const char *cc_endpoint_oidc(struct cc_arena *mem, const struct cc_endpoint_wish *wish)
{
    return host(mem, "oidc", wish);
}

static const char *const signin_domains[CC_COUNT(partitions)] = {
    [AWS] = "aws.amazon.com", [CN] = "amazonaws.cn", [GOV] = "amazonaws-us-gov.com"};

const char *cc_endpoint_signin(struct cc_arena *mem, const struct cc_endpoint_wish *wish)
{
    const struct cc_endpoint_wish asked = plain(mem, wish);
    const char *region = real_region(asked.region);
    const char *domain = signin_domains[partition_index(region)];
    const struct cc_partition *partition = cc_partition_of(region);

    if (domain && !asked.fips && !asked.dualstack) {
        return cc_textf(mem, "https://%s.signin.%s", region, domain);
    }
    return cc_textf(mem, "https://signin%s.%s.%s", asked.fips ? "-fips" : "", region,
                    asked.dualstack ? partition->dual_dns : partition->dns);
}

/* What is between the label and the domain, and the region of the signature. */
static const struct {
    const char *place; /* NULL: the home region of the partition */
    const char *dual_place;
    const char *signing; /* NULL: the same */
} iam_hosts[CC_COUNT(partitions)] = {
    [AWS] = {"", "global."},
    [CN] = {"cn-north-1.", "global.", "cn-north-1"},
    [GOV] = {"us-gov.", "us-gov."}, /* with and without FIPS */
};

const char *cc_endpoint_iam(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                            const char **signing_region)
{
    const struct cc_endpoint_wish asked = plain(mem, wish);
    const int index = partition_index(asked.region);
    const struct cc_partition *partition = &partitions[index];
    const char *place = asked.dualstack ? iam_hosts[index].dual_place : iam_hosts[index].place;

    if (!place) {
        place = asked.dualstack ? "" : cc_textf(mem, "%s.", partition->home);
    }
    *signing_region = iam_hosts[index].signing ? iam_hosts[index].signing : partition->home;
    return cc_textf(mem, "https://iam%s.%s%s", asked.fips && index != GOV ? "-fips" : "", place,
                    asked.dualstack ? partition->dual_dns : partition->dns);
}

const char *cc_endpoint_organizations(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                      const char **signing_region)
{
    struct cc_endpoint_wish asked = plain(mem, wish);

    asked.region = cc_partition_of(asked.region)->home;
    *signing_region = asked.region;
    return host(mem, "organizations", &asked);
}

/* CloudFront is a global service of aws and aws-cn. */
static const struct {
    const char *place;
    const char *dual_place;
} cloudfront_hosts[CC_COUNT(partitions)] = {
    [AWS] = {"", "global."}, [CN] = {"cn-northwest-1.", ""}};

const char *cc_endpoint_cloudfront(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                   const char **signing_region)
{
    const struct cc_endpoint_wish asked = plain(mem, wish);
    const int index = partition_index(asked.region);
    const struct cc_partition *partition = &partitions[index];

    if (!cloudfront_hosts[index].place) {
        return NULL;
    }
    *signing_region = partition->home;
    return cc_textf(mem, "https://cloudfront%s.%s%s", asked.fips ? "-fips" : "",
                    asked.dualstack ? cloudfront_hosts[index].dual_place
                                    : cloudfront_hosts[index].place,
                    asked.dualstack ? partition->dual_dns : partition->dns);
}

/* One region of each partition serves Support, and it is not always the home region. */
static const char *const support_regions[CC_COUNT(partitions)] = {
    [AWS] = "us-east-1",     [CN] = "cn-north-1",        [GOV] = "us-gov-west-1",
    [ISO] = "us-iso-east-1", [ISO_B] = "us-isob-east-1",
};

const char *cc_endpoint_support(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                const char **signing_region)
{
    struct cc_endpoint_wish asked = plain(mem, wish);

    asked.region = support_regions[partition_index(asked.region)];
    if (!asked.region) {
        return NULL;
    }
    *signing_region = asked.region;
    return host(mem, "support", &asked);
}

static const char *s3_host(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                           const char *label, const char **signing_region)
{
    const struct cc_endpoint_wish asked = plain(mem, wish);

    *signing_region = real_region(asked.region);
    return cc_textf(mem, "https://%s%s%s.%s.%s", label, asked.fips ? "-fips" : "",
                    asked.dualstack ? ".dualstack" : "", *signing_region,
                    cc_partition_of(*signing_region)->dns);
}

const char *cc_endpoint_s3(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                           const char **signing_region)
{
    return s3_host(mem, wish, "s3", signing_region);
}

const char *cc_endpoint_s3_control(struct cc_arena *mem, const struct cc_endpoint_wish *wish,
                                   const char **signing_region)
{
    return s3_host(mem, wish, "s3-control", signing_region);
}
