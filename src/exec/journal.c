#include "journal.h"

#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"
#include "credctl/world/world.h"

#include <stdlib.h>
#include <string.h>

static const char *or_none(const char *text)
{
    return text ? text : "";
}

static int by_target(const struct cc_journal_row *row, const char *role_arn,
                     const char *external_id, const char *name)
{
    int order = strcmp(row->role_arn, role_arn);

    order = order ? order : strcmp(or_none(row->external_id), or_none(external_id));
    return order ? order : strcmp(or_none(row->name), or_none(name));
}

/* The newest row of a target comes first. */
static int by_row(const void *a, const void *b)
{
    const struct cc_journal_row *one = a;
    const struct cc_journal_row *other = b;
    int order = by_target(one, other->role_arn, other->external_id, other->name);

    return order ? order : (one->place > other->place ? -1 : 1);
}

/* --- lines --- */

#define LINES_NAME "the journal"

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_journal_row, member, NULL, __VA_ARGS__)

static const struct cc_shape_field row_fields[] = {
    ROW(TEXT, role_arn, "the role of the target"),
    ROW(TEXT, external_id, "the external ID in the target's row", .rules = CC_NULL | CC_OMITTED),
    ROW(TEXT, name, "the name in the target's row", .rules = CC_NULL | CC_OMITTED),
    CC_ROW_AS("target", TEXT, struct cc_journal_row, label, NULL, "name of the target"),
    ROW(WORD, outcome, "how it ended", .words = cc_target_outcomes),
    ROW(TEXT, code, "code of an error before the command started", .rules = CC_NULL),
    ROW(NUMBER, status, "of the command", .least = 0, .most = 1023),
    ROW(NUMBER, attempts, "how often it was tried", .least = 0, .most = 1023),
    ROW(REAL, seconds, "how long it took"),
    ROW(TIME, ended, "when it ended"),
    {0},
};
static const struct cc_shape row_shape = {"row", row_fields, sizeof(struct cc_journal_row)};

struct first_line {
    int version;
    const char *command;
    const char *shard;
};

static const struct cc_shape_field first_fields[] = {
    CC_ROW(NUMBER, struct first_line, version, NULL, "of the journal"),
    CC_ROW(TEXT, struct first_line, command, NULL, "fingerprint of the command"),
    CC_ROW(TEXT, struct first_line, shard, NULL, "which targets of the list",
           .rules = CC_NULL | CC_OMITTED),
    {0},
};
static const struct cc_shape first_shape = {"first", first_fields, sizeof(struct first_line)};

struct last_line {
    bool complete;
};

static const struct cc_shape_field last_fields[] = {
    CC_ROW(FLAG, struct last_line, complete, NULL, "all targets have ended"),
    {0},
};
static const struct cc_shape last_shape = {"last", last_fields, sizeof(struct last_line)};
// clang-format on

static const char *keep(struct cc_arena *mem, const char *text)
{
    return text ? cc_text_dup(mem, text, strlen(text)) : NULL;
}

/* At 16, 32, 64 ... rows the list moves. */
static void add_row(struct cc_arena *mem, struct cc_journal *journal,
                    const struct cc_journal_row *row)
{
    size_t count = journal->count;

    if (count == 0 || (count >= 16 && (count & (count - 1)) == 0)) {
        struct cc_journal_row *rows = cc_alloc(mem, (count ? count * 2 : 16) * sizeof(*rows));

        if (count > 0) {
            memcpy(rows, journal->rows, count * sizeof(*rows));
        }
        journal->rows = rows;
    }
    journal->rows[journal->count++] = *row;
}

static bool take_row(struct cc_arena *mem, struct cc_arena *scratch, const cJSON *doc,
                     struct cc_journal *journal)
{
    struct cc_journal_row row = {0};
    struct cc_error ignored;

    if (!cc_shape_from_json(scratch, &row_shape, doc, LINES_NAME, &row, &ignored) ||
        !row.role_arn[0] || !row.label[0]) {
        return false;
    }
    row.role_arn = keep(mem, row.role_arn);
    row.external_id = keep(mem, row.external_id);
    row.name = keep(mem, row.name);
    row.label = keep(mem, row.label);
    row.code = keep(mem, row.code);
    add_row(mem, journal, &row);
    return true;
}

static bool take_line(struct cc_arena *mem, struct cc_arena *scratch, struct cc_bytes line,
                      struct cc_journal *journal)
{
    const char *text = cc_text_dup(scratch, line.text, line.len);
    struct first_line first = {0};
    struct last_line last = {0};
    const cJSON *doc = NULL;
    struct cc_error ignored;

    if (!cc_json_parse(scratch, text, line.len, LINES_NAME, &doc, &ignored)) {
        return false;
    }
    if (cc_shape_from_json(scratch, &first_shape, doc, LINES_NAME, &first, &ignored)) {
        journal->command = keep(mem, first.command);
        journal->shard = keep(mem, first.shard);
        return true;
    }
    if (cc_shape_from_json(scratch, &last_shape, doc, LINES_NAME, &last, &ignored)) {
        journal->complete = journal->complete || last.complete;
        return true;
    }
    return take_row(mem, scratch, doc, journal);
}

static void keep_newest(struct cc_journal *journal)
{
    size_t kept = 0;

    if (journal->count > 0) {
        qsort(journal->rows, journal->count, sizeof(*journal->rows), by_row);
    }
    for (size_t i = 0; i < journal->count; i++) {
        const struct cc_journal_row *row = &journal->rows[i];

        if (kept == 0 ||
            by_target(&journal->rows[kept - 1], row->role_arn, row->external_id, row->name) != 0) {
            journal->rows[kept++] = *row;
        }
    }
    journal->count = kept;
}

void cc_journal_parse(struct cc_arena *mem, const char *text, size_t len,
                      struct cc_journal *journal)
{
    const char *end = text + len;
    struct cc_arena scratch = {0};

    *journal = (struct cc_journal){0};
    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));

        if (!feed) {
            journal->ignored++; /* damaged: it was not written completely */
            break;
        }
        if (feed > text) {
            const struct cc_bytes line = {text, (size_t)(feed - text)};

            journal->ignored += !take_line(mem, &scratch, line, journal);
            cc_arena_wipe(&scratch);
        }
        text = feed + 1;
    }
    keep_newest(journal);
}

const struct cc_journal_row *cc_journal_row(const struct cc_journal *journal, const char *role_arn,
                                            const char *external_id, const char *name)
{
    size_t low = 0;
    size_t high = journal->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = by_target(&journal->rows[middle], role_arn, external_id, name);

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

static const char *line_of(struct cc_arena *mem, const struct cc_shape *shape, const void *value)
{
    struct cc_buf line = cc_buf_new(mem, CC_JOURNAL_MAX);

    cc_shape_json(shape, value, false, &line);
    return line.text;
}

const char *cc_journal_begin_line(struct cc_arena *mem, const char *command, const char *shard)
{
    const struct first_line first = {1, command, shard};

    return line_of(mem, &first_shape, &first);
}

const char *cc_journal_row_line(struct cc_arena *mem, const struct cc_journal_row *row)
{
    return line_of(mem, &row_shape, row);
}

const char *cc_journal_end_line(struct cc_arena *mem)
{
    const struct last_line last = {true};

    return line_of(mem, &last_shape, &last);
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
