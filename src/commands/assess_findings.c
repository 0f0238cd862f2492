#include "credctl/assess/findings.h"
#include "credctl/commands/shared.h"
#include "credctl/report/assess.h"

/* The options of the assessment, and those of the chain. */
// clang-format off
static const struct cc_shape_field option_fields[] = {
    CC_ROW_PART(struct cc_findings_options, &cc_findings_options_shape),
    CC_ROW_GROUP(struct cc_findings_options, assess.chain, struct cc_chain_options, &cc_chain_places_shape),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"assess findings", option_fields,
                                              sizeof(struct cc_findings_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_findings(run, options, answer, err);
}

static const struct cc_report reports[] = {{"csv", cc_findings_csv},
                                           {"sarif", cc_findings_sarif},
                                           {"html", cc_findings_html},
                                           {NULL, NULL}};

const struct cc_command cc_command_assess_findings = {
    .name = "assess findings",
    .summary = "list what the security services have found",
    .details =
        "Reads active findings: of GuardDuty and Security Hub those updated within 30 days. Each service has\n"
        "its own limit, --max-findings; what is beyond it is said, with a token to continue where the\n"
        "service has one.\n"
        "\n"
        "Exit status 0: all was read, 1: there is a finding at least as severe as --fail-on, 3: something\n"
        "could not be read.",
    .options = &options_shape,
    .answer = &cc_findings_answer_shape,
    .result = &cc_findings_result_shape,
    .reports = reports,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = cc_findings_text,
};
