#include "targets.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 3

struct reading {
    struct cc_arena *mem;
    struct cc_arena line_mem; /* of one line */
    const struct cc_target_defaults *defaults;
    size_t line;
    size_t room;
    struct cc_targets found;
};

static const char *name_of(const struct cc_target_defaults *defaults)
{
    return defaults->from ? defaults->from : "the list of targets";
}

static bool bad_line(const struct reading *reading, struct cc_error *err, const char *why)
{
    cc_fail(err, CC_E_USAGE, "%s, line %zu is not a valid target", name_of(reading->defaults),
            reading->line);
    cc_why(err, "%s", why);
    return cc_fix(err, "write `111122223333`, `111122223333,ROLE,EXTERNAL_ID` or a role's ARN");
}

/* Cuts at commas; a column may be quoted. False when there are more columns than known. */
static bool split(struct cc_arena *mem, const char *line, const char *columns[COLUMNS])
{
    size_t count = 0;

    for (;;) {
        size_t len = strcspn(line, ",");
        const char *column = cc_text_trim(mem, cc_text_dup(mem, line, len));
        size_t width = strlen(column);

        if (width >= 2 && column[0] == '"' && column[width - 1] == '"') {
            column = cc_text_dup(mem, column + 1, width - 2);
        }
        if (count == COLUMNS) {
            return false;
        }
        columns[count++] = column;
        if (line[len] == '\0') {
            break;
        }
        line += len + 1;
    }
    while (count < COLUMNS) {
        columns[count++] = "";
    }
    return true;
}

static bool external_id_fits(const char *text)
{
    size_t len = strlen(text);

    return len >= 2 && cc_text_consists(text, "_+=,.@:/-", 1224);
}

/* In the memory of its line. */
static bool read_line(struct reading *reading, const char *line, struct cc_target *target,
                      struct cc_error *err)
{
    struct cc_arena *mem = &reading->line_mem;
    const char *columns[COLUMNS];
    struct cc_arn arn;
    const char *name = NULL;

    if (!split(mem, line, columns)) {
        return bad_line(reading, err, "it has more than three columns");
    }
    const char *role = columns[1][0] ? columns[1] : reading->defaults->role_name;
    *target = (struct cc_target){.role_arn = columns[0]};
    if (cc_account_valid(columns[0])) {
        if (!role) {
            return bad_line(reading, err, "it has no role name, and --role-name is not given");
        }
        target->role_arn = cc_text_starts(role, "arn:")
                               ? role
                               : cc_textf(mem, "arn:%s:iam::%s:role/%s",
                                          reading->defaults->partition, columns[0], role);
    }
    if (!cc_arn_role(mem, target->role_arn, &arn, &name)) {
        return bad_line(reading, err, "it begins with neither an account nor a role's ARN");
    }
    if (cc_account_valid(columns[0]) && !cc_text_equal(arn.account, columns[0])) {
        return bad_line(reading, err, "its role belongs to another account");
    }
    if (columns[2][0] && !external_id_fits(columns[2])) {
        return bad_line(reading, err,
                        "its external ID does not have 2 to 1224 letters, digits and characters "
                        "of _+=,.@:/-");
    }
    target->account = arn.account;
    target->external_id = columns[2][0] ? columns[2] : NULL;
    target->label = name;
    return true;
}

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

static bool take_line(struct reading *reading, const char *line, struct cc_error *err)
{
    struct cc_target read = {0};

    if (reading->found.count == CC_TARGETS_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "%s has more than %d targets", name_of(reading->defaults),
                CC_TARGETS_MAX);
        return cc_fix(err, "split it, and run the parts one after the other");
    }
    if (!read_line(reading, line, &read, err)) {
        return false;
    }
    make_room(reading);
    reading->found.rows[reading->found.count++] = (struct cc_target){
        .account = keep(reading->mem, read.account),
        .role_arn = keep(reading->mem, read.role_arn),
        .external_id = keep(reading->mem, read.external_id),
        .label = keep(reading->mem, read.label),
    };
    return true;
}

/* A line without its comment and the blanks around it. */
static const char *bare(struct cc_arena *mem, const char *line, size_t len)
{
    const char *hash = memchr(line, '#', len);

    return cc_text_trim(mem, cc_text_dup(mem, line, hash ? (size_t)(hash - line) : len));
}

static bool names_columns(const char *line)
{
    return cc_text_starts(line, "account") || cc_text_starts(line, "\"account") ||
           cc_text_starts(line, "role_arn");
}

/* Rows sorted by account, role and external ID, with the place of each in the list. */
struct place {
    const struct cc_target *target;
    const char *external_id; /* the line's, else the common one, else "" */
    size_t at;
};

static int by_target(const void *a, const void *b)
{
    const struct place *one = a;
    const struct place *other = b;
    int order = strcmp(one->target->account, other->target->account);

    order = order ? order : strcmp(one->target->role_arn, other->target->role_arn);
    order = order ? order : strcmp(one->external_id, other->external_id);
    return order ? order : (one->at < other->at ? -1 : 1);
}

static void drop_repeated(struct cc_targets *targets)
{
    size_t kept = 0;

    for (size_t i = 0; i < targets->count; i++) {
        if (targets->rows[i].role_arn) {
            targets->rows[kept++] = targets->rows[i];
        }
    }
    targets->repeated = targets->count - kept;
    targets->count = kept;
}

/*
 * Names of roles differ within an account, but for those in different paths and for one that is
 * listed with two external IDs. No role's name has a '~'.
 */
static const char *longer_label(struct cc_arena *mem, const struct cc_target *target, bool twin,
                                size_t at)
{
    struct cc_arena scratch = {0};
    bool in_path = !cc_text_ends(target->role_arn, cc_textf(&scratch, ":role/%s", target->label));

    cc_arena_wipe(&scratch);
    return in_path || twin ? cc_textf(mem, "%s-%s~%zu", target->account, target->label, at)
                           : cc_textf(mem, "%s-%s", target->account, target->label);
}

/* What a target has in common with another one. */
struct likeness {
    bool repeats; /* an earlier line says the same */
    bool twin;    /* the same role with another external ID */
    bool shares;  /* the account */
};

static void compare(const struct place *before, const struct place *one, struct likeness *likeness)
{
    bool same_role = cc_text_equal(before->target->role_arn, one->target->role_arn);

    if (same_role && cc_text_equal(before->external_id, one->external_id)) {
        likeness[one->at].repeats = true;
        return;
    }
    if (same_role) {
        likeness[before->at].twin = likeness[one->at].twin = true;
    }
    if (cc_text_equal(before->target->account, one->target->account)) {
        likeness[before->at].shares = likeness[one->at].shares = true;
    }
}

static const char *effective_id(const struct cc_target *target,
                                const struct cc_target_defaults *defaults)
{
    const char *id = target->external_id ? target->external_id : defaults->external_id;

    return id ? id : "";
}

/* Marks what an earlier line says too, and gives each account that occurs twice longer labels. */
static void compare_neighbours(struct cc_arena *mem, const struct cc_target_defaults *defaults,
                               struct cc_targets *targets)
{
    struct cc_arena scratch = {0};
    struct place *places = cc_alloc(&scratch, (targets->count + 1) * sizeof(*places));
    struct likeness *likeness = cc_alloc(&scratch, (targets->count + 1) * sizeof(*likeness));

    for (size_t i = 0; i < targets->count; i++) {
        places[i] = (struct place){&targets->rows[i], effective_id(&targets->rows[i], defaults), i};
    }
    qsort(places, targets->count, sizeof(*places), by_target);
    const struct place *before = places; /* the last one that repeats nothing */
    for (size_t i = 1; i < targets->count; i++) {
        compare(before, &places[i], likeness);
        before = likeness[places[i].at].repeats ? before : &places[i];
    }
    for (size_t i = 0; i < targets->count; i++) {
        struct cc_target *target = &targets->rows[i];

        target->label =
            likeness[i].shares ? longer_label(mem, target, likeness[i].twin, i) : target->account;
        target->role_arn = likeness[i].repeats ? NULL : target->role_arn;
    }
    cc_arena_wipe(&scratch);
}

static bool next_line(struct reading *reading, const char *text, size_t len, struct cc_error *err)
{
    const char *line = bare(&reading->line_mem, text, len);

    reading->line++;
    if (memchr(text, '\0', len)) {
        return bad_line(reading, err, "it holds a NUL byte");
    }
    return line[0] == '\0' || (reading->found.count == 0 && names_columns(line)) ||
           take_line(reading, line, err);
}

bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                      const struct cc_target_defaults *defaults, struct cc_targets *targets,
                      struct cc_error *err)
{
    struct reading reading = {.mem = mem, .defaults = defaults};
    bool ok = true;

    text = cc_text_after_mark(text, &len); /* as spreadsheets write it */
    const char *end = text + len;
    while (ok && text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *stop = feed ? feed : end;

        ok = next_line(&reading, text, (size_t)(stop - text), err);
        cc_arena_wipe(&reading.line_mem);
        text = feed ? feed + 1 : end;
    }
    if (!ok) {
        return false;
    }
    compare_neighbours(mem, defaults, &reading.found);
    drop_repeated(&reading.found);
    *targets = reading.found;
    return true;
}
