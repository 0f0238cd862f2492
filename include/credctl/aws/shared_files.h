#ifndef CREDCTL_AWS_SHARED_FILES_H
#define CREDCTL_AWS_SHARED_FILES_H

/* The paths of the shared files, and what happens when they cannot be read. */

#include "credctl/aws/profile.h"
#include "credctl/world/world.h"

/*
 * Reads and merges both files: AWS_CONFIG_FILE or ~/.aws/config, AWS_SHARED_CREDENTIALS_FILE or
 * ~/.aws/credentials; at most 1 MiB each. A missing file is not an error. A file at its default
 * path that cannot be read (a folder created by a container mount, mode 000) is treated as missing,
 * and `unread` says why. Errors are: a file that a variable names and that cannot be read
 * (CC_E_UNREADABLE), one that is too large (CC_E_TOO_BIG), and one that cannot be parsed
 * (CC_E_CONFIG_SYNTAX).
 */
CC_MUST_USE bool cc_profiles_load(struct cc_run *run, struct cc_profiles *profiles,
                                  struct cc_error *err);

#endif
