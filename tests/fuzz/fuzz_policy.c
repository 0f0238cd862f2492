#include "credctl/policy/explain.h"

#include <stdlib.h>

/*
 * A document, evaluated as each type of policy, with all keys known and with some that are not.
 * What is denied explicitly is not allowed, and what is decided without knowing a key stays so when
 * the key turns out not to be there.
 */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const struct {
    const char *principal;
    const char *action;
    const char *resource;
} requests[] = {
    {"arn:aws:sts::111122223333:assumed-role/host/s", "sts:AssumeRole",
     "arn:aws:iam::222233334444:role/target"},
    {"arn:aws:iam::111122223333:user/alice", "s3:GetObject", "arn:aws:s3:::data/alice/a:b"},
    {"ecs-tasks.amazonaws.com", "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1"},
};

/* Keys that seeds use, with values of each type. */
static void fill(struct cc_context *context)
{
    static const char *const lists[] = {"a", "team", "", NULL};

    cc_context_set(context, "sts:ExternalId", "x-42");
    cc_context_set(context, "aws:username", "alice");
    cc_context_set(context, "aws:CurrentTime", "2026-11-28T10:00:00Z");
    cc_context_set(context, "aws:SourceIp", "203.0.113.9");
    cc_context_set(context, "s3:max-keys", "10");
    cc_context_set(context, "aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:topic");
    cc_context_set(context, "aws:SecureTransport", "true");
    cc_context_set(context, "k:none", NULL);
    cc_context_set_list(context, "aws:TagKeys", lists);
    cc_context_unknown(context, "aws:PrincipalOrgID");
}

static void check_layer(struct cc_arena *mem, const struct cc_layer *layer,
                        const struct cc_access_request *request)
{
    for (size_t i = 0; i < layer->count; i++) {
        const struct cc_statement_verdict *verdict = &layer->statements[i];
        const char *why = cc_explain_statement(mem, verdict, request);

        must((why == NULL) == (verdict->applies == CC_YES));
        must(verdict->applies == CC_NO || (verdict->action && verdict->principal));
    }
    must((layer->named & ~layer->may_name) == 0);
    must(layer->allows != CC_YES || cc_layer_allowing(layer));
    must(layer->denies != CC_YES || cc_layer_denying(layer));
}

static struct cc_decision decide(struct cc_arena *mem, const struct cc_policy *policy,
                                 size_t request, size_t kind, bool open)
{
    const struct cc_policies policies = {policy, 1};
    struct cc_case one = {
        .action = requests[request].action,
        .resource = requests[request].resource,
        .context = {.mem = mem, .open = open},
        .layers = {[CC_LAYER_IDENTITY] = {true, &policies, 1}},
    };
    struct cc_error err;

    fill(&one.context);
    if (!open) {
        cc_context_set(&one.context, "aws:PrincipalOrgID", NULL);
    }
    one.layers[kind] = one.layers[CC_LAYER_IDENTITY];
    must(cc_case_begin(mem, requests[request].principal, &one, &err));
    const struct cc_decision decision = cc_decide(mem, &one);
    const struct cc_access_request asked = {&one.caller, one.action, one.resource, &one.context};

    must(decision.denied != CC_YES || decision.allowed == CC_NO);
    must(open || decision.too_large || decision.allowed != CC_MAYBE);
    for (size_t i = 0; i < decision.layers[kind].count && !decision.too_large; i++) {
        check_layer(mem, &decision.layers[kind].levels[i], &asked);
    }
    return decision;
}

static void evaluate(const struct cc_policy *policy, size_t request, size_t kind)
{
    struct cc_arena mem = {0};
    const struct cc_decision open = decide(&mem, policy, request, kind, true);
    const struct cc_decision closed = decide(&mem, policy, request, kind, false);

    if (!open.too_large && !closed.too_large) {
        must(open.allowed == CC_MAYBE || open.allowed == closed.allowed);
        must(open.denied == CC_MAYBE || open.denied == closed.denied);
    }
    cc_arena_wipe(&mem);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    struct cc_policy policy;
    struct cc_error err = {0};

    if (!cc_policy_parse(&mem, text, size, "the policy", &policy, &err)) {
        must(err.code == CC_E_POLICY || err.code == CC_E_TOO_BIG);
        must(err.what[0] && (err.why[0] || err.code == CC_E_TOO_BIG) && err.fix[0]);
        cc_arena_wipe(&mem);
        return 0;
    }
    for (size_t kind = 0; kind < CC_LAYERS; kind++) {
        const struct cc_policies policies = {&policy, 1};

        must(cc_policies_fit(&mem, &policies, (enum cc_layer_kind)kind, &err) ||
             err.code == CC_E_POLICY);
        for (size_t i = 0; i < CC_COUNT(requests); i++) {
            evaluate(&policy, i, kind);
        }
    }
    cc_arena_wipe(&mem);
    return 0;
}
