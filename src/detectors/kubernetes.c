#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "scene.h"

#include <string.h>

/* Whose Kubernetes it is, as far as the issuer's host or the token's mount says. */
static const char *flavour(struct cc_scene *scene)
{
    struct cc_url url = {.host = ""};
    struct cc_error ignored;

    if (cc_text_starts(scene->place.issuer, "https://") &&
        cc_url_parse(&scene->run->mem, scene->place.issuer, "the issuer", &url, &ignored) &&
        (cc_text_matches("rh-oidc*.s3.*amazonaws.com", url.host) ||
         cc_text_matches("*.openshiftapps.com", url.host))) {
        return "rosa";
    }
    for (size_t i = 0; i < scene->token_count; i++) {
        if (cc_text_starts(scene->tokens[i].path, "/var/run/secrets/amazonaws.com/")) {
            return "kops";
        }
    }
    return NULL;
}

static bool kubernetes_here(struct cc_scene *scene, bool *claims)
{
    for (size_t i = 0; i < scene->token_count; i++) {
        *claims |= scene->tokens[i].kubernetes;
    }
    return *claims || cc_env(scene->run, "KUBERNETES_SERVICE_HOST") ||
           cc_file_facts(scene->run, "/var/run/secrets/kubernetes.io/serviceaccount/token").exists;
}

static void take_identity(struct cc_scene *scene, bool ec2)
{
    struct cc_place *place = &scene->place;

    if (cc_take_web_identity(scene)) {
        return;
    }
    if (!ec2 || cc_env(scene->run, "AWS_ROLE_ARN")) {
        cc_warn(scene, "this pod has no AWS role of its own");
        return;
    }
    cc_take_instance_role(scene);
    if (place->role_name) {
        cc_warn(scene,
                "this pod has no role of its own, so an SDK here silently becomes the node "
                "role %s",
                place->role_name);
    }
}

static bool look(struct cc_scene *scene)
{
    bool claims = false;

    cc_scene_tokens(scene);
    if (!kubernetes_here(scene, &claims)) {
        return false;
    }
    bool ec2 = cc_text_equal(cc_scene_dmi(scene)->cloud, "aws");
    cc_is(scene, "kubernetes", claims ? CC_HIGH : CC_MEDIUM);
    scene->place.aws = ec2;
    if (cc_env(scene->run, "KUBERNETES_SERVICE_HOST")) {
        cc_saw(scene, "KUBERNETES_SERVICE_HOST", "set", "a pod; no token has an EKS issuer");
    }
    cc_take_pod(scene);
    scene->place.service = flavour(scene);
    scene->place.compute = ec2 ? "ec2" : scene->dmi.cloud;
    scene->place.host_instance_id = scene->dmi.instance_id;
    cc_take_region_variable(scene);
    take_identity(scene, ec2);
    return true;
}

const struct cc_detector cc_detector_kubernetes = {"kubernetes", false, look};
