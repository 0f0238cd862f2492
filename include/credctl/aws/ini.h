#ifndef CREDCTL_AWS_INI_H
#define CREDCTL_AWS_INI_H

/*
 * The grammar of the shared files: AWS SDKs and Tools Reference Guide, "Shared config and
 * credentials files". Profile names with blanks and other characters, which that grammar does not
 * allow, are read as the AWS CLI writes them: docs/providers.md.
 */

#include "credctl/aws/profile.h"
#include "credctl/world/world.h"

/*
 * Reads one text into `into`, in addition to what it contains: a later property wins. `file` is for
 * messages and must live as long as `into`. Fails with CC_E_CONFIG_SYNTAX and names the line. The
 * caller limits the size; there is no other limit.
 */
CC_MUST_USE bool cc_ini_parse(struct cc_arena *mem, struct cc_bytes content, const char *file,
                              bool credentials, struct cc_profiles *into, struct cc_error *err);

#endif
