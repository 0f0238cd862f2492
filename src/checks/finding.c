#include "credctl/base/text.h"
#include "credctl/checks/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const cc_health_words[] = {
    [CC_HEALTH_OK] = "ok",
    [CC_HEALTH_WARNING] = "warning",
    [CC_HEALTH_FAILED] = "failed",
    [CC_HEALTH_NOT_CHECKED] = "not_checked",
    [CC_HEALTH_NOT_CHECKED + 1] = NULL,
};

static const char *const *check_names(struct cc_arena *mem)
{
    size_t count = 0;

    while (cc_checks[count]) {
        count++;
    }
    const char **names = cc_alloc(mem, (count + 1) * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        names[i] = cc_checks[i]->name;
    }
    return (const char *const *)names;
}

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_finding, member, NULL, __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, check, "the check", .words_from = check_names),
    ROW(TEXT, title, "its title, for people"),
    ROW(WORD, status, "what it found", .words = cc_health_words),
    ROW(TEXT, says, "what was seen; null when it was not checked", .rules = CC_NULL),
    ROW(TEXT, why_not, "why it was not checked; else null", .rules = CC_NULL),
    ROW(TEXT, fix, "what to do; null when nothing is to be done", .rules = CC_NULL),
    ROW(TEXT, code, "stable code, as in docs/errors.md; null when nothing is wrong",
        .rules = CC_NULL),
    {0},
};
// clang-format on
const struct cc_shape cc_finding_shape = {"finding", fields, sizeof(struct cc_finding)};

static struct cc_finding *add(struct cc_checkup *checkup, enum cc_health status)
{
    struct cc_arena *mem = &checkup->run->mem;

    if (checkup->count == checkup->room) {
        const size_t room = checkup->room > 0 ? 2 * checkup->room : 32;
        struct cc_finding *more = cc_alloc(mem, room * sizeof(*more));

        if (checkup->count > 0) {
            memcpy(more, checkup->findings, checkup->count * sizeof(*more));
        }
        checkup->findings = more;
        checkup->room = room;
    }
    struct cc_finding *one = &checkup->findings[checkup->count++];
    *one = (struct cc_finding){
        .check = checkup->check->name, .title = checkup->check->title, .status = status};
    return one;
}

CC_PRINTF(2, 0)
static const char *text_of(struct cc_checkup *checkup, const char *fmt, va_list args)
{
    va_list again;

    va_copy(again, args);
    const size_t size = (size_t)vsnprintf(NULL, 0, fmt, again) + 1;
    va_end(again);
    char *text = cc_alloc(&checkup->run->mem, size);
    (void)vsnprintf(text, size, fmt, args);
    cc_text_make_printable(text);
    return text;
}

void cc_found_ok(struct cc_checkup *checkup, const char *says, ...)
{
    va_list args;

    va_start(args, says);
    add(checkup, CC_HEALTH_OK)->says = text_of(checkup, says, args);
    va_end(args);
}

void cc_found_unchecked(struct cc_checkup *checkup, const char *why_not, ...)
{
    va_list args;

    va_start(args, why_not);
    add(checkup, CC_HEALTH_NOT_CHECKED)->why_not = text_of(checkup, why_not, args);
    va_end(args);
}

static void tell(struct cc_checkup *checkup, enum cc_health status, const struct cc_error *err)
{
    struct cc_arena *mem = &checkup->run->mem;
    struct cc_finding *one = add(checkup, status);
    struct cc_error *kept = cc_alloc(mem, sizeof(*kept));

    *kept = *err;
    one->error = kept;
    one->says = kept->why[0] ? cc_textf(mem, "%s: %s", kept->what, kept->why) : kept->what;
    one->fix = kept->fix;
    one->code = cc_code_name(kept->code);
}

void cc_found_warning(struct cc_checkup *checkup, const struct cc_error *err)
{
    tell(checkup, CC_HEALTH_WARNING, err);
}

void cc_found_failure(struct cc_checkup *checkup, const struct cc_error *err)
{
    tell(checkup, CC_HEALTH_FAILED, err);
}

/* True when a finding of the check that runs is the cause of the breakdown. */
static bool blame(struct cc_checkup *checkup, unsigned explains)
{
    const bool is_cause = (cc_checkup_breakdown(checkup) & explains) != 0;

    if (is_cause && !checkup->cause) {
        checkup->cause = checkup->check->title;
    }
    return is_cause;
}

void cc_found_cause(struct cc_checkup *checkup, unsigned explains, const struct cc_error *err)
{
    tell(checkup, blame(checkup, explains) ? CC_HEALTH_FAILED : CC_HEALTH_WARNING, err);
}

void cc_found_broken(struct cc_checkup *checkup, unsigned explains, const struct cc_error *err)
{
    (void)blame(checkup, explains);
    tell(checkup, CC_HEALTH_FAILED, err);
}

static bool same(const struct cc_error *a, const struct cc_error *b)
{
    return a->code == b->code && strcmp(a->what, b->what) == 0 && strcmp(a->why, b->why) == 0;
}

void cc_found_of_chain(struct cc_checkup *checkup, const struct cc_error *err)
{
    const struct cc_stage *keys = cc_checkup_keys(checkup);
    const bool ends_it = keys->state == CC_STAGE_FAILED && same(&keys->why, err);

    tell(checkup, ends_it ? CC_HEALTH_FAILED : CC_HEALTH_WARNING, err);
}

bool cc_found_nothing(const struct cc_checkup *checkup)
{
    return checkup->count == checkup->begun;
}

const char *cc_found_before(const struct cc_checkup *checkup, const struct cc_error *err)
{
    for (size_t i = 0; i < checkup->count; i++) {
        const struct cc_finding *one = &checkup->findings[i];

        if (one->status == CC_HEALTH_FAILED && same(one->error, err)) {
            return one->title;
        }
    }
    return checkup->cause;
}

void cc_checkup_run(struct cc_checkup *checkup)
{
    for (const struct cc_check *const *row = cc_checks; *row; row++) {
        checkup->check = *row;
        checkup->begun = checkup->count;
        (*row)->run(checkup);
    }
}
