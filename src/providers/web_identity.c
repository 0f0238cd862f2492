#include "credctl/base/text.h"

#include "cli_cache.h"
#include "hops.h"
#include "table.h"

#define VARIABLE "AWS_WEB_IDENTITY_TOKEN_FILE"

/* The token as it was read by `plan`, because its content is in the ledger. */
struct identity {
    struct cc_assume role;
    struct cc_secret token;
    const char *detail;
    bool from_cli;
    struct cc_keys held; /* its keys from the AWS CLI's cache */
};

static bool read_token(struct cc_search *search, const char *path, const char *source,
                       struct cc_secret *token, struct cc_error *why)
{
    const char *text = NULL;

    if (!cc_input_token(search, path, &text, why)) {
        why->code = CC_E_TOKEN_FILE;
        return cc_fix(why, "check the path in %s, and that the token is mounted and readable there",
                      source);
    }
    if (cc_text_blank(text)) {
        cc_fail(why, CC_E_TOKEN_FILE, "%s does not hold a token", path);
        cc_why(why, "it is empty; %s names it", source);
        return cc_fix(why, "check who writes the token to %s", path);
    }
    const char *unseen = cc_text_unseen(text);
    if (unseen) {
        cc_fail(why, CC_E_TOKEN_FILE, "%s does not hold a token", path);
        cc_why(why, "it contains %s; %s names the file", unseen, source);
        return cc_fix(why, "check who writes the token to %s", path);
    }
    *token = cc_secret_keep(&search->run->mem, text);
    return true;
}

static enum cc_outcome plan_call(struct cc_search *search, const struct identity *wish,
                                 const char *path, const char *source, struct cc_question *question,
                                 struct cc_error *why)
{
    struct identity *identity = cc_alloc(&search->run->mem, sizeof(*identity));

    *identity = *wish;
    cc_input_call(search, wish->role.section, "STS", wish->role.region);
    identity->from_cli = cc_cli_cache_role(search, &identity->role, &identity->held);
    if (!identity->from_cli &&
        !read_token(search, cc_path_expand(search->run, path), source, &identity->token, why)) {
        return CC_BROKEN;
    }
    question->about = identity;
    return CC_FOUND;
}

static enum cc_outcome plan_variables(struct cc_search *search, struct cc_question *question,
                                      struct cc_error *why)
{
    const char *path = cc_input_variable(search, VARIABLE);

    if (!path) {
        return cc_absent(why, VARIABLE " is not set");
    }
    const char *role = cc_input_variable(search, "AWS_ROLE_ARN");
    if (!role) {
        cc_fail(why, CC_E_CONFIG, VARIABLE " is set without a role");
        cc_why(why, "AWS_ROLE_ARN is not set");
        cc_fix(why, "set AWS_ROLE_ARN to the role that trusts this token, or unset " VARIABLE);
        return CC_BROKEN;
    }
    const struct identity wish = {
        .role = {.role_arn = role,
                 .session_name = cc_input_variable(search, "AWS_ROLE_SESSION_NAME"),
                 .region = search->settings->region},
        .detail = cc_textf(&search->run->mem, VARIABLE " %s", path),
    };
    return plan_call(search, &wish, path, VARIABLE, question, why);
}

/* The variables never complete a profile, because they belong to another identity. */
static enum cc_outcome plan_profile(struct cc_search *search, const struct cc_section *section,
                                    struct cc_question *question, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const struct cc_property *file = cc_input_property(search, section, "web_identity_token_file");
    struct identity wish = {.role = {.section = section}};

    if (!file) {
        return cc_absent(why, "profile %s has no web_identity_token_file", section->name);
    }
    wish.role.role_arn = cc_input_value(search, section, "role_arn");
    if (!wish.role.role_arn) {
        cc_fail_profile(why, section, "it has web_identity_token_file without role_arn");
        cc_fix(why, "add role_arn to profile %s, after %s, line %d", section->name, file->file,
               file->line);
        return CC_BROKEN;
    }
    if (!cc_input_region(search, section, &wish.role.region, why)) {
        return CC_BROKEN;
    }
    wish.role.session_name = cc_input_value(search, section, "role_session_name");
    wish.role.duration_seconds = cc_duration_of(search, section);
    wish.detail = cc_textf(&run->mem, "profile %s: web identity", section->name);
    return plan_call(search, &wish, file->value,
                     cc_textf(&run->mem, "%s, line %d", file->file, file->line), question, why);
}

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    return section ? plan_profile(search, section, question, why)
                   : plan_variables(search, question, why);
}

static enum cc_outcome fetch(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why)
{
    const struct identity *identity = about;
    struct cc_assume role = identity->role;
    struct cc_keys made = identity->held;

    role.session_name = role.session_name ? role.session_name : cc_session_name(search->run);
    if (!identity->from_cli &&
        !cc_sts_web_identity(search->run, search->settings, &role, identity->token, &made, why)) {
        return CC_BROKEN;
    }
    *keys = made;
    search->detail = identity->detail;
    return CC_FOUND;
}

const struct cc_provider cc_provider_web_identity = {
    .name = "web-identity",
    .title = "web identity: EKS service account, CI token",
    .reach = CC_INTERNET,
    .kept = true,
    .plan = plan,
    .fetch = fetch,
};
