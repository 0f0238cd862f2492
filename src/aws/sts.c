#include "credctl/aws/sts.h"

#include "credctl/aws/region.h"
#include "credctl/aws/xml.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"

#include "query.h"

#include <string.h>

static void field(struct cc_buf *form, const char *name, const char *value)
{
    if (value && value[0]) {
        cc_query_add(form, name, value);
    }
}

/* An item of a list: the query protocol has its number, from one, in place of the '*'. */
static void numbered(struct cc_buf *form, const struct cc_shape_field *row, size_t number,
                     const char *value)
{
    const char *star = strchr(row->wire, '*');
    const char *name =
        cc_textf(form->mem, "%.*s%zu%s", (int)(star - row->wire), row->wire, number, star + 1);
    const size_t key = strcspn(value, "=");

    if (row->kind != CC_KIND_PAIRS) {
        field(form, name, value);
        return;
    }
    field(form, cc_textf(form->mem, "%s.Key", name), cc_text_dup(form->mem, value, key));
    cc_query_add(form, cc_textf(form->mem, "%s.Value", name), value[key] ? value + key + 1 : "");
}

static void parameter(struct cc_buf *form, const struct cc_shape_member *member)
{
    const struct cc_shape_field *row = member->field;
    const struct cc_shape_value value = cc_shape_value(form->mem, member);
    struct cc_secret secret;

    if (row->kind == CC_KIND_SECRET) {
        memcpy(&secret, (const char *)member->whole + row->at, sizeof(secret));
        field(form, row->wire, cc_secret_reveal(secret));
    } else if (value.kind == CC_VALUE_NUMBER && value.number != 0) {
        field(form, row->wire, cc_textf(form->mem, "%lld", (long long)value.number));
    } else if (value.kind == CC_VALUE_TEXT) {
        field(form, row->wire, value.text);
    }
    for (size_t i = 0; value.kind == CC_VALUE_TEXTS && i < value.count; i++) {
        numbered(form, row, i + 1, value.texts[i]);
    }
}

static struct cc_buf new_form(struct cc_run *run, const char *action)
{
    return cc_query_begin(&run->mem, action, "2011-06-15");
}

/* All rows that are set; only those that AssumeRoleWithWebIdentity accepts are sent to it. */
static void parameters(struct cc_run *run, struct cc_buf *form, const struct cc_assume *assume)
{
    struct cc_assume named = *assume;
    struct cc_shape_walk walk = cc_shape_walk(&cc_assume_shape, &named);
    struct cc_shape_member member;

    if (!named.session_name) {
        named.session_name = cc_textf(&run->mem, "credctl-%lld", (long long)cc_now(run));
    }
    while (cc_shape_next(&walk, &member)) {
        parameter(form, &member);
    }
}

/* A request to STS, with the data that its errand needs. */
struct question {
    const char *operation;
    const char *region; /* or NULL */
    const struct cc_section *section;
    const struct cc_keys *signer; /* or NULL */
    const struct cc_secret *hide; /* or NULL */
    size_t hide_count;
    const char *const *retry_codes;
    const char *role_arn; /* the role that is assumed */
    bool (*take)(struct cc_run *run, const struct question *question, const struct cc_xml *root,
                 struct cc_error *err);
    void *to; /* struct cc_keys or struct cc_identity */
    struct cc_call call;
    struct cc_answer answer;
};

static bool take(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                 struct cc_error *err)
{
    const struct question *question = call->about;
    const struct cc_xml *root = NULL;

    return cc_xml_parse(&run->mem, answer->body, answer->body_len,
                        cc_textf(&run->mem, "the answer of STS to %s", question->operation), &root,
                        err) &&
           question->take(run, question, root, err);
}

/* The errand for it; NULL, and err, when the request cannot be made. */
static struct cc_errand *ask(struct cc_run *run, const struct cc_settings *settings,
                             const struct question *asked, const struct cc_buf *form,
                             struct cc_error *err)
{
    const char *region = asked->region ? asked->region : settings->region;
    const struct cc_endpoint_wish wish = {.region = region,
                                          .fips = settings->fips,
                                          .dualstack = settings->dualstack,
                                          .global_sts = settings->global_sts};
    struct question *question = cc_alloc(&run->mem, sizeof(*question));

    if (form->too_big) {
        cc_fail(err, CC_E_TOO_BIG, "cannot ask STS for %s", asked->operation);
        cc_why(err, "policy, tags and token together exceed 128 KiB");
        return NULL;
    }
    if (!cc_settings_region_fits(run, settings, asked->section, "STS", region) &&
        !cc_settings_region_usable(settings, region, err)) {
        return NULL;
    }
    if (settings->sts_broken && !cc_settings_endpoint(run, settings, asked->section, "STS")) {
        *err = *settings->sts_broken;
        return NULL;
    }
    *question = *asked;
    question->call = (struct cc_call){
        .id = "STS",
        .operation = question->operation,
        .service = "sts",
        .section = question->section,
        .wire = CC_WIRE_QUERY,
        .method = "POST",
        .path = "/",
        .headers = cc_query_headers,
        .body = {form->text},
        .signer = question->signer,
        .retry_codes = question->retry_codes,
        .hide = question->hide,
        .hide_count = question->hide_count,
        .take = take,
        .about = question,
    };
    question->call.endpoint = cc_endpoint_sts(&run->mem, &wish, &question->call.region);
    return cc_call_errand(run, settings, &question->call, &question->answer);
}

static bool incomplete(struct cc_error *err, const char *operation, const char *name)
{
    cc_fail(err, CC_E_BAD_ANSWER, "the answer of STS to %s is incomplete", operation);
    return cc_why(err, "it has no usable %s", name);
}

/* The fifth field of an ARN, unchanged: the SDKs do not check its digits. */
static const char *account_of(struct cc_arena *mem, const struct question *question,
                              const char *arn)
{
    for (int i = 0; arn && i < 4; i++) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    if (!arn) {
        return NULL;
    }
    const char *account = cc_text_dup(mem, arn, strcspn(arn, ":"));
    const bool safe = cc_call_safe(mem, &question->call, account) == account;
    return account[0] && safe ? cc_text_printable(mem, account) : NULL;
}

static bool take_keys(struct cc_run *run, const struct question *question,
                      const struct cc_xml *root, struct cc_error *err)
{
    static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                        "Expiration"};
    const char *values[CC_COUNT(names)];
    struct cc_arena *mem = &run->mem;
    const char *operation = question->operation;
    const char *role_arn = question->role_arn;
    struct cc_keys *keys = question->to;
    const char *base = cc_textf(mem, "%sResponse/%sResult", operation, operation);
    int64_t expires = 0;

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        values[i] = cc_xml_text(root, cc_textf(mem, "%s/Credentials/%s", base, names[i]));
        if (!values[i]) {
            return incomplete(err, operation, names[i]);
        }
    }
    if (!cc_text_consists(values[0], "-_", 128)) {
        return incomplete(err, operation, names[0]);
    }
    if (!cc_time_from_iso(values[3], &expires)) {
        return incomplete(err, operation, names[3]);
    }
    *keys = (struct cc_keys){
        .access_key_id = values[0],
        .secret_key = {values[1]},
        .session_token = {values[2]},
        .expires = expires,
        .account_id = account_of(mem, question,
                                 cc_xml_text(root, cc_textf(mem, "%s/AssumedRoleUser/Arn", base))),
        .role_arn = role_arn ? cc_text_dup(mem, role_arn, strlen(role_arn)) : NULL,
    };
    return true;
}

/* Checks that STS would make too, with a shorter message. */
static bool check(const struct cc_assume *assume, const char *operation, struct cc_error *err)
{
    const char *session = assume->session_name;

    if (!assume->role_arn || !assume->role_arn[0]) {
        cc_fail(err, CC_E_CONFIG, "cannot ask STS for %s", operation);
        cc_why(err, "no role is given");
        return cc_fix(err, "name the role by its ARN");
    }
    if (session && (strlen(session) < 2 || !cc_text_consists(session, "_+=,.@-", 64))) {
        cc_fail(err, CC_E_CONFIG, "cannot assume %s", assume->role_arn);
        cc_why(err, "the session name \"%s\" is not valid", session);
        return cc_fix(err, "use 2 to 64 letters, digits and characters of _+=,.@- in "
                           "role_session_name or AWS_ROLE_SESSION_NAME");
    }
    return true;
}

/* A message that repeats the external ID is hidden, unless the role name contains it. */
static struct cc_secret external_id(const struct cc_assume *assume)
{
    const char *id = assume->external_id;

    return (struct cc_secret){id && !strstr(assume->role_arn, id) ? id : NULL};
}

struct cc_errand *cc_sts_assume_errand(struct cc_run *run, const struct cc_settings *settings,
                                       const struct cc_keys *by, const struct cc_assume *assume,
                                       struct cc_keys *keys, struct cc_error *err)
{
    static const char operation[] = "AssumeRole";
    struct cc_buf form = new_form(run, operation);
    struct cc_secret *hide = cc_alloc(&run->mem, 2 * sizeof(*hide));

    if (!check(assume, operation, err)) {
        return NULL;
    }
    parameters(run, &form, assume);
    hide[0] = assume->token_code;
    hide[1] = external_id(assume);
    const struct question question = {.operation = operation,
                                      .region = assume->region,
                                      .section = assume->section,
                                      .signer = by,
                                      .hide = hide,
                                      .hide_count = 2,
                                      .role_arn = assume->role_arn,
                                      .take = take_keys,
                                      .to = keys};
    return ask(run, settings, &question, &form, err);
}

/* Runs the errand to its end. */
static bool finish(struct cc_errand *errand, struct cc_error *err)
{
    return errand && cc_drive_one(errand, err);
}

bool cc_sts_assume_role(struct cc_run *run, const struct cc_settings *settings,
                        const struct cc_keys *by, const struct cc_assume *assume,
                        struct cc_keys *keys, struct cc_error *err)
{
    return finish(cc_sts_assume_errand(run, settings, by, assume, keys, err), err);
}

bool cc_sts_web_identity(struct cc_run *run, const struct cc_settings *settings,
                         const struct cc_assume *assume, struct cc_secret token,
                         struct cc_keys *keys, struct cc_error *err)
{
    static const char operation[] = "AssumeRoleWithWebIdentity";
    static const char *const retried[] = {"IDPCommunicationError", NULL};
    struct cc_buf form = new_form(run, operation);

    if (!check(assume, operation, err)) {
        return false;
    }
    parameters(run, &form, assume);
    field(&form, "WebIdentityToken", cc_secret_reveal(token));
    const struct question question = {.operation = operation,
                                      .region = assume->region,
                                      .section = assume->section,
                                      .hide = &token,
                                      .hide_count = 1,
                                      .retry_codes = retried,
                                      .role_arn = assume->role_arn,
                                      .take = take_keys,
                                      .to = keys};
    if (!finish(ask(run, settings, &question, &form, err), err)) {
        if (err->code == CC_E_EXPIRED) {
            cc_fix(err, "check that the web identity token is still renewed (by the kubelet or "
                        "by the CI job): it has expired");
        }
        return false;
    }
    return true;
}

static bool take_identity(struct cc_run *run, const struct question *question,
                          const struct cc_xml *root, struct cc_error *err)
{
    struct cc_identity *identity = question->to;
#define RESULT "GetCallerIdentityResponse/GetCallerIdentityResult/"
    const struct cc_identity found = {
        .account_id = cc_xml_text(root, RESULT "Account"),
        .arn = cc_xml_text(root, RESULT "Arn"),
        .user_id = cc_xml_text(root, RESULT "UserId"),
    };

    if (!cc_text_digits(found.account_id, 12)) {
        return incomplete(err, question->operation, "Account");
    }
    if (!found.arn || !found.user_id) {
        return incomplete(err, question->operation, found.arn ? "UserId" : "Arn");
    }
    *identity = (struct cc_identity){
        .account_id = found.account_id,
        .arn = cc_text_printable(&run->mem, cc_call_safe(&run->mem, &question->call, found.arn)),
        .user_id =
            cc_text_printable(&run->mem, cc_call_safe(&run->mem, &question->call, found.user_id)),
    };
    return true;
}

struct cc_errand *cc_sts_caller_errand(struct cc_run *run, const struct cc_settings *settings,
                                       const struct cc_keys *by, const char *region,
                                       struct cc_identity *identity, struct cc_error *err)
{
    const struct question question = {.operation = "GetCallerIdentity",
                                      .region = region,
                                      .signer = by,
                                      .take = take_identity,
                                      .to = identity};
    const struct cc_buf form = new_form(run, question.operation);

    return ask(run, settings, &question, &form, err);
}

bool cc_sts_caller(struct cc_run *run, const struct cc_settings *settings, const struct cc_keys *by,
                   const char *region, struct cc_identity *identity, struct cc_error *err)
{
    return finish(cc_sts_caller_errand(run, settings, by, region, identity, err), err);
}
