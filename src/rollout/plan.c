#include "plan.h"

#include "credctl/aws/arn.h"
#include "credctl/aws/region.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/world/files.h"

#include <string.h>

void cc_plan_warn(struct cc_plan *plan, const char *warning)
{
    if (plan->warning_count < CC_WARNINGS_MAX) {
        plan->warnings[plan->warning_count++] = warning;
    }
}

bool cc_plan_per_target(const struct cc_plan *plan)
{
    return plan->template->side == CC_SIDE_TARGET;
}

/* --- partition and region --- */

static const char *partition_of_arn(struct cc_arena *mem, const char *text)
{
    struct cc_arn arn;

    return text && cc_arn_parse(mem, text, &arn) ? arn.partition : NULL;
}

static bool other_partition(const struct cc_plan *plan, const char *what, const char *partition,
                            struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "%s is in the partition %s, not in %s", what, partition,
            plan->partition);
    cc_why(err, "accounts of different partitions cannot trust each other");
    return cc_fix(err, "give --partition %s, or correct it", partition);
}

static bool same_partition(const struct cc_plan *plan, const char *what, const char *arn,
                           struct cc_error *err)
{
    const char *partition = partition_of_arn(&plan->run->mem, arn);

    return !partition || cc_text_equal(partition, plan->partition) ||
           other_partition(plan, what, partition, err);
}

static bool find_partition(struct cc_plan *plan, struct cc_error *err)
{
    const struct cc_rollout_options *options = plan->options;
    const char *of_source = partition_of_arn(&plan->run->mem, plan->source);
    const char *of_region = options->region ? cc_partition_of(options->region)->name : NULL;

    plan->partition = options->partition ? options->partition
                      : of_source        ? of_source
                      : of_region        ? of_region
                                         : "aws";
    const struct cc_partition *partition = cc_partition_named(plan->partition);
    if (!partition) {
        cc_fail(err, CC_E_USAGE, "--source-role-arn: \"%.30s\" is not a partition of AWS",
                plan->partition);
        return cc_fix(err, "correct the ARN");
    }
    plan->region = options->region ? options->region : partition->home;
    return (!of_region || cc_text_equal(of_region, plan->partition) ||
            other_partition(plan, options->region, of_region, err)) &&
           same_partition(plan, "the hosting role", plan->source, err);
}

/* --- targets --- */

/* The name that a target role has by default, with its path. */
static bool usual_role(struct cc_plan *plan, struct cc_error *err)
{
    const struct cc_rollout_options *options = plan->options;
    const char *name = options->role_name;
    const char *path = options->role_path;
    struct cc_parameters all;

    if (options->target_role) {
        plan->role = options->target_role;
        return true;
    }
    if (!cc_template_parameters(&plan->run->mem, cc_template_named("cross-account"), &all, err)) {
        return false;
    }
    const bool ours =
        plan->template->side == CC_SIDE_TARGET || plan->template->side == CC_SIDE_STACKSET;
    for (size_t i = 0; i < all.count; i++) {
        if (cc_text_equal(all.rows[i].name, "RoleName") && !(ours && name)) {
            name = all.rows[i].usual;
        } else if (cc_text_equal(all.rows[i].name, "RolePath") && !(ours && path)) {
            path = all.rows[i].usual;
        }
    }
    plan->role = cc_textf(&plan->run->mem, "%s%s", path + (path[0] == '/'), name);
    return true;
}

/* --target-account, as a list of targets. */
static const char *accounts(struct cc_plan *plan)
{
    struct cc_buf lines = cc_buf_new(&plan->run->mem, CC_TARGETS_MAX_BYTES);

    for (const char *const *row = plan->options->target_accounts; row && *row; row++) {
        cc_buf_addf(&lines, "%s\n", *row);
    }
    return lines.text;
}

static bool read_targets(struct cc_plan *plan, struct cc_error *err)
{
    const struct cc_rollout_options *options = plan->options;
    struct cc_target_list list = {"--target-account", NULL, 0};

    if (options->targets && !cc_target_list_read(plan->run, options->targets, &list, err)) {
        return false;
    }
    if (!options->targets) {
        list.text = accounts(plan);
        list.len = strlen(list.text);
    }
    const struct cc_target_defaults defaults = {
        .partition = plan->partition, .role_name = plan->role, .from = list.name};
    if (!cc_targets_parse(&plan->run->mem, list.text, list.len, &defaults, &plan->targets, err)) {
        return false;
    }
    for (size_t i = 0; i < plan->targets.count; i++) {
        if (!same_partition(plan, plan->targets.rows[i].role_arn, plan->targets.rows[i].role_arn,
                            err)) {
            return false;
        }
    }
    return true;
}

static bool no_meaning(const struct cc_plan *plan, const char *option, struct cc_error *err)
{
    return cc_fail(err, CC_E_USAGE, "%s has no meaning for %s", option, plan->template->name);
}

static bool find_targets(struct cc_plan *plan, struct cc_error *err)
{
    const struct cc_rollout_options *options = plan->options;
    const bool some = options->targets || options->target_accounts;

    if (options->targets && options->target_accounts) {
        return cc_fail(err, CC_E_USAGE, "--targets and --target-account exclude each other");
    }
    if (options->target_role && plan->template->side != CC_SIDE_HOST &&
        plan->template->side != CC_SIDE_DEPLOY) {
        no_meaning(plan, "--target-role", err);
        return cc_fix(err, "give --role-name NAME and --role-path PATH");
    }
    if (some && plan->template->side == CC_SIDE_STACKSET) {
        no_meaning(plan, options->targets ? "--targets" : "--target-account", err);
        return cc_fix(err, "give --set OrganizationalUnitIds=ID, or use cross-account");
    }
    return usual_role(plan, err) && (!some || read_targets(plan, err));
}

/* --- the user's own policy, and tools --- */

static bool read_policy(struct cc_plan *plan, struct cc_error *err)
{
    const char *path = plan->options->policy;
    struct cc_policy *policy = NULL;
    const char *text = NULL;
    size_t len = 0;

    if (!path) {
        return true;
    }
    policy = cc_alloc(&plan->run->mem, sizeof(*policy));
    plan->policy = policy;
    return cc_read_file(plan->run, path, CC_POLICY_MAX, &text, &len, err) &&
           cc_policy_parse(&plan->run->mem, text, len, path, policy, err);
}

static void split_tools(struct cc_plan *plan)
{
    const char *text = plan->options->tools;
    size_t count = 1;

    if (!text) {
        return;
    }
    for (const char *at = text; *at; at++) {
        count += *at == ',';
    }
    const char **tools = cc_alloc(&plan->run->mem, (count + 1) * sizeof(*tools));
    for (size_t i = 0; i < count; i++) {
        const size_t len = strcspn(text, ",");

        tools[i] = cc_text_trim(&plan->run->mem, cc_text_dup(&plan->run->mem, text, len));
        text += len + (text[len] == ',');
    }
    plan->tools = tools;
}

static void warn_of_trust(struct cc_plan *plan)
{
    const struct cc_rollout_options *options = plan->options;
    const bool target =
        plan->template->side == CC_SIDE_TARGET || plan->template->side == CC_SIDE_STACKSET;

    if (target && cc_text_equal(options->external_id, "none")) {
        cc_plan_warn(plan, "the role asks for no external ID: whoever can make the hosting role "
                           "assume a role can reach it");
    }
    if (target && options->trust == CC_TRUST_ORG && !plan->source) {
        cc_plan_warn(plan, "every role of the organization that has the external ID can assume "
                           "the role: --source-role-arn limits it to one");
    }
    if (target && options->trust == CC_TRUST_PINNED) {
        cc_plan_warn(plan, "the hosting role must exist before the stack is created; when it is "
                           "deleted and created again, it is not trusted any more: `credctl "
                           "gen-template trust-update`");
    }
    if (plan->template->side == CC_SIDE_STACKSET) {
        cc_plan_warn(plan, "a StackSet with service-managed permissions leaves out the management "
                           "account: deploy cross-account there");
    }
    if (cc_text_equal(plan->template->lacking, plan->partition)) {
        cc_plan_warn(plan, cc_textf(&plan->run->mem, "%s does not have %s: the template is without",
                                    plan->partition, plan->template->lacking_is));
    }
}

bool cc_plan_make(struct cc_plan *plan, struct cc_error *err)
{
    if (!cc_plan_source(plan, err) || !find_partition(plan, err) || !find_targets(plan, err) ||
        !read_policy(plan, err)) {
        return false;
    }
    split_tools(plan);
    warn_of_trust(plan);
    return true;
}
