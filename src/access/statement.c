#include "credctl/base/text.h"

#include "findings.h"

#include <string.h>

/*
 * The smallest statement: with it the call succeeds, and nothing else becomes possible. Where no
 * single statement does that, there is none.
 */

static void release(void *json)
{
    cJSON_Delete(json);
}

static cJSON *new_statement(struct cc_arena *mem)
{
    cJSON *statement = cJSON_CreateObject();

    cc_arena_adopt(mem, release, statement);
    return statement;
}

/* A text, or a list of several. */
static void put_texts(cJSON *to, const char *name, const char *const *texts, size_t count)
{
    if (count == 1) {
        cJSON_AddStringToObject(to, name, texts[0]);
        return;
    }
    cJSON *list = cJSON_AddArrayToObject(to, name);
    for (size_t i = 0; i < count; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(texts[i]));
    }
}

static void put_condition(cJSON *to, const char *operator, const char * key, const char *value)
{
    cJSON *conditions = cJSON_GetObjectItemCaseSensitive(to, "Condition");

    conditions = conditions ? conditions : cJSON_AddObjectToObject(to, "Condition");
    cJSON *block = cJSON_GetObjectItemCaseSensitive(conditions, operator);
    block = block ? block : cJSON_AddObjectToObject(conditions, operator);
    cJSON_AddStringToObject(block, key, value);
}

/* --- which actions the layer lacks --- */

static enum cc_layer_kind layer_of(enum cc_family family)
{
    switch (family) {
    case CC_FAMILY_BOUNDARY: return CC_LAYER_BOUNDARY;
    case CC_FAMILY_SCP: return CC_LAYER_SCP;
    case CC_FAMILY_TRUST: return CC_LAYER_RESOURCE;
    default: return CC_LAYER_IDENTITY;
    }
}

/* Where the documents could not be read, the simulation knows. */
static bool lacks_simulated(const struct cc_simulated *simulated, enum cc_family family)
{
    const struct cc_maybe_flag boundary = simulated->by_boundary;

    if (!simulated->done) {
        return false;
    }
    if (family == CC_FAMILY_BOUNDARY) {
        return boundary.known && !boundary.value;
    }
    return family == CC_FAMILY_IDENTITY && simulated->allowed != CC_YES &&
           (!boundary.known || boundary.value);
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
    if (!cc_action_needed(evidence, action)) {
        return false;
    }
    if (one.layers[kind].present) {
        const struct cc_layer_decision layer = cc_decide_layer(findings->mem, &one, kind);

        return layer.allows == CC_NO || same_doubt(&findings->decision.layers[kind], &layer);
    }
    return lacks_simulated(&evidence->simulated[action], family);
}

static size_t lacking(const struct cc_findings *findings, enum cc_family family,
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
    cJSON *statement = new_statement(findings->mem);

    cJSON_AddStringToObject(statement, "Effect", "Allow");
    put_texts(statement, "Action", actions, lacking(findings, family, actions));
    cJSON_AddStringToObject(statement, "Resource", findings->evidence->hop->role_arn);
    return statement;
}

/* The ARN of the caller is complete. */
static bool is_exact(const struct cc_findings *findings)
{
    const struct cc_access_source *source = findings->evidence->source;

    return !source->is_role || source->path_known || findings->one.caller.arn != source->caller.arn;
}

/* Exactly this role or user, for every session of it. Without its path, a role is known only by its
 * unique ID. */
static void put_caller(const struct cc_findings *findings, cJSON *statement)
{
    const struct cc_access_source *source = findings->evidence->source;
    const char *arn = findings->one.caller.arn;
    cJSON *principal = cJSON_AddObjectToObject(statement, "Principal");

    if (is_exact(findings) || !source->caller.unique_id) {
        cJSON_AddStringToObject(principal, "AWS", arn);
        return;
    }
    cJSON_AddStringToObject(principal, "AWS",
                            cc_textf(findings->mem, "arn:%s:iam::%s:root", source->caller.partition,
                                     source->caller.account));
    put_condition(statement, "StringLike", "aws:userid",
                  cc_textf(findings->mem, "%s:*", source->caller.unique_id));
}

/* sts:ExternalId is a key of sts:AssumeRole alone: another action gets a statement without it. */
static cJSON *allow_caller(const struct cc_findings *findings)
{
    const char *external_id = findings->evidence->hop->external_id;
    const bool assume = findings->action == CC_ACTION_ASSUME;
    const char *actions[CC_NEEDED_ACTIONS] = {cc_needed_actions[findings->action]};
    cJSON *statement = new_statement(findings->mem);
    const bool with_id = assume && external_id;

    cJSON_AddStringToObject(statement, "Effect", "Allow");
    put_caller(findings, statement);
    put_texts(statement, "Action", actions,
              assume && !with_id ? lacking(findings, CC_FAMILY_TRUST, actions) : 1);
    if (with_id) {
        put_condition(statement, "StringEquals", "sts:ExternalId", external_id);
    }
    return statement;
}

/* --- an exception in a Deny --- */

static bool only_needed_actions(const struct cc_findings *findings,
                                const struct cc_statement *statement)
{
    for (size_t i = 0; statement->action.values[i]; i++) {
        bool needed = false;

        for (int k = 0; k < CC_NEEDED_ACTIONS; k++) {
            needed = needed ||
                     (cc_text_equal_nocase(statement->action.values[i], cc_needed_actions[k]) &&
                      (k == (int)findings->action ||
                       cc_action_needed(findings->evidence, (enum cc_needed_action)k)));
        }
        if (!needed) {
            return false;
        }
    }
    return !statement->action.negated;
}

/* The only statement that denies, in all levels of the layer. */
static bool denies_alone(const struct cc_layer_decision *layer)
{
    size_t count = 0;

    for (size_t i = 0; i < layer->count; i++) {
        for (size_t k = 0; k < layer->levels[i].count; k++) {
            const struct cc_statement_verdict *row = &layer->levels[i].statements[k];

            count += !row->statement->allows && row->applies != CC_NO;
        }
    }
    return count == 1;
}

/* Every role, as "*" or as a pattern: a role's name cannot be excluded from less. */
static bool is_every_role(const char *pattern, const char *role_arn)
{
    return cc_text_equal(pattern, "*") || cc_text_equal(pattern, "arn:*:iam::*:role/*") ||
           (cc_text_starts(pattern, "arn:aws") && cc_text_ends(pattern, ":iam::*:role/*") &&
            cc_pattern_matches(pattern, role_arn, false));
}

static void put_list(cJSON *to, const char *name, const char *const *values, const char *more,
                     const char *less)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; values[i]; i++) {
        if (!less || !cc_text_equal(values[i], less)) {
            cJSON_AddItemToArray(list, cJSON_CreateString(values[i]));
        }
    }
    if (more) {
        cJSON_AddItemToArray(list, cJSON_CreateString(more));
    }
    cJSON_DeleteItemFromObjectCaseSensitive(to, name);
    cJSON_AddItemToObject(to, name, list);
}

/* How many values match the role, and whether it is one of them by its own name. */
static size_t matching(const struct cc_element *element, const char *role_arn, bool *literally)
{
    size_t count = 0;

    *literally = false;
    for (size_t i = 0; element->values[i]; i++) {
        count += cc_pattern_matches(element->values[i], role_arn, false);
        *literally = *literally || cc_text_equal(element->values[i], role_arn);
    }
    return count;
}

static bool except_role(const struct cc_findings *findings, const struct cc_statement *statement,
                        cJSON *to)
{
    const char *role = findings->evidence->hop->role_arn;
    const struct cc_element *element = &statement->resource;
    bool literally = false;

    if (!element->present) {
        return false;
    }
    if (element->negated) {
        put_list(to, "NotResource", element->values, role, NULL);
        return true;
    }
    const bool single = element->values[0] && !element->values[1];
    if (single && is_every_role(element->values[0], role)) {
        cJSON_DeleteItemFromObjectCaseSensitive(to, "Resource");
        cJSON_AddStringToObject(to, "NotResource", role);
        return true;
    }
    if (!single && matching(element, role, &literally) == 1 && literally) {
        put_list(to, "Resource", element->values, NULL, role);
        return true;
    }
    return false;
}

/* With an external ID the exception would need two conditions at once, and so a statement more. */
static bool except_caller(const struct cc_findings *findings, const struct cc_statement *statement,
                          cJSON *to)
{
    const struct cc_access_source *source = findings->evidence->source;
    const char *arn = findings->one.caller.arn;
    const bool exact = is_exact(findings);
    const char *key = exact ? "aws:PrincipalArn" : "aws:userid";

    if (findings->evidence->hop->external_id || (!exact && !source->caller.unique_id)) {
        return false;
    }
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (cc_text_equal_nocase(statement->conditions[i].key, key)) {
            return false;
        }
    }
    if (exact) {
        put_condition(to, "ArnNotEquals", key, arn);
    } else {
        put_condition(to, "StringNotLike", key,
                      cc_textf(findings->mem, "%s:*", source->caller.unique_id));
    }
    return true;
}

static cJSON *exception(const struct cc_findings *findings, const struct cc_finding *first,
                        enum cc_layer_kind kind)
{
    const struct cc_statement *statement = first->by ? first->by->statement : NULL;

    if (!statement || first->state != CC_FINDING_PROVED ||
        !denies_alone(&findings->decision.layers[kind]) ||
        findings->decision.layers[kind].allows == CC_NO ||
        !only_needed_actions(findings, statement)) {
        return NULL;
    }
    cJSON *copy = cJSON_Duplicate(statement->json, true);
    cc_arena_adopt(findings->mem, release, copy);
    const bool made = kind == CC_LAYER_RESOURCE ? except_caller(findings, statement, copy)
                                                : except_role(findings, statement, copy);
    return made ? copy : NULL;
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
            diagnosis->statement = exception(findings, first, kinds[i].kind);
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
    case CC_CAUSE_ENDPOINT_NO_ALLOW: {
        cJSON *statement = allow_on_role(findings, CC_FAMILY_ENDPOINT);
        cJSON *principal = cJSON_AddObjectToObject(statement, "Principal");

        cJSON_AddStringToObject(principal, "AWS",
                                is_exact(findings)
                                    ? findings->one.caller.arn
                                    : cc_textf(findings->mem, "arn:%s:iam::%s:root",
                                               source->caller.partition, source->caller.account));
        diagnosis->statement = statement;
        break;
    }
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
