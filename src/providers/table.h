#ifndef PROVIDERS_TABLE_H
#define PROVIDERS_TABLE_H

/* The providers, for the table and for profiles with credential_source. */

#include "credctl/providers/provider.h"

extern const struct cc_provider cc_provider_environment;
extern const struct cc_provider cc_provider_profile;
extern const struct cc_provider cc_provider_sso;
extern const struct cc_provider cc_provider_login;
extern const struct cc_provider cc_provider_process;
extern const struct cc_provider cc_provider_web_identity;
extern const struct cc_provider cc_provider_container;
extern const struct cc_provider cc_provider_imds;

#endif
