#include "credctl/aws/arn.h"
#include "credctl/aws/region.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include "row.h"

#include <string.h>

struct resolving {
    struct cc_arena *mem;
    const struct cc_target_place *place;
    const struct cc_target_row *row;
    const struct cc_target_defaults *defaults;
    struct cc_target *target;
    struct cc_arn arn; /* of the role */
};

/* What a row lacks, as the columns of a line and as fields with names. */
enum lack { NO_TARGET, NO_ROLE_ARN, BAD_ACCOUNT, BAD_ROLE, OTHER_ROLE, LACKS };

static const char *const whys[LACKS][2] = {
    [NO_TARGET] = {"it begins with neither an account nor a role's ARN",
                   "it has neither an account_id nor a role_arn"},
    [NO_ROLE_ARN] = {"it begins with neither an account nor a role's ARN",
                     "its role_arn is not the ARN of a role"},
    [BAD_ACCOUNT] = {"it begins with neither an account nor a role's ARN",
                     "its account_id does not have 12 digits"},
    [BAD_ROLE] = {"its second column is not a role name",
                  "its role is neither a role name nor the ARN of a role"},
    [OTHER_ROLE] = {"its second column is another role than that of its ARN; the external ID is "
                    "the third column",
                    "its role_name is another role than that of its ARN"},
};

static bool refuse(const struct resolving *at, struct cc_error *err, enum lack lack)
{
    return cc_target_refuse(at->place, err, whys[lack][at->place->named]);
}

/* A path as IAM shows it: with or without a slash at the start. */
static const char *after_slash(const char *role)
{
    return role[0] == '/' ? role + 1 : role;
}

static bool wrong_role_name(const struct resolving *at, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "--role-name: \"%.200s\" is not valid", at->defaults->role_name);
    return cc_why(err, "a role name has up to 64 letters, digits and characters of _+=,.@-");
}

static bool take_role(struct resolving *at, const char *text)
{
    if (!cc_arn_role(at->mem, text, &at->arn, &at->target->label)) {
        return false;
    }
    at->target->role_arn = text;
    at->target->account = at->arn.account;
    return true;
}

static const char *partition_of(const struct resolving *at)
{
    const char *region = at->row->more.region;

    return region ? cc_partition_of(region)->name : at->defaults->partition;
}

static bool role_of_account(struct resolving *at, const char *account, const char *role,
                            struct cc_error *err)
{
    const bool common = !role;

    role = common ? at->defaults->role_name : role;
    if (!role) {
        return cc_target_refuse(at->place, err,
                                "it has no role name, and --role-name is not given");
    }
    const char *text = cc_text_starts(role, "arn:")
                           ? role
                           : cc_textf(at->mem, "arn:%s:iam::%s:role/%s", partition_of(at), account,
                                      after_slash(role));
    if (!take_role(at, text)) {
        return common ? wrong_role_name(at, err) : refuse(at, err, BAD_ROLE);
    }
    return cc_text_equal(at->target->account, account) ||
           cc_target_refuse(at->place, err, "its role belongs to another account");
}

/* After a role ARN, its name can be repeated. */
static bool agrees(const struct resolving *at, const char *role)
{
    return !role || cc_text_equal(role, at->target->role_arn) ||
           cc_text_equal(role, at->target->label) ||
           cc_text_equal(after_slash(role), at->arn.resource + strlen("role/"));
}

/* `role` is an ARN. */
static bool role_by_arn(struct resolving *at, const char *role, struct cc_error *err)
{
    return take_role(at, role) || refuse(at, err, NO_ROLE_ARN);
}

static bool find_role(struct resolving *at, struct cc_error *err)
{
    const struct cc_target_row *row = at->row;
    const char *account = row->account_id;
    const char *role = row->role_arn ? row->role_arn : row->role_name;

    if (at->place->json && row->role_arn && !cc_text_starts(row->role_arn, "arn:")) {
        return refuse(at, err, NO_ROLE_ARN);
    }
    if (cc_account_valid(account)) {
        return role_of_account(at, account, role, err);
    }
    if (account) {
        return cc_text_starts(account, "arn:") ? role_by_arn(at, account, err)
                                               : refuse(at, err, BAD_ACCOUNT);
    }
    if (role && (row->role_arn || cc_text_starts(role, "arn:"))) {
        return role_by_arn(at, role, err);
    }
    return refuse(at, err, NO_TARGET);
}

bool cc_target_resolve(struct cc_arena *mem, const struct cc_target_place *place,
                       const struct cc_target_row *row, const struct cc_target_defaults *defaults,
                       struct cc_target *target, struct cc_error *err)
{
    struct resolving at = {mem, place, row, defaults, target, {0}};

    *target = (struct cc_target){.name = row->name, .external_id = row->external_id};
    if (!find_role(&at, err)) {
        return false;
    }
    /* An account's role is made from one of the two. */
    const bool both = !cc_account_valid(row->account_id) || row->role_arn;
    return !both || (agrees(&at, row->role_arn) && agrees(&at, row->role_name)) ||
           refuse(&at, err, OTHER_ROLE);
}

/* --- parameters of AssumeRole --- */

/* The option that sets the same parameter. */
static bool option_of(const struct cc_shape_field *field, struct cc_assume *hop,
                      struct cc_shape_member *option)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, hop);

    while (field->wire && cc_shape_next(&walk, option)) {
        if (cc_text_equal(option->field->wire, field->wire)) {
            return true;
        }
    }
    return false;
}

static bool judge(struct cc_arena *mem, const struct cc_shape_member *member,
                  struct cc_error *trouble)
{
    const struct cc_shape_value value = cc_shape_value(mem, member);
    const char *name = member->field->name;
    struct cc_assume hop = {0};
    struct cc_shape_member option;

    if (!option_of(member->field, &hop, &option)) {
        return true;
    }
    if (value.kind == CC_VALUE_NUMBER && value.number != 0) {
        return cc_option_put(mem, &option, name, cc_textf(mem, "%lld", (long long)value.number),
                             trouble);
    }
    for (size_t i = 0; i < value.count; i++) {
        if (!cc_option_put(mem, &option, name, value.texts[i], trouble)) {
            return false;
        }
    }
    return !value.text || cc_option_put(mem, &option, name, value.text, trouble);
}

static bool external_id_fits(const char *text)
{
    return strlen(text) >= 2 && cc_text_consists(text, "_+=,.@:/-", 1224);
}

bool cc_target_judge(struct cc_arena *mem, const struct cc_target_place *place,
                     const struct cc_target_row *row, struct cc_error *err)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_target_row_shape, row);
    struct cc_shape_member member;
    struct cc_error trouble = {0};

    if (row->external_id && !external_id_fits(row->external_id)) {
        return cc_target_refuse(place, err,
                                "its external ID does not have 2 to 1224 letters, digits and "
                                "characters of _+=,.@:/-");
    }
    if (row->more.region && !cc_region_valid(row->more.region)) {
        return cc_target_refuse(place, err, "its region is not a valid region");
    }
    while (cc_shape_next(&walk, &member)) {
        if (!judge(mem, &member, &trouble)) {
            return cc_target_refuse(place, err, cc_textf(mem, "%s: %s", trouble.what, trouble.why));
        }
    }
    return true;
}

void cc_target_apply(const struct cc_target *target, struct cc_assume *hop)
{
    const struct cc_target_more *more = target->more;

    hop->role_arn = target->role_arn;
    hop->external_id = target->external_id ? target->external_id : hop->external_id;
    if (more) {
        hop->session_name = more->session_name ? more->session_name : hop->session_name;
        hop->duration_seconds =
            more->duration_seconds ? (int)more->duration_seconds : hop->duration_seconds;
        hop->source_identity = more->source_identity ? more->source_identity : hop->source_identity;
        hop->tags = more->tags ? more->tags : hop->tags;
        hop->region = more->region ? more->region : hop->region;
    }
}
