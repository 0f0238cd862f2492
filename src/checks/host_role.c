#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "parts.h"

/* Why there is nothing to compare; NULL: there is. */
static const char *nothing_to_compare(struct cc_checkup *checkup, const struct cc_place *place)
{
    const char *hidden = cc_found_code(checkup, CC_E_HIDDEN);

    if (!place->aws) {
        return "this host is not on AWS, so it has no role";
    }
    if (cc_checkup_keys(checkup)->state != CC_STAGE_OK) {
        return "there are no credentials to compare with the role of this host";
    }
    if (checkup->resolve.hop_count > 0) {
        return "another role is assumed on top of the credentials of this host";
    }
    return hidden ? cc_textf(&checkup->run->mem, "other credentials are used: see %s", hidden)
                  : NULL;
}

/* The identity of the credentials, as a role or as an ARN; NULL when it is not known. */
static const char *owner_of(struct cc_checkup *checkup)
{
    struct cc_arena *mem = &checkup->run->mem;
    const bool asked = cc_checkup_caller(checkup)->state == CC_STAGE_OK;
    const char *arn = asked ? checkup->identity.arn : checkup->resolve.keys.role_arn;
    const char *role = cc_role_of_arn(mem, arn);

    return role ? role : arn;
}

static void tell_other(struct cc_checkup *checkup, const struct cc_place *place, const char *owner)
{
    struct cc_error err;

    cc_fail(&err, CC_E_OTHER_ROLE, "the credentials are not those of the role of this host (%s)",
            place->environment);
    cc_why(&err, "they are of %s; the role of the host is %s", owner, place->role_name);
    cc_found_warning(checkup, &err);
}

static void tell_silent(struct cc_checkup *checkup, const struct cc_caution *caution)
{
    struct cc_error err;

    cc_fail(&err, CC_E_OTHER_ROLE, "%s", caution->says);
    cc_fix(&err, "%s", caution->fix ? caution->fix : "give it a role of its own");
    cc_found_warning(checkup, &err);
}

/* The host itself gives them: whatever they are, they are its own. */
static void look_at_own(struct cc_checkup *checkup, const struct cc_scene *scene)
{
    const struct cc_caution *caution = cc_caution_about_role(scene);
    const char *role = scene->place.role_name;
    const char *owner = owner_of(checkup);

    if (caution) {
        tell_silent(checkup, caution);
    } else if (role && owner && !cc_text_equal(role, owner)) {
        tell_other(checkup, &scene->place, owner);
    } else {
        cc_found_ok(checkup, "the credentials are those of this host%s%s", owner ? ": " : "",
                    owner ? owner : "");
    }
}

static void look_at_others(struct cc_checkup *checkup, const struct cc_place *place)
{
    const char *owner = owner_of(checkup);

    if (!place->role_name || !owner) {
        cc_found_unchecked(checkup, "%s is not known",
                           owner ? "the role of this host" : "whose credentials these are");
    } else if (cc_text_equal(owner, place->role_name)) {
        cc_found_ok(checkup, "the credentials are of the role of this host: %s", owner);
    } else {
        tell_other(checkup, place, owner);
    }
}

static void run(struct cc_checkup *checkup)
{
    const struct cc_scene *scene = cc_checkup_scene(checkup);
    const char *why_not = nothing_to_compare(checkup, &scene->place);

    if (why_not) {
        cc_found_unchecked(checkup, "%s", why_not);
        return;
    }
    const struct cc_provider *source = checkup->resolve.story.ended_by->provider;
    if (source->on_host || (source->only_unasked && scene->keys_are_own)) {
        look_at_own(checkup, scene);
    } else {
        look_at_others(checkup, &scene->place);
    }
}

const struct cc_check cc_check_host_role = {
    .name = "host_role",
    .title = "Host role",
    .about = "whether the credentials are those of the role of this host",
    .run = run,
};
