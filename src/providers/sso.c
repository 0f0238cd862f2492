#include "credctl/aws/sso.h"

#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/providers/token_cache.h"

#include "cli_cache.h"
#include "table.h"
#include "walk.h"

#define FOLDER   "~/.aws/sso/cache"
#define WINDOW_S 300

/* What the profile says, and the token that `aws sso login` left for it. */
struct sso {
    struct cc_search *search;
    const struct cc_section *section; /* the profile */
    const char *session;              /* name of the [sso-session], or NULL: the legacy form */
    const char *start_url;
    const char *region;
    const char *account_id;
    const char *role_name;
    const char *path; /* of the cache file */
    cJSON *file;
    struct cc_secret token;
    int64_t expires;
};

/* The command that mends it. */
static const char *login_command(const struct sso *sso)
{
    struct cc_arena *mem = &sso->search->run->mem;

    return sso->session ? cc_textf(mem, "aws sso login --sso-session %s", sso->session)
                        : cc_textf(mem, "aws sso login --profile %s", sso->section->name);
}

static bool need_login(const struct sso *sso, struct cc_error *why, const char *cause)
{
    cc_fail(why, CC_E_SSO_LOGIN, "profile %s needs a new SSO login", sso->section->name);
    cc_why(why, "%s", cause);
    return cc_fix(why, "run `%s`", login_command(sso));
}

/* A profile may repeat what the session says, but not contradict it. */
static bool agree(const struct sso *sso, const struct cc_section *session, const char *key,
                  struct cc_error *why)
{
    const char *own = cc_section_value(sso->section, key);
    const char *theirs = cc_section_value(session, key);

    if (!theirs) {
        cc_fail_profile(why, sso->section, "its [sso-session %s] (%s, line %d) has no %s",
                        session->name, session->file, session->line, key);
        return cc_fix(why, "add %s to [sso-session %s]", key, session->name);
    }
    if (own && !cc_text_equal(own, theirs)) {
        cc_fail_profile(why, sso->section, "its %s is another than that of [sso-session %s]", key,
                        session->name);
        return cc_fix(why, "remove %s from profile %s", key, sso->section->name);
    }
    return true;
}

static bool take_session(struct sso *sso, struct cc_error *why)
{
    const struct cc_section *session =
        cc_profiles_section(&sso->search->settings->profiles, CC_SECTION_SSO_SESSION, sso->session);

    if (!session) {
        cc_fail_profile(why, sso->section, "its sso_session is %s, and there is no such section",
                        sso->session);
        return cc_fix(why, "add [sso-session %s] with sso_start_url and sso_region to %s",
                      sso->session, sso->search->settings->profiles.config_file);
    }
    if (!agree(sso, session, "sso_start_url", why) || !agree(sso, session, "sso_region", why)) {
        return false;
    }
    sso->start_url = cc_section_value(session, "sso_start_url");
    sso->region = cc_section_value(session, "sso_region");
    return true;
}

static bool take_legacy(struct sso *sso, struct cc_error *why)
{
    sso->start_url = cc_section_value(sso->section, "sso_start_url");
    sso->region = cc_section_value(sso->section, "sso_region");
    if (sso->start_url && sso->region) {
        return true;
    }
    const char *missing = sso->start_url ? "sso_region" : "sso_start_url";
    cc_fail_profile(why, sso->section, "it uses SSO without %s, and without an sso_session",
                    missing);
    return cc_fix(why, "add %s to profile %s, or run `aws configure sso`", missing,
                  sso->section->name);
}

static bool take_profile(struct sso *sso, struct cc_error *why)
{
    if (!sso->account_id || !sso->role_name) {
        const char *missing = sso->account_id ? "sso_role_name" : "sso_account_id";

        cc_fail_profile(why, sso->section, "it has no %s, so its SSO token names no credentials",
                        sso->account_id || sso->role_name ? missing
                                                          : "sso_account_id and sso_role_name");
        return cc_fix(why, "add sso_account_id and sso_role_name to profile %s",
                      sso->section->name);
    }
    if (!(sso->session ? take_session(sso, why) : take_legacy(sso, why))) {
        return false;
    }
    if (!cc_region_valid(sso->region)) {
        cc_fail_profile(why, sso->section, "sso_region \"%.80s\" cannot be part of a host name",
                        sso->region);
        return cc_fix(why, "correct sso_region: it is a region such as us-east-1");
    }
    return true;
}

static bool read_token(struct sso *sso, struct cc_error *why)
{
    struct cc_run *run = sso->search->run;
    struct cc_error cause;

    sso->path =
        cc_token_cache_path(run, FOLDER, CC_SHA1, sso->session ? sso->session : sso->start_url);
    if (!cc_token_cache_read(run, sso->path, &sso->file, &cause)) {
        return need_login(
            sso, why,
            cc_file_facts(run, sso->path).exists
                ? cc_textf(&run->mem, "%s: %s", cause.what, cause.why)
                : cc_textf(&run->mem, "there is no token: %s does not exist", sso->path));
    }
    const char *token = cc_json_text(sso->file, "accessToken");
    const char *expires = cc_json_text(sso->file, "expiresAt");
    if (!token || !expires || !cc_time_from_iso(expires, &sso->expires)) {
        return need_login(
            sso, why, cc_textf(&run->mem, "%s has no usable accessToken and expiresAt", sso->path));
    }
    sso->token = cc_secret_keep(&run->mem, token);
    return true;
}

/* Why the token cannot be refreshed; NULL when it can. */
static const char *hindrance(const struct sso *sso)
{
    const char *until = cc_json_text(sso->file, "registrationExpiresAt");
    int64_t at = 0;

    if (!sso->session) {
        return "a profile without sso_session has no refresh token";
    }
    if (!cc_json_text(sso->file, "refreshToken") || !cc_json_text(sso->file, "clientId") ||
        !cc_json_text(sso->file, "clientSecret")) {
        return "there is no refresh token";
    }
    if (!until || !cc_time_from_iso(until, &at)) {
        return "the client registration has no time of expiry";
    }
    return at <= cc_now_aws(sso->search->run) ? "the client registration has expired too" : NULL;
}

static void store(struct sso *sso, const struct cc_oidc_token *fresh)
{
    struct cc_run *run = sso->search->run;
    struct cc_error err;

    cc_token_cache_set(sso->file, "accessToken", cc_secret_reveal(fresh->access_token));
    cc_token_cache_set(sso->file, "expiresAt", cc_time_iso(&run->mem, sso->expires));
    if (cc_secret_present(fresh->refresh_token)) {
        cc_token_cache_set(sso->file, "refreshToken", cc_secret_reveal(fresh->refresh_token));
    }
    if (!cc_token_cache_write(run, sso->path, sso->file, &err)) {
        cc_search_warn(sso->search,
                       cc_textf(&run->mem, "the refreshed SSO token could not be kept: %s (%s)",
                                err.what, err.why));
    }
}

static bool refresh(struct sso *sso, struct cc_error *why)
{
    struct cc_run *run = sso->search->run;
    const struct cc_oidc_refresh wish = {
        .sso_region = sso->region,
        .client_id = cc_json_text(sso->file, "clientId"),
        .client_secret = cc_secret_keep(&run->mem, cc_json_text(sso->file, "clientSecret")),
        .refresh_token = cc_secret_keep(&run->mem, cc_json_text(sso->file, "refreshToken")),
        .section = sso->section,
    };
    struct cc_oidc_token fresh = {0};

    if (!cc_oidc_refresh(run, sso->search->settings, &wish, &fresh, why)) {
        return false;
    }
    sso->token = fresh.access_token;
    sso->expires = cc_now_aws(run) + fresh.expires_in;
    store(sso, &fresh);
    return true;
}

/* A refresh token serves once: whoever lost the race finds the winner's token in the file. */
static bool refreshed_by_another(struct sso *sso)
{
    struct sso again = *sso;
    struct cc_error ignored;

    if (!read_token(&again, &ignored) || cc_secret_same(again.token, sso->token) ||
        again.expires <= cc_now_aws(sso->search->run)) {
        return false;
    }
    *sso = again;
    return true;
}

static bool make_fresh(struct sso *sso, struct cc_error *why)
{
    struct cc_run *run = sso->search->run;
    bool valid = sso->expires > cc_now_aws(run);
    struct cc_error cause = {0};

    if (sso->expires > cc_now_aws(run) + WINDOW_S) {
        return true;
    }
    const char *obstacle = hindrance(sso);
    if (obstacle) {
        return valid || need_login(sso, why,
                                   cc_textf(&run->mem, "the token expired at %s, and %s",
                                            cc_time_iso(&run->mem, sso->expires), obstacle));
    }
    if (refresh(sso, &cause) || refreshed_by_another(sso)) {
        return true;
    }
    const char *said = cc_textf(&run->mem, "%s: %s", cause.what, cause.why);
    if (valid) {
        cc_search_warn(sso->search,
                       cc_textf(&run->mem,
                                "the SSO token expires at %s and could not be refreshed (%s); run "
                                "`%s`",
                                cc_time_iso(&run->mem, sso->expires), said, login_command(sso)));
        return true;
    }
    return need_login(sso, why,
                      cc_textf(&run->mem, "the token expired at %s, and its refresh failed: %s",
                               cc_time_iso(&run->mem, sso->expires), said));
}

static bool fetch(const struct sso *sso, struct cc_keys *keys, struct cc_error *why)
{
    const struct cc_sso_role role = {
        .sso_region = sso->region,
        .account_id = sso->account_id,
        .role_name = sso->role_name,
        .section = sso->section,
    };

    if (cc_sso_credentials(sso->search->run, sso->search->settings, &role, sso->token, keys, why)) {
        keys->account_id = sso->account_id;
        return true;
    }
    if (why->code == CC_E_SSO_LOGIN) {
        return cc_fix(why, "run `%s`", login_command(sso));
    }
    if (why->code == CC_E_DENIED) {
        return cc_fix(why,
                      "have role %s of account %s assigned to you in IAM Identity Center, or "
                      "correct sso_role_name and sso_account_id of profile %s",
                      sso->role_name, sso->account_id, sso->section->name);
    }
    return false;
}

/* A session alone serves tools that want its token; it is no mistake beside another source. */
static bool token_only(const struct sso *sso)
{
    return !sso->account_id && !sso->role_name &&
           (cc_section_value(sso->section, "login_session") ||
            cc_section_value(sso->section, "credential_process"));
}

static enum cc_outcome find_in(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why)
{
    struct sso sso = {
        .search = search,
        .section = section,
        .session = cc_section_value(section, "sso_session"),
        .account_id = cc_section_value(section, "sso_account_id"),
        .role_name = cc_section_value(section, "sso_role_name"),
    };
    struct cc_keys made = {0};

    if (!sso.session && !sso.account_id && !sso.role_name &&
        !cc_section_value(section, "sso_start_url")) {
        return cc_absent(why, "profile %s does not use SSO", section->name);
    }
    if (token_only(&sso)) {
        return cc_absent(why, "profile %s names an SSO session, but no account and role",
                         section->name);
    }
    if (!take_profile(&sso, why)) {
        return CC_BROKEN;
    }
    const struct cc_cli_sso kept = {sso.account_id, sso.role_name, sso.session, sso.start_url};
    if (!cc_cli_cache_sso(search, &kept, &made) &&
        (!read_token(&sso, why) || !make_fresh(&sso, why) || !fetch(&sso, &made, why))) {
        return CC_BROKEN;
    }
    *keys = made;
    search->detail = cc_textf(&search->run->mem, "profile %s: SSO role %s of account %s",
                              section->name, sso.role_name, sso.account_id);
    return CC_FOUND;
}

static enum cc_outcome find(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    return cc_find_selected(search, &cc_provider_sso, keys, why);
}

const struct cc_provider cc_provider_sso = {
    .name = "sso",
    .title = "IAM Identity Center (SSO) of the profile",
    .reach = CC_INTERNET,
    .serves_profile = true,
    .find = find,
    .find_in = find_in,
};
