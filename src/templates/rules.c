#include "credctl/base/text.h"

#include "alternatives.h"

#include <string.h>

/* The rules of schemas about members that go together (see types.c). */

/* How many of the names are there; *maybe: how many can be. */
static size_t present(const struct cc_lint *lint, const struct cc_node *map, const char *names,
                      const char *separator, size_t *maybe, size_t *all)
{
    size_t count = 0;

    *maybe = 0;
    *all = 0;
    while (*names) {
        const size_t len = strcspn(names, separator);
        const enum cc_presence is = cc_presence(map, cc_text_dup(lint->mem, names, len));

        count += is == CC_PRESENT_VALUE;
        *maybe += is == CC_MAYBE_VALUE;
        ++*all;
        names += len;
        names += *names != '\0';
    }
    return count;
}

static void refuse(struct cc_lint *lint, const struct cc_node *map, const char *message)
{
    cc_found_at_name(lint, map, CC_T_PROPERTY_CONFLICT, "%s", message);
}

static void check_one_of(struct cc_lint *lint, const struct cc_node *map, const char *names,
                         bool only_one, const char *type)
{
    size_t maybe = 0;
    size_t all = 0;
    const size_t count = present(lint, map, names, " ", &maybe, &all);

    if (count + maybe == 0) {
        refuse(lint, map, cc_textf(lint->mem, "%s needs one of: %s", type, names));
    } else if (only_one && count > 1) {
        refuse(lint, map, cc_textf(lint->mem, "%s accepts only one of: %s", type, names));
    }
}

static void check_pair(struct cc_lint *lint, const struct cc_node *map, const char *names,
                       bool needs)
{
    const size_t len = strcspn(names, " ");
    const char *first = cc_text_dup(lint->mem, names, len);
    const char *others = names + len + 1;
    size_t maybe = 0;
    size_t all = 0;

    if (cc_presence(map, first) != CC_PRESENT_VALUE) {
        return;
    }
    const size_t count = present(lint, map, others, " ", &maybe, &all);
    if (needs && count + maybe < all) {
        refuse(lint, map, cc_textf(lint->mem, "%s needs also: %s", first, others));
    } else if (!needs && count > 0) {
        refuse(lint, map, cc_textf(lint->mem, "%s cannot be set together with: %s", first, others));
    }
}

/* "A,B|C": sets of members. */
static void check_sets(struct cc_lint *lint, const struct cc_node *map, const char *sets,
                       bool only_one)
{
    size_t met = 0;
    size_t possible = 0;

    for (const char *at = sets; at && *at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
        const char *set = cc_text_dup(lint->mem, at, strcspn(at, "|"));
        size_t maybe = 0;
        size_t all = 0;
        const size_t count = present(lint, map, set, ",", &maybe, &all);

        met += count == all;
        possible += count < all && count + maybe == all;
    }
    if (met + possible == 0) {
        refuse(lint, map, cc_textf(lint->mem, "one of these is needed: %s", sets));
    } else if (only_one && met > 1) {
        refuse(lint, map, cc_textf(lint->mem, "only one of these can be set: %s", sets));
    }
}

void cc_lint_rules_of(struct cc_lint *lint, const struct cc_node *map,
                      const struct cc_object *object, const char *type)
{
    for (const char *const *rule = object->rules; *rule; rule++) {
        const char *arguments = strchr(*rule, ' ') + 1;

        if (cc_text_starts(*rule, "?xor ") || cc_text_starts(*rule, "?or ")) {
            check_one_of(lint, map, arguments, (*rule)[1] == 'x', type);
        } else if (cc_text_starts(*rule, "?needs ") || cc_text_starts(*rule, "?not ")) {
            check_pair(lint, map, arguments, cc_text_starts(*rule, "?needs "));
        } else {
            check_sets(lint, map, arguments, cc_text_starts(*rule, "?one "));
        }
    }
}
