#include "credctl/base/text.h"
#include "credctl/policy/decide.h"

#include <string.h>

/* What follows from the request itself. */

static bool refuse(struct cc_error *err, const char *why, const char *fix)
{
    cc_fail(err, CC_E_POLICY, "the request cannot be evaluated");
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

/* The account of an ARN; NULL: it has none, as that of a bucket. */
static const char *account_of(struct cc_arena *mem, const char *arn)
{
    for (int i = 0; arn && i < 4; i++) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    const char *account = arn ? cc_text_dup(mem, arn, strcspn(arn, ":")) : NULL;

    return cc_text_digits(account, 12) ? account : NULL;
}

#define NAME_MAX_SIZE 2048

/* An ARN with an account, the name of a service or of an identity provider, or nobody: "*". */
static bool is_principal(struct cc_arena *mem, const char *principal)
{
    if (cc_text_starts(principal, "arn:")) {
        return cc_pattern_matches("arn:?*:?*:*:*:?*", principal, false) &&
               account_of(mem, principal);
    }
    return cc_text_equal(principal, "*") ||
           (strchr(principal, '.') && cc_text_consists(principal, ".-_:/", NAME_MAX_SIZE));
}

static bool is_action(const char *action)
{
    const char *colon = strchr(action, ':');

    return colon && colon != action && colon[1] && cc_text_consists(action, ":-_", NAME_MAX_SIZE);
}

static bool check(struct cc_arena *mem, const char *principal, const struct cc_case *one,
                  struct cc_error *err)
{
    if (!is_principal(mem, principal)) {
        return refuse(
            err,
            cc_textf(mem, "the principal \"%.200s\" is neither an ARN nor a service", principal),
            "give the ARN of a user, role or session, or a name such as "
            "ecs-tasks.amazonaws.com");
    }
    if (!is_action(one->action)) {
        return refuse(err, cc_textf(mem, "\"%.200s\" is not one action", one->action),
                      "give the service and the action, for example sts:AssumeRole");
    }
    if (one->resource_account && !cc_text_digits(one->resource_account, 12)) {
        return refuse(err,
                      cc_textf(mem, "the resource's account \"%.100s\" does not have 12 digits",
                               one->resource_account),
                      "give the account ID as it is in ARNs");
    }
    return true;
}

bool cc_case_begin(struct cc_arena *mem, const char *principal, struct cc_case *one,
                   struct cc_error *err)
{
    if (!check(mem, principal, one, err)) {
        return false;
    }
    const struct cc_key arn = cc_context_key(&one->context, "aws:PrincipalArn");
    const struct cc_key id = cc_context_key(&one->context, "aws:userid");

    one->caller = cc_caller_of(mem, principal, arn.values ? arn.values[0] : NULL);
    if (id.values && id.values[0]) {
        one->caller.unique_id = cc_text_dup(mem, id.values[0], strcspn(id.values[0], ":"));
    }
    if (!one->resource_account) {
        one->resource_account = account_of(mem, one->resource);
    }
    cc_case_fill_context(one);
    return true;
}

static void set_if_absent(struct cc_context *context, const char *name, const char *value)
{
    if (!cc_context_key(context, name).name) {
        cc_context_set(context, name, value);
    }
}

void cc_case_fill_context(struct cc_case *one)
{
    const struct cc_caller *caller = &one->caller;

    set_if_absent(&one->context, "aws:PrincipalArn", caller->account ? caller->arn : NULL);
    set_if_absent(&one->context, "aws:PrincipalAccount", caller->account);
    set_if_absent(&one->context, "aws:ResourceAccount", one->resource_account);
}
