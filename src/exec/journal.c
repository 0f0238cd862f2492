#include "journal.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/world/world.h"

#include <stdlib.h>
#include <string.h>

static const char *or_none(const char *text)
{
    return text ? text : "";
}

static int by_target(const struct cc_journal_row *row, const char *role_arn,
                     const char *external_id)
{
    int order = strcmp(row->role_arn, role_arn);

    return order ? order : strcmp(or_none(row->external_id), or_none(external_id));
}

/* Of the rows of one target the newest first. */
static int by_row(const void *a, const void *b)
{
    const struct cc_journal_row *one = a;
    const struct cc_journal_row *other = b;
    int order = by_target(one, other->role_arn, other->external_id);

    return order ? order : (one->place > other->place ? -1 : 1);
}

static void take_row(const cJSON *doc, struct cc_journal_row *row)
{
    double status = 0;
    double attempts = 0;
    double seconds = 0;

    bool whole = cc_json_number(doc, "status", &status) &&
                 cc_json_number(doc, "attempts", &attempts) &&
                 cc_json_number(doc, "seconds", &seconds) && status >= 0 && status < 1024 &&
                 attempts >= 0 && attempts < 1024;
    *row = (struct cc_journal_row){
        .role_arn = whole ? cc_json_text(doc, "role_arn") : NULL,
        .external_id = cc_json_text(doc, "external_id"),
        .label = cc_json_text(doc, "target"),
        .outcome = cc_json_text(doc, "outcome"),
        .code = cc_json_text(doc, "code"),
        .status = whole ? (int)status : 0,
        .attempts = whole ? (int)attempts : 0,
        .seconds = seconds,
    };
    if (!cc_time_from_iso(cc_json_text(doc, "ended"), &row->ended) || !row->outcome ||
        !row->label) {
        row->role_arn = NULL;
    }
}

static const char *keep(struct cc_arena *mem, const char *text)
{
    return text ? cc_text_dup(mem, text, strlen(text)) : NULL;
}

static void take_line(struct cc_arena *mem, struct cc_arena *scratch, struct cc_bytes line,
                      struct cc_journal *journal)
{
    const cJSON *doc = NULL;
    struct cc_error ignored;
    struct cc_journal_row row;

    if (!cc_json_parse(scratch, cc_text_dup(scratch, line.text, line.len), line.len, "the journal",
                       &doc, &ignored)) {
        journal->ignored++;
        return;
    }
    if (cc_json_text(doc, "command")) {
        journal->command = keep(mem, cc_json_text(doc, "command"));
        return;
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "complete"))) {
        journal->complete = true;
        return;
    }
    take_row(doc, &row);
    if (!row.role_arn) {
        journal->ignored++;
        return;
    }
    row.role_arn = keep(mem, row.role_arn);
    row.external_id = keep(mem, row.external_id);
    row.label = keep(mem, row.label);
    row.outcome = keep(mem, row.outcome);
    row.code = keep(mem, row.code);
    journal->rows[journal->count++] = row;
}

static void keep_newest(struct cc_journal *journal)
{
    size_t kept = 0;

    if (journal->count > 0) {
        qsort(journal->rows, journal->count, sizeof(*journal->rows), by_row);
    }
    for (size_t i = 0; i < journal->count; i++) {
        if (kept == 0 || by_target(&journal->rows[kept - 1], journal->rows[i].role_arn,
                                   journal->rows[i].external_id) != 0) {
            journal->rows[kept++] = journal->rows[i];
        }
    }
    journal->count = kept;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t lines = 0;

    for (size_t i = 0; i < len; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

void cc_journal_parse(struct cc_arena *mem, const char *text, size_t len,
                      struct cc_journal *journal)
{
    const char *end = text + len;
    struct cc_arena scratch = {0};

    *journal = (struct cc_journal){0};
    journal->rows = cc_alloc(mem, (count_lines(text, len) + 1) * sizeof(*journal->rows));
    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));

        if (!feed) {
            journal->ignored++; /* torn: it was never finished */
            break;
        }
        if (feed > text) {
            take_line(mem, &scratch, (struct cc_bytes){text, (size_t)(feed - text)}, journal);
            cc_arena_wipe(&scratch);
        }
        text = feed + 1;
    }
    keep_newest(journal);
}

const struct cc_journal_row *cc_journal_row(const struct cc_journal *journal, const char *role_arn,
                                            const char *external_id)
{
    size_t low = 0;
    size_t high = journal->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = by_target(&journal->rows[middle], role_arn, external_id);

        if (order == 0) {
            return &journal->rows[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static const char *line_of(struct cc_arena *mem, cJSON *doc)
{
    const char *line = cc_json_line(mem, doc);

    cJSON_Delete(doc);
    return line;
}

const char *cc_journal_begin_line(struct cc_arena *mem, const char *command)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddNumberToObject(doc, "version", 1);
    cJSON_AddStringToObject(doc, "command", command);
    return line_of(mem, doc);
}

const char *cc_journal_row_line(struct cc_arena *mem, const struct cc_journal_row *row)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "role_arn", row->role_arn);
    if (row->external_id) {
        cJSON_AddStringToObject(doc, "external_id", row->external_id);
    }
    cJSON_AddStringToObject(doc, "target", row->label);
    cJSON_AddStringToObject(doc, "outcome", row->outcome);
    cc_json_put(doc, "code", row->code);
    cJSON_AddNumberToObject(doc, "status", row->status);
    cJSON_AddNumberToObject(doc, "attempts", row->attempts);
    cJSON_AddNumberToObject(doc, "seconds", row->seconds);
    cJSON_AddStringToObject(doc, "ended", cc_time_iso(mem, row->ended));
    return line_of(mem, doc);
}

const char *cc_journal_end_line(struct cc_arena *mem)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddBoolToObject(doc, "complete", true);
    return line_of(mem, doc);
}

/* FNV-1a, the words with their ends. */
const char *cc_journal_fingerprint(struct cc_arena *mem, const char *const *words)
{
    uint64_t hash = 14695981039346656037ULL;

    for (; *words; words++) {
        size_t size = strlen(*words) + 1;

        for (size_t i = 0; i < size; i++) {
            hash = (hash ^ (unsigned char)(*words)[i]) * 1099511628211ULL;
        }
    }
    return cc_textf(mem, "%016llx", (unsigned long long)hash);
}
