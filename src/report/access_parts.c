#include "access_html.h"

/* What the page counts, and which part a target belongs to. */

static enum cc_access_part part_of(const struct cc_access_result *result)
{
    switch (result->outcome) {
    case CC_ACCESS_DENIED: return CC_PART_DENIED;
    case CC_ACCESS_ERROR: return CC_PART_ERROR;
    case CC_ACCESS_NOT_RUN: return CC_PART_NOT_RUN;
    default: return CC_PART_ALLOWED;
    }
}

const char *cc_access_tone(const struct cc_access_result *result)
{
    static const char *const tones[CC_PART_COUNT] = {
        [CC_PART_ALLOWED] = "good", [CC_PART_DENIED] = "bad", [CC_PART_ERROR] = "warn"};
    const enum cc_access_part part = part_of(result);

    if (part == CC_PART_ALLOWED && cc_access_noteworthy(result)) {
        return "warn";
    }
    return tones[part] ? tones[part] : "";
}

unsigned cc_access_filters(const struct cc_access_page *page, const struct cc_access_result *result)
{
    const enum cc_access_part part = part_of(result);
    unsigned filters = 1U << page->filters[part];

    if (part == CC_PART_ALLOWED && cc_access_noteworthy(result)) {
        filters |= 1U << page->filters[CC_PART_FOUND];
    }
    return filters;
}

const char *cc_access_place(const struct cc_access_page *page, size_t i)
{
    const struct cc_access_result *result = &page->answer->targets[i];

    return cc_access_noteworthy(result) ? cc_textf(page->out->mem, "t%zu", i) : NULL;
}

static int64_t count_found(const struct cc_access_answer *answer)
{
    int64_t count = 0;

    for (size_t i = 0; i < answer->target_count; i++) {
        count += answer->targets[i].outcome == CC_ACCESS_ALLOWED &&
                 cc_access_noteworthy(&answer->targets[i]);
    }
    return count;
}

/* Parts that are rare are only there when they have something. */
void cc_access_parts(struct cc_access_page *page, struct cc_page_part parts[CC_PART_COUNT + 1])
{
    const struct cc_access_answer *answer = page->answer;
    const struct cc_page_part rows[CC_PART_COUNT] = {
        [CC_PART_ALL] = {answer->total == 1 ? "target" : "targets", "", answer->total},
        [CC_PART_ALLOWED] = {"allowed", "good", answer->allowed},
        [CC_PART_DENIED] = {"denied", "bad", answer->denied},
        [CC_PART_ERROR] = {"could not be tested", "warn", answer->errors},
        [CC_PART_FOUND] = {"allowed, with a warning", "warn", count_found(answer)},
        [CC_PART_NOT_RUN] = {"not run", "", answer->not_run},
    };
    unsigned count = 0;

    if (answer->not_expanded) { /* nothing was tested */
        parts[0] = (struct cc_page_part){answer->discovered_count == 1 ? "role" : "roles", "",
                                         (int64_t)answer->discovered_count};
        parts[1] = (struct cc_page_part){0};
        return;
    }
    for (int i = 0; i < CC_PART_COUNT; i++) {
        if (i <= CC_PART_DENIED || rows[i].count > 0) {
            page->filters[i] = count;
            parts[count++] = rows[i];
        }
    }
    parts[count] = (struct cc_page_part){0};
}
