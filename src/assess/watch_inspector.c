#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "watch.h"

/* Amazon Inspector API Reference, version 2. */

/* --- whether it is on */

static const struct {
    const char *name;
    const char *path;
} scans[] = {
    {"ec2_status", "resourceState/ec2/status"},
    {"ecr_status", "resourceState/ecr/status"},
    {"lambda_status", "resourceState/lambda/status"},
    {"lambda_code_status", "resourceState/lambdaCode/status"},
    {"code_repository_status", "resourceState/codeRepository/status"},
};

static bool any_scan(struct cc_arena *mem, const cJSON *account)
{
    for (size_t i = 0; i < CC_COUNT(scans); i++) {
        if (cc_text_equal(cc_tree_text(mem, account, scans[i].path), "ENABLED")) {
            return true;
        }
    }
    return false;
}

/* `refused`: NULL when the account is not listed at all. */
static const char *reason_of(struct cc_arena *mem, const cJSON *refused)
{
    const char *code = cc_tree_text(mem, refused, "errorCode");
    const char *message = cc_tree_text(mem, refused, "errorMessage");

    return code ? cc_textf(mem, "INSPECTOR2 does not tell the status of the account: %s%s%s", code,
                           message ? ": " : "", message ? message : "")
                : "the answer of INSPECTOR2 does not list the account";
}

/* The account is listed as one of which Inspector could not tell. */
static void take_refused(struct cc_watching *watch, const cJSON *refused)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const bool denied = cc_text_equal(cc_tree_text(mem, refused, "errorCode"), "ACCESS_DENIED");
    const struct cc_unread unread = {
        .code = cc_ask_outcome_words[denied ? CC_OUT_DENIED : CC_OUT_OTHER],
        .operation = cc_op_inspector_batch_get_account_status.name,
        .why = reason_of(mem, refused),
        .fix = "check that the caller may read the status of this account",
    };

    cc_watch_failed(watch, &unread);
}

static void take_status(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const cJSON *account = cc_tree_at(mem, read->page, "accounts/0");

    if (!account) {
        take_refused(watch, cc_tree_at(mem, read->page, "failedAccounts/0"));
        return;
    }
    cJSON *status = cJSON_AddObjectToObject(watch->details, "scan_status");
    for (size_t i = 0; i < CC_COUNT(scans); i++) {
        cc_tree_take(mem, status, scans[i].name, account, scans[i].path);
    }
    cc_tree_take(mem, watch->details, "account_status", account, "state/status");
    const bool on = cc_text_equal(cc_tree_text(mem, account, "state/status"), "ENABLED") ||
                    any_scan(mem, account);
    cc_watch_is(watch, on ? CC_SERVICE_ENABLED : CC_SERVICE_DISABLED,
                on ? "Inspector is enabled" : "Inspector scans nothing in this region");
}

static void status(struct cc_watching *watch)
{
    const char *account = watch->place->account_id;
    const struct cc_param params[] = {
        {"accountIds", account ? cc_textf(&watch->place->run->mem, "[\"%s\"]", account) : NULL,
         true},
        {0}};

    (void)cc_watch_ask(watch, &cc_op_inspector_batch_get_account_status, params, take_status);
}

/* --- findings */

static const char *const labels[CC_SEVERITY_COUNT] = {"INFORMATIONAL", "LOW", "MEDIUM", "HIGH",
                                                      "CRITICAL"};

static enum cc_severity severity(struct cc_arena *mem, const cJSON *finding)
{
    const char *label = cc_tree_text(mem, finding, "severity");
    int level = CC_SEVERITY_CRITICAL;

    while (level > CC_SEVERITY_NONE && !cc_text_equal(labels[level], label)) {
        level--;
    }
    return (enum cc_severity)level;
}

static void add_filter(cJSON *list, const char *value)
{
    cJSON *one = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(one, "comparison", "EQUALS");
    (void)cJSON_AddStringToObject(one, "value", value);
    cJSON_AddItemToArray(list, one);
}

static const char *filters_of(struct cc_watching *watch)
{
    cJSON *filters = cJSON_CreateObject();
    cJSON *levels = cJSON_AddArrayToObject(filters, "severity");

    for (int i = 0; i < CC_SEVERITY_COUNT; i++) {
        if (cc_watch_wants(watch, (enum cc_severity)i)) {
            add_filter(levels, labels[i]);
        }
    }
    add_filter(cJSON_AddArrayToObject(filters, "findingStatus"), "ACTIVE");
    return cc_watch_json(watch, filters);
}

static void take_findings(struct cc_watching *watch, struct cc_read *read)
{
    static const char *const times[] = {"firstObservedAt", "lastObservedAt", "updatedAt", NULL};
    struct cc_arena *mem = &watch->place->run->mem;

    for (cJSON *finding = read->items->child; finding; finding = finding->next) {
        cc_tree_times(mem, finding, times);
    }
    if (!watch->answered) {
        cc_watch_is(watch, CC_SERVICE_ENABLED, "Inspector is enabled");
    }
    cc_watch_found(watch, read->items);
    watch->truncated = watch->truncated || read->asked->end.more;
    watch->next_token = read->asked->end.next;
}

/* Without a scan the list is empty, which does not mean that nothing is vulnerable. */
static void findings(struct cc_watching *watch)
{
    const struct cc_param params[] = {
        {"filterCriteria", filters_of(watch), true},
        {"sortCriteria", "{\"field\":\"SEVERITY\",\"sortOrder\":\"DESC\"}", true},
        {0}};

    if (watch->wish->check_enabled) {
        status(watch);
    }
    (void)cc_watch_list(watch, &cc_op_inspector_list_findings, params, take_findings);
}

static void count(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const char *type = cc_tree_text(mem, finding, "type");
    const char *resource = cc_tree_text(mem, finding, "resources/0/type");

    cc_tree_count(cJSON_GetObjectItem(summary, "severity_counts"),
                  cc_severity_words[severity(mem, finding)]);
    cc_tree_count(cJSON_GetObjectItem(summary, "type_counts"), type ? type : "unknown");
    cc_tree_count(cJSON_GetObjectItem(summary, "resource_type_counts"),
                  resource ? resource : "unknown");
}

static const char *const maps[] = {"severity_counts", "type_counts", "resource_type_counts", NULL};
static const char *const setup[] = {
    "Open Inspector in this region and choose Activate Inspector, or run `aws inspector2 enable --resource-types EC2 ECR LAMBDA`",
    "In an organization, let the delegated administrator activate it for all accounts",
    NULL,
};
static const struct cc_operation *const status_operations[] = {
    &cc_op_inspector_batch_get_account_status, NULL};
static const struct cc_operation *const findings_operations[] = {
    &cc_op_inspector_batch_get_account_status, &cc_op_inspector_list_findings, NULL};

const struct cc_watcher cc_watcher_inspector = {
    .name = "inspector",
    .title = "Inspector",
    .when_off = CC_SEVERITY_HIGH,
    .setup_instructions = setup,
    .status_operations = status_operations,
    .findings_operations = findings_operations,
    .paths = {.id = "findingArn",
              .title = "title",
              .type = "type",
              .resources = {"resources/0/id"},
              .resource_type = "resources/0/type",
              .updated = "updatedAt",
              .about = "description",
              .url = "packageVulnerabilityDetails/sourceUrl"},
    .usual_severities = 1U << CC_SEVERITY_HIGH | 1U << CC_SEVERITY_CRITICAL,
    .status = status,
    .findings = findings,
    .severity = severity,
    .count = count,
    .maps = maps,
};
