#ifndef CREDCTL_WORLD_REPLACE_H
#define CREDCTL_WORLD_REPLACE_H

/*
 * A file that other programs read and write too, such as the token of a login. It is locked under
 * its own name and replaced as a whole. Of a symbolic link, the target is locked and replaced, and
 * the link stays.
 */

#include "credctl/world/world.h"

struct cc_file_lock;

/*
 * Does not wait. CC_LOCK_NEVER: there is no such file, or its file system has no locks. The kernel
 * releases it when the process ends; nothing is left behind. The holder must read the file again:
 * it can be another one than before.
 */
enum cc_lock cc_file_lock(struct cc_run *run, const char *path, struct cc_file_lock **lock);
void cc_file_unlock(struct cc_run *run, struct cc_file_lock *lock);

/* True when a file of `size` bytes can replace this one. It is tried with a temporary file, which
 * is removed. */
CC_MUST_USE bool cc_may_replace(struct cc_run *run, const char *path, size_t size,
                                struct cc_error *err);

/* Mode 0600, by temporary file, fsync and rename. */
CC_MUST_USE bool cc_replace_file(struct cc_run *run, const char *path, const char *text, size_t len,
                                 struct cc_error *err);

/* The folder of relative paths. Never NULL: for a folder that was removed, its device and inode. */
const char *cc_working_folder(struct cc_run *run);

#endif
