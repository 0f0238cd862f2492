#ifndef CREDCTL_WORLD_CHUNKS_H
#define CREDCTL_WORLD_CHUNKS_H

/*
 * A body in chunks (RFC 9112 7.1), read piece by piece as it comes, and more strictly than the RFC
 * requires: no extensions, no trailer, no leading zeros, CR LF only. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

enum cc_chunks_state { CC_CHUNKS_PART, CC_CHUNKS_WHOLE, CC_CHUNKS_BAD, CC_CHUNKS_TOO_LONG };

struct cc_chunks {
    int at; /* in the grammar: belongs to chunks.c */
    size_t digits;
    size_t left; /* of the chunk that is being read */
    size_t len;  /* of the body so far, which is at the start of the room */
};

/*
 * `room` has the body so far, and behind it *more new bytes. They are read, and what is part of the
 * body moves up to it. Afterwards, *more bytes lie behind the body that are not part of it: only
 * when it is whole.
 */
enum cc_chunks_state cc_chunks_take(struct cc_chunks *chunks, char *room, size_t *more,
                                    size_t max_body);

#endif
