#include "credctl/base/text.h"

#include "scene.h"

static bool look(struct cc_scene *scene)
{
    const char *job = cc_scene_env(scene, "AWS_BATCH_JOB_ID");

    if (job && scene->place.aws &&
        (cc_text_equal(scene->place.environment, "ecs") ||
         cc_text_equal(scene->place.environment, "fargate") ||
         cc_text_equal(scene->place.environment, "eks"))) {
        scene->place.service = "batch";
        scene->place.job_id = job;
        cc_saw(scene, "AWS_BATCH_JOB_ID", job, "a job of AWS Batch");
    }
    return false;
}

const struct cc_detector cc_detector_batch = {
    .name = "batch",
    .services = {"batch"},
    .overlay = true,
    .look = look,
};
