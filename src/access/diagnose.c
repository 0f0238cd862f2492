#include "credctl/access/access.h"

#include "findings.h"

static void nothing_left(const struct cc_evidence *evidence, struct cc_arena *mem,
                         struct cc_diagnosis *diagnosis)
{
    diagnosis->candidates[0] = CC_CAUSE_UNKNOWN;
    diagnosis->count = 1;
    diagnosis->certainty = CC_POSSIBLE;
    diagnosis->why =
        cc_textf(mem, "every policy that could be read allows the call" CC_AWS_SAID "%s",
                 evidence->denial.message);
    diagnosis->fix =
        "wait a few minutes and try again: a change of a policy takes a while to be in "
        "force everywhere";
}

static void root_caller(struct cc_diagnosis *diagnosis)
{
    diagnosis->candidates[0] = CC_CAUSE_UNKNOWN;
    diagnosis->count = 1;
    diagnosis->certainty = CC_CERTAIN;
    diagnosis->why = "the caller is the root user of an account, which cannot assume a role";
    diagnosis->fix = "use the credentials of a user or role";
}

void cc_diagnose(struct cc_arena *mem, const struct cc_evidence *evidence,
                 struct cc_diagnosis *diagnosis)
{
    struct cc_findings *findings = cc_alloc(mem, sizeof(*findings));
    const struct cc_finding *chosen[CC_FINDINGS_MAX];

    *diagnosis = (struct cc_diagnosis){0};
    if (evidence->denial.root_caller) {
        root_caller(diagnosis);
        return;
    }
    cc_findings_make(mem, evidence, findings);
    diagnosis->count = cc_findings_choose(findings, chosen, &diagnosis->certainty);
    if (diagnosis->count == 0) {
        nothing_left(evidence, mem, diagnosis);
        return;
    }
    for (size_t i = 0; i < diagnosis->count; i++) {
        diagnosis->candidates[i] = chosen[i]->cause;
    }
    cc_diagnosis_statement(findings, chosen[0], diagnosis);
    cc_diagnosis_words(findings, chosen, diagnosis);
}

bool cc_diagnosis_settled(struct cc_arena *mem, const struct cc_evidence *evidence)
{
    struct cc_findings *findings = cc_alloc(mem, sizeof(*findings));

    cc_findings_make(mem, evidence, findings);
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->rows[i].state == CC_FINDING_PROVED) {
            return true;
        }
    }
    return false;
}
