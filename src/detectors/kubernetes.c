#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "scene.h"

#include <string.h>

/* The kind of Kubernetes, as far as the host of the issuer or the mount of the token shows it. */
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

/* A token that has not expired, of a cluster that is not EKS, which has its own row. */
static bool claimed(const struct cc_scene *scene)
{
    for (size_t i = 0; i < scene->token_count; i++) {
        const struct cc_pod_token *token = &scene->tokens[i];

        if (token->kubernetes && !token->eks_region && !token->expired) {
            return true;
        }
    }
    return false;
}

static void note_pod(struct cc_scene *scene)
{
    const struct cc_container *container = cc_scene_container(scene);

    if (cc_env(scene->run, "KUBERNETES_SERVICE_HOST")) {
        cc_saw(scene, "KUBERNETES_SERVICE_HOST", "set", "a pod; no token has an EKS issuer");
    } else if (cc_text_equal(container->engine, "kubernetes")) {
        cc_saw(scene, container->sign, "a path of the kubelet", "a container of a pod");
    }
}

static void take_identity(struct cc_scene *scene, bool ec2)
{
    struct cc_place *place = &scene->place;

    if (cc_take_web_identity(scene)) {
        return;
    }
    if (!ec2 || cc_env(scene->run, "AWS_ROLE_ARN")) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL, "this pod has no AWS role of its own");
        return;
    }
    cc_take_instance_role(scene);
    if (place->role_name) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "this pod has no role of its own, so an SDK here silently uses the node role %s",
                place->role_name);
    }
}

static bool look(struct cc_scene *scene)
{
    cc_scene_tokens(scene);
    const bool claims = claimed(scene);
    if (!claims && !cc_scene_in_pod(scene)) {
        return false;
    }
    bool ec2 = cc_text_equal(cc_scene_dmi(scene)->cloud, "aws");
    cc_is(scene, "kubernetes", claims ? CC_HIGH : CC_MEDIUM);
    scene->place.aws = ec2;
    note_pod(scene);
    cc_take_pod(scene);
    scene->place.service = flavour(scene);
    scene->place.compute = ec2 ? "ec2" : scene->dmi.cloud;
    scene->place.host_instance_id = scene->dmi.instance_id;
    cc_take_region_variable(scene);
    take_identity(scene, ec2);
    return true;
}

const struct cc_detector cc_detector_kubernetes = {
    .name = "kubernetes",
    .environments = {"kubernetes"},
    .services = {"rosa", "kops"},
    .look = look,
};
