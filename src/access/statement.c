#include "credctl/base/text.h"

#include "findings.h"

#include <string.h>

/*
 * The smallest statement: with it the call succeeds, and nothing else becomes possible. Where no
 * single statement does that, there is none.
 */

/* --- which actions the layer lacks --- */

static enum cc_layer_kind layer_of(enum cc_family family)
{
    switch (family) {
    case CC_FAMILY_BOUNDARY: return CC_LAYER_BOUNDARY;
    case CC_FAMILY_SCP: return CC_LAYER_SCP;
    case CC_FAMILY_TRUST: return CC_LAYER_RESOURCE;
    case CC_FAMILY_SESSION: return CC_LAYER_SESSION;
    case CC_FAMILY_ENDPOINT: return CC_LAYER_ENDPOINT;
    default: return CC_LAYER_IDENTITY;
    }
}

/* Where the documents could not be read, the simulation can know. Otherwise: who lacks one action
 * of the call lacks the others too. */
static bool lacks_unread(const struct cc_simulated *simulated, enum cc_family family)
{
    const struct cc_maybe_flag boundary = simulated->by_boundary;

    if (!simulated->done || (family != CC_FAMILY_BOUNDARY && family != CC_FAMILY_IDENTITY)) {
        return true;
    }
    if (family == CC_FAMILY_BOUNDARY) {
        return boundary.known && !boundary.value;
    }
    return simulated->allowed != CC_YES && (!boundary.known || boundary.value);
}

/* The statement that may allow the action is the one that does not allow the denied one. */
static bool same_doubt(const struct cc_layer_decision *denied,
                       const struct cc_layer_decision *other)
{
    const struct cc_statement_verdict *one = NULL;
    const struct cc_statement_verdict *more = NULL;

    if (denied->allows != CC_MAYBE || other->allows != CC_MAYBE || denied->count != 1) {
        return false;
    }
    one = cc_layer_allowing(&denied->levels[0]);
    more = cc_layer_allowing(&other->levels[0]);
    return one && more && one->statement == more->statement;
}

static bool lacks(const struct cc_findings *findings, enum cc_family family,
                  enum cc_needed_action action)
{
    const struct cc_evidence *evidence = findings->evidence;
    const struct cc_case one = cc_evidence_case(findings->mem, evidence, action);
    const enum cc_layer_kind kind = layer_of(family);

    if (action == findings->action) {
        return true;
    }
    if (action == CC_ACTION_ASSUME || !cc_action_needed(evidence, action)) {
        return false; /* AWS asks about another action only where sts:AssumeRole is allowed */
    }
    if (one.layers[kind].present) {
        const struct cc_layer_decision layer = cc_decide_layer(findings->mem, &one, kind);

        return layer.allows == CC_NO || same_doubt(&findings->decision.layers[kind], &layer);
    }
    return lacks_unread(&evidence->simulated[action], family);
}

size_t cc_findings_lacking(const struct cc_findings *findings, enum cc_family family,
                           const char *actions[CC_NEEDED_ACTIONS])
{
    size_t count = 0;

    for (int i = 0; i < CC_NEEDED_ACTIONS; i++) {
        if (lacks(findings, family, (enum cc_needed_action)i)) {
            actions[count++] = cc_needed_actions[i];
        }
    }
    return count;
}

/* --- Allow --- */

static cJSON *allow_on_role(const struct cc_findings *findings, enum cc_family family)
{
    const char *actions[CC_NEEDED_ACTIONS];
    cJSON *statement = cc_statement_new(findings->mem);

    cJSON_AddStringToObject(statement, "Effect", "Allow");
    cc_statement_put_texts(statement, "Action", actions,
                           cc_findings_lacking(findings, family, actions));
    cJSON_AddStringToObject(statement, "Resource", findings->evidence->hop->role_arn);
    return statement;
}

/* Exactly this role or user, for every session of it. Without its path, a role is known only by its
 * unique ID. */
static bool by_unique_id(const struct cc_findings *findings)
{
    return !cc_findings_exact(findings) && findings->evidence->source->caller.unique_id;
}

static const char *root_of(const struct cc_findings *findings)
{
    const struct cc_caller *caller = &findings->one.caller;

    return cc_textf(findings->mem, "arn:%s:iam::%s:root", caller->partition, caller->account);
}

/*
 * sts:ExternalId is a key of sts:AssumeRole alone: another action needs a statement without it. So
 * there is no single one where the trust policy lacks both.
 */
static cJSON *allow_caller(const struct cc_findings *findings)
{
    const char *external_id = findings->evidence->hop->external_id;
    const bool assume = findings->action == CC_ACTION_ASSUME;
    const char *actions[CC_NEEDED_ACTIONS] = {cc_needed_actions[findings->action]};
    const size_t count = assume || findings->evidence->trust.known == CC_KNOWN
                             ? cc_findings_lacking(findings, CC_FAMILY_TRUST, actions)
                             : 1;
    const bool with_id = assume && external_id;

    if (!findings->one.caller.arn || (with_id && count > 1)) {
        return NULL;
    }
    cJSON *statement = cc_statement_new(findings->mem);
    cJSON_AddStringToObject(statement, "Effect", "Allow");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(statement, "Principal"), "AWS",
                            by_unique_id(findings) ? root_of(findings) : findings->one.caller.arn);
    cc_statement_put_texts(statement, "Action", actions, count);
    if (by_unique_id(findings)) {
        cc_statement_put_condition(
            statement, "StringLike", "aws:userid",
            cc_textf(findings->mem, "%s:*", findings->evidence->source->caller.unique_id));
    }
    if (with_id) {
        cc_statement_put_condition(statement, "StringEquals", "sts:ExternalId", external_id);
    }
    return statement;
}

/* An endpoint's policy names principals as well. */
static cJSON *allow_at_endpoint(const struct cc_findings *findings)
{
    const char *arn = findings->one.caller.arn;

    if (!arn) {
        return NULL;
    }
    cJSON *statement = allow_on_role(findings, CC_FAMILY_ENDPOINT);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(statement, "Principal"), "AWS",
                            cc_findings_exact(findings) ? arn : root_of(findings));
    return statement;
}

/* --- where it goes --- */

static const char *policy_of(const struct cc_finding *first)
{
    const char *name = first->by ? first->by->policy->name : NULL;

    return name && cc_text_starts(name, "arn:") ? name : NULL;
}

static const char *lacking_level(const struct cc_findings *findings)
{
    const struct cc_org_levels *levels = &findings->evidence->source->scps;
    const struct cc_layer_decision *layer = &findings->decision.layers[CC_LAYER_SCP];
    const char *id = NULL;
    size_t count = 0;

    for (size_t i = 0; levels->known == CC_KNOWN && i < layer->count; i++) {
        if (layer->levels[i].allows == CC_NO) {
            id = levels->rows[i].id;
            count++;
        }
    }
    return count == 1 ? id : NULL; /* for several, one statement is not enough */
}

static void put_deny(const struct cc_findings *findings, const struct cc_finding *first,
                     struct cc_diagnosis *diagnosis)
{
    static const struct {
        enum cc_cause cause;
        enum cc_layer_kind kind;
    } kinds[] = {
        {CC_CAUSE_IDENTITY_DENY, CC_LAYER_IDENTITY}, {CC_CAUSE_BOUNDARY_DENY, CC_LAYER_BOUNDARY},
        {CC_CAUSE_SCP_DENY, CC_LAYER_SCP},           {CC_CAUSE_RCP_DENY, CC_LAYER_RCP},
        {CC_CAUSE_TRUST_DENY, CC_LAYER_RESOURCE},
    };
    const char *source = findings->one.caller.arn;

    for (size_t i = 0; i < CC_COUNT(kinds); i++) {
        if (kinds[i].cause == first->cause) {
            diagnosis->statement = cc_exception(findings, first, kinds[i].kind);
            diagnosis->attach_to = policy_of(first);
        }
    }
    if (!diagnosis->attach_to && first->cause == CC_CAUSE_IDENTITY_DENY) {
        diagnosis->attach_to = source;
    }
    if (first->cause == CC_CAUSE_TRUST_DENY) {
        diagnosis->attach_to = findings->evidence->hop->role_arn;
    }
    if (diagnosis->statement) {
        const struct cc_statement *old = first->by->statement;

        diagnosis->replace = true;
        diagnosis->replaces = old->sid ? old->sid : cc_textf(findings->mem, "#%zu", old->index);
    } else if (findings->evidence->denial.policy_arn && !diagnosis->attach_to) {
        diagnosis->attach_to = findings->evidence->denial.policy_arn;
    }
}

/* A condition on who the caller is is mended by a statement of its own. */
static bool names_another_caller(const struct cc_finding *first)
{
    return first->condition && first->state == CC_FINDING_PROVED &&
           cc_text_equal_nocase(first->condition->key, "aws:PrincipalArn");
}

static void put_allow(const struct cc_findings *findings, const struct cc_finding *first,
                      struct cc_diagnosis *diagnosis)
{
    const struct cc_access_source *source = findings->evidence->source;

    switch (first->cause) {
    case CC_CAUSE_IDENTITY_NO_ALLOW:
        diagnosis->statement = allow_on_role(findings, CC_FAMILY_IDENTITY);
        diagnosis->attach_to = findings->one.caller.arn;
        break;
    case CC_CAUSE_BOUNDARY_NO_ALLOW:
        diagnosis->statement = allow_on_role(findings, CC_FAMILY_BOUNDARY);
        diagnosis->attach_to = source->boundary.at ? source->boundary.at : source->caller.arn;
        break;
    case CC_CAUSE_SESSION_NO_ALLOW:
        diagnosis->statement = allow_on_role(findings, CC_FAMILY_SESSION);
        diagnosis->attach_to = source->identity.arn;
        break;
    case CC_CAUSE_SCP_NO_ALLOW:
        diagnosis->attach_to = lacking_level(findings);
        diagnosis->statement = diagnosis->attach_to ? allow_on_role(findings, CC_FAMILY_SCP) : NULL;
        break;
    case CC_CAUSE_ENDPOINT_NO_ALLOW: diagnosis->statement = allow_at_endpoint(findings); break;
    case CC_CAUSE_TRUST_CONDITION:
        diagnosis->statement = names_another_caller(first) ? allow_caller(findings) : NULL;
        diagnosis->attach_to = findings->evidence->hop->role_arn;
        break;
    case CC_CAUSE_TRUST_SOURCE_IDENTITY:
        diagnosis->statement =
            findings->action == CC_ACTION_SOURCE_IDENTITY ? allow_caller(findings) : NULL;
        diagnosis->attach_to = findings->evidence->hop->role_arn;
        break;
    case CC_CAUSE_TRUST_NO_ALLOW:
    case CC_CAUSE_DELETED_PRINCIPAL:
    case CC_CAUSE_TRUST_TAGS:
        diagnosis->statement = allow_caller(findings);
        diagnosis->attach_to = findings->evidence->hop->role_arn;
        break;
    default: put_deny(findings, first, diagnosis);
    }
}

void cc_diagnosis_statement(const struct cc_findings *findings, const struct cc_finding *first,
                            struct cc_diagnosis *diagnosis)
{
    const char *kind = cc_family_policy(cc_cause_family(first->cause));

    if (diagnosis->certainty == CC_POSSIBLE) {
        return; /* a statement would be a guess */
    }
    put_allow(findings, first, diagnosis);
    diagnosis->policy_kind = diagnosis->statement || diagnosis->attach_to ? kind : NULL;
}
