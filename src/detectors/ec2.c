#include "credctl/base/text.h"

#include "scene.h"

#include <string.h>

static const char *const remedies[] = {
    [CC_IMDS_DISABLED] = "enable it: aws ec2 modify-instance-metadata-options --instance-id %s "
                         "--http-endpoint enabled",
    [CC_IMDS_HOP_LIMIT] = "allow one more hop: aws ec2 modify-instance-metadata-options "
                          "--instance-id %s --http-put-response-hop-limit 2",
    [CC_IMDS_UNREACHABLE] = "check %s for a firewall rule, a network policy or a missing route "
                            "to 169.254.169.254",
    [CC_IMDS_SILENT] = "check %s for a firewall or proxy between this process and "
                       "169.254.169.254",
    [CC_IMDS_LOOK_ALIKE] = "find out what answers at 169.254.169.254 in place of EC2 on %s: a "
                           "captive portal, a proxy, or a credential tool",
    [CC_IMDS_TOKEN_REJECTED] = "find out what stands between this process and 169.254.169.254 "
                               "on %s: the token is refused where it was handed out",
    [CC_IMDS_FAILING] = "try again; if it lasts, stop and start %s",
    [CC_IMDS_PARTIAL] = "run it again with --debug to see what answers in place of the identity "
                        "document of %s",
};

static void explain_service(struct cc_scene *scene)
{
    struct cc_instance *instance = &scene->instance;
    const char *id = scene->place.instance_id ? scene->place.instance_id : "this instance";
    const char *remedy =
        (size_t)instance->state < CC_COUNT(remedies) ? remedies[instance->state] : NULL;

    if (instance->state == CC_IMDS_AVAILABLE || instance->state == CC_IMDS_NOT_ASKED) {
        return;
    }
    if (instance->state == CC_IMDS_DISABLED) {
        instance->why.code = CC_E_IMDS_OFF;
    }
    const char *mark = remedy ? strstr(remedy, "%s") : NULL;
    if (mark) {
        cc_fix(&instance->why, "%.*s%s%s", (int)(mark - remedy), remedy, id, mark + 2);
    }
    cc_soft_error(scene, CC_ABOUT_ROLE, &instance->why);
    if (instance->state != CC_IMDS_PARTIAL) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL, "account, role and credentials are not available: %s",
                instance->why.why);
    }
}

static void explain_role(struct cc_scene *scene)
{
    const struct cc_instance *instance = &scene->instance;

    if (instance->profile_code) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "the instance profile is not usable: iam/info returns %s", instance->profile_code);
    } else if (instance->role_known && !instance->role_name) {
        const char *id = scene->place.instance_id ? scene->place.instance_id : "ID";

        cc_warn(scene, CC_ABOUT_ROLE,
                cc_textf(&scene->run->mem,
                         "aws ec2 associate-iam-instance-profile --instance-id %s "
                         "--iam-instance-profile Name=NAME",
                         id),
                "no role is attached to this instance");
    }
    if (instance->accounts_differ) {
        cc_warn(scene, CC_ABOUT_PLACE, NULL,
                "the identity document and the instance profile name different accounts");
    }
    if (instance->version1) {
        cc_warn(scene, CC_ABOUT_PLACE, "set HttpTokens=required once nothing here needs it",
                "the metadata service answers without a token (version 1)");
    }
    if (instance->custom) {
        cc_warn(scene, CC_ABOUT_INPUT, NULL,
                "AWS_EC2_METADATA_SERVICE_ENDPOINT points to %s, which is not EC2's own address",
                instance->base);
    }
}

static enum cc_confidence weigh(struct cc_scene *scene, bool hardware)
{
    const struct cc_instance *instance = &scene->instance;
    bool document = instance->state == CC_IMDS_AVAILABLE;
    bool agree =
        !scene->dmi.instance_id || cc_text_equal(scene->dmi.instance_id, instance->instance_id);

    if (document && hardware && agree) {
        return CC_HIGH;
    }
    if ((document && !hardware && instance->custom) || (scene->dmi.weak && !document)) {
        return CC_LOW;
    }
    return document || hardware ? CC_MEDIUM : CC_LOW;
}

static void take_instance(struct cc_scene *scene)
{
    const struct cc_instance *instance = &scene->instance;
    struct cc_place *place = &scene->place;

    place->compute = "ec2";
    place->instance_id = scene->dmi.instance_id ? scene->dmi.instance_id : instance->instance_id;
    place->instance_type = instance->instance_type;
    if (scene->dmi.instance_id && instance->instance_id &&
        strcmp(scene->dmi.instance_id, instance->instance_id) != 0) {
        cc_warn(scene, CC_ABOUT_PLACE, NULL,
                "the firmware reports %s and the metadata service %s: the metadata is from another "
                "instance, or not from EC2",
                scene->dmi.instance_id, instance->instance_id);
    }
    cc_take_instance_role(scene);
    cc_take_region_variable(scene);
}

/* Firecracker's service without variables: other tools of AgentCore are like that. */
static bool look_in_microvm(struct cc_scene *scene)
{
    const char *runtime = cc_scene_env(scene, "BEDROCK_AGENTCORE_RUNTIME_ID");

    cc_is(scene, runtime ? "bedrock-agentcore" : "microvm", runtime ? CC_MEDIUM : CC_LOW);
    scene->place.compute = "firecracker";
    scene->place.identity_mechanism = "mmds";
    if (runtime) {
        cc_saw(scene, "BEDROCK_AGENTCORE_RUNTIME_ID", runtime,
               "set by users, not by the platform; it agrees with the metadata service");
    }
    cc_take_region_variable(scene);
    cc_warn(scene, CC_ABOUT_LIMIT, CC_ASK_STS,
            "the metadata service shows the name \"execution_role\" and not the role's real name");
    return true;
}

static bool look(struct cc_scene *scene)
{
    const bool hardware = cc_text_equal(cc_scene_dmi(scene)->cloud, "aws");
    const struct cc_instance *instance = cc_scene_instance(scene);

    if (cc_scene_foreign(scene)) {
        return false; /* the hypervisor is not EC2's, whatever answers at the address */
    }
    if (instance->state == CC_IMDS_MMDS && !hardware) {
        return look_in_microvm(scene);
    }
    if (!hardware && instance->state != CC_IMDS_AVAILABLE && instance->state != CC_IMDS_HOP_LIMIT) {
        return false;
    }
    cc_is(scene, "ec2", weigh(scene, hardware));
    take_instance(scene);
    explain_service(scene);
    explain_role(scene);
    return true;
}

const struct cc_detector cc_detector_ec2 = {
    .name = "ec2",
    .environments = {"ec2", "microvm", "bedrock-agentcore"},
    .look = look,
};
