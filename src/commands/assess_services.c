#include "credctl/assess/services.h"
#include "credctl/commands/shared.h"
#include "credctl/report/assess.h"

/* The options of the assessment, and those of the chain. */
// clang-format off
static const struct cc_shape_field option_fields[] = {
    CC_ROW_PART(struct cc_services_options, &cc_services_options_shape),
    CC_ROW_GROUP(struct cc_services_options, assess.chain, struct cc_chain_options, &cc_chain_places_shape),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"assess services", option_fields,
                                              sizeof(struct cc_services_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_services(run, options, answer, err);
}

static const struct cc_report reports[] = {
    {"csv", cc_services_csv}, {"html", cc_services_html}, {NULL, NULL}};

const struct cc_command cc_command_assess_services = {
    .name = "assess services",
    .summary = "say which security services are enabled, disabled, or cannot be read",
    .details =
        "Asks GuardDuty, Inspector, IAM Access Analyzer, Security Hub, Trusted Advisor and Macie in each\n"
        "account and region, all at once. A service is disabled only when AWS says so: what is denied, not\n"
        "reachable or not offered in the region is unknown, with the permission that is missing.\n"
        "\n"
        "Exit status 0: all was read, 1: a service is disabled and as severe as --fail-on, 3: something\n"
        "could not be read.",
    .options = &options_shape,
    .answer = &cc_services_answer_shape,
    .result = &cc_services_result_shape,
    .reports = reports,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = cc_services_text,
};
