#include "credctl/targets/targets.h"

#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "columns.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct cc_arena *mem;
    struct cc_arena line_mem; /* of one line */
    const struct cc_target_defaults *defaults;
    struct cc_column_order order;
    bool begun; /* the first line that is not blank has been read */
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

static bool external_id_fits(const char *text)
{
    size_t len = strlen(text);

    return len >= 2 && cc_text_consists(text, "_+=,.@:/-", 1224);
}

/* A path as IAM shows it: with or without a slash at the start. */
static const char *after_slash(const char *role)
{
    return role[0] == '/' ? role + 1 : role;
}

static bool wrong_role_name(const struct reading *reading, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "--role-name: \"%.200s\" is not valid", reading->defaults->role_name);
    return cc_why(err, "a role name has up to 64 letters, digits and characters of _+=,.@-");
}

static bool take_role(struct reading *reading, const char *text, struct cc_arn *arn,
                      struct cc_target *target)
{
    if (!cc_arn_role(&reading->line_mem, text, arn, &target->label)) {
        return false;
    }
    target->role_arn = text;
    target->account = arn->account;
    return true;
}

static bool role_of_account(struct reading *reading, const char *account, const char *role,
                            struct cc_target *target, struct cc_error *err)
{
    const bool common = !role[0];
    struct cc_arn arn;

    role = common ? reading->defaults->role_name : role;
    if (!role) {
        return bad_line(reading, err, "it has no role name, and --role-name is not given");
    }
    const char *text = cc_text_starts(role, "arn:")
                           ? role
                           : cc_textf(&reading->line_mem, "arn:%s:iam::%s:role/%s",
                                      reading->defaults->partition, account, after_slash(role));
    if (!take_role(reading, text, &arn, target)) {
        return common ? wrong_role_name(reading, err)
                      : bad_line(reading, err, "its second column is not a role name");
    }
    return cc_text_equal(target->account, account) ||
           bad_line(reading, err, "its role belongs to another account");
}

/* After a role ARN, its name can be repeated. */
static bool role_by_arn(struct reading *reading, const char *text, const char *role,
                        struct cc_target *target, struct cc_error *err)
{
    struct cc_arn arn;

    if (!text[0] && cc_text_starts(role, "arn:")) { /* a list of role_arn has no account */
        text = role;
    }
    if (!take_role(reading, text, &arn, target)) {
        return bad_line(reading, err, "it begins with neither an account nor a role's ARN");
    }
    return !role[0] || cc_text_equal(role, text) || cc_text_equal(role, target->label) ||
           cc_text_equal(after_slash(role), arn.resource + strlen("role/")) ||
           bad_line(reading, err,
                    "its second column is another role than that of its ARN; the external ID is "
                    "the third column");
}

/* In the memory of its line. */
static bool read_line(struct reading *reading, const struct cc_line *line, struct cc_target *target,
                      struct cc_error *err)
{
    const char *columns[CC_COLUMNS] = {"", "", ""};

    for (size_t i = 0; i < CC_COLUMNS; i++) {
        if (i < reading->order.count) {
            columns[reading->order.which[i]] = line->columns[i];
        } else if (line->columns[i][0]) {
            return bad_line(reading, err, "it has more columns than the first line names");
        }
    }
    const char *first = columns[CC_COLUMN_TARGET];
    const char *role = columns[CC_COLUMN_ROLE];
    const char *external_id = columns[CC_COLUMN_EXTERNAL_ID];

    *target = (struct cc_target){0};
    if (!(cc_account_valid(first) ? role_of_account(reading, first, role, target, err)
                                  : role_by_arn(reading, first, role, target, err))) {
        return false;
    }
    if (external_id[0] && !external_id_fits(external_id)) {
        return bad_line(reading, err,
                        "its external ID does not have 2 to 1224 letters, digits and characters "
                        "of _+=,.@:/-");
    }
    target->external_id = external_id[0] ? external_id : NULL;
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

static bool take_line(struct reading *reading, const struct cc_line *line, struct cc_error *err)
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

/* Rows sorted by account, role and external ID, with their places in the list. */
struct place {
    const struct cc_target *target;
    const char *external_id; /* that of the line, else the common one, else "" */
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
 * Names of roles differ within an account, but for those in different paths, for one that is listed
 * with two external IDs, and for accounts of another partition, which have numbers of their own. No
 * role's name has a '~'.
 */
static const char *longer_label(struct cc_arena *mem, const struct cc_target *target, bool twin,
                                const char *partition, size_t at)
{
    struct cc_arena scratch = {0};
    const char *plain =
        cc_textf(&scratch, "arn:%s:iam::%s:role/%s", partition, target->account, target->label);
    bool alone = cc_text_equal(target->role_arn, plain) && !twin;

    cc_arena_wipe(&scratch);
    return alone ? cc_textf(mem, "%s-%s", target->account, target->label)
                 : cc_textf(mem, "%s-%s~%zu", target->account, target->label, at);
}

/* How a target repeats another one. */
struct likeness {
    bool repeats; /* an earlier line is the same */
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

/* Marks repeated lines, and gives accounts that occur twice longer labels. */
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
    const struct place *before = places; /* the last one that is not a repetition */
    for (size_t i = 1; i < targets->count; i++) {
        compare(before, &places[i], likeness);
        before = likeness[places[i].at].repeats ? before : &places[i];
    }
    for (size_t i = 0; i < targets->count; i++) {
        struct cc_target *target = &targets->rows[i];

        target->label = likeness[i].shares
                            ? longer_label(mem, target, likeness[i].twin, defaults->partition, i)
                            : target->account;
        target->role_arn = likeness[i].repeats ? NULL : target->role_arn;
    }
    cc_arena_wipe(&scratch);
}

static bool take_order(struct reading *reading, const struct cc_line *line, struct cc_error *err)
{
    const char *why = NULL;

    return cc_line_order(line, &reading->order, &why) || bad_line(reading, err, why);
}

static bool next_line(struct reading *reading, const char *text, size_t len, struct cc_error *err)
{
    struct cc_line line;
    const char *why = NULL;

    reading->line++;
    if (memchr(text, '\0', len)) {
        return bad_line(reading, err, "it holds a NUL byte");
    }
    if (!cc_line_cut(&reading->line_mem, text, len, &line, &why)) {
        return bad_line(reading, err, why);
    }
    if (line.blank) {
        return true;
    }
    bool first = !reading->begun;
    reading->begun = true;
    return first && cc_line_names_columns(&line) ? take_order(reading, &line, err)
                                                 : take_line(reading, &line, err);
}

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

bool cc_targets_parse(struct cc_arena *mem, const char *text, size_t len,
                      const struct cc_target_defaults *defaults, struct cc_targets *targets,
                      struct cc_error *err)
{
    struct reading reading = {.mem = mem, .defaults = defaults, .order = cc_column_order_usual};
    bool ok = true;

    if (is_utf16(text, len)) {
        cc_fail(err, CC_E_USAGE, "%s is not in UTF-8", name_of(defaults));
        cc_why(err, "it looks like UTF-16");
        return cc_fix(err, "save it as UTF-8");
    }
    text = cc_text_after_mark(text, &len); /* as spreadsheets write it */
    const char *end = text + len;
    while (ok && text < end) {
        const char *stop = line_end(text, end);

        ok = next_line(&reading, text, (size_t)(stop - text), err);
        cc_arena_wipe(&reading.line_mem);
        text = next_begin(stop, end);
    }
    if (!ok) {
        return false;
    }
    compare_neighbours(mem, defaults, &reading.found);
    drop_repeated(&reading.found);
    *targets = reading.found;
    return true;
}
