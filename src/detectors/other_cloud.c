#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

/* Their metadata services have the address of IMDS too: nothing is asked once this is known. */
static bool look(struct cc_scene *scene)
{
    const struct cc_dmi *dmi = cc_scene_dmi(scene);

    if (!dmi->cloud || strcmp(dmi->cloud, "aws") == 0) {
        return false;
    }
    cc_is(scene, "other-cloud", CC_HIGH);
    scene->place.aws = false;
    scene->place.compute = dmi->cloud;
    (void)cc_take_web_identity(scene);
    return true;
}

const struct cc_detector cc_detector_other_cloud = {
    .name = "other-cloud",
    .environments = {"other-cloud"},
    .look = look,
};
