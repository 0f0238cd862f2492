#ifndef CREDCTL_WORLD_HEAD_H
#define CREDCTL_WORLD_HEAD_H

/*
 * The head of an HTTP/1.x request (RFC 9112), read more strictly than the RFC requires: what two
 * readers could understand differently is refused. Pure: no effects.
 */

#include <stdbool.h>
#include <stddef.h>

#define CC_HEAD_MAX   8192  /* bytes, unless the rules say otherwise ... */
#define CC_HEAD_ROOM  32768 /* ... and never more than this */
#define CC_FIELDS_MAX 64

/* What libcurl sends for an empty upload when it did not know the length before. */
#define CC_EMPTY_CHUNKS "0\r\n\r\n"

struct cc_field {
    const char *name;
    const char *value; /* without blanks around it */
};

/* What a server reads. */
struct cc_head_rules {
    size_t max_body;
    size_t max_head; /* 0: CC_HEAD_MAX */
    bool chunks;     /* a body may come in chunks; false: only an empty one in a PUT */
};

struct cc_head {
    const char *method;
    const char *path;  /* begins with '/'; nothing is decoded */
    const char *query; /* without '?'; NULL when there is none */
    const char *host;  /* from the only Host header; an absolute URI must have the same */
    struct cc_field fields[CC_FIELDS_MAX];
    size_t count;
    size_t body_len;
    bool chunked; /* where chunks are read: body_len is 0; else it is that of CC_EMPTY_CHUNKS */
    bool newer;   /* HTTP/1.1 */
    bool keep_alive;
    bool expects_continue;
};

enum cc_head_state { CC_HEAD_PART, CC_HEAD_WHOLE, CC_HEAD_BAD };

struct cc_head_end {
    enum cc_head_state state;
    int status;      /* of an invalid head: the status of the refusal */
    const char *why; /* a constant text */
    size_t len;      /* of a complete head, with the empty line */
};

/*
 * Reads the head at the start of `text`. `room` has one byte more than the longest head and holds
 * the texts of `head`. A body that is longer than allowed is refused.
 */
struct cc_head_end cc_head_read(const char *text, size_t len, const struct cc_head_rules *rules,
                                char *room, struct cc_head *head);

/* The value of the first field of that name (not case-sensitive); NULL when there is none. Fields
 * that decide something occur at most once: cc_head_read refuses more. */
const char *cc_head_field(const struct cc_head *head, const char *name);

#endif
