#include "credctl/rollout/rollout.h"

#include "credctl/base/text.h"

#include "plan.h"

static void list_kinds(struct cc_run *run, struct cc_rollout_answer *answer)
{
    size_t count = 0;

    while (cc_templates[count].name) {
        count++;
    }
    struct cc_rollout_kind *kinds = cc_alloc(&run->mem, count * sizeof(*kinds));
    for (size_t i = 0; i < count; i++) {
        kinds[i] = (struct cc_rollout_kind){cc_templates[i].name, cc_templates[i].about};
    }
    answer->kinds = kinds;
    answer->kind_count = count;
}

static const struct cc_rollout_parameter *told(struct cc_arena *mem,
                                               const struct cc_parameters *parameters)
{
    struct cc_rollout_parameter *rows = cc_alloc(mem, (parameters->count + 1) * sizeof(*rows));

    for (size_t i = 0; i < parameters->count; i++) {
        const struct cc_parameter *from = &parameters->rows[i];

        rows[i] = (struct cc_rollout_parameter){.name = from->name,
                                                .type = from->type,
                                                .usual = from->usual,
                                                .needed = !from->usual,
                                                .about = from->about};
    }
    return rows;
}

static bool show_parameters(struct cc_run *run, const struct cc_template *template,
                            struct cc_rollout_answer *answer, struct cc_error *err)
{
    struct cc_parameters parameters;

    if (!cc_template_parameters(&run->mem, template, &parameters, err)) {
        return false;
    }
    answer->parameters = told(&run->mem, &parameters);
    answer->parameter_count = parameters.count;
    return true;
}

static bool generate(struct cc_plan *plan, const struct cc_target *target,
                     struct cc_rollout_template *one, struct cc_error *err)
{
    struct cc_arena *mem = &plan->run->mem;
    const bool own = target && cc_plan_per_target(plan);
    struct cc_generated generated;

    if (!cc_plan_generation(plan, target, &plan->generation, &one->external_id, err) ||
        !cc_generate(mem, &plan->generation, &generated, err)) {
        return false;
    }
    one->name = own ? target->name : NULL;
    one->account_id = own ? target->account : NULL;
    one->role_arn = own ? target->role_arn : NULL;
    one->body = generated.text;
    one->len = generated.len;
    one->parameters = told(mem, &generated.parameters);
    one->parameter_count = generated.parameters.count;
    one->grants = generated.grants;
    return true;
}

static bool fits_output(const struct cc_plan *plan, struct cc_error *err)
{
    if (plan->answer->template_count > 1 && !plan->options->output_dir) {
        cc_fail(err, CC_E_USAGE, "there are %zu templates", plan->answer->template_count);
        return cc_fix(err, "give --output-dir FOLDER, for one file each");
    }
    return true;
}

static bool generate_all(struct cc_plan *plan, struct cc_error *err)
{
    const bool each = cc_plan_per_target(plan) && plan->targets.count > 0;
    const size_t count = each ? plan->targets.count : 1;
    struct cc_rollout_template *templates = cc_alloc(&plan->run->mem, count * sizeof(*templates));

    plan->answer->templates = templates;
    plan->answer->template_count = count;
    if (!fits_output(plan, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!generate(plan, plan->targets.count > 0 ? &plan->targets.rows[i] : NULL, &templates[i],
                      err)) {
            return false;
        }
    }
    cc_plan_paths(plan, templates);
    return (!plan->options->instructions ||
            cc_plan_instructions(plan, &plan->answer->instructions, err)) &&
           cc_plan_write(plan, templates, err);
}

bool cc_rollout(struct cc_run *run, const struct cc_rollout_options *options,
                struct cc_rollout_answer *answer, struct cc_error *err)
{
    struct cc_plan plan = {
        .run = run, .options = options, .answer = answer, .source_option = "--source-role-arn"};

    answer->warnings = cc_alloc(&run->mem, sizeof(*answer->warnings));
    if (options->list) {
        list_kinds(run, answer);
        return true;
    }
    plan.template = cc_template_named(options->words[0]);
    answer->kind = plan.template->name;
    if (options->show_params) {
        return show_parameters(run, plan.template, answer, err);
    }
    if (!cc_plan_make(&plan, err)) {
        return false;
    }
    answer->partition = plan.partition;
    answer->region = plan.region;
    answer->capability = "CAPABILITY_NAMED_IAM";
    if (!generate_all(&plan, err)) {
        return false;
    }
    const char **warnings = cc_alloc(&run->mem, (plan.warning_count + 1) * sizeof(*warnings));
    for (size_t i = 0; i < plan.warning_count; i++) {
        warnings[i] = plan.warnings[i];
    }
    answer->warnings = warnings;
    return true;
}
