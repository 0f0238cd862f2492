#include "credctl/policy/decide.h"

#include <stdlib.h>

/* The document of a case: a request and its policies. */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void decide(struct cc_arena *mem, const struct cc_case *one)
{
    const struct cc_decision decision = cc_decide(mem, one);
    struct cc_decision again = decision;

    must(one->caller.arn && one->action && one->resource);
    must(decision.denied != CC_YES || decision.allowed == CC_NO);
    must(decision.too_large || (decision.allowed != CC_MAYBE && decision.denied != CC_MAYBE));
    cc_decide_again(one, &again);
    must(again.allowed == decision.allowed && again.denied == decision.denied);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct cc_arena mem = {0};
    const char *text = cc_text_dup(&mem, (const char *)data, size);
    const cJSON *json = NULL;
    struct cc_error err = {0};
    struct cc_case one;

    if (!cc_json_parse(&mem, text, size, "the case", &json, &err)) {
        must(err.code == CC_E_BAD_ANSWER);
    } else if (cc_case_from_json(&mem, json, &one, &err)) {
        decide(&mem, &one);
    } else {
        must(err.code == CC_E_POLICY && err.what[0] && err.why[0] && err.fix[0]);
    }
    cc_arena_wipe(&mem);
    return 0;
}
