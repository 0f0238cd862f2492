#include "credctl/base/text.h"

#include "parts.h"

static bool action_matches(const struct cc_statement *statement,
                           const struct cc_access_request *request)
{
    bool any = false;

    for (size_t i = 0; statement->action.values[i] && !any; i++) {
        any = cc_pattern_fits(statement->action.values[i], request->action, CC_PATTERN_ACTION,
                              request->context->work);
    }
    return any != statement->action.negated;
}

/* A statement without the element is about the resource that it is attached to. */
static enum cc_tri resource_matches(struct cc_arena *mem, const struct cc_statement *statement,
                                    const struct cc_access_request *request, bool variables)
{
    const struct cc_context *context = request->context;
    bool unknown = false;
    bool any = false;

    if (!statement->resource.present) {
        return CC_YES;
    }
    for (size_t i = 0; statement->resource.values[i] && !any; i++) {
        const char *pattern = statement->resource.values[i];

        pattern = variables ? cc_pattern_expand_arn(mem, pattern, context, &unknown) : pattern;
        any = pattern &&
              cc_pattern_fits(pattern, request->resource, CC_PATTERN_RESOURCE, context->work);
    }
    const enum cc_tri found = any ? CC_YES : unknown ? CC_MAYBE : CC_NO;

    return statement->resource.negated ? (enum cc_tri)(CC_YES - found) : found;
}

/*
 * A Deny with NotPrincipal denies whoever has a permissions boundary, also when it is listed (IAM
 * User Guide, "Permissions boundaries for IAM entities").
 */
static enum cc_named named_in(const struct cc_statement *statement,
                              const struct cc_access_request *request)
{
    const struct cc_caller *caller = request->caller;

    if (!statement->principal.present) {
        return request->of_resource ? CC_NAMED_NOT : CC_NAMED_ANYONE;
    }
    const enum cc_named named = cc_principal_named(statement, caller);

    if (!statement->principal.negated) {
        return named;
    }
    return named == CC_NAMED_NOT || (caller->bounded && !statement->allows) ? CC_NAMED_ANYONE
                                                                            : CC_NAMED_NOT;
}

static struct cc_statement_verdict judge(struct cc_arena *mem, const struct cc_policy *policy,
                                         const struct cc_statement *statement,
                                         const struct cc_access_request *request)
{
    const struct cc_work *work = request->context->work;
    struct cc_statement_verdict verdict = {.policy = policy, .statement = statement};

    verdict.named = named_in(statement, request);
    verdict.principal = verdict.named != CC_NAMED_NOT;
    verdict.action = action_matches(statement, request);
    enum cc_tri applies = resource_matches(mem, statement, request, policy->variables);
    verdict.resource = applies != CC_NO;
    verdict.conditions =
        cc_alloc(mem, (statement->condition_count + 1) * sizeof(*verdict.conditions));
    for (size_t i = 0; i < statement->condition_count; i++) {
        struct cc_condition_verdict *condition = &verdict.conditions[i];

        condition->condition = &statement->conditions[i];
        condition->holds = cc_work_spent(work)
                               ? CC_MAYBE
                               : cc_condition_holds(mem, condition->condition, request->context,
                                                    policy->variables);
        applies = condition->holds < applies ? condition->holds : applies;
    }
    verdict.applies = cc_work_spent(work)                   ? CC_MAYBE
                      : verdict.principal && verdict.action ? applies
                                                            : CC_NO;
    return verdict;
}

static void count_in(struct cc_layer *layer, const struct cc_statement_verdict *verdict)
{
    enum cc_tri *effect = verdict->statement->allows ? &layer->allows : &layer->denies;

    *effect = verdict->applies > *effect ? verdict->applies : *effect;
    if (verdict->statement->allows && verdict->applies != CC_NO) {
        layer->may_name |= 1U << verdict->named;
        layer->named |= verdict->applies == CC_YES ? 1U << verdict->named : 0;
    }
}

struct cc_layer cc_evaluate(struct cc_arena *mem, struct cc_policies policies,
                            const struct cc_access_request *request)
{
    struct cc_layer layer = {.allows = CC_NO, .denies = CC_NO};

    for (size_t i = 0; i < policies.count; i++) {
        layer.count += policies.rows[i].count;
    }
    layer.statements = cc_alloc(mem, (layer.count + 1) * sizeof(*layer.statements));
    layer.count = 0;
    for (size_t i = 0; i < policies.count; i++) {
        const struct cc_policy *policy = &policies.rows[i];

        for (size_t k = 0; k < policy->count; k++) {
            struct cc_statement_verdict *verdict = &layer.statements[layer.count++];

            *verdict = judge(mem, policy, &policy->statements[k], request);
            count_in(&layer, verdict);
        }
    }
    return layer;
}

static const struct cc_statement_verdict *first(const struct cc_layer *layer, bool allows)
{
    const struct cc_statement_verdict *best = NULL;

    for (size_t i = 0; i < layer->count; i++) {
        const struct cc_statement_verdict *verdict = &layer->statements[i];
        const enum cc_tri least = best ? best->applies : CC_NO;

        if (verdict->statement->allows == allows && verdict->applies > least) {
            best = verdict;
        }
    }
    return best;
}

const struct cc_statement_verdict *cc_layer_denying(const struct cc_layer *layer)
{
    return first(layer, false);
}

const struct cc_statement_verdict *cc_layer_allowing(const struct cc_layer *layer)
{
    return first(layer, true);
}
