#include "credctl/aws/trouble.h"

#include "credctl/base/text.h"

#include <string.h>

#define EXPIRED_FIX "get fresh credentials from the same source; temporary ones cannot be renewed"
#define ROLE_FIX                                                                                \
    "check that the role exists and that its trust policy names this caller (and the external " \
    "ID), that the caller's own policies allow the action, and that no service control policy " \
    "denies it"
#define SECRET_FIX                                                                              \
    "copy both halves of the key pair again: the secret key does not belong to the access key " \
    "ID, or was cut or changed on the way (a blank at its end, a lost '/' or '+')"
#define SLOW_FIX                                                                               \
    "wait and run it again; with many accounts, make fewer calls at once or spread them over " \
    "regional endpoints"
#define SSO_GRANT_FIX \
    "run `aws sso login`: the session at the identity provider has expired or was revoked"
#define CLOCK_FIX                                                                                \
    "set this host's clock, for example with chrony; a virtual machine also needs that after a " \
    "resume"

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
     "check that the issuer URL of the identity provider answers from the internet, then run it "
     "again: AWS could not fetch its keys"},
    {"IDPRejectedClaim", CC_E_DENIED,
     "get a new token, and compare its audience and subject with the role's trust policy: the "
     "identity provider refused this one, or it has expired or was revoked"},
    {"IncompleteSignature", CC_E_DENIED, SECRET_FIX},
    {"InvalidClientException", CC_E_SSO_LOGIN,
     "run `aws sso login`: the client registration has expired or is not known"},
    {"InvalidClientTokenId", CC_E_DENIED,
     "check the access key: AWS does not know its ID here. It was deleted or deactivated, lacks "
     "its session token, or belongs to another partition or to a region that is not enabled"},
    {"InvalidGrantException", CC_E_SSO_LOGIN, SSO_GRANT_FIX},
    {"InvalidIdentityToken", CC_E_DENIED,
     "create the OIDC identity provider in this account with exactly the token's issuer, and "
     "check its audience and thumbprint; for EKS also the cluster's provider"},
    {"InvalidSignatureException", CC_E_DENIED, SECRET_FIX},
    {"MalformedPolicyDocument", CC_E_AWS,
     "check the session policy: it must be one JSON policy of version 2012-10-17, without a "
     "Principal"},
    {"MissingAuthenticationToken", CC_E_DENIED,
     "check what is between this host and the endpoint: the request arrived without a signature"},
    {"OptInRequired", CC_E_DENIED, "enable the service: this account is not subscribed to it"},
    {"PackedPolicyTooLarge", CC_E_AWS,
     "shorten the session policy, pass policy ARNs instead, or pass fewer tags: packed together "
     "they are too large"},
    {"PackedPolicyTooLargeException", CC_E_AWS,
     "shorten the session policy, pass policy ARNs instead, or pass fewer tags: packed together "
     "they are too large"},
    {"RegionDisabledException", CC_E_CONFIG,
     "enable the region (and STS in it) in the account settings, or use the STS of another "
     "region with AWS_REGION: STS is not active for this account in that region"},
    {"RequestExpired", CC_E_CLOCK, CLOCK_FIX},
    {"RequestInTheFuture", CC_E_CLOCK, CLOCK_FIX},
    {"RequestTimeTooSkewed", CC_E_CLOCK, CLOCK_FIX},
    {"ResourceNotFoundException", CC_E_CONFIG,
     "check sso_account_id, sso_role_name and sso_region: this user has no such account or role"},
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
     "run `aws sso login` to register the client again: it may not use this grant"},
    {"UnauthorizedException", CC_E_SSO_LOGIN,
     "run `aws sso login`: the access token has expired, or was revoked by a sign-out"},
    {"UnrecognizedClientException", CC_E_DENIED,
     "check the access key: AWS does not know its ID here. It was deleted or deactivated, lacks "
     "its session token, or belongs to another partition or to a region that is not enabled"},
    {"ValidationError", CC_E_AWS,
     "correct the parameter that the message names; a duration is limited to the role's "
     "maximum, and to one hour when a role assumes a role"},
    {"ValidationException", CC_E_AWS, "correct the parameter that the message names"},
    {"expired_token", CC_E_SSO_LOGIN, SSO_GRANT_FIX},
    {"invalid_client", CC_E_SSO_LOGIN,
     "run `aws sso login`: the client registration has expired or is not known"},
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

/* The first row that matches wins. */
static const struct {
    const char *part;
    const char *fix;
} denials[] = {
    {"explicit deny in a service control policy",
     "ask the administrators of the organization: a service control policy denies it, which no "
     "policy in this account can change"},
    {"explicit deny in a resource control policy",
     "ask the administrators of the organization: a resource control policy denies it"},
    {"explicit deny in a session policy",
     "assume the role without a session policy, or with a wider one: the one that was passed "
     "denies it"},
    {"explicit deny in a permissions boundary",
     "widen the permissions boundary of the caller: it denies this"},
    {"no permissions boundary allows",
     "widen the permissions boundary of the caller: it does not allow this"},
    {"no session policy allows",
     "assume the role with a wider session policy: the one that was passed does not allow it"},
    {"no service control policy allows",
     "ask the administrators of the organization: no service control policy allows it"},
    {"explicit deny",
     "find the policy with the explicit Deny (identity, trust, boundary or organization): an "
     "Allow elsewhere does not help"},
    {"no identity-based policy allows",
     "allow the action for this resource in the caller's own policies: none of them does"},
    {"no resource-based policy allows",
     "change the role's trust policy: it must name this caller, and its conditions (external "
     "ID, tags, MFA, organization) must hold"},
    {"perform: sts:TagSession",
     "allow sts:TagSession beside sts:AssumeRole in the role's trust policy, or send no session "
     "tags"},
    {"perform: sts:SetSourceIdentity",
     "allow sts:SetSourceIdentity beside sts:AssumeRole in the trust policies of the whole "
     "chain, or send no source identity"},
    {"perform sts:AssumeRoleWithWebIdentity",
     "compare issuer, audience and subject of the token with the role's trust policy: letter by "
     "letter, upper and lower case count (`repo:Owner/Name`), and the role must exist"},
    {"perform: sts:AssumeRoleWithWebIdentity",
     "compare issuer, audience and subject of the token with the role's trust policy: letter by "
     "letter, upper and lower case count (`repo:Owner/Name`), and the role must exist"},
    {"MultiFactorAuthentication",
     "check mfa_serial and wait for the next code: the device or its code was not accepted, and "
     "each code works once"},
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
