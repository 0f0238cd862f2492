#include "credctl/aws/arn.h"
#include "credctl/base/text.h"

#include "plan.h"

#include <string.h>

#define ID_BYTES 16 /* 128 random bits */

/* Settings as they are gathered. */
struct gathering {
    struct cc_plan *plan;
    struct cc_parameters parameters; /* of the template, to know which are lists */
    struct cc_setting *rows;
    size_t count;
};

static struct cc_arena *mem_of(const struct gathering *gathering)
{
    return &gathering->plan->run->mem;
}

static const struct cc_parameter *parameter(const struct gathering *gathering, const char *name)
{
    for (size_t i = 0; i < gathering->parameters.count; i++) {
        if (cc_text_equal(gathering->parameters.rows[i].name, name)) {
            return &gathering->parameters.rows[i];
        }
    }
    return NULL;
}

static bool add(struct gathering *gathering, const char *name, const char *source,
                const char *const *values, struct cc_error *err)
{
    for (size_t i = 0; i < gathering->count; i++) {
        if (cc_text_equal(gathering->rows[i].parameter, name)) {
            return cc_fail(err, CC_E_USAGE, "%s: %s already has that parameter", source,
                           gathering->rows[i].source);
        }
    }
    gathering->rows[gathering->count++] = (struct cc_setting){name, source, values};
    return true;
}

static bool add_text(struct gathering *gathering, const char *name, const char *source,
                     const char *value, struct cc_error *err)
{
    const char **values = cc_alloc(mem_of(gathering), 2 * sizeof(*values));

    values[0] = value;
    return !value || add(gathering, name, source, values, err);
}

/* --- options that are parameters --- */

/* "https://" is not part of the name that IAM gives an issuer. */
static const char *issuer(struct cc_arena *mem, const char *text)
{
    if (!text) {
        return NULL;
    }
    text += cc_text_starts(text, "https://") ? strlen("https://") : 0;
    return cc_text_dup(mem, text, strlen(text) - cc_text_ends(text, "/"));
}

static bool add_options(struct gathering *gathering, bool role, struct cc_error *err)
{
    const struct cc_rollout_options *options = gathering->plan->options;
    const int duration = options->max_session_duration;
    const struct {
        const char *parameter;
        const char *option;
        const char *value;
    } rows[] = {
        {"HostingRoleArn", "--source-role-arn", gathering->plan->source},
        {"RoleName", "--role-name", role ? options->role_name : NULL},
        {"RolePath", "--role-path", role ? options->role_path : NULL},
        {"MaxSessionDuration", "--max-session-duration",
         duration ? cc_textf(mem_of(gathering), "%d", duration) : NULL},
        {"OidcIssuer", "--oidc-issuer", issuer(mem_of(gathering), options->oidc_issuer)},
        {"Namespace", "--namespace", options->name_space},
        {"ServiceAccount", "--service-account", options->service_account},
        {"ClusterName", "--cluster", options->cluster},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (!add_text(gathering, rows[i].parameter, rows[i].option, rows[i].value, err)) {
            return false;
        }
    }
    return true;
}

static const char *const *split(struct cc_arena *mem, const char *text)
{
    size_t count = 1;

    for (const char *at = text; *at; at++) {
        count += *at == ',';
    }
    const char **values = cc_alloc(mem, (count + 1) * sizeof(*values));
    for (size_t i = 0; i < count; i++) {
        const size_t len = strcspn(text, ",");

        values[i] = cc_text_trim(mem, cc_text_dup(mem, text, len));
        text += len + (text[len] == ',');
    }
    return values;
}

static bool is_list(const struct cc_parameter *row)
{
    return row &&
           (cc_text_equal(row->type, "CommaDelimitedList") || cc_text_starts(row->type, "List<"));
}

static bool add_settings(struct gathering *gathering, struct cc_error *err)
{
    struct cc_arena *mem = mem_of(gathering);

    for (const char *const *row = gathering->plan->options->settings; row && *row; row++) {
        const size_t len = strcspn(*row, "=");
        const char *name = cc_text_dup(mem, *row, len);
        const char *value = *row + len + ((*row)[len] == '=');
        const char *source = cc_textf(mem, "--set %s", name);
        const bool list = is_list(parameter(gathering, name));

        if (list ? !add(gathering, name, source, split(mem, value), err)
                 : !add_text(gathering, name, source, value, err)) {
            return false;
        }
    }
    return true;
}

/* --- targets --- */

/* The target role itself: its name and path are those of the list. */
static bool add_role(struct gathering *gathering, const struct cc_target *target,
                     struct cc_error *err)
{
    struct cc_arena *mem = mem_of(gathering);
    struct cc_arn arn;
    const char *name = NULL;

    if (!cc_arn_role(mem, target->role_arn, &arn, &name)) {
        return cc_fail(err, CC_E_USAGE, "%s is not the ARN of a role", target->role_arn);
    }
    const char *path = arn.resource + strlen("role");
    const size_t len = strlen(path) - strlen(name);
    return add_text(gathering, "RoleName", target->role_arn, name, err) &&
           add_text(gathering, "RolePath", target->role_arn, cc_text_dup(mem, path, len), err);
}

/* The roles that a host may assume: those of the list, or one name in the whole organization. */
static bool add_targets(struct gathering *gathering, struct cc_error *err)
{
    struct cc_plan *plan = gathering->plan;
    const struct cc_targets *targets = &plan->targets;
    const char **arns = cc_alloc(mem_of(gathering), (targets->count + 2) * sizeof(*arns));

    for (size_t i = 0; i < targets->count; i++) {
        arns[i] = targets->rows[i].role_arn;
    }
    if (targets->count == 0 && plan->options->org_id) {
        arns[0] = cc_textf(mem_of(gathering), "arn:%s:iam::*:role/%s", plan->partition, plan->role);
    } else if (targets->count == 0 && plan->options->target_role) {
        cc_fail(err, CC_E_USAGE, "--target-role needs accounts");
        return cc_fix(err, "give --target-account ACCOUNT, --targets FILE or --org-id ID");
    }
    return !arns[0] || add(gathering, "TargetRoleArns",
                           plan->options->targets ? "--targets" : "--target-account", arns, err);
}

/* --- external IDs --- */

static bool random_id(struct cc_run *run, const char **id, struct cc_error *err)
{
    unsigned char bytes[ID_BYTES];
    char *text = cc_alloc(&run->mem, 2 * ID_BYTES + 1);

    if (!cc_random(run, bytes, sizeof(bytes), err)) {
        return false;
    }
    cc_text_hex(text, bytes, sizeof(bytes));
    *id = text;
    return true;
}

/* A target that has an ID keeps it, whatever the option says for the others. */
static bool choose_id(const struct gathering *gathering, const struct cc_target *target,
                      const char **id, struct cc_error *err)
{
    const struct cc_plan *plan = gathering->plan;
    const bool used = parameter(gathering, "ExternalId") != NULL;
    const char *given = plan->options->external_id;
    const bool makes_role =
        plan->template->side == CC_SIDE_TARGET || plan->template->side == CC_SIDE_STACKSET;

    *id = NULL;
    if (cc_text_equal(given, "none")) {
        return true;
    }
    if (used && target && target->external_id) {
        *id = target->external_id;
    } else if (cc_text_equal(given, "auto") || (!given && makes_role)) {
        return random_id(plan->run, id, err);
    } else {
        *id = given;
    }
    return true;
}

bool cc_plan_generation(struct cc_plan *plan, const struct cc_target *target,
                        struct cc_generation *generation, const char **external_id,
                        struct cc_error *err)
{
    const struct cc_rollout_options *options = plan->options;
    struct gathering gathering = {.plan = plan};
    const bool own = cc_plan_per_target(plan) && target;
    size_t room = 16;

    for (const char *const *row = options->settings; row && *row; row++) {
        room++;
    }
    gathering.rows = cc_alloc(&plan->run->mem, room * sizeof(*gathering.rows));
    if (!cc_template_parameters(&plan->run->mem, plan->template, &gathering.parameters, err) ||
        !choose_id(&gathering, target, external_id, err) || !add_options(&gathering, !own, err) ||
        !add_text(&gathering, "ExternalId", "--external-id", *external_id, err) ||
        !(own ? add_role(&gathering, target, err)
              : cc_plan_per_target(plan) || plan->template->side == CC_SIDE_STACKSET ||
                    add_targets(&gathering, err)) ||
        !add_settings(&gathering, err)) {
        return false;
    }
    *generation = (struct cc_generation){
        .template = plan->template,
        .json = options->format == CC_ROLLOUT_JSON,
        .partition = plan->partition,
        .account = own ? target->account : NULL,
        .settings = gathering.rows,
        .setting_count = gathering.count,
        .no_external_id = cc_text_equal(options->external_id, "none"),
        .trust = options->trust,
        .revision = options->revision,
        .organization = options->org_id,
        .session_tags = options->session_tags,
        .tools = plan->tools,
        .policy = plan->policy,
        .boundary = options->boundary,
        .managed_policies = options->managed_policies,
        .tags = options->tags,
        .vpc = options->vpc,
        .existing_provider = options->existing_provider,
    };
    return true;
}
