#include "credctl/base/text.h"

#include "scene.h"

#define FILE_OF_XRAY "/var/elasticbeanstalk/xray/environment.conf"

/* This file exists only when X-Ray is enabled for the environment. */
static bool look(struct cc_scene *scene)
{
    const char *name = NULL;

    if (cc_text_equal(scene->place.environment, "ec2")) {
        name = cc_json_text(cc_scene_json(scene, FILE_OF_XRAY), "environment_name");
    }
    if (name) {
        name = cc_text_printable(&scene->run->mem, name);
        scene->place.service = "elastic-beanstalk";
        scene->place.resource_id = name;
        cc_saw(scene, FILE_OF_XRAY, name, "an Elastic Beanstalk environment");
    }
    return false;
}

const struct cc_detector cc_detector_elastic_beanstalk = {
    .name = "elastic-beanstalk",
    .services = {"elastic-beanstalk"},
    .overlay = true,
    .look = look,
};
