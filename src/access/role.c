#include "credctl/access/standing.h"
#include "credctl/aws/outcome.h"
#include "credctl/base/text.h"
#include "credctl/policy/explain.h"
#include "credctl/policy/tools.h"

#include "findings.h"
#include "self.h"

#include <string.h>

#define LIST_MAX      ((size_t)1 << 20)
#define QUESTIONS_MAX 10000
#define SIMULATED_MAX 50 /* actions in one call */

static const char *const ways[] = {"simulation", "policies", NULL};
static const char *const decisions[] = {"allowed", "denied", "unknown", NULL};

// clang-format off
#define VERDICT(kind, member, ...) CC_ROW(kind, struct cc_role_verdict, member, __VA_ARGS__)

static const struct cc_shape_field verdict_fields[] = {
    VERDICT(TEXT, action, "action", "the action"),
    VERDICT(TEXT, resource, "resource", "the resource"),
    VERDICT(TEXT, decision, "decision", "what the policies say", .words = decisions),
    VERDICT(TEXT, why, "why", "the reason", .rules = CC_NULL),
    {0},
};
static const struct cc_shape verdict_shape = {"verdict", verdict_fields,
                                              sizeof(struct cc_role_verdict)};

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_role_answer, member, NULL, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    ROW(TEXT, account_id, "account of the caller"),
    ROW(TEXT, arn, "ARN of the caller, from STS"),
    ROW(TEXT, role_arn, "its role or user; without the path where that could not be read"),
    ROW(TEXT, by, "how it was decided; null when it could not be", .words = ways,
        .rules = CC_NULL),
    CC_ROW_LIST(struct cc_role_answer, verdicts, verdict_count, struct cc_role_verdict,
                &verdict_shape, NULL, "each action and resource"),
    ROW(TEXTS, missing, "actions that are denied"),
    CC_ROW_JSON(struct cc_role_answer, policy, NULL,
                "the policy to add for what the caller's own policies lack; null when they lack "
                "nothing", .rules = CC_NULL),
    ROW(TEXT, cannot_tell, "what is needed to decide the rest", .rules = CC_NULL),
    {0},
};
// clang-format on
const struct cc_shape cc_role_answer_shape = {"validate role", answer_fields,
                                              sizeof(struct cc_role_answer)};

/* --- the questions --- */

struct asking {
    struct cc_run *run;
    struct cc_own own;
    struct cc_role_verdict *rows;
    bool *lacking; /* beside rows: the caller's own policies do not allow it */
    size_t count;
    const char *why_not_simulated;
};

static bool add(struct asking *asking, const char *action, const char *resource,
                struct cc_error *err)
{
    if (asking->count == QUESTIONS_MAX) {
        return cc_fail(err, CC_E_TOO_BIG, "there are more than %d actions to check", QUESTIONS_MAX);
    }
    asking->rows[asking->count++] =
        (struct cc_role_verdict){.action = action, .resource = resource, .decision = "unknown"};
    return true;
}

static bool is_action(const char *text)
{
    const char *colon = strchr(text, ':');

    return colon && colon != text && colon[1] != '\0' && cc_text_consists(text, ":-_*?", 256);
}

/* An action, or a tool with all of its actions. */
static bool add_named(struct asking *asking, const char *name, const char *from,
                      struct cc_error *err)
{
    const char *const *actions = cc_tool_actions_of(name);

    if (is_action(name)) {
        return add(asking, name, "*", err);
    }
    if (!actions) {
        cc_fail(err, CC_E_USAGE, "%s: \"%.100s\" is neither an action nor a tool", from, name);
        return cc_fix(err, "write actions as s3:ListAllMyBuckets, and tools by their names, such "
                           "as CheckSecurityServices");
    }
    for (size_t i = 0; actions[i]; i++) {
        if (!add(asking, actions[i], "*", err)) {
            return false;
        }
    }
    return true;
}

/* Names between commas, blanks and line ends; '#' begins a comment. */
static bool add_list(struct asking *asking, const char *text, const char *from,
                     struct cc_error *err)
{
    static const char between[] = ", \t\r\n\"[]";

    for (text += strspn(text, between); *text; text += strspn(text, between)) {
        const size_t len = strcspn(text, between);

        if (*text == '#') {
            text += strcspn(text, "\n");
            continue;
        }
        if (!add_named(asking, cc_text_dup(&asking->run->mem, text, len), from, err)) {
            return false;
        }
        text += len;
    }
    return true;
}

static bool add_actions(struct asking *asking, const char *given, struct cc_error *err)
{
    const bool named = strchr(given, ',') || is_action(given) || cc_tool_actions_of(given);
    const char *text = NULL;
    size_t len = 0;

    if (named) {
        return add_list(asking, given, "--actions", err);
    }
    return cc_read_file(asking->run, given, LIST_MAX, &text, &len, err) &&
           add_list(asking, text, given, err);
}

static bool add_role(struct asking *asking, const char *role_arn, struct cc_error *err)
{
    return add(asking, "sts:AssumeRole", role_arn, err);
}

static bool read_questions(struct asking *asking, const struct cc_role_options *options,
                           struct cc_error *err)
{
    asking->rows = cc_alloc(&asking->run->mem, QUESTIONS_MAX * sizeof(*asking->rows));
    asking->lacking = cc_alloc(&asking->run->mem, QUESTIONS_MAX * sizeof(bool));
    for (size_t i = 0; options->role_arns && options->role_arns[i]; i++) {
        if (!add_role(asking, options->role_arns[i], err)) {
            return false;
        }
    }
    return !options->actions || add_actions(asking, options->actions, err);
}

/* --- by simulation --- */

static const char *simulated_reason(struct asking *asking, const struct cc_iam_verdict *verdict)
{
    const struct cc_maybe_flag boundary = verdict->boundary;
    const struct cc_maybe_flag organization = verdict->organization;

    if (verdict->missing && verdict->missing[0]) {
        return cc_textf(&asking->run->mem, "it depends on %s, which the simulation was not given",
                        verdict->missing[0]);
    }
    if (verdict->decision == CC_IAM_ALLOWED) {
        return NULL;
    }
    if (verdict->decision == CC_IAM_EXPLICIT_DENY) {
        return "a statement with Deny applies";
    }
    return boundary.known && !boundary.value ? "its permissions boundary does not allow it"
           : organization.known && !organization.value
               ? "a policy of the organization does not allow it"
               : "no statement of its policies allows it";
}

static void take(struct asking *asking, const struct cc_iam_verdict *verdict, size_t from,
                 size_t count)
{
    const bool missing = verdict->missing && verdict->missing[0];
    const struct cc_maybe_flag boundary = verdict->boundary;
    const struct cc_maybe_flag organization = verdict->organization;

    for (size_t i = from; i < from + count; i++) {
        struct cc_role_verdict *row = &asking->rows[i];

        if (!cc_text_equal_nocase(row->action, verdict->action)) {
            continue;
        }
        row->decision = missing                               ? "unknown"
                        : verdict->decision == CC_IAM_ALLOWED ? "allowed"
                                                              : "denied";
        row->why = simulated_reason(asking, verdict);
        asking->lacking[i] = !missing && verdict->decision == CC_IAM_IMPLICIT_DENY &&
                             (!boundary.known || boundary.value) &&
                             (!organization.known || organization.value);
    }
}

/* Neighbouring rows with the same resource, in one call. */
static bool simulate(struct asking *asking, size_t from, size_t count, struct cc_answer *answer,
                     struct cc_error *err)
{
    struct cc_run *run = asking->run;
    const char **actions = cc_alloc(&run->mem, (count + 1) * sizeof(*actions));
    const char *resources[] = {asking->rows[from].resource, NULL};
    const bool any = cc_text_equal(resources[0], "*");
    const struct cc_iam_question question = {.source = asking->own.self.source.caller.arn,
                                             .actions = (const char *const *)actions,
                                             .resources = any ? NULL : resources};
    struct cc_iam_verdicts verdicts = {0};
    struct cc_ask ask = asking->own.self.who;

    for (size_t i = 0; i < count; i++) {
        actions[i] = asking->rows[from + i].action;
    }
    cc_iam_simulate(run, &ask, &question, &verdicts);
    if (!cc_ask_now(run, &ask, answer, err)) {
        return false;
    }
    for (size_t i = 0; i < verdicts.count; i++) {
        take(asking, &verdicts.rows[i], from, count);
    }
    return true;
}

static bool by_simulation(struct asking *asking)
{
    struct cc_answer answer;
    struct cc_error err;

    for (size_t from = 0; from < asking->count;) {
        size_t count = 1;

        while (from + count < asking->count && count < SIMULATED_MAX &&
               cc_text_equal(asking->rows[from].resource, asking->rows[from + count].resource)) {
            count++;
        }
        if (!simulate(asking, from, count, &answer, &err)) {
            asking->why_not_simulated = cc_answer_denied(&answer)
                                            ? "iam:SimulatePrincipalPolicy is not allowed"
                                            : cc_textf(&asking->run->mem, "%s", err.why);
            return false;
        }
        from += count;
    }
    return true;
}

/* --- by the documents --- */

static const char *reason(struct cc_arena *mem, const struct cc_decision *decision)
{
    for (size_t i = 0; decision->denied == CC_YES && i < CC_LAYERS; i++) {
        const struct cc_layer_decision *layer = &decision->layers[i];
        const struct cc_statement_verdict *by = layer->count > 0 && layer->denies == CC_YES
                                                    ? cc_layer_denying(&layer->levels[0])
                                                    : NULL;

        if (by) {
            return cc_textf(mem, "%s of %s denies it", cc_statement_name(mem, by->statement),
                            by->policy->name);
        }
    }
    return decision->layers[CC_LAYER_IDENTITY].allows == CC_NO
               ? "no statement of its policies allows it"
           : decision->layers[CC_LAYER_BOUNDARY].allows == CC_NO
               ? "its permissions boundary does not allow it"
               : "a service control policy does not allow it";
}

static void by_documents(struct asking *asking)
{
    struct cc_arena *mem = &asking->run->mem;
    const struct cc_access_source *source = &asking->own.self.source;
    const struct cc_assume hop = {.session_name = "credctl-test"};
    struct cc_evidence evidence = {.source = source,
                                   .hop = &hop,
                                   .region = asking->own.region,
                                   .account = source->identity.account_id,
                                   .now = cc_now_aws(asking->run)};

    for (size_t i = 0; i < asking->count; i++) {
        struct cc_role_verdict *row = &asking->rows[i];
        struct cc_case one = cc_evidence_case(mem, &evidence, CC_ACTION_ASSUME);

        one.action = row->action;
        one.resource = row->resource;
        one.layers[CC_LAYER_RESOURCE] = (struct cc_levels){0};
        one.resource_account = NULL;
        const struct cc_decision decision = cc_decide(mem, &one);

        asking->lacking[i] =
            decision.denied == CC_NO && decision.layers[CC_LAYER_IDENTITY].allows == CC_NO;
        row->decision = decision.allowed == CC_YES  ? "allowed"
                        : decision.allowed == CC_NO ? "denied"
                                                    : "unknown";
        row->why = decision.allowed == CC_YES ? NULL
                   : decision.allowed == CC_NO
                       ? reason(mem, &decision)
                       : "it depends on a condition key that is not known here";
    }
}

/* --- the answer --- */

static bool is(const struct cc_role_verdict *row, const char *decision)
{
    return cc_text_equal(row->decision, decision);
}

static void release(void *json)
{
    cJSON_Delete(json);
}

/* One statement for the actions on any resource, and one for the roles. */
static void add_statement(struct asking *asking, bool roles, cJSON *list)
{
    cJSON *statement = cJSON_CreateObject();
    cJSON *names = NULL;

    cJSON_AddStringToObject(statement, "Effect", "Allow");
    if (roles) {
        cJSON_AddStringToObject(statement, "Action", "sts:AssumeRole");
        names = cJSON_AddArrayToObject(statement, "Resource");
    } else {
        names = cJSON_AddArrayToObject(statement, "Action");
        cJSON_AddStringToObject(statement, "Resource", "*");
    }
    for (size_t i = 0; i < asking->count; i++) {
        const struct cc_role_verdict *row = &asking->rows[i];

        if (asking->lacking[i] && roles != cc_text_equal(row->resource, "*")) {
            cJSON_AddItemToArray(names, cJSON_CreateString(roles ? row->resource : row->action));
        }
    }
    if (cJSON_GetArraySize(names) > 0) {
        cJSON_AddItemToArray(list, statement);
    } else {
        cJSON_Delete(statement);
    }
}

static cJSON *missing_policy(struct asking *asking)
{
    cJSON *policy = cJSON_CreateObject();

    cc_arena_adopt(&asking->run->mem, release, policy);
    cJSON_AddStringToObject(policy, "Version", "2012-10-17");
    cJSON *list = cJSON_AddArrayToObject(policy, "Statement");
    add_statement(asking, true, list);
    add_statement(asking, false, list);
    return cJSON_GetArraySize(list) > 0 ? policy : NULL;
}

static void tell(struct asking *asking, struct cc_role_answer *answer)
{
    struct cc_run *run = asking->run;
    const char **missing = cc_alloc(&run->mem, (asking->count + 1) * sizeof(*missing));
    size_t count = 0;
    bool unknown = false;

    for (size_t i = 0; i < asking->count; i++) {
        unknown = unknown || is(&asking->rows[i], "unknown");
        if (is(&asking->rows[i], "denied")) {
            missing[count++] = asking->rows[i].action;
        }
    }
    answer->verdicts = asking->rows;
    answer->verdict_count = asking->count;
    answer->missing = (const char *const *)missing;
    answer->policy = count > 0 ? missing_policy(asking) : NULL;
    run->exit_status = count > 0 ? cc_code_exit_status(CC_E_NOT_EXPECTED)
                       : unknown ? cc_code_exit_status(CC_E_SOME_FAILED)
                                 : 0;
}

bool cc_standing_role(struct cc_run *run, const struct cc_role_options *options,
                      struct cc_role_answer *answer, struct cc_error *err)
{
    struct asking *asking = cc_alloc(&run->mem, sizeof(*asking));
    const struct cc_access_source *source = &asking->own.self.source;

    asking->run = run;
    if (!read_questions(asking, options, err) ||
        !cc_own_read(run, &options->chain, &asking->own, err)) {
        return false;
    }
    answer->account_id = source->identity.account_id;
    answer->arn = source->identity.arn;
    answer->role_arn = source->caller.arn;
    if (by_simulation(asking)) {
        answer->by = ways[0];
    } else if (source->identity_policies.known == CC_KNOWN &&
               source->boundary.known != CC_NOT_KNOWN) {
        answer->by = ways[1];
        by_documents(asking);
    } else {
        answer->cannot_tell = cc_textf(
            &run->mem,
            "%s, and %s: allow the caller iam:SimulatePrincipalPolicy on itself, or iam:GetRole, "
            "iam:ListRolePolicies, iam:GetRolePolicy, iam:ListAttachedRolePolicies, iam:GetPolicy "
            "and iam:GetPolicyVersion",
            asking->why_not_simulated,
            source->unread ? source->unread
                           : "its policies are not "
                             "known");
    }
    tell(asking, answer);
    return true;
}
