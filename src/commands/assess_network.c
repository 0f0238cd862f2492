#include "credctl/assess/posture.h"
#include "credctl/commands/shared.h"
#include "credctl/report/assess.h"

// clang-format off
static const struct cc_shape_field option_fields[] = {
    CC_ROW_PART(struct cc_posture_options, &cc_network_options_shape),
    CC_ROW_GROUP(struct cc_posture_options, assess.chain, struct cc_chain_options, &cc_chain_places_shape),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"assess network", option_fields,
                                              sizeof(struct cc_posture_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_posture(run, &cc_assess_network, options, answer, err);
}

static const struct cc_report reports[] = {
    {"csv", cc_posture_csv}, {"sarif", cc_posture_sarif}, {"html", cc_posture_html}, {NULL, NULL}};

const struct cc_command cc_command_assess_network = {
    .name = "assess network",
    .summary =
        "check what the network lets in, and TLS: load balancers, VPC, API Gateway, CloudFront",
    .details =
        "Checks the listeners and TLS policies of load balancers, the rules of security groups for\n"
        "what any address can reach, VPC endpoints, REST APIs and their domain names, and CloudFront,\n"
        "which is global and is checked once for each account, whatever the region.\n"
        "\n"
        "A resource is unknown when it has no issue and something that matters could not be read: a\n"
        "denied call never makes it compliant or not compliant, and the missing permission is named.\n"
        "\n"
        "Exit status 0: done, 1: something is at least as severe as --fail-on, 3: something could not\n"
        "be read.",
    .options = &options_shape,
    .answer = &cc_posture_answer_shape,
    .result = &cc_posture_result_shape,
    .reports = reports,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = cc_posture_text,
};
