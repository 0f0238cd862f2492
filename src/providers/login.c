#include "credctl/aws/region.h"
#include "credctl/aws/sso.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/providers/token_cache.h"

#include "table.h"
#include "walk.h"

#define FOLDER       "~/.aws/login/cache"
#define WINDOW_S     300
#define USUAL_REGION "us-east-1"

/* What `aws login` left for a profile. */
struct login {
    struct cc_search *search;
    const struct cc_section *section;
    const char *path;
    cJSON *file;
    cJSON *keys; /* its member accessToken */
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

static bool need_login(const struct login *login, struct cc_error *why, const char *cause)
{
    cc_fail(why, CC_E_LOGIN, "profile %s needs a new `aws login`", login->section->name);
    cc_why(why, "%s", cause);
    return cc_fix(why, "run `aws login --profile %s`", login->section->name);
}

/* The first member that must be there and is not; NULL when all are. */
static const char *missing(const struct login *login)
{
    static const char *const members[] = {"refreshToken", "clientId", "dpopKey"};

    for (size_t i = 0; i < CC_COUNT(members); i++) {
        if (!cc_json_text(login->file, members[i])) {
            return members[i];
        }
    }
    return cc_json_text(login->keys, "accountId") ? NULL : "accessToken.accountId";
}

static bool read_cache(struct login *login, struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = login->search->run;
    struct cc_error cause;

    if (!cc_token_cache_read(run, login->path, &login->file, &cause)) {
        return need_login(
            login, why,
            cc_file_facts(run, login->path).exists
                ? cc_textf(&run->mem, "%s: %s", cause.what, cause.why)
                : cc_textf(&run->mem, "there is no session: %s does not exist", login->path));
    }
    login->keys = cJSON_GetObjectItemCaseSensitive(login->file, "accessToken");
    if (!cc_keys_from_json(&run->mem, login->keys, &cached,
                           cc_textf(&run->mem, "accessToken in %s", login->path), keys, &cause)) {
        return need_login(login, why, cc_textf(&run->mem, "%s: %s", cause.what, cause.why));
    }
    const char *member = missing(login);
    return !member ||
           need_login(login, why, cc_textf(&run->mem, "%s has no %s", login->path, member));
}

static bool choose_region(const struct login *login, const char **region, struct cc_error *why)
{
    const char *own = cc_json_text(login->file, "signInRegion");

    if (own && cc_region_valid(own)) {
        *region = own;
        return true;
    }
    if (!cc_region_for(login->search, login->section, region, why)) {
        return false;
    }
    *region = *region ? *region : USUAL_REGION;
    return true;
}

static void store(const struct login *login, const struct cc_signin_token *fresh)
{
    struct cc_run *run = login->search->run;
    struct cc_error err;

    cc_token_cache_set(login->keys, "accessKeyId", fresh->keys.access_key_id);
    cc_token_cache_set(login->keys, "secretAccessKey", cc_secret_reveal(fresh->keys.secret_key));
    cc_token_cache_set(login->keys, "sessionToken", cc_secret_reveal(fresh->keys.session_token));
    cc_token_cache_set(login->keys, "expiresAt", cc_time_iso(&run->mem, fresh->keys.expires));
    if (cc_secret_present(fresh->refresh_token)) {
        cc_token_cache_set(login->file, "refreshToken", cc_secret_reveal(fresh->refresh_token));
    }
    if (!cc_token_cache_write(run, login->path, login->file, &err)) {
        cc_search_warn(login->search,
                       cc_textf(&run->mem, "the refreshed login could not be kept: %s (%s)",
                                err.what, err.why));
    }
}

static bool refresh(const struct login *login, struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = login->search->run;
    struct cc_signin_refresh wish = {
        .client_id = cc_json_text(login->file, "clientId"),
        .refresh_token = cc_secret_keep(&run->mem, cc_json_text(login->file, "refreshToken")),
        .dpop_key = cc_secret_keep(&run->mem, cc_json_text(login->file, "dpopKey")),
        .section = login->section,
    };
    struct cc_signin_token fresh = {0};

    if (!choose_region(login, &wish.region, why) ||
        !cc_signin_refresh(run, login->search->settings, &wish, &fresh, why)) {
        return false;
    }
    store(login, &fresh);
    fresh.keys.account_id = keys->account_id; /* the answer does not repeat it */
    *keys = fresh.keys;
    return true;
}

/* A refresh token serves once: whoever lost the race finds the winner's keys in the file. */
static bool refreshed_by_another(const struct login *login, struct cc_keys *keys)
{
    struct login again = *login;
    struct cc_keys read = {0};
    struct cc_error ignored;

    if (!read_cache(&again, &read, &ignored) ||
        cc_text_equal(read.access_key_id, keys->access_key_id) ||
        read.expires <= cc_now_aws(login->search->run)) {
        return false;
    }
    *keys = read;
    return true;
}

static bool make_fresh(const struct login *login, struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = login->search->run;
    struct cc_error cause = {0};

    if (keys->expires > cc_now_aws(run) + WINDOW_S) {
        return true;
    }
    if (refresh(login, keys, &cause) || refreshed_by_another(login, keys)) {
        return true;
    }
    /* A session that is over, or a password that was changed, is told at once. */
    if (keys->expires > cc_now_aws(run) && cause.code != CC_E_LOGIN) {
        cc_search_warn(login->search,
                       cc_textf(&run->mem,
                                "the login could not be refreshed (%s: %s); its keys "
                                "are valid until %s",
                                cause.what, cause.why, cc_time_iso(&run->mem, keys->expires)));
        return true;
    }
    *why = cause;
    return cc_text_starts(why->fix, "run `aws login`")
               ? cc_fix(why, "run `aws login --profile %s`", login->section->name)
               : false;
}

static enum cc_outcome find_in(struct cc_search *search, const struct cc_section *section,
                               struct cc_keys *keys, struct cc_error *why)
{
    struct cc_run *run = search->run;
    const char *session = cc_section_value(section, "login_session");
    const char *folder = cc_env(run, "AWS_LOGIN_CACHE_DIRECTORY");
    struct login login = {.search = search, .section = section};
    struct cc_keys found = {0};

    if (!session) {
        return cc_absent(why, "profile %s has no login_session", section->name);
    }
    login.path =
        cc_token_cache_path(run, cc_text_blank(folder) ? FOLDER : folder, CC_SHA256, session);
    if (!read_cache(&login, &found, why) || !make_fresh(&login, &found, why)) {
        return CC_BROKEN;
    }
    *keys = found;
    search->detail = cc_textf(&run->mem, "profile %s: login session %s", section->name, session);
    return CC_FOUND;
}

static enum cc_outcome find(struct cc_search *search, struct cc_keys *keys, struct cc_error *why)
{
    return cc_find_selected(search, &cc_provider_login, keys, why);
}

const struct cc_provider cc_provider_login = {
    .name = "login",
    .title = "aws login of the profile",
    .reach = CC_INTERNET,
    .serves_profile = true,
    .find = find,
    .find_in = find_in,
};
