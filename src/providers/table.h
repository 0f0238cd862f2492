#ifndef PROVIDERS_TABLE_H
#define PROVIDERS_TABLE_H

/* The providers, for the table and for profiles with credential_source. */

#include "credctl/providers/provider.h"

/*
 * The order is the precedence. The common order of the SDKs inside one profile is: static keys,
 * source_profile, credential_source, web identity (these are the row `profile`), SSO, login,
 * process.
 */
// clang-format off
#define CC_PROVIDERS(X) \
    X(environment)      \
    X(profile)          \
    X(sso)              \
    X(login)            \
    X(process)          \
    X(web_identity)     \
    X(container)        \
    X(imds)
// clang-format on

#define X(name) extern const struct cc_provider cc_provider_##name;
CC_PROVIDERS(X)
#undef X

#endif
