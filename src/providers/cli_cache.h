#ifndef PROVIDERS_CLI_CACHE_H
#define PROVIDERS_CLI_CACHE_H

/*
 * ~/.aws/cli/cache: roles that the AWS CLI has assumed. It is only read: a file that is damaged,
 * not of this user, or about to expire is ignored. An entry saves the calls of a whole chain, and
 * an MFA code.
 */

#include "credctl/providers/provider.h"

/* The entry of AssumeRole or AssumeRoleWithWebIdentity with these parameters; the session name only
 * when it is a configured one. */
bool cc_cli_cache_role(struct cc_search *search, const struct cc_assume *role,
                       struct cc_keys *keys);

/* The entry of an SSO role. */
struct cc_cli_sso {
    const char *account_id;
    const char *role_name;
    const char *session;    /* NULL: the legacy form, which is known by ... */
    const char *start_url;  /* ... its start URL */
    const char *token_file; /* an entry older than it may be of who was logged in before */
};
bool cc_cli_cache_sso(struct cc_search *search, const struct cc_cli_sso *sso, struct cc_keys *keys);

#endif
