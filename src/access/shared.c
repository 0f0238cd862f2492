#include "credctl/access/access.h"
#include "credctl/base/buf.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * Targets have a remedy in common when it is the same but for their own role and account: a policy
 * of the caller that lacks many roles, a trust policy that was rolled out to many accounts.
 */

#define ROLE       "<role>"
#define ACCOUNT    "<account>"
#define POLICY_MAX 6144 /* characters of a managed policy (IAM User Guide, "IAM quotas") */

struct row {
    const char *key;
    size_t target;
};

struct group {
    const struct row *rows;
    size_t count;
};

struct sharing {
    struct cc_arena *mem;
    struct cc_access_result *results;
    const char *caller_account; /* or NULL */
};

/* --- texts without what is a target's own --- */

static bool goes_on(char c)
{
    return c != '\0' && (isalnum((unsigned char)c) || strchr("_+=@-/", c));
}

/* Puts `word` in each place of `name`, unless that is a part of a longer name. */
static const char *put(struct cc_arena *mem, const char *text, const char *name, const char *word)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)1 << 20);
    const char *from = text;

    for (const char *at = strstr(text, name); at; at = strstr(at + 1, name)) {
        const size_t len = strlen(name);

        if (!goes_on(at[len]) && (at == text || !goes_on(at[-1]))) {
            cc_buf_add(&out, from, (size_t)(at - from));
            cc_buf_text(&out, word);
            from = at + len;
        }
    }
    cc_buf_text(&out, from);
    return out.text;
}

/* The caller's account stays: it is in the names of its policies and of itself. */
static const char *general(const struct sharing *sharing, struct cc_arena *mem, const char *text,
                           const struct cc_access_result *result)
{
    if (text && result->role_arn) {
        text = put(mem, text, result->role_arn, ROLE);
    }
    if (text && result->account_id && !cc_text_equal(result->account_id, sharing->caller_account)) {
        text = put(mem, text, result->account_id, ACCOUNT);
    }
    return text;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const char *key_of(const struct sharing *sharing, struct cc_arena *mem,
                          const struct cc_access_result *result)
{
    const bool unknown = cc_text_equal(result->cause, cc_cause_name(CC_CAUSE_UNKNOWN));
    const char *const parts[] = {
        result->cause,
        result->certainty,
        result->policy_kind,
        result->change,
        result->replaces,
        general(sharing, mem, result->fix, result),
        general(sharing, mem, result->attach_to, result),
        result->statement ? general(sharing, mem, cc_json_line(mem, result->statement), result)
                          : NULL,
        unknown ? result->why : NULL, /* it is all that is known */
    };
    struct cc_buf key = cc_buf_new(mem, (size_t)4 << 20);

    cc_buf_addf(&key, "%d", (int)result->outcome);
    for (size_t i = 0; i < CC_COUNT(parts); i++) {
        cc_buf_addf(&key, "\n%s", or_empty(parts[i]));
    }
    return key.text;
}

/* --- one statement for all --- */

static void release(void *json)
{
    cJSON_Delete(json);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Their roles, each once. */
static const char **roles_of(const struct sharing *sharing, const struct group *group,
                             size_t *count)
{
    const char **roles = cc_alloc(sharing->mem, (group->count + 1) * sizeof(*roles));
    size_t kept = 0;

    size_t named = 0;

    for (size_t i = 0; i < group->count; i++) {
        roles[named] = sharing->results[group->rows[i].target].role_arn;
        named += roles[named] != NULL;
    }
    qsort(roles, named, sizeof(*roles), by_text);
    for (size_t i = 0; i < named; i++) {
        if (kept == 0 || strcmp(roles[kept - 1], roles[i]) != 0) {
            roles[kept++] = roles[i];
        }
    }
    *count = kept;
    return roles;
}

/* `element` has the role of the first target, alone or among others: those of all take its place.
 */
static void put_roles(const char *role, const char *const *roles, size_t count, const char *element,
                      cJSON *statement)
{
    const cJSON *old = cJSON_GetObjectItemCaseSensitive(statement, element);
    const cJSON *item = NULL;
    cJSON *list = cJSON_CreateArray();
    bool had = cJSON_IsString(old) && cc_text_equal(old->valuestring, role);

    cJSON_ArrayForEach (item, old) {
        if (cc_text_equal(cJSON_GetStringValue(item), role)) {
            had = true;
        } else {
            cJSON_AddItemToArray(list, cJSON_Duplicate(item, true));
        }
    }
    for (size_t i = 0; i < count; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(roles[i]));
    }
    if (had && count > 1) {
        cJSON_ReplaceItemInObjectCaseSensitive(statement, element, list);
    } else {
        cJSON_Delete(list);
    }
}

static const cJSON *joined(const struct sharing *sharing, const struct group *group)
{
    const struct cc_access_result *first = &sharing->results[group->rows[0].target];
    size_t count = 0;

    if (!first->statement || !first->role_arn) {
        return first->statement;
    }
    const char **roles = roles_of(sharing, group, &count);
    cJSON *copy = cJSON_Duplicate(first->statement, true);
    cc_arena_adopt(sharing->mem, release, copy);
    put_roles(first->role_arn, (const char *const *)roles, count, "Resource", copy);
    put_roles(first->role_arn, (const char *const *)roles, count, "NotResource", copy);
    return copy;
}

/* --- groups --- */

static int by_key(const void *a, const void *b)
{
    const struct row *one = a;
    const struct row *other = b;
    const int order = strcmp(one->key, other->key);

    return order ? order : (one->target > other->target) - (one->target < other->target);
}

static int by_count(const void *a, const void *b)
{
    const struct group *one = a;
    const struct group *other = b;

    if (one->count != other->count) {
        return one->count < other->count ? 1 : -1;
    }
    return one->rows[0].target < other->rows[0].target ? -1 : 1;
}

/* As it is for all of them when it is the same text; else without what is their own. */
static const char *common(const struct sharing *sharing, const struct group *group,
                          const char *(*text_of)(const struct cc_access_result *result))
{
    const struct cc_access_result *first = &sharing->results[group->rows[0].target];

    for (size_t i = 1; i < group->count; i++) {
        const char *other = text_of(&sharing->results[group->rows[i].target]);

        if (text_of(first) && !cc_text_equal(text_of(first), other)) {
            return general(sharing, sharing->mem, text_of(first), first);
        }
    }
    return text_of(first);
}

static const char *fix_of(const struct cc_access_result *result)
{
    return result->fix;
}

static const char *place_of(const struct cc_access_result *result)
{
    return result->attach_to;
}

/* A statement for hundreds of roles is too long for one policy. */
static const char *fix_for_all(const struct sharing *sharing, const struct group *group,
                               const cJSON *statement)
{
    const struct cc_access_result *first = &sharing->results[group->rows[0].target];
    const char *fix = common(sharing, group, fix_of);
    const bool managed = cc_text_equal(first->policy_kind, "identity") ||
                         cc_text_equal(first->policy_kind, "boundary");

    if (!fix || !statement || !managed ||
        strlen(cc_json_line(sharing->mem, statement)) <= POLICY_MAX) {
        return fix;
    }
    return cc_textf(sharing->mem,
                    "%s; divide its Resource among several policies: a managed policy has at most "
                    "%d characters",
                    fix, POLICY_MAX);
}

static void tell(const struct sharing *sharing, const struct group *group,
                 struct cc_access_shared *told)
{
    const struct cc_access_result *first = &sharing->results[group->rows[0].target];
    const char **names = cc_alloc(sharing->mem, (group->count + 1) * sizeof(*names));

    for (size_t i = 0; i < group->count; i++) {
        names[i] = sharing->results[group->rows[i].target].target;
    }
    const cJSON *statement = joined(sharing, group);
    *told = (struct cc_access_shared){.outcome = first->outcome,
                                      .cause = first->cause,
                                      .side = first->side,
                                      .certainty = first->certainty,
                                      .count = (int64_t)group->count,
                                      .targets = (const char *const *)names,
                                      .why = first->why,
                                      .fix = fix_for_all(sharing, group, statement),
                                      .statement = statement,
                                      .attach_to = common(sharing, group, place_of),
                                      .policy_kind = first->policy_kind,
                                      .change = first->change,
                                      .replaces = first->replaces};
}

/* Rows with the same key, which lie next to each other. Those of one row are none. */
static size_t find_groups(const struct row *rows, size_t count, struct group *groups)
{
    size_t found = 0;

    for (size_t i = 0; i < count;) {
        size_t end = i + 1;

        while (end < count && strcmp(rows[i].key, rows[end].key) == 0) {
            end++;
        }
        if (end - i > 1) {
            groups[found++] = (struct group){&rows[i], end - i};
        }
        i = end;
    }
    qsort(groups, found, sizeof(*groups), by_count);
    return found;
}

void cc_access_share(struct cc_arena *mem, struct cc_access_result *results, size_t count,
                     struct cc_access_answer *answer)
{
    const struct sharing sharing = {mem, results,
                                    answer->caller ? answer->caller->account_id : NULL};
    struct cc_arena part = {0};
    struct row *rows = cc_alloc(&part, (count + 1) * sizeof(*rows));
    struct group *groups = cc_alloc(&part, (count / 2 + 1) * sizeof(*groups));
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        results[i].shared = NULL;
        if (results[i].cause) {
            rows[used++] = (struct row){key_of(&sharing, &part, &results[i]), i};
        }
    }
    qsort(rows, used, sizeof(*rows), by_key);
    answer->shared_count = find_groups(rows, used, groups);
    struct cc_access_shared *shared = cc_alloc(mem, (answer->shared_count + 1) * sizeof(*shared));
    for (size_t i = 0; i < answer->shared_count; i++) {
        tell(&sharing, &groups[i], &shared[i]);
        for (size_t k = 0; k < groups[i].count; k++) {
            results[groups[i].rows[k].target].shared = &shared[i];
        }
    }
    answer->shared = shared;
    answer->targets = results;
    answer->target_count = count;
    cc_arena_wipe(&part);
}
