#ifndef CREDCTL_BASE_TIME_H
#define CREDCTL_BASE_TIME_H

/* Times are Unix seconds, UTC. No libc locale or time zone is involved. */

#include "credctl/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * RFC 3339 as the AWS services and tools write it: fraction of seconds optional, zone `Z`, `UTC`,
 * `+00:00` or `+0000`, or none (UTC); 'T' or a blank between date and time.
 */
CC_MUST_USE bool cc_time_from_iso(const char *text, int64_t *seconds);
/* HTTP's Date header in the preferred form (RFC 9110 5.6.7). */
CC_MUST_USE bool cc_time_from_http(const char *text, int64_t *seconds);

const char *cc_time_iso(struct cc_arena *mem, int64_t seconds);     /* 2026-11-22T16:08:00Z */
const char *cc_time_compact(struct cc_arena *mem, int64_t seconds); /* 20261122T160800Z */
/* "3 h 12 min", "45 s", for people. */
const char *cc_time_span(struct cc_arena *mem, int64_t seconds);

#endif
