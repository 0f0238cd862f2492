#ifndef CREDCTL_MCP_SHELF_H
#define CREDCTL_MCP_SHELF_H

/*
 * Results on disk, for calls that come later and may come to another process: private files (0600)
 * in a folder of the cache, under names that cannot be guessed (128 random bits), for a limited
 * time.
 */

#include "credctl/world/world.h"

#define CC_MCP_SHELF_S  3600 /* how long a result is kept */
#define CC_MCP_NAME_LEN 32

/* *name is its handle. Fails when there is no place for it, or it is too large. */
CC_MUST_USE bool cc_mcp_shelf_put(struct cc_run *run, const char *text, const char **name,
                                  struct cc_error *err);
/* Fails with CC_E_NOT_EXPECTED for a name that is not known, or not any more. */
CC_MUST_USE bool cc_mcp_shelf_get(struct cc_run *run, const char *name, const char **text,
                                  struct cc_error *err);

#endif
