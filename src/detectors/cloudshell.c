#include "credctl/base/text.h"

#include "scene.h"

static bool look(struct cc_scene *scene)
{
    if (!cc_text_equal(cc_env(scene->run, "AWS_EXECUTION_ENV"), "CloudShell")) {
        return false;
    }
    const char *uri = cc_scene_env(scene, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    bool agent = cc_text_starts(uri, "http://localhost:1338/");
    cc_is(scene, "cloudshell", agent ? CC_HIGH : CC_MEDIUM);
    scene->place.service = "cloudshell";
    scene->place.identity_mechanism = "console-session";
    cc_saw(scene, "AWS_EXECUTION_ENV", "CloudShell", "set by AWS CloudShell");
    if (agent) {
        cc_saw(scene, "AWS_CONTAINER_CREDENTIALS_FULL_URI", uri, "CloudShell's own agent");
    }
    cc_take_region_variable(scene);
    cc_warn(scene, CC_ABOUT_LIMIT, NULL,
            "there is no hosting role: the identity is that of the console user; run `credctl "
            "session` to see it");
    (void)cc_doubt_on_foreign(scene, "the variables of CloudShell were");
    return true;
}

const struct cc_detector cc_detector_cloudshell = {
    .name = "cloudshell",
    .environments = {"cloudshell"},
    .services = {"cloudshell"},
    .look = look,
};
