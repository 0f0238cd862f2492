#include "credctl/access/denial.h"

#include "credctl/base/text.h"

#include <string.h>

#define MESSAGE_MAX 4096 /* of AWS; a longer one is not read to its end */

/* Types of policy as the messages call them. The first that matches counts: a layer behind an
 * endpoint is named after it. */
static const struct {
    const char *words;
    enum cc_family family;
} types[] = {
    {"transitively through a service control policy", CC_FAMILY_SCP},
    {"transitively through a resource control policy", CC_FAMILY_RCP},
    {"identity-based policy", CC_FAMILY_IDENTITY},
    {"permissions boundary", CC_FAMILY_BOUNDARY},
    {"session policy", CC_FAMILY_SESSION},
    {"sessions policy", CC_FAMILY_SESSION},
    {"service control policy", CC_FAMILY_SCP},
    {"resource control policy", CC_FAMILY_RCP},
    {"VPC endpoint policy", CC_FAMILY_ENDPOINT},
    {"role trust policy", CC_FAMILY_TRUST},
    {"resource-based policy", CC_FAMILY_TRUST},
};

static enum cc_family family_in(const char *text)
{
    for (size_t i = 0; i < CC_COUNT(types); i++) {
        if (strstr(text, types[i].words)) {
            return types[i].family;
        }
    }
    return CC_FAMILY_NONE;
}

static const char *word(struct cc_arena *mem, const char *at)
{
    size_t len = strcspn(at, " ()\"',;");

    while (len > 0 && (at[len - 1] == '.' || at[len - 1] == ':')) {
        len--;
    }
    return len > 0 ? cc_text_dup(mem, at, len) : NULL;
}

static const char *word_after(struct cc_arena *mem, const char *text, const char *mark)
{
    const char *at = strstr(text, mark);

    return at ? word(mem, at + strlen(mark)) : NULL;
}

static const char *action_in(struct cc_arena *mem, const char *text)
{
    const char *action = word_after(mem, text, "to perform: ");

    action = action ? action : word_after(mem, text, "to perform ");
    return action && strchr(action, ':') ? action : NULL;
}

struct cc_denial cc_denial_read(struct cc_arena *mem, const char *message)
{
    const size_t len = message ? strnlen(message, MESSAGE_MAX) : 0;
    const char *text = cc_text_printable(mem, cc_text_dup(mem, message ? message : "", len));
    const char *explicit_at = strstr(text, "explicit deny in");
    const char *implicit_at = strstr(text, "because ");
    struct cc_denial denial = {
        .action = action_in(mem, text),
        .root_caller = strstr(text, "may not be assumed by root accounts") != NULL,
        .mfa_failed = strstr(text, "MultiFactorAuthentication failed") != NULL,
        .message = text,
    };

    if (explicit_at) {
        const char *arn = word_after(mem, explicit_at, "policy: ");

        arn = arn ? arn : word_after(mem, explicit_at, "boundary: ");
        denial.family = family_in(explicit_at);
        denial.explicit_deny = true;
        denial.policy_arn = arn && cc_text_starts(arn, "arn:") ? arn : NULL;
    } else if (implicit_at && strstr(implicit_at, " allows ")) {
        denial.family = family_in(implicit_at);
    }
    return denial;
}

enum cc_cause cc_cause_implicit(enum cc_family family)
{
    static const enum cc_cause causes[CC_FAMILIES] = {
        [CC_FAMILY_NONE] = CC_CAUSE_UNKNOWN,
        [CC_FAMILY_IDENTITY] = CC_CAUSE_IDENTITY_NO_ALLOW,
        [CC_FAMILY_BOUNDARY] = CC_CAUSE_BOUNDARY_NO_ALLOW,
        [CC_FAMILY_SESSION] = CC_CAUSE_SESSION_NO_ALLOW,
        [CC_FAMILY_SCP] = CC_CAUSE_SCP_NO_ALLOW,
        [CC_FAMILY_RCP] = CC_CAUSE_RCP_DENY,
        [CC_FAMILY_ENDPOINT] = CC_CAUSE_ENDPOINT_NO_ALLOW,
        [CC_FAMILY_TRUST] = CC_CAUSE_TRUST_NO_ALLOW,
        [CC_FAMILY_ROLE] = CC_CAUSE_ROLE_MISSING,
        [CC_FAMILY_HOST] = CC_CAUSE_UNKNOWN,
        [CC_FAMILY_NETWORK] = CC_CAUSE_UNKNOWN,
    };

    return causes[family];
}

enum cc_cause cc_cause_explicit(enum cc_family family)
{
    static const enum cc_cause causes[CC_FAMILIES] = {
        [CC_FAMILY_NONE] = CC_CAUSE_UNKNOWN,
        [CC_FAMILY_IDENTITY] = CC_CAUSE_IDENTITY_DENY,
        [CC_FAMILY_BOUNDARY] = CC_CAUSE_BOUNDARY_DENY,
        [CC_FAMILY_SESSION] = CC_CAUSE_SESSION_DENY,
        [CC_FAMILY_SCP] = CC_CAUSE_SCP_DENY,
        [CC_FAMILY_RCP] = CC_CAUSE_RCP_DENY,
        [CC_FAMILY_ENDPOINT] = CC_CAUSE_ENDPOINT_DENY,
        [CC_FAMILY_TRUST] = CC_CAUSE_TRUST_DENY,
        [CC_FAMILY_ROLE] = CC_CAUSE_ROLE_MISSING,
        [CC_FAMILY_HOST] = CC_CAUSE_UNKNOWN,
        [CC_FAMILY_NETWORK] = CC_CAUSE_UNKNOWN,
    };

    return causes[family];
}

enum cc_cause cc_denial_cause(const struct cc_denial *denial)
{
    return denial->explicit_deny ? cc_cause_explicit(denial->family)
                                 : cc_cause_implicit(denial->family);
}
