#include "many.h"

#include <string.h>

/* The report on targets: a line when each has ended, and a table at the end. */

#define TABLE_ALL 40 /* with more targets than this, only those without success are listed */

static bool has_ended(const struct cc_work *work)
{
    return work->state == CC_WORK_ENDED || work->state == CC_WORK_DONE_BEFORE;
}

static enum cc_target_outcome outcome_of(const struct cc_work *work)
{
    if (!has_ended(work)) {
        return CC_TARGET_NOT_RUN;
    }
    if (work->state == CC_WORK_DONE_BEFORE) {
        return CC_TARGET_DONE_BEFORE;
    }
    return work->row.outcome;
}

static struct cc_target_result result_of(const struct cc_many *many, size_t i)
{
    const struct cc_work *work = &many->works[i];
    const bool ran = has_ended(work);

    return (struct cc_target_result){
        .target = work->row.label,
        .account = many->targets.rows[i].account,
        .role_arn = work->row.role_arn,
        .outcome = outcome_of(work),
        .code = work->row.code,
        .status = {ran, work->row.status},
        .attempts = work->row.attempts,
        .seconds = {ran, work->row.seconds},
    };
}

/* Results are written as they arrive, so that none is lost when the run is killed. */
void cc_many_give(const struct cc_many *many, size_t target)
{
    const struct cc_target_result result = result_of(many, target);

    (void)!cc_give(many->run, &cc_target_result_shape, &result);
}

struct counts {
    size_t ok;
    size_t failed;
    size_t before;
    size_t not_run;
};

static struct counts count(const struct cc_many *many)
{
    struct counts counts = {0};

    for (size_t i = 0; i < many->targets.count; i++) {
        const struct cc_work *work = &many->works[i];
        bool ok = work->row.outcome == CC_TARGET_OK;

        counts.before += work->state == CC_WORK_DONE_BEFORE;
        counts.not_run += !has_ended(work);
        counts.ok += work->state == CC_WORK_ENDED && ok;
        counts.failed += work->state == CC_WORK_ENDED && !ok;
    }
    return counts;
}

static void fill(const struct cc_many *many, const struct counts *counts,
                 struct cc_exec_answer *answer)
{
    const size_t total = many->targets.count;
    struct cc_target_result *results = cc_alloc(&many->run->mem, (total + 1) * sizeof(*results));

    for (size_t i = 0; i < total; i++) {
        results[i] = result_of(many, i);
    }
    *answer = (struct cc_exec_answer){
        .targets = results,
        .target_count = total,
        .total = (int64_t)total,
        .ok = (int64_t)counts->ok,
        .failed = (int64_t)counts->failed,
        .done_before = (int64_t)counts->before,
        .not_run = (int64_t)counts->not_run,
        .journal = many->journal,
    };
}

/* Those that have ended were passed on already. */
static void give_others(const struct cc_many *many)
{
    for (size_t i = 0; i < many->targets.count; i++) {
        if (many->works[i].state != CC_WORK_ENDED) {
            cc_many_give(many, i);
        }
    }
}

static void say(const struct cc_many *many, const char *text)
{
    (void)many->run->world->emit(many->run->world->self, 2, text, strlen(text));
}

static void table_row(const struct cc_many *many, const struct cc_work *work)
{
    const char *outcome = cc_target_outcomes[outcome_of(work)];
    const char *code = work->row.code ? work->row.code : "";
    struct cc_arena mem = {0};

    if (has_ended(work)) {
        say(many, cc_textf(&mem, "  %-24s %-11s %6d %8d %9.1f  %s\n", work->row.label, outcome,
                           work->row.status, work->row.attempts, work->row.seconds, code));
    } else {
        say(many, cc_textf(&mem, "  %-24s %-11s\n", work->row.label, outcome));
    }
    cc_arena_wipe(&mem);
}

/* On stderr: stdout has the output of the commands. */
static void table(const struct cc_many *many, const struct counts *counts)
{
    bool all = many->targets.count <= TABLE_ALL;
    struct cc_arena mem = {0};
    struct cc_buf last = cc_buf_new(&mem, 1024);

    say(many, cc_textf(&mem, "  %-24s %-11s %6s %8s %9s\n", "target", "outcome", "status",
                       "attempts", "seconds"));
    for (size_t i = 0; i < many->targets.count; i++) {
        const struct cc_work *work = &many->works[i];

        if (all || !has_ended(work) || work->row.outcome != CC_TARGET_OK) {
            table_row(many, work);
        }
    }
    cc_buf_addf(&last, "credctl: %zu targets: %zu ok, %zu failed", many->targets.count, counts->ok,
                counts->failed);
    if (counts->before > 0) {
        cc_buf_addf(&last, ", %zu done before", counts->before);
    }
    if (counts->not_run > 0) {
        cc_buf_addf(&last, ", %zu not run", counts->not_run);
    }
    cc_buf_text(&last, "\n");
    say(many, last.text);
    cc_arena_wipe(&mem);
}

void cc_many_sum_up(struct cc_many *many, struct cc_exec_answer *answer)
{
    const struct counts counts = count(many);

    if (many->ended_by.number != 0) {
        many->run->exit_status = 128 + many->ended_by.number;
    } else if (counts.failed + counts.not_run > 0) {
        many->run->exit_status = cc_code_exit_status(CC_E_SOME_FAILED);
    }
    if (many->run->sink) {
        give_others(many);
    } else if (many->structured) {
        fill(many, &counts, answer);
    } else {
        table(many, &counts);
    }
}
