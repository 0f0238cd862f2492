#include "credctl/base/text.h"
#include "credctl/commands/shared.h"

/*
 * The options of a hop belong to the --role-arn before them. Options before the first --role-arn
 * describe the first one too, so that their order does not matter. Without any --role-arn, only the
 * MFA code has a meaning: for a profile with mfa_serial.
 */
static bool check(struct cc_arena *mem, void *value, struct cc_error *err)
{
    struct cc_chain_options *chain = value;
    struct cc_assume *hops = (struct cc_assume *)chain->hops; /* the parser has allocated them */

    if (chain->hop_count > 0) {
        const struct cc_shape_field *clash = cc_assume_clash(mem, &hops[0], &chain->before);

        if (clash) {
            return cc_option_twice(cc_option_spelled(mem, clash), err);
        }
        cc_assume_fill(mem, &hops[0], &chain->before);
        return true;
    }
    chain->token_code = chain->before.token_code;
    chain->before.token_code = (struct cc_secret){0};
    const struct cc_shape_field *loose = cc_assume_first(&chain->before);
    if (!loose) {
        return true;
    }
    cc_fail(err, CC_E_USAGE, "%s needs a --role-arn", cc_option_spelled(mem, loose));
    cc_why(err, "it describes how to assume a role, and no role is given");
    return cc_fix(err, "add --role-arn, or leave it out");
}

// clang-format off
#define ROW(kind, name, member, ...) \
    CC_ROW_AS(name, kind, struct cc_chain_options, member, __VA_ARGS__)

static const struct cc_shape_field profile_fields[] = {
    ROW(TEXT, "profile", given.profile, "NAME",
        "take the credentials of this profile, not those of the environment"),
    {0},
};
static const struct cc_shape profile_shape = {
    "profile", profile_fields, sizeof(struct cc_chain_options)};

static const struct cc_shape_field first_fields[] = {
    CC_ROW_PART(struct cc_chain_options, &profile_shape),
    ROW(TEXT, "region", given.region, "REGION",
        "AWS region to call (default: that of AWS_REGION, the profile or the host)"),
    {0},
};
static const struct cc_shape first_shape = {"first", first_fields, sizeof(struct cc_chain_options)};

#define HOP_ROWS                                                                                \
    CC_ROW_LIST(struct cc_chain_options, hops, hop_count, struct cc_assume, &cc_assume_shape,   \
                NULL, NULL, .most = CC_HOPS_MAX),                                               \
    CC_ROW_GROUP(struct cc_chain_options, before, struct cc_assume, &cc_assume_shape,           \
                 .rules = CC_UNLISTED)

static const struct cc_shape_field calls_fields[] = {
    ROW(TEXT, "endpoint_url", given.endpoint_url, "URL",
        "URL to call instead of the AWS endpoint"),
    ROW(TEXT, "ca_bundle", given.ca_bundle, "PATH", "file or folder of CA certificates"),
    ROW(FLAG, "no_cache", no_cache, NULL, "neither read nor write cached credentials"),
    ROW(FLAG, "use_aws_cli_cache", use_aws_cli_cache, NULL,
        "use role credentials that the AWS CLI has cached, when they are fresh and unambiguous"),
    {0},
};
static const struct cc_shape calls_shape = {"calls", calls_fields, sizeof(struct cc_chain_options)};

static const struct cc_shape_field last_fields[] = {
    CC_ROW_PART(struct cc_chain_options, &calls_shape),
    ROW(SPAN, "timeout", timeout_ms, "SECONDS", "give up after this time", .most = 86400000),
    {0},
};
static const struct cc_shape last_shape = {"last", last_fields, sizeof(struct cc_chain_options)};

static const struct cc_shape_field fields[] = {
    CC_ROW_PART(struct cc_chain_options, &first_shape),
    HOP_ROWS,
    CC_ROW_PART(struct cc_chain_options, &last_shape),
    {0},
};

static const struct cc_shape_field places_fields[] = {
    CC_ROW_PART(struct cc_chain_options, &profile_shape),
    HOP_ROWS,
    CC_ROW_PART(struct cc_chain_options, &calls_shape),
    {0},
};

static const struct cc_shape_field plain_fields[] = {
    CC_ROW_PART(struct cc_chain_options, &first_shape),
    CC_ROW_PART(struct cc_chain_options, &last_shape),
    {0},
};
// clang-format on

const struct cc_shape cc_chain_shape = {.name = "chain",
                                        .fields = fields,
                                        .size = sizeof(struct cc_chain_options),
                                        .heading = "Credentials",
                                        .check = check};

const struct cc_shape cc_chain_plain_shape = {.name = "chain",
                                              .fields = plain_fields,
                                              .size = sizeof(struct cc_chain_options),
                                              .heading = "Credentials"};

const struct cc_shape cc_chain_places_shape = {.name = "chain",
                                               .fields = places_fields,
                                               .size = sizeof(struct cc_chain_options),
                                               .heading = "Credentials",
                                               .check = check};
