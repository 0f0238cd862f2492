#include "credctl/aws/tmds.h"
#include "credctl/base/text.h"

#include "scene.h"

/*
 * App Runner documents one variable, PORT. It is not verified that its credentials come from
 * RELATIVE_URI, so the confidence is low, and the agent must return a role. Without PORT, the same
 * evidence is an ECS task with missing variables.
 */
static bool look(struct cc_scene *scene)
{
    int64_t port = 0;

    if (!cc_relative_url(scene->run) || !cc_ask_container_role(scene)) {
        return false;
    }
    bool served = cc_text_number(cc_scene_env(scene, "PORT"), 1, 65535, &port);
    bool ecs = cc_text_starts(cc_env(scene->run, "AWS_EXECUTION_ENV"), "AWS_ECS_");
    bool fargate = cc_text_equal(cc_env(scene->run, "AWS_EXECUTION_ENV"), "AWS_ECS_FARGATE");
    cc_is(scene, ecs || !served ? (fargate ? "fargate" : "ecs") : "app-runner",
          ecs ? CC_MEDIUM : CC_LOW);
    if (served && !ecs) {
        scene->place.service = "app-runner";
        cc_saw(scene, "PORT", cc_scene_env(scene, "PORT"),
               "as in App Runner (unverified: AWS documents no other sign)");
    }
    cc_take_region_variable(scene);
    cc_warn(scene, CC_ABOUT_LIMIT, NULL,
            "no variable points to task metadata: this answer is based on the credentials endpoint "
            "alone");
    (void)cc_doubt_on_foreign(scene, "the variables of ECS were");
    return true;
}

const struct cc_detector cc_detector_app_runner = {
    .name = "app-runner",
    .environments = {"app-runner", "ecs", "fargate"},
    .services = {"app-runner"},
    .look = look,
};
