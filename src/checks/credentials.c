#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "parts.h"

#define SOON_S 900

#define GET_SOME                                                                                   \
    "run `aws configure sso` or `aws login` to log in, or `aws configure` to store keys; on AWS, " \
    "give this host a role"

/* --- when there are some --- */

static const char *lasting(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    const struct cc_keys *keys = &checkup->resolve.keys;

    if (keys->expires == CC_NEVER_EXPIRES) {
        return cc_secret_present(keys->session_token) ? "; temporary, their end is not known" : "";
    }
    return cc_textf(&run->mem, "; valid for %s",
                    cc_time_span(&run->mem, keys->expires - cc_now_aws(run)));
}

static void tell_source(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    const struct cc_story *story = &checkup->resolve.story;
    const struct cc_attempt *end = story->ended_by;
    const struct cc_from_cache *cache = &story->from_cache;
    const size_t hops = checkup->resolve.hop_count;

    cc_found_ok(checkup, "%s%s%s%s%s%s%s", end->provider->name, end->detail ? ": " : "",
                end->detail ? end->detail : "", hops > 0 ? "; then " : "",
                hops > 0 ? checkup->resolve.hops[hops - 1].role_arn : "",
                cache->cache ? cc_textf(&run->mem, "; cached by %s, fetched %s ago", cache->cache,
                                        cc_time_span(&run->mem, cc_now_aws(run) - cache->fetched))
                             : "",
                lasting(checkup));
}

/* Credentials that nobody renews. */
static bool tell_end(struct cc_checkup *checkup)
{
    struct cc_run *run = checkup->run;
    const struct cc_keys *keys = &checkup->resolve.keys;
    const bool renewed =
        !checkup->resolve.story.ended_by->provider->only_unasked || checkup->resolve.hop_count > 0;
    struct cc_error err;

    if (renewed || keys->expires > cc_now_aws(run) + SOON_S) {
        return false;
    }
    if (keys->expires > cc_now_aws(run)) {
        cc_fail(&err, CC_E_EXPIRED, "the keys in the environment expire in %s",
                cc_time_span(&run->mem, keys->expires - cc_now_aws(run)));
        cc_fix(&err, "get fresh credentials from their source before then");
        cc_found_warning(checkup, &err);
        return true;
    }
    cc_fail(&err, CC_E_EXPIRED, "the keys in the environment have expired");
    cc_why(&err, "AWS_CREDENTIAL_EXPIRATION is %s", cc_time_iso(&run->mem, keys->expires));
    cc_fix(&err, "get fresh credentials from their source, or unset AWS_ACCESS_KEY_ID "
                 "AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION");
    if (cc_checkup_caller(checkup)->state == CC_STAGE_OK) {
        cc_why(&err, "AWS_CREDENTIAL_EXPIRATION is %s, but AWS still accepts them; boto3 does not",
               cc_time_iso(&run->mem, keys->expires));
        cc_fix(&err, "unset AWS_CREDENTIAL_EXPIRATION");
        cc_found_warning(checkup, &err);
    } else {
        cc_found_broken(checkup, CC_REFUSED, &err);
    }
    return true;
}

/* Those about variables beside the keys are told by other checks. */
static void tell_warnings(struct cc_checkup *checkup)
{
    const struct cc_search *search = &checkup->resolve.search;
    struct cc_error err;

    if (checkup->resolve.story.ended_by->provider->only_unasked) {
        return;
    }
    for (size_t i = 0; i < search->warning_count; i++) {
        cc_fail(&err, CC_E_CONFIG, "%s", search->warnings[i]);
        cc_fix(&err, "run `credctl session` to see how these credentials were found");
        cc_found_warning(checkup, &err);
    }
}

/* --- when there are none --- */

/* `sudo` runs without the variables and files of the user. */
static bool mention_sudo(struct cc_checkup *checkup, struct cc_error *err)
{
    const char *user = cc_env(checkup->run, "SUDO_USER");

    if (!user || cc_text_equal(user, "root")) {
        return false;
    }
    cc_why(err, "sudo hides the variables and files of user %.60s", user);
    return cc_fix(err, "run it without sudo, or with `sudo -E` and HOME set to that user's home");
}

static void tell_none(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_scene *scene = cc_checkup_scene(checkup);
    const struct cc_caution *caution = cc_caution_about_role(scene);
    const struct cc_error *host = cc_error_about_role(scene);
    struct cc_error err;

    cc_fail(&err, CC_E_NO_KEYS, "no credentials are configured");
    cc_fix(&err, GET_SOME);
    if (settings->profile_named) {
        cc_why(&err, "profile %s has none, and nothing else gives any", settings->profile);
        cc_fix(&err, "add keys, a role, SSO, login_session or credential_process to profile %s",
               settings->profile);
    } else if (scene->place.aws && host) {
        cc_why(&err, "%s%s%s", host->what, host->why[0] ? ": " : "", host->why);
        cc_fix(&err, "%s", host->fix);
    } else if (caution) {
        cc_why(&err, "%s", caution->says);
        cc_fix(&err, "%s", caution->fix ? caution->fix : GET_SOME);
    } else {
        (void)mention_sudo(checkup, &err);
    }
    cc_found_failure(checkup, &err);
}

static void tell_failure(struct cc_checkup *checkup)
{
    const struct cc_stage *keys = cc_checkup_keys(checkup);
    const struct cc_attempt *end = checkup->resolve.story.ended_by;
    /* Detection knows the instance, so its remedy is better. */
    const struct cc_error *host = cc_error_about_role(cc_checkup_scene(checkup));
    const char *told = cc_found_before(checkup, &keys->why);
    struct cc_error err = keys->why;

    if (told) {
        cc_found_unchecked(checkup, "%s: see %s", err.what, told);
    } else if (cc_checkup_breakdown(checkup) == CC_NONE_FOUND) {
        tell_none(checkup);
    } else {
        if (host && end && end->provider->on_host && checkup->scene->place.aws) {
            cc_fix(&err, "%s", host->fix);
        }
        cc_found_failure(checkup, &err);
    }
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_stage *keys = cc_checkup_keys(checkup);

    switch (keys->state) {
    case CC_STAGE_OK:
        if (!tell_end(checkup)) {
            tell_source(checkup);
            tell_warnings(checkup);
        }
        break;
    case CC_STAGE_NOT_TRIED:
        cc_found_unchecked(checkup, "%s%s",
                           checkup->base->on_host ? "variables and files have none; " : "",
                           keys->why.what);
        break;
    default: tell_failure(checkup);
    }
}

const struct cc_check cc_check_credentials = {
    .name = "credentials",
    .title = "Credentials",
    .about = "which provider of the chain is used, whether it works, and until when",
    .run = run,
};
