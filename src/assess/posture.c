#include "credctl/assess/posture.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "cursor.h"
#include "posture_shapes.h"
#include "probes.h"
#include "round.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* --- advice */

/* Two rules can have the same advice. */
static void advise(struct cc_arena *mem, const char *const **advice, const char *text)
{
    const char *const *at = *advice;

    while (at && *at && strcmp(*at, text) != 0) {
        at++;
    }
    if (!at || !*at) {
        cc_texts_add(mem, advice, text);
    }
}

static bool breaks(const struct cc_resource *resource, const char *code)
{
    const char *const *at = resource->rules;

    while (at && *at && strcmp(*at, code) != 0) {
        at++;
    }
    return at && *at;
}

static bool is_broken(const struct cc_resource *resources, size_t count, const char *code)
{
    size_t i = 0;

    while (i < count && !breaks(&resources[i], code)) {
        i++;
    }
    return i < count;
}

static void advise_about(struct cc_arena *mem, const char *const **advice,
                         enum cc_severity severity, const struct cc_resource *resources,
                         size_t count)
{
    for (int rule = 0; rule < CC_RULE_COUNT; rule++) {
        const struct cc_rule_row *row = &cc_rule_rows[rule];

        if (row->severity == severity && is_broken(resources, count, row->code)) {
            advise(mem, advice, row->advice);
        }
    }
}

const char *const *cc_posture_advice(struct cc_arena *mem, const struct cc_resource *resources,
                                     size_t count)
{
    const char *const *advice = NULL;

    for (int severity = CC_SEVERITY_CRITICAL; severity > CC_SEVERITY_NONE; severity--) {
        advise_about(mem, &advice, (enum cc_severity)severity, resources, count);
    }
    return advice;
}

/* --- of one account and region */

/* {"s3": {"resources_checked": 2, ...}} */
static const cJSON *by_service(struct cc_arena *mem, const struct cc_posture_key *keys,
                               size_t count)
{
    cJSON *object = cc_tree_object(mem);

    for (size_t i = 0; i < count; i++) {
        struct cc_buf text = cc_buf_new(mem, 4096);

        cc_shape_json(&cc_posture_counts_shape, &keys[i].counts, false, &text);
        cJSON_AddItemToObject(object, keys[i].name, cJSON_Parse(text.text));
    }
    return object;
}

static bool is_told(const struct cc_posture_options *options, const struct cc_resource *last,
                    const struct cc_resource *resource)
{
    return (!options->only_offending || resource->status != CC_COMPLIANT) &&
           (!last || cc_resource_compare(last, resource) < 0);
}

/* The resources that are asked for, in the same room. */
static void choose(struct cc_arena *mem, const struct cc_posture_options *options,
                   struct cc_draft *draft, struct cc_posture_result *result)
{
    struct cc_resource after;
    const bool goes_on = options->next_token && cc_cursor_read(mem, options->next_token, &after);
    struct cc_resource *rows = cc_alloc(mem, (draft->resource_count + 1) * sizeof(*rows));
    size_t count = 0;

    for (size_t i = 0; i < draft->resource_count; i++) {
        const struct cc_resource *resource = &draft->resources[i];

        if (!is_told(options, goes_on ? &after : NULL, resource)) {
            continue;
        }
        if (options->max_results > 0 && count == (size_t)options->max_results) {
            result->truncated = true;
            result->next_token = cc_cursor_after(mem, &rows[count - 1]);
            break;
        }
        rows[count++] = *resource;
    }
    result->resource_details = rows;
    result->detail_count = count;
}

static void end(void *work, void *to)
{
    struct cc_survey *survey = work;
    struct cc_draft *draft = cc_survey_end(survey);
    struct cc_posture_result *result = to;
    struct cc_arena *mem = &cc_survey_site(survey)->run->mem;

    if (draft->resource_count > 1) {
        qsort(draft->resources, draft->resource_count, sizeof(struct cc_resource),
              cc_resource_compare);
    }
    for (size_t i = 0; i < draft->resource_count; i++) {
        const enum cc_severity severity = (enum cc_severity)draft->resources[i].severity;

        result->head.worst = severity > result->head.worst ? severity : result->head.worst;
    }
    result->head.partial = draft->error_count > 0 || draft->counts.unknown_resources > 0;
    result->services_checked = draft->services;
    result->counts = draft->counts;
    result->keys = draft->keys;
    result->key_count = draft->key_count;
    result->compliance_by_service = by_service(mem, draft->keys, draft->key_count);
    result->recommendations = cc_posture_advice(mem, draft->resources, draft->resource_count);
    result->notes = draft->notes;
    result->errors = cc_draft_errors(cc_survey_site(survey)->run, draft);
    result->error_count = draft->error_count;
    choose(mem, cc_survey_place(survey)->options, draft, result);
}

#define ASSESSMENT(name, tool_)                                                      \
    static void *begin_##name(const struct cc_place *place)                          \
    {                                                                                \
        const struct cc_posture_options *options = place->options;                   \
        return cc_survey_begin(place, cc_##name##_probes, options->services);        \
    }                                                                                \
    static const struct cc_operation *const *operations_##name(struct cc_arena *mem) \
    {                                                                                \
        return cc_probes_operations(mem, cc_##name##_probes);                        \
    }                                                                                \
    const struct cc_assessment cc_assess_##name = {                                  \
        .tool = (tool_),                                                             \
        .operations = operations_##name,                                             \
        .result = &cc_posture_result_shape,                                          \
        .begin = begin_##name,                                                       \
        .next = cc_survey_next,                                                      \
        .done = cc_survey_done,                                                      \
        .end = end,                                                                  \
    }

ASSESSMENT(storage, "CheckStorageEncryption");
ASSESSMENT(network, "CheckNetworkSecurity");

/* --- of all together */

static void add_counts(struct cc_posture_counts *to, const struct cc_posture_counts *more)
{
    to->resources_checked += more->resources_checked;
    to->compliant_resources += more->compliant_resources;
    to->non_compliant_resources += more->non_compliant_resources;
    to->unknown_resources += more->unknown_resources;
}

static void add_keys(struct cc_draft *all, const struct cc_posture_result *result)
{
    for (size_t i = 0; i < result->key_count; i++) {
        add_counts(cc_draft_key(all, result->keys[i].name), &result->keys[i].counts);
    }
}

static void sum_up(struct cc_run *run, const struct cc_assess_results *results,
                   struct cc_posture_result *whole)
{
    struct cc_draft all = {0};

    *whole = (struct cc_posture_result){.head = cc_head_of_all(results)};
    for (size_t i = 0; i < results->count; i++) {
        const struct cc_posture_result *result = results->rows[i];

        add_counts(&whole->counts, &result->counts);
        add_keys(&all, result);
        whole->services_checked =
            whole->services_checked ? whole->services_checked : result->services_checked;
        whole->truncated = whole->truncated || result->truncated;
        for (const char *const *advice = result->recommendations; advice && *advice; advice++) {
            advise(&run->mem, &whole->recommendations, *advice);
        }
    }
    whole->compliance_by_service = by_service(&run->mem, all.keys, all.key_count);
}

bool cc_posture(struct cc_run *run, const struct cc_assessment *assessment,
                const struct cc_posture_options *options, struct cc_posture_answer *answer,
                struct cc_error *err)
{
    struct cc_assess_results results;
    struct cc_resource last;

    if (options->next_token && !cc_cursor_read(&run->mem, options->next_token, &last)) {
        cc_fail(err, CC_E_USAGE, "the value of --next-token is not a token of this command");
        return cc_fix(err, "give the next_token of an earlier answer, unchanged");
    }
    if (!cc_assess_run(run, assessment, &options->assess, options, &results, err)) {
        return false;
    }
    answer->counts = results.counts;
    if (results.single && results.count == 1) {
        answer->whole = *(struct cc_posture_result *)results.rows[0];
        return true;
    }
    struct cc_posture_result *rows = cc_alloc(&run->mem, (results.count + 1) * sizeof(*rows));
    for (size_t i = 0; i < results.count; i++) {
        rows[i] = *(struct cc_posture_result *)results.rows[i];
    }
    answer->results = rows;
    answer->result_count = results.count;
    sum_up(run, &results, &answer->whole);
    return true;
}
