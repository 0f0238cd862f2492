#ifndef CREDCTL_AWS_SHARED_FILES_H
#define CREDCTL_AWS_SHARED_FILES_H

/* Where the shared files lie, and what happens when they cannot be read. */

#include "credctl/aws/profile.h"
#include "credctl/world/world.h"

/*
 * Reads and merges both files: AWS_CONFIG_FILE or ~/.aws/config, AWS_SHARED_CREDENTIALS_FILE or
 * ~/.aws/credentials; at most 1 MiB each. A file that does not exist is no error. One at its
 * default place that cannot be read (a folder that a container mount made, mode 000) is passed
 * over, and `unread` says why. A file that a variable names and that cannot be read
 * (CC_E_UNREADABLE), one that is too large (CC_E_TOO_BIG) and one that breaks the grammar
 * (CC_E_CONFIG_SYNTAX) fail.
 */
CC_MUST_USE bool cc_profiles_load(struct cc_run *run, struct cc_profiles *profiles,
                                  struct cc_error *err);

#endif
