#include "journal.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 200000

/* The first line. */
struct first {
    const char *journal;
    const char *shard;
};

static const char *const journals[] = {"test-access", NULL};
// clang-format off
static const struct cc_shape_field first_fields[] = {
    CC_ROW(TEXT, struct first, journal, NULL, NULL, .words = journals),
    CC_ROW(TEXT, struct first, shard, NULL, NULL, .rules = CC_NULL),
    {0},
};
// clang-format on
static const struct cc_shape first_shape = {"journal", first_fields, sizeof(struct first)};

static const char end_line[] = "{\"ended\":true}\n";

/* --- reading --- */

static bool take_first(struct cc_arena *mem, const struct cc_json_text *line,
                       struct cc_access_lines *lines)
{
    struct first first = {0};
    struct cc_error err;

    if (!cc_shape_parse(mem, &first_shape, line, &first, &err)) {
        return false;
    }
    lines->shard = first.shard;
    return true;
}

static void take_line(struct cc_arena *mem, const struct cc_json_text *line,
                      struct cc_access_lines *lines)
{
    struct cc_access_result *result = cc_alloc(mem, sizeof(*result));
    struct cc_error err;

    lines->complete = cc_text_equal(line->text, "{\"ended\":true}");
    if (!lines->complete && lines->count < LINES_MAX &&
        cc_shape_parse(mem, &cc_access_result_shape, line, result, &err)) {
        lines->results[lines->count++] = result;
    }
}

bool cc_access_journal_parse(struct cc_arena *mem, const char *text, size_t len,
                             struct cc_access_lines *lines)
{
    const char *end = text + len;
    bool first = true;
    size_t room = 1;

    for (const char *at = text; at < end; at++) {
        room += *at == '\n';
    }
    *lines = (struct cc_access_lines){0};
    lines->results = cc_alloc(mem, room * sizeof(void *));
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const size_t size = (size_t)((stop ? stop : end) - text);
        const struct cc_json_text line = {cc_text_dup(mem, text, size), size, "the journal"};

        if (first && !take_first(mem, &line, lines)) {
            return false;
        }
        if (!first) {
            take_line(mem, &line, lines);
        }
        first = false;
        text = stop ? stop + 1 : end;
    }
    return !first;
}

static int by_target(const void *a, const void *b)
{
    const struct cc_access_done *one = a;
    const struct cc_access_done *other = b;
    const int order = strcmp(one->target, other->target);

    return order
               ? order
               : strcmp(one->role_arn ? one->role_arn : "", other->role_arn ? other->role_arn : "");
}

static int by_target_and_line(const void *a, const void *b)
{
    const struct cc_access_done *one = a;
    const struct cc_access_done *other = b;
    const int order = by_target(a, b);

    return order ? order : (one->line > other->line) - (one->line < other->line);
}

static bool refuse(const struct cc_access_options *options, struct cc_error *err, const char *why,
                   const char *fix)
{
    cc_fail(err, CC_E_USAGE, "the journal %s cannot be used for this run", options->journal);
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

static bool fits(const struct cc_access_options *options, const struct cc_access_lines *lines,
                 const char *shard, struct cc_error *err)
{
    const bool same = (!lines->shard && !shard) || cc_text_equal(lines->shard, shard);

    if (options->resume && !same) {
        return refuse(options, err, "it belongs to another shard of the list",
                      "give each shard a journal of its own");
    }
    return options->resume || lines->complete ||
           refuse(options, err, "the run that wrote it did not end",
                  "continue it with --resume, or remove the file to start again");
}

/* Sorted; of several results of one target, the last. */
static void keep(struct cc_run *run, const struct cc_access_lines *lines,
                 struct cc_access_journal *journal)
{
    struct cc_access_done *rows = cc_alloc(&run->mem, (lines->count + 1) * sizeof(*rows));
    size_t count = 0;

    for (size_t i = 0; i < lines->count; i++) {
        const struct cc_access_result *result = lines->results[i];

        if (result->outcome != CC_ACCESS_NOT_RUN) {
            rows[count++] = (struct cc_access_done){result->target, result->role_arn, i, result};
        }
    }
    qsort(rows, count, sizeof(*rows), by_target_and_line);
    journal->rows = rows;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count || by_target(&rows[i], &rows[i + 1]) != 0) {
            rows[journal->count++] = rows[i];
        }
    }
}

static bool read_old(struct cc_run *run, const struct cc_access_options *options, const char *shard,
                     struct cc_access_journal *journal, struct cc_error *err)
{
    struct cc_access_lines lines = {0};
    const char *text = NULL;
    size_t len = 0;

    if (!cc_file_facts(run, options->journal).exists) {
        return true;
    }
    if (!cc_read_file(run, options->journal, CC_ACCESS_JOURNAL_MAX, &text, &len, err)) {
        return false;
    }
    if (len == 0) {
        return true;
    }
    if (!cc_access_journal_parse(&run->mem, text, len, &lines)) {
        return refuse(options, err, "it is not a journal of test-access",
                      "choose another file with --journal FILE");
    }
    if (!fits(options, &lines, shard, err)) {
        return false;
    }
    if (options->resume) {
        keep(run, &lines, journal);
    }
    return true;
}

/* --- writing --- */

bool cc_access_journal_begin(struct cc_run *run, const struct cc_access_options *options,
                             const char *shard, struct cc_access_journal *journal,
                             struct cc_error *err)
{
    const struct first first = {journals[0], shard};
    struct cc_arena mem = {0};
    struct cc_buf text = cc_buf_new(&mem, CC_ACCESS_JOURNAL_MAX);

    *journal = (struct cc_access_journal){.path = options->journal};
    if (!options->journal) {
        return true;
    }
    if (!read_old(run, options, shard, journal, err)) {
        return false;
    }
    cc_shape_json(&first_shape, &first, false, &text);
    for (size_t i = 0; i < journal->count; i++) {
        cc_shape_json(&cc_access_result_shape, journal->rows[i].result, false, &text);
    }
    const bool ok =
        text.too_big ? cc_fail(err, CC_E_TOO_BIG, "the journal %s is too large", options->journal)
                     : cc_write_file(run, options->journal, text.text, text.len, err);
    cc_arena_wipe(&mem);
    return ok;
}

static struct cc_access_done *row_of(const struct cc_access_journal *journal, const char *target,
                                     const char *role_arn)
{
    const struct cc_access_done wanted = {.target = target, .role_arn = role_arn};

    return journal->count > 0
               ? bsearch(&wanted, journal->rows, journal->count, sizeof(wanted), by_target)
               : NULL;
}

const struct cc_access_result *cc_access_journal_find(const struct cc_access_journal *journal,
                                                      const char *target, const char *role_arn)
{
    const struct cc_access_done *row = row_of(journal, target, role_arn);

    return row ? row->result : NULL;
}

void cc_access_journal_forget(const struct cc_access_journal *journal, const char *target,
                              const char *role_arn)
{
    struct cc_access_done *row = row_of(journal, target, role_arn);

    if (row) {
        row->result = NULL;
    }
}

void cc_access_journal_note(struct cc_run *run, struct cc_access_journal *journal, const char *line)
{
    struct cc_error err;

    if (journal->path && !journal->broken &&
        !cc_append_file(run, journal->path, line, strlen(line), &err)) {
        journal->broken = true;
        cc_log(run, CC_ERROR, "access.journal", CC_S("what", err.what), CC_S("why", err.why));
    }
}

void cc_access_journal_end(struct cc_run *run, struct cc_access_journal *journal)
{
    cc_access_journal_note(run, journal, end_line);
}
