#include "credctl/assess/assess.h"
#include "credctl/aws/arn.h"
#include "credctl/base/shape_read.h"

// clang-format off
#define HEAD(kind, member, ...) CC_ROW(kind, struct cc_assess_head, member, __VA_ARGS__)
static const struct cc_shape_field head_fields[] = {
    HEAD(TEXT, account_id, "account", "the account that was assessed", .rules = CC_NULL),
    HEAD(TEXT, caller_arn, "caller", "the principal that asked", .rules = CC_NULL),
    HEAD(TEXT, region, "region", "the region that was assessed; null when the regions of the account are not known", .rules = CC_NULL),
    HEAD(TEXT, region_source, NULL, "where the region is from: --region, a variable, a file, the host"),
    HEAD(TEXT, credential_source, NULL, "the provider that the credentials are from"),
    HEAD(TEXT, target, "target", "its name in the list of targets", .rules = CC_NULL),
    HEAD(FLAG, partial, "partial", "something could not be read: see the errors"),
    CC_ROW_OBJECT(struct cc_assess_head, error, struct cc_error, &cc_error_shape, NULL,
        "why nothing could be read", .rules = CC_NULL),
    {0},
};
const struct cc_shape cc_assess_head_shape = {"head", head_fields, sizeof(struct cc_assess_head)};

#define COUNT(kind, member, ...) CC_ROW(kind, struct cc_assess_counts, member, __VA_ARGS__)
static const struct cc_shape_field counts_fields[] = {
    COUNT(NUMBER, account_count, "accounts", "the number of accounts"),
    COUNT(NUMBER, place_count, NULL, "the number of accounts and regions that were assessed"),
    COUNT(NUMBER, failed_count, NULL, "of how many of these nothing could be read"),
    COUNT(NUMBER, partial_count, NULL, "of how many of these something could not be read"),
    COUNT(REAL, seconds, "seconds", "how long it took"),
    {0},
};
const struct cc_shape cc_assess_counts_shape = {"counts", counts_fields, sizeof(struct cc_assess_counts)};

#define ROW(kind, member, ...) CC_ROW(kind, struct cc_assess_options, member, __VA_ARGS__)
static const char *const limits[] = {"low", "medium", "high", "critical", NULL};
static const struct cc_shape_field option_fields[] = {
    CC_ROW_AS("region", TEXTS, struct cc_assess_options, regions, "REGION[,REGION...]|all",
        "assess these regions; all: those that are enabled in the account (default: that of AWS_REGION, the profile or the host); may be repeated"),
    ROW(TEXT, targets, "FILE|-", "assess the accounts of this list, with the roles in it: CSV, JSON, JSON lines or plain lines"),
    CC_ROW_AS("target_role_arn", TEXTS, struct cc_assess_options, target_role_arns, "ARN", "assess the account of this role, with the role; may be repeated", .form = &cc_role_arn_form),
    ROW(TEXT, role_name, "NAME", "the role in targets without one"),
    ROW(TEXT, target_external_id, "ID", "external ID of targets without one"),
    ROW(TEXT, account_id, "ID", "fail for every other account than this one", .form = &cc_account_form),
    ROW(NUMBER, concurrency, "N", "make at most N calls at once", .least = 1, .most = 256, .usual = "50"),
    CC_ROW_AS("deadline", SPAN, struct cc_assess_options, deadline_ms, "SECONDS",
        "end after this time, with what was read until then", .most = 86400000, .usual = "45"),
    ROW(TEXT, fail_on, "SEVERITY", "exit with status 1 when anything is at least as severe", .words = limits),
    {0},
};
// clang-format on
static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    const struct cc_assess_options *given = value;

    (void)mem;
    if (given->targets && given->target_role_arns) {
        cc_fail(err, CC_E_USAGE, "--targets and --target-role-arn cannot be given together");
        return cc_fix(err, "write the roles into the list");
    }
    return true;
}

const struct cc_shape cc_assess_options_shape = {"assess", option_fields,
                                                 sizeof(struct cc_assess_options), .check = check};
