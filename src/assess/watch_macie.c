#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "watch.h"

/* Amazon Macie API Reference: severity.score is 1 (Low), 2 (Medium) or 3 (High). */

#define FETCH_MAX 50

/* --- whether it is on */

static void take_session(struct cc_watching *watch, struct cc_read *read)
{
    static const char *const times[] = {"createdAt", NULL};
    struct cc_arena *mem = &watch->place->run->mem;
    const bool on = cc_text_equal(cc_tree_text(mem, read->page, "status"), "ENABLED");

    cc_tree_times(mem, read->page, times);
    cc_tree_take(mem, watch->details, "session_status", read->page, "status");
    cc_tree_take(mem, watch->details, "created_at", read->page, "createdAt");
    cc_tree_take(mem, watch->details, "service_role", read->page, "serviceRole");
    cc_tree_take(mem, watch->details, "finding_publishing_frequency", read->page,
                 "findingPublishingFrequency");
    if (!watch->wish || !on) {
        cc_watch_is(watch, on ? CC_SERVICE_ENABLED : CC_SERVICE_DISABLED,
                    on ? "Macie is enabled" : "Macie is suspended in this region");
    }
}

static void status(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_macie_get_session, NULL, take_session);
}

/* --- findings */

static const char *const labels[CC_SEVERITY_COUNT] = {
    [CC_SEVERITY_LOW] = "Low", [CC_SEVERITY_MEDIUM] = "Medium", [CC_SEVERITY_HIGH] = "High"};

static enum cc_severity severity(struct cc_arena *mem, const cJSON *finding)
{
    const char *label = cc_tree_text(mem, finding, "severity/description");
    int level = CC_SEVERITY_HIGH;

    while (level > CC_SEVERITY_LOW && !cc_text_equal(labels[level], label)) {
        level--;
    }
    return (enum cc_severity)level;
}

static const char *criteria(struct cc_watching *watch)
{
    cJSON *whole = cJSON_CreateObject();
    cJSON *criterion = cJSON_AddObjectToObject(whole, "criterion");
    cJSON *level = cJSON_AddObjectToObject(criterion, "severity.description");
    cJSON *archived = cJSON_AddObjectToObject(criterion, "archived");

    cJSON_AddItemToObject(level, "eq", cc_watch_words(watch, labels));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(archived, "eq"), cJSON_CreateString("false"));
    return cc_watch_json(watch, whole);
}

static void take_ids(struct cc_watching *watch, struct cc_read *read)
{
    if (!watch->answered) {
        cc_watch_is(watch, CC_SERVICE_ENABLED, "Macie is enabled");
    }
    watch->truncated = read->asked->end.more;
    watch->next_token = read->asked->end.next;
    cc_watch_fetch(watch, &cc_op_macie_get_findings, NULL, read->items, FETCH_MAX);
}

static bool wants_any(const struct cc_watching *watch)
{
    for (int i = CC_SEVERITY_LOW; i <= CC_SEVERITY_HIGH; i++) {
        if (cc_watch_wants(watch, (enum cc_severity)i)) {
            return true;
        }
    }
    return false;
}

static void findings(struct cc_watching *watch)
{
    const struct cc_param params[] = {
        {"findingCriteria", criteria(watch), true},
        {"sortCriteria", "{\"attributeName\":\"severity.score\",\"orderBy\":\"DESC\"}", true},
        {0}};

    if (watch->wish->check_enabled || !wants_any(watch)) {
        status(watch);
    }
    if (wants_any(watch)) { /* Macie has no critical ones */
        (void)cc_watch_list(watch, &cc_op_macie_list_findings, params, take_ids);
    }
}

static void count(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const char *type = cc_tree_text(mem, finding, "type");
    const char *bucket = cc_tree_text(mem, finding, "resourcesAffected/s3Bucket/name");

    cc_tree_count(cJSON_GetObjectItem(summary, "severity_counts"),
                  cc_severity_words[severity(mem, finding)]);
    cc_tree_count(cJSON_GetObjectItem(summary, "type_counts"), type ? type : "unknown");
    cc_tree_count(cJSON_GetObjectItem(summary, "bucket_counts"), bucket ? bucket : "unknown");
}

static const char *const maps[] = {"severity_counts", "type_counts", "bucket_counts", NULL};
static const char *const setup[] = {
    "Open Macie in this region and choose Enable Macie, or run `aws macie2 enable-macie`",
    NULL,
};
static const struct cc_operation *const status_operations[] = {&cc_op_macie_get_session, NULL};
static const struct cc_operation *const findings_operations[] = {
    &cc_op_macie_get_session, &cc_op_macie_list_findings, &cc_op_macie_get_findings, NULL};

const struct cc_watcher cc_watcher_macie = {
    .name = "macie",
    .title = "Macie",
    .when_off = CC_SEVERITY_MEDIUM,
    .setup_instructions = setup,
    .status_operations = status_operations,
    .findings_operations = findings_operations,
    .paths = {.id = "id",
              .title = "title",
              .type = "type",
              .resources = {"resourcesAffected/s3Object/path", "resourcesAffected/s3Bucket/arn"},
              .resource_type = "category",
              .updated = "updatedAt",
              .about = "description"},
    .usual_severities = 1U << CC_SEVERITY_HIGH | 1U << CC_SEVERITY_CRITICAL,
    .status = status,
    .findings = findings,
    .severity = severity,
    .count = count,
    .maps = maps,
};
