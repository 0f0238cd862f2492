#include "credctl/aws/sso.h"

#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/providers/login.h"
#include "credctl/providers/token_file.h"

#include "cli_cache.h"
#include "table.h"

#define FOLDER "~/.aws/sso/cache"

/* The settings of the profile, and the token of `aws sso login`. */
struct sso {
    struct cc_search *search;
    const struct cc_section *section; /* the profile */
    const char *session;              /* name of the [sso-session]; NULL: the legacy form */
    const char *start_url;
    const char *region;
    const char *account_id;
    const char *role_name;
    struct cc_login login;
    struct cc_secret token;
    bool from_cli;
    struct cc_keys held; /* its keys from the AWS CLI's cache */
};

/* The command that logs in. */
static const char *login_command(const struct sso *sso)
{
    struct cc_arena *mem = &sso->search->run->mem;

    return sso->session
               ? cc_textf(mem, "aws sso login --sso-session %s", cc_text_sh_word(mem, sso->session))
               : cc_textf(mem, "aws sso login --profile %s",
                          cc_text_sh_word(mem, sso->section->name));
}

static bool need_login(const struct cc_login *login, struct cc_error *why, const char *cause)
{
    const struct sso *sso = login->about;

    cc_fail(why, CC_E_SSO_LOGIN, "profile %s needs a new SSO login", sso->section->name);
    cc_why(why, "%s", cause);
    return cc_fix(why, "run `%s`", login_command(sso));
}

/* A profile can repeat properties of the session, but not with other values. */
static bool agree(const struct sso *sso, const struct cc_section *session, const char *key,
                  struct cc_error *why)
{
    const char *own = cc_input_value(sso->search, sso->section, key);
    const char *theirs = cc_input_value(sso->search, session, key);

    if (!theirs) {
        cc_fail_profile(why, sso->section, "its [sso-session %s] (%s, line %d) has no %s",
                        session->name, session->file, session->line, key);
        return cc_fix(why, "add %s to [sso-session %s]", key, session->name);
    }
    if (own && !cc_text_equal(own, theirs)) {
        cc_fail_profile(why, sso->section, "its %s differs from that of [sso-session %s]", key,
                        session->name);
        return cc_fix(why, "remove %s from profile %s", key, sso->section->name);
    }
    return true;
}

static bool no_session(const struct sso *sso, struct cc_error *why)
{
    cc_fail_profile(why, sso->section, "its sso_session is %s, and there is no such section%s",
                    sso->session,
                    sso->account_id ? "" : "; it has no sso_account_id and sso_role_name either");
    return cc_fix(why, "add [sso-session %s] with sso_start_url and sso_region to %s", sso->session,
                  sso->search->settings->profiles.config_file);
}

static bool take_session(struct sso *sso, const struct cc_section *session, struct cc_error *why)
{
    if (!agree(sso, session, "sso_start_url", why) || !agree(sso, session, "sso_region", why)) {
        return false;
    }
    sso->start_url = cc_input_value(sso->search, session, "sso_start_url");
    sso->region = cc_input_value(sso->search, session, "sso_region");
    return true;
}

static bool take_legacy(struct sso *sso, struct cc_error *why)
{
    sso->start_url = cc_input_value(sso->search, sso->section, "sso_start_url");
    sso->region = cc_input_value(sso->search, sso->section, "sso_region");
    if (sso->start_url && sso->region) {
        return true;
    }
    const char *missing = sso->start_url ? "sso_region" : "sso_start_url";
    cc_fail_profile(why, sso->section, "it uses SSO without %s, and without an sso_session",
                    missing);
    return cc_fix(why, "add %s to profile %s, or run `aws configure sso`", missing,
                  sso->section->name);
}

/* Account and role, which are needed to get credentials for the token of the session. */
static bool check_role(const struct sso *sso, struct cc_error *why)
{
    if (sso->account_id && sso->role_name) {
        return true;
    }
    const char *missing = sso->account_id  ? "sso_role_name"
                          : sso->role_name ? "sso_account_id"
                                           : "sso_account_id and sso_role_name";
    const char *session =
        sso->session ? cc_textf(&sso->search->run->mem, "sso_session %s", sso->session) : "SSO";

    cc_fail_profile(why, sso->section,
                    "%s brings a token, but no credentials: the profile has no %s", session,
                    missing);
    return cc_fix(why, "add %s to profile %s", missing, sso->section->name);
}

static bool take_profile(struct sso *sso, struct cc_error *why)
{
    const struct cc_section *session =
        sso->session ? cc_profiles_section(&sso->search->settings->profiles, CC_SECTION_SSO_SESSION,
                                           sso->session)
                     : NULL;

    if (sso->session && !session) {
        return no_session(sso, why);
    }
    if (!check_role(sso, why) ||
        !(session ? take_session(sso, session, why) : take_legacy(sso, why))) {
        return false;
    }
    if (!cc_region_valid(sso->region)) {
        cc_fail_profile(why, sso->section, "sso_region \"%.80s\" cannot be part of a host name",
                        sso->region);
        return cc_fix(why, "correct sso_region: it is a region such as us-east-1");
    }
    cc_input_call(sso->search, sso->section, "SSO", sso->region);
    cc_input_call(sso->search, sso->section, "SSO_OIDC", sso->region);
    return true;
}

static bool take_token(struct cc_login *login, struct cc_error *why)
{
    struct sso *sso = login->about;
    struct cc_arena *mem = &login->search->run->mem;
    const char *token = cc_json_text(login->file.doc, "accessToken");
    const char *expires = cc_json_text(login->file.doc, "expiresAt");

    if (!token || !expires || !cc_time_from_iso(expires, &login->expires)) {
        return need_login(
            login, why,
            cc_textf(mem, "%s has no usable accessToken and expiresAt", login->file.path));
    }
    if (cc_text_unseen(token)) {
        return need_login(login, why,
                          cc_textf(mem, "accessToken in %s contains %s", login->file.path,
                                   cc_text_unseen(token)));
    }
    sso->token = cc_secret_keep(mem, token);
    return true;
}

static const char *hindrance(const struct cc_login *login)
{
    const struct sso *sso = login->about;
    const cJSON *file = login->file.doc;
    const char *until = cc_json_text(file, "registrationExpiresAt");
    int64_t at = 0;

    if (!sso->session) {
        return "a profile without sso_session has no refresh token";
    }
    if (!cc_json_text(file, "refreshToken") || !cc_json_text(file, "clientId") ||
        !cc_json_text(file, "clientSecret")) {
        return "there is no refresh token";
    }
    if (!until || !cc_time_from_iso(until, &at)) {
        return "the client registration has no expiry";
    }
    return at <= cc_now_aws(sso->search->run) ? "the client registration has expired too" : NULL;
}

static bool refresh(struct cc_login *login, cJSON *doc, struct cc_error *why)
{
    const struct sso *sso = login->about;
    struct cc_run *run = sso->search->run;
    const struct cc_oidc_refresh wish = {
        .sso_region = sso->region,
        .client_id = cc_json_text(doc, "clientId"),
        .client_secret = cc_secret_keep(&run->mem, cc_json_text(doc, "clientSecret")),
        .refresh_token = cc_secret_keep(&run->mem, cc_json_text(doc, "refreshToken")),
        .old = sso->token,
        .section = sso->section,
    };
    struct cc_oidc_token made = {0};

    if (!cc_oidc_refresh(run, sso->search->settings, &wish, &made, why)) {
        return false;
    }
    cc_token_file_set(doc, "accessToken", cc_secret_reveal(made.access_token));
    cc_token_file_set(doc, "expiresAt", cc_time_iso(&run->mem, cc_now_aws(run) + made.expires_in));
    if (cc_secret_present(made.refresh_token)) {
        cc_token_file_set(doc, "refreshToken", cc_secret_reveal(made.refresh_token));
    }
    return true;
}

static const char *const replaced[] = {"accessToken", "expiresAt", "refreshToken", NULL};

static const struct cc_login_kind sso_login = {
    .replaced = replaced,
    .take = take_token,
    .hindrance = hindrance,
    .refresh = refresh,
    .need_login = need_login,
};

static bool ask(const struct sso *sso, struct cc_keys *keys, struct cc_error *why)
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
                      "ask for role %s of account %s to be assigned to you in IAM Identity "
                      "Center, or correct sso_role_name and sso_account_id of profile %s",
                      sso->role_name, sso->account_id, sso->section->name);
    }
    return false;
}

/* A session without account and role is for programs that use its token; it is not an error when
 * the profile has other credentials. */
static bool token_only(const struct sso *sso)
{
    return !sso->account_id && !sso->role_name &&
           (cc_input_value(sso->search, sso->section, "login_session") ||
            cc_input_value(sso->search, sso->section, "credential_process"));
}

/* Keys from the AWS CLI's cache, or the token of the login. */
static bool plan_source(struct sso *sso, struct cc_error *why)
{
    const char *token_file = cc_token_file_path(sso->search->run, FOLDER, CC_SHA1,
                                                sso->session ? sso->session : sso->start_url);
    const struct cc_cli_sso kept = {sso->account_id, sso->role_name, sso->session, sso->start_url,
                                    token_file};

    sso->from_cli = cc_cli_cache_sso(sso->search, &kept, &sso->held);
    sso->login = (struct cc_login){
        .search = sso->search,
        .kind = &sso_login,
        .about = sso,
        .file = {.path = token_file, .replaced = replaced},
    };
    return sso->from_cli || cc_login_read(&sso->login, why);
}

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    struct sso *sso = cc_alloc(&search->run->mem, sizeof(*sso));

    if (!section) {
        return cc_absent(why, "there is no profile %s", search->settings->profile);
    }
    *sso = (struct sso){
        .search = search,
        .section = section,
        .session = cc_input_value(search, section, "sso_session"),
        .account_id = cc_input_value(search, section, "sso_account_id"),
        .role_name = cc_input_value(search, section, "sso_role_name"),
    };
    if (!sso->session && !sso->account_id && !sso->role_name &&
        !cc_input_value(search, section, "sso_start_url")) {
        return cc_absent(why, "profile %s does not use SSO", section->name);
    }
    if (token_only(sso)) {
        return cc_absent(why, "profile %s names an SSO session, but no account and role",
                         section->name);
    }
    question->about = sso;
    return take_profile(sso, why) && plan_source(sso, why) ? CC_FOUND : CC_BROKEN;
}

static enum cc_outcome fetch(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why)
{
    struct sso *sso = about;
    struct cc_keys made = sso->held;

    if (!sso->from_cli && (!cc_login_renew(&sso->login, why) || !ask(sso, &made, why))) {
        return CC_BROKEN;
    }
    *keys = made;
    search->detail = cc_textf(&search->run->mem, "profile %s: SSO role %s of account %s",
                              sso->section->name, sso->role_name, sso->account_id);
    return CC_FOUND;
}

const struct cc_provider cc_provider_sso = {
    .name = "sso",
    .title = "IAM Identity Center (SSO) of the profile",
    .reach = CC_INTERNET,
    .in_profile = true,
    .kept = true,
    .token_serves_once = true,
    .plan = plan,
    .fetch = fetch,
};
