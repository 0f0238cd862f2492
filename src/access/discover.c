#include "credctl/access/access.h"
#include "credctl/base/text.h"

#include "findings.h"
#include "self.h"

#include <stdlib.h>
#include <string.h>

#define FOUND_MAX 100000

/* Roles that the caller's policies allow it to assume: named ones, and patterns with the accounts
 * of the organization and the roles of its own account. */
struct search {
    struct cc_run *run;
    const struct cc_access_options *options;
    struct cc_access_answer *answer;
    struct cc_own own;
    const char *const *accounts; /* of the organization; ends with NULL; NULL: not known */
    bool accounts_asked;
    struct cc_iam_entities roles; /* of the caller's own account */
    bool roles_asked;
    struct cc_access_found *rows;
    size_t count;
    size_t room;
    const char **patterns;
    size_t pattern_count;
};

static bool has_wildcard(const char *text)
{
    return strpbrk(text, "*?") != NULL;
}

/* A role by its ARN in parts; the texts are in `mem`. */
struct role_pattern {
    const char *partition;
    const char *account;
    const char *path_and_name; /* "path/NAME" */
};

static bool read_pattern(struct cc_arena *mem, const char *pattern, struct role_pattern *role)
{
    const char *parts[6] = {NULL};
    char *text = cc_text_dup(mem, pattern, strlen(pattern));

    if (cc_text_equal(pattern, "*")) {
        *role = (struct role_pattern){"*", "*", "*"};
        return true;
    }
    for (size_t i = 0; i < 6; i++) {
        char *colon = i < 5 ? strchr(text, ':') : NULL;

        if (i < 5 && !colon) {
            return false;
        }
        parts[i] = text;
        if (colon) {
            *colon = '\0';
            text = colon + 1;
        }
    }
    if (!cc_text_equal(parts[0], "arn") || !cc_pattern_matches(parts[2], "iam", false) ||
        !cc_text_starts(parts[5], "role/")) {
        return false;
    }
    *role = (struct role_pattern){parts[1], parts[4], parts[5] + strlen("role/")};
    return true;
}

/* --- whether all of the caller's policies agree --- */

static bool may_assume(struct search *search, const char *role_arn, const char *account)
{
    const struct cc_assume hop = {.role_arn = role_arn, .session_name = "credctl-test"};
    const struct cc_evidence evidence = {.source = &search->own.self.source,
                                         .hop = &hop,
                                         .region = search->own.region,
                                         .account = account,
                                         .now = cc_now_aws(search->run)};
    struct cc_arena mem = {0};
    const struct cc_case one = cc_evidence_case(&mem, &evidence, CC_ACTION_ASSUME);
    const struct cc_decision decision = cc_decide(&mem, &one);
    const bool may = decision.own != CC_NO && decision.denied != CC_YES &&
                     decision.layers[CC_LAYER_SCP].allows != CC_NO;

    cc_arena_wipe(&mem);
    return may;
}

static void add(struct search *search, const char *role_arn, const char *account, const char *by)
{
    if (search->count == FOUND_MAX || !may_assume(search, role_arn, account)) {
        return;
    }
    if (search->count == search->room) {
        search->room = search->room ? search->room * 2 : 64;
        struct cc_access_found *rows = cc_alloc(&search->run->mem, search->room * sizeof(*rows));

        if (search->count > 0) {
            memcpy(rows, search->rows, search->count * sizeof(*rows));
        }
        search->rows = rows;
    }
    search->rows[search->count++] = (struct cc_access_found){role_arn, account, by};
}

static void not_expanded(struct search *search, const char *pattern, const char *why)
{
    if (search->pattern_count < 256) {
        search->patterns[search->pattern_count++] =
            cc_textf(&search->run->mem, "%s: %s", pattern, why);
    }
}

/* --- what patterns are expanded with --- */

static const char *const *lines_of(struct cc_arena *mem, const char *text)
{
    size_t count = 1;

    for (const char *at = text; *at; at++) {
        count += *at == '\n';
    }
    const char **lines = cc_alloc(mem, (count + 1) * sizeof(*lines));
    count = 0;
    while (*text) {
        const size_t len = strcspn(text, "\n");

        lines[count++] = cc_text_dup(mem, text, len);
        text += len + (text[len] == '\n');
    }
    return (const char *const *)lines;
}

static const char *const *accounts_of(struct search *search)
{
    const char *text = NULL;
    struct cc_error err;

    if (!search->accounts_asked) {
        search->accounts_asked = true;
        if (cc_org_chosen(search->run, &search->own.self.who, &search->options->accounts, &text,
                          &err)) {
            search->accounts = lines_of(&search->run->mem, text);
        } else {
            cc_log(search->run, CC_INFO, "access.discover", CC_S("what", err.what),
                   CC_S("why", err.why));
        }
    }
    return search->accounts;
}

static void in_organization(struct search *search, const char *pattern,
                            const struct role_pattern *role, const char *by)
{
    const char *partition = search->own.self.source.caller.partition;
    const char *own = search->own.self.source.identity.account_id;
    const char *name =
        has_wildcard(role->path_and_name) ? search->options->role_name : role->path_and_name;
    const char *const *accounts = name ? accounts_of(search) : NULL;

    if (!name || !cc_pattern_matches(role->path_and_name, name, false)) {
        not_expanded(search, pattern, "it allows roles of any name; --role-name NAME picks one");
        return;
    }
    if (!accounts) {
        not_expanded(search, pattern, "the accounts of the organization cannot be read");
        return;
    }
    for (size_t i = 0; accounts[i]; i++) {
        const bool listed = search->roles.count > 0 && cc_text_equal(accounts[i], own);

        if (!listed && cc_pattern_matches(role->account, accounts[i], false)) {
            add(search,
                cc_textf(&search->run->mem, "arn:%s:iam::%s:role/%s", partition, accounts[i], name),
                accounts[i], by);
        }
    }
}

static void in_own_account(struct search *search, const char *pattern,
                           const struct role_pattern *role, const char *by)
{
    struct cc_run *run = search->run;
    struct cc_ask ask = search->own.self.who;
    const char *account = search->own.self.source.identity.account_id;
    struct cc_answer answer;
    struct cc_error err;

    if (!search->roles_asked) {
        search->roles_asked = true;
        cc_iam_roles(run, &ask, NULL, &search->roles);
        if (!cc_ask_now(run, &ask, &answer, &err)) {
            not_expanded(search, pattern, "iam:ListRoles is not allowed to this caller");
        }
    }
    for (size_t i = 0; i < search->roles.count; i++) {
        const char *arn = search->roles.rows[i].arn;

        if (cc_pattern_matches(role->path_and_name, strstr(arn, ":role/") + strlen(":role/"),
                               false)) {
            add(search, arn, account, by);
        }
    }
}

static void of_pattern(struct search *search, const char *pattern, const char *by)
{
    struct role_pattern role;

    if (strstr(pattern, "${") || !read_pattern(&search->run->mem, pattern, &role)) {
        return; /* of other resources than roles, or of another one for each caller */
    }
    const char *own = search->own.self.source.identity.account_id;
    if (!has_wildcard(pattern)) {
        add(search, pattern, role.account, by);
        return;
    }
    if (cc_pattern_matches(role.account, own, false)) {
        in_own_account(search, pattern, &role, by);
    }
    if (has_wildcard(role.account)) {
        in_organization(search, pattern, &role, by);
    } else if (!cc_text_equal(role.account, own)) {
        not_expanded(search, pattern, "IAM does not list the roles of another account");
    }
}

static bool is_about_roles(const struct cc_statement *statement)
{
    bool any = false;

    for (size_t i = 0; statement->action.values[i]; i++) {
        any = any || cc_pattern_matches(statement->action.values[i], "sts:AssumeRole", true);
    }
    return statement->allows && any != statement->action.negated && statement->resource.present;
}

static void of_statement(struct search *search, const struct cc_policy *policy,
                         const struct cc_statement *statement)
{
    struct cc_arena *mem = &search->run->mem;
    const char *by = cc_textf(mem, "%s of %s", cc_statement_name(mem, statement), policy->name);

    if (!is_about_roles(statement)) {
        return;
    }
    if (statement->resource.negated) {
        not_expanded(search, by, "it has NotResource");
        return;
    }
    for (size_t i = 0; statement->resource.values[i]; i++) {
        of_pattern(search, statement->resource.values[i], by);
    }
}

static int by_arn(const void *a, const void *b)
{
    return strcmp(((const struct cc_access_found *)a)->role_arn,
                  ((const struct cc_access_found *)b)->role_arn);
}

static void give(struct search *search)
{
    struct cc_access_answer *answer = search->answer;
    size_t kept = 0;

    if (search->count > 0) {
        qsort(search->rows, search->count, sizeof(*search->rows), by_arn);
    }
    for (size_t i = 0; i < search->count; i++) {
        if (i == 0 || by_arn(&search->rows[i], &search->rows[kept - 1]) != 0) {
            search->rows[kept++] = search->rows[i];
        }
    }
    answer->discovered = search->rows;
    answer->discovered_count = kept;
    answer->not_expanded = (const char *const *)search->patterns;
    for (size_t i = 0; i < kept && search->run->sink; i++) {
        if (!cc_give(search->run, &cc_access_found_shape, &search->rows[i])) {
            return;
        }
    }
}

bool cc_access_discover(struct cc_run *run, const struct cc_access_options *options,
                        struct cc_access_answer *answer, struct cc_error *err)
{
    struct search *search = cc_alloc(&run->mem, sizeof(*search));
    const struct cc_access_source *source = &search->own.self.source;
    struct cc_access_caller *caller = cc_alloc(&run->mem, sizeof(*caller));

    *search = (struct search){.run = run, .options = options, .answer = answer};
    search->patterns = cc_alloc(&run->mem, 257 * sizeof(*search->patterns));
    if (!cc_own_read(run, &options->chain, &search->own, err)) {
        return false;
    }
    *caller = (struct cc_access_caller){source->identity.account_id, source->identity.arn,
                                        source->identity.user_id};
    answer->caller = caller;
    if (source->identity_policies.known != CC_KNOWN) {
        cc_fail(err, CC_E_DENIED, "the policies of %s cannot be read", source->caller.arn);
        cc_why(err, "%s", source->unread ? source->unread : "they are not known");
        return cc_fix(err, "allow it iam:GetRole, iam:ListRolePolicies, iam:GetRolePolicy, "
                           "iam:ListAttachedRolePolicies, iam:GetPolicy and iam:GetPolicyVersion "
                           "on itself");
    }
    for (size_t i = 0; i < source->identity_policies.policies.count; i++) {
        const struct cc_policy *policy = &source->identity_policies.policies.rows[i];

        for (size_t k = 0; k < policy->count; k++) {
            of_statement(search, policy, &policy->statements[k]);
        }
    }
    give(search);
    return true;
}
