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
    cc_tour_result(tour, target, &result);
    cc_arena_wipe(&mem);
}

/* True when it has its result. */
static bool settled(struct cc_tour *tour, size_t target)
{
    const struct cc_target *row = &tour->targets.rows[target];
    const struct cc_access_result *before =
        cc_access_journal_find(&tour->journal, cc_tour_name(row), row->role_arn);

    if (before) {
        cc_report_before(tour, target, before);
        return true;
    }
    if (tour->stopped || cc_time_left_ms(tour->run, 1) == 0) {
        cc_tour_not_run(tour, target);
    } else if (tour->hopeless) {
        cannot_be_tested(tour, target, tour->hopeless, &tour->hopeless_trouble);
    } else {
        return false;
    }
    return true;
}

/* --- who calls --- */

/* One of the calls, because it takes as long as any of them. */
struct cc_asking {
    struct cc_tour *tour;
    struct cc_identity identity;
    struct cc_error err;
    bool elsewhere; /* the other region is being asked */
    struct cc_steps steps;
};

static void known(struct cc_tour *tour, const struct cc_identity *identity)
{
    struct cc_access_caller *caller = cc_alloc(&tour->run->mem, sizeof(*caller));

    *caller = (struct cc_access_caller){identity->account_id, identity->arn, identity->user_id};
    tour->caller = caller;
    cc_self_begin(tour->run, tour->resolve, tour->region, identity, &tour->self);
}

/* When AWS does not know the credentials, no call can succeed. */
static void not_known(struct cc_tour *tour, const struct cc_errand *errand)
{
    const struct cc_answer *answer = cc_call_answer(errand);
    struct cc_error *err = cc_alloc(&tour->run->mem, sizeof(*err));

    *err = errand->err;
    tour->hopeless_trouble = cc_access_trouble_of(answer, err, tour->region);
    if (cc_cause_family(tour->hopeless_trouble.cause) == CC_FAMILY_HOST &&
        tour->hopeless_trouble.cause != CC_CAUSE_REGION_DISABLED) {
        tour->hopeless = err;
    }
}

/* Where a session is not valid in one region, another region tells whether the region is why. */
static struct cc_errand *other_region(struct cc_asking *asking)
{
    struct cc_tour *tour = asking->tour;

    if (!tour->hopeless || tour->hopeless_trouble.candidate_count == 0) {
        return NULL;
    }
    asking->elsewhere = true;
    return cc_sts_caller_errand(tour->run, &tour->resolve->settings, &tour->resolve->keys,
                                cc_partition_of(tour->region)->home, &asking->identity,
                                &asking->err);
}

static void from_other_region(struct cc_tour *tour, bool valid)
{
    const char *home = cc_partition_of(tour->region)->home;

    tour->hopeless_trouble.candidate_count = 0;
    tour->hopeless_trouble.certainty = CC_CERTAIN;
    if (valid) {
        tour->hopeless_trouble = (struct cc_access_trouble){
            .cause = CC_CAUSE_REGION_DISABLED,
            .certainty = CC_LIKELY,
            .fix = cc_textf(&tour->run->mem,
                            "enable %s in the account, or call STS in another region with "
                            "--region %s: the credentials are valid there",
                            tour->region, home)};
    }
}

static struct cc_errand *ask_caller(void *about, struct cc_errand *ended, int *wait_ms)
{
    struct cc_asking *asking = about;
    struct cc_tour *tour = asking->tour;
    struct cc_errand *errand = NULL;

    *wait_ms = 0;
    if (!ended) {
        errand = cc_sts_caller_errand(tour->run, &tour->resolve->settings, &tour->resolve->keys,
                                      tour->region, &asking->identity, &asking->err);
    } else if (asking->elsewhere) {
        from_other_region(tour, ended->ok);
    } else if (ended->ok) {
        known(tour, &asking->identity);
    } else {
        not_known(tour, ended);
        errand = other_region(asking);
    }
    tour->caller_asked = !errand;
    return errand;
}

static struct cc_errand *caller_errand(struct cc_tour *tour)
{
    struct cc_asking *asking = cc_alloc(&tour->run->mem, sizeof(*asking));

    asking->tour = tour;
    asking->steps = (struct cc_steps){ask_caller, asking};
    tour->asking = cc_steps_errand(tour->run, &asking->steps);
    tour->asking->aside = true; /* no target waits for its place */
    return tour->asking;
}

/* --- the drive --- */

static struct cc_errand *next(void *about, struct cc_run *part)
{
    struct cc_tour *tour = about;

    if (!tour->asking) {
        return caller_errand(tour);
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
    return cc_access_journal_begin(tour->run, tour->options, cc_shard_text(&tour->run->mem, &shard),
                                   &tour->journal, err);
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
    tour->verify = options->verify ||
                   (!options->no_verify && tour->targets.count <= (size_t)options->concurrency);
    cc_report_begin(tour);
    cc_progress_begin(&tour->progress, run, tour->targets.count);
    cc_drive_source(run, &source);
    cc_progress_clear(&tour->progress);
    if (!tour->stopped) {
        cc_access_journal_end(run, &tour->journal);
    }
    answer->caller = tour->caller;
    run->exit_status = status_of(tour);
    cc_report_end(tour);
    return true;
}
