#include "row.h"

#include "credctl/base/buf.h"
#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <string.h>
#include <strings.h>

// clang-format off
#define ROW(kind, member, about) \
    CC_ROW(kind, struct cc_target_row, member, NULL, about, .rules = CC_NULL | CC_OMITTED)
#define MORE(kind, member, about, ...) \
    CC_ROW(kind, struct cc_target_more, member, NULL, about, .rules = CC_NULL | CC_OMITTED, \
           __VA_ARGS__)

static const struct cc_shape_field more_fields[] = {
    MORE(TEXT, region, "the region of STS for this target"),
    MORE(TEXT, session_name, "session name", .wire = "RoleSessionName"),
    MORE(NUMBER, duration_seconds, "how long the session lasts, in seconds",
         .least = 1, .most = INT32_MAX, .wire = "DurationSeconds"),
    MORE(TEXT, source_identity, "source identity", .wire = "SourceIdentity"),
    MORE(TEXT, trust_policy, "file with the trust policy of the role"),
    MORE(PAIRS, tags, "session tags", .wire = "Tags.member.*"),
    MORE(TEXTS, actions, "actions that the role is to have"),
    {0},
};
static const struct cc_shape more_shape = {"more", more_fields, sizeof(struct cc_target_more)};

static const struct cc_shape_field fields[] = {
    ROW(TEXT, name, "name of the target"),
    ROW(TEXT, role_arn, "ARN of the role"),
    ROW(TEXT, account_id, "the account, when there is no role ARN"),
    ROW(TEXT, role_name, "the role in the account, with or without its path"),
    ROW(TEXT, external_id, "external ID"),
    CC_ROW_GROUP(struct cc_target_row, more, struct cc_target_more, &more_shape),
    {0},
};
// clang-format on
const struct cc_shape cc_target_row_shape = {"target", fields, sizeof(struct cc_target_row)};

static const struct {
    const char *called;
    const char *name;
} others[] = {
    {"account", "account_id"}, {"accounts", "account_id"}, {"target", "account_id"},
    {"role", "role_name"},     {"arn", "role_arn"},
};

static const char *after_marks(const char *text)
{
    return text + strspn(text, " \t\r\v\f_-");
}

/* "Role-Name" is "role_name". */
static bool is_called(const char *text, const char *name)
{
    text = after_marks(text);
    name = after_marks(name);
    while (*text && strncasecmp(text, name, 1) == 0) {
        text = after_marks(text + 1);
        name = after_marks(name + 1);
    }
    return *text == '\0' && *name == '\0';
}

const struct cc_shape_field *cc_target_field(const char *called)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_target_row_shape, NULL);
    struct cc_shape_member member;

    for (size_t i = 0; i < CC_COUNT(others); i++) {
        called = is_called(called, others[i].called) ? others[i].name : called;
    }
    while (cc_shape_next(&walk, &member)) {
        if (is_called(called, member.field->name)) {
            return member.field;
        }
    }
    return NULL;
}

const char *cc_target_fields(struct cc_arena *mem)
{
    struct cc_shape_walk walk = cc_shape_walk(&cc_target_row_shape, NULL);
    struct cc_shape_member member;
    struct cc_buf names = cc_buf_new(mem, 4096);

    while (cc_shape_next(&walk, &member)) {
        cc_buf_addf(&names, "%s%s", names.len ? ", " : "", member.field->name);
    }
    return names.text;
}

bool cc_target_refuse(const struct cc_target_place *place, struct cc_error *err, const char *why)
{
    cc_fail(err, CC_E_USAGE, "%s, %s %zu is not a valid target", place->list, place->unit,
            place->number);
    cc_why(err, "%s", why);
    if (place->json) {
        return cc_fix(err, "write {\"account_id\": \"111122223333\", \"role_name\": \"ROLE\"}, or "
                           "\"role_arn\" with the ARN of a role");
    }
    if (place->named) {
        return cc_fix(err, "write an account such as 111122223333, or the ARN of a role");
    }
    return cc_fix(err, "write `111122223333`, `111122223333,ROLE,EXTERNAL_ID` or a role's ARN");
}

static const char *const *keep_texts(struct cc_arena *mem, const struct cc_shape_value *value)
{
    const char **texts = cc_alloc(mem, (value->count + 1) * sizeof(*texts));

    for (size_t i = 0; i < value->count; i++) {
        texts[i] = cc_text_dup(mem, value->texts[i], strlen(value->texts[i]));
    }
    return (const char *const *)texts;
}

const struct cc_target_more *cc_target_keep_more(struct cc_arena *mem,
                                                 const struct cc_target_more *more)
{
    struct cc_target_more *kept = NULL;
    struct cc_shape_walk walk = cc_shape_walk(&more_shape, more);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        const struct cc_shape_value value = cc_shape_value(mem, &member);
        const struct cc_shape_field *field = member.field;

        if (!value.text && value.count == 0 && value.number == 0) {
            continue;
        }
        kept = kept ? kept : cc_alloc(mem, sizeof(*kept));
        char *at = (char *)kept + field->at;
        if (value.text) {
            const char *text = cc_text_dup(mem, value.text, strlen(value.text));

            memcpy(at, &text, sizeof(text));
        } else if (value.count > 0) {
            const char *const *texts = keep_texts(mem, &value);

            memcpy(at, &texts, sizeof(texts));
        } else {
            memcpy(at, &value.number, sizeof(value.number));
        }
    }
    return kept;
}

const char *cc_target_more_text(struct cc_arena *mem, const struct cc_target_more *more)
{
    struct cc_buf text = cc_buf_new(mem, SIZE_MAX / 2);

    if (more) {
        cc_shape_json(&more_shape, more, false, &text);
    }
    return text.text;
}
