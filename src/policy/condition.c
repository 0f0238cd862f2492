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
    struct wanted wanted = {0};
    size_t count = 0;

    while (condition->values[count]) {
        count++;
    }
    wanted.values = cc_alloc(mem, (count + 1) * sizeof(*wanted.values));
    for (size_t i = 0; i < count; i++) {
        const char *value =
            variables ? cc_pattern_expand(mem, condition->values[i], context, &wanted.unknown)
                      : condition->values[i];

        if (value) {
            wanted.values[wanted.count++] = value;
        }
    }
    return wanted;
}

static enum cc_tri not(enum cc_tri tri) { return (enum cc_tri)(CC_YES - tri); }

static enum cc_tri one_holds(struct cc_arena *mem, const struct cc_operator *operator,
                             const char * have, const struct wanted *wanted)
{
    bool hit = false;

    for (size_t i = 0; i < wanted->count && !hit; i++) {
        hit = operator->same(mem, have, wanted->values[i]);
    }
    const enum cc_tri found = hit ? CC_YES : wanted->unknown ? CC_MAYBE : CC_NO;

    return operator->negated ? not(found) : found;
}

static enum cc_tri null_holds(const struct cc_condition *condition, const struct cc_key *key)
{
    const bool absent = !key->values || !key->values[0];

    if (key->unknown) {
        return CC_MAYBE;
    }
    return absent == cc_text_is_true(condition->values[0]) ? CC_YES : CC_NO;
}

/* The request does not have the key. */
static enum cc_tri absent_holds(const struct cc_condition *condition)
{
    if (condition->if_exists || condition->set == CC_SET_ALL_VALUES) {
        return CC_YES;
    }
    return condition->operator->negated && condition->set == CC_SET_NONE ? CC_YES : CC_NO;
}

enum cc_tri cc_condition_holds(struct cc_arena *mem, const struct cc_condition *condition,
                               const struct cc_context *context, bool variables)
{
    const struct cc_operator *operator= condition->operator;
    const struct cc_key key = cc_context_key(context, condition->key);
    const bool all =
        condition->set == CC_SET_ALL_VALUES || (condition->set == CC_SET_NONE && operator->negated);

    if (operator->null) {
        return null_holds(condition, &key);
    }
    if (key.unknown) {
        return CC_MAYBE;
    }
    if (!key.values || !key.values[0]) {
        return absent_holds(condition);
    }
    const struct wanted wanted = wanted_of(mem, condition, context, variables);
    enum cc_tri holds = all ? CC_YES : CC_NO;

    for (size_t i = 0; key.values[i]; i++) {
        const enum cc_tri one = one_holds(mem, operator, key.values[i], &wanted);
        const bool counts = all ? one < holds : one > holds;

        holds = counts ? one : holds;
    }
    return holds;
}
