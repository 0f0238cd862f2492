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

/* The part of the chunk that is here moves up to the body. */
static size_t take_data(struct cc_chunks *chunks, char *room, const char *from, size_t here)
{
    const size_t size = here < chunks->left ? here : chunks->left;

    memmove(room + chunks->len, from, size);
    chunks->len += size;
    chunks->left -= size;
    chunks->at = chunks->left > 0 ? DATA : DATA_RETURN;
    return size;
}

static bool too_long(const struct cc_chunks *chunks, size_t max_body)
{
    return chunks->at == DATA && chunks->left > max_body - chunks->len;
}

static enum cc_chunks_state state_of(const struct cc_chunks *chunks, size_t max_body)
{
    if (too_long(chunks, max_body)) {
        return CC_CHUNKS_TOO_LONG;
    }
    switch (chunks->at) {
    case WHOLE: return CC_CHUNKS_WHOLE;
    case BAD: return CC_CHUNKS_BAD;
    default: return CC_CHUNKS_PART;
    }
}

enum cc_chunks_state cc_chunks_take(struct cc_chunks *chunks, char *room, size_t *more,
                                    size_t max_body)
{
    const char *from = room + chunks->len;
    const char *end = from + *more;

    while (from < end && chunks->at != WHOLE && chunks->at != BAD && !too_long(chunks, max_body)) {
        if (chunks->at == DATA) {
            from += take_data(chunks, room, from, (size_t)(end - from));
        } else {
            chunks->at = next(chunks, *from++);
        }
    }
    *more = (size_t)(end - from);
    memmove(room + chunks->len, from, *more);
    return state_of(chunks, max_body);
}
