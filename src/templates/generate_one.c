#include "credctl/base/text.h"

#include "draft_of.h"
#include "edit.h"
#include "parameter.h"

#include <string.h>

#define TARGETS    "TargetRoleArns"
#define FIRST      "FirstTarget"

#define TRUST_MAX  2048  /* characters of a trust policy (IAM quotas) ... */
#define INLINE_MAX 10240 /* ... and of all inline policies of a role */

bool cc_draft_load(struct cc_arena *mem, const struct cc_template *template,
                   struct cc_draft_node **root, struct cc_error *err)
{
    return cc_draft_read(mem, (const char *)template->blob->bytes, template->blob->len, root, err);
}

/* --- what the partition has --- */

static void cut(struct cc_draft_node *root, const char *section, const char *name)
{
    struct cc_draft_node *rows = cc_draft_in(root, section);
    const struct cc_draft_node *row = cc_draft_in(rows, name);

    if (row) {
        cc_draft_remove(rows, row);
    }
}

static bool fit_partition(struct cc_draft_node *root, const struct cc_generation *generation,
                          struct cc_error *err)
{
    const struct cc_template *template = generation->template;

    if (cc_text_equal(template->nowhere, generation->partition)) {
        cc_fail(err, CC_E_USAGE, "%s has no meaning in the partition %s", template->name,
                generation->partition);
        cc_why(err, "the service does not exist there");
        return cc_fix(err, "choose another kind: `credctl gen-template --list`");
    }
    for (size_t i = 0; i < CC_COUNT(template->lacks) && template->lacks[i]; i++) {
        if (cc_text_equal(template->lacking, generation->partition)) {
            cut(root, "Resources", template->lacks[i]);
            cut(root, "Outputs", template->lacks[i]);
        }
    }
    return true;
}

/* --- parameters --- */

static bool known(struct cc_draft_node *root, const struct cc_generation *generation,
                  const struct cc_setting *setting, struct cc_error *err)
{
    if (cc_draft_in(cc_draft_in(root, "Parameters"), setting->parameter)) {
        return true;
    }
    if (!cc_text_starts(setting->source, "--set ")) {
        return cc_no_meaning(generation, setting->source, err);
    }
    cc_fail(err, CC_E_USAGE, "%s has no parameter \"%.60s\"", generation->template->name,
            setting->parameter);
    return cc_fix(err, "run `credctl gen-template %s --show-params`", generation->template->name);
}

bool cc_draft_settings(struct cc_arena *mem, struct cc_draft_node *root,
                       const struct cc_generation *generation, struct cc_error *err)
{
    for (size_t i = 0; i < generation->setting_count; i++) {
        const struct cc_setting *setting = &generation->settings[i];

        if (!known(root, generation, setting, err) ||
            !cc_parameter_apply(mem, root, setting, err)) {
            return false;
        }
    }
    return true;
}

static const char *value_of(const struct cc_draft_node *root,
                            const struct cc_generation *generation, const char *parameter)
{
    for (size_t i = 0; i < generation->setting_count; i++) {
        if (cc_text_equal(generation->settings[i].parameter, parameter)) {
            return generation->settings[i].values[0];
        }
    }
    return cc_draft_text_in(cc_draft_in(cc_draft_in(root, "Parameters"), parameter), "Default");
}

/* --- the target that a deployment assumes unless a call names another one --- */

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void mark_first(struct cc_arena *mem, struct cc_draft_node *node)
{
    const struct cc_draft_node *list = node->first ? node->first->next : NULL;

    if (cc_text_equal(node->tag, "Select") && list && cc_text_equal(list->text, TARGETS)) {
        cc_draft_become(node, cc_draft_text(mem, "Ref", FIRST));
    }
    for (struct cc_draft_node *child = node->first; child; child = child->next) {
        mark_first(mem, child);
    }
}

/* A pattern for many roles cannot be assumed: the settings of the one target go. */
static void drop_default_target(struct cc_arena *mem, struct cc_draft_node *root,
                                const struct cc_generation *generation)
{
    const char *first = value_of(root, generation, TARGETS);

    if (generation->template->side != CC_SIDE_DEPLOY || !first || !strchr(first, '*')) {
        return;
    }
    mark_first(mem, root);
    cc_draft_drop(mem, root, FIRST);
    cc_draft_drop(mem, root, "TargetRoleArn");
    cc_draft_drop(mem, root, "ExternalId");
}

/* --- limits of IAM --- */

/* White space, which does not count, is not in these texts. */
static size_t size_of_inline(struct cc_arena *mem, const struct cc_draft_node *role)
{
    const struct cc_draft_node *list = cc_draft_in(role, "Policies");
    size_t size = 0;

    for (const struct cc_draft_node *row = list ? list->first : NULL; row; row = row->next) {
        size += strlen(cc_draft_json_text(mem, cc_draft_in(row, "PolicyDocument")));
    }
    return size;
}

static bool within_limits(struct cc_arena *mem, const struct cc_draft_node *root,
                          struct cc_error *err)
{
    const struct cc_draft_node *resources = cc_draft_in(root, "Resources");

    for (const struct cc_draft_node *row = resources->first; row; row = row->next) {
        const struct cc_draft_node *role = cc_draft_in(row, "Properties");
        const struct cc_draft_node *trust = cc_draft_in(role, "AssumeRolePolicyDocument");

        if (size_of_inline(mem, role) > INLINE_MAX) {
            cc_fail(err, CC_E_USAGE, "the policies of %s have more than %d characters", row->key,
                    INLINE_MAX);
            cc_why(err, "IAM allows that many for all inline policies of a role");
            return cc_fix(err, "allow one role name in all accounts of the organization: --org-id "
                               "ID without --target-account and --targets");
        }
        if (trust && trust->kind == CC_DRAFT_MAP &&
            strlen(cc_draft_json_text(mem, trust)) > TRUST_MAX) {
            cc_fail(err, CC_E_USAGE, "the trust policy of %s has more than %d characters", row->key,
                    TRUST_MAX);
            return cc_fix(err, "use a shorter external ID");
        }
    }
    return true;
}

/* --- what the role may do --- */

static const char *const *actions_of(struct cc_arena *mem, const struct cc_draft_node *statement)
{
    const struct cc_draft_node *action = cc_draft_in(statement, "Action");
    const struct cc_draft_node *first = action && action->kind == CC_DRAFT_TEXT ? action
                                        : action                                ? action->first
                                                                                : NULL;
    size_t count = 0;

    for (const struct cc_draft_node *item = first; item && item != action; item = item->next) {
        count++;
    }
    const char **actions = cc_alloc(mem, (count + 2) * sizeof(*actions));
    count = 0;
    for (const struct cc_draft_node *item = first; item; item = item->next) {
        actions[count++] = item->text;
        if (item == action) {
            break;
        }
    }
    return actions;
}

struct granted {
    struct cc_arena *mem;
    struct cc_grant *rows;
    size_t count;
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as CC_DRAFT_DEPTH
static void grants_in(struct granted *granted, const struct cc_draft_node *node)
{
    const char *sid = cc_draft_text_in(node, "Sid");

    if (sid && cc_draft_in(node, "Action")) {
        if (granted->rows) {
            granted->rows[granted->count] = (struct cc_grant){sid, actions_of(granted->mem, node)};
        }
        granted->count++;
        return;
    }
    for (const struct cc_draft_node *child = node->first; child; child = child->next) {
        if (!cc_text_equal(child->key, "AssumeRolePolicyDocument")) {
            grants_in(granted, child);
        }
    }
}

static const struct cc_grant *grants_of(struct cc_arena *mem, const struct cc_draft_node *root)
{
    struct granted granted = {mem, NULL, 0};

    grants_in(&granted, cc_draft_in(root, "Resources"));
    granted.rows = cc_alloc(mem, (granted.count + 1) * sizeof(*granted.rows));
    granted.count = 0;
    grants_in(&granted, cc_draft_in(root, "Resources"));
    return granted.rows;
}

/* --- all of it --- */

static void name_account(struct cc_arena *mem, struct cc_draft_node *root, const char *account)
{
    struct cc_draft_node *about = cc_draft_in(root, "Description");

    if (account && about) {
        about->text = cc_textf(mem, "%s; for account %s", about->text, account);
    }
}

/* Options of a trust that other kinds do not have. */
static bool fits_kind(const struct cc_generation *generation, struct cc_error *err)
{
    return (generation->trust == CC_TRUST_ROOT || cc_no_meaning(generation, "--trust", err)) &&
           (!generation->revision || cc_no_meaning(generation, "--revision", err)) &&
           (!generation->session_tags || cc_no_meaning(generation, "--session-tags", err));
}

static bool edit(struct cc_arena *mem, struct cc_draft_node *root,
                 const struct cc_generation *generation, struct cc_error *err)
{
    if (!(generation->template->side == CC_SIDE_TARGET ? cc_edit_trust(mem, root, generation, err)
                                                       : fits_kind(generation, err))) {
        return false;
    }
    if (generation->no_external_id) {
        if (!cc_draft_in(cc_draft_in(root, "Parameters"), "ExternalId")) {
            return cc_no_meaning(generation, "--external-id", err);
        }
        cc_draft_drop(mem, root, "ExternalId");
    }
    drop_default_target(mem, root, generation);
    if (!cc_draft_settings(mem, root, generation, err) ||
        !cc_edit_roles(mem, root, generation, err) ||
        (generation->tags && !cc_edit_tags(mem, root, generation->tags, err))) {
        return false;
    }
    cc_draft_fold(mem, root);
    cc_edit_trust_text(mem, root);
    cc_draft_prune(root);
    name_account(mem, root, generation->account);
    return within_limits(mem, root, err);
}

bool cc_draft_write(struct cc_arena *mem, const struct cc_draft_node *root, bool json,
                    struct cc_generated *generated, struct cc_error *err)
{
    struct cc_buf out = cc_buf_new(mem, CC_DRAFT_MAX);

    if (json) {
        cc_draft_json(root, &out);
    } else {
        cc_draft_yaml(root, &out);
    }
    if (out.len > CC_TEMPLATE_BODY_MAX) {
        cc_fail(err, CC_E_TOO_BIG, "the template is larger than %d bytes", CC_TEMPLATE_BODY_MAX);
        return cc_fix(err, "leave out some of the targets or policies");
    }
    generated->text = out.text;
    generated->len = out.len;
    generated->parameters = cc_parameters_of(mem, root);
    generated->grants = generated->grants ? generated->grants : grants_of(mem, root);
    return true;
}

bool cc_generate_one(struct cc_arena *mem, const struct cc_generation *generation,
                     struct cc_generated *generated, struct cc_error *err)
{
    struct cc_draft_node *root = NULL;

    if (!cc_draft_load(mem, generation->template, &root, err) ||
        !fit_partition(root, generation, err)) {
        return false;
    }
    generated->role_name = value_of(root, generation, "RoleName");
    generated->role_path = value_of(root, generation, "RolePath");
    return edit(mem, root, generation, err) &&
           cc_draft_write(mem, root, generation->json, generated, err);
}
