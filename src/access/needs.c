#include "findings.h"

/* Which layers have to allow the call. */

#define WAY(named) (1U << (named))

static enum cc_tri identity_needed(const struct cc_layer *trust)
{
    const unsigned account = WAY(CC_NAMED_ACCOUNT);

    if (trust->named & ~account) {
        return CC_NO;
    }
    return trust->may_name & ~account ? CC_MAYBE : trust->named & account ? CC_YES : CC_NO;
}

/* A boundary and a session policy limit a role, unless the user or session itself is named, or
 * everybody. */
static enum cc_tri limit_needed(const struct cc_layer *trust)
{
    return trust->named & CC_NAMED_ITSELF      ? CC_NO
           : trust->may_name & CC_NAMED_ITSELF ? CC_MAYBE
           : trust->named                      ? CC_YES
                                               : CC_NO;
}

enum cc_tri cc_findings_needs(const struct cc_findings *findings, enum cc_layer_kind kind)
{
    const struct cc_layer_decision *trust = &findings->decision.layers[CC_LAYER_RESOURCE];
    const bool own =
        kind == CC_LAYER_IDENTITY || kind == CC_LAYER_BOUNDARY || kind == CC_LAYER_SESSION;

    if (!own || !findings->same_account) {
        return kind == CC_LAYER_RCP ? CC_NO : CC_YES;
    }
    if (findings->evidence->trust.known != CC_KNOWN) {
        return CC_MAYBE;
    }
    return kind == CC_LAYER_IDENTITY ? identity_needed(&trust->levels[0])
                                     : limit_needed(&trust->levels[0]);
}
