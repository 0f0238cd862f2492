#include "credctl/aws/tmds.h"

#include "credctl/aws/arn.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include <string.h>

#define TASK_MAX   524288UL
#define CONNECT_MS 300
#define ANSWER_MS  1000

static const char *keep(struct cc_arena *mem, const char *text)
{
    return text ? cc_text_printable(mem, text) : NULL;
}

static bool pause_container(const cJSON *container)
{
    const char *type = cc_json_text(container, "Type");

    return type && strcmp(type, "NORMAL") != 0;
}

static const char *first_container(struct cc_arena *mem, const cJSON *doc)
{
    const cJSON *container = NULL;

    cJSON_ArrayForEach (container, cJSON_GetObjectItemCaseSensitive(doc, "Containers")) {
        const char *id = cc_json_text(container, "DockerId");

        if (!pause_container(container) && cc_text_consists(id, "-", 128)) {
            return keep(mem, id);
        }
    }
    return NULL;
}

static const char *family_of(const cJSON *doc)
{
    const char *family = cc_json_text(doc, "Family");

    return family ? family : cc_json_text(doc, "TaskDefinitionFamily"); /* in the file */
}

static const char *revision_of(const cJSON *doc)
{
    const char *revision = cc_json_text(doc, "Revision");

    return revision ? revision : cc_json_text(doc, "TaskDefinitionRevision");
}

static bool take(struct cc_arena *mem, const cJSON *doc, const char *source, struct cc_task *task,
                 struct cc_error *err)
{
    struct cc_arn arn;

    const char *named = keep(mem, cc_json_text(doc, "TaskARN"));
    if (!cc_arn_parse(mem, named, &arn) || strcmp(arn.service, "ecs") != 0 || !arn.region ||
        !arn.account || !cc_text_starts(arn.resource, "task/")) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s does not describe an ECS task", source);
        return cc_why(err, "its TaskARN is missing or malformed");
    }
    *task = (struct cc_task){
        .arn = named,
        .partition = arn.partition,
        .region = arn.region,
        .account = arn.account,
        .cluster = keep(mem, cc_json_text(doc, "Cluster")),
        .family = keep(mem, family_of(doc)),
        .revision = keep(mem, revision_of(doc)),
        .launch_type = keep(mem, cc_json_text(doc, "LaunchType")),
        .zone = keep(mem, cc_json_text(doc, "AvailabilityZone")),
        .service = keep(mem, cc_json_text(doc, "ServiceName")),
        .container_id = first_container(mem, doc),
    };
    return true;
}

bool cc_task_parse(struct cc_arena *mem, const char *text, size_t len, const char *source,
                   struct cc_task *task, struct cc_error *err)
{
    struct cc_arena brief = {0}; /* the document is not needed after this call */
    const cJSON *doc = NULL;
    bool taken =
        cc_json_parse(&brief, text, len, source, &doc, err) && take(mem, doc, source, task, err);

    cc_arena_wipe(&brief);
    return taken;
}

bool cc_owner_parse(struct cc_arena *mem, const char *text, size_t len, const char *source,
                    struct cc_owner *owner, struct cc_error *err)
{
    struct cc_arena brief = {0};
    const cJSON *doc = NULL;
    const char *name = NULL;
    struct cc_arn arn;

    bool parsed = cc_json_parse(&brief, text, len, source, &doc, err);
    if (parsed && !cJSON_IsObject(doc)) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s is not a credentials document", source);
        parsed = cc_why(err, "it is not a JSON object");
    }
    if (parsed) {
        const char *role = cc_json_text(doc, "RoleArn");
        const char *account = cc_json_text(doc, "AccountId");

        owner->role_arn = cc_arn_role(&brief, role, &arn, &name) ? keep(mem, role) : NULL;
        owner->account = cc_account_valid(account) ? keep(mem, account) : NULL;
    }
    cc_arena_wipe(&brief);
    return parsed;
}

struct cc_request cc_tmds_request(const char *url, const struct cc_header *headers)
{
    return (struct cc_request){
        .method = "GET",
        .url = url,
        .headers = headers,
        .distance = CC_NEAR,
        .connect_ms = CONNECT_MS,
        .timeout_ms = ANSWER_MS,
        .max_body = TASK_MAX,
    };
}

const char *cc_relative_url(struct cc_run *run)
{
    const char *path = cc_env(run, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");

    /* Without its slash it would be part of the host. */
    if (!path || path[0] != '/' || !cc_text_consists(path, "/-._~%?=&:", 2048)) {
        return NULL;
    }
    return cc_textf(&run->mem, "http://169.254.170.2%s", path);
}
