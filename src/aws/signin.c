#include "credctl/aws/region.h"
#include "credctl/aws/sso.h"
#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "dpop.h"

#include <string.h>

#define LONGEST_S 86400 /* the documented maximum is 900 */

static const struct cc_header headers[] = {{.name = "Content-Type", .value = "application/json"},
                                           {0}};

static const struct cc_keys_shape shape = {
    .access_key_id = "accessKeyId",
    .secret_key = "secretAccessKey",
    .session_token = "sessionToken",
    .token_required = true,
};

/* Values of the member `error` of an AccessDeniedException. */
static const struct {
    const char *reason;
    const char *what;
    const char *fix;
} refusals[] = {
    {"TOKEN_EXPIRED", "the login session has expired", "run `aws login` again"},
    {"USER_CREDENTIALS_CHANGED", "the login session ended because the user's password changed",
     "run `aws login` with the new password"},
    {"INSUFFICIENT_PERMISSIONS", "the user may not sign in to the AWS CLI any more",
     "ask for the permission signin:CreateOAuth2Token (policy SignInLocalDevelopmentAccess), then "
     "run `aws login`"},
};

static void free_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static struct cc_secret body_of(struct cc_run *run, const struct cc_signin_refresh *refresh)
{
    CC_CLEANUP(free_json) cJSON *body = cJSON_CreateObject();

    cc_json_put(body, "clientId", refresh->client_id);
    cc_json_put(body, "refreshToken", cc_secret_reveal(refresh->refresh_token));
    cc_json_put(body, "grantType", "refresh_token");
    char *text = cJSON_PrintUnformatted(body);
    struct cc_secret kept = cc_secret_keep(&run->mem, text);
    cJSON_free(text);
    return kept;
}

/* The data of a call. */
struct question {
    const struct cc_signin_refresh *refresh;
    struct cc_signin_token *token;
};

static bool prove(struct cc_run *run, const struct cc_call *call, const char *url,
                  struct cc_header *header, struct cc_error *err)
{
    const struct question *question = call->about;

    header->name = "DPoP";
    return cc_dpop_proof(run, question->refresh->dpop_key, url, &header->secret, err);
}

static void explain(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                    struct cc_error *err)
{
    const cJSON *doc = NULL;
    struct cc_error ignored;

    (void)call;
    if (answer->status == 0 ||
        !cc_json_parse(&run->mem, answer->body, answer->body_len, "it", &doc, &ignored)) {
        return;
    }
    const char *reason = cc_json_text(doc, "error");
    for (size_t i = 0; i < CC_COUNT(refusals); i++) {
        if (cc_text_equal(refusals[i].reason, reason)) {
            cc_fail(err, CC_E_LOGIN, "%s", refusals[i].what);
            cc_why(err, "the sign-in service answered %s", reason);
            cc_fix(err, "%s", refusals[i].fix);
        }
    }
}

static bool take_token(struct cc_run *run, const struct cc_call *call,
                       const struct cc_answer *answer, struct cc_error *err)
{
    static const char source[] = "the answer of the sign-in service";
    const struct question *question = call->about;
    const cJSON *doc = NULL;
    struct cc_signin_token made = {0};
    double expires_in = 0;

    if (!cc_json_parse(&run->mem, answer->body, answer->body_len, source, &doc, err) ||
        !cc_keys_from_json(&run->mem, cc_json_object(doc, "accessToken"), &shape, source,
                           &made.keys, err)) {
        return false;
    }
    const char *refresh = cc_json_text(doc, "refreshToken");
    if (!refresh || !cc_json_number(doc, "expiresIn", &expires_in) ||
        !(expires_in > 0 && expires_in <= LONGEST_S)) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s is incomplete", source);
        return cc_why(err, "it has no usable %s", refresh ? "expiresIn" : "refreshToken");
    }
    made.expires_in = (int64_t)expires_in;
    made.keys.expires = cc_now_aws(run) + made.expires_in;
    made.refresh_token = cc_secret_keep(&run->mem, refresh);
    *question->token = made;
    return true;
}

bool cc_signin_refresh(struct cc_run *run, const struct cc_settings *settings,
                       const struct cc_signin_refresh *refresh, struct cc_signin_token *token,
                       struct cc_error *err)
{
    const struct cc_endpoint_wish wish = {
        .region = refresh->region, .fips = settings->fips, .dualstack = settings->dualstack};
    const struct cc_secret hide[] = {refresh->refresh_token, refresh->dpop_key, refresh->old[0],
                                     refresh->old[1]};
    struct question question = {refresh, token};
    struct cc_answer answer;

    if (!cc_region_valid(refresh->region)) {
        cc_fail(err, CC_E_REGION, "cannot refresh the login session");
        return cc_why(err, "the sign-in service needs a region, and %s",
                      refresh->region ? "the configured one is not valid" : "none is configured");
    }
    const struct cc_call call = {
        .id = "SIGNIN",
        .operation = "CreateOAuth2Token",
        .endpoint = cc_endpoint_signin(&run->mem, &wish),
        .section = refresh->section,
        .wire = CC_WIRE_JSON,
        .method = "POST",
        .path = "/v1/token",
        .headers = headers,
        .body = body_of(run, refresh),
        .hide = hide,
        .hide_count = CC_COUNT(hide),
        .prove = prove,
        .take = take_token,
        .explain = explain,
        .about = &question,
    };
    return cc_aws_call(run, settings, &call, &answer, err);
}
