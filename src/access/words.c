#include "credctl/access/access.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/policy/explain.h"

#include "findings.h"

#include <string.h>

#define TEXT_MAX ((size_t)64 << 10)

/*
 * The cause and the remedy. In the texts {caller}, {role}, {action}, {account}, {external_id},
 * {statement} (the statement with its policy), {condition}, {note} and {role_is} are replaced, and
 * {add to} and {add for caller}: by "add the statement to", or by what it would allow where there
 * is none. {source identity} is the whole remedy.
 */
static const struct {
    enum cc_cause cause;
    const char *why;
    const char *fix;
} words[] = {
    {CC_CAUSE_IDENTITY_NO_ALLOW, "the policies of {caller} do not allow {action} on {role}",
     "{add to} a policy of {caller}"},
    {CC_CAUSE_IDENTITY_DENY, "a policy of {caller} denies {action} explicitly{statement}",
     "change the statement that denies{statement}, so that it leaves {role} out: an Allow "
     "elsewhere does not help"},
    {CC_CAUSE_BOUNDARY_NO_ALLOW,
     "the permissions boundary of {caller} does not allow {action} on {role}",
     "{add to} the permissions boundary {boundary}"},
    {CC_CAUSE_BOUNDARY_DENY,
     "the permissions boundary of {caller} denies {action} explicitly{statement}",
     "change the statement that denies in the permissions boundary {boundary}{statement}, so that "
     "it leaves {role} out"},
    {CC_CAUSE_SESSION_NO_ALLOW,
     "the session policy that {caller} was given does not allow {action} on {role}",
     "let whoever made this session {add to} its session policy, or pass none"},
    {CC_CAUSE_SESSION_DENY, "the session policy that {caller} was given denies {action} explicitly",
     "let whoever made this session pass a session policy without this Deny, or none"},
    {CC_CAUSE_SCP_NO_ALLOW,
     "the service control policies of account {source_account} do not allow {action} on {role}",
     "ask the administrators of the organization to allow {action} on {role} where an SCP lacks it"},
    {CC_CAUSE_SCP_DENY,
     "a service control policy denies {action} to account {source_account}{statement}",
     "ask the administrators of the organization for an exception for {role} in the SCP that "
     "denies{statement}; no policy of the account can change it"},
    {CC_CAUSE_RCP_DENY,
     "a resource control policy denies {action} on roles of account {account}{statement}",
     "ask the administrators of the role's organization for an exception in the RCP that "
     "denies{statement}"},
    {CC_CAUSE_ENDPOINT_NO_ALLOW, "the policy of the VPC endpoint in use does not allow {action}",
     "{add to} the policy of the STS endpoint of this VPC"},
    {CC_CAUSE_ENDPOINT_DENY, "the policy of the VPC endpoint in use denies {action} explicitly",
     "change the statement that denies in the policy of the STS endpoint of this VPC{statement}"},
    {CC_CAUSE_TRUST_NO_ALLOW, "the trust policy of {role} does not allow {action} to {caller}",
     "let the owner of account {account} {add for caller} the trust policy of {role}"},
    {CC_CAUSE_TRUST_DENY,
     "the trust policy of {role} denies {action} to {caller} explicitly{statement}",
     "let the owner of account {account} change the statement that denies in the trust policy of "
     "{role}{statement}"},
    {CC_CAUSE_EXTERNAL_ID_MISSING,
     "the trust policy of {role} asks for an external ID, and none was sent{condition}",
     "pass the external ID that the owner of account {account} gave you: --external-id ID, or "
     "external_id in the list"},
    {CC_CAUSE_EXTERNAL_ID_WRONG,
     "the trust policy of {role} does not accept the external ID \"{external_id}\"{condition}",
     "compare the external ID letter by letter with the one in the trust policy of {role}, and "
     "pass that one"},
    {CC_CAUSE_TRUST_MFA,
     "the trust policy of {role} asks for MFA, which the session of a role never has{condition}",
     "assume it as a user with --serial-number and --token-code, or let the owner of account "
     "{account} remove the MFA condition for {caller}"},
    {CC_CAUSE_TRUST_TAGS,
     "the trust policy of {role} does not allow sts:TagSession to {caller}, and the call passes "
     "session tags (its own, or transitive ones of the session: EKS Pod Identity has six)",
     "let the owner of account {account} {add for caller} the trust policy of {role}, or pass no "
     "session tags"},
    {CC_CAUSE_TRUST_SOURCE_IDENTITY,
     "the trust policy of {role} does not accept the call with regard to its source identity "
     "(sts:SetSourceIdentity, sts:SourceIdentity){condition}",
     "{source identity}"},
    {CC_CAUSE_TRUST_CONDITION, "a condition in the trust policy of {role} does not hold{condition}",
     "compare the condition with this call, or let the owner of account {account} change "
     "it{condition}"},
    {CC_CAUSE_DELETED_PRINCIPAL,
     "the trust policy of {role} names {note}, which is not {caller}: the role or user that it "
     "named was deleted, and one of the same name is another principal",
     "let the owner of account {account} {add for caller} the trust policy of {role}, in place of "
     "{note}"},
    {CC_CAUSE_ROLE_MISSING, "the role {role} does not exist{role_is}",
     "check account, path and name of the role{role_is_fix}"},
};

struct value {
    const char *name;
    const char *value;
};

static const char *statement_words(struct cc_arena *mem, const struct cc_findings *findings,
                                   const struct cc_finding *row)
{
    const char *arn = findings->evidence->denial.policy_arn;

    if (row->by) {
        return cc_textf(mem, " (%s in %s)", cc_statement_name(mem, row->by->statement),
                        row->by->policy->name);
    }
    return arn && cc_cause_family(row->cause) == findings->evidence->denial.family
               ? cc_textf(mem, " (%s)", arn)
               : "";
}

static const char *caller_of(const struct cc_findings *findings)
{
    const char *arn = findings->one.caller.arn;

    return arn ? arn : "the caller";
}

static const char *add_to(const struct cc_findings *findings, const struct cc_diagnosis *diagnosis)
{
    return diagnosis->statement
               ? "add the statement to"
               : cc_textf(findings->mem, "allow %s on %s in", cc_needed_actions[findings->action],
                          findings->evidence->hop->role_arn);
}

/* The external ID is for sts:AssumeRole alone: the others are in a statement of their own. */
static const char *add_for_caller(const struct cc_findings *findings,
                                  const struct cc_diagnosis *diagnosis)
{
    const bool with_id =
        findings->action == CC_ACTION_ASSUME && findings->evidence->hop->external_id;
    struct cc_buf out = cc_buf_new(findings->mem, TEXT_MAX);
    const char *actions[CC_NEEDED_ACTIONS] = {NULL};
    const size_t count = cc_findings_lacking(findings, CC_FAMILY_TRUST, actions);

    if (diagnosis->statement) {
        return "add the statement to";
    }
    cc_buf_addf(&out, "allow %s%s", actions[0], with_id ? " with this external ID" : "");
    for (size_t i = 1; i < count; i++) {
        cc_buf_addf(&out, "%s%s",
                    i > 1     ? ", "
                    : with_id ? ", and in a second statement "
                              : " and ",
                    actions[i]);
    }
    cc_buf_addf(&out, " to %s in", caller_of(findings));
    return out.text;
}

/* The policy asks for one, or does not let this one pass. */
static const char *source_identity(const struct cc_findings *findings,
                                   const struct cc_diagnosis *diagnosis)
{
    const char *role = findings->evidence->hop->role_arn;

    if (findings->action == CC_ACTION_ASSUME) {
        return cc_textf(findings->mem,
                        "pass the source identity that the trust policy of %s asks for: "
                        "--source-identity ID, or source_identity in the list",
                        role);
    }
    return cc_textf(findings->mem,
                    "let the owner of account %s %s the trust policy of %s, or pass no source "
                    "identity",
                    findings->evidence->account, add_for_caller(findings, diagnosis), role);
}

/* Names of values that are not known stay as they are. */
static const char *filled(struct cc_arena *mem, const char *text, const struct value *values)
{
    struct cc_buf out = cc_buf_new(mem, TEXT_MAX);

    while (*text) {
        const size_t plain = strcspn(text, "{");
        const struct value *row = values;

        cc_buf_add(&out, text, plain);
        text += plain;
        while (*text && row->name && !cc_text_starts(text, row->name)) {
            row++;
        }
        if (*text && row->name) {
            cc_buf_text(&out, row->value ? row->value : "");
            text += strlen(row->name);
        } else if (*text) {
            cc_buf_add(&out, text++, 1);
        }
    }
    return out.text;
}

static const char *words_of(const struct cc_findings *findings, const struct cc_finding *row,
                            const struct cc_diagnosis *diagnosis, bool fix)
{
    struct cc_arena *mem = findings->mem;
    const struct cc_evidence *evidence = findings->evidence;
    const struct cc_access_source *source = evidence->source;
    const char *is = evidence->role_is;
    const char *condition =
        row->condition ? cc_textf(mem, ": %s",
                                  cc_explain_condition(mem, row->condition, &findings->one.context))
                       : "";
    const struct value values[] = {
        {"{caller}", caller_of(findings)},
        {"{role}", evidence->hop->role_arn},
        {"{role_is}", is ? cc_textf(mem, "; a role of this name has the ARN %s", is) : ""},
        {"{role_is_fix}", is ? cc_textf(mem, "; use %s", is) : ""},
        {"{action}", cc_needed_actions[findings->action]},
        {"{account}", evidence->account},
        {"{source_account}",
         source->identity.account_id ? source->identity.account_id : "(not known)"},
        {"{external_id}", evidence->hop->external_id},
        {"{boundary}",
         source->boundary.at ? source->boundary.at : cc_textf(mem, "of %s", caller_of(findings))},
        {"{statement}", statement_words(mem, findings, row)},
        {"{condition}", condition},
        {"{note}", row->note},
        {"{add to}", add_to(findings, diagnosis)},
        {"{add for caller}", add_for_caller(findings, diagnosis)},
        {"{source identity}", source_identity(findings, diagnosis)},
        {NULL, NULL},
    };

    for (size_t i = 0; i < CC_COUNT(words); i++) {
        if (words[i].cause == row->cause) {
            return filled(mem, fix ? words[i].fix : words[i].why, values);
        }
    }
    return fix ? "read the message of AWS" : "AWS denied the call";
}

static bool certain_words(const struct cc_diagnosis *diagnosis)
{
    return diagnosis->certainty == CC_CERTAIN;
}

static void add_others(const struct cc_findings *findings, const struct cc_finding *const *chosen,
                       const struct cc_diagnosis *diagnosis, struct cc_buf *out)
{
    const bool proved = chosen[0]->state == CC_FINDING_PROVED;

    cc_buf_text(out, proved ? "; also: " : "; not excluded: ");
    for (size_t i = 1; i < diagnosis->count; i++) {
        cc_buf_addf(out, "%s%s", i > 1 ? ", " : "", cc_cause_name(chosen[i]->cause));
        if (proved) {
            cc_buf_addf(out, " (%s)", words_of(findings, chosen[i], diagnosis, false));
        }
    }
}

static const char *how_known(const struct cc_finding *row)
{
    return row->note && row->cause != CC_CAUSE_DELETED_PRINCIPAL ? row->note : NULL;
}

void cc_diagnosis_words(const struct cc_findings *findings, const struct cc_finding *const *chosen,
                        struct cc_diagnosis *diagnosis)
{
    struct cc_buf out = cc_buf_new(findings->mem, TEXT_MAX);
    const struct cc_denial *denial = &findings->evidence->denial;
    const char *unread = findings->evidence->source->unread;

    cc_buf_addf(&out, "%s%s", certain_words(diagnosis) ? "" : cc_certainties[diagnosis->certainty],
                certain_words(diagnosis) ? "" : ": ");
    cc_buf_text(&out, words_of(findings, chosen[0], diagnosis, false));
    if (how_known(chosen[0])) {
        cc_buf_addf(&out, " (%s)", how_known(chosen[0]));
    }
    if (diagnosis->count > 1) {
        add_others(findings, chosen, diagnosis, &out);
    }
    if (!certain_words(diagnosis) && unread) {
        cc_buf_addf(&out, "; %s", unread);
    }
    if (!certain_words(diagnosis) && findings->evidence->trust_unread) {
        cc_buf_addf(&out, "; %s", findings->evidence->trust_unread);
    }
    if (denial->message && denial->message[0]) {
        cc_buf_addf(&out, CC_AWS_SAID "%s", denial->message);
    }
    diagnosis->why = cc_text_printable(findings->mem, out.text);
    diagnosis->fix = words_of(findings, chosen[0], diagnosis, true);
}
