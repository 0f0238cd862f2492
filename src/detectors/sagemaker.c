#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

#define METADATA "/opt/ml/metadata/resource-metadata.json"

static bool take(struct cc_scene *scene, const char *text, const char *source)
{
    struct cc_arn arn;

    if (!text) {
        return false;
    }
    if (!cc_arn_parse(&scene->run->mem, text, &arn) || strcmp(arn.service, "sagemaker") != 0 ||
        !arn.region || !arn.account) {
        cc_saw(scene, source, text, "not an ARN of SageMaker: ignored");
        return false;
    }
    cc_is(scene, "sagemaker", CC_MEDIUM);
    cc_saw(scene, source, text, "this SageMaker resource");
    scene->place.service = "sagemaker";
    scene->place.compute = cc_text_dup(&scene->run->mem, arn.resource, strcspn(arn.resource, "/"));
    scene->place.resource_id = text;
    scene->place.partition = arn.partition;
    cc_take_region(scene, arn.region);
    scene->place.account_id = arn.account;
    return true;
}

static bool look(struct cc_scene *scene)
{
    const char *resource = cc_json_text(cc_scene_json(scene, METADATA), "ResourceArn");

    if (!take(scene, resource, METADATA) &&
        !take(scene, cc_scene_env(scene, "TRAINING_JOB_ARN"), "TRAINING_JOB_ARN")) {
        return false;
    }
    /* The form of this answer in SageMaker is not documented; a role in it is used. */
    if (cc_ask_container_role(scene)) {
        scene->place.confidence = CC_HIGH;
    } else {
        cc_warn(scene, CC_ABOUT_LIMIT, CC_ASK_STS, "the execution role is not known");
    }
    (void)cc_doubt_on_foreign(scene, "the variables or files of SageMaker were");
    return true;
}

const struct cc_detector cc_detector_sagemaker = {
    .name = "sagemaker",
    .environments = {"sagemaker"},
    .services = {"sagemaker"},
    .look = look,
};
