#ifndef ASSESS_CURSOR_H
#define ASSESS_CURSOR_H

/*
 * Where a list of resources goes on. A token names the last resource that was told, so that it
 * still leads to the right place when resources have come or gone meanwhile.
 */

#include "credctl/assess/resource.h"

/* By type, then by ID or name: the order of answers. */
int cc_resource_compare(const void *one, const void *two);

const char *cc_cursor_after(struct cc_arena *mem, const struct cc_resource *resource);
/* False: it is not such a token. What comes after `last` is to be told. */
CC_MUST_USE bool cc_cursor_read(struct cc_arena *mem, const char *token, struct cc_resource *last);

#endif
