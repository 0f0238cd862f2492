#include "credctl/assess/inventory.h"
#include "credctl/commands/shared.h"
#include "credctl/report/assess.h"

/* The options of the assessment, and those of the chain. */
// clang-format off
static const struct cc_shape_field option_fields[] = {
    CC_ROW_PART(struct cc_inventory_options, &cc_inventory_options_shape),
    CC_ROW_GROUP(struct cc_inventory_options, assess.chain, struct cc_chain_options, &cc_chain_places_shape),
    {0},
};
// clang-format on
static const struct cc_shape options_shape = {"assess inventory", option_fields,
                                              sizeof(struct cc_inventory_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    return cc_inventory(run, options, answer, err);
}

static const struct cc_report reports[] = {{"csv", cc_inventory_csv}, {NULL, NULL}};

const struct cc_command cc_command_assess_inventory = {
    .name = "assess inventory",
    .summary = "count the resources of each service, as Resource Explorer knows them",
    .details =
        "Reads the default view of Resource Explorer in each region, else the first view there is. It tells\n"
        "only the resources that its view tells.\n"
        "\n"
        "Exit status 0: all was read, 3: something could not be read.",
    .options = &options_shape,
    .answer = &cc_inventory_answer_shape,
    .result = &cc_inventory_result_shape,
    .reports = reports,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = cc_inventory_text,
};
