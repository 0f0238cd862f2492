#include "credctl/aws/sso.h"

#include "credctl/aws/region.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include <string.h>

static const struct cc_keys_shape shape = {
    .access_key_id = "accessKeyId",
    .secret_key = "secretAccessKey",
    .session_token = "sessionToken",
    .expiration_ms = "expiration",
    .token_required = true,
    .expiration_required = true,
};

static bool check_region(const struct cc_sso_role *role, struct cc_error *err)
{
    if (cc_region_valid(role->sso_region)) {
        return true;
    }
    cc_fail(err, CC_E_CONFIG, "cannot ask IAM Identity Center for %s", role->role_name);
    cc_why(err, "sso_region \"%s\" is not a valid region",
           role->sso_region ? role->sso_region : "");
    return cc_fix(err, "set sso_region to the region in which IAM Identity Center is enabled");
}

/* The data of an errand. */
struct question {
    const struct cc_sso_role *role;
    struct cc_keys *keys;
};

/* Here the status codes have a more exact meaning. */
static void explain(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                    struct cc_error *err)
{
    const struct question *question = call->about;
    const char *why = cc_text_dup(&run->mem, err->why, strlen(err->why));

    if (answer->status == 401) {
        cc_fail(err, CC_E_SSO_LOGIN, "IAM Identity Center no longer accepts the SSO session");
        cc_why(err, "%s", why);
        cc_fix(err, "run `aws sso login` with this profile or its sso-session");
    } else if (answer->status == 403) {
        cc_fail(err, CC_E_DENIED, "IAM Identity Center refused role %s in account %s",
                question->role->role_name, question->role->account_id);
        cc_why(err, "%s", why);
        cc_fix(err, "ask for the permission set to be assigned to you in this account, or "
                    "correct sso_role_name and sso_account_id");
    }
}

static bool take_keys(struct cc_run *run, const struct cc_call *call,
                      const struct cc_answer *answer, struct cc_error *err)
{
    static const char source[] = "the answer of IAM Identity Center";
    const struct question *question = call->about;
    const char *account = question->role->account_id;
    const cJSON *doc = NULL;
    struct cc_keys found;

    if (!cc_json_parse(&run->mem, answer->body, answer->body_len, source, &doc, err) ||
        !cc_keys_from_json(&run->mem, cc_json_object(doc, "roleCredentials"), &shape, source,
                           &found, err)) {
        return false;
    }
    found.account_id = cc_text_dup(&run->mem, account, strlen(account));
    *question->keys = found;
    return true;
}

bool cc_sso_credentials(struct cc_run *run, const struct cc_settings *settings,
                        const struct cc_sso_role *role, struct cc_secret access_token,
                        struct cc_keys *keys, struct cc_error *err)
{
    struct cc_arena *mem = &run->mem;
    const struct cc_header headers[] = {{.name = "x-amz-sso_bearer_token", .secret = access_token},
                                        {.name = "Accept", .value = "application/json"},
                                        {0}};
    const struct cc_endpoint_wish wish = {
        .region = role->sso_region, .fips = settings->fips, .dualstack = settings->dualstack};
    struct question question = {role, keys};
    struct cc_answer answer;

    if (!check_region(role, err)) {
        return false;
    }
    const struct cc_call call = {
        .id = "SSO",
        .operation = "GetRoleCredentials",
        .endpoint = cc_endpoint_sso_portal(mem, &wish),
        .section = role->section,
        .wire = CC_WIRE_JSON,
        .method = "GET",
        .path = cc_textf(mem, "/federation/credentials?role_name=%s&account_id=%s",
                         cc_text_percent(mem, role->role_name, false),
                         cc_text_percent(mem, role->account_id, false)),
        .headers = headers,
        .take = take_keys,
        .explain = explain,
        .about = &question,
    };
    return cc_aws_call(run, settings, &call, &answer, err);
}
