#include "credctl/providers/login.h"

#include "credctl/aws/region.h"
#include "credctl/aws/sso.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/providers/token_file.h"

#include "table.h"

#define FOLDER       "~/.aws/login/cache"
#define USUAL_REGION "us-east-1"

/* The login session of a profile. */
struct session {
    struct cc_search *search;
    const struct cc_section *section;
    const char *name;
    const char *region; /* for the sign-in service */
    struct cc_login login;
    struct cc_keys keys;
};

static const struct cc_keys_shape cached = {
    .access_key_id = "accessKeyId",
    .secret_key = "secretAccessKey",
    .session_token = "sessionToken",
    .expiration = "expiresAt",
    .account_id = "accountId",
    .token_required = true,
    .expiration_required = true,
};

static const char *login_command(const struct session *session)
{
    struct cc_arena *mem = &session->search->run->mem;

    return cc_textf(mem, "aws login --profile %s", cc_text_sh_word(mem, session->section->name));
}

static bool need_login(const struct cc_login *login, struct cc_error *why, const char *cause)
{
    const struct session *session = login->about;

    cc_fail(why, CC_E_LOGIN, "profile %s needs a new `aws login`", session->section->name);
    cc_why(why, "%s", cause);
    return cc_fix(why, "run `%s`", login_command(session));
}

/* The first required member that is missing; NULL when there is none. */
static const char *missing(const cJSON *file)
{
    static const char *const members[] = {"refreshToken", "clientId", "dpopKey"};

    for (size_t i = 0; i < CC_COUNT(members); i++) {
        if (!cc_json_text(file, members[i])) {
            return members[i];
        }
    }
    return cc_json_text(cc_json_object(file, "accessToken"), "accountId") ? NULL
                                                                          : "accessToken.accountId";
}

static bool take_keys(struct cc_login *login, struct cc_error *why)
{
    struct session *session = login->about;
    struct cc_run *run = login->search->run;
    struct cc_error cause;

    if (!cc_keys_from_json(&run->mem, cc_json_object(login->file.doc, "accessToken"), &cached,
                           cc_textf(&run->mem, "accessToken in %s", login->file.path),
                           &session->keys, &cause)) {
        return need_login(login, why, cc_textf(&run->mem, "%s: %s", cause.what, cause.why));
    }
    login->expires = session->keys.expires;
    const char *member = missing(login->file.doc);
    return !member ||
           need_login(login, why, cc_textf(&run->mem, "%s has no %s", login->file.path, member));
}

static const char *hindrance(const struct cc_login *login)
{
    (void)login;
    return NULL;
}

static bool refresh(struct cc_login *login, cJSON *doc, struct cc_error *why)
{
    const struct session *session = login->about;
    struct cc_run *run = login->search->run;
    const struct cc_signin_refresh wish = {
        .region = session->region,
        .client_id = cc_json_text(doc, "clientId"),
        .refresh_token = cc_secret_keep(&run->mem, cc_json_text(doc, "refreshToken")),
        .dpop_key = cc_secret_keep(&run->mem, cc_json_text(doc, "dpopKey")),
        .old = {session->keys.secret_key, session->keys.session_token},
        .section = session->section,
    };
    struct cc_signin_token made = {0};
    cJSON *keys = cJSON_GetObjectItemCaseSensitive(doc, "accessToken");

    if (!cc_signin_refresh(run, login->search->settings, &wish, &made, why)) {
        return cc_text_starts(why->fix, "run `aws login`")
                   ? cc_fix(why, "run `%s`", login_command(session))
                   : false;
    }
    cc_token_file_set(keys, "accessKeyId", made.keys.access_key_id);
    cc_token_file_set(keys, "secretAccessKey", cc_secret_reveal(made.keys.secret_key));
    cc_token_file_set(keys, "sessionToken", cc_secret_reveal(made.keys.session_token));
    cc_token_file_set(keys, "expiresAt", cc_time_iso(&run->mem, cc_now_aws(run) + made.expires_in));
    if (cc_secret_present(made.refresh_token)) {
        cc_token_file_set(doc, "refreshToken", cc_secret_reveal(made.refresh_token));
    }
    return true;
}

static const char *const replaced[] = {"accessToken", "refreshToken", NULL};

static const struct cc_login_kind signin = {
    .replaced = replaced,
    .take = take_keys,
    .hindrance = hindrance,
    .refresh = refresh,
    .need_login = need_login,
};

static bool choose_region(struct session *session, struct cc_error *why)
{
    const char *own = cc_json_text(session->login.file.doc, "signInRegion");

    if (own && cc_region_valid(own)) {
        session->region = own;
    } else if (!cc_input_region(session->search, session->section, &session->region, why)) {
        return false;
    }
    session->region = session->region ? session->region : USUAL_REGION;
    cc_input_call(session->search, session->section, "SIGNIN", session->region);
    return true;
}

static enum cc_outcome plan(struct cc_search *search, const struct cc_section *section,
                            struct cc_question *question, struct cc_error *why)
{
    struct cc_run *run = search->run;
    struct session *session = cc_alloc(&run->mem, sizeof(*session));

    if (!section) {
        return cc_absent(why, "there is no profile %s", search->settings->profile);
    }
    *session = (struct session){
        .search = search,
        .section = section,
        .name = cc_input_value(search, section, "login_session"),
        .login = {.search = search, .kind = &signin, .about = session},
    };
    if (!session->name) {
        return cc_absent(why, "profile %s has no login_session", section->name);
    }
    const char *folder = cc_input_variable(search, "AWS_LOGIN_CACHE_DIRECTORY");
    session->login.file = (struct cc_login_file){
        .path = cc_token_file_path(run, folder ? folder : FOLDER, CC_SHA256, session->name),
        .replaced = replaced,
    };
    question->about = session;
    return cc_login_read(&session->login, why) && choose_region(session, why) ? CC_FOUND
                                                                              : CC_BROKEN;
}

static enum cc_outcome fetch(struct cc_search *search, void *about, struct cc_keys *keys,
                             struct cc_error *why)
{
    struct session *session = about;

    if (!cc_login_renew(&session->login, why)) {
        return CC_BROKEN;
    }
    *keys = session->keys;
    search->detail = cc_textf(&search->run->mem, "profile %s: login session %s",
                              session->section->name, session->name);
    return CC_FOUND;
}

const struct cc_provider cc_provider_login = {
    .name = "login",
    .title = "aws login of the profile",
    .reach = CC_INTERNET,
    .in_profile = true,
    .kept = true,
    .token_serves_once = true,
    .plan = plan,
    .fetch = fetch,
};
