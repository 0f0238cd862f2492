#include "credctl/access/access.h"
#include "credctl/base/shape_read.h"

const char *const cc_access_outcomes[] = {[CC_ACCESS_ALLOWED] = "allowed",
                                          [CC_ACCESS_DENIED] = "denied",
                                          [CC_ACCESS_ERROR] = "error",
                                          [CC_ACCESS_NOT_RUN] = "not_run",
                                          NULL};
static const char *const changes[] = {"add", "replace", NULL};
static const char *const id_checks[] = {"refused", "not_enforced", "unknown", NULL};
static const char *const decisions[] = {"allowed", "denied", "unknown", NULL};

// clang-format off
#define CALLER(member, about_) CC_ROW(TEXT, struct cc_access_caller, member, NULL, about_)

static const struct cc_shape_field caller_fields[] = {
    CALLER(account_id, "its account"),
    CALLER(arn, "its ARN, from STS"),
    CALLER(user_id, "its unique ID, from STS"),
    {0},
};
static const struct cc_shape caller_shape = {"caller", caller_fields,
                                             sizeof(struct cc_access_caller)};

static const struct cc_shape_field action_fields[] = {
    CC_ROW(TEXT, struct cc_access_action, action, NULL, "the action"),
    CC_ROW(TEXT, struct cc_access_action, decision, NULL, "what the role's policies say",
           .words = decisions),
    {0},
};
static const struct cc_shape action_shape = {"action", action_fields,
                                             sizeof(struct cc_access_action)};

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_access_result, member, __VA_ARGS__)

static const struct cc_shape_field result_fields[] = {
    ROW(TEXT, target, "target", "its name in the list, else the ARN of the role"),
    ROW(TEXT, account_id, "account", "the account of the role", .rules = CC_NULL),
    ROW(TEXT, role_arn, "role", "the role", .rules = CC_NULL),
    ROW(WORD, outcome, "outcome", "how it ended", .words = cc_access_outcomes),
    CC_ROW_OBJECT(struct cc_access_result, caller, struct cc_access_caller, &caller_shape, NULL,
                  "who asked; null when STS did not say", .rules = CC_NULL),
    ROW(TEXT, assumed_role_arn, "session", "the ARN of the session", .rules = CC_NULL),
    ROW(TIME, expires, "expires", "when the session ends", .rules = CC_NULL),
    ROW(MAYBE_FLAG, verified, NULL, "confirmed by GetCallerIdentity; null when it "
                                    "was not asked or did not answer"),
    ROW(TEXT, cause, "cause", "the likeliest cause; null when allowed, except clock.skew",
        .words = cc_cause_names, .rules = CC_NULL),
    ROW(TEXT, side, "side", "who has to act", .words = cc_sides, .rules = CC_NULL),
    ROW(TEXT, certainty, "certainty", "certain: proved; likely: all but one family of causes is "
                                      "excluded; possible: not excluded",
        .words = cc_certainties, .rules = CC_NULL),
    ROW(TEXTS, candidates, NULL, "every cause that is not excluded, likeliest first",
        .words = cc_cause_names),
    ROW(TEXT, why, "why", "the evidence", .rules = CC_NULL),
    ROW(TEXT, fix, "fix", "what to do", .rules = CC_NULL),
    CC_ROW_JSON(struct cc_access_result, statement, "statement", "the smallest statement that mends it; null when none does",
        .rules = CC_NULL),
    ROW(TEXT, attach_to, "attach to", "where the statement goes", .rules = CC_NULL),
    ROW(TEXT, policy_kind, "policy", "the type of policy it is for", .words = cc_policy_kinds,
        .rules = CC_NULL),
    ROW(TEXT, change, NULL, "add the statement, or replace another one", .words = changes,
        .rules = CC_NULL),
    ROW(TEXT, replaces, NULL, "the Sid of the statement to replace, or # and its index",
        .rules = CC_NULL),
    ROW(TEXT, external_id_check, "external ID", "whether a wrong and a missing external ID are "
                                                "refused; null when not asked",
        .words = id_checks, .rules = CC_NULL),
    CC_ROW_LIST(struct cc_access_result, actions, action_count, struct cc_access_action,
                &action_shape, "actions", "the actions that were to be checked"),
    ROW(NUMBER, attempts, "attempts", "requests sent for this target"),
    ROW(REAL, seconds, "seconds", "how long it took"),
    CC_ROW_OBJECT(struct cc_access_result, error, struct cc_error, &cc_error_shape, NULL,
                  "why it could not be tested", .rules = CC_NULL),
    {0},
};
const struct cc_shape cc_access_result_shape = {"target", result_fields,
                                                sizeof(struct cc_access_result)};

#define SHARED(kind, member, ...) CC_ROW(kind, struct cc_access_shared, member, __VA_ARGS__)

static const struct cc_shape_field shared_fields[] = {
    SHARED(WORD, outcome, "outcome", "how they ended", .words = cc_access_outcomes),
    SHARED(TEXT, cause, "cause", "the cause", .words = cc_cause_names),
    SHARED(TEXT, side, "side", "who has to act", .words = cc_sides, .rules = CC_NULL),
    SHARED(TEXT, certainty, "certainty", "as of each of them", .words = cc_certainties,
        .rules = CC_NULL),
    SHARED(NUMBER, count, "count", "how many targets have it"),
    SHARED(TEXTS, targets, NULL, "their names"),
    SHARED(TEXT, why, "why", "the evidence of the first of them", .rules = CC_NULL),
    SHARED(TEXT, fix, "fix", "what to do; <role> and <account> stand for those of each target",
        .rules = CC_NULL),
    CC_ROW_JSON(struct cc_access_shared, statement, "statement", "one statement for all of them", .rules = CC_NULL),
    SHARED(TEXT, attach_to, "attach to", "where it goes; <role> is the role of each target",
        .rules = CC_NULL),
    SHARED(TEXT, policy_kind, "policy", "the type of policy it is for", .words = cc_policy_kinds,
        .rules = CC_NULL),
    SHARED(TEXT, change, NULL, "add the statement, or replace another one", .words = changes,
        .rules = CC_NULL),
    SHARED(TEXT, replaces, NULL, "the Sid of the statement to replace, or # and its index",
        .rules = CC_NULL),
    {0},
};
static const struct cc_shape shared_shape = {"shared", shared_fields,
                                             sizeof(struct cc_access_shared)};

static const struct cc_shape_field found_fields[] = {
    CC_ROW(TEXT, struct cc_access_found, role_arn, NULL, "the role"),
    CC_ROW(TEXT, struct cc_access_found, account_id, NULL, "its account"),
    CC_ROW(TEXT, struct cc_access_found, by, NULL, "the statement that allows the caller to "
                                                   "assume it"),
    {0},
};
const struct cc_shape cc_access_found_shape = {"role", found_fields,
                                               sizeof(struct cc_access_found)};

#define ANSWER(kind, member, ...) CC_ROW(kind, struct cc_access_answer, member, NULL, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_OBJECT(struct cc_access_answer, caller, struct cc_access_caller, &caller_shape, NULL,
                  "who asked; null when STS did not say", .rules = CC_NULL),
    ANSWER(TIME, started, "when the run began"),
    ANSWER(REAL, seconds, "how long it took"),
    CC_ROW_LIST(struct cc_access_answer, targets, target_count, struct cc_access_result,
                &cc_access_result_shape, NULL, "every target, in the order of the list"),
    ANSWER(NUMBER, total, "how many there are"),
    ANSWER(NUMBER, allowed, "how many roles could be assumed"),
    ANSWER(NUMBER, denied, "how many were denied"),
    ANSWER(NUMBER, errors, "how many could not be tested"),
    ANSWER(NUMBER, not_run, "how many had no turn before the time was over"),
    CC_ROW_LIST(struct cc_access_answer, shared, shared_count, struct cc_access_shared,
                &shared_shape, NULL, "causes and remedies that several targets have in common, the most frequent first"),
    CC_ROW_LIST(struct cc_access_answer, discovered, discovered_count, struct cc_access_found,
                &cc_access_found_shape, NULL, "with --discover: roles that could be targets"),
    ANSWER(TEXTS, not_expanded, "with --discover: patterns that no list of roles can be made of"),
    {0},
};
// clang-format on
const struct cc_shape cc_access_answer_shape = {"test-access", answer_fields,
                                                sizeof(struct cc_access_answer)};
