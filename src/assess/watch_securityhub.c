#include "credctl/aws/operations.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "watch.h"

#include <string.h>

/* AWS Security Hub API Reference, AWS Security Finding Format. */

/* --- whether it is on */

/* arn:aws:securityhub:eu-west-1::standards/NAME/v/1.0.0 is "NAME v1.0.0". */
static const char *standard_name(struct cc_arena *mem, const char *arn)
{
    const char *name = arn ? strchr(arn, '/') : NULL;
    const char *version = name ? strstr(name + 1, "/v/") : NULL;

    if (!version) {
        return arn;
    }
    return cc_textf(mem, "%.*s v%s", (int)(version - name - 1), name + 1, version + strlen("/v/"));
}

static void take_standards(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    cJSON *standards = cJSON_AddArrayToObject(watch->details, "standards");

    for (const cJSON *item = read->items->child; item; item = item->next) {
        const char *arn = cc_tree_text(mem, item, "StandardsArn");
        cJSON *standard = cJSON_CreateObject();

        cc_json_put(standard, "name", standard_name(mem, arn));
        cc_json_put(standard, "arn", arn);
        cc_tree_take(mem, standard, "status", item, "StandardsStatus");
        cc_json_put(standard, "enabled_at", NULL); /* the API does not tell */
        cJSON_AddItemToArray(standards, standard);
    }
    cJSON *debug = cJSON_GetObjectItemCaseSensitive(watch->details, "debug_info");
    (void)cJSON_AddNumberToObject(debug, "standards_count", cJSON_GetArraySize(standards));
}

static void take_hub(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    cJSON *debug = cJSON_AddObjectToObject(watch->details, "debug_info");

    cc_tree_take(mem, debug, "hub_arn", read->page, "HubArn");
    cc_watch_is(watch, CC_SERVICE_ENABLED, "Security Hub is enabled");
    (void)cc_watch_ask(watch, &cc_op_hub_get_enabled_standards, NULL, take_standards);
}

static void status(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_hub_describe_hub, NULL, take_hub);
}

/* --- findings */

static const char *const labels[CC_SEVERITY_COUNT] = {"INFORMATIONAL", "LOW", "MEDIUM", "HIGH",
                                                      "CRITICAL"};

static enum cc_severity severity(struct cc_arena *mem, const cJSON *finding)
{
    const char *label = cc_tree_text(mem, finding, "Severity/Label");
    int level = CC_SEVERITY_CRITICAL;

    while (level > CC_SEVERITY_NONE && !cc_text_equal(labels[level], label)) {
        level--;
    }
    return (enum cc_severity)level;
}

static void add_filter(cJSON *filters, const char *name, const char *value)
{
    cJSON *one = cJSON_CreateObject();
    cJSON *list = cJSON_GetObjectItemCaseSensitive(filters, name);

    (void)cJSON_AddStringToObject(one, "Value", value);
    (void)cJSON_AddStringToObject(one, "Comparison", "EQUALS");
    cJSON_AddItemToArray(list ? list : cJSON_AddArrayToObject(filters, name), one);
}

static const char *filters_of(struct cc_watching *watch)
{
    struct cc_arena *mem = &watch->place->run->mem;
    cJSON *filters = cJSON_CreateObject();
    cJSON *range = cJSON_CreateObject();

    add_filter(filters, "RecordState", "ACTIVE");
    add_filter(filters, "WorkflowStatus", "NEW");
    for (int i = 0; i < CC_SEVERITY_COUNT; i++) {
        if (cc_watch_wants(watch, (enum cc_severity)i)) {
            add_filter(filters, "SeverityLabel", labels[i]);
        }
    }
    (void)cJSON_AddStringToObject(range, "Start", cc_time_iso(mem, cc_watch_since(watch)));
    (void)cJSON_AddStringToObject(range, "End", cc_time_iso(mem, cc_now_aws(watch->place->run)));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(filters, "UpdatedAt"), range);
    return cc_watch_json(watch, filters);
}

static void take_findings(struct cc_watching *watch, struct cc_read *read)
{
    cc_watch_is(watch, CC_SERVICE_ENABLED, "Security Hub is enabled");
    cc_watch_found(watch, read->items);
    watch->truncated = watch->truncated || read->asked->end.more;
    watch->next_token = read->asked->end.next;
}

static void findings(struct cc_watching *watch)
{
    const struct cc_param params[] = {{"Filters", filters_of(watch), true}, {0}};

    (void)cc_watch_list(watch, &cc_op_hub_get_findings, params, take_findings);
}

static void count(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const char *product = cc_tree_text(mem, finding, "ProductName");

    cc_tree_count(cJSON_GetObjectItem(summary, "severity_counts"),
                  cc_severity_words[severity(mem, finding)]);
    cc_tree_count(cJSON_GetObjectItem(summary, "standard_counts"), product ? product : "unknown");
    const cJSON *resources = cc_tree_at(mem, finding, "Resources");
    for (const cJSON *item = resources ? resources->child : NULL; item; item = item->next) {
        const char *type = cc_tree_text(mem, item, "Type");

        cc_tree_count(cJSON_GetObjectItem(summary, "resource_type_counts"),
                      type ? type : "unknown");
    }
}

static const char *const maps[] = {"severity_counts", "standard_counts", "resource_type_counts",
                                   NULL};
static const char *const setup[] = {
    "Enable AWS Config with a recorder for all resources, which the standards need",
    "Open Security Hub in this region and choose Go to Security Hub, or run `aws securityhub enable-security-hub`",
    NULL,
};
static const struct cc_operation *const status_operations[] = {
    &cc_op_hub_describe_hub, &cc_op_hub_get_enabled_standards, NULL};
static const struct cc_operation *const findings_operations[] = {&cc_op_hub_get_findings, NULL};

const struct cc_watcher cc_watcher_securityhub = {
    .name = "securityhub",
    .title = "Security Hub",
    .when_off = CC_SEVERITY_MEDIUM,
    .setup_instructions = setup,
    .status_operations = status_operations,
    .findings_operations = findings_operations,
    .paths = {.id = "Id",
              .title = "Title",
              .type = "GeneratorId",
              .resources = {"Resources/0/Id"},
              .resource_type = "Resources/0/Type",
              .updated = "UpdatedAt",
              .about = "Description",
              .url = "Remediation/Recommendation/Url"},
    .usual_severities = 1U << CC_SEVERITY_HIGH | 1U << CC_SEVERITY_CRITICAL,
    .status = status,
    .findings = findings,
    .severity = severity,
    .count = count,
    .maps = maps,
};
