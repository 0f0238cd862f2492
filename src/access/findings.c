#include "findings.h"

#include "credctl/base/text.h"

#include <string.h>

/* --- layers with documents --- */

static enum cc_finding_state state_of(enum cc_tri tri)
{
    return tri == CC_YES ? CC_FINDING_PROVED : CC_FINDING_MAYBE;
}

/* The level that does not allow: its index; the first one when all do. */
static size_t lacking_level(const struct cc_layer_decision *layer)
{
    for (size_t i = 0; i < layer->count; i++) {
        if (layer->levels[i].allows == layer->allows) {
            return i;
        }
    }
    return 0;
}

static const struct cc_statement_verdict *denying(const struct cc_layer_decision *layer,
                                                  size_t *level)
{
    for (size_t i = 0; i < layer->count; i++) {
        if (layer->levels[i].denies == layer->denies) {
            *level = i;
            return cc_layer_denying(&layer->levels[i]);
        }
    }
    return NULL;
}

/* `needed`: whether the call depends on an Allow of this layer. */
static void of_layer(struct cc_findings *findings, enum cc_layer_kind kind, enum cc_family family,
                     enum cc_tri needed)
{
    const struct cc_layer_decision *layer = &findings->decision.layers[kind];
    size_t level = 0;

    if (layer->denies != CC_NO) {
        struct cc_finding *row = cc_finding_add(findings, cc_cause_explicit(family),
                                                state_of(layer->denies), "its document denies it");

        row->by = denying(layer, &level);
    }
    const enum cc_tri lacks = (enum cc_tri)(CC_YES - layer->allows);
    const enum cc_tri counts = lacks < needed ? lacks : needed;
    if (counts != CC_NO && layer->denies != CC_YES) {
        struct cc_finding *row = cc_finding_add(
            findings, cc_cause_implicit(family), state_of(counts),
            counts == CC_YES ? "its documents do not allow it" : "its documents may not allow it");

        row->by = layer->allows == CC_MAYBE
                      ? cc_layer_allowing(&layer->levels[lacking_level(layer)])
                      : NULL;
    }
}

/* `needed`: as above; a Deny counts in any case. */
static void not_excluded(struct cc_findings *findings, enum cc_family family, enum cc_tri needed,
                         const char *note)
{
    if (needed != CC_NO) {
        cc_finding_add(findings, cc_cause_implicit(family), CC_FINDING_OPEN, note);
    }
    cc_finding_add(findings, cc_cause_explicit(family), CC_FINDING_OPEN, note);
}

/* --- the caller's side --- */

static bool simulated(const struct cc_findings *findings)
{
    return findings->evidence->simulated[findings->action].done;
}

static void of_own(struct cc_findings *findings, const struct cc_documents *documents,
                   enum cc_layer_kind kind, enum cc_family family, const char *note)
{
    const enum cc_tri needed = cc_findings_needs(findings, kind);

    if (documents->known == CC_KNOWN) {
        of_layer(findings, kind, family, needed);
    } else if (documents->known == CC_NOT_KNOWN && !simulated(findings)) {
        not_excluded(findings, family, needed, note);
    }
}

static void of_identity(struct cc_findings *findings)
{
    of_own(findings, &findings->evidence->source->identity_policies, CC_LAYER_IDENTITY,
           CC_FAMILY_IDENTITY, "the caller's policies could not be read");
}

static void of_boundary(struct cc_findings *findings)
{
    of_own(findings, &findings->evidence->source->boundary, CC_LAYER_BOUNDARY, CC_FAMILY_BOUNDARY,
           "the caller's permissions boundary could not be read");
}

static void of_scps(struct cc_findings *findings)
{
    const struct cc_org_levels *levels = &findings->evidence->source->scps;

    if (levels->known == CC_KNOWN) {
        of_layer(findings, CC_LAYER_SCP, CC_FAMILY_SCP, CC_YES);
    } else if (levels->known == CC_NOT_KNOWN) {
        not_excluded(findings, CC_FAMILY_SCP, CC_YES,
                     "the organization's policies could not be read");
    }
}

static void of_rcps(struct cc_findings *findings)
{
    const struct cc_org_levels *levels = &findings->evidence->rcps;

    if (levels->known == CC_KNOWN) {
        of_layer(findings, CC_LAYER_RCP, CC_FAMILY_RCP, CC_NO);
    } else if (levels->known == CC_NOT_KNOWN) {
        cc_finding_add(findings, CC_CAUSE_RCP_DENY, CC_FINDING_OPEN,
                       "the resource control policies of its account could not be read");
    }
}

/* --- what cannot be read --- */

static void of_session_policy(struct cc_findings *findings)
{
    if (!findings->evidence->source->long_term) {
        not_excluded(findings, CC_FAMILY_SESSION, cc_findings_needs(findings, CC_LAYER_SESSION),
                     "a session policy cannot be read");
    }
}

static void of_endpoint(struct cc_findings *findings)
{
    not_excluded(findings, CC_FAMILY_ENDPOINT, CC_YES, "the call may go through a VPC endpoint");
}

static void of_role(struct cc_findings *findings)
{
    const struct cc_evidence *evidence = findings->evidence;

    if (findings->action != CC_ACTION_ASSUME || evidence->role_known) {
        return;
    }
    if (evidence->role_missing) {
        cc_finding_add(findings, CC_CAUSE_ROLE_MISSING, CC_FINDING_PROVED, "IAM has no such role");
    } else if (evidence->account_unknown) {
        cc_finding_add(findings, CC_CAUSE_ROLE_MISSING, CC_FINDING_LIKELY,
                       "the organization has no such account");
    } else {
        cc_finding_add(findings, CC_CAUSE_ROLE_MISSING, CC_FINDING_OPEN,
                       "AWS does not say whether the role exists");
    }
}

/* --- probes --- */

static void alone(struct cc_findings *findings, enum cc_cause cause, const char *note)
{
    cc_finding_add(findings, cause, CC_FINDING_LIKELY, note)->alone = true;
}

static void of_probes(struct cc_findings *findings)
{
    const struct cc_evidence *evidence = findings->evidence;

    if (evidence->without_external_id == CC_PROBE_ALLOWED) {
        alone(findings, CC_CAUSE_EXTERNAL_ID_WRONG, "the call succeeds without the external ID");
        alone(findings, CC_CAUSE_TRUST_CONDITION, "the call succeeds without the external ID");
    }
    if (evidence->without_tags == CC_PROBE_ALLOWED) {
        alone(findings, CC_CAUSE_TRUST_TAGS, "the call succeeds without the session tags");
    }
    if (evidence->without_source_identity == CC_PROBE_ALLOWED) {
        alone(findings, CC_CAUSE_TRUST_SOURCE_IDENTITY,
              "the call succeeds without the source identity");
    }
    if (evidence->other_session_name == CC_PROBE_ALLOWED) {
        alone(findings, CC_CAUSE_TRUST_CONDITION, "the call succeeds with another session name");
    }
}

/* --- what the message proves --- */

static void of_text(struct cc_findings *findings)
{
    const struct cc_denial *denial = &findings->evidence->denial;

    if (denial->mfa_failed) {
        cc_finding_add(findings, CC_CAUSE_TRUST_MFA, CC_FINDING_PROVED, "AWS says so");
    }
    if (denial->family == CC_FAMILY_NONE ||
        (denial->family == CC_FAMILY_TRUST && !denial->explicit_deny)) {
        return; /* of a trust policy the message does not say what in it fails */
    }
    /* Older services say "explicit deny" of every denial by an SCP; a document that was read is
     * better. */
    const struct cc_layer_decision *scps = &findings->decision.layers[CC_LAYER_SCP];
    const bool read = findings->evidence->source->scps.known == CC_KNOWN;
    const bool implicit =
        denial->family == CC_FAMILY_SCP && read && scps->denies == CC_NO && scps->allows == CC_NO;
    const enum cc_cause cause = implicit ? CC_CAUSE_SCP_NO_ALLOW : cc_denial_cause(denial);

    cc_finding_add(findings, cause, CC_FINDING_PROVED, "AWS says so");
}

static enum cc_needed_action action_of(const struct cc_denial *denial)
{
    for (size_t i = 0; cc_needed_actions[i]; i++) {
        if (denial->action && cc_text_equal_nocase(denial->action, cc_needed_actions[i])) {
            return (enum cc_needed_action)i;
        }
    }
    return CC_ACTION_ASSUME;
}

/* What a document says about a caller who is not known, is not known either. */
static const struct cc_evidence *about_caller(struct cc_arena *mem,
                                              const struct cc_evidence *evidence)
{
    struct cc_evidence *less = cc_alloc(mem, sizeof(*less));

    *less = *evidence;
    if (!evidence->source->caller.arn) {
        less->trust = (struct cc_documents){0};
        less->rcps = (struct cc_org_levels){0};
    }
    return less;
}

void cc_findings_make(struct cc_arena *mem, const struct cc_evidence *whole,
                      struct cc_findings *findings)
{
    const struct cc_evidence *evidence = about_caller(mem, whole);

    *findings = (struct cc_findings){
        .mem = mem, .evidence = evidence, .action = action_of(&evidence->denial)};
    findings->same_account =
        cc_text_equal(evidence->account, evidence->source->identity.account_id);
    findings->one = cc_evidence_case(mem, evidence, findings->action);
    findings->decision = cc_decide(mem, &findings->one);
    of_text(findings);
    of_probes(findings);
    if (evidence->role_missing) {
        of_role(findings);
        return; /* no policy can help */
    }
    of_identity(findings);
    cc_findings_simulated(findings);
    cc_findings_trust(findings);
    of_role(findings);
    of_boundary(findings);
    of_scps(findings);
    of_rcps(findings);
    of_session_policy(findings);
    of_endpoint(findings);
}

/* --- choosing --- */

static enum cc_finding_state highest(const struct cc_findings *findings, bool *alone_only)
{
    enum cc_finding_state state = CC_FINDING_OPEN;

    *alone_only = false;
    for (size_t i = 0; i < findings->count; i++) {
        state = findings->rows[i].state > state ? findings->rows[i].state : state;
    }
    for (size_t i = 0; i < findings->count; i++) {
        *alone_only = *alone_only || (findings->rows[i].alone && state == CC_FINDING_LIKELY);
    }
    return state;
}

/* Everything but one family is excluded, or only what nobody can read is left beside it. */
static bool one_family_may(const struct cc_findings *findings, const struct cc_finding *const *rows,
                           size_t count)
{
    const struct cc_finding *first = rows[0];

    for (size_t i = 1; i < count; i++) {
        const enum cc_family family = cc_cause_family(rows[i]->cause);
        const bool other = family != cc_cause_family(first->cause);

        if (other && (rows[i]->state == CC_FINDING_MAYBE || family == CC_FAMILY_IDENTITY ||
                      family == CC_FAMILY_BOUNDARY)) {
            return false;
        }
    }
    return first->state == CC_FINDING_MAYBE && cc_findings_source_fine(findings);
}

static bool one_family(const struct cc_finding *const *chosen, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (cc_cause_family(chosen[i]->cause) != cc_cause_family(chosen[0]->cause)) {
            return false;
        }
    }
    return count > 0;
}

/*
 * What is proved is told in the order of AWS's own evaluation: an explicit deny is found before a
 * missing Allow, and SCPs come before the caller's own policies. Of what is only open, an explicit
 * deny is less likely, because AWS usually names it.
 */
static int rank(const struct cc_finding *row)
{
    const enum cc_family family = cc_cause_family(row->cause);
    const bool is_explicit =
        row->cause == cc_cause_explicit(family) && row->cause != cc_cause_implicit(family);
    int rank = (int)row->state * 4;

    if (row->state == CC_FINDING_PROVED) {
        rank += (is_explicit ? 2 : 0) + (family == CC_FAMILY_SCP ? 1 : 0);
    } else if (row->state == CC_FINDING_OPEN) {
        rank -= is_explicit ? 1 : 0;
    }
    return rank;
}

/* Stable: equals stay in the order of their making. */
static void sort(const struct cc_finding **chosen, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct cc_finding *row = chosen[i];
        size_t at = i;

        while (at > 0 && rank(chosen[at - 1]) < rank(row)) {
            chosen[at] = chosen[at - 1];
            at--;
        }
        chosen[at] = row;
    }
}

static enum cc_certainty certainty_of(const struct cc_findings *findings,
                                      const struct cc_finding *const *chosen, size_t count)
{
    const enum cc_finding_state state = count > 0 ? chosen[0]->state : CC_FINDING_OPEN;

    if (state == CC_FINDING_PROVED) {
        return count == 1 ? CC_CERTAIN : CC_LIKELY;
    }
    if (state == CC_FINDING_LIKELY) {
        return findings->doubt ? CC_POSSIBLE : CC_LIKELY;
    }
    return count > 0 && (one_family(chosen, count) || one_family_may(findings, chosen, count))
               ? CC_LIKELY
               : CC_POSSIBLE;
}

size_t cc_findings_choose(const struct cc_findings *findings, const struct cc_finding **chosen,
                          enum cc_certainty *certainty)
{
    bool alone_only = false;
    const enum cc_finding_state state = highest(findings, &alone_only);
    size_t count = 0;

    for (size_t i = 0; i < findings->count; i++) {
        const struct cc_finding *row = &findings->rows[i];

        if ((state != CC_FINDING_PROVED || row->state == state) && (!alone_only || row->alone)) {
            chosen[count++] = row;
        }
    }
    sort(chosen, count);
    *certainty = certainty_of(findings, chosen, count);
    return count;
}
