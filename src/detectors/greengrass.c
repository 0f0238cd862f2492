#include "credctl/base/text.h"

#include "scene.h"

/* SVCUID and the authorization token are secrets: only whether they are set is checked. */
static bool look(struct cc_scene *scene)
{
    const char *thing = cc_scene_env(scene, "AWS_IOT_THING_NAME");
    const char *version = cc_scene_env(scene, "GGC_VERSION");
    bool nucleus = cc_env(scene->run, "SVCUID") != NULL;

    if (!thing || !(version || nucleus)) {
        return false;
    }
    cc_is(scene, "greengrass", version && nucleus ? CC_HIGH : CC_MEDIUM);
    cc_saw(scene, "AWS_IOT_THING_NAME", thing, "a component of this Greengrass core device");
    if (version) {
        cc_saw(scene, "GGC_VERSION", version, "the version of the nucleus");
    }
    if (nucleus) {
        cc_saw(scene, "SVCUID", "set", "the interprocess channel of the nucleus");
    }
    scene->place.aws = cc_text_equal(cc_scene_dmi(scene)->cloud, "aws");
    scene->place.service = "greengrass";
    scene->place.resource_id = thing;
    scene->place.identity_mechanism = "token-exchange";
    cc_take_region_variable(scene);
    if (!cc_env(scene->run, "AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
        cc_warn(scene, CC_ABOUT_ROLE,
                "add a dependency on aws.greengrass.TokenExchangeService to its recipe",
                "this component has no credentials");
    }
    return true;
}

const struct cc_detector cc_detector_greengrass = {
    .name = "greengrass",
    .environments = {"greengrass"},
    .services = {"greengrass"},
    .look = look,
};
