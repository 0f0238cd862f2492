#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "scene.h"

#include <ctype.h>
#include <string.h>

/* [a-zA-Z][a-zA-Z0-9_]{0,99}-[a-zA-Z0-9]{10} (CreateAgentRuntime) */
static bool runtime_id_valid(const char *id)
{
    const char *dash = strrchr(id, '-');

    return dash && dash - id <= 100 && isalpha((unsigned char)id[0]) && strlen(dash) == 11 &&
           strcspn(id, "-") == (size_t)(dash - id) && cc_text_consists(id, "_-", 111);
}

static bool take_runtime_arn(struct cc_scene *scene, const char *text, const char *source)
{
    struct cc_arena *mem = &scene->run->mem;
    struct cc_arn arn;

    if (!cc_arn_parse(mem, text, &arn) || strcmp(arn.service, "bedrock-agentcore") != 0 ||
        !arn.region || !arn.account || !cc_text_starts(arn.resource, "runtime/")) {
        return false;
    }
    const char *id = arn.resource + strlen("runtime/");
    id = cc_text_dup(mem, id, strcspn(id, "/:"));
    if (!runtime_id_valid(id)) {
        return false;
    }
    scene->place.runtime_id = id;
    scene->place.runtime_arn = cc_textf(mem, "arn:%s:bedrock-agentcore:%s:%s:runtime/%s",
                                        arn.partition, arn.region, arn.account, id);
    scene->place.partition = arn.partition;
    cc_take_region(scene, arn.region);
    cc_take_account(scene, arn.account);
    cc_saw(scene, source, scene->place.runtime_arn, "the ARN of this runtime");
    return true;
}

static bool take_attribute(struct cc_scene *scene)
{
    struct cc_arena *mem = &scene->run->mem;
    const char *rows = cc_scene_env(scene, "OTEL_RESOURCE_ATTRIBUTES");

    while (rows && *rows) {
        size_t len = strcspn(rows, ",");
        const char *row = cc_text_trim(mem, cc_text_dup(mem, rows, len));

        if (cc_text_starts(row, "cloud.resource_id=")) {
            return take_runtime_arn(scene, cc_text_unpercent(mem, strchr(row, '=') + 1),
                                    "OTEL_RESOURCE_ATTRIBUTES");
        }
        rows += len + (rows[len] == ',');
    }
    return false;
}

static bool take_url(struct cc_scene *scene)
{
    struct cc_arena *mem = &scene->run->mem;
    const char *url = cc_scene_env(scene, "AGENTCORE_RUNTIME_URL");
    const char *decoded = url ? cc_text_unpercent(mem, url) : NULL;
    const char *arn = decoded ? strstr(decoded, "arn:aws") : NULL;

    if (!arn) {
        return false;
    }
    /* runtime/<id>/invocations or runtime/<id>?...: what follows the id is cut off above */
    return take_runtime_arn(scene, cc_text_dup(mem, arn, strcspn(arn, "?#")),
                            "AGENTCORE_RUNTIME_URL");
}

static void explain_role(struct cc_scene *scene)
{
    scene->place.identity_mechanism = "mmds";
    cc_warn(scene, CC_ABOUT_LIMIT, CC_ASK_STS,
            "the metadata service of the runtime shows the name \"execution_role\" and neither the "
            "role's real name nor its ARN");
}

static void judge_metadata(struct cc_scene *scene)
{
    const struct cc_instance *instance = cc_scene_instance(scene);

    if (instance->state == CC_IMDS_MMDS) {
        scene->place.confidence = CC_HIGH;
        explain_role(scene);
    } else if (instance->state != CC_IMDS_NOT_ASKED) {
        cc_soft_error(scene, CC_ABOUT_ROLE, &instance->why);
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "the metadata service of the runtime returns no credentials: %s",
                instance->why.why);
    }
    if (instance->state == CC_IMDS_MMDS && instance->version1) {
        cc_warn(scene, CC_ABOUT_PLACE, "set requireMMDSV2 with UpdateAgentRuntime",
                "this runtime still allows metadata version 1");
    }
}

static bool look(struct cc_scene *scene)
{
    if (!cc_text_equal(cc_env(scene->run, "AWS_EXECUTION_ENV"), "AWS_BedrockAgentCore_Runtime")) {
        return false;
    }
    if (cc_instance_speaks_against(scene, "AWS_EXECUTION_ENV")) {
        return false;
    }
    cc_is(scene, "bedrock-agentcore", CC_MEDIUM);
    cc_saw(scene, "AWS_EXECUTION_ENV", "AWS_BedrockAgentCore_Runtime",
           "set by AgentCore Runtime; this value has not been seen elsewhere");
    bool named = take_attribute(scene);
    named = named || take_url(scene);
    named = named || take_runtime_arn(scene, cc_scene_env(scene, "CREDCTL_RUNTIME_ARN"),
                                      "CREDCTL_RUNTIME_ARN");
    cc_take_region_variable(scene);
    if (named) {
        scene->place.confidence = CC_HIGH;
    }
    judge_metadata(scene);
    (void)cc_doubt_on_foreign(scene, "the variables of AgentCore were");
    if (!named) {
        cc_warn(scene, CC_ABOUT_LIMIT,
                "set CREDCTL_RUNTIME_ARN in the runtime's EnvironmentVariables",
                "the platform does not provide the runtime ID when observability is off");
    }
    return true;
}

const struct cc_detector cc_detector_agentcore = {
    .name = "bedrock-agentcore",
    .environments = {"bedrock-agentcore"},
    .look = look,
};
