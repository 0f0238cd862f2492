#ifndef SERVE_PATH_H
#define SERVE_PATH_H

#include "credctl/base/arena.h"

/*
 * The path of a request as both forms compare it: with one slash at the start (clients append
 * theirs to an endpoint that ends in one), without one at the end, with %XX as the character it
 * stands for. "/" stays. Pure.
 */
const char *cc_path_plain(struct cc_arena *mem, const char *path);
/* The part after `folder` ("/role") and a slash; "" for the folder itself; NULL for other paths. */
const char *cc_path_below(const char *path, const char *folder);

#endif
