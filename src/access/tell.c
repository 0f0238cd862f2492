#include "credctl/access/evidence.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "tour.h"

#include <string.h>

/* Puts what was found out into a result. */

static const char *const *names_of(struct cc_arena *mem, const enum cc_cause *causes, size_t count)
{
    const char **names = cc_alloc(mem, (count + 1) * sizeof(*names));

    for (size_t i = 0; i < count; i++) {
        names[i] = cc_cause_name(causes[i]);
    }
    return (const char *const *)names;
}

/* The side of all causes; NULL when they are on several. */
static const char *side_of(const enum cc_cause *causes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (cc_cause_side(causes[i]) != cc_cause_side(causes[0])) {
            return NULL;
        }
    }
    return cc_side_names[cc_cause_side(causes[0])];
}

static void tell_causes(struct cc_arena *mem, const enum cc_cause *causes, size_t count,
                        enum cc_certainty certainty, struct cc_access_result *result)
{
    result->cause = cc_cause_name(causes[0]);
    result->side = side_of(causes, count);
    result->certainty = cc_certainties[certainty];
    result->candidates = names_of(mem, causes, count);
}

void cc_result_trouble(struct cc_arena *mem, const struct cc_access_trouble *trouble,
                       const struct cc_error *err, struct cc_access_result *result)
{
    struct cc_error *copy = cc_alloc(mem, sizeof(*copy));
    const enum cc_cause *causes =
        trouble->candidate_count > 0 ? trouble->candidates : &trouble->cause;
    const size_t count = trouble->candidate_count > 0 ? trouble->candidate_count : 1;

    *copy = *err;
    if (trouble->fix) {
        cc_fix(copy, "%s", trouble->fix);
    }
    if (!copy->why[0]) {
        cc_why(copy, "%s", copy->what);
    }
    result->outcome = CC_ACCESS_ERROR;
    tell_causes(mem, causes, count, trouble->certainty, result);
    result->why = copy->why;
    result->fix = copy->fix;
    result->error = copy;
    result->assumed_role_arn = NULL;
}

void cc_result_skew(struct cc_arena *mem, int64_t skew, struct cc_access_result *result)
{
    static const enum cc_cause cause = CC_CAUSE_CLOCK;

    tell_causes(mem, &cause, 1, CC_CERTAIN, result);
    result->why =
        cc_textf(mem, "this host's clock is %s %s AWS; the call succeeded with the time of AWS",
                 cc_time_span(mem, skew < 0 ? -skew : skew), skew < 0 ? "ahead of" : "behind");
    result->fix = "set this host's clock, for example with chrony";
}

void cc_result_diagnosis(struct cc_arena *mem, const struct cc_diagnosis *diagnosis,
                         struct cc_access_result *result)
{
    result->outcome = CC_ACCESS_DENIED;
    tell_causes(mem, diagnosis->candidates, diagnosis->count, diagnosis->certainty, result);
    result->why = diagnosis->why;
    result->fix = diagnosis->fix;
    result->statement = diagnosis->statement;
    result->attach_to = diagnosis->attach_to;
    result->policy_kind = diagnosis->policy_kind;
    if (diagnosis->statement) {
        result->change = diagnosis->replace ? "replace" : "add";
        result->replaces = diagnosis->replaces;
    }
}
