#include "credctl/world/chunks.h"

#include <string.h>

#define DIGITS_MAX 8 /* of a size */

enum { SIZE, SIZE_FEED, DATA, DATA_RETURN, DATA_FEED, LAST_RETURN, LAST_FEED, WHOLE, BAD };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In the line with the size of a chunk. */
static int size_next(struct cc_chunks *chunks, char c)
{
    const int value = hex_value(c);

    if (value < 0) {
        return c == '\r' && chunks->digits > 0 ? SIZE_FEED : BAD;
    }
    if (chunks->digits == DIGITS_MAX || (chunks->digits > 0 && chunks->left == 0)) {
        return BAD;
    }
    chunks->digits++;
    chunks->left = chunks->left * 16 + (size_t)value;
    return SIZE;
}

/* What follows a byte that is not part of the body. */
static int next(struct cc_chunks *chunks, char c)
{
    switch (chunks->at) {
    case SIZE: return size_next(chunks, c);
    case SIZE_FEED: return c != '\n' ? BAD : chunks->left > 0 ? DATA : LAST_RETURN;
    case DATA_RETURN: return c == '\r' ? DATA_FEED : BAD;
    case DATA_FEED: chunks->digits = 0; return c == '\n' ? SIZE : BAD;
    case LAST_RETURN: return c == '\r' ? LAST_FEED : BAD;
    default: return c == '\n' ? WHOLE : BAD;
    }
}

enum cc_chunks_state cc_chunks_take(struct cc_chunks *chunks, char *room, size_t *more,
                                    size_t max_body)
{
    const char *from = room + chunks->len;
    const char *end = from + *more;

    while (from < end && chunks->at != WHOLE && chunks->at != BAD) {
        const size_t here =
            (size_t)(end - from) < chunks->left ? (size_t)(end - from) : chunks->left;

        if (chunks->at == DATA && here > max_body - chunks->len) {
            return CC_CHUNKS_TOO_LONG;
        }
        if (chunks->at == DATA) {
            memmove(room + chunks->len, from, here);
            from += here;
            chunks->len += here;
            chunks->left -= here;
            chunks->at = chunks->left > 0 ? DATA : DATA_RETURN;
        } else {
            chunks->at = next(chunks, *from++);
        }
    }
    *more = (size_t)(end - from);
    memmove(room + chunks->len, from, *more);
    if (chunks->at == DATA && chunks->left > max_body - chunks->len) {
        return CC_CHUNKS_TOO_LONG;
    }
    return chunks->at == WHOLE ? CC_CHUNKS_WHOLE
           : chunks->at == BAD ? CC_CHUNKS_BAD
                               : CC_CHUNKS_PART;
}
