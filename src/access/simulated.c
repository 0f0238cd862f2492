#include "findings.h"

/* SimulatePrincipalPolicy (IAM API Reference) knows identity-based policies, the boundary and SCPs
 * without conditions. Its "allowed" proves nothing about SCPs. */

static bool is_false(struct cc_maybe_flag flag)
{
    return flag.known && !flag.value;
}

static void explicitly(struct cc_findings *findings, const struct cc_simulated *simulated)
{
    static const char note[] = "SimulatePrincipalPolicy says explicitDeny";

    if (is_false(simulated->by_boundary)) {
        cc_finding_add(findings, CC_CAUSE_IDENTITY_DENY, CC_FINDING_LIKELY, note)->alone = true;
        cc_finding_add(findings, CC_CAUSE_BOUNDARY_DENY, CC_FINDING_LIKELY, note)->alone = true;
    } else {
        cc_finding_add(findings, CC_CAUSE_IDENTITY_DENY, CC_FINDING_PROVED, note);
    }
}

/* A trust policy of the same account that names the caller would be enough. */
static void lacks(struct cc_findings *findings, enum cc_cause cause, enum cc_layer_kind kind,
                  const char *note)
{
    const enum cc_tri needed = cc_findings_needs(findings, kind);

    if (needed != CC_NO) {
        cc_finding_add(findings, cause, needed == CC_YES ? CC_FINDING_PROVED : CC_FINDING_MAYBE,
                       note);
    }
}

static void implicitly(struct cc_findings *findings, const struct cc_simulated *simulated)
{
    if (is_false(simulated->by_boundary)) {
        lacks(findings, CC_CAUSE_BOUNDARY_NO_ALLOW, CC_LAYER_BOUNDARY,
              "SimulatePrincipalPolicy says that the permissions boundary does not allow it");
    }
    if (is_false(simulated->by_organization)) {
        return; /* told below; whether the caller's policies allow it is not known then */
    }
    if (!is_false(simulated->by_boundary) || !simulated->matched) {
        lacks(findings, CC_CAUSE_IDENTITY_NO_ALLOW, CC_LAYER_IDENTITY,
              "SimulatePrincipalPolicy says implicitDeny");
    }
}

static void by_organization(struct cc_findings *findings)
{
    static const char note[] = "SimulatePrincipalPolicy says that the organization does not allow "
                               "it";

    cc_finding_add(findings, CC_CAUSE_SCP_DENY, CC_FINDING_LIKELY, note)->alone = true;
    cc_finding_add(findings, CC_CAUSE_SCP_NO_ALLOW, CC_FINDING_LIKELY, note)->alone = true;
}

static void undecided(struct cc_findings *findings)
{
    static const char note[] = "SimulatePrincipalPolicy lacks a condition key that is not known "
                               "here";

    cc_finding_add(findings, CC_CAUSE_IDENTITY_NO_ALLOW, CC_FINDING_OPEN, note);
    cc_finding_add(findings, CC_CAUSE_IDENTITY_DENY, CC_FINDING_OPEN, note);
    cc_finding_add(findings, CC_CAUSE_BOUNDARY_NO_ALLOW, CC_FINDING_OPEN, note);
    cc_finding_add(findings, CC_CAUSE_BOUNDARY_DENY, CC_FINDING_OPEN, note);
}

void cc_findings_simulated(struct cc_findings *findings)
{
    const struct cc_evidence *evidence = findings->evidence;
    const struct cc_simulated *simulated = &evidence->simulated[findings->action];

    if (!simulated->done || evidence->source->identity_policies.known == CC_KNOWN) {
        return;
    }
    if (is_false(simulated->by_organization) && evidence->source->scps.known == CC_NOT_KNOWN) {
        by_organization(findings);
    }
    if (!simulated->complete) {
        undecided(findings);
    } else if (simulated->explicit_deny) {
        explicitly(findings, simulated);
    } else if (simulated->allowed != CC_YES) {
        implicitly(findings, simulated);
    }
}

bool cc_findings_source_fine(const struct cc_findings *findings)
{
    const struct cc_access_source *source = findings->evidence->source;
    const struct cc_simulated *simulated = &findings->evidence->simulated[findings->action];

    if (source->identity_policies.known == CC_KNOWN && source->boundary.known != CC_NOT_KNOWN) {
        return findings->decision.own == CC_YES &&
               findings->decision.layers[CC_LAYER_IDENTITY].denies == CC_NO &&
               findings->decision.layers[CC_LAYER_BOUNDARY].denies == CC_NO;
    }
    return simulated->done && simulated->complete && simulated->allowed == CC_YES;
}
