#include "credctl/aws/trouble.h"

#include "credctl/base/text.h"

#include <string.h>

#define EXPIRED_FIX "get fresh credentials from the same source; temporary ones cannot be renewed"
#define ROLE_FIX                                                                                \
    "check that the role exists and that its trust policy names this caller (and the external " \
    "id), that the caller's own policies allow the action, and that no service control policy " \
    "denies it"
#define SECRET_FIX                                                                              \
    "the secret key does not belong to the access key id, or was cut or changed on the way (a " \
    "blank at its end, a lost '/' or '+'): copy both halves again"
#define SLOW_FIX                                                                             \
    "wait and run it again; with many accounts ask fewer at once, or spread the calls over " \
    "regional endpoints"
#define SSO_GRANT_FIX \
    "the session at the identity provider is over or was revoked: run `aws sso login`"
#define CLOCK_FIX \
    "set this host's clock, for example with chrony; in a virtual machine also after a resume"

static const struct cc_trouble troubles[] = {
    {"AccessDenied", CC_E_DENIED, NULL},
    {"AccessDeniedException", CC_E_DENIED, NULL},
    {"AuthFailure", CC_E_DENIED, SECRET_FIX},
    {"AuthorizationPendingException", CC_E_SSO_LOGIN,
     "finish the login in the browser, then run it again"},
    {"EC2ThrottledException", CC_E_THROTTLED, SLOW_FIX},
    {"ExpiredToken", CC_E_EXPIRED, EXPIRED_FIX},
    {"ExpiredTokenException", CC_E_EXPIRED, EXPIRED_FIX},
    {"ForbiddenException", CC_E_DENIED,
     "ask the administrator of IAM Identity Center to assign this permission set to you in this "
     "account, and check the spelling of the role name"},
    {"IDPCommunicationError", CC_E_AWS,
     "AWS could not fetch the keys of the identity provider: check that its issuer URL answers "
     "from the internet, then run it again"},
    {"IDPRejectedClaim", CC_E_DENIED,
     "the identity provider refused the token, or it is expired or revoked: get a new one, and "
     "compare its audience and subject with the role's trust policy"},
    {"IncompleteSignature", CC_E_DENIED, SECRET_FIX},
    {"InvalidClientException", CC_E_SSO_LOGIN,
     "the client registration is expired or unknown: run `aws sso login`"},
    {"InvalidClientTokenId", CC_E_DENIED,
     "this access key id is unknown here: it was deleted or deactivated, lacks its session token, "
     "or belongs to another partition, or to a region that is not enabled"},
    {"InvalidGrantException", CC_E_SSO_LOGIN, SSO_GRANT_FIX},
    {"InvalidIdentityToken", CC_E_DENIED,
     "create the OIDC identity provider in this account with exactly the token's issuer, and "
     "check its audience and thumbprint; for EKS also the cluster's provider"},
    {"InvalidSignatureException", CC_E_DENIED, SECRET_FIX},
    {"MalformedPolicyDocument", CC_E_AWS,
     "check the session policy: it must be one JSON policy of version 2012-10-17, without a "
     "Principal"},
    {"MissingAuthenticationToken", CC_E_DENIED,
     "the request was not signed: check what stands between this host and the endpoint"},
    {"OptInRequired", CC_E_DENIED, "this account is not subscribed to the service: enable it"},
    {"PackedPolicyTooLarge", CC_E_AWS,
     "session policy and tags together are too large after packing: shorten the policy, or pass "
     "policy ARNs instead, or fewer tags"},
    {"PackedPolicyTooLargeException", CC_E_AWS,
     "session policy and tags together are too large after packing: shorten the policy, or pass "
     "policy ARNs instead, or fewer tags"},
    {"RegionDisabledException", CC_E_CONFIG,
     "STS is not active for this account in that region: enable the region (and STS in it) in "
     "the account settings, or use the STS of another region with AWS_REGION"},
    {"RequestExpired", CC_E_CLOCK, CLOCK_FIX},
    {"RequestInTheFuture", CC_E_CLOCK, CLOCK_FIX},
    {"RequestTimeTooSkewed", CC_E_CLOCK, CLOCK_FIX},
    {"ResourceNotFoundException", CC_E_CONFIG,
     "no such account or role for this user: check sso_account_id, sso_role_name and sso_region"},
    {"SignatureDoesNotMatch", CC_E_DENIED, SECRET_FIX},
    {"SlowDown", CC_E_THROTTLED, SLOW_FIX},
    {"Throttling", CC_E_THROTTLED, SLOW_FIX},
    {"ThrottlingException", CC_E_THROTTLED, SLOW_FIX},
    {"ThrottledException", CC_E_THROTTLED, SLOW_FIX},
    {"RequestThrottled", CC_E_THROTTLED, SLOW_FIX},
    {"RequestThrottledException", CC_E_THROTTLED, SLOW_FIX},
    {"RequestLimitExceeded", CC_E_THROTTLED, SLOW_FIX},
    {"TooManyRequestsException", CC_E_THROTTLED, SLOW_FIX},
    {"UnauthorizedClientException", CC_E_SSO_LOGIN,
     "this client may not use the grant: run `aws sso login` to register it anew"},
    {"UnauthorizedException", CC_E_SSO_LOGIN,
     "the access token is expired, or was revoked by a sign-out: run `aws sso login`"},
    {"UnrecognizedClientException", CC_E_DENIED,
     "this access key id is unknown here: it was deleted or deactivated, lacks its session token, "
     "or belongs to another partition, or to a region that is not enabled"},
    {"ValidationError", CC_E_AWS,
     "correct the parameter that the message names; a duration must fit the role's maximum, and "
     "one hour when a role assumes a role"},
    {"ValidationException", CC_E_AWS, "correct the parameter that the message names"},
    {"expired_token", CC_E_SSO_LOGIN, SSO_GRANT_FIX},
    {"invalid_client", CC_E_SSO_LOGIN,
     "the client registration is expired or unknown: run `aws sso login`"},
    {"invalid_grant", CC_E_SSO_LOGIN, SSO_GRANT_FIX},
};

const struct cc_trouble *cc_trouble_of(const char *aws_code)
{
    for (size_t i = 0; i < CC_COUNT(troubles); i++) {
        if (cc_text_equal(troubles[i].aws_code, aws_code)) {
            return &troubles[i];
        }
    }
    return NULL;
}

/* The first row that fits wins. */
static const struct {
    const char *part;
    const char *fix;
} denials[] = {
    {"explicit deny in a service control policy",
     "a service control policy of the organization denies it: only its administrators can lift "
     "that, no policy in this account can"},
    {"explicit deny in a resource control policy",
     "a resource control policy of the organization denies it: ask its administrators"},
    {"explicit deny in a session policy",
     "the session policy passed when the role was assumed denies it: assume it without, or with "
     "a wider one"},
    {"explicit deny in a permissions boundary",
     "the permissions boundary of the caller denies it: widen the boundary"},
    {"no permissions boundary allows",
     "the permissions boundary of the caller does not allow it: widen the boundary"},
    {"no session policy allows",
     "the session policy passed when the role was assumed does not allow it: assume it with a "
     "wider one"},
    {"no service control policy allows",
     "no service control policy of the organization allows it: ask its administrators"},
    {"explicit deny",
     "a policy denies it expressly (identity, trust, boundary or organization): find the Deny; "
     "an Allow elsewhere does not help"},
    {"no identity-based policy allows",
     "the caller's own policies lack the action: allow it there for this resource"},
    {"no resource-based policy allows",
     "the other side lacks it: the role's trust policy must name this caller, and its conditions "
     "(external id, tags, MFA, organization) must hold"},
    {"perform: sts:TagSession",
     "session tags were sent: the trust policy must allow sts:TagSession beside sts:AssumeRole, "
     "or send no tags"},
    {"perform: sts:SetSourceIdentity",
     "a source identity is set: the trust policies of the whole chain must allow "
     "sts:SetSourceIdentity beside sts:AssumeRole"},
    {"perform sts:AssumeRoleWithWebIdentity",
     "compare issuer, audience and subject of the token with the role's trust policy: letter by "
     "letter, upper and lower case count (`repo:Owner/Name`), and the role must exist"},
    {"perform: sts:AssumeRoleWithWebIdentity",
     "compare issuer, audience and subject of the token with the role's trust policy: letter by "
     "letter, upper and lower case count (`repo:Owner/Name`), and the role must exist"},
    {"MultiFactorAuthentication",
     "the device or its code was not accepted: check mfa_serial and wait for the next code; each "
     "code works once"},
    {"sts:AssumeRole", ROLE_FIX},
};

const char *cc_trouble_denied(const char *message)
{
    for (size_t i = 0; message && i < CC_COUNT(denials); i++) {
        if (strstr(message, denials[i].part)) {
            return denials[i].fix;
        }
    }
    return NULL;
}
