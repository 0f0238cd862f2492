#include "credctl/base/text.h"

#include "scene.h"

/*
 * A self-hosted or larger runner: the environment is where it runs, the service is GitHub Actions.
 */
static bool look(struct cc_scene *scene)
{
    if (!scene->place.service && cc_text_equal(cc_env(scene->run, "GITHUB_ACTIONS"), "true")) {
        scene->place.service = "github-actions";
        cc_saw(scene, "GITHUB_ACTIONS", "true", "a job of GitHub Actions on this host");
    }
    return false;
}

const struct cc_detector cc_detector_github_runner = {
    .name = "github-actions",
    .services = {"github-actions"},
    .overlay = true,
    .look = look,
};
