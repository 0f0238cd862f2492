#include "steps.h"

#include "credctl/aws/region.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include <string.h>

#define STEPS_MAX ((size_t)16 << 20)

struct telling {
    struct cc_plan *plan;
    struct cc_parameters usual; /* parameters of the template as it lies */
    struct cc_buf out;
};

static struct cc_arena *mem_of(const struct telling *telling)
{
    return &telling->plan->run->mem;
}

/* --- values in the texts --- */

static const char *capitals(struct cc_arena *mem, const char *name)
{
    char *text = cc_text_dup(mem, name, strlen(name));

    for (char *at = text; *at; at++) {
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    }
    return text;
}

static const char *test_access(const struct telling *telling)
{
    const struct cc_plan *plan = telling->plan;
    const struct cc_rollout_template *one = &plan->answer->templates[0];
    const char *id = one->external_id
                         ? cc_textf(mem_of(telling), " --external-id %s --check-external-id",
                                    cc_text_sh_word(mem_of(telling), one->external_id))
                         : "";

    if (plan->template->side == CC_SIDE_STACKSET) {
        return cc_textf(mem_of(telling), "credctl test-access --organization --role-name %s%s",
                        cc_text_sh_word(mem_of(telling), plan->role), id);
    }
    if (plan->answer->index) {
        return cc_textf(mem_of(telling), "credctl test-access --targets %s%s",
                        cc_text_sh_word(mem_of(telling), plan->answer->index),
                        one->external_id ? " --check-external-id" : "");
    }
    return cc_textf(mem_of(telling), "credctl test-access --role-arn %s%s",
                    one->role_arn ? one->role_arn
                                  : cc_textf(mem_of(telling), "arn:%s:iam::ACCOUNT:role/%s",
                                             plan->partition, plan->role),
                    id);
}

static const char *value_of(const struct telling *telling, const char *name)
{
    const struct cc_plan *plan = telling->plan;
    const struct cc_generation *generation = &plan->generation;

    for (size_t i = 0; i < generation->setting_count; i++) {
        if (cc_text_equal(generation->settings[i].parameter, name)) {
            return generation->settings[i].values[0];
        }
    }
    for (size_t i = 0; i < telling->usual.count; i++) {
        if (cc_text_equal(telling->usual.rows[i].name, name) && telling->usual.rows[i].usual) {
            return telling->usual.rows[i].usual;
        }
    }
    if (cc_text_equal(name, "ImageTag")) {
        return "latest";
    }
    return cc_text_equal(name, "RepositoryName") ? "credctl-mcp" : capitals(mem_of(telling), name);
}

static const char *filled_in(const struct telling *telling, const char *name)
{
    const struct cc_plan *plan = telling->plan;

    if (cc_text_equal(name, "stack")) {
        return cc_textf(mem_of(telling), "credctl-%s", plan->template->name);
    }
    if (cc_text_equal(name, "region")) {
        return plan->region;
    }
    if (cc_text_equal(name, "partition")) {
        return plan->partition;
    }
    if (cc_text_equal(name, "suffix")) {
        return cc_partition_named(plan->partition)->dns;
    }
    return cc_text_equal(name, "test-access") ? test_access(telling) : value_of(telling, name);
}

static void tell(struct telling *telling, const char *text)
{
    for (const char *at = strstr(text, "{{"); at; at = strstr(text, "{{")) {
        const size_t len = strcspn(at + 2, "}");

        cc_buf_add(&telling->out, text, (size_t)(at - text));
        cc_buf_text(&telling->out, filled_in(telling, cc_text_dup(mem_of(telling), at + 2, len)));
        text = at + 2 + len + 2;
    }
    cc_buf_text(&telling->out, text);
}

/* --- deploying --- */

static void tell_template(struct telling *telling, const struct cc_rollout_template *one)
{
    const bool json = telling->plan->options->format == CC_ROLLOUT_JSON;

    if (!one->file) {
        cc_buf_addf(&telling->out, "Save this as `%s.%s`:\n\n```%s\n%s```\n\n",
                    telling->plan->template->name, json ? "json" : "yaml", json ? "json" : "yaml",
                    one->body);
    }
}

static void tell_command(struct telling *telling, const struct cc_rollout_template *one)
{
    const bool json = telling->plan->options->format == CC_ROLLOUT_JSON;
    const char *file = one->file ? one->file
                                 : cc_textf(mem_of(telling), "%s.%s", telling->plan->template->name,
                                            json ? "json" : "yaml");
    bool some = false;

    tell(telling,
         "```sh\naws cloudformation deploy --stack-name {{stack}} --region {{region}} \\\n");
    cc_buf_addf(&telling->out, "    --template-file %s --capabilities %s",
                cc_text_sh_word(mem_of(telling), file), telling->plan->answer->capability);
    for (size_t i = 0; i < one->parameter_count; i++) {
        if (one->parameters[i].needed) {
            cc_buf_addf(&telling->out, "%s \\\n        %s=VALUE",
                        some ? "" : " \\\n    --parameter-overrides", one->parameters[i].name);
            some = true;
        }
    }
    cc_buf_text(&telling->out, "\n```\n\n");
}

/* The console has its own domain in some partitions, and none that is public in others. */
static void tell_console(struct telling *telling)
{
    static const struct {
        const char *partition;
        const char *domain;
    } consoles[] = {{"aws", "console.aws.amazon.com"},
                    {"aws-cn", "console.amazonaws.cn"},
                    {"aws-us-gov", "console.amazonaws-us-gov.com"}};

    for (size_t i = 0; i < CC_COUNT(consoles); i++) {
        if (cc_text_equal(consoles[i].partition, telling->plan->partition)) {
            cc_buf_addf(&telling->out,
                        "Or in the console, with the file as an upload: "
                        "<https://%s.%s/cloudformation/home?region=%s#/stacks/create>\n\n",
                        telling->plan->region, consoles[i].domain, telling->plan->region);
        }
    }
}

static void tell_parameters(struct telling *telling, const struct cc_rollout_template *one)
{
    if (one->parameter_count == 0) {
        return;
    }
    cc_buf_text(&telling->out, "| parameter | default | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < one->parameter_count; i++) {
        const struct cc_rollout_parameter *row = &one->parameters[i];

        cc_buf_addf(&telling->out, "| `%s` | %s%s%s | %s |\n", row->name, row->usual ? "`" : "",
                    row->usual ? row->usual : "required", row->usual ? "`" : "",
                    row->about ? row->about : "");
    }
    cc_buf_text(&telling->out, "\n");
}

static void tell_deployments(struct telling *telling)
{
    const struct cc_plan *plan = telling->plan;

    cc_buf_text(&telling->out, "## Deploy\n\n");
    for (size_t i = 0; i < plan->answer->template_count; i++) {
        const struct cc_rollout_template *one = &plan->answer->templates[i];

        if (one->account_id) {
            cc_buf_addf(&telling->out,
                        "### Account %s%s%s%s\n\nWith credentials of that account:\n\n",
                        one->account_id, one->name ? " (" : "",
                        one->name ? cc_text_printable(mem_of(telling), one->name) : "",
                        one->name ? ")" : "");
        }
        tell_template(telling, one);
        tell_command(telling, one);
    }
    tell_parameters(telling, &plan->answer->templates[0]);
    cc_buf_addf(&telling->out,
                "`%s` is needed because roles have fixed names. With `--no-execute-changeset`, the "
                "command only shows what it would do.\n\n",
                plan->answer->capability);
    tell_console(telling);
}

/* --- the rest --- */

static void tell_removal(struct telling *telling)
{
    const bool many = telling->plan->answer->template_count > 1;

    cc_buf_text(&telling->out, "## Roll back\n\n");
    cc_buf_addf(&telling->out,
                "An update that fails goes back by itself. To go back later, deploy the file as it "
                "was before. A stack whose creation failed has to be removed before the next "
                "attempt. To remove everything%s:\n\n",
                many ? ", in each account" : "");
    tell(telling,
         "```sh\naws cloudformation delete-stack --stack-name {{stack}} --region {{region}}\n"
         "aws cloudformation wait stack-delete-complete --stack-name {{stack}} --region "
         "{{region}}\n```\n\n");
}

static void tell_permissions(struct telling *telling)
{
    const struct cc_grant *grants = telling->plan->answer->templates[0].grants;

    cc_buf_text(&telling->out, "## Permissions\n\n| statement | what it is for | actions |\n"
                               "|---|---|---|\n");
    for (; grants->sid; grants++) {
        const char *purpose = cc_purpose_of(grants->sid);

        cc_buf_addf(&telling->out, "| %s | %s | ", cc_text_printable(mem_of(telling), grants->sid),
                    purpose ? purpose : "of the policy that was given");
        for (size_t i = 0; grants->actions[i]; i++) {
            cc_buf_addf(&telling->out, "%s`%s`", i ? ", " : "",
                        cc_text_printable(mem_of(telling), grants->actions[i]));
        }
        cc_buf_text(&telling->out, " |\n");
    }
}

static const struct cc_steps *steps_of(const char *kind)
{
    const struct cc_steps *row = cc_steps;

    while (row->kind && !cc_text_equal(row->kind, kind)) {
        row++;
    }
    return row;
}

bool cc_plan_instructions(struct cc_plan *plan, const char **text, struct cc_error *err)
{
    struct telling telling = {.plan = plan, .out = cc_buf_new(&plan->run->mem, STEPS_MAX)};
    const struct cc_steps *steps = steps_of(plan->template->name);

    if (!cc_template_parameters(&plan->run->mem, plan->template, &telling.usual, err)) {
        return false;
    }
    cc_buf_addf(&telling.out, "# %s: %s\n\n", plan->template->name, plan->template->about);
    for (size_t i = 0; i < plan->warning_count; i++) {
        cc_buf_addf(&telling.out, "> %s\n\n", plan->warnings[i]);
    }
    if (steps->before) {
        cc_buf_text(&telling.out, "## Before\n\n");
        tell(&telling, steps->before);
        cc_buf_text(&telling.out, "\n");
    }
    tell_deployments(&telling);
    if (steps->check) {
        cc_buf_text(&telling.out, "## Check\n\n");
        tell(&telling, steps->check);
        cc_buf_text(&telling.out, "\n");
    }
    tell_removal(&telling);
    tell_permissions(&telling);
    *text = telling.out.text;
    return true;
}
