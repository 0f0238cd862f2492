#include "scene_support.h"

#define V4    "http://169.254.170.2/v4/abc"
#define V3    "http://169.254.170.2/v3/abc"
#define CREDS "http://169.254.170.2/v2/credentials/u"
#define ARN   "arn:aws:ecs:us-west-2:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c"
#define TASK(type) \
    "{\"Cluster\":\"default\",\"TaskARN\":\"" ARN "\",\"Family\":\"f\",\"LaunchType\":\"" type "\"}"
#define OWNER                                                                          \
    "{\"RoleArn\":\"arn:aws:iam::111122223333:role/team/x\",\"AccessKeyId\":\"ASIA\"," \
    "\"SecretAccessKey\":\"" CANARY "\",\"Token\":\"" CANARY "\"}"

static void task(struct fake *fake, bool role)
{
    fake_env(fake, "ECS_CONTAINER_METADATA_URI_V4", V4);
    if (role) {
        fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/u");
    }
}

static void a_task_has_its_role_with_the_path(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_http(fake, V4 "/task", 200, TASK("EC2"));
    fake_http(fake, CREDS, 200, OWNER);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ecs");
    assert_int_equal(scene->place.confidence, CC_HIGH);
    IS(scene, task_arn, ARN);
    IS(scene, role_arn, "arn:aws:iam::111122223333:role/team/x");
    IS(scene, role_name, "x");
    IS(scene, account_id, "111122223333");
}

static void the_launch_type_beats_the_variable(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_EC2");
    fake_http(fake, V4 "/task", 200, TASK("FARGATE"));
    fake_http(fake, CREDS, 200, OWNER);
    IS(detect(fake), environment, "fargate");
}

static void managed_instances_are_ecs_and_external_has_no_instance(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    task(fake, true);
    fake_http(fake, V4 "/task", 200, TASK("EXTERNAL"));
    fake_http(fake, CREDS, 200, OWNER);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ecs");
    IS(scene, compute, "external");
    NOT_TOLD(scene, host_instance_id);
}

static void an_old_agent_is_decided_by_the_variable(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "ECS_CONTAINER_METADATA_URI", V3);
    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_FARGATE");
    fake_http(fake, V3 "/task", 200, "{\"TaskARN\":\"" ARN "\"}");
    IS(detect(fake), environment, "fargate");
}

static void version_2_is_asked_where_no_variable_announces_it(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_EC2");
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/u");
    fake_http(fake, "http://169.254.170.2/v2/metadata", 200, "{\"TaskARN\":\"" ARN "\"}");
    fake_http(fake, CREDS, 200, OWNER);
    IS(detect(fake), task_arn, ARN);
}

static void a_failing_agent_leaves_medium_confidence_and_a_remedy(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_EC2");
    fake_http(fake, V4 "/task", 500, "\"failed\"");
    fake_http(fake, CREDS, 500, "");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ecs");
    assert_int_equal(scene->place.confidence, CC_MEDIUM);
    NOT_TOLD(scene, task_arn);
    assert_int_equal(scene->errors[0].code, CC_E_CONTAINER);
    assert_non_null(strstr(scene->errors[0].fix, "agent"));
}

static void a_foreign_metadata_host_is_never_asked(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "ECS_CONTAINER_METADATA_URI_V4", "http://203.0.113.7/v4/abc");
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "local");
    assert_int_equal(scene->place.confidence, CC_LOW);
    assert_null(fake_sent(fake, "203.0.113.7"));
}

static void a_relative_uri_without_its_slash_cannot_change_the_host(void **state)
{
    struct fake *fake = *state;

    task(fake, false);
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@203.0.113.7/x");
    fake_http(fake, V4 "/task", 200, TASK("FARGATE"));
    (void)detect(fake);
    assert_int_equal(fake->sent_count, 1);
}

static void a_task_without_a_role_becomes_the_instance_role(void **state)
{
    struct fake *fake = *state;

    task(fake, false);
    fake_http(fake, V4 "/task", 200, TASK("EC2"));
    imds(fake, 200, DOCUMENT, "ecsInstanceRole");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "ecs");
    IS(scene, role_source, "imds");
    assert_true(warned(scene, "silently uses the instance role ecsInstanceRole"));
}

static void fargate_is_never_asked_for_an_instance(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    task(fake, false);
    fake_http(fake, V4 "/task", 200, TASK("FARGATE"));
    const struct cc_scene *scene = detect(fake);
    NOT_TOLD(scene, host_instance_id);
    NOT_TOLD(scene, role_name);
    assert_null(fake_sent(fake, "169.254.169.254"));
}

static void copied_variables_on_a_laptop_are_left_overs(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    fake_no_answer(fake, V4 "/task", CC_NET_NO_ROUTE);
    fake_no_answer(fake, CREDS, CC_NET_NO_ROUTE);
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "local");
    assert_int_equal(scene->place.confidence, CC_LOW);
}

static void lambda_and_a_cluster_beat_variables_that_lead_nowhere(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "f");
    fake_env(fake, "AWS_LAMBDA_RUNTIME_API", "169.254.100.1:9001");
    fake_no_answer(fake, V4 "/task", CC_NET_NO_ROUTE);
    fake_no_answer(fake, CREDS, CC_NET_NO_ROUTE);
    IS(detect(fake), environment, "lambda");
    fake_env(fake, "AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/r");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", IRSA);
    fake_file(fake, IRSA, pod_token(fake, CLUSTER, "n"));
    fake_no_answer(fake, V4 "/task", CC_NET_NO_ROUTE);
    fake_no_answer(fake, CREDS, CC_NET_NO_ROUTE);
    IS(detect(fake), environment, "eks");
}

static void a_task_that_answers_beats_leaked_variables_of_lambda(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_env(fake, "AWS_LAMBDA_FUNCTION_NAME", "f");
    fake_env(fake, "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
    fake_http(fake, V4 "/task", 200, TASK("EC2"));
    fake_http(fake, CREDS, 200, OWNER);
    IS(detect(fake), environment, "ecs");
}

static void a_job_of_batch_is_named_on_top(void **state)
{
    struct fake *fake = *state;

    task(fake, true);
    fake_env(fake, "AWS_BATCH_JOB_ID", "a04d69a1");
    fake_http(fake, V4 "/task", 200, TASK("FARGATE"));
    fake_http(fake, CREDS, 200, OWNER);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "fargate");
    IS(scene, service, "batch");
    IS(scene, job_id, "a04d69a1");
}

/* A task whose environment was cleared: cron, sshd, php-fpm. */
static void the_agents_paths_of_both_generations_are_ecs(void **state)
{
#define ID  "158d1c8083dd49d6b527399fd6414f5c"
#define CID "43481a6ce4842eec8fe72fc28500c6b52edcc0917f105b83379f88cac1ff3946"
    static const char *const files[][2] = {
        {"/proc/self/cgroup", "9:cpuset:/ecs/" ID "/" CID "\n"},
        {"/proc/self/cgroup", "0::/ecstasks.slice/ecstasks-" ID ".slice/docker-" CID ".scope\n"},
        {"/proc/self/cgroup", "0::/ecs/" ID "/" CID "\n"},
        {"/proc/self/mountinfo",
         "10 8 259:1 /var/lib/docker/containers/" CID "/hosts /etc/hosts rw - xfs /dev/sda rw\n"
         "11 8 259:1 /var/lib/ecs/deps/execute-command/bin "
         "/managed-agents/execute-command/amazon-ssm-agent rw - xfs /dev/sda rw\n"},
    };
    struct fake *fake = *state;

    nitro(fake);
    for (size_t i = 0; i < CC_COUNT(files); i++) {
        fake_file(fake, files[i][0], files[i][1]);
        imds(fake, 200, DOCUMENT, "ecsInstanceRole");
        const struct cc_scene *scene = detect(fake);
        IS(scene, environment, "ecs");
        IS(scene, container, "ecs");
        IS(scene, container_id, CID);
        assert_true(warned(scene, "pass AWS_CONTAINER_CREDENTIALS_RELATIVE_URI on"));
        assert_true(warned(scene, "instance role ecsInstanceRole"));
        fake_file(fake, files[i][0], NULL);
    }
}

static void the_cgroup_of_fargate_is_fargate(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_file(fake, "/proc/self/cgroup", "9:cpuset:/ecs/" ID "/" ID "-2495160603\n");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "fargate");
    IS(scene, container_id, ID "-2495160603");
    NOT_TOLD(scene, host_instance_id);
}

static void docker_itself_is_no_container(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/proc/self/cgroup", "0::/system.slice/docker.service\n");
    no_imds(fake);
    NOT_TOLD(detect(fake), container);
}

/* A captive portal or another server at the address is no agent. */
static void what_answers_in_another_shape_is_no_task(void **state)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {{200, "<html>Login</html>"},
                {404, "404 page not found"},
                {200, "{\"ok\":true}"},
                {503, "upstream connect error"},
                {429, "<html>slow down</html>"}};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        task(fake, true);
        fake_env(fake, "AWS_EXECUTION_ENV", "AWS_ECS_EC2");
        fake_http(fake, V4 "/task", rows[i].status, rows[i].body);
        fake_http(fake, CREDS, rows[i].status, rows[i].body);
        assert_int_equal(detect(fake)->place.confidence, CC_LOW);
    }
    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    fake_http(fake, V4 "/task", 200, "<html>Login</html>");
    fake_http(fake, CREDS, 200, "<html>Login</html>");
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void an_agent_that_has_no_answer_now_is_alive(void **state)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {{404, "\"V4 task metadata handler: unable to get task\""},
                {429, "You have reached maximum request limit."},
                {400, "{\"code\":\"InvalidIdInRequest\",\"message\":\"m\"}"}};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        task(fake, true);
        fake_http(fake, V4 "/task", rows[i].status, rows[i].body);
        fake_http(fake, CREDS, rows[i].status, rows[i].body);
        assert_int_equal(detect(fake)->place.confidence, CC_MEDIUM);
    }
}

static void an_emulator_of_tasks_on_a_laptop_is_not_aws(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    task(fake, true);
    fake_http(fake, V4 "/task", 200, TASK("FARGATE"));
    fake_http(fake, CREDS, 200, OWNER);
    const struct cc_scene *scene = detect(fake);
    assert_false(scene->place.aws);
    assert_int_equal(scene->place.confidence, CC_LOW);
    fake_http(fake, V4 "/task", 200, TASK("EXTERNAL"));
    fake_http(fake, CREDS, 200, OWNER);
    assert_int_equal(detect(fake)->place.confidence, CC_HIGH);
}

static void a_link_local_address_that_is_not_the_agents_is_named_as_such(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.99/v4/abc");
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    assert_int_equal(scene->errors[0].code, CC_E_UNSAFE_HOST);
    assert_string_equal(
        scene->errors[0].why,
        "169.254.170.99 is neither the ECS agent's address (169.254.170.2) nor loopback");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_task_has_its_role_with_the_path),
        IN_FAKE_WORLD(the_launch_type_beats_the_variable),
        IN_FAKE_WORLD(managed_instances_are_ecs_and_external_has_no_instance),
        IN_FAKE_WORLD(an_old_agent_is_decided_by_the_variable),
        IN_FAKE_WORLD(version_2_is_asked_where_no_variable_announces_it),
        IN_FAKE_WORLD(a_failing_agent_leaves_medium_confidence_and_a_remedy),
        IN_FAKE_WORLD(a_foreign_metadata_host_is_never_asked),
        IN_FAKE_WORLD(a_relative_uri_without_its_slash_cannot_change_the_host),
        IN_FAKE_WORLD(a_task_without_a_role_becomes_the_instance_role),
        IN_FAKE_WORLD(fargate_is_never_asked_for_an_instance),
        IN_FAKE_WORLD(copied_variables_on_a_laptop_are_left_overs),
        IN_FAKE_WORLD(lambda_and_a_cluster_beat_variables_that_lead_nowhere),
        IN_FAKE_WORLD(a_task_that_answers_beats_leaked_variables_of_lambda),
        IN_FAKE_WORLD(a_job_of_batch_is_named_on_top),
        IN_FAKE_WORLD(the_agents_paths_of_both_generations_are_ecs),
        IN_FAKE_WORLD(the_cgroup_of_fargate_is_fargate),
        IN_FAKE_WORLD(docker_itself_is_no_container),
        IN_FAKE_WORLD(what_answers_in_another_shape_is_no_task),
        IN_FAKE_WORLD(an_agent_that_has_no_answer_now_is_alive),
        IN_FAKE_WORLD(an_emulator_of_tasks_on_a_laptop_is_not_aws),
        IN_FAKE_WORLD(a_link_local_address_that_is_not_the_agents_is_named_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
