#include "credctl/base/text.h"
#include "credctl/commands/command.h"
#include "credctl/rollout/rollout.h"

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    struct cc_rollout_answer *told = answer;

    if (!cc_rollout(run, options, answer, err)) {
        return false;
    }
    for (size_t i = 0; told->warnings[i]; i++) {
        cc_log(run, CC_WARN, "template", CC_S("note", told->warnings[i]));
    }
    return true;
}

static void print_kinds(const struct cc_rollout_answer *told, struct cc_buf *out)
{
    for (size_t i = 0; i < told->kind_count; i++) {
        cc_buf_addf(out, "%-26s %s\n", told->kinds[i].kind, told->kinds[i].about);
    }
}

static void print_parameters(const struct cc_rollout_answer *told, struct cc_buf *out)
{
    for (size_t i = 0; i < told->parameter_count; i++) {
        const struct cc_rollout_parameter *row = &told->parameters[i];

        cc_buf_addf(out, "%-22s %s\n%-22s %s%s\n", row->name, row->about ? row->about : "",
                    row->needed ? "  required" : "",
                    row->needed ? row->type : "  default: ", row->needed ? "" : row->usual);
    }
}

static void print_files(const struct cc_rollout_answer *told, struct cc_buf *out)
{
    for (size_t i = 0; i < told->template_count; i++) {
        cc_buf_addf(out, "%s\n", told->templates[i].file);
    }
    if (told->index) {
        cc_buf_addf(out, "%s\n", told->index);
    }
    if (told->instructions_file) {
        cc_buf_addf(out, "%s\n", told->instructions_file);
    }
}

static void print(const void *answer, struct cc_buf *out)
{
    const struct cc_rollout_answer *told = answer;

    print_kinds(told, out);
    print_parameters(told, out);
    if (told->template_count == 0) {
        return;
    }
    if (told->instructions && !told->instructions_file) {
        cc_buf_text(out, told->instructions);
    } else if (told->templates[0].file) {
        print_files(told, out);
    } else {
        cc_buf_text(out, told->templates[0].body);
    }
}

const struct cc_command cc_command_gen_template = {
    .name = "gen-template",
    .summary = "print or write CloudFormation for roles and deployments",
    .details =
        "KIND is one of `credctl gen-template --list`. Without further options the template has\n"
        "parameters for everything; what an option says is written into the template instead.\n"
        "A target role trusts one hosting role (--source-role-arn) that sends an external ID,\n"
        "and may call exactly what the assessment tools call.\n"
        "\n"
        "  credctl gen-template ec2 --target-account 222233334444\n"
        "  credctl gen-template cross-account --source-role-arn auto --targets accounts.csv \\\n"
        "      --output-dir stacks --instructions\n"
        "  credctl test-access --targets stacks/targets.json",
    .options = &cc_rollout_options_shape,
    .answer = &cc_rollout_answer_shape,
    .flags = CC_FOR_AGENTS,
    .run = run,
    .print = print,
};
