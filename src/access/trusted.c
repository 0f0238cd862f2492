#include "credctl/access/standing.h"
#include "credctl/aws/arn.h"
#include "credctl/base/text.h"
#include "credctl/policy/explain.h"

#include "findings.h"
#include "self.h"

#include <string.h>

#define IDS_MAX 64

static const char *const decisions[] = {"allowed", "denied", "unknown", NULL};
static const char *const tris[] = {[CC_NO] = "no", [CC_MAYBE] = "unknown", [CC_YES] = "yes", NULL};

// clang-format off
#define CONDITION(kind, member, ...) CC_ROW(kind, struct cc_trust_condition, member, __VA_ARGS__)

static const struct cc_shape_field condition_fields[] = {
    CONDITION(TEXT, statement, "statement", "the Sid of its statement, or the number"),
    CONDITION(TEXT, operator, "operator", "the operator"),
    CONDITION(TEXT, key, "key", "the condition key"),
    CONDITION(TEXTS, values, "values", "what it asks for"),
    CONDITION(TEXT, holds, "holds", "whether it holds for this caller", .words = tris),
    {0},
};
static const struct cc_shape condition_shape = {"condition", condition_fields,
                                                sizeof(struct cc_trust_condition)};

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_trust_answer, member, NULL, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    ROW(TEXT, role_arn, "the role"),
    ROW(TEXT, caller, "the role or user that wants to assume it"),
    ROW(TEXT, decision, "what the trust policy says, with an external ID it accepts",
        .words = decisions),
    ROW(TEXT, why, "the reason"),
    ROW(TEXT, fix, "what to do", .rules = CC_NULL),
    ROW(MAYBE_FLAG, external_id_required, "it asks this caller for an external ID"),
    ROW(TEXTS, external_ids, "external IDs that it accepts; patterns where it has patterns"),
    ROW(MAYBE_FLAG, external_id_enforced, "a wrong external ID and none are refused"),
    ROW(TEXTS, deleted_principals, "unique IDs of roles and users that were deleted"),
    ROW(MAYBE_FLAG, identity_needed, "the caller's own policies must allow it too"),
    CC_ROW_LIST(struct cc_trust_answer, conditions, condition_count, struct cc_trust_condition,
                &condition_shape, NULL, "conditions of the statements that name the caller"),
    CC_ROW_JSON(struct cc_trust_answer, statement, NULL,
                "the statement to add to the trust policy; null when none is missing",
                .rules = CC_NULL),
    {0},
};
// clang-format on
const struct cc_shape cc_trust_answer_shape = {"validate trust", answer_fields,
                                               sizeof(struct cc_trust_answer)};

struct judging {
    struct cc_run *run;
    const struct cc_trust_options *options;
    struct cc_own own;
    struct cc_access_source *source;
    struct cc_policy policy;
    const char *text; /* of the policy */
    size_t len;
    const char *name;
    struct cc_assume hop;
    struct cc_evidence evidence;
    const char **ids;
    size_t id_count;
};

/* --- the caller, and the policy --- */

static const char *account_of(struct cc_arena *mem, const char *role_arn)
{
    struct cc_arn arn;
    const char *name = NULL;

    return cc_arn_role(mem, role_arn, &arn, &name) ? arn.account : NULL;
}

/* A caller that is only named: nothing of it can be read. */
static bool named_caller(struct judging *judging, struct cc_error *err)
{
    struct cc_arena *mem = &judging->run->mem;
    const char *principal = judging->options->principal;
    struct cc_access_source *source = cc_alloc(mem, sizeof(*source));
    struct cc_arn arn;

    if (!cc_arn_parse(mem, principal, &arn) || !arn.account ||
        (!strstr(principal, ":role/") && !strstr(principal, ":user/") &&
         !strstr(principal, ":assumed-role/"))) {
        cc_fail(err, CC_E_USAGE, "--principal: \"%.200s\" is not a role, user or session",
                principal);
        return cc_fix(err, "give its ARN, such as arn:aws:iam::111122223333:role/NAME");
    }
    const char *slash = strrchr(principal, '/');
    source->caller = cc_caller_of(mem, principal, NULL);
    source->identity = (struct cc_identity){arn.account, principal, NULL};
    source->is_role = !strstr(principal, ":user/");
    source->path_known = !strstr(principal, ":assumed-role/");
    source->role_name = source->path_known ? slash + 1 : strrchr(source->caller.arn, '/') + 1;
    judging->source = source;
    return true;
}

static bool find_caller(struct judging *judging, struct cc_error *err)
{
    if (judging->options->principal) {
        return named_caller(judging, err);
    }
    if (!cc_own_read(judging->run, &judging->options->chain, &judging->own, err)) {
        return false;
    }
    judging->source = &judging->own.self.source;
    return true;
}

static bool from_iam(struct judging *judging, const char *account, struct cc_error *err)
{
    struct cc_run *run = judging->run;
    const struct cc_iam_owner owner = {CC_IAM_ROLE, strrchr(judging->options->role_arn, '/') + 1};
    struct cc_iam_entity *entity = cc_alloc(&run->mem, sizeof(*entity));
    struct cc_answer answer;

    if (judging->options->principal ||
        !cc_text_equal(account, judging->source->identity.account_id)) {
        cc_fail(err, CC_E_USAGE, "the trust policy of %s cannot be read from here",
                judging->options->role_arn);
        cc_why(err, "IAM answers for the caller's own account only");
        return cc_fix(err,
                      "let its owner run `aws iam get-role --role-name %s --query "
                      "Role.AssumeRolePolicyDocument`, and give the file with --trust-policy",
                      owner.name);
    }
    struct cc_ask ask = judging->own.self.who;
    cc_iam_entity(run, &ask, &owner, entity);
    if (!cc_ask_now(run, &ask, &answer, err)) {
        return false;
    }
    judging->text = entity->trust ? entity->trust : "";
    judging->len = strlen(judging->text);
    judging->name = "the trust policy";
    return true;
}

static bool find_policy(struct judging *judging, const char *account, struct cc_error *err)
{
    const char *file = judging->options->trust_policy;

    judging->name = file;
    if (file ? !cc_read_file(judging->run, file, CC_POLICY_MAX, &judging->text, &judging->len, err)
             : !from_iam(judging, account, err)) {
        return false;
    }
    const struct cc_policies policies = {&judging->policy, 1};

    return cc_policy_parse(&judging->run->mem, judging->text, judging->len, judging->name,
                           &judging->policy, err) &&
           cc_policies_fit(&judging->run->mem, &policies, CC_LAYER_RESOURCE, err);
}

/* --- judging --- */

static struct cc_layer judge(struct judging *judging, const char *external_id, struct cc_case *one)
{
    struct cc_arena *mem = &judging->run->mem;

    judging->hop.external_id = external_id;
    *one = cc_evidence_case(mem, &judging->evidence, CC_ACTION_ASSUME);
    return cc_decide_layer(mem, one, CC_LAYER_RESOURCE).levels[0];
}

static enum cc_tri allows(const struct cc_layer *layer)
{
    const enum cc_tri not_denied = (enum cc_tri)(CC_YES - layer->denies);

    return layer->allows < not_denied ? layer->allows : not_denied;
}

static void add_ids(struct judging *judging, const struct cc_condition *condition)
{
    for (size_t i = 0; condition->values[i] && judging->id_count < IDS_MAX; i++) {
        judging->ids[judging->id_count++] = condition->values[i];
    }
}

/* Conditions of statements that name the caller and allow it the action. */
static void tell_conditions(struct judging *judging, const struct cc_layer *layer,
                            struct cc_trust_answer *answer)
{
    struct cc_arena *mem = &judging->run->mem;
    struct cc_trust_condition *rows = NULL;
    size_t room = 1;

    for (size_t i = 0; i < layer->count; i++) {
        room += layer->statements[i].statement->condition_count;
    }
    rows = cc_alloc(mem, room * sizeof(*rows));
    for (size_t i = 0; i < layer->count; i++) {
        const struct cc_statement_verdict *row = &layer->statements[i];
        const bool counts = row->principal && row->action && row->resource;

        for (size_t k = 0; counts && k < row->statement->condition_count; k++) {
            const struct cc_condition *condition = row->conditions[k].condition;

            rows[answer->condition_count++] = (struct cc_trust_condition){
                .statement = cc_statement_name(mem, row->statement),
                .operator= condition->operator_text,
                .key = condition->key,
                .values = condition->values,
                .holds = tris[row->conditions[k].holds],
            };
        }
    }
    answer->conditions = rows;
}

static bool is_deleted(const struct judging *judging, const char *value)
{
    const bool id =
        strlen(value) >= 16 && (cc_text_starts(value, "AROA") || cc_text_starts(value, "AIDA"));

    return id && !cc_text_equal(value, judging->source->caller.unique_id);
}

static void add_deleted(const struct judging *judging, const struct cc_statement *statement,
                        const char **ids, size_t *count)
{
    for (size_t i = 0; i < statement->principal_count && *count < IDS_MAX; i++) {
        if (is_deleted(judging, statement->principals[i].value)) {
            ids[(*count)++] = statement->principals[i].value;
        }
    }
}

static void tell_deleted(struct judging *judging, struct cc_trust_answer *answer)
{
    const struct cc_policy *policy = &judging->policy;
    const char **ids = cc_alloc(&judging->run->mem, (IDS_MAX + 1) * sizeof(*ids));
    size_t count = 0;

    for (size_t i = 0; i < policy->count; i++) {
        add_deleted(judging, &policy->statements[i], ids, &count);
    }
    answer->deleted_principals = (const char *const *)ids;
}

/* The first external ID with which it is allowed; NULL: none, or none is needed. */
static const char *accepted_id(struct judging *judging)
{
    struct cc_case one;
    const struct cc_layer none = judge(judging, NULL, &one);

    for (size_t i = 0; allows(&none) != CC_YES && i < judging->id_count; i++) {
        const struct cc_layer layer = judge(judging, judging->ids[i], &one);

        if (!strpbrk(judging->ids[i], "*?") && allows(&layer) != CC_NO) {
            return judging->ids[i];
        }
    }
    return NULL;
}

static void tell_external_id(struct judging *judging, const char *right,
                             struct cc_trust_answer *answer)
{
    struct cc_case one;
    const struct cc_layer none = judge(judging, NULL, &one);
    const struct cc_layer wrong = judge(judging, "credctl-check-0123456789abcdef", &one);
    const struct cc_layer with = judge(judging, right, &one);
    const enum cc_tri open = allows(&none) > allows(&wrong) ? allows(&none) : allows(&wrong);

    answer->external_ids = (const char *const *)judging->ids;
    answer->external_id_required =
        (struct cc_maybe_flag){allows(&with) == CC_YES, allows(&none) == CC_NO};
    answer->external_id_enforced =
        (struct cc_maybe_flag){allows(&with) == CC_YES && open != CC_MAYBE, open == CC_NO};
}

static void tell_decision(struct judging *judging, const struct cc_layer *layer,
                          struct cc_trust_answer *answer)
{
    struct cc_arena *mem = &judging->run->mem;
    struct cc_diagnosis diagnosis;
    const enum cc_tri allowed = allows(layer);
    const unsigned itself = ~(1U << CC_NAMED_ACCOUNT);

    answer->decision = decisions[allowed == CC_YES ? 0 : allowed == CC_NO ? 1 : 2];
    if (allowed == CC_YES) {
        const bool same =
            cc_text_equal(judging->evidence.account, judging->source->identity.account_id);

        answer->identity_needed = (struct cc_maybe_flag){true, !same || !(layer->named & itself)};
        answer->why = judging->hop.external_id
                          ? cc_textf(mem, "the trust policy allows it, with the external ID %s",
                                     judging->hop.external_id)
                          : "the trust policy allows it";
        return;
    }
    judging->evidence.denial = cc_denial_read(mem, NULL);
    judging->evidence.denial.family = CC_FAMILY_TRUST;
    judging->evidence.denial.message = "";
    cc_diagnose(mem, &judging->evidence, &diagnosis);
    answer->why = diagnosis.why;
    answer->fix = diagnosis.fix;
    answer->statement = diagnosis.statement;
}

static void add_statement_ids(struct judging *judging, const struct cc_statement *statement)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (cc_text_equal_nocase(statement->conditions[i].key, "sts:ExternalId")) {
            add_ids(judging, &statement->conditions[i]);
        }
    }
}

/* External IDs in the statements that name the caller. */
static void find_ids(struct judging *judging)
{
    struct cc_case one;
    const struct cc_layer layer = judge(judging, judging->options->external_id, &one);

    for (size_t i = 0; i < layer.count; i++) {
        const struct cc_statement_verdict *row = &layer.statements[i];

        if (row->principal && row->action && row->resource && row->statement->allows) {
            add_statement_ids(judging, row->statement);
        }
    }
}

static void tell(struct judging *judging, struct cc_trust_answer *answer)
{
    const char *given = judging->options->external_id;
    struct cc_case one;

    find_ids(judging);
    const char *accepted = accepted_id(judging);
    tell_external_id(judging, accepted ? accepted : given, answer);
    const struct cc_layer layer = judge(judging, given ? given : accepted, &one);
    answer->role_arn = judging->options->role_arn;
    answer->caller = one.caller.arn;
    tell_conditions(judging, &layer, answer);
    tell_deleted(judging, answer);
    tell_decision(judging, &layer, answer);
    judging->run->exit_status = allows(&layer) == CC_YES  ? 0
                                : allows(&layer) == CC_NO ? cc_code_exit_status(CC_E_NOT_EXPECTED)
                                                          : cc_code_exit_status(CC_E_SOME_FAILED);
}

bool cc_standing_trust(struct cc_run *run, const struct cc_trust_options *options,
                       struct cc_trust_answer *answer, struct cc_error *err)
{
    struct judging *judging = cc_alloc(&run->mem, sizeof(*judging));
    const char *account = account_of(&run->mem, options->role_arn);

    judging->run = run;
    judging->options = options;
    judging->ids = cc_alloc(&run->mem, (IDS_MAX + 1) * sizeof(*judging->ids));
    judging->hop =
        (struct cc_assume){.role_arn = options->role_arn, .session_name = "credctl-test"};
    if (!find_caller(judging, err) || !find_policy(judging, account, err)) {
        return false;
    }
    judging->evidence = (struct cc_evidence){
        .source = judging->source,
        .hop = &judging->hop,
        .region = judging->own.region ? judging->own.region : "us-east-1",
        .account = account,
        .now = cc_now_aws(run),
        .role_known = true,
        .trust = {.known = CC_KNOWN, .policies = {&judging->policy, 1}, .at = options->role_arn},
    };
    tell(judging, answer);
    return true;
}
