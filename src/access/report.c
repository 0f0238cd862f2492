#include "credctl/base/text.h"

#include "tour.h"

#include <string.h>

/* Results that are kept until the end, because the chosen output shows all of them. */

void cc_report_begin(struct cc_tour *tour)
{
    if (!tour->run->sink) {
        tour->results =
            cc_alloc(&tour->run->mem, (tour->targets.count + 1) * sizeof(*tour->results));
    }
}

void cc_report_keep(struct cc_tour *tour, size_t target, const char *line, size_t len)
{
    struct cc_arena *mem = &tour->run->mem;
    const struct cc_json_text text = {cc_text_dup(mem, line, len), len, "a result"};
    struct cc_error err;

    if (!cc_shape_parse(mem, &cc_access_result_shape, &text, &tour->results[target], &err)) {
        cc_log(tour->run, CC_ERROR, "access.result", CC_S("why", err.why));
    }
}

void cc_report_before(struct cc_tour *tour, size_t target, const struct cc_access_result *result)
{
    struct cc_access_answer *answer = tour->answer;

    answer->total++;
    answer->allowed += result->outcome == CC_ACCESS_ALLOWED;
    answer->denied += result->outcome == CC_ACCESS_DENIED;
    answer->errors += result->outcome == CC_ACCESS_ERROR;
    tour->progress.done++;
    if (tour->results) {
        tour->results[target] = *result;
    }
}

/* --- what several targets have in common --- */

static struct cc_access_shared *group_of(struct cc_access_answer *answer,
                                         struct cc_access_shared *groups,
                                         const struct cc_access_result *result)
{
    const bool everywhere = !cc_text_equal(result->side, "target");

    for (size_t i = 0; i < answer->shared_count; i++) {
        const bool same_place = (!groups[i].attach_to && !result->attach_to) ||
                                cc_text_equal(groups[i].attach_to, result->attach_to);

        if (cc_text_equal(groups[i].cause, result->cause) && everywhere && same_place) {
            return &groups[i];
        }
    }
    struct cc_access_shared *group = &groups[answer->shared_count++];
    *group = (struct cc_access_shared){.cause = result->cause,
                                       .side = result->side,
                                       .why = result->why,
                                       .fix = result->fix,
                                       .attach_to = result->attach_to};
    return group;
}

static void release(void *json)
{
    cJSON_Delete(json);
}

/* The same statement for one more resource. Statements that differ in more are not joined. */
static void join(struct cc_arena *mem, struct cc_access_shared *group,
                 const struct cc_access_result *result)
{
    const cJSON *resource = cJSON_GetObjectItemCaseSensitive(result->statement, "Resource");

    if (group->count == 1 && result->statement) {
        cJSON *copy = cJSON_Duplicate(result->statement, true);

        cc_arena_adopt(mem, release, copy);
        group->statement = copy;
        return;
    }
    cJSON *joined = (cJSON *)group->statement;
    cJSON *list = cJSON_GetObjectItemCaseSensitive(joined, "Resource");
    if (!list || !cJSON_IsString(resource)) {
        group->statement = NULL;
        return;
    }
    if (cJSON_IsString(list)) {
        cJSON *many = cJSON_CreateArray();

        cJSON_AddItemToArray(many, cJSON_CreateString(list->valuestring));
        cJSON_ReplaceItemInObjectCaseSensitive(joined, "Resource", many);
        list = many;
    }
    cJSON_AddItemToArray(list, cJSON_CreateString(resource->valuestring));
}

static void share(struct cc_tour *tour)
{
    struct cc_access_answer *answer = tour->answer;
    struct cc_arena *mem = &tour->run->mem;
    struct cc_access_shared *groups = cc_alloc(mem, (tour->targets.count + 1) * sizeof(*groups));
    size_t kept = 0;

    for (size_t i = 0; i < tour->targets.count; i++) {
        const struct cc_access_result *result = &tour->results[i];

        if (result->cause && result->outcome != CC_ACCESS_ALLOWED) {
            struct cc_access_shared *group = group_of(answer, groups, result);

            group->count++;
            join(mem, group, result);
        }
    }
    for (size_t i = 0; i < answer->shared_count; i++) {
        if (groups[i].count > 1) {
            groups[kept++] = groups[i];
        }
    }
    answer->shared = groups;
    answer->shared_count = kept;
}

void cc_report_end(struct cc_tour *tour)
{
    if (tour->results) {
        tour->answer->targets = tour->results;
        tour->answer->target_count = tour->targets.count;
        share(tour);
    }
}
