#include "credctl/base/text.h"

#include "findings.h"

/*
 * The smallest exception in a statement that denies. The copy takes the statement's place, so it
 * must deny everything else as before.
 */

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

static bool denies_too(const struct cc_layer *level, const struct cc_statement *statement)
{
    for (size_t i = 0; i < level->count; i++) {
        const struct cc_statement_verdict *row = &level->statements[i];

        if (!row->statement->allows && row->applies != CC_NO && row->statement != statement) {
            return true;
        }
    }
    return false;
}

/* No other statement of the layer denies the action. */
static bool denies_alone(const struct cc_layer_decision *layer,
                         const struct cc_statement *statement)
{
    for (size_t i = 0; i < layer->count; i++) {
        if (denies_too(&layer->levels[i], statement)) {
            return false;
        }
    }
    return true;
}

/* Without this Deny the layer is in the way of no action of the call. */
static bool is_enough(const struct cc_findings *findings, const struct cc_statement *statement,
                      enum cc_layer_kind kind)
{
    const enum cc_tri needed = cc_findings_needs(findings, kind);

    for (int i = 0; i < CC_NEEDED_ACTIONS; i++) {
        const enum cc_needed_action action = (enum cc_needed_action)i;

        if (action != findings->action && !cc_action_needed(findings->evidence, action)) {
            continue;
        }
        const struct cc_case one = cc_evidence_case(findings->mem, findings->evidence, action);
        const struct cc_layer_decision layer = cc_decide_layer(findings->mem, &one, kind);
        if ((needed != CC_NO && layer.allows != CC_YES) || !denies_alone(&layer, statement)) {
            return false;
        }
    }
    return true;
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
    const bool exact = cc_findings_exact(findings);
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
        cc_statement_put_condition(to, "ArnNotEquals", key, arn);
    } else {
        cc_statement_put_condition(to, "StringNotLike", key,
                                   cc_textf(findings->mem, "%s:*", source->caller.unique_id));
    }
    return true;
}

const cJSON *cc_exception(const struct cc_findings *findings, const struct cc_finding *first,
                          enum cc_layer_kind kind)
{
    const struct cc_statement *statement = first->by ? first->by->statement : NULL;

    if (!statement || first->state != CC_FINDING_PROVED ||
        !only_needed_actions(findings, statement) || !is_enough(findings, statement, kind)) {
        return NULL;
    }
    cJSON *copy = cc_statement_kept(findings->mem, cJSON_Duplicate(statement->json, true));
    const bool made = kind == CC_LAYER_RESOURCE ? except_caller(findings, statement, copy)
                                                : except_role(findings, statement, copy);
    return made ? copy : NULL;
}
