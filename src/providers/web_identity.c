#include "credctl/base/text.h"

#include "cli_cache.h"
#include "table.h"
#include "walk.h"

#define TOKEN_MAX 65536

/* Read again for every call: the file is rewritten by whoever projects the token. */
static bool read_token(struct cc_run *run, const char *path, const char *source,
                       struct cc_secret *token, struct cc_error *why)
{
    const char *text = NULL;

    if (!cc_read_file(run, path, TOKEN_MAX, &text, NULL, why)) {
        why->code = CC_E_TOKEN_FILE;
        return cc_fix(why, "check the path in %s, and that the token is mounted and readable there",
                      source);
    }
    if (cc_text_blank(text)) {
        cc_fail(why, CC_E_TOKEN_FILE, "%s does not hold a token", path);
        cc_why(why, "it is empty; %s names it", source);
        return cc_fix(why, "check who writes the token to %s", path);
    }
    *token = cc_secret_keep(&run->mem, cc_text_trim(&run->mem, text));
    return true;
}

static enum cc_outcome assume(struct cc_search *search, const struct cc_assume *role,
                              const char *path, const char *source, struct cc_keys *keys,
                              struct cc_error *why)
{
    struct cc_assume named = *role;
    struct cc_secret token = {0};

    if (cc_cli_cache_role(search, role, keys)) {
        return CC_FOUND;
    }
    named.session_name = role->session_name ? role->session_name : cc_session_name(search->run);
    if (!read_token(search->run, cc_path_expand(search->run, path), source, &token, why) ||
        !cc_sts_web_identity(search->run, search->settings, &named, token, keys, why)) {
        return CC_BROKEN;
    }
    return CC_FOUND;
}

static enum cc_outcome find(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    static const char variable[] = "AWS_WEB_IDENTITY_TOKEN_FILE";
    struct cc_run *run = search->run;
    const char *path = cc_variable(run, variable);
    const char *role = cc_variable(run, "AWS_ROLE_ARN");

    if (!path) {
        return cc_absent(why, "%s is not set", variable);
    }
    if (!role) {
        cc_fail(why, CC_E_CONFIG, "%s is set without a role", variable);
        cc_why(why, "AWS_ROLE_ARN is not set");
        cc_fix(why, "set AWS_ROLE_ARN to the role that trusts this token, or unset %s", variable);
        return CC_BROKEN;
    }
    const struct cc_assume assumed = {
        .role_arn = role,
        .session_name = cc_variable(run, "AWS_ROLE_SESSION_NAME"),
        .region = search->settings->region,
    };
    search->detail = cc_textf(&run->mem, "%s %s", variable, path);
    return assume(search, &assumed, path, variable, keys, why);
}

/* The variables never fill in what the profile leaves out: they belong to another identity. */
static enum cc_outcome find_in(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const struct cc_property *file = cc_section_property(section, "web_identity_token_file");
    struct cc_assume role = {
        .role_arn = cc_section_value(section, "role_arn"),
        .session_name = cc_section_value(section, "role_session_name"),
        .section = section,
    };

    if (!file) {
        return cc_absent(why, "profile %s has no web_identity_token_file", section->name);
    }
    if (!role.role_arn) {
        cc_fail_profile(why, section, "it has web_identity_token_file without role_arn");
        cc_fix(why, "add role_arn to profile %s, after %s, line %d", section->name, file->file,
               file->line);
        return CC_BROKEN;
    }
    if (!cc_region_for(search, section, &role.region, why)) {
        return CC_BROKEN;
    }
    role.duration_seconds = cc_duration_of(search, section);
    search->detail = cc_textf(&run->mem, "profile %s: web identity", section->name);
    return assume(search, &role, file->value,
                  cc_textf(&run->mem, "%s, line %d", file->file, file->line), keys, why);
}

const struct cc_provider cc_provider_web_identity = {
    .name = "web-identity",
    .title = "web identity: EKS service account, CI token",
    .reach = CC_INTERNET,
    .find = find,
    .find_in = find_in,
};
