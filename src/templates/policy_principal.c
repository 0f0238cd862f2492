#include "credctl/base/text.h"

#include "policy.h"

#include <string.h>

static const char *const types[] = {"AWS", "Service", "Federated", "CanonicalUser", "*", NULL};

/* --- AWS --- */

static bool is_unique_id(const char *text)
{
    return (cc_text_starts(text, "AROA") || cc_text_starts(text, "AIDA")) && strlen(text) >= 16 &&
           cc_text_consists(text, ":@+=,.-_", 128);
}

/* The account of an ARN of IAM or STS has twelve digits. */
static bool has_account(const char *arn)
{
    int colons = 0;

    for (; *arn && colons < 4; arn++) {
        colons += *arn == ':';
    }
    return strspn(arn, "0123456789") == 12 && arn[12] == ':' && arn[13] != '\0';
}

static void check_aws(struct cc_lint *lint, const struct cc_document_policy *policy,
                      const struct cc_said *said)
{
    const char *text = said->text;
    const bool trust = policy->kind == CC_POLICY_TRUST;

    if (!cc_value_known(text) ? strchr(text, '*') == NULL : strcmp(text, "*") == 0) {
        return;
    }
    if (is_unique_id(text)) {
        cc_found(lint, said->node, CC_T_INVALID_ROLE_REFERENCE,
                 "%.60s is the ID of an identity that was deleted: nobody has it any more", text);
    } else if (strpbrk(text, "*?") && strchr(text, ':')) {
        cc_found(lint, said->node,
                 trust ? CC_T_ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL
                       : CC_T_INVALID_PRINCIPAL_FORMAT,
                 "the principal %.100s has a wildcard, which matches nothing",
                 cc_value_shown(lint->mem, text));
        cc_found_fix(lint, "name the account, and narrow it with a condition on aws:PrincipalArn");
    } else if (cc_value_known(text) && !cc_text_digits(text, 12) && !cc_text_starts(text, "arn:")) {
        cc_found(lint, said->node, CC_T_INVALID_PRINCIPAL_FORMAT,
                 "the AWS principal %.100s is neither an ARN nor an account ID", text);
    } else if (cc_value_known(text) && cc_text_starts(text, "arn:") && !has_account(text)) {
        cc_found(lint, said->node, CC_T_INVALID_PRINCIPAL_FORMAT,
                 "the principal %.100s does not have an account ID of 12 digits", text);
    }
}

/* --- services --- */

static const char *const suffixes[] = {
    ".amazonaws.com", ".amazonaws.com.cn", ".amazon.com",     ".c2s.ic.gov",   ".sc2s.sgov.gov",
    ".aws.internal",  ".cloud.adc-e.uk",   ".csp.hci.ic.gov", ".amazonaws.eu", NULL};

static bool is_service(const char *text)
{
    if (strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != strlen(text)) {
        return false;
    }
    for (size_t i = 0; suffixes[i]; i++) {
        if (cc_text_ends(text, suffixes[i]) && strlen(text) > strlen(suffixes[i])) {
            return true;
        }
    }
    return false;
}

static void check_service(struct cc_lint *lint, const struct cc_said *said)
{
    if (cc_value_known(said->text) && !is_service(said->text)) {
        cc_found(lint, said->node, CC_T_INVALID_SERVICE_PRINCIPAL_FORMAT,
                 "%.100s is not the name of a service", said->text);
    }
}

/* --- identity providers --- */

static const char *const web_providers[] = {"cognito-identity.amazonaws.com",
                                            "accounts.google.com",
                                            "graph.facebook.com",
                                            "www.amazon.com",
                                            "cognito-identity.us-gov-west-1.amazonaws.com",
                                            NULL};

static void check_federated(struct cc_lint *lint, const struct cc_document_policy *policy,
                            const struct cc_said *said)
{
    const char *text = said->text;

    if (policy->kind == CC_POLICY_TRUST && cc_value_known(text) &&
        !cc_one_of(text, web_providers) &&
        !(cc_text_starts(text, "arn:") &&
          (strstr(text, ":oidc-provider/") || strstr(text, ":saml-provider/")))) {
        cc_found(lint, said->node, CC_T_INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY,
                 "%.100s is not an identity provider", text);
    }
}

/* --- the element --- */

static void add(struct cc_lint *lint, struct cc_grant *grant, size_t *room,
                struct cc_named_principal principal)
{
    if (grant->principal_count == *room) {
        const struct cc_named_principal *before = grant->principals;

        *room = *room ? 2 * *room : 4;
        grant->principals = cc_alloc(lint->mem, *room * sizeof(*before));
        if (before) {
            memcpy(grant->principals, before, grant->principal_count * sizeof(*before));
        }
    }
    grant->principals[grant->principal_count++] = principal;
}

static void read_type(struct cc_lint *lint, const struct cc_document_policy *policy,
                      struct cc_grant *grant, size_t *room, const struct cc_node *member)
{
    const struct cc_said_list list = cc_texts_read(lint, member);

    for (size_t i = 0; i < list.count; i++) {
        const struct cc_said *said = &list.rows[i];

        add(lint, grant, room, (struct cc_named_principal){member->name, *said});
        if (strcmp(member->name, "AWS") == 0) {
            check_aws(lint, policy, said);
        } else if (strcmp(member->name, "Service") == 0) {
            check_service(lint, said);
        } else if (strcmp(member->name, "Federated") == 0) {
            check_federated(lint, policy, said);
        }
    }
}

static void read_text(struct cc_lint *lint, const struct cc_document_policy *policy,
                      struct cc_grant *grant, size_t *room, const struct cc_said *said)
{
    if (strcmp(said->text, "*") == 0) {
        add(lint, grant, room, (struct cc_named_principal){"*", *said});
        if (policy->kind == CC_POLICY_TRUST) {
            cc_found(lint, said->node, CC_T_ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL,
                     "the principal of a trust policy cannot be *");
            cc_found_fix(lint, "write Principal: {AWS: ...} and name who may assume the role");
        }
    } else if (cc_value_known(said->text)) {
        cc_found(lint, said->node, CC_T_INVALID_PRINCIPAL_FORMAT,
                 "the principal %.100s is neither * nor a map", said->text);
        cc_found_fix(lint, "write Principal: {AWS: ...}, {Service: ...} or {Federated: ...}");
    }
}

static void read_map(struct cc_lint *lint, const struct cc_document_policy *policy,
                     struct cc_grant *grant, size_t *room, const struct cc_node *map)
{
    for (const struct cc_node *member = map->first; member; member = member->next) {
        if (cc_one_of(member->name, types)) {
            read_type(lint, policy, grant, room, member);
        } else if (!cc_is_loop(member)) {
            cc_found_at_name(lint, member, CC_T_INVALID_PRINCIPAL_KEY,
                             "%.60s is not a type of principal%s", member->name,
                             cc_did_you_mean(lint, member->name, types));
        }
    }
}

void cc_principals_read(struct cc_lint *lint, const struct cc_document_policy *policy,
                        struct cc_grant *grant, const struct cc_node *principal)
{
    const struct cc_nodes choices = cc_alternatives(lint->mem, principal);
    size_t room = 0;

    for (size_t i = 0; i < choices.count; i++) {
        const struct cc_node *one = choices.rows[i].node;
        const char *text = cc_value_text(lint, one);

        if (text) {
            read_text(lint, policy, grant, &room, &(struct cc_said){one, text});
        } else if (cc_lint_kind(lint, one, CC_NODE_MAP, CC_T_DATA_TYPE_MISMATCH, "the principal")) {
            read_map(lint, policy, grant, &room, one);
        }
    }
}

/* --- questions --- */

/* Field `i` of an ARN, from 0; NULL: it has less. */
static const char *field(const char *arn, int i)
{
    while (arn && i-- > 0) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    return arn;
}

/* A placeholder has colons of its own: "AWS::AccountId". */
static const char *without_names(const char *text, char *to, size_t room)
{
    size_t len = 0;
    bool inside = false;

    for (; *text && len + 1 < room; text++) {
        inside = (inside || *text == CC_OPEN) && *text != CC_CLOSE;
        if (!inside || *text != ':') {
            to[len++] = *text;
        }
    }
    to[len] = '\0';
    return to;
}

enum cc_account cc_account_of(const char *principal, bool *whole)
{
    char text[512] = "";
    const char *arn = without_names(principal, text, sizeof(text));
    const char *account = cc_text_starts(arn, "arn:") ? field(arn, 4) : arn;

    *whole = account == arn || cc_text_equal(field(arn, 5), "root");
    if (strcmp(principal, "*") == 0) {
        return CC_ACCOUNT_ANY;
    }
    if (!account) {
        return CC_ACCOUNT_UNKNOWN;
    }
    if (cc_text_starts(account, "\x01"
                                "AWSAccountId\x02")) {
        return CC_ACCOUNT_OWN;
    }
    if (strspn(account, "0123456789") == 12 && (account[12] == ':' || account[12] == '\0')) {
        return CC_ACCOUNT_FOREIGN;
    }
    if (account == arn) { /* a parameter or an attribute that is all of the principal */
        *whole = false;
        return CC_ACCOUNT_UNKNOWN;
    }
    return account[0] == CC_OPEN && !strchr(account, '.') ? CC_ACCOUNT_FOREIGN : CC_ACCOUNT_UNKNOWN;
}
