#ifndef CREDCTL_WORLD_HEAD_H
#define CREDCTL_WORLD_HEAD_H

/*
 * The head of an HTTP/1.x request (RFC 9112), read more strictly than the RFC asks: whatever two
 * readers could understand in two ways is refused. Pure: touches nothing.
 */

#include <stdbool.h>
#include <stddef.h>

#define CC_HEAD_MAX   8192
#define CC_FIELDS_MAX 64

/* How libcurl writes an upload whose length it does not know and which turns out to be empty. */
#define CC_EMPTY_CHUNKS "0\r\n\r\n"

struct cc_field {
    const char *name;
    const char *value; /* without blanks around it */
};

struct cc_head {
    const char *method;
    const char *path;  /* begins with '/'; nothing is decoded */
    const char *query; /* without '?'; NULL when there is none */
    const char *host;  /* of the one Host header; an absolute URI names the same */
    struct cc_field fields[CC_FIELDS_MAX];
    size_t count;
    size_t body_len;
    bool chunked; /* a PUT that promises an empty body in chunks: CC_EMPTY_CHUNKS is all of it */
    bool newer;   /* HTTP/1.1 */
    bool keep_alive;
    bool expects_continue;
};

enum cc_head_state { CC_HEAD_PART, CC_HEAD_WHOLE, CC_HEAD_BAD };

struct cc_head_end {
    enum cc_head_state state;
    int status;      /* of a bad one: what to refuse it with */
    const char *why; /* a constant text */
    size_t len;      /* of a whole one, with the empty line */
};

/*
 * Reads the head that `text` begins with. `room` holds CC_HEAD_MAX + 1 bytes; the texts of `head`
 * lie in it. A body longer than `max_body` is refused.
 */
struct cc_head_end cc_head_read(const char *text, size_t len, size_t max_body, char *room,
                                struct cc_head *head);

/* The value of the first field of that name, in any case of its letters; NULL when there is none.
 * Names that decide something occur once at most: more are refused while reading. */
const char *cc_head_field(const struct cc_head *head, const char *name);

#endif
