#ifndef CREDCTL_PROVIDERS_TOKEN_CACHE_H
#define CREDCTL_PROVIDERS_TOKEN_CACHE_H

/* The JSON files in which `aws sso login` and `aws login` leave their tokens. Others read them too:
 * whoever rewrites one keeps every member that he does not know. */

#include "credctl/base/json.h"
#include "credctl/world/world.h"

enum cc_digest { CC_SHA1, CC_SHA256 };

/* <folder>/<hex digest of the name>.json */
const char *cc_token_cache_path(struct cc_run *run, const char *folder, enum cc_digest digest,
                                const char *name);

/* An object of the run's own, free to be changed. Fails with CC_E_UNREADABLE or CC_E_BAD_ANSWER. */
CC_MUST_USE bool cc_token_cache_read(struct cc_run *run, const char *path, cJSON **doc,
                                     struct cc_error *err);

/* Adds the member or replaces its value. */
void cc_token_cache_set(cJSON *doc, const char *name, const char *text);

CC_MUST_USE bool cc_token_cache_write(struct cc_run *run, const char *path, const cJSON *doc,
                                      struct cc_error *err);

#endif
