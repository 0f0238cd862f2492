#ifndef TESTS_POLICY_SUPPORT_H
#define TESTS_POLICY_SUPPORT_H

/* Documents and conditions as text, for the tests of the evaluator. */

#include "credctl/base/text.h"
#include "credctl/policy/explain.h"

#include "support/test.h"

#define ACCOUNT           "111122223333"
#define FAR               "444455556666"
#define USER              "arn:aws:iam::" ACCOUNT ":user/alice"
#define ROLE              "arn:aws:iam::" ACCOUNT ":role/host"
#define SESSION           "arn:aws:sts::" ACCOUNT ":assumed-role/host/s1"
#define TARGET            "arn:aws:iam::" ACCOUNT ":role/target"
#define THERE             "arn:aws:iam::" FAR ":role/target"

#define DOC(statements)   "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define ALLOW(more)       "{\"Effect\":\"Allow\",\"Action\":\"*\"" more "}"
#define DENY(more)        "{\"Effect\":\"Deny\",\"Action\":\"*\"" more "}"
#define ANYTHING          ",\"Resource\":\"*\""
#define BY(principal)     ",\"Principal\":" principal
#define IF(op, key, want) ",\"Condition\":{\"" op "\":{\"" key "\":" want "}}"

static inline struct cc_policy policy_of(struct cc_arena *mem, const char *text)
{
    struct cc_policy policy = {0};
    struct cc_error err;

    if (!cc_policy_parse(mem, text, strlen(text), "p", &policy, &err)) {
        fail_msg("%s: %s", text, err.why);
    }
    return policy;
}

static inline struct cc_levels level_of(struct cc_arena *mem, const char *text)
{
    struct cc_policy *policy = cc_alloc(mem, sizeof(*policy));
    struct cc_policies *level = cc_alloc(mem, sizeof(*level));

    *policy = policy_of(mem, text);
    *level = (struct cc_policies){policy, 1};
    return (struct cc_levels){true, level, 1};
}

/* One condition of a policy with a list of values, against the context. */
static inline enum cc_tri condition_holds(const char *operator_text, const char *key,
                                          const char *wants, const struct cc_context *context)
{
    struct cc_arena mem = {0};
    const char *text =
        cc_textf(&mem, DOC(ALLOW(ANYTHING IF("%s", "%s", "%s"))), operator_text, key, wants);
    const struct cc_policy policy = policy_of(&mem, text);
    const enum cc_tri holds =
        cc_condition_holds(&mem, &policy.statements[0].conditions[0], context, policy.variables);

    cc_arena_wipe(&mem);
    return holds;
}

#endif
