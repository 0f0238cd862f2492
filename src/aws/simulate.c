#include "credctl/aws/iam.h"
#include "credctl/aws/operations.h"
#include "credctl/base/text.h"

/* --- the question */

struct rows {
    struct cc_arena *mem;
    struct cc_param *params;
    size_t count;
};

static void add(struct rows *rows, const char *name, const char *value)
{
    rows->params = cc_wanted_room(rows->mem, rows->params, rows->count, sizeof(*rows->params));
    rows->params[rows->count++] = (struct cc_param){.name = name, .value = value};
}

static void add_list(struct rows *rows, const char *name, const char *const *values)
{
    for (size_t i = 0; values && values[i]; i++) {
        add(rows, cc_textf(rows->mem, "%s.member.%zu", name, i + 1), values[i]);
    }
}

static void add_context(struct rows *rows, const struct cc_iam_context *context, size_t number)
{
    const char *name = cc_textf(rows->mem, "ContextEntries.member.%zu", number);
    const bool several = context->values[0] && context->values[1];

    add(rows, cc_textf(rows->mem, "%s.ContextKeyName", name), context->key);
    add_list(rows, cc_textf(rows->mem, "%s.ContextKeyValues", name), context->values);
    add(rows, cc_textf(rows->mem, "%s.ContextKeyType", name),
        context->type ? context->type
        : several     ? "stringList"
                      : "string");
}

static const struct cc_param *params_of(struct cc_run *run, const struct cc_iam_question *question)
{
    struct rows rows = {.mem = &run->mem};

    add(&rows, "PolicySourceArn", question->source);
    add_list(&rows, "ActionNames", question->actions);
    add_list(&rows, "ResourceArns", question->resources);
    for (size_t i = 0; question->context && question->context[i].key; i++) {
        add_context(&rows, &question->context[i], i + 1);
    }
    add(&rows, NULL, NULL);
    return rows.params;
}

/* --- the answer */

/* The decision for an action and all of its resources, and perhaps that for each of them. */
struct result {
    struct cc_iam_verdict whole;
    const struct cc_iam_verdict *parts;
    size_t part_count;
};

struct results {
    const struct result *rows;
    size_t count;
};

static const char *const decisions[] = {[CC_IAM_IMPLICIT_DENY] = "implicitDeny",
                                        [CC_IAM_EXPLICIT_DENY] = "explicitDeny",
                                        [CC_IAM_ALLOWED] = "allowed",
                                        NULL};

// clang-format off
static const struct cc_shape_field match_fields[] = {
    CC_ROW_AS("SourcePolicyId", TEXT, struct cc_iam_match, policy, NULL, NULL, .rules = CC_OMITTED),
    CC_ROW_AS("SourcePolicyType", TEXT, struct cc_iam_match, type, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape match_shape = {"match", match_fields, sizeof(struct cc_iam_match)};

#define ROW(kind, path, member, ...) \
    CC_ROW_AS(path, kind, struct cc_iam_verdict, member, NULL, NULL, __VA_ARGS__)
/* What a result and its parts have in common. */
#define COMMON                                                                                  \
    ROW(TEXT, "EvalResourceName", resource, .rules = CC_OMITTED),                               \
    ROW(TEXTS, "MissingContextValues", missing, .rules = CC_OMITTED),                           \
    CC_ROW_LIST_AS("MatchedStatements", struct cc_iam_verdict, matches, match_count,            \
        struct cc_iam_match, &match_shape, NULL, NULL, .rules = CC_OMITTED),                    \
    ROW(MAYBE_FLAG, "PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary", boundary, \
        .rules = CC_OMITTED)

static const struct cc_shape_field part_fields[] = {
    ROW(WORD, "EvalResourceDecision", decision, .words = decisions),
    COMMON,
    {0},
};
static const struct cc_shape_field whole_fields[] = {
    ROW(TEXT, "EvalActionName", action),
    ROW(WORD, "EvalDecision", decision, .words = decisions),
    ROW(MAYBE_FLAG, "OrganizationsDecisionDetail/AllowedByOrganizations", organization,
        .rules = CC_OMITTED),
    COMMON,
    {0},
};
static const struct cc_shape part_shape = {"part", part_fields, sizeof(struct cc_iam_verdict)};
static const struct cc_shape whole_shape = {"whole", whole_fields, sizeof(struct cc_iam_verdict)};

static const struct cc_shape_field result_fields[] = {
    CC_ROW_GROUP(struct result, whole, struct cc_iam_verdict, &whole_shape),
    CC_ROW_LIST_AS("ResourceSpecificResults", struct result, parts, part_count,
        struct cc_iam_verdict, &part_shape, NULL, NULL, .rules = CC_OMITTED),
    {0},
};
static const struct cc_shape result_shape = {"result", result_fields, sizeof(struct result)};

static const struct cc_shape_field results_fields[] = {
    CC_ROW_LIST_AS("EvaluationResults", struct results, rows, count, struct result, &result_shape,
        NULL, NULL),
    {0},
};
static const struct cc_shape results_shape = {"results", results_fields, sizeof(struct results)};
// clang-format on

static void keep(struct cc_run *run, struct cc_iam_verdicts *to, struct cc_iam_verdict verdict)
{
    static const char *const nothing[] = {NULL};
    struct cc_iam_verdict *rows = cc_wanted_room(&run->mem, to->rows, to->count, sizeof(*rows));

    verdict.resource = verdict.resource ? verdict.resource : "*";
    verdict.missing = verdict.missing ? verdict.missing : nothing;
    rows[to->count++] = verdict;
    to->rows = rows;
}

/* What a part does not tell is as in the whole, which has the strictest decision of all parts. */
static struct cc_iam_verdict completed(struct cc_iam_verdict part,
                                       const struct cc_iam_verdict *whole)
{
    part.action = whole->action;
    part.missing = part.missing ? part.missing : whole->missing;
    part.boundary = part.boundary.known ? part.boundary : whole->boundary;
    part.organization = whole->organization;
    return part;
}

static bool take(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    struct cc_iam_verdicts *to = ask->about;
    struct results results = {0};

    if (!cc_page_read(run, ask, page, &results_shape, &results, err)) {
        return false;
    }
    for (size_t i = 0; i < results.count; i++) {
        const struct result *result = &results.rows[i];

        for (size_t part = 0; part < result->part_count; part++) {
            keep(run, to, completed(result->parts[part], &result->whole));
        }
        if (result->part_count == 0) {
            keep(run, to, result->whole);
        }
    }
    return true;
}

void cc_iam_simulate(struct cc_run *run, struct cc_ask *ask, const struct cc_iam_question *question,
                     struct cc_iam_verdicts *to)
{
    *to = (struct cc_iam_verdicts){0};
    ask->operation = &cc_op_iam_simulate_principal_policy;
    ask->params = params_of(run, question);
    ask->take = take;
    ask->about = to;
}
