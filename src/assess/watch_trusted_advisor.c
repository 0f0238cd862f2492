#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

#include "watch.h"

/* AWS Support API Reference. The API belongs to the support plans Business and above. */

#define BASIC_BELOW 20 /* an account without such a plan has fewer checks */

static const struct cc_param language[] = {{"language", "en"}, {0}};

static const cJSON *checks_of(const struct cc_read *read)
{
    const cJSON *checks = cJSON_GetObjectItemCaseSensitive(read->page, "checks");

    return cJSON_IsArray(checks) ? checks->child : NULL;
}

static const char *category_of(struct cc_arena *mem, const cJSON *check)
{
    const char *category = cc_tree_text(mem, check, "category");

    return category ? category : "unknown";
}

static void add_tier(struct cc_watching *watch, int checks)
{
    cJSON_AddStringToObject(watch->details, "support_tier",
                            checks < BASIC_BELOW ? "Basic" : "Business/Enterprise");
}

/* --- whether it is on */

static void take_checks(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    int total = 0;
    int security = 0;

    cJSON *categories = cJSON_CreateObject();
    for (const cJSON *check = checks_of(read); check; check = check->next) {
        cc_tree_count(categories, category_of(mem, check));
        security += cc_text_equal(category_of(mem, check), "security");
        total++;
    }
    add_tier(watch, total);
    (void)cJSON_AddNumberToObject(watch->details, "total_checks", total);
    (void)cJSON_AddNumberToObject(watch->details, "security_checks", security);
    cJSON_AddItemToObject(watch->details, "category_counts", categories);
    cc_watch_is(watch, CC_SERVICE_ENABLED, "Trusted Advisor can be read");
}

static void status(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_support_describe_checks, language, take_checks);
}

/* --- findings: checks with a result */

static enum cc_severity severity(struct cc_arena *mem, const cJSON *finding)
{
    const char *status = cc_tree_text(mem, finding, "status");

    return cc_text_equal(status, "error")     ? CC_SEVERITY_HIGH
           : cc_text_equal(status, "warning") ? CC_SEVERITY_MEDIUM
                                              : CC_SEVERITY_NONE;
}

static void take_result(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    const cJSON *check = read->about;
    const cJSON *result = cc_tree_at(mem, read->page, "result");
    cJSON *found = cc_tree_list(mem);
    cJSON *finding = cJSON_CreateObject();

    cJSON_AddItemToArray(found, finding);
    cc_tree_take(mem, finding, "check_id", check, "id");
    cc_tree_take(mem, finding, "name", check, "name");
    cc_tree_take(mem, finding, "description", check, "description");
    cc_tree_take(mem, finding, "category", check, "category");
    cc_tree_take(mem, finding, "status", result, "status");
    cc_tree_take(mem, finding, "timestamp", result, "timestamp");
    cc_tree_take(mem, finding, "resources_flagged", result, "resourcesSummary/resourcesFlagged");
    cc_tree_take(mem, finding, "resources_processed", result,
                 "resourcesSummary/resourcesProcessed");
    cc_tree_take(mem, finding, "resources_suppressed", result,
                 "resourcesSummary/resourcesSuppressed");
    cc_tree_take(mem, finding, "flagged_resources", result, "flaggedResources");
    if (cc_watch_wants(watch, severity(mem, finding))) {
        cc_watch_found(watch, found);
    }
}

static void take_checks_for_findings(struct cc_watching *watch, struct cc_read *read)
{
    struct cc_arena *mem = &watch->place->run->mem;
    int total = 0;

    for (const cJSON *check = checks_of(read); check; check = check->next) {
        const struct cc_param params[] = {
            {"checkId", cc_tree_text(mem, check, "id")}, {"language", "en"}, {0}};

        total++;
        if (cc_text_equal(category_of(mem, check), "security")) {
            cc_watch_ask(watch, &cc_op_support_describe_check_result, params, take_result)->about =
                (void *)check;
        }
    }
    add_tier(watch, total);
    cc_watch_is(watch, CC_SERVICE_ENABLED, "Trusted Advisor can be read");
}

static void findings(struct cc_watching *watch)
{
    (void)cc_watch_ask(watch, &cc_op_support_describe_checks, language, take_checks_for_findings);
}

static void add_flagged(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const cJSON *flagged = cc_tree_at(mem, finding, "resources_flagged");
    const double sum = cJSON_IsNumber(flagged) ? flagged->valuedouble : 0;
    double before = 0;

    if (cc_json_number(summary, "resources_flagged", &before)) {
        cJSON_DeleteItemFromObjectCaseSensitive(summary, "resources_flagged");
    }
    (void)cJSON_AddNumberToObject(summary, "resources_flagged", sum + before);
}

static void count(struct cc_arena *mem, cJSON *summary, const cJSON *finding)
{
    const char *status = cc_tree_text(mem, finding, "status");

    cc_tree_count(cJSON_GetObjectItem(summary, "status_counts"), status ? status : "not_available");
    cc_tree_count(cJSON_GetObjectItem(summary, "category_counts"), category_of(mem, finding));
    add_flagged(mem, summary, finding);
}

static const char *const maps[] = {"status_counts", "category_counts", NULL};
static const char *const setup[] = {
    "Subscribe to AWS Business Support+ or a higher plan: the Trusted Advisor API belongs to it",
    NULL,
};
static const struct cc_operation *const status_operations[] = {&cc_op_support_describe_checks,
                                                               NULL};
static const struct cc_operation *const findings_operations[] = {
    &cc_op_support_describe_checks, &cc_op_support_describe_check_result, NULL};

const struct cc_watcher cc_watcher_trusted_advisor = {
    .name = "trustedadvisor",
    .title = "Trusted Advisor",
    .when_off = CC_SEVERITY_LOW,
    .global = true,
    .setup_instructions = setup,
    .status_operations = status_operations,
    .findings_operations = findings_operations,
    .paths = {.id = "check_id",
              .title = "name",
              .type = "category",
              .resources = {"flagged_resources/0/resourceId"},
              .updated = "timestamp",
              .about = "description"},
    .usual_severities = 1U << CC_SEVERITY_MEDIUM | 1U << CC_SEVERITY_HIGH,
    .status = status,
    .findings = findings,
    .severity = severity,
    .count = count,
    .maps = maps,
};
