#include "round.h"

#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "names.h"

struct cc_round *cc_round_begin(const struct cc_place *place, const char *const *services,
                                const struct cc_findings_wish *wish)
{
    struct cc_arena *mem = &place->run->mem;
    struct cc_round *round = cc_alloc(mem, sizeof(*round));
    size_t most = 0;

    while (cc_watchers[most]) {
        most++;
    }
    *round = (struct cc_round){
        .place = place,
        .inquiry = cc_inquiry_new(place->run, place->settings, place->keys, place->region),
        .watches = cc_alloc(mem, most * sizeof(struct cc_watching *)),
    };
    round->wish = wish ? *wish : round->wish;
    for (size_t i = 0; i < most; i++) {
        if (cc_names_have(services, cc_watchers[i]->name) &&
            (place->first || !cc_watchers[i]->global)) {
            round->watches[round->count++] =
                cc_watch_begin(cc_watchers[i], place, round->inquiry, wish ? &round->wish : NULL);
        }
    }
    return round;
}

struct cc_errand *cc_round_next(void *round)
{
    return cc_inquiry_next(((struct cc_round *)round)->inquiry);
}

void cc_round_done(void *round, struct cc_errand *errand)
{
    cc_inquiry_done(((struct cc_round *)round)->inquiry, errand);
}

/* --- what came of it */

static void add_debug(struct cc_arena *mem, cJSON *details, const struct cc_service_told *told,
                      int64_t now)
{
    cJSON *row = cJSON_AddObjectToObject(details, told->service);

    (void)cJSON_AddNumberToObject(row, "duration_seconds", told->seconds);
    cJSON_AddItemToObject(row, "enabled",
                          told->enabled.known ? cJSON_CreateBool(told->enabled.value)
                                              : cJSON_CreateNull());
    (void)cJSON_AddStringToObject(row, "timestamp", cc_time_iso(mem, now));
    (void)cJSON_AddStringToObject(row, "status", told->error ? "error" : "success");
}

static cJSON *debug_of(const struct cc_round *round, const struct cc_service_told *rows,
                       const struct cc_assess_head *head)
{
    struct cc_arena *mem = &round->place->run->mem;
    cJSON *debug = cc_tree_object(mem);
    const int64_t now = cc_now(round->place->run);
    const int64_t began = round->count > 0 ? round->watches[0]->began : 0;
    const int64_t took = (cc_ticks_ms(round->place->run) - began) / 1000;

    (void)cJSON_AddStringToObject(debug, "start_time", cc_time_iso(mem, now - took));
    cc_json_put(debug, "credentials_source", head->credential_source);
    cJSON *details = cJSON_AddObjectToObject(debug, "service_details");
    for (size_t i = 0; i < round->count; i++) {
        add_debug(mem, details, &rows[i], now);
    }
    return debug;
}

/* A service that is not offered here has nothing that could be read. */
static size_t add_errors(const struct cc_service_told *told, struct cc_service_error *errors)
{
    size_t count = 0;

    for (size_t i = 0; i < told->error_count; i++) {
        if (!cc_text_equal(told->error[i].code, cc_ask_outcome_words[CC_OUT_NOT_OFFERED])) {
            errors[count++] = (struct cc_service_error){told->service, told->error[i]};
        }
    }
    return count;
}

struct cc_round_told cc_round_end(struct cc_round *round, struct cc_assess_head *head)
{
    struct cc_arena *mem = &round->place->run->mem;
    struct cc_service_told *rows = cc_alloc(mem, (round->count + 1) * sizeof(*rows));
    struct cc_service_error *errors =
        cc_alloc(mem, (round->count * CC_WATCH_ERRORS_MAX + 1) * sizeof(*errors));
    const char **names = cc_alloc(mem, (round->count + 1) * sizeof(*names));
    size_t error_count = 0;

    for (size_t i = 0; i < round->count; i++) {
        cc_watch_tell(round->watches[i], &rows[i]);
        names[i] = rows[i].service;
        error_count += add_errors(&rows[i], &errors[error_count]);
    }
    head->partial = error_count > 0;
    return (struct cc_round_told){.rows = rows,
                                  .count = round->count,
                                  .names = (const char *const *)names,
                                  .errors = errors,
                                  .error_count = error_count,
                                  .debug_info = debug_of(round, rows, head)};
}

// clang-format off
static const struct cc_shape_field error_fields[] = {
    CC_ROW(TEXT, struct cc_service_error, service, "service", "the service that could not be read"),
    CC_ROW_GROUP(struct cc_service_error, unread, struct cc_unread, &cc_unread_shape),
    {0},
};
// clang-format on
const struct cc_shape cc_service_error_shape = {"service_error", error_fields,
                                                sizeof(struct cc_service_error)};

/* --- what it calls */

static void add_operations(const struct cc_operation **rows, size_t *count,
                           const struct cc_operation *const *more)
{
    for (; *more; more++) {
        size_t i = 0;

        while (i < *count && rows[i] != *more) {
            i++;
        }
        if (i == *count) {
            rows[(*count)++] = *more;
        }
    }
}

const struct cc_operation *const *cc_round_operations(struct cc_arena *mem, bool findings)
{
    const struct cc_operation **rows = cc_alloc(mem, 64 * sizeof(struct cc_operation *));
    size_t count = 0;

    for (const struct cc_watcher *const *row = cc_watchers; *row; row++) {
        add_operations(rows, &count,
                       findings ? (*row)->findings_operations : (*row)->status_operations);
    }
    return (const struct cc_operation *const *)rows;
}

struct cc_assess_head cc_head_of_all(const struct cc_assess_results *results)
{
    struct cc_assess_head whole = {.region_source = "", .credential_source = ""};

    for (size_t i = 0; i < results->count; i++) {
        const struct cc_assess_head *head = results->rows[i];

        whole.region_source = head->region_source;
        whole.credential_source = head->credential_source;
        whole.partial = whole.partial || head->partial;
    }
    whole.partial = results->counts.failed_count + results->counts.partial_count > 0;
    return whole;
}
