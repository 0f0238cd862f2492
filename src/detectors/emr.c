#include "credctl/base/text.h"

#include "scene.h"

#define JOB_FLOW "/mnt/var/lib/info/job-flow.json"

static bool look(struct cc_scene *scene)
{
    const char *flow = NULL;

    if (cc_text_equal(scene->place.environment, "ec2")) {
        flow = cc_json_text(cc_scene_json(scene, JOB_FLOW), "jobFlowId");
    }
    if (cc_text_starts(flow, "j-") && cc_text_consists(flow, "-", 64)) {
        scene->place.service = "emr";
        scene->place.resource_id = flow;
        cc_saw(scene, JOB_FLOW, flow, "a node of an EMR cluster");
    }
    return false;
}

const struct cc_detector cc_detector_emr = {
    .name = "emr",
    .services = {"emr"},
    .overlay = true,
    .look = look,
};
