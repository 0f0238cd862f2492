#include "credctl/base/text.h"

#include "parts.h"

#define UNSET_KEYS "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"

static bool of_profile(const struct cc_provider *provider)
{
    return provider->in_profile || cc_text_equal(provider->name, "profile");
}

/* The platform gives its role in another way than by keys in the environment. */
static bool host_has_role(const struct cc_scene *scene)
{
    return scene->place.aws && !scene->keys_are_own &&
           (scene->place.role_name || scene->place.identity_mechanism);
}

static const char *role_of(struct cc_checkup *checkup, const struct cc_place *place)
{
    return place->role_name
               ? cc_textf(&checkup->run->mem, "%s: %s", place->environment, place->role_name)
               : place->environment;
}

/* The keys in the environment are used. */
static void tell_behind_keys(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_scene *scene = cc_checkup_scene(checkup);
    struct cc_error err;

    (void)cc_checkup_plan_behind(checkup);
    const struct cc_provider *behind = checkup->behind;
    if (!behind) {
        return;
    }
    if (of_profile(behind) && settings->section && settings->profile_named) {
        cc_fail(&err, CC_E_HIDDEN, "the keys in the environment hide profile %s",
                settings->profile);
        cc_why(&err,
               "%s selects it, but AWS_ACCESS_KEY_ID is used first; the SDK for JavaScript "
               "uses the profile",
               settings->profile_source);
        cc_fix(&err, UNSET_KEYS "; or, to use the keys, unset %s", settings->profile_source);
        cc_found_warning(checkup, &err);
    } else if (host_has_role(scene) && (!of_profile(behind) || !settings->section)) {
        cc_fail(&err, CC_E_HIDDEN, "the keys in the environment hide the role of this host (%s)",
                role_of(checkup, &scene->place));
        cc_why(&err, "AWS_ACCESS_KEY_ID is used first");
        cc_fix(&err, UNSET_KEYS);
        cc_found_warning(checkup, &err);
    }
}

/* Nobody selected the default profile: its file may be part of an image. */
static void tell_default_profile(struct cc_checkup *checkup)
{
    const struct cc_settings *settings = &checkup->resolve.settings;
    const struct cc_scene *scene = cc_checkup_scene(checkup);
    struct cc_error err;

    if (settings->profile_named || !settings->section || checkup->base->on_host ||
        checkup->base->command || !host_has_role(scene)) {
        return;
    }
    cc_fail(&err, CC_E_HIDDEN, "profile %s hides the role of this host (%s)", settings->profile,
            role_of(checkup, &scene->place));
    cc_why(&err, "its credentials (%s, line %d) are used first", settings->section->file,
           settings->section->line);
    cc_fix(&err, "remove its credentials from %s, or select it with AWS_PROFILE=%s if it is meant",
           settings->section->file, settings->profile);
    cc_found_warning(checkup, &err);
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_stage *plan = cc_checkup_plan(checkup);

    if (plan->state != CC_STAGE_OK) {
        cc_found_unchecked(checkup, plan->why.code == CC_E_NO_KEYS
                                        ? "there are no credentials"
                                        : "it is not known which credentials are used");
        return;
    }
    if (checkup->planned->only_unasked) {
        tell_behind_keys(checkup);
    } else if (of_profile(checkup->planned)) {
        tell_default_profile(checkup);
    }
    if (!cc_found_nothing(checkup)) {
        return;
    }
    if (checkup->planned->on_host) {
        cc_found_ok(checkup, "nothing comes before the role of a host");
    } else {
        cc_found_ok(checkup, "used first: %s; nothing that was meant is hidden",
                    checkup->planned->title);
    }
}

const struct cc_check cc_check_precedence = {
    .name = "precedence",
    .title = "Precedence",
    .about = "whether credentials that are found first hide the profile or role that was meant",
    .run = run,
};
