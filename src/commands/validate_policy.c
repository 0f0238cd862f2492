#include "credctl/base/text.h"
#include "credctl/commands/command.h"
#include "credctl/policy/explain.h"
#include "credctl/world/machine.h"

#include <string.h>

#define CASE_MAX ((size_t)4 << 20)

struct policy_options {
    const char *request;
    const char *const *identity;
    const char *trust;
    const char *boundary;
    const char *session;
    const char *const *scps;
    const char *const *rcps;
    const char *endpoint;
    const char *principal;
    const char *action;
    const char *resource;
    const char *resource_account;
    const char *const *context;
};

// clang-format off
#define ROW(kind, name, member, ...) \
    CC_ROW_AS(name, kind, struct policy_options, member, __VA_ARGS__)

static const struct cc_shape_field option_fields[] = {
    ROW(TEXT, "request", request, "FILE|-",
        "read the request and all policies from one JSON document"),
    ROW(TEXT, "principal", principal, "ARN",
        "who calls: a user, role or session ARN, or the name of a service"),
    ROW(TEXT, "action", action, "ACTION", "the action, for example sts:AssumeRole"),
    ROW(TEXT, "resource", resource, "ARN", "the resource (default: *)"),
    ROW(TEXT, "resource_account", resource_account, "ACCOUNT",
        "account of the resource (default: that of its ARN, else that of the caller)"),
    ROW(PAIRS, "context", context, "KEY=VALUE",
        "a condition key of the request; repeat it for more keys and for lists"),
    ROW(TEXTS, "identity_policy", identity, "FILE", "a policy of the caller; may be repeated"),
    ROW(TEXT, "boundary", boundary, "FILE", "permissions boundary of the caller"),
    ROW(TEXT, "session_policy", session, "FILE", "session policy of the caller"),
    ROW(TEXT, "trust_policy", trust, "FILE",
        "trust policy of the role, or another resource-based policy"),
    ROW(TEXTS, "scp", scps, "FILE",
        "the SCPs of one level, root first: a policy or a list of policies; may be repeated"),
    ROW(TEXTS, "rcp", rcps, "FILE", "the same for RCPs"),
    ROW(TEXT, "endpoint_policy", endpoint, "FILE", "policy of the VPC endpoint in use"),
    {0},
};
// clang-format on

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct policy_options *given = value;
    const bool flags = given->principal || given->action || given->resource || given->identity ||
                       given->trust || given->boundary || given->session || given->scps ||
                       given->rcps || given->endpoint || given->context || given->resource_account;

    (void)mem;
    if (given->request && flags) {
        cc_fail(err, CC_E_USAGE, "--request cannot be combined with other options of the case");
        return cc_fix(err, "put everything into the document, or leave --request out");
    }
    if (!given->request && (!given->principal || !given->action)) {
        cc_fail(err, CC_E_USAGE, "there is no request to evaluate");
        return cc_fix(err, "give --request FILE, or --principal ARN and --action ACTION");
    }
    return true;
}

static const struct cc_shape options_shape = {"validate policy", option_fields,
                                              sizeof(struct policy_options), .check = check};

/* --- the answer --- */

enum decision { ALLOWED, IMPLICITLY_DENIED, EXPLICITLY_DENIED };
static const char *const decisions[] = {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied", NULL};

struct told_layer {
    int layer;
    int level;
    int decision;
};

struct told_statement {
    int layer;
    const char *policy;
    const char *statement;
    const char *effect;
    bool applies;
    bool decided;
    const char *why_not;
};

struct evaluated {
    int decision;
    const char *why;
    const struct told_layer *layers;
    size_t layer_count;
    const struct told_statement *statements;
    size_t statement_count;
};

// clang-format off
static const struct cc_shape_field layer_fields[] = {
    CC_ROW(WORD, struct told_layer, layer, "layer", "the type of policy", .words = cc_layer_names),
    CC_ROW(NUMBER, struct told_layer, level, "level",
           "of SCPs and RCPs: 0 for the root, then each unit and the account"),
    CC_ROW(WORD, struct told_layer, decision, "decision", "what this level alone says",
           .words = decisions),
    {0},
};
static const struct cc_shape layer_shape = {"layer", layer_fields, sizeof(struct told_layer)};

static const struct cc_shape_field statement_fields[] = {
    CC_ROW(WORD, struct told_statement, layer, "layer", "the type of policy",
           .words = cc_layer_names),
    CC_ROW(TEXT, struct told_statement, policy, "policy", "the policy that has the statement"),
    CC_ROW(TEXT, struct told_statement, statement, "statement", "its Sid, or its number"),
    CC_ROW(TEXT, struct told_statement, effect, "effect", "its effect: Allow or Deny"),
    CC_ROW(FLAG, struct told_statement, applies, "applies", "it applies to the request"),
    CC_ROW(FLAG, struct told_statement, decided, "decided", "the decision rests on it"),
    CC_ROW(TEXT, struct told_statement, why_not, "why not", "why it does not apply",
           .rules = CC_NULL),
    {0},
};
static const struct cc_shape statement_shape = {"statement", statement_fields,
                                                sizeof(struct told_statement)};

static const struct cc_shape_field answer_fields[] = {
    CC_ROW(WORD, struct evaluated, decision, NULL, "the decision of all policies together",
           .words = decisions),
    CC_ROW(TEXT, struct evaluated, why, NULL, "the reason, in one sentence"),
    CC_ROW_LIST(struct evaluated, layers, layer_count, struct told_layer, &layer_shape, NULL,
                "each type of policy that was given"),
    CC_ROW_LIST(struct evaluated, statements, statement_count, struct told_statement,
                &statement_shape, NULL, "every statement"),
    {0},
};
// clang-format on
static const struct cc_shape answer_shape = {"validate policy", answer_fields,
                                             sizeof(struct evaluated)};

/* --- reading the case --- */

static bool read_json(struct cc_run *run, const char *path, size_t max, const cJSON **json,
                      struct cc_error *err)
{
    const bool input = cc_text_equal(path, "-");
    const char *text = NULL;
    size_t len = 0;

    if (input ? !cc_input_read(run, max, &text, &len, err)
              : !cc_read_file(run, path, max, &text, &len, err)) {
        return false;
    }
    text = cc_text_after_mark(text, &len);
    if (!cc_json_parse(&run->mem, text, len, input ? "standard input" : path, json, err)) {
        err->code = CC_E_POLICY;
        return cc_fix(err, "give one JSON document");
    }
    return true;
}

/* A file with a policy, or with a list of policies. */
static bool read_level(struct cc_run *run, const char *path, enum cc_layer_kind kind,
                       struct cc_policies *level, struct cc_error *err)
{
    const cJSON *json = NULL;
    const char *name = cc_text_equal(path, "-") ? "standard input" : path;

    return read_json(run, path, CC_POLICY_MAX, &json, err) &&
           cc_policies_from_json(&run->mem, json, name, level, err) &&
           cc_policies_fit(&run->mem, level, kind, err);
}

/* Each file is a level. */
static bool read_levels(struct cc_run *run, const char *const *paths, enum cc_layer_kind kind,
                        struct cc_case *one, struct cc_error *err)
{
    size_t count = 0;

    while (paths && paths[count]) {
        count++;
    }
    struct cc_policies *rows = cc_alloc(&run->mem, (count + 1) * sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        if (!read_level(run, paths[i], kind, &rows[i], err)) {
            return false;
        }
    }
    one->layers[kind] = (struct cc_levels){.present = count > 0, .rows = rows, .count = count};
    return true;
}

static bool read_one(struct cc_run *run, const char *path, enum cc_layer_kind kind,
                     struct cc_case *one, struct cc_error *err)
{
    const char *const paths[] = {path, NULL};

    return read_levels(run, paths, kind, one, err);
}

/* All files together are one level. */
static bool read_identity(struct cc_run *run, const char *const *paths, struct cc_case *one,
                          struct cc_error *err)
{
    struct cc_levels *levels = &one->layers[CC_LAYER_IDENTITY];
    struct cc_policies *all = cc_alloc(&run->mem, sizeof(*all));
    size_t count = 0;

    if (!read_levels(run, paths, CC_LAYER_IDENTITY, one, err)) {
        return false;
    }
    for (size_t i = 0; i < levels->count; i++) {
        count += levels->rows[i].count;
    }
    struct cc_policy *rows = cc_alloc(&run->mem, (count + 1) * sizeof(*rows));
    all->rows = rows;
    for (size_t i = 0; i < levels->count; i++) {
        for (size_t k = 0; k < levels->rows[i].count; k++) {
            rows[all->count++] = levels->rows[i].rows[k];
        }
    }
    *levels = (struct cc_levels){.present = true, .rows = all, .count = 1};
    return true;
}

#define PAIRS_MAX 10000
#define KEYS_MAX  1000 /* as many as an object of a document may have */

/* A key that is given again becomes a list. */
static bool read_context(struct cc_arena *mem, const char *const *pairs, struct cc_context *context,
                         struct cc_error *err)
{
    for (size_t i = 0; pairs && pairs[i]; i++) {
        const size_t len = strcspn(pairs[i], "=");

        cc_context_add(context, cc_text_dup(mem, pairs[i], len), pairs[i] + len + 1);
        if (i >= PAIRS_MAX || context->count > KEYS_MAX) {
            return cc_fail(err, CC_E_TOO_BIG, "there are more than %d --context, or %d keys",
                           PAIRS_MAX, KEYS_MAX);
        }
    }
    return true;
}

static bool case_of_options(struct cc_run *run, const struct policy_options *given,
                            struct cc_case *one, struct cc_error *err)
{
    *one = (struct cc_case){
        .action = given->action,
        .resource = given->resource ? given->resource : "*",
        .resource_account = given->resource_account,
        .context = {.mem = &run->mem},
    };
    return read_context(&run->mem, given->context, &one->context, err) &&
           read_identity(run, given->identity, one, err) &&
           read_levels(run, given->scps, CC_LAYER_SCP, one, err) &&
           read_levels(run, given->rcps, CC_LAYER_RCP, one, err) &&
           read_one(run, given->boundary, CC_LAYER_BOUNDARY, one, err) &&
           read_one(run, given->session, CC_LAYER_SESSION, one, err) &&
           read_one(run, given->trust, CC_LAYER_RESOURCE, one, err) &&
           read_one(run, given->endpoint, CC_LAYER_ENDPOINT, one, err) &&
           cc_case_begin(&run->mem, given->principal, one, err);
}

static bool case_of_document(struct cc_run *run, const char *path, struct cc_case *one,
                             struct cc_error *err)
{
    const cJSON *json = NULL;

    return read_json(run, path, CASE_MAX, &json, err) &&
           cc_case_from_json(&run->mem, json, one, err);
}

/* --- telling --- */

static int decision_of(enum cc_tri allows, enum cc_tri denies)
{
    return denies == CC_YES ? EXPLICITLY_DENIED : allows == CC_YES ? ALLOWED : IMPLICITLY_DENIED;
}

/* Whether the request needs an Allow of the layer that it does not have. */
static bool lacks(const struct cc_decision *decision, const struct cc_case *one, size_t kind)
{
    const struct cc_layer_decision *layer = &decision->layers[kind];

    if (kind != CC_LAYER_RESOURCE) {
        return layer->present && layer->allows != CC_YES;
    }
    return (!one->caller.account || !decision->same_account || decision->explicitly_only) &&
           (!layer->present || layer->allows != CC_YES);
}

/* Types of policy whose missing Allow is the reason of an implicit denial. */
static const char *lacking(struct cc_arena *mem, const struct cc_decision *decision,
                           const struct cc_case *one)
{
    const char *names = NULL;

    for (size_t i = 0; i < CC_LAYERS; i++) {
        if (lacks(decision, one, i)) {
            names = names ? cc_textf(mem, "%s, %s", names, cc_layer_titles[i]) : cc_layer_titles[i];
        }
    }
    return cc_textf(mem, "these do not allow it: %s", names ? names : "all together");
}

/* The first statement of a layer that denies; NULL: none. */
static const struct cc_statement_verdict *denying(const struct cc_layer_decision *layer)
{
    for (size_t i = 0; layer->denies == CC_YES && i < layer->count; i++) {
        if (layer->levels[i].denies == CC_YES) {
            return cc_layer_denying(&layer->levels[i]);
        }
    }
    return NULL;
}

static const char *why_of(struct cc_arena *mem, const struct cc_decision *decision,
                          const struct cc_case *one)
{
    if (decision->allowed == CC_YES) {
        return "every type of policy that must allow it does";
    }
    if (cc_is_root_assuming(one)) {
        return "the root user of an account cannot assume a role";
    }
    for (size_t i = 0; decision->denied == CC_YES && i < CC_LAYERS; i++) {
        const struct cc_statement_verdict *by = denying(&decision->layers[i]);

        if (by) {
            return cc_textf(mem, "%s of %s (%s) denies it explicitly",
                            cc_statement_name(mem, by->statement), by->policy->name,
                            cc_layer_titles[i]);
        }
    }
    return lacking(mem, decision, one);
}

static void tell_level(struct cc_arena *mem, const struct cc_case *one,
                       const struct cc_decision *decision, size_t kind, size_t level,
                       struct evaluated *evaluated)
{
    const struct cc_layer *layer = &decision->layers[kind].levels[level];
    const struct cc_access_request request = {&one->caller, one->action, one->resource,
                                              &one->context};
    struct told_statement *rows = (struct told_statement *)(void *)evaluated->statements;
    struct told_layer *layers = (struct told_layer *)(void *)evaluated->layers;

    layers[evaluated->layer_count++] =
        (struct told_layer){(int)kind, (int)level, decision_of(layer->allows, layer->denies)};
    for (size_t i = 0; i < layer->count; i++) {
        const struct cc_statement_verdict *verdict = &layer->statements[i];
        const bool allows = verdict->statement->allows;
        const bool applies = verdict->applies == CC_YES;

        rows[evaluated->statement_count++] = (struct told_statement){
            .layer = (int)kind,
            .policy = verdict->policy->name,
            .statement = cc_statement_name(mem, verdict->statement),
            .effect = allows ? "Allow" : "Deny",
            .applies = applies,
            .decided = applies && (allows ? decision->allowed : decision->denied) == CC_YES,
            .why_not = cc_explain_statement(mem, verdict, &request),
        };
    }
}

static void tell(struct cc_arena *mem, const struct cc_case *one,
                 const struct cc_decision *decision, struct evaluated *evaluated)
{
    size_t statements = 1;
    size_t levels = 1;

    for (size_t i = 0; i < CC_LAYERS; i++) {
        levels += decision->layers[i].count;
        for (size_t k = 0; k < decision->layers[i].count; k++) {
            statements += decision->layers[i].levels[k].count;
        }
    }
    evaluated->layers = cc_alloc(mem, levels * sizeof(*evaluated->layers));
    evaluated->statements = cc_alloc(mem, statements * sizeof(*evaluated->statements));
    for (size_t i = 0; i < CC_LAYERS; i++) {
        for (size_t k = 0; k < decision->layers[i].count; k++) {
            tell_level(mem, one, decision, i, k, evaluated);
        }
    }
    evaluated->decision = decision_of(decision->allowed, decision->denied);
    evaluated->why = why_of(mem, decision, one);
}

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct policy_options *given = options;
    struct evaluated *evaluated = answer;
    struct cc_case one;

    if (given->request ? !case_of_document(run, given->request, &one, err)
                       : !case_of_options(run, given, &one, err)) {
        return false;
    }
    const struct cc_decision decision = cc_decide(&run->mem, &one);

    if (decision.too_large) {
        cc_fail(err, CC_E_TOO_BIG, "the policies cannot be evaluated");
        cc_why(err, "their conditions and patterns need too many comparisons for this request");
        return cc_fix(err, "give fewer policies, or fewer or shorter values of the request");
    }
    tell(&run->mem, &one, &decision, evaluated);
    run->exit_status = evaluated->decision == ALLOWED ? 0 : cc_code_exit_status(CC_E_NOT_EXPECTED);
    return true;
}

static void print_statements(const struct evaluated *evaluated, bool applies, const char *heading,
                             struct cc_buf *out)
{
    bool any = false;

    for (size_t i = 0; i < evaluated->statement_count; i++) {
        const struct told_statement *row = &evaluated->statements[i];

        if (row->applies != applies) {
            continue;
        }
        cc_buf_text(out, any ? "" : heading);
        any = true;
        cc_buf_addf(out, "  %-5s  %s, %s, %s\n", row->effect, cc_layer_names[row->layer],
                    row->policy, row->statement);
        if (row->why_not) {
            cc_buf_addf(out, "         %s\n", row->why_not);
        }
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct evaluated *evaluated = answer;

    cc_buf_addf(out, "%s: %s\n", decisions[evaluated->decision], evaluated->why);
    print_statements(evaluated, true, "\nStatements that apply\n", out);
    print_statements(evaluated, false, "\nStatements that do not apply\n", out);
}

const struct cc_command cc_command_validate_policy = {
    .name = "validate policy",
    .summary = "evaluate IAM policies for one request, offline, and say which statements decide",
    .details =
        "Evaluates identity-based policies, permissions boundary, session policy, resource and\n"
        "trust policies, SCPs and RCPs per level and VPC endpoint policies, with all condition\n"
        "operators and policy variables, as the IAM User Guide describes it. A condition key that\n"
        "is not given is a key that the request does not have. No network is used.\n"
        "\n"
        "Exit status 0 when the request is allowed, 1 when it is denied.",
    .options = &options_shape,
    .answer = &answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
