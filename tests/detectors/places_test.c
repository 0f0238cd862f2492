#include "scene_support.h"

#define RUNTIME "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/MyAgent-a1B2c3D4e5"

static void agentcore(struct fake *fake)
{
    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_BedrockAgentCore_Runtime");
}

static void agentcore_is_told_by_its_resource_attribute(void **state)
{
    struct fake *fake = *state;

    agentcore(fake);
    fake_env(fake, "OTEL_RESOURCE_ATTRIBUTES",
             "service.name=x,cloud.resource_id=" RUNTIME "/runtime-endpoint/DEFAULT:DEFAULT");
    imds(fake, 404, "", "execution_role");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "bedrock-agentcore");
    assert_int_equal(scene->place.confidence, CC_HIGH);
    IS(scene, runtime_arn, RUNTIME);
    IS(scene, runtime_id, "MyAgent-a1B2c3D4e5");
    IS(scene, account_id, "111122223333");
    NOT_TOLD(scene, role_name);
}

static void agentcore_without_its_metadata_service_is_medium_and_warned_of(void **state)
{
    struct fake *fake = *state;

    agentcore(fake);
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    assert_int_equal(scene->place.confidence, CC_MEDIUM);
    assert_true(warned(scene, "returns no credentials"));
}

static void a_runtime_arn_of_another_service_is_ignored(void **state)
{
    struct fake *fake = *state;

    agentcore(fake);
    fake_env(fake, "OTEL_RESOURCE_ATTRIBUTES", "cloud.resource_id=arn:aws:s3:::bucket");
    no_imds(fake);
    NOT_TOLD(detect(fake), runtime_id);
}

static void the_runtime_id_of_a_user_is_weak_evidence(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "BEDROCK_AGENTCORE_RUNTIME_ID", "runtime-xxx");
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "bedrock-agentcore");
    assert_int_equal(scene->place.confidence, CC_LOW);
}

static void a_microvm_of_lambda_is_told_by_its_image(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_LAMBDA_MICROVM_IMAGE_ARN",
             "arn:aws:lambda:us-east-1:111122223333:microvm-image:x");
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "lambda-microvm");
    IS(scene, account_id, "111122223333");
}

static void a_build_stands_before_the_task_beneath_it(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "CODEBUILD_BUILD_ARN", "arn:aws:codebuild:eu-west-1:111122223333:build/p:u");
    fake_env(fake, "CODEBUILD_AUTH_TOKEN", CANARY);
    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_EC2");
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/u");
    fake_http(fake, "http://169.254.170.2/v2/credentials/u", 200,
              "{\"RoleArn\":\"arn:aws:iam::111122223333:role/service-role/cb\"}");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "codebuild");
    IS(scene, role_arn, "arn:aws:iam::111122223333:role/service-role/cb");
}

static void a_malformed_build_arn_is_ignored(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "CODEBUILD_BUILD_ARN", "arn:aws:codebuild:\x1b[2J:1:build/x");
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void sagemaker_is_told_by_its_file(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/opt/ml/metadata/resource-metadata.json",
              "{\"ResourceArn\":\"arn:aws:sagemaker:us-east-1:111122223333:app/d-1/u/x/default\"}");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "sagemaker");
    IS(scene, region, "us-east-1");
    IS(scene, compute, "app");
}

static void cloudshell_is_not_asked_for_credentials(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EXECUTION_ENV", "CloudShell");
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_FULL_URI",
             "http://localhost:1338/latest/meta-data/container/security-credentials");
    IS(detect(fake), environment, "cloudshell");
    assert_int_equal(fake->sent_count, 0);
}

static void greengrass_is_told_without_its_secrets(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_IOT_THING_NAME", "core-1");
    fake_env(fake, "GGC_VERSION", "2.12");
    fake_env(fake, "SVCUID", CANARY);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "greengrass");
    IS(scene, resource_id, "core-1");
}

static void another_cloud_is_told_by_firmware_and_never_asked(void **state)
{
    static const char *const clouds[][3] = {
        {"chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77\n", "azure"},
        {"product_name", "Google Compute Engine\n", "gcp"},
        {"product_name", "Alibaba Cloud ECS\n", "alibaba"},
        {"sys_vendor", "3DS Outscale\n", "outscale"},
        {"product_serial", "srv-x.gb1.brightbox.com\n", "brightbox"},
        {"product_name", "OpenStack Nova\n", "openstack"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(clouds); i++) {
        const char *path = cc_textf(&fake->mem, "/sys/class/dmi/id/%s", clouds[i][0]);

        fake_file(fake, path, clouds[i][1]);
        const struct cc_scene *scene = detect(fake);
        IS(scene, environment, "other-cloud");
        IS(scene, compute, clouds[i][2]);
        assert_false(scene->place.aws);
        fake_file(fake, path, NULL);
    }
    assert_int_equal(fake->sent_count, 0);
}

static void a_lone_credentials_endpoint_may_be_app_runner(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "PORT", "8080");
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/u");
    fake_http(fake, "http://169.254.170.2/v2/credentials/u", 200,
              "{\"RoleArn\":\"arn:aws:iam::111122223333:role/x\"}");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "app-runner");
    assert_int_equal(scene->place.confidence, CC_LOW);
}

static void services_on_an_instance_are_named_on_top(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
    fake_file(fake, "/mnt/var/lib/info/job-flow.json", "{\"jobFlowId\":\"j-ABC123\"}");
    IS(detect(fake), service, "emr");
    fake_file(fake, "/mnt/var/lib/info/job-flow.json", NULL);
    fake_file(fake, "/var/elasticbeanstalk/xray/environment.conf",
              "{\"environment_name\":\"BETA\"}");
    IS(detect(fake), service, "elastic-beanstalk");
    fake_file(fake, "/var/elasticbeanstalk/xray/environment.conf", NULL);
    fake_env(fake, "GITHUB_ACTIONS", "true");
    IS(detect(fake), service, "github-actions");
}

static void github_actions_is_not_aws(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "GITHUB_ACTIONS", "true");
    fake_env(fake, "ACTIONS_ID_TOKEN_REQUEST_TOKEN", CANARY);
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "github-actions");
    assert_false(scene->place.aws);
}

static void a_laptop_is_local(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "local");
    assert_int_equal(scene->place.confidence, CC_HIGH);
    NOT_TOLD(scene, region);
}

static void a_uuid_by_chance_is_no_instance(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n");
    fake_file(fake, "/sys/class/dmi/id/product_uuid", "a83f26ec-1111-2222-3333-444455556666\n");
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void offline_asks_nothing_and_says_so(void **state)
{
    struct fake *fake = *state;

    fake->run.offline = true;
    assert_true(warned(detect(fake), "--offline"));
    assert_int_equal(fake->sent_count, 0);
}

static void copied_variables_of_a_service_on_a_laptop_are_doubted(void **state)
{
    static const char *const variables[][2] = {
        {"AWS_EXECUTION_ENV", "AWS_BedrockAgentCore_Runtime"},
        {"AWS_EXECUTION_ENV", "CloudShell"},
        {"AWS_LAMBDA_MICROVM_IMAGE_ARN", "arn:aws:lambda:us-east-1:111122223333:microvm-image:x"},
        {"CODEBUILD_BUILD_ARN", "arn:aws:codebuild:eu-west-1:111122223333:build/p:u"},
        {"TRAINING_JOB_ARN", "arn:aws:sagemaker:us-east-1:111122223333:training-job/t"},
        {"BEDROCK_AGENTCORE_RUNTIME_ID", "runtime-xxx"},
    };
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    for (size_t i = 0; i < CC_COUNT(variables); i++) {
        fake_env(fake, variables[i][0], variables[i][1]);
        fake_http_row(fake, (struct fake_exchange){.url = IMDS4 "/latest/api/token",
                                                   .failure = CC_NET_NO_ROUTE,
                                                   .optional = true});
        fake_http_row(fake, (struct fake_exchange){.url = IMDS6 "/latest/api/token",
                                                   .failure = CC_NET_NO_ROUTE,
                                                   .optional = true});
        const struct cc_scene *scene = detect(fake);
        assert_false(scene->place.aws);
        assert_int_equal(scene->place.confidence, CC_LOW);
        assert_true(warned(scene, "LENOVO"));
        fake_env(fake, variables[i][0], "");
    }
}

static void a_microvm_of_lambda_is_confirmed_by_its_metadata_service(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_LAMBDA_MICROVM_IMAGE_ARN",
             "arn:aws:lambda:us-east-1:111122223333:microvm-image:x");
    imds(fake, 404, "", "execution_role");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "lambda-microvm");
    IS(scene, identity_mechanism, "mmds");
    assert_int_equal(scene->place.confidence, CC_HIGH);
}

static void an_image_of_another_service_is_no_microvm(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_LAMBDA_MICROVM_IMAGE_ARN", "arn:aws:s3:::bucket");
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void a_pseudo_region_of_fips_is_told_as_its_region(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EXECUTION_ENV", "CloudShell");
    fake_env(fake, "AWS_REGION", "fips-us-gov-west-1");
    const struct cc_scene *scene = detect(fake);
    IS(scene, region, "us-gov-west-1");
    IS(scene, partition, "aws-us-gov");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(agentcore_is_told_by_its_resource_attribute),
        IN_FAKE_WORLD(agentcore_without_its_metadata_service_is_medium_and_warned_of),
        IN_FAKE_WORLD(a_runtime_arn_of_another_service_is_ignored),
        IN_FAKE_WORLD(the_runtime_id_of_a_user_is_weak_evidence),
        IN_FAKE_WORLD(a_microvm_of_lambda_is_told_by_its_image),
        IN_FAKE_WORLD(a_build_stands_before_the_task_beneath_it),
        IN_FAKE_WORLD(a_malformed_build_arn_is_ignored),
        IN_FAKE_WORLD(sagemaker_is_told_by_its_file),
        IN_FAKE_WORLD(cloudshell_is_not_asked_for_credentials),
        IN_FAKE_WORLD(greengrass_is_told_without_its_secrets),
        IN_FAKE_WORLD(another_cloud_is_told_by_firmware_and_never_asked),
        IN_FAKE_WORLD(a_lone_credentials_endpoint_may_be_app_runner),
        IN_FAKE_WORLD(services_on_an_instance_are_named_on_top),
        IN_FAKE_WORLD(github_actions_is_not_aws),
        IN_FAKE_WORLD(a_laptop_is_local),
        IN_FAKE_WORLD(a_uuid_by_chance_is_no_instance),
        IN_FAKE_WORLD(offline_asks_nothing_and_says_so),
        IN_FAKE_WORLD(copied_variables_of_a_service_on_a_laptop_are_doubted),
        IN_FAKE_WORLD(a_microvm_of_lambda_is_confirmed_by_its_metadata_service),
        IN_FAKE_WORLD(an_image_of_another_service_is_no_microvm),
        IN_FAKE_WORLD(a_pseudo_region_of_fips_is_told_as_its_region),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
