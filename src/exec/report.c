#include "credctl/base/text.h"

#include "many.h"

#include <string.h>

/* What is said of targets: a line when each has ended, and all in the end. */

#define TABLE_ALL 40 /* with more targets than this, only what did not go well is listed */

static const char *outcome_of(const struct cc_work *work)
{
    if (work->state == CC_WORK_DONE_BEFORE) {
        return "done_before";
    }
    return work->row.outcome ? work->row.outcome : "not_run";
}

static bool has_ended(const struct cc_work *work)
{
    return work->state == CC_WORK_ENDED || work->state == CC_WORK_DONE_BEFORE;
}

static cJSON *row_of(const struct cc_many *many, size_t i)
{
    const struct cc_work *work = &many->works[i];
    bool ran = has_ended(work);
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "target", work->row.label);
    cJSON_AddStringToObject(row, "account", many->targets.rows[i].account);
    cJSON_AddStringToObject(row, "role_arn", work->row.role_arn);
    cJSON_AddStringToObject(row, "outcome", outcome_of(work));
    cc_json_put(row, "code", work->row.code);
    cJSON_AddItemToObject(row, "status",
                          ran ? cJSON_CreateNumber(work->row.status) : cJSON_CreateNull());
    cJSON_AddNumberToObject(row, "attempts", work->row.attempts);
    cJSON_AddItemToObject(row, "seconds",
                          ran ? cJSON_CreateNumber(work->row.seconds) : cJSON_CreateNull());
    return row;
}

/* --output jsonl: a run that is killed has lost none of the results there were. */
void cc_many_write_line(const struct cc_many *many, size_t target)
{
    struct cc_arena mem = {0};
    cJSON *row = row_of(many, target);
    const char *line = cc_json_line(&mem, row);

    (void)many->run->world->emit(many->run->world->self, 1, line, strlen(line));
    cJSON_Delete(row);
    cc_arena_wipe(&mem);
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
        bool ok = cc_text_equal(work->row.outcome, "ok");

        counts.before += work->state == CC_WORK_DONE_BEFORE;
        counts.not_run += !has_ended(work);
        counts.ok += work->state == CC_WORK_ENDED && ok;
        counts.failed += work->state == CC_WORK_ENDED && !ok;
    }
    return counts;
}

static void fill(const struct cc_many *many, const struct counts *counts, cJSON *result)
{
    cJSON *list = cJSON_AddArrayToObject(result, "targets");

    for (size_t i = 0; i < many->targets.count; i++) {
        cJSON_AddItemToArray(list, row_of(many, i));
    }
    cJSON_AddNumberToObject(result, "total", (double)many->targets.count);
    cJSON_AddNumberToObject(result, "ok", (double)counts->ok);
    cJSON_AddNumberToObject(result, "failed", (double)counts->failed);
    cJSON_AddNumberToObject(result, "done_before", (double)counts->before);
    cJSON_AddNumberToObject(result, "not_run", (double)counts->not_run);
    cJSON_AddStringToObject(result, "journal", many->journal);
}

/* Those that ended have theirs. */
static void write_others(const struct cc_many *many)
{
    for (size_t i = 0; i < many->targets.count; i++) {
        if (many->works[i].state != CC_WORK_ENDED) {
            cc_many_write_line(many, i);
        }
    }
}

static void say(const struct cc_many *many, const char *text)
{
    (void)many->run->world->emit(many->run->world->self, 2, text, strlen(text));
}

static void table_row(const struct cc_many *many, const struct cc_work *work)
{
    const char *outcome = outcome_of(work);
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

/* For stderr: stdout has the commands' lines. */
static void table(const struct cc_many *many, const struct counts *counts)
{
    bool all = many->targets.count <= TABLE_ALL;
    struct cc_arena mem = {0};
    struct cc_buf last = cc_buf_new(&mem, 1024);

    say(many, cc_textf(&mem, "  %-24s %-11s %6s %8s %9s\n", "target", "outcome", "status",
                       "attempts", "seconds"));
    for (size_t i = 0; i < many->targets.count; i++) {
        const struct cc_work *work = &many->works[i];

        if (all || !cc_text_equal(work->row.outcome, "ok")) {
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

void cc_many_sum_up(struct cc_many *many, cJSON *result)
{
    const struct counts counts = count(many);

    if (many->ended_by.number != 0) {
        many->run->exit_status = 128 + many->ended_by.number;
    } else if (counts.failed + counts.not_run > 0) {
        many->run->exit_status = cc_code_exit_status(CC_E_SOME_FAILED);
    }
    if (many->lines) {
        write_others(many);
    } else if (many->structured) {
        fill(many, &counts, result);
    } else {
        table(many, &counts);
    }
}
