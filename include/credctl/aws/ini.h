#ifndef CREDCTL_AWS_INI_H
#define CREDCTL_AWS_INI_H

/*
 * The grammar of the shared files: AWS SDKs and Tools Reference Guide, "Shared config and
 * credentials files". Where the AWS CLI writes what that grammar does not read (names of profiles
 * with blanks and other characters), we read what the AWS CLI writes: docs/providers.md.
 */

#include "credctl/aws/profile.h"
#include "credctl/world/world.h"

/*
 * Reads one text into `into`, on top of what is there: a later property wins. `file` is for
 * messages and must live as long as `into`. Fails with CC_E_CONFIG_SYNTAX and names the line. The
 * only ceiling is the caller's, on the size.
 */
CC_MUST_USE bool cc_ini_parse(struct cc_arena *mem, struct cc_bytes content, const char *file,
                              bool credentials, struct cc_profiles *into, struct cc_error *err);

#endif
