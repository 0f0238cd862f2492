#include "credctl/policy/explain.h"

#include <stdint.h>
#include <stdlib.h>

/* A document, evaluated as a trust policy and as an identity policy, with all keys known and with
 * some that are not. Whatever is denied explicitly is not allowed. */
static void evaluate(struct cc_arena *mem, const struct cc_policy *policy, bool open)
{
    const struct cc_policies policies = {policy, 1};
    struct cc_case one = {
        .caller = cc_caller_of(mem, "arn:aws:sts::111122223333:assumed-role/host/s", NULL),
        .action = "sts:AssumeRole",
        .resource = "arn:aws:iam::222233334444:role/target",
        .resource_account = "222233334444",
        .context = {.mem = mem, .open = open},
        .layers = {[CC_LAYER_IDENTITY] = {true, &policies, 1},
                   [CC_LAYER_RESOURCE] = {true, &policies, 1}},
    };

    cc_context_set(&one.context, "sts:ExternalId", "x-42");
    cc_case_fill_context(&one);
    const struct cc_decision decision = cc_decide(mem, &one);
    if (decision.denied == CC_YES && decision.allowed != CC_NO) {
        abort();
    }
    const struct cc_access_request request = {&one.caller, one.action, one.resource, &one.context};
    for (size_t i = 0; i < decision.layers[CC_LAYER_RESOURCE].levels[0].count; i++) {
        (void)cc_explain_statement(mem, &decision.layers[CC_LAYER_RESOURCE].levels[0].statements[i],
                                   &request);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    struct cc_policy policy;
    struct cc_case one;
    const cJSON *json = NULL;
    struct cc_error err;

    if (cc_policy_parse(&mem, text, size, "the policy", &policy, &err)) {
        evaluate(&mem, &policy, false);
        evaluate(&mem, &policy, true);
    } else if (cc_json_parse(&mem, text, size, "the case", &json, &err) &&
               cc_case_from_json(&mem, json, &one, &err)) {
        (void)cc_decide(&mem, &one);
    }
    cc_arena_wipe(&mem);
    return 0;
}
