#include "tour.h"

#include "credctl/aws/region.h"
#include "credctl/base/text.h"

#include <string.h>

/* --- targets without a call --- */

static void cannot_be_tested(struct cc_tour *tour, size_t target, const struct cc_error *err,
                             const struct cc_access_trouble *trouble)
{
    struct cc_access_result result = {0};
    struct cc_arena mem = {0};

    cc_result_trouble(&mem, trouble, err, &result);
    result.attempts = target == 0 && err == &tour->nobody.err ? tour->nobody.attempts : 0;
    cc_tour_result(tour, target, &result);
    cc_arena_wipe(&mem);
}

/* True when it has its result. */
static bool settled(struct cc_tour *tour, size_t target)
{
    const struct cc_target *row = &tour->targets.rows[target];
    const struct cc_access_result *before =
        cc_access_journal_find(&tour->journal, cc_tour_name(row), row->role_arn);

    const bool hopeless = cc_tour_hopeless(tour, row->more ? row->more->region : NULL);

    if (before) {
        cc_report_before(tour, target, before);
    } else if (hopeless && !tour->stopped) {
        cannot_be_tested(tour, target, &tour->nobody.err, &tour->nobody.trouble);
    } else if (tour->stopped || cc_time_left_ms(tour->run, 1) == 0) {
        cc_tour_not_run(tour, target);
    } else {
        return false;
    }
    return true;
}

/* --- the drive --- */

static struct cc_errand *next(void *about, struct cc_run *part)
{
    struct cc_tour *tour = about;

    if (!tour->asking && !tour->caller_asked) {
        tour->asking = cc_asking_errand(tour);
        tour->asking->aside = true; /* no target waits for its place */
        return tour->asking;
    }
    while (tour->next < tour->targets.count) {
        const size_t target = tour->next++;

        if (!settled(tour, target)) {
            const int64_t limit = cc_ticks_ms(part) + tour->options->target_timeout_ms;
            const bool sooner = part->deadline_ms == 0 || limit < part->deadline_ms;

            part->deadline_ms = sooner ? limit : part->deadline_ms;
            return cc_visit_errand(tour, part, target);
        }
    }
    return NULL;
}

static void done(void *about, struct cc_errand *errand)
{
    const struct cc_tour *tour = about;

    if (errand != tour->asking) {
        cc_visit_end(errand);
    }
}

/* --- before it --- */

static bool read_targets(struct cc_tour *tour, struct cc_error *err)
{
    struct cc_shard shard = {0};

    if (!cc_shard_read(tour->run, tour->options->shard, &shard, err) || !cc_tour_list(tour, err)) {
        return false;
    }
    const size_t whole = tour->targets.count;
    if (whole == 0) {
        cc_fail(err, CC_E_USAGE, "there are no targets");
        return cc_fix(err, "give --role-arn ARN, --targets FILE or --organization");
    }
    cc_targets_shard(&tour->targets, &shard);
    if (!cc_access_journal_begin(tour->run, tour->options, cc_shard_text(&tour->run->mem, &shard),
                                 &tour->journal, err)) {
        return false;
    }
    cc_tour_forget_repeated(tour);
    return true;
}

static int status_of(const struct cc_tour *tour)
{
    const struct cc_access_answer *answer = tour->answer;

    if (answer->allowed == answer->total) {
        return 0;
    }
    if (answer->total == 1 && answer->errors == 1) {
        const int status = cc_code_exit_status(tour->last_error);

        return status == 253 || status == 254 || status == 124 ? status : 1;
    }
    return answer->allowed > 0 ? cc_code_exit_status(CC_E_SOME_FAILED)
                               : cc_code_exit_status(CC_E_NOT_EXPECTED);
}

static bool prepare(struct cc_tour *tour, struct cc_error *err)
{
    struct cc_run *run = tour->run;
    struct cc_resolve *resolve = cc_alloc(&run->mem, sizeof(*resolve));

    tour->resolve = resolve;
    if (!cc_resolve_prepare(run, &tour->options->chain, resolve, err) ||
        !cc_resolve_keys(run, resolve, err)) {
        return false;
    }
    tour->region = cc_region_for_call(&resolve->search);
    return read_targets(tour, err);
}

bool cc_access_test(struct cc_run *run, const struct cc_access_options *options,
                    struct cc_access_answer *answer, struct cc_error *err)
{
    struct cc_tour *tour = cc_alloc(&run->mem, sizeof(*tour));
    const struct cc_source source = {(size_t)options->concurrency, next, done, tour};

    *tour = (struct cc_tour){.run = run, .options = options, .answer = answer};
    if (!prepare(tour, err)) {
        return false;
    }
    tour->reading = cc_run_part(run);
    tour->verify = options->verify ||
                   (!options->no_verify && tour->targets.count <= (size_t)options->concurrency);
    cc_report_begin(tour);
    cc_tour_identify(tour);
    cc_progress_begin(&tour->progress, run, tour->targets.count);
    cc_drive_source(run, &source);
    cc_progress_clear(&tour->progress);
    if (!tour->stopped) {
        cc_access_journal_end(run, &tour->journal);
    }
    answer->caller = tour->caller;
    run->exit_status = status_of(tour);
    cc_report_end(tour);
    cc_arena_wipe(&tour->reading.mem);
    return true;
}
