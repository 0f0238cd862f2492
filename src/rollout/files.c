#include "credctl/world/files.h"

#include "credctl/base/json.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "plan.h"

#include <string.h>

#define INDEX        "targets.json"
#define INSTRUCTIONS "instructions.md"
#define INDEX_MAX    ((size_t)64 << 20)

/* A row of the list of targets; the names are those that such a list has. */
struct index_row {
    const char *name;
    const char *account_id;
    const char *role_arn;
    const char *external_id;
};

#define ROW(member) \
    CC_ROW(TEXT, struct index_row, member, NULL, "as in a list of targets", .rules = CC_NULL)

static const struct cc_shape_field index_fields[] = {
    ROW(name), ROW(account_id), ROW(role_arn), ROW(external_id), {0},
};
static const struct cc_shape index_shape = {"target", index_fields, sizeof(struct index_row)};

static const char *in_folder(struct cc_plan *plan, const char *name)
{
    const char *folder = plan->options->output_dir;

    return cc_textf(&plan->run->mem, "%s%s%s", folder, cc_text_ends(folder, "/") ? "" : "/", name);
}

void cc_plan_paths(struct cc_plan *plan, struct cc_rollout_template *templates)
{
    const char *ends = plan->options->format == CC_ROLLOUT_JSON ? "json" : "yaml";

    for (size_t i = 0; i < plan->answer->template_count; i++) {
        const char *label = plan->targets.count > 0 && cc_plan_per_target(plan)
                                ? plan->targets.rows[i].label
                                : NULL;
        const char *name = cc_textf(&plan->run->mem, "%s%s%s.%s", plan->template->name,
                                    label ? "-" : "", label ? label : "", ends);

        templates[i].file =
            plan->options->output_dir ? in_folder(plan, name) : plan->options->output_file;
    }
    if (!plan->options->output_dir) {
        return;
    }
    plan->answer->index =
        cc_plan_per_target(plan) && plan->targets.count > 0 ? in_folder(plan, INDEX) : NULL;
    plan->answer->instructions_file =
        plan->options->instructions ? in_folder(plan, INSTRUCTIONS) : NULL;
}

static const char *index_text(const struct cc_plan *plan)
{
    struct cc_buf text = cc_buf_new(&plan->run->mem, INDEX_MAX);

    cc_buf_text(&text, "[\n");
    for (size_t i = 0; i < plan->answer->template_count; i++) {
        const struct cc_rollout_template *one = &plan->answer->templates[i];
        const struct index_row row = {one->name, one->account_id, one->role_arn, one->external_id};
        struct cc_buf line = cc_buf_new(&plan->run->mem, INDEX_MAX);

        cc_shape_json(&index_shape, &row, false, &line);
        cc_buf_addf(&text, "  %.*s%s\n", (int)line.len - 1, line.text,
                    i + 1 < plan->answer->template_count ? "," : "");
    }
    cc_buf_text(&text, "]\n");
    return text.text;
}

static bool is_free(struct cc_plan *plan, const char *path, struct cc_error *err)
{
    if (!path || plan->options->force || !cc_file_facts(plan->run, path).exists) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "%s exists", path);
    cc_why(err, "external IDs that are in use may be in it");
    return cc_fix(err, "give another name, or --force to replace it");
}

static bool all_free(struct cc_plan *plan, const struct cc_rollout_template *templates,
                     struct cc_error *err)
{
    for (size_t i = 0; i < plan->answer->template_count; i++) {
        if (!is_free(plan, templates[i].file, err)) {
            return false;
        }
    }
    return is_free(plan, plan->answer->index, err) &&
           is_free(plan, plan->answer->instructions_file, err);
}

bool cc_plan_write(struct cc_plan *plan, struct cc_rollout_template *templates,
                   struct cc_error *err)
{
    const size_t most = plan->answer->template_count + 2;
    struct cc_file_text *files = cc_alloc(&plan->run->mem, most * sizeof(*files));
    size_t count = 0;

    if (!all_free(plan, templates, err)) {
        return false;
    }
    for (size_t i = 0; i < plan->answer->template_count && templates[i].file; i++) {
        files[count++] =
            (struct cc_file_text){templates[i].file, templates[i].body, templates[i].len};
    }
    if (plan->answer->index) {
        const char *text = index_text(plan);

        files[count++] = (struct cc_file_text){plan->answer->index, text, strlen(text)};
    }
    if (plan->answer->instructions_file) {
        const char *text = plan->answer->instructions;

        files[count++] = (struct cc_file_text){plan->answer->instructions_file, text, strlen(text)};
    }
    return count == 0 || cc_write_files(plan->run, files, count, err);
}
