#include "credctl/access/cause.h"

#include <stddef.h>

static const struct {
    const char *name;
    enum cc_side side;
    enum cc_family family;
} causes[] = {
#define X(symbol, name, side, family) \
    [CC_CAUSE_##symbol] = {name, CC_SIDE_##side, CC_FAMILY_##family},
    CC_CAUSES(X)
#undef X
};

const char *const cc_cause_names[] = {
#define X(symbol, name, side, family) name,
    CC_CAUSES(X)
#undef X
        NULL,
};

const char *const cc_sides[] = {"source",  "target", "organization", "session", "host",
                                "network", NULL};
const char *const cc_side_names[] = {
    [CC_SIDE_NONE] = NULL,         [CC_SIDE_SOURCE] = "source",
    [CC_SIDE_TARGET] = "target",   [CC_SIDE_ORGANIZATION] = "organization",
    [CC_SIDE_SESSION] = "session", [CC_SIDE_HOST] = "host",
    [CC_SIDE_NETWORK] = "network"};
const char *const cc_certainties[] = {
    [CC_POSSIBLE] = "possible", [CC_LIKELY] = "likely", [CC_CERTAIN] = "certain", NULL};
const char *const cc_policy_kinds[] = {"identity", "trust",   "boundary", "scp",
                                       "rcp",      "session", "vpce",     NULL};

const char *cc_cause_name(enum cc_cause cause)
{
    return causes[cause].name;
}

enum cc_side cc_cause_side(enum cc_cause cause)
{
    return causes[cause].side;
}

enum cc_family cc_cause_family(enum cc_cause cause)
{
    return causes[cause].family;
}

const char *cc_family_policy(enum cc_family family)
{
    static const char *const kinds[CC_FAMILIES] = {
        [CC_FAMILY_IDENTITY] = "identity", [CC_FAMILY_BOUNDARY] = "boundary",
        [CC_FAMILY_SESSION] = "session",   [CC_FAMILY_SCP] = "scp",
        [CC_FAMILY_RCP] = "rcp",           [CC_FAMILY_ENDPOINT] = "vpce",
        [CC_FAMILY_TRUST] = "trust",
    };

    return kinds[family];
}
