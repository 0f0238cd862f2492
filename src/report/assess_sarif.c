#include "credctl/base/text.h"
#include "credctl/report/assess.h"

#include "assess_rows.h"

#include <string.h>

/* SARIF 2.1.0 (OASIS). Resources of AWS have no files: their names stand for them. */

static void free_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static void text_in(cJSON *object, const char *name, const char *text)
{
    cJSON *message = cJSON_AddObjectToObject(object, name);

    (void)cJSON_AddStringToObject(message, "text", text);
}

static const char *level_of(enum cc_severity severity)
{
    return severity >= CC_SEVERITY_HIGH     ? "error"
           : severity == CC_SEVERITY_MEDIUM ? "warning"
                                            : "note";
}

/* As GitHub wants it: a number as text. */
static const char *score_of(enum cc_severity severity)
{
    static const char *const scores[CC_SEVERITY_COUNT] = {"0.0", "3.0", "5.0", "8.0", "9.5"};

    return scores[severity];
}

static const char *rule_of(struct cc_arena *mem, const struct cc_found *found)
{
    const char *kind = found->view.type ? found->view.type : "finding";

    return cc_textf(mem, "%s/%s", found->service, cc_text_printable(mem, kind));
}

static void add_rule(struct cc_arena *mem, cJSON *rules, const struct cc_found *found)
{
    const char *id = rule_of(mem, found);
    cJSON *rule = NULL;

    cJSON_ArrayForEach (rule, rules) {
        if (cc_text_equal(cc_json_text(rule, "id"), id)) {
            return;
        }
    }
    rule = cJSON_CreateObject();
    cJSON_AddItemToArray(rules, rule);
    (void)cJSON_AddStringToObject(rule, "id", id);
    text_in(rule, "shortDescription", cc_textf(mem, "%s: %s", found->title, id));
    if (found->view.url) {
        (void)cJSON_AddStringToObject(rule, "helpUri", cc_text_printable(mem, found->view.url));
    }
    cJSON *properties = cJSON_AddObjectToObject(rule, "properties");
    (void)cJSON_AddStringToObject(properties, "security-severity", score_of(found->view.severity));
}

static void add_location(struct cc_arena *mem, cJSON *result, const struct cc_found *found)
{
    const char *resource = found->view.resource ? found->view.resource : "aws";
    const char *name =
        cc_textf(mem, "%s/%s/%s", found->head->account_id ? found->head->account_id : "account",
                 found->head->region, cc_text_printable(mem, resource));
    cJSON *location = cJSON_CreateObject();
    cJSON *physical = cJSON_AddObjectToObject(location, "physicalLocation");
    cJSON *artifact = cJSON_AddObjectToObject(physical, "artifactLocation");
    cJSON *logical = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(artifact, "uri", cc_text_percent(mem, name, true));
    (void)cJSON_AddStringToObject(logical, "fullyQualifiedName", name);
    (void)cJSON_AddStringToObject(logical, "kind", "resource");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(location, "logicalLocations"), logical);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(result, "locations"), location);
}

static cJSON *result_json(struct cc_arena *mem, const struct cc_found *found)
{
    const struct cc_finding_view *view = &found->view;
    cJSON *result = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(result, "ruleId", rule_of(mem, found));
    (void)cJSON_AddStringToObject(result, "level", level_of(view->severity));
    text_in(result, "message",
            cc_text_printable(mem, view->title ? view->title
                                   : view->id  ? view->id
                                               : "finding"));
    add_location(mem, result, found);
    if (view->id) {
        cJSON *prints = cJSON_AddObjectToObject(result, "partialFingerprints");
        (void)cJSON_AddStringToObject(prints, "findingId/v1", cc_text_printable(mem, view->id));
    }
    cJSON *properties = cJSON_AddObjectToObject(result, "properties");
    cc_json_put(properties, "service", found->service);
    cc_json_put(properties, "severity", cc_severity_words[view->severity]);
    cc_json_put(properties, "account_id", found->head->account_id);
    cc_json_put(properties, "region", found->head->region);
    return result;
}

static void add_notification(cJSON *list, const char *text)
{
    cJSON *notification = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(notification, "level", "error");
    text_in(notification, "message", text);
    cJSON_AddItemToArray(list, notification);
}

/* What could not be read. */
static void add_gaps(struct cc_arena *mem, cJSON *list, const struct cc_assess_head *head,
                     const struct cc_service_error *errors, size_t count)
{
    const char *place = cc_head_place(mem, head);

    if (head->error) {
        add_notification(list,
                         cc_textf(mem, "%s: %s: %s", place, head->error->what, head->error->why));
    }
    for (size_t i = 0; i < count; i++) {
        add_notification(list, cc_textf(mem, "%s: %s", place, errors[i].unread.why));
    }
}

/* `gaps`: notifications; the document owns them from here on. */
static void write_sarif(struct cc_buf *out, const struct cc_found_all *all, bool partial,
                        cJSON *gaps)
{
    CC_CLEANUP(free_json) cJSON *whole = cJSON_CreateObject();
    cJSON *run = cJSON_CreateObject();
    cJSON *invocation = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(whole, "$schema",
                                  "https://json.schemastore.org/sarif-2.1.0.json");
    (void)cJSON_AddStringToObject(whole, "version", "2.1.0");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(whole, "runs"), run);
    cJSON *driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
    (void)cJSON_AddStringToObject(driver, "name", "credctl");
    (void)cJSON_AddStringToObject(driver, "version", CREDCTL_VERSION);
    cJSON *rules = cJSON_AddArrayToObject(driver, "rules");
    (void)cJSON_AddBoolToObject(invocation, "executionSuccessful", !partial);
    cJSON_AddItemToObject(invocation, "toolExecutionNotifications", gaps);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(run, "invocations"), invocation);
    cJSON *results = cJSON_AddArrayToObject(run, "results");
    for (size_t i = 0; i < all->count; i++) {
        add_rule(out->mem, rules, &all->rows[i]);
        cJSON_AddItemToArray(results, result_json(out->mem, &all->rows[i]));
    }
    cc_buf_text(out, cc_json_line(out->mem, whole));
}

void cc_findings_sarif(const void *answer, struct cc_buf *out)
{
    const struct cc_findings_answer *told = answer;
    const struct cc_rows_of_findings results = cc_rows_findings(told);
    const struct cc_found_all all = cc_found_all(out->mem, told);
    cJSON *gaps = cJSON_CreateArray();

    for (size_t i = 0; i < results.count; i++) {
        const struct cc_findings_result *result = &results.rows[i];

        add_gaps(out->mem, gaps, &result->head, result->errors, result->error_count);
    }
    write_sarif(out, &all, told->whole.head.partial, gaps);
}

void cc_posture_sarif(const void *answer, struct cc_buf *out)
{
    const struct cc_posture_answer *told = answer;
    const struct cc_rows_of_posture results = cc_rows_posture(told);
    const struct cc_found_all all = cc_issues_all(out->mem, told);
    cJSON *gaps = cJSON_CreateArray();

    for (size_t i = 0; i < results.count; i++) {
        const struct cc_posture_result *result = &results.rows[i];

        add_gaps(out->mem, gaps, &result->head, result->errors, result->error_count);
    }
    write_sarif(out, &all, told->whole.head.partial, gaps);
}
