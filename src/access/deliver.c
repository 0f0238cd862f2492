#include "tour.h"

const char *cc_tour_name(const struct cc_target *target)
{
    return target->name ? target->name : target->role_arn ? target->role_arn : target->label;
}

static void count(struct cc_tour *tour, const struct cc_access_result *result)
{
    struct cc_access_answer *answer = tour->answer;

    answer->total++;
    answer->allowed += result->outcome == CC_ACCESS_ALLOWED;
    answer->denied += result->outcome == CC_ACCESS_DENIED;
    answer->errors += result->outcome == CC_ACCESS_ERROR;
    answer->not_run += result->outcome == CC_ACCESS_NOT_RUN;
    if (result->error) {
        tour->last_error = result->error->code;
    }
    tour->progress.done++;
    tour->progress.failed += result->outcome != CC_ACCESS_ALLOWED;
}

/* In the journal before it is printed; and for the report, when that comes at the end. */
static void note(struct cc_tour *tour, size_t target, const struct cc_access_result *result)
{
    struct cc_arena mem = {0};
    struct cc_buf line = cc_buf_new(&mem, CC_RESULT_MAX);

    cc_shape_json(&cc_access_result_shape, result, false, &line);
    cc_access_journal_note(tour->run, &tour->journal, line.text);
    if (!tour->run->sink) {
        cc_report_keep(tour, target, line.text, line.len);
    }
    cc_arena_wipe(&mem);
}

void cc_tour_result(struct cc_tour *tour, size_t target, const struct cc_access_result *result)
{
    const struct cc_target *row = &tour->targets.rows[target];
    struct cc_access_result whole = *result;
    whole.target = cc_tour_name(row);
    whole.account_id = row->account;
    whole.role_arn = row->role_arn;
    whole.caller = tour->caller;
    count(tour, &whole);
    if (tour->journal.path || !tour->run->sink) {
        note(tour, target, &whole);
    }
    cc_progress_clear(&tour->progress);
    if (tour->run->sink) {
        tour->stopped = tour->stopped || !cc_give(tour->run, &cc_access_result_shape, &whole);
    }
    cc_progress_tick(&tour->progress, 0);
}

void cc_tour_not_run(struct cc_tour *tour, size_t target)
{
    const struct cc_access_result result = {.outcome = CC_ACCESS_NOT_RUN};

    cc_tour_result(tour, target, &result);
}
