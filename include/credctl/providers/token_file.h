#ifndef CREDCTL_PROVIDERS_TOKEN_FILE_H
#define CREDCTL_PROVIDERS_TOKEN_FILE_H

/* The JSON files of `aws sso login`, `aws login` and the AWS CLI's cache. Other programs read them
 * too, so unknown members are kept when a file is rewritten. */

#include "credctl/base/json.h"
#include "credctl/world/world.h"

enum cc_digest { CC_SHA1, CC_SHA256 };

/* <folder>/<hex digest of the name>.json */
const char *cc_token_file_path(struct cc_run *run, const char *folder, enum cc_digest digest,
                               const char *name);

/* The object belongs to the arena and can be changed. Fails with CC_E_BAD_ANSWER. */
CC_MUST_USE bool cc_token_file_parse(struct cc_arena *mem, const char *path, const char *text,
                                     size_t len, cJSON **doc, struct cc_error *err);

/* Adds the member or replaces its value. */
void cc_token_file_set(cJSON *doc, const char *name, const char *text);

#endif
