#include "scene_support.h"

static void an_identity_document_and_the_firmware_are_high_confidence(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    imds(fake, 200, DOCUMENT, "app-role");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ec2");
    assert_int_equal(scene->place.confidence, CC_HIGH);
    IS(scene, account_id, "111122223333");
    IS(scene, region, "us-west-2");
    IS(scene, partition, "aws");
    IS(scene, role_name, "app-role");
    NOT_TOLD(scene, role_arn);
    assert_null(fake_sent(fake, "security-credentials/app-role"));
}

static void an_instance_without_a_role_is_told_how_to_get_one(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    imds(fake, 200, DOCUMENT, NULL);
    const struct cc_scene *scene = detect(fake);
    NOT_TOLD(scene, role_name);
    assert_true(warned(scene, "associate-iam-instance-profile"));
}

static void a_document_alone_is_medium_confidence(void **state)
{
    struct fake *fake = *state;

    imds(fake, 200, DOCUMENT, "r");
    assert_int_equal(detect(fake)->place.confidence, CC_MEDIUM);
}

static void a_disabled_service_leaves_the_instance_id_of_the_firmware(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_http(fake, IMDS4 "/latest/api/token", 403, "");
    fake_http(fake, IMDS4 DOC, 403, "");
    fake_http(fake, IMDS4 INFO, 403, "");
    fake_http(fake, IMDS4 ROLES, 403, "");
    const struct cc_scene *scene = detect(fake);
    IS(scene, instance_id, "i-1234567890abcdef0");
    assert_int_equal(scene->instance.state, CC_IMDS_DISABLED);
    assert_int_equal(scene->errors[0].code, CC_E_IMDS_OFF);
    assert_non_null(strstr(scene->errors[0].fix, "--http-endpoint enabled"));
}

static void a_hung_put_and_a_401_are_a_hop_limit(void **state)
{
    struct fake *fake = *state;

    fake_http_row(fake, (struct fake_exchange){
                            .url = IMDS4 "/latest/api/token", .status = 200, .takes_ms = 60000});
    fake_http(fake, IMDS4 DOC, 401, "");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ec2");
    assert_int_equal(scene->place.confidence, CC_LOW);
    assert_int_equal(scene->errors[0].code, CC_E_IMDS_HOP);
}

static void a_captive_portal_is_no_instance(void **state)
{
    struct fake *fake = *state;

    fake_http(fake, IMDS4 "/latest/api/token", 200, "<html>Login</html>");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "local");
    assert_int_equal(fake->sent_count, 1);
}

static void version_1_is_not_asked_when_the_variable_forbids_it(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_env(fake, "AWS_EC2_METADATA_V1_DISABLED", "true");
    fake_http(fake, IMDS4 "/latest/api/token", 405, "");
    NOT_TOLD(detect(fake), role_name);
    assert_int_equal(fake->sent_count, 1);
}

static void a_disabling_variable_keeps_every_request_away(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    IS(detect(fake), environment, "ec2");
    assert_int_equal(fake->sent_count, 0);
}

static void a_foreign_endpoint_is_never_asked(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://203.0.113.7");
    no_imds(fake);
    (void)detect(fake);
    assert_null(fake_sent(fake, "203.0.113.7"));
}

static void ipv6_is_tried_when_ipv4_has_no_route(void **state)
{
    struct fake *fake = *state;

    fake_no_answer(fake, IMDS4 "/latest/api/token", CC_NET_NO_ROUTE);
    fake_http(fake, IMDS6 "/latest/api/token", 200, CANARY "==");
    fake_http(fake, IMDS6 DOC, 200, DOCUMENT);
    fake_http(fake, IMDS6 INFO, 404, "");
    fake_http(fake, IMDS6 ROLES, 404, "");
    IS(detect(fake), environment, "ec2");
}

static void a_role_name_with_control_characters_is_no_role(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    imds(fake, 200, DOCUMENT, "evil\x1b[31m");
    NOT_TOLD(detect(fake), role_name);
}

static void an_account_of_ten_digits_is_no_account(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    imds(fake, 200, "{\"instanceId\":\"i-1234567890abcdef0\",\"accountId\":\"0123456789\"}", "r");
    NOT_TOLD(detect(fake), account_id);
}

static void firecracker_without_variables_is_a_microvm(void **state)
{
    struct fake *fake = *state;

    imds(fake, 404, "", "execution_role");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "microvm");
    assert_int_equal(scene->place.confidence, CC_LOW);
    NOT_TOLD(scene, role_name);
}

static void a_key_in_the_environment_is_said_to_beat_the_role(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    imds(fake, 200, DOCUMENT, "r");
    assert_true(warned(detect(fake), "and not the role"));
}

static void an_emulator_on_foreign_firmware_is_no_instance(void **state)
{
    static const char *const vendors[] = {"LENOVO\n", "QEMU\n", "VMware, Inc.\n"};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(vendors); i++) {
        fake_file(fake, "/sys/class/dmi/id/sys_vendor", vendors[i]);
        imds(fake, 200, DOCUMENT, "r");
        const struct cc_scene *scene = detect(fake);
        IS(scene, environment, "local");
        assert_false(scene->place.aws);
        NOT_TOLD(scene, account_id);
        NOT_TOLD(scene, role_name);
        assert_true(warned(scene, "an emulator"));
    }
}

static void firecracker_on_foreign_firmware_is_no_microvm(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    imds(fake, 404, "", "execution_role");
    fake_env(fake, "BEDROCK_AGENTCORE_RUNTIME_ID", "x");
    const struct cc_scene *scene = detect(fake);
    assert_false(scene->place.aws);
    assert_int_equal(scene->place.confidence, CC_LOW);
}

static void copied_variables_do_not_outweigh_an_instance(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_BedrockAgentCore_Runtime");
    fake_env(fake, "OTEL_RESOURCE_ATTRIBUTES",
             "cloud.resource_id=arn:aws:bedrock-agentcore:us-east-1:999999999999:runtime/"
             "MyAgent-a1B2c3D4e5");
    fake_env(fake, "BEDROCK_AGENTCORE_RUNTIME_ID", "MyAgent-a1B2c3D4e5");
    imds(fake, 200, DOCUMENT, "r");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ec2");
    IS(scene, account_id, "111122223333");
    NOT_TOLD(scene, runtime_arn);
    assert_true(warned(scene, "AWS_EXECUTION_ENV is set on an EC2 instance"));
}

static void a_copied_image_does_not_outweigh_the_firmware(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    no_imds(fake);
    fake_env(fake, "AWS_LAMBDA_MICROVM_IMAGE_ARN",
             "arn:aws:lambda:us-east-1:111122223333:microvm-image:x");
    IS(detect(fake), environment, "ec2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(an_identity_document_and_the_firmware_are_high_confidence),
        IN_FAKE_WORLD(an_instance_without_a_role_is_told_how_to_get_one),
        IN_FAKE_WORLD(a_document_alone_is_medium_confidence),
        IN_FAKE_WORLD(a_disabled_service_leaves_the_instance_id_of_the_firmware),
        IN_FAKE_WORLD(a_hung_put_and_a_401_are_a_hop_limit),
        IN_FAKE_WORLD(a_captive_portal_is_no_instance),
        IN_FAKE_WORLD(version_1_is_not_asked_when_the_variable_forbids_it),
        IN_FAKE_WORLD(a_disabling_variable_keeps_every_request_away),
        IN_FAKE_WORLD(a_foreign_endpoint_is_never_asked),
        IN_FAKE_WORLD(ipv6_is_tried_when_ipv4_has_no_route),
        IN_FAKE_WORLD(a_role_name_with_control_characters_is_no_role),
        IN_FAKE_WORLD(an_account_of_ten_digits_is_no_account),
        IN_FAKE_WORLD(firecracker_without_variables_is_a_microvm),
        IN_FAKE_WORLD(a_key_in_the_environment_is_said_to_beat_the_role),
        IN_FAKE_WORLD(an_emulator_on_foreign_firmware_is_no_instance),
        IN_FAKE_WORLD(firecracker_on_foreign_firmware_is_no_microvm),
        IN_FAKE_WORLD(copied_variables_do_not_outweigh_an_instance),
        IN_FAKE_WORLD(a_copied_image_does_not_outweigh_the_firmware),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
