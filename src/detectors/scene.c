#include "scene.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/region.h"
#include "credctl/aws/tmds.h"
#include "credctl/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SEEN_MAX       200
#define FILE_MAX       65536
#define CONNECT_MS     300
#define CONNECT_EC2_MS 1000

const char *cc_scene_env(struct cc_scene *scene, const char *name)
{
    const char *value = cc_env(scene->run, name);

    if (cc_text_blank(value)) {
        return NULL;
    }
    return cc_text_printable(&scene->run->mem, cc_text_trim(&scene->run->mem, value));
}

static const char *cut(struct cc_scene *scene, const char *text)
{
    struct cc_arena *mem = &scene->run->mem;
    const char *detail = strstr(text, " (Failed"); /* libcurl's words stay in the errors */
    size_t len = strlen(text);

    if (detail) {
        return cc_text_printable(mem, cc_text_dup(mem, text, (size_t)(detail - text)));
    }
    if (len > SEEN_MAX) {
        len = SEEN_MAX;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
            len--; /* not inside a character */
        }
        return cc_text_printable(mem, cc_textf(mem, "%.*s...", (int)len, text));
    }
    return cc_text_printable(mem, text);
}

/* A full list ends with this row; only a hostile environment can fill one. */
static const char full[] = "there is more evidence, which is not shown";

void cc_saw_in(struct cc_scene *scene, struct cc_evidence evidence)
{
    const size_t most = CC_COUNT(scene->evidence);

    if (scene->evidence_count == most) {
        scene->evidence[most - 1] = (struct cc_evidence){"more", full, "not used", 0};
        return;
    }
    scene->evidence[scene->evidence_count++] =
        (struct cc_evidence){cut(scene, evidence.source), cut(scene, evidence.seen),
                             cut(scene, evidence.says), evidence.ms};
}

void cc_saw(struct cc_scene *scene, const char *source, const char *seen, const char *says)
{
    cc_saw_in(scene, (struct cc_evidence){source, seen, says, 0});
}

void cc_warn(struct cc_scene *scene, enum cc_topic topic, const char *fix, const char *fmt, ...)
{
    char text[1024];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    if (scene->warning_count == CC_COUNT(scene->warnings)) {
        scene->warnings[scene->warning_count - 1] = (struct cc_caution){CC_ABOUT_LIMIT, full, NULL};
        return;
    }
    scene->warnings[scene->warning_count++] =
        (struct cc_caution){topic, cc_text_printable(&scene->run->mem, text), fix};
}

void cc_soft_error(struct cc_scene *scene, enum cc_topic topic, const struct cc_error *err)
{
    if (scene->error_count < CC_COUNT(scene->errors)) {
        scene->error_topics[scene->error_count] = topic;
        scene->errors[scene->error_count++] = *err;
    }
}

void cc_is(struct cc_scene *scene, const char *environment, enum cc_confidence confidence)
{
    scene->place.environment = environment;
    scene->place.confidence = confidence;
    scene->place.aws = true;
}

const struct cc_dmi *cc_scene_dmi(struct cc_scene *scene)
{
    if (!scene->dmi_read) {
        scene->dmi_read = true;
        cc_dmi_read(scene->run, &scene->dmi);
        if (scene->dmi.cloud) {
            cc_saw(scene, "DMI", scene->dmi.sign,
                   strcmp(scene->dmi.cloud, "aws") == 0
                       ? "EC2 hardware"
                       : cc_textf(&scene->run->mem, "the cloud %s", scene->dmi.cloud));
        } else if (scene->dmi.vendor) {
            cc_saw(scene, "DMI",
                   cc_textf(&scene->run->mem, "sys_vendor is \"%s\"", scene->dmi.vendor),
                   "not a known cloud");
        }
    }
    return &scene->dmi;
}

bool cc_scene_foreign(struct cc_scene *scene)
{
    const struct cc_dmi *dmi = cc_scene_dmi(scene);

    return dmi->cloud ? strcmp(dmi->cloud, "aws") != 0 : dmi->vendor != NULL;
}

bool cc_doubt_on_foreign(struct cc_scene *scene, const char *what)
{
    const struct cc_dmi *dmi = cc_scene_dmi(scene);

    if (!cc_scene_foreign(scene)) {
        return false;
    }
    scene->place.aws = false;
    scene->place.confidence = CC_LOW;
    cc_warn(scene, CC_ABOUT_PLACE, NULL,
            "the firmware is not AWS's (%s): %s copied here, or this is an emulator",
            dmi->sign ? dmi->sign : dmi->vendor, what);
    return true;
}

bool cc_instance_speaks_against(struct cc_scene *scene, const char *source)
{
    const struct cc_instance *instance = cc_scene_instance(scene);
    bool hardware = cc_scene_dmi(scene)->instance_id && instance->state != CC_IMDS_MMDS;
    bool firecracker = !hardware && cc_text_equal(instance->role_name, "execution_role");
    bool document = instance->state == CC_IMDS_AVAILABLE && !instance->custom && !firecracker;

    if (cc_scene_foreign(scene) || (!document && !hardware)) {
        return false;
    }
    cc_saw(scene, source, "set",
           document ? "outweighed by the identity document of an EC2 instance"
                    : "outweighed by the firmware of an EC2 instance");
    cc_warn(scene, CC_ABOUT_PLACE, NULL,
            "%s is set on an EC2 instance: it was copied here, unless an AWS service manages this "
            "instance for you",
            source);
    return true;
}

const struct cc_instance *cc_scene_instance(struct cc_scene *scene)
{
    struct cc_instance *instance = &scene->instance;

    if (scene->instance_visited) {
        return instance;
    }
    bool ec2 = cc_text_equal(cc_scene_dmi(scene)->cloud, "aws");
    scene->instance_visited = true;
    cc_instance_visit(scene->run, ec2 ? CONNECT_EC2_MS : CONNECT_MS, instance);
    for (size_t i = 0; i < instance->note_count; i++) {
        const struct cc_instance_note *note = &instance->notes[i];

        cc_saw_in(scene, (struct cc_evidence){note->source, note->seen, note->says, note->ms});
    }
    if (instance->state == CC_IMDS_AVAILABLE || instance->state == CC_IMDS_MMDS ||
        instance->state == CC_IMDS_PARTIAL) {
        scene->place.metadata_endpoint = instance->base;
    }
    return instance;
}

void cc_take_instance_role(struct cc_scene *scene)
{
    const struct cc_instance *instance = cc_scene_instance(scene);
    struct cc_place *place = &scene->place;

    if (instance->state != CC_IMDS_AVAILABLE && instance->state != CC_IMDS_PARTIAL) {
        return;
    }
    place->instance_profile_arn = instance->profile_arn;
    if (instance->role_name && !place->role_name) {
        place->role_name = instance->role_name;
        place->role_source = "imds";
        place->identity_mechanism = "instance-profile";
    }
    cc_take_account(scene, instance->account);
    cc_take_region(scene, instance->region);
    if (!place->availability_zone) {
        place->availability_zone = instance->zone;
    }
}

void cc_take_region(struct cc_scene *scene, const char *region)
{
    (void)cc_region_without_fips(&scene->run->mem, &region);
    if (!scene->place.region && cc_region_shaped(region)) {
        scene->place.region = region;
        if (!scene->place.partition) {
            scene->place.partition = cc_partition_of(region)->name;
        }
    }
}

void cc_take_region_variable(struct cc_scene *scene)
{
    cc_take_region(scene, cc_scene_env(scene, "AWS_REGION"));
    cc_take_region(scene, cc_scene_env(scene, "AWS_DEFAULT_REGION"));
}

void cc_take_account(struct cc_scene *scene, const char *account)
{
    if (!scene->place.account_id && cc_account_valid(account)) {
        scene->place.account_id = account;
    }
}

bool cc_take_role_arn(struct cc_scene *scene, const char *text, const char *source)
{
    struct cc_place *place = &scene->place;
    struct cc_arn arn;
    const char *name = NULL;

    if (!cc_arn_role(&scene->run->mem, text, &arn, &name)) {
        return false;
    }
    place->role_arn = text;
    place->role_name = name;
    place->role_source = source;
    if (!place->partition) {
        place->partition = arn.partition;
    }
    cc_take_account(scene, arn.account);
    return true;
}

void cc_take_account_of_key(struct cc_scene *scene)
{
    const char *account =
        cc_account_of_key_id(&scene->run->mem, cc_scene_env(scene, "AWS_ACCESS_KEY_ID"));

    if (account && !scene->place.account_id) {
        cc_saw(scene, "access-key-id (undocumented encoding)", account,
               "the account the credentials belong to; AWS does not document this");
        cc_take_account(scene, account);
    }
}

bool cc_take_web_identity(struct cc_scene *scene)
{
    const char *path = cc_scene_env(scene, "AWS_WEB_IDENTITY_TOKEN_FILE");
    const char *role = cc_scene_env(scene, "AWS_ROLE_ARN");

    if (!path || !role || !cc_file_facts(scene->run, path).exists) {
        return false;
    }
    if (!cc_take_role_arn(scene, role, "AWS_ROLE_ARN")) {
        cc_warn(scene, CC_ABOUT_INPUT, NULL,
                "AWS_ROLE_ARN is not the ARN of a role: every SDK fails with it");
        return false;
    }
    cc_saw(scene, "AWS_ROLE_ARN", role, "the role an SDK assumes with the web identity token");
    scene->place.identity_mechanism = "web-identity";
    return true;
}

static const char *container_hint(int status)
{
    switch (status) {
    case 400:
    case 404:
        return "check whether the variable is left over from another task: the agent does not "
               "know its credentials ID";
    case 429: return "query the agent less often: another process polls it";
    case 503: return "try again in a few seconds: the agent has no credentials for this task yet";
    default: return "try again in a few seconds, or check the ECS agent's log";
    }
}

bool cc_take_container_role(struct cc_scene *scene, const struct cc_exchange *one)
{
    struct cc_owner owner = {0};
    struct cc_error err = one->err;
    const char *source = "container credentials endpoint";
    const int ms = one->response.took_ms;

    if (one->ok && one->response.status != 200) {
        cc_fail(&err, CC_E_CONTAINER, "the container credentials endpoint returned no credentials");
        cc_why(&err, "it answered HTTP %d", one->response.status);
        cc_fix(&err, "%s", container_hint(one->response.status));
    }
    if (!one->ok || one->response.status != 200 ||
        !cc_owner_parse(&scene->run->mem, one->response.body, one->response.body_len, source,
                        &owner, &err)) {
        cc_saw_in(scene, (struct cc_evidence){source, err.why, "the role is not known", ms});
        cc_soft_error(scene, CC_ABOUT_ROLE, &err);
        return false;
    }
    if (owner.account) {
        cc_take_account(scene, owner.account);
    }
    if (!owner.role_arn || !cc_take_role_arn(scene, owner.role_arn, "container-credentials")) {
        cc_saw_in(scene, (struct cc_evidence){source, "an answer without a role ARN",
                                              "credentials of an unnamed role", ms});
        return false;
    }
    cc_saw_in(scene, (struct cc_evidence){source, owner.role_arn, "the role, with its path", ms});
    scene->place.identity_mechanism = "container-credentials";
    return true;
}

bool cc_ask_container_role(struct cc_scene *scene)
{
    const char *url = cc_relative_url(scene->run);
    struct cc_exchange ask = {0};

    if (!url || scene->run->offline || scene->container_asked) {
        return false;
    }
    scene->container_asked = true;
    ask.request = cc_tmds_request(url, NULL);
    cc_http_many(scene->run, &ask, 1, 1, NULL);
    return cc_take_container_role(scene, &ask);
}

const cJSON *cc_scene_json(struct cc_scene *scene, const char *path)
{
    const char *text = NULL;
    size_t len = 0;
    const cJSON *doc = NULL;
    struct cc_error err;

    if (!cc_file_facts(scene->run, path).exists) {
        return NULL;
    }
    if (!cc_read_file(scene->run, path, FILE_MAX, &text, &len, &err) ||
        !cc_json_parse(&scene->run->mem, text, len, path, &doc, &err)) {
        cc_soft_error(scene, CC_ABOUT_PLACE, &err);
        return NULL;
    }
    return cJSON_IsObject(doc) ? doc : NULL;
}
