#include "credctl/access/standing.h"
#include "credctl/base/text.h"
#include "credctl/commands/shared.h"
#include "credctl/policy/explain.h"

// clang-format off
#define ROW(member, ...) CC_ROW(TEXT, struct cc_trust_options, member, __VA_ARGS__)

static const struct cc_shape_field option_fields[] = {
    ROW(role_arn, "ARN", "the role that is to be assumed", .form = &cc_role_arn_form),
    ROW(trust_policy, "FILE", "its trust policy (default: read with iam:GetRole)"),
    ROW(external_id, "ID", "the external ID that would be sent"),
    ROW(principal, "ARN",
        "the role, user or session that would call (default: that of the credentials)"),
    CC_ROW_GROUP(struct cc_trust_options, chain, struct cc_chain_options, &cc_chain_plain_shape),
    {0},
};
// clang-format on

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_trust_options *options = value;

    (void)mem;
    if (!options->role_arn) {
        cc_fail(err, CC_E_USAGE, "there is no role to check");
        return cc_fix(err, "give --role-arn ARN");
    }
    return true;
}

static const struct cc_shape options_shape = {"validate trust", option_fields,
                                              sizeof(struct cc_trust_options), .check = check};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_standing_trust(run, options, answer, err);
}

static void print_external_id(const struct cc_trust_answer *told, struct cc_buf *out)
{
    if (!told->external_id_required.known) {
        return;
    }
    if (!told->external_ids[0]) {
        cc_buf_text(out, "  external ID   none is asked for\n");
        return;
    }
    cc_buf_addf(out, "  external ID   %s\n", cc_explain_list(out->mem, told->external_ids));
    if (told->external_id_enforced.known && !told->external_id_enforced.value) {
        cc_buf_text(out, "                not enforced: a wrong one, or none, is accepted too\n");
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct cc_trust_answer *told = answer;

    cc_buf_addf(out, "%s: %s\n  role          %s\n  caller        %s\n", told->decision, told->why,
                told->role_arn, told->caller);
    print_external_id(told, out);
    for (size_t i = 0; i < told->condition_count; i++) {
        const struct cc_trust_condition *row = &told->conditions[i];

        cc_buf_addf(out, "  condition     %s %s %s (%s): holds: %s\n", row->operator, row->key,
                    cc_explain_list(out->mem, row->values), row->statement, row->holds);
    }
    for (size_t i = 0; told->deleted_principals && told->deleted_principals[i]; i++) {
        cc_buf_addf(out, "  deleted       %s: the role or user that it named is gone\n",
                    told->deleted_principals[i]);
    }
    if (told->identity_needed.known && told->identity_needed.value) {
        cc_buf_text(out, "  also needed   sts:AssumeRole in a policy of the caller: `credctl "
                         "validate role` checks it\n");
    }
    if (told->fix) {
        cc_buf_addf(out, "  do            %s\n", told->fix);
    }
    if (told->statement) {
        cc_statement_print(told->statement, "    ", out);
    }
}

const struct cc_command cc_command_validate_trust = {
    .name = "validate trust",
    .summary = "check whether a role's trust policy allows this caller, and with which external ID",
    .details =
        "Evaluates the trust policy, from a file or read with iam:GetRole in the caller's own\n"
        "account, for the caller of the credentials or for --principal, which needs neither\n"
        "credentials nor network when a file is given. Condition keys that only AWS knows, such\n"
        "as aws:SourceIp, make the answer unknown.\n"
        "\n"
        "Exit status 0: allowed, 1: denied, 3: not known.",
    .options = &options_shape,
    .answer = &cc_trust_answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
