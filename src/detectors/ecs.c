#include "credctl/aws/host.h"
#include "credctl/aws/tmds.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "scene.h"

#include <ctype.h>
#include <string.h>

#define SET_TASK_ROLE "set taskRoleArn in its task definition"

/* ECS and Fargate have one metadata service; its launch type distinguishes them. */

struct candidate {
    const char *source; /* the variable */
    const char *url;    /* the URL of the task metadata; NULL when it must not be asked */
};

/* Only addresses that cannot be another host: names are not resolved, also not for https. */
static bool may_ask(struct cc_scene *scene, const char *text, const char *source)
{
    struct cc_url url;
    struct cc_error err;

    if (!cc_url_parse(&scene->run->mem, text, source, &url, &err)) {
        cc_saw(scene, source, "not a URL", "ignored");
        cc_soft_error(scene, CC_ABOUT_PLACE, &err);
        return false;
    }
    if (!cc_host_near(url.host)) {
        cc_saw(scene, source, cc_textf(&scene->run->mem, "points to %s", url.host),
               "not an address of the ECS agent: not asked");
        cc_fail(&err, CC_E_UNSAFE_HOST, "%s was not asked", source);
        cc_why(&err, "%s is neither the ECS agent's address (169.254.170.2) nor loopback",
               url.host);
        cc_fix(&err, "unset %s, or find out who set it", source);
        cc_soft_error(scene, CC_ABOUT_PLACE, &err);
        return false;
    }
    return true;
}

static size_t find_candidates(struct cc_scene *scene, struct candidate *list, bool *claimed)
{
    static const char *const variables[] = {"ECS_CONTAINER_METADATA_URI_V4",
                                            "ECS_CONTAINER_METADATA_URI"};
    size_t count = 0;

    for (size_t i = 0; i < CC_COUNT(variables); i++) {
        const char *uri = cc_scene_env(scene, variables[i]);

        if (uri && may_ask(scene, uri, variables[i])) {
            size_t len = strlen(uri) - (cc_text_ends(uri, "/") ? 1 : 0);

            list[count++] = (struct candidate){
                variables[i], cc_textf(&scene->run->mem, "%.*s/task", (int)len, uri)};
        }
        *claimed |= uri != NULL;
    }
    /* There is no variable for version 2. */
    if (!*claimed && cc_text_starts(cc_env(scene->run, "AWS_EXECUTION_ENV"), "AWS_ECS_") &&
        cc_relative_url(scene->run)) {
        list[count++] =
            (struct candidate){"task metadata version 2", "http://169.254.170.2/v2/metadata"};
    }
    return count;
}

static const char *status_hint(int status)
{
    return status == 429 ? "query the agent less often: another process polls it"
                         : "try again in a few seconds, or check the ECS agent's log";
}

static bool take_answer(struct cc_scene *scene, const struct candidate *asked,
                        const struct cc_exchange *one, struct cc_task *task)
{
    struct cc_error err = one->err;
    bool ok = one->ok && one->response.status == 200;

    if (one->ok && !ok) {
        cc_fail(&err, CC_E_CONTAINER, "the ECS task metadata could not be read");
        cc_why(&err, "%s answered HTTP %d", asked->source, one->response.status);
        cc_fix(&err, "%s", status_hint(one->response.status));
    }
    if (!ok || !cc_task_parse(&scene->run->mem, one->response.body, one->response.body_len,
                              asked->source, task, &err)) {
        cc_saw_in(scene, (struct cc_evidence){asked->source, err.why, "no description of a task",
                                              one->response.took_ms});
        cc_soft_error(scene, CC_ABOUT_PLACE, &err);
        return false;
    }
    cc_saw_in(scene,
              (struct cc_evidence){asked->source, task->arn, "an ECS task", one->response.took_ms});
    scene->place.metadata_endpoint = asked->url;
    return true;
}

/* The results of the requests to the agent. */
struct answers {
    struct cc_task task;
    bool described;
    bool role;
    bool alive;   /* the agent is there, even if it has no answer at the moment */
    bool strange; /* something else is there */
};

/*
 * Errors of the agent are JSON: a text, or an object with a code. When it throttles, it answers in
 * plain text (amazon-ecs-agent: tmds/utils). A server with other answers is not the agent.
 */
static bool spoke_as_the_agent(struct cc_scene *scene, const struct cc_exchange *one)
{
    const struct cc_response *response = &one->response;
    const cJSON *doc = NULL;
    struct cc_error ignored;

    if (response->status == 429 || (response->status >= 500 && response->body_len == 0)) {
        return !cc_text_starts(response->body, "<");
    }
    if (!cc_json_parse(&scene->run->mem, response->body, response->body_len, "the answer", &doc,
                       &ignored)) {
        return false;
    }
    return response->status == 200
               ? cc_json_text(doc, "AccessKeyId") || cc_json_text(doc, "RoleArn")
               : cJSON_IsString(doc) || cc_json_text(doc, "code");
}

static void weigh_answer(struct cc_scene *scene, const struct cc_exchange *one,
                         struct answers *answers)
{
    enum cc_failure failure = one->response.failure;

    if (one->ok) {
        bool agent = spoke_as_the_agent(scene, one);

        answers->alive |= agent;
        answers->strange |= !agent;
    } else {
        answers->alive |= failure == CC_NET_SILENT || failure == CC_NET_CUT ||
                          failure == CC_NET_TOO_BIG; /* as far as is known */
    }
}

static void ask(struct cc_scene *scene, const struct candidate *list, size_t count,
                struct answers *answers)
{
    const char *credentials = cc_relative_url(scene->run);
    struct cc_exchange both[2] = {0};
    size_t asked = 0;

    if (scene->run->offline) {
        return;
    }
    if (count > 0) {
        both[asked++].request = cc_tmds_request(list[0].url, NULL);
    }
    if (credentials) {
        scene->container_asked = true;
        both[asked++].request = cc_tmds_request(credentials, NULL);
    }
    cc_http_many(scene->run, both, asked, asked, NULL);
    if (count > 0) {
        answers->described = take_answer(scene, &list[0], &both[0], &answers->task);
        if (!answers->described) {
            weigh_answer(scene, &both[0], answers);
        }
    }
    for (size_t i = 1; i < count && !answers->described && both[0].ok; i++) {
        struct cc_exchange older = {.request = cc_tmds_request(list[i].url, NULL)};

        cc_http_many(scene->run, &older, 1, 1, NULL);
        answers->described = take_answer(scene, &list[i], &older, &answers->task);
    }
    if (credentials) {
        answers->role = cc_take_container_role(scene, &both[asked - 1]);
        if (!answers->role) {
            weigh_answer(scene, &both[asked - 1], answers);
        }
    }
    answers->alive |= answers->described || answers->role;
}

/* "<32 hex>-<10 digits>": container ids of Fargate and of Managed Instances. */
static bool serverless_id(const char *id)
{
    return id && strlen(id) >= 34 && strspn(id, "0123456789abcdef") == 32 && id[32] == '-' &&
           strspn(id + 33, "0123456789") == strlen(id + 33);
}

static const char *environment_of(struct cc_scene *scene, const struct answers *answers)
{
    static const struct {
        const char *name;
        const char *environment;
    } known[] = {
        {"FARGATE", "fargate"},
        {"EC2", "ecs"},
        {"EXTERNAL", "ecs"},
        {"MANAGED_INSTANCES", "ecs"},
    };
    const char *type = answers->task.launch_type;
    const char *variable = cc_env(scene->run, "AWS_EXECUTION_ENV");

    for (size_t i = 0; i < CC_COUNT(known); i++) {
        if (cc_text_equal(type, known[i].name)) {
            cc_saw(scene, "LaunchType", type, known[i].environment);
            return known[i].environment;
        }
    }
    for (size_t i = 0; i < CC_COUNT(known); i++) {
        if (cc_text_starts(variable, "AWS_ECS_") &&
            strcmp(variable + strlen("AWS_ECS_"), known[i].name) == 0) {
            cc_saw(scene, "AWS_EXECUTION_ENV", variable,
                   "used because the metadata has no launch type");
            return known[i].environment;
        }
    }
    const char *id =
        answers->task.container_id ? answers->task.container_id : cc_scene_container(scene)->id;
    return serverless_id(id) ? "fargate" : "ecs";
}

static void take_task(struct cc_scene *scene, const struct cc_task *task)
{
    struct cc_place *place = &scene->place;

    place->task_arn = task->arn;
    place->cluster = task->cluster;
    place->task_family = task->family;
    place->launch_type = task->launch_type;
    place->availability_zone = task->zone;
    place->container_id = task->container_id;
    place->service = task->service;
    place->partition = task->partition;
    place->account_id = task->account;
    cc_take_region(scene, task->region);
    if (cc_text_equal(task->cluster, "ecs-local-cluster") &&
        strcmp(task->account, "111111111111") == 0) {
        place->aws = false;
        place->confidence = CC_LOW;
        cc_warn(scene, CC_ABOUT_PLACE, NULL,
                "this is amazon-ecs-local-container-endpoints, an emulator of ECS");
    }
}

static bool on_our_instance(const struct cc_place *place)
{
    const char *type = place->launch_type;

    return strcmp(place->environment, "ecs") == 0 && !cc_text_equal(type, "EXTERNAL");
}

static void look_beneath(struct cc_scene *scene)
{
    struct cc_place *place = &scene->place;
    const char *type = place->launch_type;

    if (strcmp(place->environment, "fargate") == 0) {
        place->compute = "fargate"; /* its DMI is that of another machine, so it is not read */
        return;
    }
    place->compute = cc_text_equal(type, "EXTERNAL")            ? "external"
                     : cc_text_equal(type, "MANAGED_INSTANCES") ? "managed-instances"
                                                                : "ec2";
    if (on_our_instance(place)) {
        place->host_instance_id = cc_scene_dmi(scene)->instance_id;
    }
}

static void explain_instance_role(struct cc_scene *scene, bool announced)
{
    struct cc_place *place = &scene->place;

    cc_take_instance_role(scene);
    if (place->role_name && !place->host_instance_id) {
        place->host_instance_id = scene->instance.instance_id;
    }
    if (place->role_name && announced) {
        cc_warn(scene, CC_ABOUT_ROLE,
                "set taskRoleArn in the task definition, and block IMDS for tasks "
                "(ECS_AWSVPC_BLOCK_IMDS=true)",
                "the task has no role, so an SDK here silently uses the instance role %s",
                place->role_name);
    } else if (place->role_name) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "without those variables an SDK here silently uses the instance role %s",
                place->role_name);
    } else if (announced) {
        cc_warn(scene, CC_ABOUT_ROLE, SET_TASK_ROLE,
                "the task has no role, and no instance role is reachable");
    }
}

static void explain_no_role(struct cc_scene *scene, bool announced)
{
    if (cc_env(scene->run, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
        return; /* there is a role; the errors say why it is not known */
    }
    if (!announced) {
        cc_warn(scene, CC_ABOUT_ROLE,
                "pass AWS_CONTAINER_CREDENTIALS_RELATIVE_URI on to this process",
                "the variables of ECS are not set here, as under cron, sshd or php-fpm, so an SDK "
                "does not find the task's role");
    }
    if (on_our_instance(&scene->place)) {
        explain_instance_role(scene, announced);
    } else if (announced) {
        cc_warn(scene, CC_ABOUT_ROLE, SET_TASK_ROLE, "the task has no role");
    }
}

static bool take_file(struct cc_scene *scene, struct answers *answers)
{
    const char *path = cc_scene_env(scene, "ECS_CONTAINER_METADATA_FILE");
    const char *text = NULL;
    size_t len = 0;
    struct cc_error err;

    if (!path || answers->described) {
        return false;
    }
    if (!cc_read_file(scene->run, path, 65536, &text, &len, &err) ||
        !cc_task_parse(&scene->run->mem, text, len, path, &answers->task, &err)) {
        cc_soft_error(scene, CC_ABOUT_PLACE, &err);
        return false;
    }
    cc_saw(scene, path, answers->task.arn, "an ECS task on EC2, from the agent's file");
    return true;
}

static enum cc_confidence confidence_of(struct cc_scene *scene, const struct answers *answers,
                                        bool file)
{
    if (answers->described) {
        return CC_HIGH;
    }
    if (answers->strange && !answers->alive && !file) {
        return CC_LOW;
    }
    if (file || answers->role || answers->alive ||
        cc_text_starts(cc_env(scene->run, "AWS_EXECUTION_ENV"), "AWS_ECS_")) {
        return CC_MEDIUM;
    }
    return CC_LOW;
}

/*
 * True when nothing answers at the address of the variables, and stronger evidence contradicts
 * them: firmware of another vendor, the token of a cluster, or Lambda, which has no such service.
 */
static bool left_over(struct cc_scene *scene, const struct answers *answers, bool file)
{
    if (answers->described || answers->alive || file || scene->run->offline) {
        return false;
    }
    if (cc_scene_cluster_token(scene)) {
        return true;
    }
    return cc_scene_foreign(scene) || (cc_scene_env(scene, "AWS_LAMBDA_FUNCTION_NAME") &&
                                       cc_scene_env(scene, "AWS_LAMBDA_RUNTIME_API"));
}

/* The container, when its control group or a mount is that of the ECS agent; else NULL. */
static const struct cc_container *container_of_ecs(struct cc_scene *scene)
{
    const struct cc_container *container = cc_scene_container(scene);

    return container->ecs_task || cc_text_equal(container->engine, "ecs") ? container : NULL;
}

static void note_container(struct cc_scene *scene, const struct cc_container *container)
{
    cc_saw(scene, container->sign,
           container->ecs_task ? cc_textf(&scene->run->mem, "the task %s", container->ecs_task)
                               : "a path of the ECS agent",
           "a container started by the ECS agent");
    if (scene->place.confidence == CC_LOW) {
        scene->place.confidence = CC_MEDIUM;
    }
}

/* Tasks with the launch type EXTERNAL can run on any machine. */
static void doubt(struct cc_scene *scene)
{
    if (!cc_text_equal(scene->place.launch_type, "EXTERNAL")) {
        (void)cc_doubt_on_foreign(scene, "the variables of ECS were");
    }
}

static bool look(struct cc_scene *scene)
{
    struct candidate list[3];
    struct answers answers = {0};
    bool claimed = false;
    size_t count = find_candidates(scene, list, &claimed);
    const struct cc_container *container = container_of_ecs(scene);

    if (count == 0 && !container && !cc_env(scene->run, "ECS_CONTAINER_METADATA_FILE")) {
        return false;
    }
    if (count > 0) {
        ask(scene, list, count, &answers);
    }
    bool file = take_file(scene, &answers);
    if ((count == 0 && !container && !file) || (!container && left_over(scene, &answers, file))) {
        return false;
    }
    cc_is(scene, environment_of(scene, &answers), confidence_of(scene, &answers, file));
    if (container) {
        note_container(scene, container);
    }
    if (answers.described || file) {
        take_task(scene, &answers.task);
    }
    cc_take_region_variable(scene);
    look_beneath(scene);
    if (!answers.role) {
        explain_no_role(scene, claimed);
    }
    doubt(scene);
    return true;
}

const struct cc_detector cc_detector_ecs = {
    .name = "ecs",
    .environments = {"ecs", "fargate"},
    .look = look,
};
