#include "credctl/base/text.h"

#include "parts.h"

#include <string.h>

/* The values of the policy, with variables replaced. */
struct wanted {
    const char **values;
    size_t count;
    bool unknown; /* a variable has a value that is not known */
};

static struct wanted wanted_of(struct cc_arena *mem, const struct cc_condition *condition,
                               const struct cc_context *context, bool variables)
{
    const struct cc_operator *operator= condition->operator;
    struct wanted wanted = {0};
    size_t count = 0;

    while (condition->values[count]) {
        count++;
    }
    wanted.values = cc_alloc(mem, (count + 1) * sizeof(*wanted.values));
    for (size_t i = 0; i < count; i++) {
        const char *given = condition->values[i];
        const char *value = variables && operator->variables
                                ? cc_pattern_expand(mem, given, context, &wanted.unknown)
                                : given;

        if (value) {
            wanted.values[wanted.count++] =
                value == given || operator->pattern ? value : cc_pattern_plain(mem, value);
        }
    }
    return wanted;
}

static enum cc_tri not(enum cc_tri tri) { return (enum cc_tri)(CC_YES - tri); }

#define BYTES_PER_STEP 16

static bool is_one_of(const struct cc_operator *operator, const char * have,
                      const struct wanted *wanted, struct cc_work *work)
{
    struct cc_arena mem = {0};
    const struct cc_comparing comparing = {&mem, work};
    const size_t len = strlen(have);
    bool hit = false;

    for (size_t i = 0; i < wanted->count && !hit; i++) {
        const char *want = wanted->values[i];

        if (!cc_work_take(work, operator->steps +(len + strlen(want)) / BYTES_PER_STEP)) {
            break;
        }
        hit = operator->same(&comparing, have, want);
        cc_arena_wipe(&mem);
    }
    return hit;
}

static enum cc_tri one_holds(const struct cc_operator *operator, const char * have,
                             const struct wanted *wanted, struct cc_work *work)
{
    const bool hit = is_one_of(operator, have, wanted, work);
    const enum cc_tri found = hit                                      ? CC_YES
                              : wanted->unknown || cc_work_spent(work) ? CC_MAYBE
                                                                       : CC_NO;

    return operator->negated ? not(found) : found;
}

/* One of the values, "true" or "false", fits the key. */
static enum cc_tri null_holds(const struct cc_condition *condition, const struct cc_key *key)
{
    const bool absent = !key->values || !key->values[0];
    bool wants[2] = {false, false}; /* that the key is there, that it is not */

    for (size_t i = 0; condition->values[i]; i++) {
        wants[1] = wants[1] || cc_text_is_true(condition->values[i]);
        wants[0] = wants[0] || cc_text_equal_nocase(condition->values[i], "false");
    }
    if (key->unknown && wants[0] != wants[1]) {
        return CC_MAYBE;
    }
    return wants[absent] ? CC_YES : CC_NO;
}

/* The request does not have the key. */
static enum cc_tri absent_holds(const struct cc_condition *condition)
{
    if (condition->if_exists || condition->set == CC_SET_ALL_VALUES) {
        return CC_YES;
    }
    return condition->operator->negated && condition->set == CC_SET_NONE ? CC_YES : CC_NO;
}

/* For the set operators an empty text is as good as no value (IAM User Guide, "Single-valued vs.
 * multivalued context keys"). */
static bool only_empty(const struct cc_key *key)
{
    size_t i = 0;

    while (key->values[i] && key->values[i][0] == '\0') {
        i++;
    }
    return !key->values[i];
}

static enum cc_tri values_hold(struct cc_arena *mem, const struct cc_condition *condition,
                               const struct cc_key *key, const struct cc_context *context,
                               bool variables)
{
    const struct cc_operator *operator= condition->operator;
    const struct wanted wanted = wanted_of(mem, condition, context, variables);
    const bool all =
        condition->set == CC_SET_ALL_VALUES || (condition->set == CC_SET_NONE && operator->negated);
    enum cc_tri holds = all ? CC_YES : CC_NO;

    for (size_t i = 0; key->values[i] && !cc_work_spent(context->work); i++) {
        const enum cc_tri one = one_holds(operator, key->values[i], &wanted, context->work);
        const bool counts = all ? one < holds : one > holds;

        holds = counts ? one : holds;
    }
    return holds;
}

enum cc_tri cc_condition_holds(struct cc_arena *mem, const struct cc_condition *condition,
                               const struct cc_context *context, bool variables)
{
    const struct cc_key key = cc_context_key(context, condition->key);

    if (condition->operator->null) {
        return null_holds(condition, &key);
    }
    if (key.unknown) {
        return CC_MAYBE;
    }
    if (!key.values || !key.values[0]) {
        return absent_holds(condition);
    }
    if (condition->set != CC_SET_NONE && only_empty(&key)) {
        return condition->set == CC_SET_ALL_VALUES ? CC_YES : CC_NO;
    }
    const enum cc_tri holds = values_hold(mem, condition, &key, context, variables);

    return cc_work_spent(context->work) ? CC_MAYBE : holds;
}
