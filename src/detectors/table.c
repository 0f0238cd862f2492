#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

// clang-format off
#define ROWS(X)                                                                       \
    X(agentcore)          /* its metadata service looks like that of EC2 */             \
    X(lambda_microvm)     /* this one's too */                                   \
    X(codebuild)          /* runs on ECS */                                         \
    X(sagemaker)          /* can run on ECS */                                      \
    X(cloudshell)         /* nothing else sets its variable */                        \
    X(ecs)                /* before Lambda: its base images set variables */       \
    X(lambda)             /* from here on no network if it matches */                \
    X(eks)                /* by the token's issuer */                                 \
    X(kubernetes)         /* any other issuer */                                      \
    X(greengrass)         /* a device, before its hardware */                  \
    X(other_cloud)        /* before 169.254.169.254 is asked */                   \
    X(app_runner)         /* by its credentials endpoint alone */                     \
    X(ec2)                /* and Firecracker without variables */                     \
    X(agentcore_variable) /* a variable that users set */                                        \
    X(github_actions)     /* wherever it runs */                                      \
    X(local)              /* always matches */                                       \
    X(batch)              /* overlays from here on */                                 \
    X(elastic_beanstalk)                                                              \
    X(emr)                                                                            \
    X(github_runner)
// clang-format on

#define X(name) extern const struct cc_detector cc_detector_##name;
ROWS(X)
#undef X

const struct cc_detector *const cc_detectors[] = {
#define X(name) &cc_detector_##name,
    ROWS(X)
#undef X
        NULL,
};

const char *const cc_confidence_words[] = {
    [CC_CONFIDENCE_NONE] = "none", [CC_LOW] = "low", [CC_MEDIUM] = "medium", [CC_HIGH] = "high",
    [CC_HIGH + 1] = NULL,
};

static size_t add_names(const char **list, size_t count, const char *const *names)
{
    for (size_t i = 0; i < CC_NAMES_MAX && names[i]; i++) {
        size_t at = 0;

        while (at < count && strcmp(list[at], names[i]) != 0) {
            at++;
        }
        list[at] = names[i];
        count += at == count;
    }
    return count;
}

const char *const *cc_environment_names(struct cc_arena *mem, bool services)
{
    const size_t most = CC_COUNT(cc_detectors) * 2 * CC_NAMES_MAX;
    const char **list = cc_alloc(mem, (most + 1) * sizeof(const char *));
    size_t count = 0;

    for (const struct cc_detector *const *row = cc_detectors; *row; row++) {
        count = add_names(list, count, (*row)->environments);
    }
    for (const struct cc_detector *const *row = cc_detectors; services && *row; row++) {
        count = add_names(list, count, (*row)->services);
    }
    return list;
}

/* Credentials that an SDK uses before the role of this host. */
static void look_for_overrides(struct cc_scene *scene)
{
    const char *here = scene->place.environment;
    bool role_here = scene->place.aws && !scene->keys_are_own;

    if (role_here && cc_env(scene->run, "AWS_ACCESS_KEY_ID")) {
        cc_warn(scene, CC_ABOUT_INPUT, NULL,
                "AWS_ACCESS_KEY_ID is set: an SDK here uses this key and not the role; unset it to "
                "use the role");
    }
    if (role_here && cc_env(scene->run, "AWS_PROFILE")) {
        cc_warn(scene, CC_ABOUT_INPUT, NULL,
                "AWS_PROFILE is set: an SDK here uses that profile before the role of this host");
    }
    if (role_here && strcmp(here, "eks") != 0 && strcmp(here, "kubernetes") != 0 &&
        cc_env(scene->run, "AWS_ROLE_ARN") && cc_env(scene->run, "AWS_WEB_IDENTITY_TOKEN_FILE")) {
        cc_warn(
            scene, CC_ABOUT_INPUT, NULL,
            "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE are set: an SDK here assumes that role "
            "instead of using the role of this host");
    }
}

void cc_detect(struct cc_run *run, struct cc_scene *scene)
{
    bool found = false;

    *scene = (struct cc_scene){.run = run};
    if (run->offline) {
        cc_warn(
            scene, CC_ABOUT_LIMIT, NULL,
            "--offline: no endpoint was queried, so the answer is based on files and variables");
    }
    for (const struct cc_detector *const *row = cc_detectors; *row; row++) {
        if ((*row)->overlay || !found) {
            found = (*row)->look(scene) || found;
        }
    }
    cc_take_container(scene);
    look_for_overrides(scene);
}
