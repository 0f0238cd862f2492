#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

/* CodeBuild runs on ECS and sets the variables of ECS too, so it comes before ECS. */
static bool look(struct cc_scene *scene)
{
    const char *build = cc_scene_env(scene, "CODEBUILD_BUILD_ARN");
    struct cc_arn arn;

    if (!build) {
        return false;
    }
    if (!cc_arn_parse(&scene->run->mem, build, &arn) || strcmp(arn.service, "codebuild") != 0 ||
        !arn.region || !arn.account ||
        !(cc_text_starts(arn.resource, "build/") || cc_text_starts(arn.resource, "build-batch/"))) {
        cc_saw(scene, "CODEBUILD_BUILD_ARN", build, "not the ARN of a build: ignored");
        return false;
    }
    cc_is(scene, "codebuild", CC_MEDIUM);
    scene->place.service = "codebuild";
    scene->place.compute = "ecs";
    scene->place.partition = arn.partition;
    scene->place.resource_id = strchr(arn.resource, '/') + 1;
    cc_saw(scene, "CODEBUILD_BUILD_ARN", build, "a CodeBuild build");
    cc_take_region(scene, arn.region);
    const char *build_account = arn.account;
    if (cc_ask_container_role(scene)) {
        scene->place.confidence = CC_HIGH;
    } else if (!cc_env(scene->run, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set: the environment was cleared, "
                "or this is a `docker run` inside the build; pass the variable on");
    }
    scene->place.account_id = build_account;
    (void)cc_doubt_on_foreign(scene, "the variables of CodeBuild were");
    return true;
}

const struct cc_detector cc_detector_codebuild = {
    .name = "codebuild",
    .environments = {"codebuild"},
    .services = {"codebuild"},
    .look = look,
};
