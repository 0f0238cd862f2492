#include "targets.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 3

struct reading {
    struct cc_arena *mem;
    const struct cc_target_defaults *defaults;
    size_t line;
};

static bool bad_line(const struct reading *reading, struct cc_error *err, const char *why)
{
    cc_fail(err, CC_E_USAGE, "line %zu of the targets is not usable", reading->line);
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

static bool take_line(const struct reading *reading, const char *line, struct cc_target *target,
                      struct cc_error *err)
{
    const char *columns[COLUMNS];
    struct cc_arn arn;
    const char *name = NULL;

    if (!split(reading->mem, line, columns)) {
        return bad_line(reading, err, "it has more than three columns");
    }
    const char *role = columns[1][0] ? columns[1] : reading->defaults->role_name;
    *target = (struct cc_target){.role_arn = columns[0]};
    if (cc_account_valid(columns[0])) {
        if (!role) {
            return bad_line(reading, err, "it names no role, and there is no --role-name");
        }
        target->role_arn = cc_text_starts(role, "arn:")
                               ? role
                               : cc_textf(reading->mem, "arn:%s:iam::%s:role/%s",
                                          reading->defaults->partition, columns[0], role);
    }
    if (!cc_arn_role(reading->mem, target->role_arn, &arn, &name)) {
        return bad_line(reading, err, "it begins with neither an account nor a role's ARN");
    }
    if (cc_account_valid(columns[0]) && !cc_text_equal(arn.account, columns[0])) {
        return bad_line(reading, err, "its role is of another account");
    }
    if (columns[2][0] && !external_id_fits(columns[2])) {
        return bad_line(reading, err, "its external ID is none");
    }
    target->account = arn.account;
    target->external_id = columns[2][0] ? columns[2] : NULL;
    target->label = name;
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

/* Rows sorted by account, then role, with the place of each in the list. */
struct place {
    const struct cc_target *target;
    size_t at;
};

static int by_role(const void *a, const void *b)
{
    const struct place *one = a;
    const struct place *other = b;
    int order = strcmp(one->target->account, other->target->account);

    order = order ? order : strcmp(one->target->role_arn, other->target->role_arn);
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

/* Names differ within an account, but for roles in different paths. */
static const char *longer_label(struct cc_arena *mem, const struct cc_target *target, size_t at)
{
    bool in_path = !cc_text_ends(target->role_arn, cc_textf(mem, ":role/%s", target->label));

    return in_path ? cc_textf(mem, "%s-%s-%zu", target->account, target->label, at)
                   : cc_textf(mem, "%s-%s", target->account, target->label);
}

/* Marks what an earlier line says too, and gives each account that occurs twice longer labels. */
static void compare_neighbours(struct cc_arena *mem, struct cc_targets *targets)
{
    struct place *places = cc_alloc(mem, (targets->count + 1) * sizeof(*places));
    bool *repeats = cc_alloc(mem, (targets->count + 1) * sizeof(*repeats));
    bool *shared = cc_alloc(mem, (targets->count + 1) * sizeof(*shared));

    for (size_t i = 0; i < targets->count; i++) {
        places[i] = (struct place){&targets->rows[i], i};
    }
    qsort(places, targets->count, sizeof(*places), by_role);
    const struct place *before = places; /* the last one that repeats nothing */
    for (size_t i = 1; i < targets->count; i++) {
        if (cc_text_equal(before->target->role_arn, places[i].target->role_arn)) {
            repeats[places[i].at] = true;
            continue;
        }
        if (cc_text_equal(before->target->account, places[i].target->account)) {
            shared[before->at] = shared[places[i].at] = true;
        }
        before = &places[i];
    }
    for (size_t i = 0; i < targets->count; i++) {
        struct cc_target *target = &targets->rows[i];

        target->label = shared[i] ? longer_label(mem, target, i) : target->account;
        target->role_arn = repeats[i] ? NULL : target->role_arn;
    }
}

bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                      const struct cc_target_defaults *defaults, struct cc_targets *targets,
                      struct cc_error *err)
{
    struct reading reading = {mem, defaults, 0};
    struct cc_targets found = {.rows = cc_alloc(mem, CC_TARGETS_MAX * sizeof(*found.rows))};
    const char *end = text + len;

    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *stop = feed ? feed : end;
        const char *line = bare(mem, text, (size_t)(stop - text));

        reading.line++;
        if (memchr(text, '\0', (size_t)(stop - text))) {
            return bad_line(&reading, err, "it holds a NUL byte");
        }
        text = feed ? feed + 1 : end;
        if (line[0] == '\0' || (found.count == 0 && names_columns(line))) {
            continue;
        }
        if (found.count == CC_TARGETS_MAX) {
            return cc_fail(err, CC_E_TOO_BIG, "there are more than %d targets", CC_TARGETS_MAX);
        }
        if (!take_line(&reading, line, &found.rows[found.count], err)) {
            return false;
        }
        found.count++;
    }
    compare_neighbours(mem, &found);
    drop_repeated(&found);
    *targets = found;
    return true;
}
