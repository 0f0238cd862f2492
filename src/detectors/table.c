#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

extern const struct cc_detector cc_detector_agentcore;
extern const struct cc_detector cc_detector_lambda_microvm;
extern const struct cc_detector cc_detector_codebuild;
extern const struct cc_detector cc_detector_sagemaker;
extern const struct cc_detector cc_detector_cloudshell;
extern const struct cc_detector cc_detector_ecs;
extern const struct cc_detector cc_detector_lambda;
extern const struct cc_detector cc_detector_eks;
extern const struct cc_detector cc_detector_kubernetes;
extern const struct cc_detector cc_detector_greengrass;
extern const struct cc_detector cc_detector_other_cloud;
extern const struct cc_detector cc_detector_app_runner;
extern const struct cc_detector cc_detector_ec2;
extern const struct cc_detector cc_detector_agentcore_variable;
extern const struct cc_detector cc_detector_github_actions;
extern const struct cc_detector cc_detector_local;
extern const struct cc_detector cc_detector_batch;
extern const struct cc_detector cc_detector_elastic_beanstalk;
extern const struct cc_detector cc_detector_emr;
extern const struct cc_detector cc_detector_github_runner;

const struct cc_detector *const cc_detectors[] = {
    &cc_detector_agentcore,          /* its metadata service would pass for EC2's */
    &cc_detector_lambda_microvm,     /* so would this one's */
    &cc_detector_codebuild,          /* stands on ECS */
    &cc_detector_sagemaker,          /* may stand on ECS */
    &cc_detector_cloudshell,         /* nothing else sets its variable */
    &cc_detector_ecs,                /* before Lambda, whose base images leak variables */
    &cc_detector_lambda,             /* no network from here on if it says yes */
    &cc_detector_eks,                /* by the token's issuer */
    &cc_detector_kubernetes,         /* any other issuer */
    &cc_detector_greengrass,         /* a device, before what hardware it is */
    &cc_detector_other_cloud,        /* before anybody asks 169.254.169.254 */
    &cc_detector_app_runner,         /* by its credentials endpoint alone */
    &cc_detector_ec2,                /* and Firecracker without variables */
    &cc_detector_agentcore_variable, /* what users set */
    &cc_detector_github_actions,     /* wherever it runs */
    &cc_detector_local,              /* always says yes */
    &cc_detector_batch,              /* overlays */
    &cc_detector_elastic_beanstalk,
    &cc_detector_emr,
    &cc_detector_github_runner,
    NULL,
};

const char *const cc_environments[] = {
    "ec2",        "ecs",         "fargate",        "eks",        "lambda",    "bedrock-agentcore",
    "local",      "codebuild",   "batch",          "cloudshell", "sagemaker", "app-runner",
    "kubernetes", "greengrass",  "lambda-microvm", "microvm",    "emr",       "elastic-beanstalk",
    "rosa",       "other-cloud", "github-actions", "kops",       NULL,
};

#define CGROUP_MAX 65536

/* 64 hex digits in a row: the id every container engine uses. */
static const char *engine_id(struct cc_arena *mem, const char *text)
{
    for (; *text; text++) {
        size_t run = strspn(text, "0123456789abcdef");

        if (run == 64) {
            return cc_text_dup(mem, text, run);
        }
        text += run > 0 ? run - 1 : 0;
    }
    return NULL;
}

static void look_for_container(struct cc_scene *scene)
{
    static const struct {
        const char *part;
        const char *engine;
    } engines[] = {{"kubepods", "kubernetes"}, {"/ecs/", "ecs"}, {"/docker", "docker"},
                   {"libpod", "podman"},       {"/lxc/", "lxc"}, {"containerd", "containerd"}};
    struct cc_place *place = &scene->place;
    const char *text = "";
    struct cc_error ignored;

    if (!cc_read_file(scene->run, "/proc/self/cgroup", CGROUP_MAX, &text, NULL, &ignored)) {
        text = "";
    }
    for (size_t i = 0; i < CC_COUNT(engines) && !place->container; i++) {
        place->container = strstr(text, engines[i].part) ? engines[i].engine : NULL;
    }
    if (!place->container && cc_file_facts(scene->run, "/.dockerenv").exists) {
        place->container = "docker";
    }
    if (!place->container && cc_file_facts(scene->run, "/run/.containerenv").exists) {
        place->container = "podman";
    }
    if (!place->container_id) {
        place->container_id = engine_id(&scene->run->mem, text);
    }
}

/* What an SDK takes before it ever comes to the role of this host. */
static void look_for_overrides(struct cc_scene *scene)
{
    const char *here = scene->place.environment;
    bool role_here = scene->place.aws && strcmp(here, "lambda") != 0;

    if (role_here && cc_env(scene->run, "AWS_ACCESS_KEY_ID")) {
        cc_warn(scene, "AWS_ACCESS_KEY_ID is set: an SDK here uses that key and never the role; "
                       "unset it if the role is meant");
    }
    if (role_here && cc_env(scene->run, "AWS_PROFILE")) {
        cc_warn(scene, "AWS_PROFILE is set: an SDK here uses what that profile says before the "
                       "role of this host");
    }
    if (role_here && strcmp(here, "eks") != 0 && strcmp(here, "kubernetes") != 0 &&
        cc_env(scene->run, "AWS_ROLE_ARN") && cc_env(scene->run, "AWS_WEB_IDENTITY_TOKEN_FILE")) {
        cc_warn(scene, "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE are set: an SDK here assumes "
                       "that role and not this host's");
    }
}

void cc_detect(struct cc_run *run, struct cc_scene *scene)
{
    bool found = false;

    *scene = (struct cc_scene){.run = run};
    if (run->offline) {
        cc_warn(scene, "--offline: no endpoint was asked, so files and variables alone speak");
    }
    for (const struct cc_detector *const *row = cc_detectors; *row; row++) {
        if ((*row)->overlay || !found) {
            found = (*row)->look(scene) || found;
        }
    }
    look_for_container(scene);
    look_for_overrides(scene);
}
