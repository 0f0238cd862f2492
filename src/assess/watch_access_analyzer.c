#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "watch.h"

/*
 * IAM Access Analyzer API Reference. Findings of external access are read with ListFindings, which
 * tells actions and principals; those of other kinds with ListFindingsV2.
 */

#define COUNT_MAX 100 /* findings that are counted for the status of an analyzer */

static bool is_active(struct cc_arena *mem, const cJSON *analyzer)
{
    return cc_text_equal(cc_tree_text(mem, analyzer, "status"), "ACTIVE");
}

static bool finds_external(struct cc_arena *mem, const cJSON *analyzer)
{
    const char *type = cc_tree_text(mem, analyzer, "type");

    return cc_text_equal(type, "ACCOUNT") || cc_text_equal(type, "ORGANIZATION");
}

static const struct cc_operation *operation_for(struct cc_arena *mem, const cJSON *analyzer)
{
    return finds_external(mem, analyzer) ? &cc_op_analyzer_list_findings
                                         : &cc_op_analyzer_list_findings_v2;
}

static struct cc_read *ask_findings(struct cc_watching *watch, const cJSON *analyzer,
                                    void (*then)(struct cc_watching *watch, struct cc_read *read))
{
    struct cc_arena *mem = &watch->place->run->mem;
    const struct cc_param params[] = {{"analyzerArn", cc_tree_text(mem, analyzer, "arn")},
                                      {"filter", "{\"status\":{\"eq\":[\"ACTIVE\"]}}", true},
                                      {0}};

    return cc_watch_ask(watch, operation_for(mem, analyzer), params, then);
}

/* True when there is one that is active. */
static bool judge(struct cc_watching *watch, const cJSON *analyzers)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const cJSON *analyzer = analyzers->child;

    while (analyzer && !is_active(mem, analyzer)) {
        analyzer = analyzer->next;
    }
    if (analyzer) {
        cc_watch_is(watch, CC_SERVICE_ENABLED, "IAM Access Analyzer is enabled");
    } else {
        cc_watch_is(watch, CC_SERVICE_DISABLED,
                    analyzers->child ? "no analyzer in this region is active"
                                     : "IAM Access Analyzer has no analyzer in this region");
    }
    return analyzer != NULL;
}

/* --- whether it is on */

static void take_count(struct cc_watching *watch, struct cc_read *read)
{
    const char *number = cc_textf(&watch->place->run->mem, "%zu%s", read->asked->end.items,
                                  read->asked->end.more ? "+" : "");

    cJSON_ReplaceItemInObjectCaseSensitive(read->about, "findings_count",
                                           cJSON_CreateString(number));
}

static void take_analyzers(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    cJSON *told = cJSON_AddArrayToObject(watch->details, "analyzers");

    (void)judge(watch, read->items);
    for (const cJSON *item = read->items->child; item; item = item->next) {
        cJSON *analyzer = cJSON_CreateObject();

        cJSON_AddItemToArray(told, analyzer);
        cc_tree_take(mem, analyzer, "name", item, "name");
        cc_tree_take(mem, analyzer, "arn", item, "arn");
        cc_tree_take(mem, analyzer, "type", item, "type");
        cc_tree_take(mem, analyzer, "status", item, "status");
        cc_tree_take(mem, analyzer, "created_at", item, "createdAt");
        cc_json_put(analyzer, "findings_count", NULL);
        if (is_active(mem, item)) {
            struct cc_read *counting = ask_findings(watch, item, take_count);

            counting->about = analyzer;
            counting->asked->ask.limit = COUNT_MAX;
        }
    }
}

static void status(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_analyzer_list_analyzers, NULL, take_analyzers);
}

/* --- findings. The service has no severities for them: these are credctl's. */

static enum cc_severity severity(struct cc_arena *mem, const cJSON *finding)
{
    const char *type = cc_tree_text(mem, finding, "findingType");

    if (cJSON_IsTrue(cc_tree_at(mem, finding, "isPublic"))) {
        return CC_SEVERITY_HIGH;
    }
    return cc_text_starts(type, "Unused") ? CC_SEVERITY_LOW : CC_SEVERITY_MEDIUM;
}

static void take_findings(struct cc_watching *watch, struct cc_read *read)
{
    cc_watch_found(watch, read->items);
    watch->truncated = watch->truncated || read->asked->end.more;
    watch->next_token = watch->about ? NULL : read->asked->end.next;
}

/* A marker belongs to one analyzer, so it is told only when there is only one. */
static void take_analyzers_for_findings(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    size_t active = 0;

    if (!judge(watch, read->items)) {
        return;
    }
    for (const cJSON *item = read->items->child; item; item = item->next) {
        active += is_active(mem, item);
    }
    watch->about = active > 1 ? watch : NULL;
    for (const cJSON *item = read->items->child; item; item = item->next) {
        if (is_active(mem, item)) {
            struct cc_ask *ask = &ask_findings(watch, item, take_findings)->asked->ask;

            ask->limit = (size_t)watch->wish->most;
            ask->start = active == 1 ? watch->wish->next_token : NULL;
        }
    }
}

static void findings(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_analyzer_list_analyzers, NULL, take_analyzers_for_findings);
}

static void count(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const char *type = cc_tree_text(mem, finding, "resourceType");
    const cJSON *actions = cc_tree_at(mem, finding, "action");

    cc_tree_count(cJSON_GetObjectItem(summary, "severity_counts"),
                  cc_severity_words[severity(mem, finding)]);
    cc_tree_count(cJSON_GetObjectItem(summary, "resource_type_counts"), type ? type : "unknown");
    for (const cJSON *item = actions ? actions->child : NULL; item; item = item->next) {
        if (cJSON_IsString(item)) {
            cc_tree_count(cJSON_GetObjectItem(summary, "action_counts"), item->valuestring);
        }
    }
}

static const char *const maps[] = {"severity_counts", "resource_type_counts", "action_counts",
                                   NULL};
static const char *const setup[] = {
    "Run `aws accessanalyzer create-analyzer --analyzer-name external --type ACCOUNT` in this region",
    "In an organization, create an analyzer of type ORGANIZATION in the delegated administrator's account",
    NULL,
};
static const struct cc_operation *const operations[] = {&cc_op_analyzer_list_analyzers,
                                                        &cc_op_analyzer_list_findings,
                                                        &cc_op_analyzer_list_findings_v2, NULL};

const struct cc_watcher cc_watcher_access_analyzer = {
    .name = "accessanalyzer",
    .title = "IAM Access Analyzer",
    .when_off = CC_SEVERITY_HIGH,
    .setup_instructions = setup,
    .status_operations = operations,
    .findings_operations = operations,
    .paths = {.id = "id",
              .title = "resourceType",
              .type = "findingType",
              .resources = {"resource"},
              .resource_type = "resourceType",
              .updated = "updatedAt",
              .about = "status"},
    .usual_severities = 1U << CC_SEVERITY_LOW | 1U << CC_SEVERITY_MEDIUM | 1U << CC_SEVERITY_HIGH |
                        1U << CC_SEVERITY_CRITICAL,
    .status = status,
    .findings = findings,
    .severity = severity,
    .count = count,
    .maps = maps,
};
