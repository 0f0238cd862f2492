#include "credctl/assess/services.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "round.h"

/* --- of one account and region */

static void *begin(const struct cc_place *place)
{
    const struct cc_services_options *options = place->options;

    return cc_round_begin(place, options->services, NULL);
}

static cJSON *error_json(const struct cc_unread *error)
{
    cJSON *object = cJSON_CreateObject();

    cc_json_put(object, "code", error->code);
    cc_json_put(object, "why", error->why);
    cc_json_put(object, "fix", error->fix);
    cc_json_put(object, "missing_permission", error->missing_permission);
    cc_json_put(object, "resource", error->resource);
    return object;
}

static cJSON *texts_json(const char *const *texts)
{
    cJSON *list = cJSON_CreateArray();

    for (; *texts; texts++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(*texts));
    }
    return list;
}

/* What the service says of itself, and what is told of every service. */
static cJSON *status_json(const struct cc_service_told *told)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddItemToObject(object, "enabled",
                          told->enabled.known ? cJSON_CreateBool(told->enabled.value)
                                              : cJSON_CreateNull());
    (void)cJSON_AddStringToObject(object, "status", cc_service_states[told->status]);
    for (const cJSON *detail = told->details->child; detail; detail = detail->next) {
        cJSON_AddItemToObject(object, detail->string, cJSON_Duplicate(detail, true));
    }
    (void)cJSON_AddStringToObject(object, "message", told->message);
    if (told->setup_instructions) {
        cJSON_AddItemToObject(object, "setup_instructions", texts_json(told->setup_instructions));
    }
    if (told->error) {
        cJSON_AddItemToObject(object, "error", error_json(told->error));
    }
    return object;
}

static const char *summary_of(struct cc_arena *mem, const size_t counts[3])
{
    const size_t all =
        counts[CC_SERVICE_ENABLED] + counts[CC_SERVICE_DISABLED] + counts[CC_SERVICE_UNKNOWN];

    return cc_textf(
        mem, "%zu of %zu security services enabled, %zu disabled, %zu could not be read",
        counts[CC_SERVICE_ENABLED], all, counts[CC_SERVICE_DISABLED], counts[CC_SERVICE_UNKNOWN]);
}

static void end(void *work, void *to)
{
    struct cc_round *round = work;
    struct cc_services_result *result = to;
    struct cc_arena *mem = &round->place->run->mem;
    const struct cc_round_told told = cc_round_end(round, &result->head);
    cJSON *statuses = cc_tree_object(mem);
    size_t counts[3] = {0};

    for (size_t i = 0; i < told.count; i++) {
        const struct cc_service_told *row = &told.rows[i];

        counts[row->status]++;
        cJSON_AddItemToObject(statuses, row->service, status_json(row));
        if (row->status == CC_SERVICE_DISABLED && row->when_off > result->head.worst) {
            result->head.worst = row->when_off;
        }
    }
    result->services_checked = told.names;
    result->all_enabled = counts[CC_SERVICE_ENABLED] == told.count;
    result->service_statuses = statuses;
    result->summary = summary_of(mem, counts);
    result->errors = told.errors;
    result->error_count = told.error_count;
    result->debug_info = told.debug_info;
    result->told = told.rows;
    result->told_count = told.count;
}

static const struct cc_operation *const *operations(struct cc_arena *mem)
{
    return cc_round_operations(mem, false);
}

const struct cc_assessment cc_assess_services = {
    .tool = "CheckSecurityServices",
    .operations = operations,
    .result = &cc_services_result_shape,
    .begin = begin,
    .next = cc_round_next,
    .done = cc_round_done,
    .end = end,
};

/* --- of all together */

/* {"guardduty": {"enabled": 3, "disabled": 1, "unknown": 0}} */
static void count_service(cJSON *all, const struct cc_service_told *told)
{
    cJSON *counts = cJSON_GetObjectItemCaseSensitive(all, told->service);

    if (!counts) {
        counts = cJSON_AddObjectToObject(all, told->service);
        for (int i = 0; cc_service_states[i]; i++) {
            (void)cJSON_AddNumberToObject(counts, cc_service_states[i], 0);
        }
    }
    cc_tree_count(counts, cc_service_states[told->status]);
}

static void sum_up(struct cc_run *run, const struct cc_assess_results *results,
                   struct cc_services_result *whole)
{
    cJSON *all = cc_tree_object(&run->mem);
    size_t counts[3] = {0};

    *whole = (struct cc_services_result){.head = cc_head_of_all(results)};
    for (size_t i = 0; i < results->count; i++) {
        const struct cc_services_result *result = results->rows[i];

        whole->services_checked =
            whole->services_checked ? whole->services_checked : result->services_checked;
        for (size_t row = 0; row < result->told_count; row++) {
            counts[result->told[row].status]++;
            count_service(all, &result->told[row]);
        }
    }
    whole->all_enabled = counts[CC_SERVICE_ENABLED] > 0 && counts[CC_SERVICE_DISABLED] == 0 &&
                         counts[CC_SERVICE_UNKNOWN] == 0 && !whole->head.partial;
    whole->service_statuses = all;
    whole->summary = summary_of(&run->mem, counts);
}

bool cc_services(struct cc_run *run, const struct cc_services_options *options,
                 struct cc_services_answer *answer, struct cc_error *err)
{
    struct cc_assess_results results;

    if (!cc_assess_run(run, &cc_assess_services, &options->assess, options, &results, err)) {
        return false;
    }
    answer->counts = results.counts;
    if (results.single && results.count == 1) {
        answer->whole = *(struct cc_services_result *)results.rows[0];
        return true;
    }
    struct cc_services_result *rows = cc_alloc(&run->mem, (results.count + 1) * sizeof(*rows));
    for (size_t i = 0; i < results.count; i++) {
        rows[i] = *(struct cc_services_result *)results.rows[i];
    }
    answer->results = rows;
    answer->result_count = results.count;
    sum_up(run, &results, &answer->whole);
    return true;
}

/* --- shapes */

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_services_result, member, __VA_ARGS__)
static const struct cc_shape_field result_fields[] = {
    CC_ROW_GROUP(struct cc_services_result, head, struct cc_assess_head, &cc_assess_head_shape),
    ROW(TEXTS, services_checked, NULL, "the services that were asked; global ones only in the first region"),
    ROW(FLAG, all_enabled, NULL, "all of them are enabled"),
    CC_ROW_JSON(struct cc_services_result, service_statuses, NULL,
        "by service: enabled, status (enabled, disabled, unknown), what it says of itself, message, setup_instructions, error; of several accounts or regions: how many have each status", .rules = CC_NULL),
    ROW(TEXT, summary, "summary", "the same in a sentence", .rules = CC_NULL),
    CC_ROW_LIST(struct cc_services_result, errors, error_count, struct cc_service_error, &cc_service_error_shape, NULL,
        "what could not be read"),
    CC_ROW_JSON(struct cc_services_result, debug_info, NULL, "start_time, credentials_source, and service_details with durations", .rules = CC_NULL),
    {0},
};
const struct cc_shape cc_services_result_shape = {"services", result_fields, sizeof(struct cc_services_result)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_GROUP(struct cc_services_answer, whole, struct cc_services_result, &cc_services_result_shape),
    CC_ROW_GROUP(struct cc_services_answer, counts, struct cc_assess_counts, &cc_assess_counts_shape),
    CC_ROW_LIST(struct cc_services_answer, results, result_count, struct cc_services_result, &cc_services_result_shape, NULL,
        "the same for each account and region, when there are several"),
    {0},
};
const struct cc_shape cc_services_answer_shape = {"services", answer_fields, sizeof(struct cc_services_answer)};

static const struct cc_shape_field option_fields[] = {
    CC_ROW(TEXTS, struct cc_services_options, services, "NAME[,NAME...]", "check only these services; may be repeated",
        .words_from = cc_service_names, .rules = CC_COMMAS),
    CC_ROW_GROUP(struct cc_services_options, assess, struct cc_assess_options, &cc_assess_options_shape),
    {0},
};
// clang-format on
const struct cc_shape cc_services_options_shape = {"services", option_fields,
                                                   sizeof(struct cc_services_options)};
