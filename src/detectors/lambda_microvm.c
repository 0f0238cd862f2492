#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

/* Markers from one public source (2026); whether AWS_EXECUTION_ENV is set there is not known. */
static bool look(struct cc_scene *scene)
{
    const char *image = cc_scene_env(scene, "AWS_LAMBDA_MICROVM_IMAGE_ARN");
    struct cc_arn arn;

    if (!image) {
        return false;
    }
    if (!cc_arn_parse(&scene->run->mem, image, &arn) || strcmp(arn.service, "lambda") != 0 ||
        !arn.region || !arn.account) {
        cc_saw(scene, "AWS_LAMBDA_MICROVM_IMAGE_ARN", image, "not an ARN of Lambda: ignored");
        return false;
    }
    if (cc_instance_speaks_against(scene, "AWS_LAMBDA_MICROVM_IMAGE_ARN")) {
        return false;
    }
    cc_is(scene, "lambda-microvm", CC_MEDIUM);
    cc_saw(scene, "AWS_LAMBDA_MICROVM_IMAGE_ARN", image, "a Lambda MicroVM made from this image");
    scene->place.partition = arn.partition;
    scene->place.compute = "firecracker";
    scene->place.resource_id = image;
    cc_take_region(scene, arn.region);
    cc_take_account(scene, arn.account);
    const struct cc_instance *instance = cc_scene_instance(scene);
    if (instance->state == CC_IMDS_MMDS) {
        scene->place.confidence = CC_HIGH;
        scene->place.identity_mechanism = "mmds";
        cc_warn(scene, CC_ABOUT_LIMIT, CC_ASK_STS,
                "the metadata service shows the name \"execution_role\" and not the role's real "
                "name");
    }
    (void)cc_doubt_on_foreign(scene, "the variables of a MicroVM were");
    return true;
}

const struct cc_detector cc_detector_lambda_microvm = {
    .name = "lambda-microvm",
    .environments = {"lambda-microvm"},
    .look = look,
};
