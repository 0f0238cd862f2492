#include "scene_support.h"

static void function(struct fake *fake)
{
    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "my-function");
    fake_env(fake, "AWS_LAMBDA_RUNTIME_API", "169.254.100.1:9001");
    fake_env(fake, "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    fake_env(fake, "AWS_REGION", "eu-west-1");
}

static void a_function_is_told_without_any_request(void **state)
{
    struct fake *fake = *state;

    function(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "lambda");
    assert_int_equal(scene->place.confidence, CC_HIGH);
    IS(scene, function_name, "my-function");
    IS(scene, region, "eu-west-1");
    NOT_TOLD(scene, role_arn);
    NOT_TOLD(scene, account_id);
    assert_int_equal(fake->sent_count, 0);
}

static void the_account_of_a_modern_key_is_labelled_as_undocumented(void **state)
{
    struct fake *fake = *state;
    bool labelled = false;

    function(fake);
    fake_env(fake, "AWS_ACCESS_KEY_ID", "ASIAY34FZKBOKMUTVV7A");
    const struct cc_scene *scene = detect(fake);
    IS(scene, account_id, "609629065308");
    for (size_t i = 0; i < scene->evidence_count; i++) {
        labelled |= strcmp(scene->evidence[i].source, "access-key-id (undocumented encoding)") == 0;
    }
    assert_true(labelled);
}

static void snapstart_is_not_taken_for_a_container(void **state)
{
    struct fake *fake = *state;

    function(fake);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9001/credentials");
    fake_env(fake, "AWS_CONTAINER_AUTHORIZATION_TOKEN", CANARY);
    IS(detect(fake), environment, "lambda");
    assert_int_equal(fake->sent_count, 0);
}

static void one_variable_alone_is_a_left_over(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "my-function");
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "local");
    assert_int_equal(scene->place.confidence, CC_LOW);
}

static void the_firmware_of_a_laptop_makes_it_an_emulator(void **state)
{
    struct fake *fake = *state;

    function(fake);
    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    const struct cc_scene *scene = detect(fake);
    assert_int_equal(scene->place.confidence, CC_LOW);
    assert_false(scene->place.aws);
}

static void a_cluster_token_beats_leaked_variables(void **state)
{
    struct fake *fake = *state;

    function(fake);
    fake_env(fake, "AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/r");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", IRSA);
    fake_file(fake, IRSA, pod_token(fake, CLUSTER, "n"));
    IS(detect(fake), environment, "eks");
}

static void blank_variables_are_unset(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "  ");
    fake_env(fake, "AWS_LAMBDA_RUNTIME_API", "");
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void any_variable_of_localstack_makes_it_an_emulator(void **state)
{
    struct fake *fake = *state;

    function(fake);
    fake_env(fake, "LOCALSTACK_FUNCTION_HANDLER", "app.handler");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "lambda");
    assert_int_equal(scene->place.confidence, CC_LOW);
    assert_false(scene->place.aws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_function_is_told_without_any_request),
        IN_FAKE_WORLD(the_account_of_a_modern_key_is_labelled_as_undocumented),
        IN_FAKE_WORLD(snapstart_is_not_taken_for_a_container),
        IN_FAKE_WORLD(one_variable_alone_is_a_left_over),
        IN_FAKE_WORLD(the_firmware_of_a_laptop_makes_it_an_emulator),
        IN_FAKE_WORLD(a_cluster_token_beats_leaked_variables),
        IN_FAKE_WORLD(blank_variables_are_unset),
        IN_FAKE_WORLD(any_variable_of_localstack_makes_it_an_emulator),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
