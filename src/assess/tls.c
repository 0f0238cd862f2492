#include "tls.h"

#include "credctl/base/text.h"

#define TO_1_0 (CC_TLS1_0 | CC_TLS1_1)

/* "Security policies" in the user guides of Elastic Load Balancing, "Supported protocols and
 * ciphers" in that of CloudFront, "Security policies" in that of API Gateway. */
// clang-format off
static const struct cc_tls_policy policies[] = {
    {"ELBSecurityPolicy-2011-08", CC_SSL3 | CC_TLS1_0},
    {"ELBSecurityPolicy-2014-01", CC_SSL3 | TO_1_0},
    {"ELBSecurityPolicy-2014-10", TO_1_0},
    {"ELBSecurityPolicy-2015-02", TO_1_0},
    {"ELBSecurityPolicy-2015-03", TO_1_0},
    {"ELBSecurityPolicy-2015-05", TO_1_0},
    {"ELBSecurityPolicy-2016-08", TO_1_0},
    {"ELBSecurityPolicy-FS-2018-06", TO_1_0},
    {"ELBSecurityPolicy-FS-1-1-2019-08", CC_TLS1_1},
    {"ELBSecurityPolicy-FS-1-2-2019-08", 0},
    {"ELBSecurityPolicy-FS-1-2-Res-2019-08", 0},
    {"ELBSecurityPolicy-FS-1-2-Res-2020-10", 0},
    {"ELBSecurityPolicy-TLS-1-0-2015-04", TO_1_0},
    {"ELBSecurityPolicy-TLS-1-1-2017-01", CC_TLS1_1},
    {"ELBSecurityPolicy-TLS-1-2-2017-01", 0},
    {"ELBSecurityPolicy-TLS-1-2-Ext-2018-06", 0},
    {"ELBSecurityPolicy-TLS13-1-0-2021-06", TO_1_0},
    {"ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", TO_1_0},
    {"ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", TO_1_0},
    {"ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09", TO_1_0},
    {"ELBSecurityPolicy-TLS13-1-1-2021-06", CC_TLS1_1},
    {"ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04", CC_TLS1_1},
    {"ELBSecurityPolicy-TLS13-1-2-2021-06", 0},
    {"ELBSecurityPolicy-TLS13-1-2-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04", 0},
    {"ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Res-2021-06", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext0-RFC9151-FIPS-2023-07", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04", 0},
    {"ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-2-RFC9151-FIPS-2023-07", 0},
    {"ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07", 0},
    {"ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07", 0},
    {"ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07", 0},
    {"ELBSecurityPolicy-TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07", 0},
    {"ELBSecurityPolicy-TLS13-1-3-2021-06", 0},
    {"ELBSecurityPolicy-TLS13-1-3-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04", 0},
    {"ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09", 0},
    {"ELBSecurityPolicy-TLS13-1-3-RFC9151-FIPS-2023-07", 0},
    {"SSLv3", CC_SSL3 | TO_1_0},
    {"TLSv1", TO_1_0},
    {"TLSv1_2016", TO_1_0},
    {"TLSv1.1_2016", CC_TLS1_1},
    {"TLSv1.2_2018", 0},
    {"TLSv1.2_2019", 0},
    {"TLSv1.2_2021", 0},
    {"TLSv1.2_2025", 0},
    {"TLSv1.3_2025", 0},
    {"TLS_1_0", CC_TLS1_0},
    {"TLS_1_2", 0},
    {"SecurityPolicy_TLS12_2018_EDGE", 0},
    {"SecurityPolicy_TLS12_PFS_2025_EDGE", 0},
    {"SecurityPolicy_TLS13_2025_EDGE", 0},
    {"SecurityPolicy_TLS13_1_2_2021_06", 0},
    {"SecurityPolicy_TLS13_1_2_PQ_2025_09", 0},
    {"SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", 0},
    {"SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09", 0},
    {"SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09", 0},
    {"SecurityPolicy_TLS13_1_3_2025_09", 0},
    {"SecurityPolicy_TLS13_1_3_FIPS_2025_09", 0},
};
// clang-format on

const struct cc_tls_policy *cc_tls_policy(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(policies); i++) {
        if (cc_text_equal(policies[i].name, name)) {
            return &policies[i];
        }
    }
    return NULL;
}

const char *const *cc_tls_names(struct cc_arena *mem, unsigned protocols)
{
    static const char *const names[] = {"SSLv3", "TLSv1", "TLSv1.1"};
    const char **list = cc_alloc(mem, (CC_COUNT(names) + 1) * sizeof(*list));
    size_t count = 0;

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        if (protocols & (1U << i)) {
            list[count++] = names[i];
        }
    }
    return list;
}
