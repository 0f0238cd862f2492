#include "credctl/aws/arn.h"
#include "credctl/aws/sts.h"
#include "credctl/base/text.h"

#include <string.h>

/* Checks that STS would make too, with a shorter message; the rest is left to STS. */
static bool is_session_name(const char *text)
{
    return strlen(text) >= 2 && cc_text_consists(text, "_+=,.@-", 64);
}

static bool is_role_arn(const char *text)
{
    struct cc_arena mem = {0};
    struct cc_arn arn;
    const char *name = NULL;
    const bool is = cc_arn_role(&mem, text, &arn, &name);

    cc_arena_wipe(&mem);
    return is;
}

const struct cc_form cc_role_arn_form = {
    "^arn:", is_role_arn, "a role ARN has the form arn:aws:iam::111122223333:role/NAME"};
static const struct cc_form session_name_form = {"^[A-Za-z0-9_+=,.@-]{2,64}$", is_session_name,
                                                 "a session name has 2 to 64 letters, digits "
                                                 "and characters of _+=,.@-"};
/* API Reference, AssumeRole: only tags and the policy have other characters. Invisible characters
 * are copied along when text is copied from a page. */
static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

static const struct cc_form ascii_form = {"^[ -~]*$", is_ascii,
                                          "it can only have ASCII characters"};
// clang-format off
#define ROW(kind, member, ...) CC_ROW(kind, struct cc_assume, member, __VA_ARGS__)

static const struct cc_shape_field fields[] = {
    ROW(TEXT, role_arn, "ARN",
        "assume this role with the credentials that were found; repeat it for a chain of roles",
        .wire = "RoleArn", .form = &cc_role_arn_form),
    CC_ROW_AS("role_session_name", TEXT, struct cc_assume, session_name, "NAME",
        "session name for the --role-arn before it",
        .wire = "RoleSessionName", .rules = CC_ONCE, .form = &session_name_form),
    ROW(NUMBER, duration_seconds, "N", "how long the session lasts, in seconds",
        .wire = "DurationSeconds", .rules = CC_ONCE, .least = 900, .most = 43200),
    ROW(TEXT, policy, "JSON", "session policy for the --role-arn before it", .wire = "Policy",
        .rules = CC_ONCE),
    ROW(TEXTS, policy_arns, "ARN",
        "ARN of a managed policy to use as a session policy; may be repeated",
        .wire = "PolicyArns.member.*.arn"),
    ROW(TEXT, external_id, "ID", "external ID for the --role-arn before it",
        .wire = "ExternalId", .rules = CC_ONCE, .form = &ascii_form),
    ROW(TEXT, serial_number, "ARN", "MFA device for the --role-arn before it",
        .wire = "SerialNumber", .rules = CC_ONCE, .form = &ascii_form),
    ROW(SECRET, token_code, "CODE", "code of the MFA device (default: asked for at the terminal)",
        .wire = "TokenCode", .rules = CC_ONCE),
    ROW(TEXT, source_identity, "ID", "source identity for the --role-arn before it",
        .wire = "SourceIdentity", .rules = CC_ONCE, .form = &ascii_form),
    ROW(PAIRS, tags, "KEY=VALUE", "session tag; may be repeated", .wire = "Tags.member.*"),
    ROW(TEXTS, transitive_tag_keys, "KEY",
        "key of a session tag that the next roles of the chain inherit; may be repeated",
        .wire = "TransitiveTagKeys.member.*"),
    {0},
};
// clang-format on

const struct cc_shape cc_assume_shape = {"hop", fields, sizeof(struct cc_assume)};

static char *at(const struct cc_shape_member *member)
{
    return (char *)member->whole + member->field->at;
}

static const char *const *joined(struct cc_arena *mem, const struct cc_shape_value *first,
                                 const struct cc_shape_value *then)
{
    const char **all = cc_alloc(mem, (first->count + then->count + 1) * sizeof(*all));

    for (size_t i = 0; i < first->count + then->count; i++) {
        all[i] = i < first->count ? first->texts[i] : then->texts[i - first->count];
    }
    return (const char *const *)all;
}

static bool is_set(const struct cc_shape_member *member)
{
    static const char zeros[sizeof(struct cc_secret) + sizeof(int64_t)] = {0};

    return memcmp(at(member), zeros, member->field->size) != 0;
}

void cc_assume_fill(struct cc_arena *mem, struct cc_assume *hop, const struct cc_assume *from)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, hop);
    struct cc_shape_walk other_walk = cc_shape_walk(&cc_assume_shape, from);
    struct cc_shape_member mine;
    struct cc_shape_member other;

    while (cc_shape_next(&walk, &mine) && cc_shape_next(&other_walk, &other)) {
        const struct cc_shape_value old = cc_shape_value(mem, &other);
        const struct cc_shape_value own = cc_shape_value(mem, &mine);

        if (own.kind == CC_VALUE_TEXTS && old.count > 0) {
            const char *const *list = joined(mem, &old, &own);

            memcpy(at(&mine), &list, sizeof(list));
        } else if (own.kind != CC_VALUE_TEXTS && !is_set(&mine)) {
            memcpy(at(&mine), at(&other), mine.field->size);
        }
    }
}

static bool same(struct cc_arena *mem, const struct cc_shape_member *one,
                 const struct cc_shape_member *other)
{
    struct cc_secret secrets[2];

    if (one->field->kind == CC_KIND_SECRET) {
        memcpy(&secrets[0], at(one), sizeof(secrets[0]));
        memcpy(&secrets[1], at(other), sizeof(secrets[1]));
        return cc_secret_same(secrets[0], secrets[1]);
    }
    const struct cc_shape_value first = cc_shape_value(mem, one);
    const struct cc_shape_value second = cc_shape_value(mem, other);

    return first.number == second.number && cc_text_equal(first.text, second.text);
}

const struct cc_shape_field *cc_assume_clash(struct cc_arena *mem, const struct cc_assume *hop,
                                             const struct cc_assume *from)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, hop);
    struct cc_shape_walk other_walk = cc_shape_walk(&cc_assume_shape, from);
    struct cc_shape_member mine;
    struct cc_shape_member other;

    while (cc_shape_next(&walk, &mine) && cc_shape_next(&other_walk, &other)) {
        const bool once = (mine.field->rules & CC_ONCE) != 0;

        if (once && is_set(&mine) && is_set(&other) && !same(mem, &mine, &other)) {
            return mine.field;
        }
    }
    return NULL;
}

const struct cc_shape_field *cc_assume_first(const struct cc_assume *hop)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, hop);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (is_set(&member)) {
            return member.field;
        }
    }
    return NULL;
}
