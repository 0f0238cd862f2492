#include "access_words.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <string.h>

const struct cc_finding_words cc_access_finding_words[CC_FOUND_COUNT] = {
    [CC_FOUND_OPEN_ID] =
        {"external_id.not_enforced", "external ID not enforced",
         "the role can also be assumed without the external ID, or with a wrong one",
         "let the owner of the role demand it in every statement of the trust policy that allows "
         "the caller: \"Condition\": {\"StringEquals\": {\"sts:ExternalId\": \"ID\"}}, not "
         "StringEqualsIfExists and not StringLike with a wildcard"},
    [CC_FOUND_NO_ACTION] =
        {"action.denied", "action denied",
         "the role can be assumed, but its policies do not allow an action that was to be checked",
         "let the owner of the role allow the action, or leave it out of --action and of the list"},
};

bool cc_access_has(const struct cc_access_result *result, enum cc_access_finding finding)
{
    bool found = false;

    if (result->outcome != CC_ACCESS_ALLOWED) {
        return false;
    }
    if (finding == CC_FOUND_OPEN_ID) {
        return cc_text_equal(result->external_id_check, "not_enforced");
    }
    for (size_t i = 0; i < result->action_count; i++) {
        found = found || cc_text_equal(result->actions[i].decision, "denied");
    }
    return found;
}

bool cc_access_has_any(const struct cc_access_result *result)
{
    bool found = false;

    for (int i = 0; i < CC_FOUND_COUNT; i++) {
        found = found || cc_access_has(result, (enum cc_access_finding)i);
    }
    return found;
}

bool cc_access_noteworthy(const struct cc_access_result *result)
{
    return result->cause || cc_access_has_any(result) || result->outcome == CC_ACCESS_DENIED ||
           result->outcome == CC_ACCESS_ERROR;
}

size_t cc_access_count(const struct cc_access_answer *answer, enum cc_access_finding finding)
{
    size_t count = 0;

    for (size_t i = 0; i < answer->target_count; i++) {
        count += cc_access_has(&answer->targets[i], finding);
    }
    return count;
}

const char *cc_access_outcome_words(enum cc_access_outcome outcome)
{
    return outcome == CC_ACCESS_NOT_RUN ? "not run" : cc_access_outcomes[outcome];
}

const char *cc_access_external_id(const struct cc_access_result *result)
{
    static const struct {
        const char *check;
        const char *words;
    } rows[] = {{"refused", "external ID enforced"},
                {"not_enforced", "external ID not enforced"},
                {"unknown", "external ID: could not be checked"}};

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (cc_text_equal(result->external_id_check, rows[i].check)) {
            return rows[i].words;
        }
    }
    return NULL;
}

const char *cc_access_role(const struct cc_access_result *result)
{
    const char *role = result->role_arn ? strstr(result->role_arn, ":role/") : NULL;

    return role ? role + strlen(":role/") : result->role_arn ? result->role_arn : "";
}

bool cc_access_named(const struct cc_access_result *result)
{
    return result->role_arn && !cc_text_equal(result->target, result->role_arn);
}

const char *cc_access_actions(struct cc_arena *mem, const struct cc_access_result *result,
                              const char *decision)
{
    struct cc_buf out = cc_buf_new(mem, (size_t)1 << 20);

    for (size_t i = 0; i < result->action_count; i++) {
        if (cc_text_equal(result->actions[i].decision, decision)) {
            cc_buf_addf(&out, "%s%s", out.len ? ", " : "", result->actions[i].action);
        }
    }
    return out.text;
}

/* --- remedies --- */

static const char *policy_words(const char *kind)
{
    static const char *const rows[][2] = {
        {"identity", "identity-based policy"},  {"trust", "trust policy"},
        {"boundary", "permissions boundary"},   {"scp", "service control policy"},
        {"rcp", "resource control policy"},     {"session", "session policy"},
        {"vpce", "policy of the VPC endpoint"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (cc_text_equal(kind, rows[i][0])) {
            return rows[i][1];
        }
    }
    return NULL;
}

static struct cc_remedy remedy(struct cc_arena *mem, const char *why, const char *fix)
{
    struct cc_remedy remedy = {.evidence = why ? why : "", .fix = fix ? fix : ""};
    const char *said = strstr(remedy.evidence, CC_AWS_SAID);

    if (said) {
        remedy.evidence = cc_text_dup(mem, remedy.evidence, (size_t)(said - remedy.evidence));
        remedy.said = said + strlen(CC_AWS_SAID);
    }
    return remedy;
}

static const char *place(struct cc_arena *mem, const char *replaces, const char *attach_to,
                         const char *kind)
{
    const char *policy = policy_words(kind);
    const char *verb = replaces ? cc_textf(mem, "replace %s in ", replaces) : "add to ";

    if (!attach_to) {
        return cc_textf(mem, "%sthe %s", verb, policy ? policy : "policy");
    }
    return policy ? cc_textf(mem, "%s%s (%s)", verb, attach_to, policy)
                  : cc_textf(mem, "%s%s", verb, attach_to);
}

static const char *json_of(struct cc_arena *mem, const struct cJSON *statement)
{
    struct cc_buf text = cc_buf_new(mem, (size_t)4 << 20);
    struct cc_json_writer writer = {.out = &text, .indented = true};
    const struct cc_teller json = cc_json_teller(&writer);

    cc_shape_tell_json(mem, statement, &json);
    return text.text;
}

struct cc_remedy cc_remedy_of(struct cc_arena *mem, const struct cc_access_result *result)
{
    struct cc_remedy of = remedy(mem, result->why, result->fix);

    if (result->statement) {
        of.place = place(mem, result->replaces, result->attach_to, result->policy_kind);
        of.statement = json_of(mem, result->statement);
    }
    return of;
}

struct cc_remedy cc_remedy_of_shared(struct cc_arena *mem, const struct cc_access_shared *shared)
{
    struct cc_remedy of = remedy(mem, shared->why, shared->fix);

    if (shared->statement) {
        of.place = place(mem, shared->replaces, shared->attach_to, shared->policy_kind);
        of.statement = json_of(mem, shared->statement);
    }
    return of;
}
