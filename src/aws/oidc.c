#include "credctl/aws/region.h"
#include "credctl/aws/sso.h"
#include "credctl/base/json.h"

#include <string.h>

/* A token of this service does not live longer. */
#define LONGEST_S (366 * 86400)

static const struct cc_header headers[] = {{.name = "Content-Type", .value = "application/json"},
                                           {0}};

static void free_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static struct cc_secret body_of(struct cc_run *run, const struct cc_oidc_refresh *refresh)
{
    CC_CLEANUP(free_json) cJSON *body = cJSON_CreateObject();

    cc_json_put(body, "clientId", refresh->client_id);
    cc_json_put(body, "clientSecret", cc_secret_reveal(refresh->client_secret));
    cc_json_put(body, "grantType", "refresh_token");
    cc_json_put(body, "refreshToken", cc_secret_reveal(refresh->refresh_token));
    char *text = cJSON_PrintUnformatted(body);
    struct cc_secret kept = cc_secret_keep(&run->mem, text);
    cJSON_free(text);
    return kept;
}

static bool take_token(struct cc_run *run, const struct cc_call *call,
                       const struct cc_answer *answer, struct cc_error *err)
{
    static const char source[] = "the answer to the token refresh";
    struct cc_oidc_token *token = call->about;
    const cJSON *doc = NULL;
    double expires_in = 0;

    if (!cc_json_parse(&run->mem, answer->body, answer->body_len, source, &doc, err)) {
        return false;
    }
    const char *access = cc_json_text(doc, "accessToken");
    if (!access || !cc_json_number(doc, "expiresIn", &expires_in) ||
        !(expires_in > 0 && expires_in <= LONGEST_S)) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s is incomplete", source);
        return cc_why(err, "it has no usable %s", access ? "expiresIn" : "accessToken");
    }
    *token = (struct cc_oidc_token){
        .access_token = cc_secret_keep(&run->mem, access),
        .refresh_token = cc_secret_keep(&run->mem, cc_json_text(doc, "refreshToken")),
        .expires_in = (int64_t)expires_in,
    };
    return true;
}

bool cc_oidc_refresh(struct cc_run *run, const struct cc_settings *settings,
                     const struct cc_oidc_refresh *refresh, struct cc_oidc_token *token,
                     struct cc_error *err)
{
    const struct cc_endpoint_wish wish = {
        .region = refresh->sso_region, .fips = settings->fips, .dualstack = settings->dualstack};
    const struct cc_secret hide[] = {refresh->refresh_token, refresh->client_secret, refresh->old};
    struct cc_answer answer;

    if (!cc_region_valid(refresh->sso_region)) {
        cc_fail(err, CC_E_CONFIG, "cannot refresh the SSO token");
        cc_why(err, "its region \"%s\" is not valid",
               refresh->sso_region ? refresh->sso_region : "");
        return cc_fix(err, "set sso_region to the region in which IAM Identity Center is enabled");
    }
    const struct cc_call call = {
        .id = "SSO_OIDC",
        .operation = "CreateToken",
        .endpoint = cc_endpoint_oidc(&run->mem, &wish),
        .section = refresh->section,
        .wire = CC_WIRE_JSON,
        .method = "POST",
        .path = "/token",
        .headers = headers,
        .body = body_of(run, refresh),
        .hide = hide,
        .hide_count = CC_COUNT(hide),
        .take = take_token,
        .about = token,
    };
    return cc_aws_call(run, settings, &call, &answer, err);
}
