#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/exec/exec.h"
#include "credctl/world/crew.h"

#include "journal.h"
#include "plan.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

/*
 * A supervisor of `session exec`, one for each target: each keeps its own credentials fresh, and
 * none can disturb another. One that could not get its credentials for a passing reason is started
 * again.
 */

#define TRIES_MAX 4
#define TABLE_ALL 40 /* with more targets than this, only what did not go well is listed */

enum state { WAITING, RUNNING, ENDED, DONE_BEFORE };

struct work {
    enum state state;
    int64_t not_before;
    struct cc_journal_row row;
};

struct many {
    struct cc_run *run;
    struct cc_exec_plan plan;
    struct work *works;
    const char *output_dir;
    const char *journal;
    bool journal_broken;
    bool fail_fast;
    bool structured; /* stdout is for the result */
    int64_t timeout_ms;
    struct cc_progress progress;
};

/* Reasons to get no credentials that may have passed a moment later. */
static bool may_pass(const char *code)
{
    static const enum cc_code passing[] = {CC_E_THROTTLED, CC_E_TIMEOUT, CC_E_UNREACHABLE, CC_E_DNS,
                                           CC_E_DEADLINE};

    for (size_t i = 0; i < CC_COUNT(passing); i++) {
        if (cc_text_equal(code, cc_code_name(passing[i]))) {
            return true;
        }
    }
    return false;
}

static const char *file_in(const struct many *many, size_t id, const char *ending)
{
    return many->output_dir ? cc_textf(&many->run->mem, "%s/%s%s", many->output_dir,
                                       many->plan.targets.rows[id].label, ending)
                            : NULL;
}

static enum cc_crew_next next(void *about, struct cc_member *member)
{
    struct many *many = about;
    int64_t now = cc_ticks_ms(many->run);
    bool unfinished = false;

    if (many->fail_fast && many->progress.failed > 0) {
        return CC_CREW_NO_MORE;
    }
    for (size_t i = 0; i < many->plan.targets.count; i++) {
        struct work *work = &many->works[i];

        unfinished = unfinished || work->state == WAITING || work->state == RUNNING;
        if (work->state != WAITING || now < work->not_before) {
            continue;
        }
        work->state = RUNNING;
        work->row.attempts++;
        *member = (struct cc_member){
            .argv = cc_exec_plan_argv(&many->run->mem, &many->plan, i),
            .env = cc_exec_plan_env(many->run, &many->plan, i),
            .timeout_ms = many->timeout_ms,
            .out_path = file_in(many, i, ".out"),
            .err_path = file_in(many, i, ".err"),
            .id = i,
        };
        return CC_CREW_START;
    }
    return unfinished ? CC_CREW_LATER : CC_CREW_NO_MORE;
}

static void line(void *about, size_t id, int fd, const char *text, size_t len)
{
    struct many *many = about;
    struct cc_arena mem = {0};
    struct cc_buf whole = cc_buf_new(&mem, 16384);

    cc_buf_addf(&whole, "%s | ", many->plan.targets.rows[id].label);
    cc_buf_add(&whole, text, len);
    cc_buf_text(&whole, "\n");
    cc_progress_clear(&many->progress);
    (void)many->run->world->emit(many->run->world->self, many->structured ? 2 : fd, whole.text,
                                 whole.len);
    cc_arena_wipe(&mem);
}

static void tick(void *about, size_t running)
{
    cc_progress_tick(&((struct many *)about)->progress, running);
}

static void write_down(struct many *many, const struct cc_journal_row *row)
{
    const char *text = cc_journal_row_line(&many->run->mem, row);
    struct cc_error err;

    if (!many->journal_broken &&
        !cc_append_file(many->run, many->journal, text, strlen(text), &err)) {
        many->journal_broken = true;
        cc_log(many->run, CC_ERROR, "exec.journal", CC_S("what", err.what), CC_S("why", err.why));
    }
}

/* The code of "failed CODE"; NULL when the command was started, or nothing was said. */
static const char *failure(struct cc_arena *mem, const char *report)
{
    static const char word[] = "failed ";
    const char *at = cc_text_starts(report, word) ? report + strlen(word) : NULL;

    return at ? cc_text_dup(mem, at, strcspn(at, "\n")) : NULL;
}

static bool start_again(struct many *many, struct work *work, const struct cc_member_end *end,
                        const char *code)
{
    bool started = cc_text_starts(end->report, "started");
    bool hung = end->timed_out && !started;

    if (started || work->row.attempts >= TRIES_MAX || !(hung || (code && may_pass(code)))) {
        return false;
    }
    work->state = WAITING;
    work->not_before = cc_ticks_ms(many->run) + (1000LL << (work->row.attempts - 1)) +
                       cc_random_below(many->run, 1000);
    return true;
}

static const char *outcome_of(const struct cc_member_end *end)
{
    if (end->timed_out) {
        return "timeout";
    }
    if (!cc_text_starts(end->report, "started")) {
        return "error";
    }
    return end->status == 0 ? "ok" : "failed";
}

static struct cc_target_result result_of(const struct many *many, size_t i)
{
    const struct work *work = &many->works[i];
    const bool ran = work->state == ENDED || work->state == DONE_BEFORE;
    enum cc_target_outcome outcome = CC_TARGET_NOT_RUN;

    for (int word = 0; work->state == ENDED && cc_target_outcomes[word]; word++) {
        if (cc_text_equal(cc_target_outcomes[word], work->row.outcome)) {
            outcome = (enum cc_target_outcome)word;
        }
    }
    return (struct cc_target_result){
        .target = work->row.label,
        .account = many->plan.targets.rows[i].account,
        .role_arn = work->row.role_arn,
        .outcome = work->state == DONE_BEFORE ? CC_TARGET_DONE_BEFORE : outcome,
        .code = work->row.code,
        .status = {ran, work->row.status},
        .attempts = work->row.attempts,
        .seconds = {ran, work->row.seconds},
    };
}

/* As it arrives: a run that is killed has lost none of the results there were. */
static void give(const struct many *many, size_t i)
{
    const struct cc_target_result result = result_of(many, i);

    (void)!cc_give(many->run, &cc_target_result_shape, &result);
}

static void ended(void *about, size_t id, const struct cc_member_end *end)
{
    struct many *many = about;
    struct work *work = &many->works[id];
    const char *code = failure(&many->run->mem, end->report);

    if (start_again(many, work, end, code)) {
        return;
    }
    work->state = ENDED;
    work->row.outcome = outcome_of(end);
    work->row.code = code;
    work->row.status = end->status;
    work->row.seconds = (double)end->took_ms / 1000;
    work->row.ended = cc_now(many->run);
    many->progress.done++;
    many->progress.failed += !cc_text_equal(work->row.outcome, "ok");
    write_down(many, &work->row);
    give(many, id);
}

static bool read_options(struct cc_run *run, const struct cc_exec_options *options,
                         struct many *many, struct cc_error *err)
{
    many->structured = run->setup->output && !cc_text_equal(run->setup->output, "text");
    many->fail_fast = options->fail_fast;
    many->output_dir = options->output_dir;
    many->journal = options->journal;
    if (!many->journal) {
        many->journal = many->output_dir
                            ? cc_textf(&run->mem, "%s/credctl-exec.journal", many->output_dir)
                            : "credctl-exec.journal";
    }
    many->timeout_ms = options->timeout_ms;
    return !many->output_dir || cc_folder_make(run, many->output_dir, err);
}

static bool refuse_journal(const struct many *many, struct cc_error *err, const char *why,
                           const char *fix)
{
    cc_fail(err, CC_E_USAGE, "the journal %s is of another run", many->journal);
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

static bool read_journal(struct cc_run *run, const struct many *many, bool resume,
                         struct cc_journal *old, struct cc_error *err)
{
    const char *mine = cc_journal_fingerprint(&run->mem, many->plan.words);
    const char *text = NULL;
    size_t len = 0;

    *old = (struct cc_journal){0};
    if (!cc_file_facts(run, many->journal).exists) {
        return true;
    }
    if (!cc_read_file(run, many->journal, CC_JOURNAL_MAX, &text, &len, err)) {
        return false;
    }
    cc_journal_parse(&run->mem, text, len, old);
    if (!old->command && len > 0) {
        return refuse_journal(many, err, "it is no journal", "name another --journal FILE");
    }
    if (resume && old->command && !cc_text_equal(old->command, mine)) {
        return refuse_journal(many, err, "it was written for another command",
                              "give the same command, or name another --journal FILE");
    }
    if (!resume && old->command && !old->complete) {
        return refuse_journal(many, err, "that run did not end",
                              "go on with --resume, or remove the file to begin anew");
    }
    return true;
}

/* The file is written anew, without what was torn, with what stays done. */
static bool begin_journal(struct cc_run *run, struct many *many, bool resume, struct cc_error *err)
{
    struct cc_buf text = cc_buf_new(&run->mem, CC_JOURNAL_MAX);
    struct cc_journal old;

    if (!read_journal(run, many, resume, &old, err)) {
        return false;
    }
    cc_buf_text(&text, cc_journal_begin_line(&run->mem,
                                             cc_journal_fingerprint(&run->mem, many->plan.words)));
    for (size_t i = 0; i < many->plan.targets.count; i++) {
        const struct cc_target *target = &many->plan.targets.rows[i];
        struct work *work = &many->works[i];
        const struct cc_journal_row *row = resume ? cc_journal_row(&old, target->role_arn) : NULL;

        work->row = (struct cc_journal_row){.role_arn = target->role_arn, .label = target->label};
        if (row && cc_text_equal(row->outcome, "ok")) {
            work->row = *row;
            work->row.label = target->label;
            work->state = DONE_BEFORE;
            cc_buf_text(&text, cc_journal_row_line(&run->mem, row));
        }
    }
    return cc_write_file(run, many->journal, text.text, text.len, err);
}

struct counts {
    size_t ok;
    size_t failed;
    size_t before;
    size_t not_run;
};

static void count(const struct many *many, size_t i, struct counts *counts)
{
    const struct work *work = &many->works[i];
    bool ok = cc_text_equal(work->row.outcome, "ok");

    counts->before += work->state == DONE_BEFORE;
    counts->not_run += work->state != ENDED && work->state != DONE_BEFORE;
    counts->ok += work->state == ENDED && ok;
    counts->failed += work->state == ENDED && !ok;
    if (work->state != ENDED) {
        give(many, i); /* those that ended have been given */
    }
}

static void sum_up(struct many *many, int signal, struct cc_exec_answer *answer)
{
    const size_t total = many->plan.targets.count;
    struct cc_target_result *results = cc_alloc(&many->run->mem, (total + 1) * sizeof(*results));
    struct counts counts = {0};

    for (size_t i = 0; i < total; i++) {
        results[i] = result_of(many, i);
        count(many, i, &counts);
    }
    *answer = (struct cc_exec_answer){
        .targets = results,
        .target_count = total,
        .total = (int64_t)total,
        .ok = (int64_t)counts.ok,
        .failed = (int64_t)counts.failed,
        .done_before = (int64_t)counts.before,
        .not_run = (int64_t)counts.not_run,
        .journal = many->journal,
    };
    if (signal != 0) {
        many->run->exit_status = 128 + signal;
    } else if (counts.failed + counts.not_run > 0) {
        many->run->exit_status = cc_code_exit_status(CC_E_SOME_FAILED);
    }
}

static void table_row(const struct cc_target_result *row, struct cc_buf *out)
{
    if (!row->status.known) {
        cc_buf_addf(out, "  %-24s %-11s\n", row->target, cc_target_outcomes[row->outcome]);
        return;
    }
    cc_buf_addf(out, "  %-24s %-11s %6lld %8d %9.1f  %s\n", row->target,
                cc_target_outcomes[row->outcome], (long long)row->status.value, row->attempts,
                row->seconds.value, row->code ? row->code : "");
}

/* For stderr: stdout has the commands' lines. */
static void table(const struct cc_exec_answer *answer, struct cc_buf *out)
{
    cc_buf_addf(out, "  %-24s %-11s %6s %8s %9s\n", "target", "outcome", "status", "attempts",
                "seconds");
    for (size_t i = 0; i < answer->target_count; i++) {
        const struct cc_target_result *row = &answer->targets[i];

        if (answer->total <= TABLE_ALL ||
            (row->outcome != CC_TARGET_OK && row->outcome != CC_TARGET_DONE_BEFORE)) {
            table_row(row, out);
        }
    }
    cc_buf_addf(out, "credctl: %lld targets: %lld ok, %lld failed", (long long)answer->total,
                (long long)answer->ok, (long long)answer->failed);
    if (answer->done_before > 0) {
        cc_buf_addf(out, ", %lld done before", (long long)answer->done_before);
    }
    if (answer->not_run > 0) {
        cc_buf_addf(out, ", %lld not run", (long long)answer->not_run);
    }
    cc_buf_text(out, "\n");
}

static bool supervise(struct cc_run *run, struct many *many, size_t parallel, int *signal,
                      struct cc_error *err)
{
    const struct cc_crew crew = {
        .parallel = parallel,
        .about = many,
        .next = next,
        .line = line,
        .ended = ended,
        .tick = tick,
    };
    const char *last = cc_journal_end_line(&run->mem);
    struct cc_error ignored;

    cc_progress_begin(&many->progress, run, many->plan.targets.count);
    for (size_t i = 0; i < many->plan.targets.count; i++) {
        many->progress.done += many->works[i].state == DONE_BEFORE;
    }
    if (!cc_crew_run(run, &crew, signal, err)) {
        return false;
    }
    cc_progress_clear(&many->progress);
    if (*signal == 0 && !many->journal_broken) { /* else --resume has something to do */
        many->journal_broken = !cc_append_file(run, many->journal, last, strlen(last), &ignored);
    }
    return true;
}

bool cc_exec_many(struct cc_run *run, const struct cc_exec_options *options,
                  struct cc_exec_answer *answer, struct cc_error *err)
{
    struct many *many = cc_alloc(&run->mem, sizeof(*many));
    struct cc_buf text = cc_buf_new(&run->mem, (size_t)4 << 20);
    int signal = 0;

    many->run = run;
    if (!read_options(run, options, many, err) ||
        !cc_exec_plan_make(run, options, &many->plan, err)) {
        return false;
    }
    many->works = cc_alloc(&run->mem, many->plan.targets.count * sizeof(*many->works));
    if (!begin_journal(run, many, options->resume, err) ||
        !supervise(run, many, (size_t)options->parallel, &signal, err)) {
        return false;
    }
    sum_up(many, signal, answer);
    if (!many->structured) {
        table(answer, &text);
        (void)run->world->emit(run->world->self, 2, text.text, text.len);
    }
    return true;
}
