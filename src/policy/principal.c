#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* The text between two colons, or after the fifth. NULL: there are fewer. */
static const char *part(struct cc_arena *mem, const char *arn, int number)
{
    for (; number > 0 && arn; number--) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    return arn ? cc_text_dup(mem, arn, strcspn(arn, ":")) : NULL;
}

static const char *after_last_slash(const char *text)
{
    const char *slash = strrchr(text, '/');

    return slash ? slash + 1 : text;
}

/* arn:P:sts::A:assumed-role/NAME/SESSION as arn:P:iam::A:role/NAME. */
static void take_session(struct cc_arena *mem, struct cc_caller *caller, const char *name,
                         const char *principal_arn)
{
    const char *begin = cc_textf(mem, "arn:%s:iam::%s:role/", caller->partition, caller->account);

    name = cc_text_dup(mem, name, strcspn(name, "/"));
    caller->any_path = !cc_text_starts(principal_arn, begin) ||
                       !cc_text_equal(after_last_slash(principal_arn), name);
    caller->arn = caller->any_path ? cc_textf(mem, "%s%s", begin, name) : principal_arn;
}

static bool is_provider(const char *resource)
{
    return cc_text_starts(resource, "oidc-provider/") || cc_text_starts(resource, "saml-provider/");
}

struct cc_caller cc_caller_of(struct cc_arena *mem, const char *principal,
                              const char *principal_arn)
{
    static const char session[] = "assumed-role/";
    struct cc_caller caller = {.arn = principal, .partition = "aws"};
    const char *resource = part(mem, principal, 5);

    if (!resource) {
        return caller;
    }
    caller.partition = part(mem, principal, 1);
    caller.account = is_provider(resource) ? NULL : part(mem, principal, 4);
    caller.root = cc_text_equal(resource, "root") && cc_text_equal(part(mem, principal, 2), "iam");
    if (cc_text_equal(part(mem, principal, 2), "sts")) {
        caller.session_arn = principal;
        if (cc_text_starts(resource, session)) {
            take_session(mem, &caller, resource + strlen(session), principal_arn);
        }
    }
    return caller;
}

static bool is_account(const char *value, const struct cc_caller *caller)
{
    if (!caller->account) {
        return false;
    }
    if (cc_text_equal(value, caller->account)) {
        return true;
    }
    const char *end = cc_text_starts(value, "arn:") ? strstr(value, ":iam::") : NULL;
    return end && strncmp(value + 4, caller->partition, (size_t)(end - value - 4)) == 0 &&
           strlen(caller->partition) == (size_t)(end - value - 4) &&
           strncmp(end + 6, caller->account, strlen(caller->account)) == 0 &&
           cc_text_equal(end + 6 + strlen(caller->account), ":root");
}

/* The same role, when its path is not known. */
static bool is_role_by_name(const char *value, const struct cc_caller *caller)
{
    const char *name = after_last_slash(caller->arn);
    const size_t begin = (size_t)(name - caller->arn);

    return caller->any_path && strncmp(value, caller->arn, begin) == 0 &&
           cc_text_equal(after_last_slash(value), name);
}

static enum cc_named named_by_aws(const char *value, const struct cc_caller *caller)
{
    if (cc_text_equal(value, "*")) {
        return CC_NAMED_ANYONE;
    }
    if (cc_text_equal(value, caller->session_arn)) {
        return CC_NAMED_SESSION;
    }
    if (is_account(value, caller)) {
        return CC_NAMED_ACCOUNT;
    }
    if (caller->account && (cc_text_equal(value, caller->arn) || is_role_by_name(value, caller))) {
        return strstr(value, ":user/") ? CC_NAMED_USER : CC_NAMED_ROLE;
    }
    if (cc_text_equal(value, caller->unique_id)) {
        return cc_text_starts(value, "AIDA") ? CC_NAMED_USER : CC_NAMED_ROLE;
    }
    return CC_NAMED_NOT;
}

static enum cc_named named_by(const struct cc_principal_row *row, const struct cc_caller *caller)
{
    if (cc_text_equal(row->type, "*")) {
        return CC_NAMED_ANYONE;
    }
    if (cc_text_equal(row->type, "AWS")) {
        return named_by_aws(row->value, caller);
    }
    if (caller->account || cc_text_equal(row->value, "*") ||
        !cc_text_equal(row->value, caller->arn)) {
        return CC_NAMED_NOT;
    }
    return cc_text_equal(row->type, "Service")     ? CC_NAMED_SERVICE
           : cc_text_equal(row->type, "Federated") ? CC_NAMED_FEDERATED
                                                   : CC_NAMED_NOT;
}

/* The first kind of several names: it decides which other policies are asked. */
enum cc_named cc_principal_named(const struct cc_statement *statement,
                                 const struct cc_caller *caller)
{
    enum cc_named best = CC_NAMED_NOT;

    for (size_t i = 0; i < statement->principal_count; i++) {
        const enum cc_named named = named_by(&statement->principals[i], caller);

        if (named != CC_NAMED_NOT && (best == CC_NAMED_NOT || named < best)) {
            best = named;
        }
    }
    return best;
}
