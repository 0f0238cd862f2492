#include "fanout.h"

#include "credctl/assess/inquiry.h"
#include "credctl/base/text.h"

#include <stdlib.h>

/* --- the drive */

/* Places that have begun come first, so that they end soon; then new ones; then new accounts. */
static struct cc_errand *next(void *about, struct cc_run *part)
{
    struct cc_fanout *fanout = about;

    (void)part; /* calls are made in the memory of what they belong to */
    do {
        struct cc_errand *errand = cc_fanout_next_of_begun(fanout);

        if (errand) {
            return errand;
        }
    } while (cc_fanout_begin_next(fanout));
    return fanout->next_account < fanout->account_count && !fanout->stopped
               ? cc_account_errand(fanout, fanout->next_account++)
               : NULL;
}

static void done(void *about, struct cc_errand *errand)
{
    struct cc_fanout *fanout = about;
    struct cc_owner *owner = (struct cc_owner *)errand->run;

    if (owner->is_account) {
        cc_account_end((struct cc_account *)owner, errand);
    } else {
        struct cc_spot *spot = (struct cc_spot *)owner;

        spot->open--;
        fanout->assessment->done(spot->work, errand);
    }
}

/* --- after it */

static enum cc_severity limit_of(const struct cc_assess_options *given)
{
    int i = CC_SEVERITY_LOW;

    while (cc_severity_words[i] && !cc_text_equal(cc_severity_words[i], given->fail_on)) {
        i++;
    }
    return (enum cc_severity)i; /* without --fail-on, above all of them */
}

static int status_of(const struct cc_fanout *fanout)
{
    if (fanout->worst >= limit_of(fanout->given)) {
        return cc_code_exit_status(CC_E_NOT_EXPECTED);
    }
    return fanout->counts.failed_count + fanout->counts.partial_count > 0
               ? cc_code_exit_status(CC_E_SOME_FAILED)
               : 0;
}

/* When the only account could not be asked, its error is that of the command. */
static bool has_any(const struct cc_fanout *fanout, struct cc_error *err)
{
    const bool none = fanout->account_count == 1 && fanout->counts.failed_count == 1;

    if (none) {
        *err = fanout->last_error;
    }
    return !none;
}

static int by_order(const void *a, const void *b)
{
    const struct cc_assess_head *one = *(void *const *)a;
    const struct cc_assess_head *other = *(void *const *)b;

    return one->order < other->order ? -1 : one->order > other->order;
}

static void sort(struct cc_fanout *fanout)
{
    if (fanout->result_count > 1) {
        qsort(fanout->results, fanout->result_count, sizeof(*fanout->results), by_order);
    }
}

bool cc_assess_run(struct cc_run *run, const struct cc_assessment *assessment,
                   const struct cc_assess_options *given, const void *options,
                   struct cc_assess_results *results, struct cc_error *err)
{
    struct cc_fanout *fanout = cc_alloc(&run->mem, sizeof(*fanout));
    const struct cc_source source = {(size_t)given->concurrency, next, done, fanout};
    const int64_t began = cc_ticks_ms(run);

    *fanout = (struct cc_fanout){
        .run = run, .assessment = assessment, .given = given, .options = options};
    fanout->pending_last = &fanout->pending;
    if (!cc_fanout_prepare(fanout, err)) {
        return err->code == CC_E_DEADLINE ? cc_fix(err, CC_ASSESS_MORE_TIME) : false;
    }
    cc_progress_begin(&fanout->progress, run, fanout->account_count);
    cc_drive_source(run, &source);
    cc_progress_clear(&fanout->progress);
    fanout->counts.account_count = (int64_t)fanout->account_count;
    fanout->counts.seconds = (double)(cc_ticks_ms(run) - began) / 1000;
    sort(fanout);
    *results = (struct cc_assess_results){
        .rows = fanout->results,
        .count = fanout->result_count,
        .single = fanout->account_count == 1 && fanout->counts.place_count == 1,
        .counts = fanout->counts,
    };
    run->exit_status = status_of(fanout);
    return has_any(fanout, err);
}
