#include "table.h"

/* The common order of the SDKs inside one profile is: static keys, source_profile,
 * credential_source, web identity (these are the row `profile`), SSO, login, process. */
const struct cc_provider *const cc_providers[] = {
    &cc_provider_environment, &cc_provider_profile, &cc_provider_sso,
    &cc_provider_login,       &cc_provider_process, &cc_provider_web_identity,
    &cc_provider_container,   &cc_provider_imds,    NULL,
};
