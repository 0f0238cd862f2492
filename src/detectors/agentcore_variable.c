#include "credctl/base/text.h"

#include "scene.h"

/*
 * The weakest evidence: this variable is set by users, not by the platform, and often for programs
 * that call a runtime. It counts only when there is no other evidence.
 */
static bool look(struct cc_scene *scene)
{
    const char *runtime = cc_scene_env(scene, "BEDROCK_AGENTCORE_RUNTIME_ID");

    if (!runtime) {
        return false;
    }
    cc_is(scene, "bedrock-agentcore", CC_LOW);
    cc_saw(scene, "BEDROCK_AGENTCORE_RUNTIME_ID", runtime,
           "possibly AgentCore; users set this variable, also for programs that call a runtime");
    if (cc_text_consists(runtime, "_-", 111)) {
        scene->place.runtime_id = runtime;
    }
    cc_take_region_variable(scene);
    cc_warn(scene, CC_ABOUT_PLACE, NULL,
            "only BEDROCK_AGENTCORE_RUNTIME_ID indicates AgentCore: in a runtime, "
            "AWS_EXECUTION_ENV is AWS_BedrockAgentCore_Runtime");
    (void)cc_doubt_on_foreign(scene, "the variable was");
    return true;
}

const struct cc_detector cc_detector_agentcore_variable = {
    .name = "bedrock-agentcore",
    .environments = {"bedrock-agentcore"},
    .look = look,
};
