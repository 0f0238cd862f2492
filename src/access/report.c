#include "credctl/base/text.h"

#include "tour.h"

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
    } else if (tour->run->sink && !tour->stopped) {
        cc_progress_clear(&tour->progress);
        tour->stopped = !cc_give(tour->run, &cc_access_result_shape, result);
    }
}

void cc_report_end(struct cc_tour *tour)
{
    if (tour->results) {
        cc_access_share(&tour->run->mem, tour->results, tour->targets.count, tour->answer);
    }
}
