#include "credctl/base/text.h"

#include "row.h"

#include <stdlib.h>
#include <string.h>

/* Which targets repeat an earlier one, and what each is called. */

/* A target with its place in the list. What is missing is "". */
struct place {
    const struct cc_target *target;
    const char *external_id; /* that of the row, else the common one */
    const char *name;
    const char *more; /* as text */
    size_t at;
};

static const char *or_none(const char *text)
{
    return text ? text : "";
}

static int by_identity(const struct place *one, const struct place *other)
{
    int order = strcmp(one->target->account, other->target->account);

    order = order ? order : strcmp(one->target->role_arn, other->target->role_arn);
    order = order ? order : strcmp(one->external_id, other->external_id);
    return order ? order : strcmp(one->name, other->name);
}

static int by_target(const void *a, const void *b)
{
    const struct place *one = a;
    const struct place *other = b;
    int order = by_identity(one, other);

    order = order ? order : strcmp(one->more, other->more);
    return order ? order : (one->at < other->at ? -1 : 1);
}

/* How a target repeats another one. */
struct likeness {
    bool repeats; /* an earlier row is the same */
    bool twin;    /* the same role in another row that is not the same */
    bool shares;  /* the account */
};

/* True when both rows are the same target. */
static bool compare(const struct place *before, const struct place *one, struct likeness *likeness)
{
    const bool same = by_identity(before, one) == 0;

    if (same && cc_text_equal(before->more, one->more)) {
        likeness[one->at].repeats = true;
        return true;
    }
    if (cc_text_equal(before->target->role_arn, one->target->role_arn)) {
        likeness[before->at].twin = likeness[one->at].twin = true;
    }
    if (cc_text_equal(before->target->account, one->target->account)) {
        likeness[before->at].shares = likeness[one->at].shares = true;
    }
    return same;
}

static bool contradict(const struct cc_target_defaults *defaults, const struct cc_target *target,
                       struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "%s has the same target twice, with different settings",
            defaults->from ? defaults->from : "the list of targets");
    cc_why(err, "two rows for %.500s have the same external ID and the same name",
           target->role_arn);
    return cc_fix(err, "give each of them a name of its own");
}

static size_t put_places(struct cc_arena *mem, const struct cc_targets *targets,
                         const struct cc_target_defaults *defaults, struct place *places)
{
    size_t count = 0;

    for (size_t i = 0; i < targets->count; i++) {
        const struct cc_target *target = &targets->rows[i];
        const char *id = target->external_id ? target->external_id : defaults->external_id;

        if (!target->wrong) {
            places[count++] =
                (struct place){target, or_none(id), or_none(target->name),
                               target->more ? cc_target_more_text(mem, target->more) : "", i};
        }
    }
    return count;
}

static bool compare_neighbours(const struct cc_targets *targets,
                               const struct cc_target_defaults *defaults, struct likeness *likeness,
                               struct cc_error *err)
{
    struct cc_arena mem = {0};
    struct place *places = cc_alloc(&mem, (targets->count + 1) * sizeof(*places));
    const size_t count = put_places(&mem, targets, defaults, places);
    const struct place *before = places; /* the last one that is not a repetition */
    bool ok = true;

    qsort(places, count, sizeof(*places), by_target);
    for (size_t i = 1; i < count && ok; i++) {
        const bool same = compare(before, &places[i], likeness);
        const bool repeats = likeness[places[i].at].repeats;

        ok = !same || repeats || defaults->lenient || contradict(defaults, places[i].target, err);
        before = repeats ? before : &places[i];
    }
    cc_arena_wipe(&mem);
    return ok;
}

/*
 * Names of roles differ within an account, but for those in different paths, for one that is listed
 * twice, and for accounts of another partition, which have numbers of their own. No role's name has
 * a '~'.
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

static void label_and_drop(struct cc_arena *mem, const struct cc_target_defaults *defaults,
                           const struct likeness *likeness, struct cc_targets *targets)
{
    size_t kept = 0;

    for (size_t i = 0; i < targets->count; i++) {
        struct cc_target *target = &targets->rows[i];

        if (!target->wrong) {
            target->label = likeness[i].shares ? longer_label(mem, target, likeness[i].twin,
                                                              defaults->partition, i)
                                               : target->account;
        }
        if (!likeness[i].repeats) {
            targets->rows[kept++] = *target;
        }
    }
    targets->repeated = targets->count - kept;
    targets->count = kept;
}

/* --- names as labels --- */

/* All other labels begin with 12 digits, or have a '~'. */
static bool is_safe(const char *name)
{
    return cc_text_consists(name, "_+=,.@-", 100) && name[0] != '.' && name[0] != '-' &&
           strspn(name, "0123456789") < 12;
}

struct named {
    const char *name;
    struct cc_target *target;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static void label_with_names(struct cc_targets *targets)
{
    struct cc_arena mem = {0};
    struct named *named = cc_alloc(&mem, (targets->count + 1) * sizeof(*named));
    size_t count = 0;

    for (size_t i = 0; i < targets->count; i++) {
        if (is_safe(targets->rows[i].name)) {
            named[count++] = (struct named){targets->rows[i].name, &targets->rows[i]};
        }
    }
    qsort(named, count, sizeof(*named), by_name);
    for (size_t i = 0; i < count; i++) {
        const bool twice = (i > 0 && by_name(&named[i - 1], &named[i]) == 0) ||
                           (i + 1 < count && by_name(&named[i], &named[i + 1]) == 0);

        named[i].target->label = twice ? named[i].target->label : named[i].name;
    }
    cc_arena_wipe(&mem);
}

bool cc_targets_label(struct cc_arena *mem, const struct cc_target_defaults *defaults,
                      struct cc_targets *targets, struct cc_error *err)
{
    struct cc_arena scratch = {0};
    struct likeness *likeness = cc_alloc(&scratch, (targets->count + 1) * sizeof(*likeness));
    const bool ok = compare_neighbours(targets, defaults, likeness, err);

    if (ok) {
        label_and_drop(mem, defaults, likeness, targets);
        label_with_names(targets);
    }
    cc_arena_wipe(&scratch);
    return ok;
}
