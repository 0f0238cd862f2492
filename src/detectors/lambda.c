#include "credctl/base/text.h"

#include "scene.h"

/* Never any network here: a request to the runtime API would take an event from the function. */

static const char *initialization(struct cc_scene *scene)
{
    return cc_scene_env(scene, "AWS_LAMBDA_INITIALIZATION_TYPE");
}

/* sh sets a dozen of them, and different ones in each version. */
static bool in_localstack(struct cc_scene *scene)
{
    const char *const *rows = scene->run->world->env_all(scene->run->world->self);

    while (rows && *rows && !cc_text_starts(*rows, "LOCALSTACK_")) {
        rows++;
    }
    return rows && *rows;
}

static bool emulated(struct cc_scene *scene, const char *function)
{
    return cc_text_is_true(cc_env(scene->run, "AWS_SAM_LOCAL")) || in_localstack(scene) ||
           cc_text_equal(function, "test_function");
}

static bool managed(struct cc_scene *scene)
{
    return cc_text_equal(initialization(scene), "lambda-managed-instances");
}

/*
 * The variables are reserved only in Lambda, and can be set elsewhere; other evidence must agree.
 */
static enum cc_confidence weigh(struct cc_scene *scene, const char *function)
{
    bool whole = cc_env(scene->run, "AWS_LAMBDA_FUNCTION_VERSION") ||
                 cc_env(scene->run, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE") || initialization(scene);

    if (emulated(scene, function)) {
        scene->place.aws = false;
        cc_warn(scene, CC_ABOUT_PLACE, NULL,
                "this looks like an emulator of Lambda (RIE, SAM or LocalStack)");
        return CC_LOW;
    }
    if (cc_doubt_on_foreign(scene, "the variables of Lambda were")) {
        return CC_LOW;
    }
    if (cc_scene_dmi(scene)->cloud && !managed(scene)) {
        cc_warn(scene, CC_ABOUT_PLACE, NULL,
                "the firmware is EC2's, which a function does not see: the Lambda variables may be "
                "left over from an image or a shell");
        return CC_MEDIUM;
    }
    return whole ? CC_HIGH : CC_MEDIUM;
}

static void take_function(struct cc_scene *scene, const char *function)
{
    struct cc_place *place = &scene->place;

    place->function_name = function;
    place->function_version = cc_scene_env(scene, "AWS_LAMBDA_FUNCTION_VERSION");
    place->compute = managed(scene) ? "managed-instances" : "firecracker";
    place->identity_mechanism =
        cc_env(scene->run, "AWS_CONTAINER_CREDENTIALS_FULL_URI") ? "snapstart" : "environment";
    cc_saw(scene, "AWS_LAMBDA_FUNCTION_NAME", function, "the function");
    cc_saw(scene, "AWS_LAMBDA_RUNTIME_API", "set",
           "reserved by Lambda; only one of the two would be a leftover");
    if (initialization(scene)) {
        cc_saw(scene, "AWS_LAMBDA_INITIALIZATION_TYPE", initialization(scene),
               "how the function was started");
    }
}

static bool look(struct cc_scene *scene)
{
    const char *function = cc_scene_env(scene, "AWS_LAMBDA_FUNCTION_NAME");

    if (!function || !cc_scene_env(scene, "AWS_LAMBDA_RUNTIME_API") ||
        cc_scene_cluster_token(scene)) {
        return false;
    }
    cc_is(scene, "lambda", CC_HIGH);
    scene->keys_are_own = true;
    take_function(scene, function);
    scene->place.confidence = weigh(scene, function);
    cc_take_region_variable(scene);
    cc_take_account_of_key(scene);
    cc_warn(scene, CC_ABOUT_LIMIT, CC_ASK_STS,
            "Lambda does not provide the role or the account of a function");
    return true;
}

const struct cc_detector cc_detector_lambda = {
    .name = "lambda",
    .environments = {"lambda"},
    .look = look,
};
