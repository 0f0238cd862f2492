#include "credctl/targets/targets.h"

#include "credctl/aws/arn.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/world/files.h"
#include "credctl/world/machine.h"

#include "columns.h"
#include "json_rows.h"

#include <string.h>

struct reading {
    struct cc_arena *mem;
    struct cc_arena row_mem; /* of one row */
    const struct cc_target_defaults *defaults;
    struct cc_target_place place;
    struct cc_columns columns;
    bool begun; /* the first line that is not blank has been read */
    size_t room;
    struct cc_targets found;
};

/* --- targets --- */

static const char *keep(struct cc_arena *mem, const char *text)
{
    return text ? cc_text_dup(mem, text, strlen(text)) : NULL;
}

static void make_room(struct reading *reading)
{
    struct cc_targets *found = &reading->found;

    if (found->count < reading->room) {
        return;
    }
    reading->room = reading->room ? reading->room * 2 : 64;
    struct cc_target *rows = cc_alloc(reading->mem, reading->room * sizeof(*rows));
    if (found->count > 0) {
        memcpy(rows, found->rows, found->count * sizeof(*rows));
    }
    found->rows = rows;
}

/* What a row says that cannot be used. */
static struct cc_target wrong_target(const struct reading *reading, const struct cc_target_row *row,
                                     const struct cc_error *err)
{
    const char *const roles[] = {row->role_arn, row->account_id, row->role_name};
    struct cc_error *wrong = cc_alloc(reading->mem, sizeof(*wrong));
    const char *role = row->role_arn;

    for (size_t i = 0; i < CC_COUNT(roles) && !role; i++) {
        role = cc_text_starts(roles[i], "arn:") ? roles[i] : NULL;
    }
    *wrong = *err;
    return (struct cc_target){
        .name = row->name,
        .account = cc_account_valid(row->account_id) ? row->account_id : NULL,
        .role_arn = role,
        .external_id = row->external_id,
        .label = cc_textf(reading->mem, "%s~%zu", reading->place.unit, reading->place.number),
        .wrong = wrong,
    };
}

static void add(struct reading *reading, const struct cc_target_row *row,
                const struct cc_target *target)
{
    struct cc_arena *mem = reading->mem;

    make_room(reading);
    reading->found.rows[reading->found.count++] = (struct cc_target){
        .name = keep(mem, target->name),
        .label = keep(mem, target->label),
        .account = keep(mem, target->account),
        .role_arn = keep(mem, target->role_arn),
        .external_id = keep(mem, target->external_id),
        .more = cc_target_keep_more(mem, &row->more),
        .wrong = target->wrong,
    };
}

static bool use(struct reading *reading, const struct cc_target_row *row, struct cc_target *target,
                struct cc_error *err)
{
    struct cc_arena *mem = &reading->row_mem;

    return cc_target_resolve(mem, &reading->place, row, reading->defaults, target, err) &&
           (reading->defaults->lenient || cc_target_judge(mem, &reading->place, row, err));
}

/* `why`: it could not be read; the row has what could be. */
static bool take_row(struct reading *reading, const struct cc_target_row *row, const char *why,
                     struct cc_error *err)
{
    struct cc_target target = {0};

    if (reading->found.count == CC_TARGETS_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "%s has more than %d targets", reading->place.list,
                CC_TARGETS_MAX);
        return cc_fix(err, "split it, and run the parts one after the other");
    }
    if (why ? !cc_target_refuse(&reading->place, err, why) : !use(reading, row, &target, err)) {
        if (!reading->defaults->lenient) {
            return false;
        }
        target = wrong_target(reading, row, err);
    }
    add(reading, row, &target);
    return true;
}

/* --- lines --- */

static bool not_utf8(const struct reading *reading, struct cc_error *err, const char *why)
{
    cc_fail(err, CC_E_USAGE, "%s is not in UTF-8", reading->place.list);
    cc_why(err, "%s", why);
    return cc_fix(err, "save it as UTF-8");
}

static bool take_columns(struct reading *reading, const struct cc_line *line, struct cc_error *err)
{
    const char *why = NULL;

    if (!cc_line_columns(&reading->row_mem, line, &reading->columns, &why)) {
        cc_fail(err, CC_E_USAGE, "%s, line %zu does not name the columns of a list of targets",
                reading->place.list, reading->place.number);
        cc_why(err, "%s", why);
        return cc_fix(err, "rename the column, or remove it");
    }
    reading->place.named = true;
    return true;
}

static bool in_utf8(const struct cc_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        if (!cc_text_is_utf8(line->cells[i])) {
            return false;
        }
    }
    return true;
}

/* NULL: the line can be cut into cells. */
static const char *cut(struct reading *reading, const char *text, size_t len, struct cc_line *line)
{
    const char *why = NULL;

    if (len > CC_TARGET_MAX_BYTES) {
        return "it is too long";
    }
    if (memchr(text, '\0', len)) {
        return "it holds a NUL byte";
    }
    return cc_line_cut(&reading->row_mem, text, len, line, &why) ? NULL : why;
}

static bool next_line(struct reading *reading, const char *text, size_t len, struct cc_error *err)
{
    struct cc_target_row row = {0};
    struct cc_line line;
    const char *why = cut(reading, text, len, &line);

    if (why) {
        reading->begun = true;
        return take_row(reading, &row, why, err);
    }
    if (line.count == 0) {
        return true;
    }
    if (!in_utf8(&line)) {
        return not_utf8(reading, err,
                        cc_textf(&reading->row_mem, "line %zu is not", reading->place.number));
    }
    const bool first = !reading->begun;
    reading->begun = true;
    if (first && cc_line_names_columns(&line)) {
        return take_columns(reading, &line, err);
    }
    const bool fits = cc_line_row(&reading->row_mem, &line, &reading->columns, &row, &why);
    return take_row(reading, &row, fits ? NULL : why, err);
}

/* --- JSON --- */

static bool not_json(const struct reading *reading, struct cc_error *err, const char *why)
{
    const struct cc_target_place *place = &reading->place;

    if (place->number > 0) {
        cc_fail(err, CC_E_USAGE, "%s, %s %zu is not usable JSON", place->list, place->unit,
                place->number);
        cc_fix(err, "correct this element, or what follows it");
    } else {
        cc_fail(err, CC_E_USAGE, "%s is not a list of targets in JSON", place->list);
        cc_fix(err, "write an array of targets, or one target per line in a file whose name ends "
                    "with .jsonl");
    }
    return cc_why(err, "%s", why);
}

/* An array is one document, but each of its elements is read by itself: the whole would take many
 * times the memory. */
static bool take_json(struct reading *reading, const char *text, size_t len, bool document,
                      struct cc_error *err)
{
    struct cc_target_row row = {0};
    struct cc_error trouble = {0};
    const cJSON *doc = NULL;
    const char *why = NULL;

    if (len > CC_TARGET_MAX_BYTES) {
        return take_row(reading, &row, "it is too long", err);
    }
    const char *copy = cc_text_dup(&reading->row_mem, text, len);
    if (!cc_json_parse(&reading->row_mem, copy, len, "it", &doc, &trouble)) {
        return document ? not_json(reading, err, trouble.why)
                        : take_row(reading, &row, trouble.why, err);
    }
    const bool fits = cc_json_row(&reading->row_mem, doc, &row, &why);
    return take_row(reading, &row, fits ? NULL : why, err);
}

static bool next_json_line(struct reading *reading, const char *text, size_t len,
                           struct cc_error *err)
{
    const char *copy = cc_text_dup(&reading->row_mem, text, len);

    if (!cc_text_is_utf8(copy)) {
        return not_utf8(reading, err,
                        cc_textf(&reading->row_mem, "line %zu is not", reading->place.number));
    }
    return cc_text_blank(copy) || take_json(reading, text, len, false, err);
}

static bool read_array(struct reading *reading, const char *text, const char *end,
                       struct cc_error *err)
{
    const char *why = NULL;
    const char *at = cc_json_elements(text, end, &why);

    if (!at) {
        return not_json(reading, err, why);
    }
    while (at && at < end) {
        struct cc_json_element element;

        reading->place.number++;
        if (!cc_json_element(at, end, &element, &why)) {
            return not_json(reading, err, why);
        }
        if (!take_json(reading, element.text, element.len, true, err)) {
            return false;
        }
        cc_arena_wipe(&reading->row_mem);
        at = element.next;
    }
    return true;
}

/* --- lists --- */

/* Lines end with LF, CR LF or, in files of old spreadsheets, CR. */
static const char *line_end(const char *text, const char *end)
{
    while (text < end && *text != '\n' && *text != '\r') {
        text++;
    }
    return text;
}

static const char *next_begin(const char *stop, const char *end)
{
    if (stop == end) {
        return end;
    }
    return stop[0] == '\r' && stop + 1 < end && stop[1] == '\n' ? stop + 2 : stop + 1;
}

/* True for UTF-16, in which some Windows programs save text. */
static bool is_utf16(const char *text, size_t len)
{
    return len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
                        (!text[0] != !text[1]));
}

struct format {
    const char *ending; /* of the name of a list */
    char first;         /* byte that is not blank; '\0': any other */
    bool json;
    /* Reads one; NULL: the whole is an array. */
    bool (*line)(struct reading *reading, const char *text, size_t len, struct cc_error *err);
};

static const struct format formats[] = {
    {".csv", '\0', false, next_line},
    {".json", '[', true, NULL},
    {".jsonl", '{', true, next_json_line},
    {".ndjson", '{', true, next_json_line},
};

static const struct format *format_of(const char *name, const char *text, const char *end)
{
    const char *dot = name ? strrchr(name, '.') : NULL;

    for (size_t i = 0; i < CC_COUNT(formats); i++) {
        if (cc_text_equal_nocase(dot, formats[i].ending)) {
            return &formats[i];
        }
    }
    while (text < end && *text && strchr(" \t\r\n", *text)) {
        text++;
    }
    for (size_t i = 0; i < CC_COUNT(formats); i++) {
        if (text < end && *text && *text == formats[i].first) {
            return &formats[i];
        }
    }
    return &formats[0];
}

static bool read_lines(struct reading *reading, const struct format *format, const char *text,
                       const char *end, struct cc_error *err)
{
    bool ok = true;

    while (ok && text < end) {
        const char *stop = line_end(text, end);

        reading->place.number++;
        ok = format->line(reading, text, (size_t)(stop - text), err);
        cc_arena_wipe(&reading->row_mem);
        text = next_begin(stop, end);
    }
    return ok;
}

static bool read_all(struct reading *reading, const char *text, size_t len, struct cc_error *err)
{
    if (is_utf16(text, len)) {
        return not_utf8(reading, err, "it looks like UTF-16");
    }
    text = cc_text_after_mark(text, &len); /* as spreadsheets write it */
    const char *end = text + len;
    const struct format *format = format_of(reading->defaults->from, text, end);

    reading->place.json = reading->place.named = format->json;
    reading->place.unit = format->line ? "line" : "element";
    bool ok = format->line ? read_lines(reading, format, text, end, err)
                           : read_array(reading, text, end, err);
    cc_arena_wipe(&reading->row_mem);
    return ok;
}

bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                      const struct cc_target_defaults *defaults, struct cc_targets *targets,
                      struct cc_error *err)
{
    struct reading reading = {.mem = mem, .defaults = defaults, .columns = cc_columns_usual()};

    reading.place.list = defaults->from ? defaults->from : "the list of targets";
    if (!read_all(&reading, text, len, err) ||
        !cc_targets_label(mem, defaults, &reading.found, err)) {
        return false;
    }
    *targets = reading.found;
    return true;
}

bool cc_target_list_read(struct cc_run *run, const char *from, struct cc_target_list *list,
                         struct cc_error *err)
{
    const bool input = cc_text_equal(from, "-");
    struct cc_target_list read = {.name = input ? "standard input" : from};

    if (!(input ? cc_input_read(run, CC_TARGETS_MAX_BYTES, &read.text, &read.len, err)
                : cc_read_file(run, from, CC_TARGETS_MAX_BYTES, &read.text, &read.len, err))) {
        return false;
    }
    *list = read;
    return true;
}
