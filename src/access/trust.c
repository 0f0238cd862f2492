#include "credctl/base/text.h"

#include "findings.h"

#include <string.h>

/* Causes in the role's trust policy. */

/* The cause when the trust does not allow the action itself. */
static enum cc_cause not_allowed(const struct cc_findings *findings)
{
    switch (findings->action) {
    case CC_ACTION_TAG: return CC_CAUSE_TRUST_TAGS;
    case CC_ACTION_SOURCE_IDENTITY: return CC_CAUSE_TRUST_SOURCE_IDENTITY;
    default: return CC_CAUSE_TRUST_NO_ALLOW;
    }
}

static enum cc_cause of_external_id(const struct cc_findings *findings)
{
    return findings->evidence->hop->external_id ? CC_CAUSE_EXTERNAL_ID_WRONG
                                                : CC_CAUSE_EXTERNAL_ID_MISSING;
}

static enum cc_cause of_condition(const struct cc_findings *findings, const char *key)
{
    if (findings->action != CC_ACTION_ASSUME) {
        return not_allowed(findings);
    }
    if (cc_text_equal_nocase(key, "sts:ExternalId")) {
        return of_external_id(findings);
    }
    if (cc_text_equal_nocase(key, "aws:MultiFactorAuthPresent") ||
        cc_text_equal_nocase(key, "aws:MultiFactorAuthAge")) {
        return CC_CAUSE_TRUST_MFA;
    }
    return cc_text_equal_nocase(key, "sts:SourceIdentity") ? CC_CAUSE_TRUST_SOURCE_IDENTITY
                                                           : CC_CAUSE_TRUST_CONDITION;
}

/* --- from the document --- */

static size_t failing(const struct cc_statement_verdict *verdict, enum cc_tri holds)
{
    size_t count = 0;

    for (size_t i = 0; i < verdict->statement->condition_count; i++) {
        count += verdict->conditions[i].holds == holds;
    }
    return count;
}

/* The statement with an Allow for this caller that is closest to applying. */
static const struct cc_statement_verdict *closest(const struct cc_layer *layer)
{
    const struct cc_statement_verdict *best = NULL;

    for (size_t i = 0; i < layer->count; i++) {
        const struct cc_statement_verdict *row = &layer->statements[i];
        const bool candidate =
            row->statement->allows && row->action && row->resource && row->principal;

        if (candidate && (!best || failing(row, CC_NO) < failing(best, CC_NO))) {
            best = row;
        }
    }
    return best;
}

static void by_conditions(struct cc_findings *findings, const struct cc_statement_verdict *verdict)
{
    const enum cc_tri worst = failing(verdict, CC_NO) > 0 ? CC_NO : CC_MAYBE;
    const bool named = findings->evidence->denial.family == CC_FAMILY_TRUST;
    const enum cc_finding_state state = worst == CC_NO ? CC_FINDING_PROVED
                                        : named        ? CC_FINDING_LIKELY
                                                       : CC_FINDING_MAYBE;

    for (size_t i = 0; i < verdict->statement->condition_count; i++) {
        const struct cc_condition *condition = verdict->conditions[i].condition;

        if (verdict->conditions[i].holds != worst) {
            continue;
        }
        struct cc_finding *row = cc_finding_add(findings, of_condition(findings, condition->key),
                                                state, "a condition of the trust policy");
        row->alone = row->alone || state == CC_FINDING_LIKELY;
        row->by = verdict;
        row->condition = condition;
    }
}

static bool is_unique_id(const char *value)
{
    return strlen(value) >= 16 && (cc_text_starts(value, "AROA") || cc_text_starts(value, "AIDA"));
}

/* IAM shows a deleted principal by its unique ID (IAM User Guide, "AWS JSON policy elements:
 * Principal"). */
static const char *deleted_in(const struct cc_statement *statement)
{
    for (size_t i = 0; i < statement->principal_count; i++) {
        if (is_unique_id(statement->principals[i].value)) {
            return statement->principals[i].value;
        }
    }
    return NULL;
}

static const struct cc_statement_verdict *with_deleted(const struct cc_layer *layer)
{
    for (size_t i = 0; i < layer->count; i++) {
        const struct cc_statement_verdict *row = &layer->statements[i];

        if (row->statement->allows && row->action && deleted_in(row->statement)) {
            return row;
        }
    }
    return NULL;
}

static void by_principal(struct cc_findings *findings, const struct cc_layer *layer)
{
    const struct cc_statement_verdict *deleted = with_deleted(layer);

    if (deleted && findings->action == CC_ACTION_ASSUME) {
        struct cc_finding *row = cc_finding_add(findings, CC_CAUSE_DELETED_PRINCIPAL,
                                                CC_FINDING_PROVED, deleted_in(deleted->statement));

        row->by = deleted;
        return;
    }
    cc_finding_add(findings, not_allowed(findings), CC_FINDING_PROVED,
                   "no statement of the trust policy allows this caller");
}

static void from_document(struct cc_findings *findings)
{
    const struct cc_layer_decision *layer = &findings->decision.layers[CC_LAYER_RESOURCE];
    const struct cc_statement_verdict *best = closest(&layer->levels[0]);

    if (layer->denies != CC_NO) {
        struct cc_finding *row =
            cc_finding_add(findings, CC_CAUSE_TRUST_DENY,
                           layer->denies == CC_YES ? CC_FINDING_PROVED : CC_FINDING_MAYBE,
                           "its document denies it");

        row->by = cc_layer_denying(&layer->levels[0]);
    }
    if (layer->denies == CC_YES) {
        return;
    }
    if (layer->allows == CC_YES && findings->evidence->denial.family == CC_FAMILY_TRUST) {
        cc_finding_add(findings, not_allowed(findings), CC_FINDING_LIKELY,
                       "AWS says so, although the document that was read allows it")
            ->alone = true;
    } else if (layer->allows != CC_YES && best) {
        by_conditions(findings, best);
    } else if (layer->allows != CC_YES) {
        by_principal(findings, &layer->levels[0]);
    }
}

/* --- without it --- */

/* The message names an action that is asked about only when sts:AssumeRole is allowed. */
static void of_other_action(struct cc_findings *findings)
{
    const bool named = findings->evidence->denial.family == CC_FAMILY_TRUST;
    const bool proved = named || cc_findings_source_fine(findings);

    cc_finding_add(findings, not_allowed(findings), proved ? CC_FINDING_PROVED : CC_FINDING_LIKELY,
                   proved ? "AWS names the action, and the caller's side allows it"
                          : "AWS names the action, but not the side");
}

static const enum cc_cause without_id[] = {
    CC_CAUSE_TRUST_NO_ALLOW,        CC_CAUSE_EXTERNAL_ID_MISSING, CC_CAUSE_ROLE_MISSING,
    CC_CAUSE_TRUST_CONDITION,       CC_CAUSE_DELETED_PRINCIPAL,   CC_CAUSE_TRUST_MFA,
    CC_CAUSE_TRUST_SOURCE_IDENTITY, CC_CAUSE_TRUST_DENY,
};
static const enum cc_cause with_id[] = {
    CC_CAUSE_EXTERNAL_ID_WRONG,     CC_CAUSE_TRUST_NO_ALLOW,    CC_CAUSE_ROLE_MISSING,
    CC_CAUSE_TRUST_CONDITION,       CC_CAUSE_DELETED_PRINCIPAL, CC_CAUSE_TRUST_MFA,
    CC_CAUSE_TRUST_SOURCE_IDENTITY, CC_CAUSE_TRUST_DENY,
};

static bool possible(const struct cc_findings *findings, enum cc_cause cause)
{
    const struct cc_evidence *evidence = findings->evidence;

    if (cause == CC_CAUSE_ROLE_MISSING) {
        return !evidence->role_known;
    }
    if (cause == CC_CAUSE_TRUST_SOURCE_IDENTITY) {
        return !evidence->hop->source_identity;
    }
    return cause != CC_CAUSE_TRUST_DENY || evidence->denial.family == CC_FAMILY_NONE;
}

static void guess(struct cc_findings *findings)
{
    const bool sent = findings->evidence->hop->external_id != NULL;
    const enum cc_cause *causes = sent ? with_id : without_id;
    const bool named = findings->evidence->denial.family == CC_FAMILY_TRUST &&
                       !findings->evidence->denial.explicit_deny;
    static const char note[] = "the trust policy could not be read";

    findings->doubt = named && sent;
    for (size_t i = 0; i < CC_COUNT(without_id); i++) {
        if (possible(findings, causes[i])) {
            struct cc_finding *row = cc_finding_add(
                findings, causes[i], named ? CC_FINDING_LIKELY : CC_FINDING_OPEN, note);

            row->alone = row->alone || named;
        }
    }
}

void cc_findings_trust(struct cc_findings *findings)
{
    if (findings->evidence->trust.known == CC_KNOWN) {
        from_document(findings);
    } else if (findings->action != CC_ACTION_ASSUME) {
        of_other_action(findings);
    } else {
        guess(findings);
    }
}
