#include "credctl/policy/decide.h"

#include "credctl/base/text.h"

#include "parts.h"

const char *const cc_layer_names[] = {
    [CC_LAYER_IDENTITY] = "identity", [CC_LAYER_BOUNDARY] = "boundary",
    [CC_LAYER_SESSION] = "session",   [CC_LAYER_SCP] = "scp",
    [CC_LAYER_RCP] = "rcp",           [CC_LAYER_ENDPOINT] = "vpce",
    [CC_LAYER_RESOURCE] = "resource", NULL};
const char *const cc_layer_titles[] = {
    [CC_LAYER_IDENTITY] = "identity-based policies", [CC_LAYER_BOUNDARY] = "permissions boundary",
    [CC_LAYER_SESSION] = "session policy",           [CC_LAYER_SCP] = "service control policies",
    [CC_LAYER_RCP] = "resource control policies",    [CC_LAYER_ENDPOINT] = "VPC endpoint policy",
    [CC_LAYER_RESOURCE] = "resource-based policy",   NULL};

static enum cc_tri both(enum cc_tri a, enum cc_tri b)
{
    return a < b ? a : b;
}

static enum cc_tri either(enum cc_tri a, enum cc_tri b)
{
    return a > b ? a : b;
}

/* SCPs and RCPs do not limit these roles (AWS Organizations User Guide). */
static bool is_service_linked(const struct cc_caller *caller)
{
    return cc_pattern_matches("arn:*:iam::*:role/aws-service-role/*", caller->arn, false);
}

/* A caller without a name is one that is not known. */
static bool concerns(const struct cc_caller *caller, enum cc_layer_kind kind)
{
    if (!caller->arn) {
        return true;
    }
    switch (kind) {
    case CC_LAYER_IDENTITY:
    case CC_LAYER_BOUNDARY:
    case CC_LAYER_SESSION: return caller->account && !caller->root;
    case CC_LAYER_SCP: return caller->account && !is_service_linked(caller);
    case CC_LAYER_RCP: return !is_service_linked(caller);
    default: return true;
    }
}

static struct cc_layer_decision decide_layer(struct cc_arena *mem, const struct cc_case *one,
                                             enum cc_layer_kind kind, struct cc_work *work)
{
    const struct cc_levels *levels = &one->layers[kind];
    struct cc_caller caller = one->caller;
    struct cc_context context = one->context;
    const struct cc_access_request request = {&caller, one->action, one->resource, &context,
                                              .of_resource = kind == CC_LAYER_RESOURCE};
    struct cc_layer_decision decision = {.allows = CC_YES, .denies = CC_NO};

    if (!concerns(&caller, kind)) {
        return decision;
    }
    struct cc_layer *rows = cc_alloc(mem, (levels->count + 1) * sizeof(*rows));

    caller.bounded = one->layers[CC_LAYER_BOUNDARY].present;
    context.work = work;
    for (size_t i = 0; i < levels->count; i++) {
        rows[i] = cc_evaluate(mem, levels->rows[i], &request);
        decision.allows = both(decision.allows, rows[i].allows);
        decision.denies = either(decision.denies, rows[i].denies);
    }
    decision.present = levels->present;
    decision.levels = rows;
    decision.count = levels->count;
    if (levels->present && levels->count == 0) {
        decision.allows = CC_NO;
    }
    /* RCPFullAWSAccess is always attached, whether it is in the list or not. */
    decision.allows = kind == CC_LAYER_RCP ? CC_YES : decision.allows;
    return decision;
}

#define STEPS_MAX ((size_t)16 << 20) /* some 50 ms */

struct cc_layer_decision cc_decide_layer(struct cc_arena *mem, const struct cc_case *one,
                                         enum cc_layer_kind kind)
{
    struct cc_work work = {.left = STEPS_MAX};

    return decide_layer(mem, one, kind, &work);
}

bool cc_is_root_assuming(const struct cc_case *one)
{
    return one->caller.root && cc_text_equal_nocase(one->action, "sts:AssumeRole");
}

bool cc_is_trust_request(const char *action, const char *resource)
{
    static const char *const actions[] = {"sts:AssumeRole*", "sts:TagSession",
                                          "sts:SetSourceIdentity"};

    for (size_t i = 0; i < CC_COUNT(actions); i++) {
        if (cc_pattern_matches(actions[i], action, true)) {
            return cc_pattern_matches("arn:*:iam::*:role/*", resource, false);
        }
    }
    return false;
}

/* Whether the resource policy allows and names the caller in one of these ways. */
static enum cc_tri names(const struct cc_decision *decision, unsigned ways)
{
    const struct cc_layer_decision *layer = &decision->layers[CC_LAYER_RESOURCE];

    if (!layer->present || layer->count == 0) {
        return CC_NO;
    }
    return layer->levels[0].named & ways      ? CC_YES
           : layer->levels[0].may_name & ways ? CC_MAYBE
                                              : CC_NO;
}

#define WAY(named) (1U << (named))
/* Callers without identity-based policies. */
#define AS_OTHER (WAY(CC_NAMED_SERVICE) | WAY(CC_NAMED_FEDERATED))
#define AS_ANY   (CC_NAMED_ITSELF | WAY(CC_NAMED_ROLE) | AS_OTHER | WAY(CC_NAMED_ACCOUNT))

static enum cc_tri granted(const struct cc_case *one, const struct cc_decision *decision)
{
    const enum cc_tri limits =
        both(decision->layers[CC_LAYER_BOUNDARY].allows, decision->layers[CC_LAYER_SESSION].allows);

    if (!one->caller.account) {
        return names(decision, AS_ANY);
    }
    if (!decision->same_account) {
        return both(decision->own, names(decision, AS_ANY));
    }
    const enum cc_tri by_policy =
        either(names(decision, CC_NAMED_ITSELF), both(names(decision, WAY(CC_NAMED_ROLE)), limits));
    const enum cc_tri delegated = decision->explicitly_only
                                      ? both(decision->own, names(decision, WAY(CC_NAMED_ACCOUNT)))
                                      : decision->own;

    return either(by_policy, delegated);
}

void cc_decide_again(const struct cc_case *one, struct cc_decision *decision)
{
    const struct cc_layer_decision *layers = decision->layers;

    decision->same_account =
        one->caller.account &&
        (!one->resource_account || cc_text_equal(one->caller.account, one->resource_account));
    decision->explicitly_only = layers[CC_LAYER_RESOURCE].present &&
                                (cc_is_trust_request(one->action, one->resource) ||
                                 (cc_pattern_matches("kms:*", one->action, true) &&
                                  cc_pattern_matches("arn:*:kms:*:*:key/*", one->resource, false)));
    decision->own = both(layers[CC_LAYER_IDENTITY].allows,
                         both(layers[CC_LAYER_BOUNDARY].allows, layers[CC_LAYER_SESSION].allows));
    decision->denied = CC_NO;
    for (size_t i = 0; i < CC_LAYERS; i++) {
        decision->denied = either(decision->denied, layers[i].denies);
    }
    if (cc_text_equal_nocase(one->action, "sts:GetCallerIdentity") &&
        !cc_text_equal(one->caller.arn, "*")) {
        decision->denied = CC_NO;
        decision->allowed = CC_YES;
        return;
    }
    const enum cc_tri around = both(layers[CC_LAYER_SCP].allows, layers[CC_LAYER_ENDPOINT].allows);
    decision->allowed = cc_is_root_assuming(one) ? CC_NO
                                                 : both((enum cc_tri)(CC_YES - decision->denied),
                                                        both(around, granted(one, decision)));
}

struct cc_decision cc_decide(struct cc_arena *mem, const struct cc_case *one)
{
    struct cc_decision decision = {.allowed = CC_NO};
    struct cc_work work = {.left = STEPS_MAX};

    for (size_t i = 0; i < CC_LAYERS; i++) {
        decision.layers[i] = decide_layer(mem, one, (enum cc_layer_kind)i, &work);
    }
    decision.too_large = cc_work_spent(&work);
    cc_decide_again(one, &decision);
    return decision;
}
