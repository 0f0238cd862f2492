#include "credctl/world/chunks.h"
#include "credctl/world/head.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MOST 4096

/* In pieces of `step` bytes, as a connection brings them. Returns the bytes of the body. */
static enum cc_chunks_state in_pieces(const char *text, size_t size, size_t step, char *body,
                                      size_t *len)
{
    struct cc_chunks chunks = {0};
    enum cc_chunks_state state = CC_CHUNKS_PART;

    for (size_t at = 0; at < size && state == CC_CHUNKS_PART; at += step) {
        size_t more = size - at < step ? size - at : step;

        memcpy(body + chunks.len, text + at, more);
        state = cc_chunks_take(&chunks, body, &more, MOST);
        if (chunks.len > MOST || (state == CC_CHUNKS_PART && more > 0)) {
            abort();
        }
    }
    *len = chunks.len;
    return state;
}

/* A request with a body in chunks: however it is cut, the body is the same. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static char room[CC_HEAD_ROOM + 1];
    static struct cc_head head;
    const struct cc_head_rules rules = {MOST, CC_HEAD_ROOM, true};
    const char *text = (const char *)data;
    const struct cc_head_end end = cc_head_read(text, size, &rules, room, &head);
    size_t len = 0;
    size_t other = 0;

    if (end.state != CC_HEAD_WHOLE || !head.chunked) {
        return 0;
    }
    if (cc_head_field(&head, "Content-Length") || head.body_len != 0) {
        abort();
    }
    char *whole = malloc(size + 1);
    char *pieces = malloc(size + 1);
    if (!whole || !pieces) {
        abort();
    }
    const enum cc_chunks_state state = in_pieces(text + end.len, size - end.len, size, whole, &len);
    if (in_pieces(text + end.len, size - end.len, 3, pieces, &other) != state ||
        (state == CC_CHUNKS_WHOLE && (len != other || memcmp(whole, pieces, len) != 0))) {
        abort();
    }
    free(whole);
    free(pieces);
    return 0;
}
