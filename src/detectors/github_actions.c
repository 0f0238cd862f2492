#include "credctl/base/text.h"

#include "scene.h"

/* ACTIONS_ID_TOKEN_REQUEST_TOKEN is a secret: only whether it is set is checked. */
static bool look(struct cc_scene *scene)
{
    if (!cc_text_equal(cc_env(scene->run, "GITHUB_ACTIONS"), "true")) {
        return false;
    }
    cc_is(scene, "github-actions", CC_HIGH);
    scene->place.aws = false;
    scene->place.service = "github-actions";
    cc_saw(scene, "GITHUB_ACTIONS", "true", "a job of GitHub Actions");
    if (cc_env(scene->run, "ACTIONS_ID_TOKEN_REQUEST_URL")) {
        cc_saw(scene, "ACTIONS_ID_TOKEN_REQUEST_URL", "set", "the job may ask for an OIDC token");
    } else if (!cc_env(scene->run, "AWS_ACCESS_KEY_ID")) {
        cc_warn(scene, CC_ABOUT_ROLE, "add `permissions: id-token: write`",
                "the job may not ask for an OIDC token");
    }
    (void)cc_take_web_identity(scene);
    cc_take_account_of_key(scene);
    return true;
}

const struct cc_detector cc_detector_github_actions = {
    .name = "github-actions",
    .environments = {"github-actions"},
    .services = {"github-actions"},
    .look = look,
};
