#include "credctl/aws/arn.h"
#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/policy/tools.h"
#include "credctl/rollout/rollout.h"

#include <string.h>

static const char *const formats[] = {[CC_ROLLOUT_YAML] = "yaml", [CC_ROLLOUT_JSON] = "json", NULL};
static const char *const trusts[] = {
    [CC_TRUST_ROOT] = "root", [CC_TRUST_PINNED] = "pinned", [CC_TRUST_ORG] = "org", NULL};

static const char *const *tools(struct cc_arena *mem)
{
    size_t count = 0;

    while (cc_tool_actions[count].tool) {
        count++;
    }
    const char **names = cc_alloc(mem, (count + 1) * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        names[i] = cc_tool_actions[i].tool;
    }
    return names;
}

/* arn:PARTITION:iam::ACCOUNT:policy/PATH/NAME; policies of AWS have the account "aws". */
static bool is_policy_arn(const char *text)
{
    struct cc_arena mem = {0};
    struct cc_arn arn;
    const char *own = strstr(text, ":iam::aws:policy/");
    const char *rest = NULL;
    bool fits = false;

    if (cc_arn_parse(&mem, text, &arn)) {
        rest = cc_text_equal(arn.service, "iam") && !arn.region && arn.account &&
                       cc_text_starts(arn.resource, "policy/")
                   ? arn.resource + strlen("policy/")
                   : NULL;
    } else if (own && cc_text_starts(text, "arn:aws")) {
        rest = own + strlen(":iam::aws:policy/");
    }
    fits = rest && cc_text_consists(rest, "_+=,.@-/", 640);
    cc_arena_wipe(&mem);
    return fits;
}

static bool is_organization(const char *text)
{
    return cc_text_starts(text, "o-") && strlen(text) >= 12 && cc_text_consists(text + 2, "", 32) &&
           !strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static bool is_region(const char *text)
{
    return cc_region_shaped(text);
}

static const struct cc_form policy_form = {
    .fits = is_policy_arn,
    .says = "the ARN of a policy has the form arn:aws:iam::111122223333:policy/NAME"};
static const struct cc_form organization_form = {
    .fits = is_organization,
    .says = "the ID of an organization is o- and 10 to 32 letters in lower case and digits"};
static const struct cc_form region_form = {.fits = is_region,
                                           .says = "a region has the form us-east-1"};

// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_rollout_options, member, __VA_ARGS__)
#define AS(kind, name, member, ...) CC_ROW_AS(name, kind, struct cc_rollout_options, member, __VA_ARGS__)

static const struct cc_shape_field trust_fields[] = {
    ROW(TEXT, source_role_arn, "ARN|auto", "the role that credctl runs as; auto: the role of this host"),
    AS(TEXTS, "target_account", target_accounts, "ACCOUNT", "a target account; may be repeated", .form = &cc_account_form),
    ROW(TEXT, targets, "FILE|-", "the target accounts or roles: CSV, JSON, JSON lines or plain lines"),
    ROW(TEXT, target_role, "[PATH/]NAME", "the role in target accounts (default: that of cross-account)"),
    ROW(TEXT, external_id, "ID|auto|none", "external ID of the target roles; auto: a random one for each account (default)"),
    ROW(WORD, trust, "MODE", "whom a target role trusts: the account with a condition on the role's ARN, the role itself, or an organization", .words = trusts),
    ROW(TEXT, org_id, "ID", "the organization that caller or target must belong to", .form = &organization_form),
    ROW(NUMBER, revision, "N", "change a pinned trust, so that IAM looks the hosting role up again", .least = 1, .most = 999999),
    ROW(FLAG, session_tags, NULL, "allow session tags too, which hosts with EKS Pod Identity send"),
    {0},
};
static const struct cc_shape trust_shape = {"trust", trust_fields, sizeof(struct cc_rollout_options), .heading = "Trust"};

static const struct cc_shape_field role_fields[] = {
    ROW(TEXT, role_name, "NAME", "name of the role"),
    ROW(TEXT, role_path, "PATH", "path of the role, such as /security/"),
    ROW(NUMBER, max_session_duration, "SECONDS", "longest session of the role", .least = 3600, .most = 43200),
    AS(TEXT, "permissions_boundary", boundary, "ARN", "permissions boundary of every role", .form = &policy_form),
    AS(TEXTS, "managed_policy_arn", managed_policies, "ARN", "a managed policy to attach to the role; may be repeated", .form = &policy_form),
    ROW(TEXT, policy, "FILE", "an IAM policy whose statements the role gets too"),
    ROW(TEXT, tools, "TOOL,...", "only the permissions of these assessment tools", .words_from = tools, .rules = CC_COMMAS),
    ROW(PAIRS, tags, "KEY=VALUE", "a tag of every resource; may be repeated"),
    ROW(FLAG, vpc, NULL, "the Lambda function is in a VPC"),
    {0},
};
static const struct cc_shape role_shape = {"role", role_fields, sizeof(struct cc_rollout_options), .heading = "Role"};

static const struct cc_shape_field host_fields[] = {
    ROW(TEXT, oidc_issuer, "URL", "OIDC issuer of the EKS cluster"),
    AS(TEXT, "namespace", name_space, "NAME", "namespace of the pod"),
    ROW(TEXT, service_account, "NAME", "service account of the pod"),
    ROW(TEXT, cluster, "NAME", "EKS cluster"),
    ROW(FLAG, existing_provider, NULL, "the account has the OIDC provider of GitHub already"),
    ROW(TEXT, partition, "NAME", "partition of the accounts (default: that of the ARNs or the region, else aws)", .words_from = cc_partition_names),
    ROW(TEXT, region, "REGION", "region of the stack, for the instructions", .form = &region_form),
    AS(PAIRS, "set", settings, "PARAMETER=VALUE", "value of a parameter of the template; may be repeated"),
    {0},
};
static const struct cc_shape host_shape = {"host", host_fields, sizeof(struct cc_rollout_options), .heading = "Host and parameters"};

static const struct cc_shape_field output_fields[] = {
    ROW(WORD, format, "FORMAT", "format of the template", .words = formats),
    ROW(FLAG, instructions, NULL, "print how to deploy, check and remove it, in Markdown"),
    ROW(TEXT, output_file, "FILE", "write the template to FILE"),
    ROW(TEXT, output_dir, "FOLDER", "write one template for each target account, and targets.json, into FOLDER"),
    ROW(FLAG, force, NULL, "replace files that exist"),
    {0},
};
static const struct cc_shape output_shape = {"files", output_fields, sizeof(struct cc_rollout_options), .heading = "Template files"};

static const struct cc_shape_field fields[] = {
    ROW(TEXTS, words, "KIND", "the kind of template", .rules = CC_REST, .words_from = cc_template_names),
    ROW(FLAG, list, NULL, "list the kinds of templates"),
    ROW(FLAG, show_params, NULL, "list the parameters of the template"),
    CC_ROW_PART(struct cc_rollout_options, &trust_shape),
    CC_ROW_PART(struct cc_rollout_options, &role_shape),
    CC_ROW_PART(struct cc_rollout_options, &host_shape),
    CC_ROW_PART(struct cc_rollout_options, &output_shape),
    {0},
};
// clang-format on

static const char *kind_at(const void *rows, size_t i)
{
    return ((const struct cc_template *)rows)[i].name;
}

static bool check_kind(const struct cc_rollout_options *options, struct cc_error *err)
{
    const char *const *words = options->words;

    if (options->list) {
        return true;
    }
    if (!words || !words[0] || words[1]) {
        cc_fail(err, CC_E_USAGE, "gen-template needs one kind of template");
        return cc_fix(err, "run `credctl gen-template --list` for the kinds");
    }
    if (!cc_template_named(words[0])) {
        const char *near =
            strlen(words[0]) < 64 ? cc_text_nearest(words[0], kind_at, cc_templates) : NULL;

        cc_fail(err, CC_E_USAGE, "\"%.60s\" is not a kind of template", words[0]);
        return near ? cc_fix(err, "did you mean %s?", near)
                    : cc_fix(err, "run `credctl gen-template --list` for the kinds");
    }
    return true;
}

static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_rollout_options *options = value;

    (void)mem;
    if (options->output_file && options->output_dir) {
        return cc_fail(err, CC_E_USAGE, "--output-file and --output-dir exclude each other");
    }
    if (options->force && !options->output_file && !options->output_dir) {
        return cc_fail(err, CC_E_USAGE, "--force needs --output-file or --output-dir");
    }
    return check_kind(options, err);
}

const struct cc_shape cc_rollout_options_shape = {
    "gen-template", fields, sizeof(struct cc_rollout_options), .check = check};
