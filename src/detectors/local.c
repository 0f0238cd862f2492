#include "credctl/base/text.h"

#include "scene.h"

/* Variables of platforms that this is not: copied from one, or from the ENV of an image. */
static const char *const platform_variables[] = {
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_MICROVM_IMAGE_ARN",
    "LAMBDA_TASK_ROOT",
    "ECS_CONTAINER_METADATA_URI_V4",
    "ECS_CONTAINER_METADATA_URI",
    "ECS_CONTAINER_METADATA_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_BATCH_JOB_ID",
    "CODEBUILD_BUILD_ARN",
    "TRAINING_JOB_ARN",
    "AGENTCORE_RUNTIME_URL",
    "AWS_IOT_THING_NAME",
};

_Static_assert(CC_COUNT(platform_variables) <= CC_LEFT_OVER_MAX, "there is room for all");

static bool left_overs(struct cc_scene *scene)
{
    for (size_t i = 0; i < CC_COUNT(platform_variables); i++) {
        if (cc_scene_env(scene, platform_variables[i])) {
            cc_saw(scene, platform_variables[i], "set",
                   "left over: nothing confirms the platform that sets it");
            scene->left_over[scene->left_over_count++] = platform_variables[i];
        }
    }
    return scene->left_over_count > 0;
}

static bool look(struct cc_scene *scene)
{
    cc_is(scene, "local", CC_HIGH);
    scene->place.aws = false;
    const struct cc_instance *instance = &scene->instance;
    bool played = instance->state == CC_IMDS_AVAILABLE || instance->state == CC_IMDS_MMDS;
    bool strange =
        played || instance->state == CC_IMDS_LOOK_ALIKE || instance->state == CC_IMDS_PARTIAL;
    bool told = cc_scene_foreign(scene) || instance->state == CC_IMDS_UNREACHABLE ||
                instance->state == CC_IMDS_LOOK_ALIKE;
    if (!told || played) {
        scene->place.confidence = scene->run->offline ? CC_LOW : CC_MEDIUM;
    }
    if (instance->state == CC_IMDS_FORBIDDEN) {
        cc_warn(scene, CC_ABOUT_LIMIT, NULL,
                "AWS_EC2_METADATA_DISABLED is true, so the EC2 metadata service was not queried");
    }
    if (strange) {
        cc_warn(scene, CC_ABOUT_PLACE, NULL,
                "something answers at %s that is not EC2's metadata service: an emulator, "
                "a credential tool or a proxy; SDKs may take credentials from it",
                instance->base);
    }
    if (left_overs(scene)) {
        scene->place.confidence = CC_LOW;
        cc_warn(scene, CC_ABOUT_INPUT,
                "unset them if they were copied here; otherwise SDKs wait for endpoints that do "
                "not exist",
                "variables of an AWS platform are set, but nothing confirms them");
    }
    (void)cc_take_web_identity(scene);
    return true;
}

const struct cc_detector cc_detector_local = {
    .name = "local",
    .environments = {"local"},
    .look = look,
};
