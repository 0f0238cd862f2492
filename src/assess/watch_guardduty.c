#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "watch.h"

/* GuardDuty API Reference. Severities: "Severity levels of GuardDuty findings" in its user guide.
 */

#define FETCH_MAX 50

/* --- whether it is on */

static void take_detector(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    cJSON *details = cJSON_AddObjectToObject(watch->details, "detector_details");
    const char *status = cc_tree_text(mem, read->page, "status");
    const bool on = cc_text_equal(status, "ENABLED");

    cJSON_AddStringToObject(details, "id", read->about);
    cc_tree_take(mem, details, "status", read->page, "status");
    cc_tree_take(mem, details, "finding_publishing_frequency", read->page,
                 "findingPublishingFrequency");
    cc_tree_take(mem, details, "data_sources", read->page, "dataSources");
    cc_tree_take(mem, details, "features", read->page, "features");
    if (!watch->wish || !on) {
        cc_watch_is(watch, on ? CC_SERVICE_ENABLED : CC_SERVICE_DISABLED,
                    on ? "GuardDuty is enabled" : "GuardDuty has a detector, but it is suspended");
    }
}

static void ask_detector(struct cc_watching *watch, const char *detector)
{
    const struct cc_param params[] = {{"DetectorId", detector}, {0}};

    cc_watch_ask(watch, &cc_op_guardduty_get_detector, params, take_detector)->about =
        (void *)detector;
}

/* An account has at most one detector in a region. */
static const char *first_detector(struct cc_watching *watch, struct cc_read *read)
{
    const char *id = cc_tree_text(&watch->place->run->mem, read->items, "0");

    if (!id) {
        cc_watch_is(watch, CC_SERVICE_DISABLED, "GuardDuty has no detector in this region");
    }
    return id;
}

static void take_detectors(struct cc_watching *watch, struct cc_read *read)
{
    const char *detector = first_detector(watch, read);

    if (detector) {
        ask_detector(watch, detector);
    }
}

static void status(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_guardduty_list_detectors, NULL, take_detectors);
}

/* --- findings */

/* The bounds of each severity; the last one has no upper one. */
static const struct {
    double from;
    double below;
} levels[CC_SEVERITY_COUNT] = {
    [CC_SEVERITY_LOW] = {0, 4},
    [CC_SEVERITY_MEDIUM] = {4, 7},
    [CC_SEVERITY_HIGH] = {7, 9},
    [CC_SEVERITY_CRITICAL] = {9, 0},
};

static enum cc_severity severity(struct cc_arena *mem, const cJSON *finding)
{
    const cJSON *number = cc_tree_at(mem, finding, "severity");
    int level = CC_SEVERITY_CRITICAL;

    while (level > CC_SEVERITY_LOW &&
           (!cJSON_IsNumber(number) || number->valuedouble < levels[level].from)) {
        level--;
    }
    return (enum cc_severity)level;
}

/* From the least severity that is wanted to the greatest. */
static cJSON *criteria(const struct cc_watching *watch)
{
    cJSON *whole = cJSON_CreateObject();
    cJSON *criterion = cJSON_AddObjectToObject(whole, "criterion");
    cJSON *range = cJSON_AddObjectToObject(criterion, "severity");
    cJSON *archived = cJSON_AddObjectToObject(criterion, "service.archived");
    int least = CC_SEVERITY_LOW;
    int most = CC_SEVERITY_CRITICAL;

    while (least < CC_SEVERITY_CRITICAL && !cc_watch_wants(watch, (enum cc_severity)least)) {
        least++;
    }
    while (most > least && !cc_watch_wants(watch, (enum cc_severity)most)) {
        most--;
    }
    (void)cJSON_AddNumberToObject(range, "greaterThanOrEqual", levels[least].from);
    if (levels[most].below > 0) {
        (void)cJSON_AddNumberToObject(range, "lessThan", levels[most].below);
    }
    cJSON_AddItemToArray(cJSON_AddArrayToObject(archived, "equals"), cJSON_CreateString("false"));
    (void)cJSON_AddNumberToObject(cJSON_AddObjectToObject(criterion, "updatedAt"),
                                  "greaterThanOrEqual", (double)cc_watch_since(watch) * 1000);
    return whole;
}

static void take_ids(struct cc_watching *watch, struct cc_read *read)
{
    const struct cc_param params[] = {{"DetectorId", read->about}, {0}};

    if (!watch->answered) {
        cc_watch_is(watch, CC_SERVICE_ENABLED, "GuardDuty is enabled");
    }
    watch->truncated = read->asked->end.more;
    watch->next_token = read->asked->end.next;
    cc_watch_fetch(watch, &cc_op_guardduty_get_findings, params, read->items, FETCH_MAX);
}

static void take_detectors_for_findings(struct cc_watching *watch, struct cc_read *read)
{
    const char *detector = first_detector(watch, read);

    if (!detector) {
        return;
    }
    const struct cc_param params[] = {
        {"DetectorId", detector},
        {"findingCriteria", cc_watch_json(watch, criteria(watch)), true},
        {"sortCriteria", "{\"attributeName\":\"severity\",\"orderBy\":\"DESC\"}", true},
        {0}};
    if (watch->wish->check_enabled) {
        ask_detector(watch, detector);
    }
    cc_watch_list(watch, &cc_op_guardduty_list_findings, params, take_ids)->about =
        (void *)detector;
}

static void findings(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_guardduty_list_detectors, NULL, take_detectors_for_findings);
}

static void count(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const char *type = cc_tree_text(mem, finding, "type");
    const char *resource = cc_tree_text(mem, finding, "resource/resourceType");

    cc_tree_count(cJSON_GetObjectItem(summary, "severity_counts"),
                  cc_severity_words[severity(mem, finding)]);
    cc_tree_count(cJSON_GetObjectItem(summary, "type_counts"), type ? type : "unknown");
    cc_tree_count(cJSON_GetObjectItem(summary, "resource_counts"), resource ? resource : "unknown");
}

static const char *const maps[] = {"severity_counts", "type_counts", "resource_counts", NULL};
static const char *const setup[] = {
    "Open GuardDuty in this region and choose Enable, or run `aws guardduty create-detector --enable`",
    "In an organization, let the delegated administrator enable it for all accounts",
    NULL,
};
static const struct cc_operation *const status_operations[] = {&cc_op_guardduty_list_detectors,
                                                               &cc_op_guardduty_get_detector, NULL};
static const struct cc_operation *const findings_operations[] = {
    &cc_op_guardduty_list_detectors, &cc_op_guardduty_get_detector, &cc_op_guardduty_list_findings,
    &cc_op_guardduty_get_findings, NULL};

const struct cc_watcher cc_watcher_guardduty = {
    .name = "guardduty",
    .title = "GuardDuty",
    .when_off = CC_SEVERITY_HIGH,
    .setup_instructions = setup,
    .status_operations = status_operations,
    .findings_operations = findings_operations,
    .paths = {.id = "id",
              .title = "title",
              .type = "type",
              .resources = {"resource/instanceDetails/instanceId", "resource/s3BucketDetails/0/arn",
                            "resource/eksClusterDetails/arn", "resource/lambdaDetails/functionArn",
                            "resource/rdsDbInstanceDetails/dbInstanceArn",
                            "resource/accessKeyDetails/userName"},
              .resource_type = "resource/resourceType",
              .updated = "updatedAt",
              .about = "description"},
    .usual_severities =
        1U << CC_SEVERITY_MEDIUM | 1U << CC_SEVERITY_HIGH | 1U << CC_SEVERITY_CRITICAL,
    .status = status,
    .findings = findings,
    .severity = severity,
    .count = count,
    .maps = maps,
};
