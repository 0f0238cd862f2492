#include "credctl/base/text.h"

#include "many.h"

#include <string.h>

static bool refuse(const struct cc_many *many, struct cc_error *err, const char *why,
                   const char *fix)
{
    cc_fail(err, CC_E_USAGE, "the journal %s cannot be used for this run", many->journal);
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

static const char *part_of_list(struct cc_arena *mem, const char *shard)
{
    return shard ? cc_textf(mem, "shard %s", shard) : "the whole list";
}

/* Two shards in one folder would overwrite each other's records. */
static bool same_shard(const struct cc_many *many, const struct cc_journal *old,
                       struct cc_error *err)
{
    struct cc_arena *mem = &many->run->mem;
    const char *mine = cc_shard_text(mem, &many->shard);

    return cc_text_equal(mine, old->shard) || (!mine && !old->shard) ||
           refuse(many, err,
                  cc_textf(mem, "it was written for %s, and this run is for %s",
                           part_of_list(mem, old->shard), part_of_list(mem, mine)),
                  "give each shard its own journal, with --journal FILE or --output-dir DIR");
}

static bool read_journal(const struct cc_many *many, struct cc_journal *old, struct cc_error *err)
{
    struct cc_run *run = many->run;
    const char *mine = cc_journal_fingerprint(&run->mem, many->options->words);
    bool resume = many->options->resume;
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
        return refuse(many, err, "it is not a journal", "choose another file with --journal FILE");
    }
    if (old->command && !same_shard(many, old, err)) {
        return false;
    }
    if (resume && old->command && !cc_text_equal(old->command, mine)) {
        return refuse(many, err, "it was written for another command",
                      "run the same command, or choose another file with --journal FILE");
    }
    if (!resume && old->command && !old->complete) {
        return refuse(many, err, "the run that wrote it did not end",
                      "continue it with --resume, or remove the file to start again");
    }
    return true;
}

static const struct cc_journal_row *done_before(const struct cc_journal *old,
                                                const struct cc_target *target)
{
    const struct cc_journal_row *row =
        cc_journal_row(old, target->role_arn, target->external_id, target->name);

    return row && row->outcome == CC_TARGET_OK ? row : NULL;
}

/* Writes the file again, without damaged lines, with the targets that stay done. */
bool cc_many_begin_journal(struct cc_many *many, struct cc_error *err)
{
    struct cc_run *run = many->run;
    struct cc_arena line_mem = {0};
    struct cc_buf text = cc_buf_new(&run->mem, CC_JOURNAL_MAX);
    struct cc_journal old;

    if (!read_journal(many, &old, err)) {
        return false;
    }
    cc_buf_text(&text, cc_journal_begin_line(
                           &run->mem, cc_journal_fingerprint(&run->mem, many->options->words),
                           cc_shard_text(&run->mem, &many->shard)));
    for (size_t i = 0; i < many->targets.count; i++) {
        const struct cc_target *target = &many->targets.rows[i];
        struct cc_work *work = &many->works[i];
        const struct cc_journal_row *row = many->options->resume ? done_before(&old, target) : NULL;

        work->row = (struct cc_journal_row){.role_arn = target->role_arn,
                                            .external_id = target->external_id,
                                            .name = target->name,
                                            .label = target->label};
        if (row) {
            work->row = *row;
            work->row.label = target->label;
            work->state = CC_WORK_DONE_BEFORE;
            cc_buf_text(&text, cc_journal_row_line(&line_mem, row));
            cc_arena_wipe(&line_mem);
        }
    }
    if (text.too_big) {
        return cc_fail(err, CC_E_TOO_BIG, "the journal %s would be larger than %zu MiB",
                       many->journal, CC_JOURNAL_MAX >> 20);
    }
    return cc_write_file(run, many->journal, text.text, text.len, err);
}

static void append(struct cc_run *run, struct cc_many *many, const char *text, size_t len)
{
    struct cc_error err;

    if (!many->journal_broken && !cc_append_file(run, many->journal, text, len, &err)) {
        many->journal_broken = true;
        cc_log(run, CC_ERROR, "exec.journal", CC_S("what", err.what), CC_S("why", err.why));
    }
}

static struct cc_page *full_page(struct cc_many *many)
{
    return &many->pages[1 - many->filling];
}

/* `journal_broken` belongs to the job while it writes. */
static void write_page(struct cc_run *run, void *about)
{
    struct cc_many *many = about;

    append(run, many, full_page(many)->text.text, full_page(many)->text.len);
}

static void page_written(struct cc_run *run, void *about);

static void turn_page(struct cc_many *many)
{
    const struct cc_job job = {write_page, page_written, many};

    if (many->writing || many->pages[many->filling].text.len == 0) {
        return;
    }
    many->filling = 1 - many->filling;
    many->writing = cc_server_job(many->endpoint->server, &job);
    if (!many->writing) {
        many->filling = 1 - many->filling; /* the next row tries again */
    }
}

static void page_written(struct cc_run *run, void *about)
{
    struct cc_many *many = about;
    struct cc_page *page = full_page(many);

    (void)run;
    cc_arena_wipe(&page->mem);
    page->text = (struct cc_buf){0};
    many->writing = false;
    turn_page(many);
    many->written(many);
}

void cc_many_note(struct cc_many *many, const struct cc_journal_row *row)
{
    struct cc_page *page = &many->pages[many->filling];
    struct cc_arena mem = {0};

    if (!page->text.mem) {
        page->text = cc_buf_new(&page->mem, CC_JOURNAL_MAX);
    }
    cc_buf_text(&page->text, cc_journal_row_line(&mem, row));
    cc_arena_wipe(&mem);
    turn_page(many);
}

bool cc_many_noted(struct cc_many *many)
{
    turn_page(many);
    return !many->writing && many->pages[many->filling].text.len == 0;
}

void cc_many_end_journal(struct cc_many *many)
{
    const char *line = cc_journal_end_line(&many->run->mem);

    append(many->run, many, line, strlen(line));
}
