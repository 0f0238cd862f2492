#ifndef CREDCTL_AWS_SSO_H
#define CREDCTL_AWS_SSO_H

/* IAM Identity Center: portal GetRoleCredentials, OIDC CreateToken; and the sign-in service of `aws
 * login`. */

#include "credctl/aws/call.h"

struct cc_sso_role {
    const char *sso_region;
    const char *account_id;
    const char *role_name;
    const struct cc_section *section; /* the profile that makes the call; or NULL */
};

/* A 401 fails with CC_E_SSO_LOGIN, ForbiddenException with CC_E_DENIED. */
CC_MUST_USE bool cc_sso_credentials(struct cc_run *run, const struct cc_settings *settings,
                                    const struct cc_sso_role *role, struct cc_secret access_token,
                                    struct cc_keys *keys, struct cc_error *err);

struct cc_oidc_refresh {
    const char *sso_region;
    const char *client_id;
    struct cc_secret client_secret;
    struct cc_secret refresh_token;
    struct cc_secret old; /* the token that is replaced: not sent, and not shown */
    const struct cc_section *section;
};

struct cc_oidc_token {
    struct cc_secret access_token;
    struct cc_secret refresh_token; /* absent: keep the old one */
    int64_t expires_in;             /* seconds */
};

CC_MUST_USE bool cc_oidc_refresh(struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_oidc_refresh *refresh, struct cc_oidc_token *token,
                                 struct cc_error *err);

struct cc_signin_refresh {
    const char *region;
    const char *client_id;
    struct cc_secret refresh_token;
    struct cc_secret dpop_key; /* SEC1 PEM, P-256 */
    struct cc_secret old[2];   /* secret and token that are replaced: not sent, and not shown */
    const struct cc_section *section;
};

struct cc_signin_token {
    struct cc_keys keys; /* expires is set from expires_in */
    struct cc_secret refresh_token;
    int64_t expires_in;
};

/*
 * POST /v1/token with a DPoP proof (RFC 9449, ES256). TOKEN_EXPIRED, USER_CREDENTIALS_CHANGED and
 * INSUFFICIENT_PERMISSIONS fail with CC_E_LOGIN, each with its own remedy.
 */
CC_MUST_USE bool cc_signin_refresh(struct cc_run *run, const struct cc_settings *settings,
                                   const struct cc_signin_refresh *refresh,
                                   struct cc_signin_token *token, struct cc_error *err);

#endif
