#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "command_parts.h"

/* What --allow-role and --allow-account forbid. */

static bool restricted(const struct cc_mcp_rules *rules)
{
    return rules && (rules->allow_roles || rules->allow_accounts);
}

static bool matches_any(const char *const *patterns, const char *text)
{
    for (; patterns && *patterns; patterns++) {
        if (cc_text_matches(*patterns, text)) {
            return true;
        }
    }
    return false;
}

static bool role_allowed(struct cc_arena *mem, const struct cc_mcp_rules *rules, const char *role,
                         struct cc_error *err)
{
    struct cc_arn arn;
    const char *name = NULL;

    if (!cc_arn_role(mem, role, &arn, &name)) {
        return true; /* the option itself says what is wrong */
    }
    if (rules->allow_roles && !matches_any(rules->allow_roles, role)) {
        cc_fail(err, CC_E_DENIED, "this server may not assume %.200s", role);
        cc_why(err, "it was started with --allow-role, and no pattern matches");
        return cc_fix(err, "name another role, or have the server started with --allow-role '%s'",
                      role);
    }
    if (rules->allow_accounts && !matches_any(rules->allow_accounts, arn.account)) {
        cc_fail(err, CC_E_DENIED, "this server may not assume roles in account %.20s", arn.account);
        cc_why(err, "it was started with --allow-account for other accounts");
        return cc_fix(err, "name another account, or have the server started with --allow-account");
    }
    return true;
}

bool cc_mcp_rules_allow(struct cc_arena *mem, const struct cc_mcp_rules *rules,
                        const struct cc_mcp_argument *argument, const cJSON *value,
                        struct cc_error *err)
{
    if (!restricted(rules) || cJSON_IsFalse(value)) {
        return true;
    }
    if (argument->strays) {
        cc_fail(err, CC_E_DENIED, "this server does not allow the argument %s", argument->name);
        cc_why(err,
               "it was started with --allow-role or --allow-account, and %s can lead to other "
               "roles",
               argument->name);
        return cc_fix(err, "name the role in role_arn");
    }
    if (!argument->assumes) {
        return true;
    }
    if (cJSON_IsString(value)) {
        return role_allowed(mem, rules, value->valuestring, err);
    }
    for (const cJSON *item = cJSON_IsArray(value) ? value->child : NULL; item; item = item->next) {
        if (cJSON_IsString(item) && !role_allowed(mem, rules, item->valuestring, err)) {
            return false;
        }
    }
    return true;
}
