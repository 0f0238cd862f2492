#ifndef WORLD_MAKE_H
#define WORLD_MAKE_H

/*
 * New folders and files: the mode that results is the one that was meant, whatever the umask, and
 * nothing is made in a home ($HOME, $XDG_CACHE_HOME, $XDG_RUNTIME_DIR) that is not the effective
 * user's: its owner could not use or remove it. Elsewhere a folder of another user is a place like
 * any other, as volumes of containers are.
 */

#include "credctl/base/error.h"

#include <errno.h>
#include <stdbool.h>

/* As errno: no call on files sets it. */
#define CC_FOREIGN_HOME EOWNERDEAD

enum cc_made {
    CC_MADE_AS_TOLD, /* at a path that somebody chose */
    CC_MADE_UNASKED, /* at our own: not in a folder of another user below a home of ours either, as
                        when a container has somebody's ~/.cache */
};

/* False with errno set. */
bool cc_may_make_in(int place, enum cc_made made);
/* "cannot <verb> <path>", with what errno says. Always false. */
bool cc_make_failed(struct cc_error *err, enum cc_code code, const char *verb, const char *path);

/* A folder with mode 0700 in `place`; one that is there already will do. -1 with errno set. */
int cc_make_folder(int place, const char *name, enum cc_made made);
/* mkdir -p: the last folder of `path`, opened; -1 with errno set. `path` is left as it was. */
int cc_make_folders(char *path);

#endif
