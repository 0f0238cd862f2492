#ifndef WORLD_MAKE_H
#define WORLD_MAKE_H

/*
 * New folders and files. They have the intended mode, whatever the umask. Nothing is created in a
 * home ($HOME, $XDG_CACHE_HOME, $XDG_RUNTIME_DIR) of another user than the effective one, because
 * its owner could not use or remove it. Other folders of other users can be used, as with volumes
 * of containers.
 */

#include "credctl/base/error.h"

#include <errno.h>
#include <stdbool.h>

/* Used like errno; no file call sets this value. */
#define CC_FOREIGN_HOME EOWNERDEAD

enum cc_made {
    CC_MADE_AS_TOLD, /* at a path that the user gave */
    CC_MADE_UNASKED, /* at a path of credctl: also not in a folder of another user inside the own
                        home, such as a mounted ~/.cache */
};

/* False with errno set. */
bool cc_may_make_in(int place, enum cc_made made);
/* "cannot <verb> <path>", with the text of errno. Always false. */
bool cc_make_failed(struct cc_error *err, enum cc_code code, const char *verb, const char *path);

/* A folder with mode 0700 in `place`; an existing one is used. -1 with errno set. */
int cc_make_folder(int place, const char *name, enum cc_made made);
/* mkdir -p: the last folder of `path`, opened; -1 with errno set. `path` is not changed. */
int cc_make_folders(char *path);

#endif
