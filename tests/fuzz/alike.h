#ifndef FUZZ_ALIKE_H
#define FUZZ_ALIKE_H

/* A world in which every request is answered alike, and no time passes but that which is waited. */

#include "credctl/world/world.h"

#include <stdlib.h>
#include <string.h>

struct alike {
    struct cc_world world;
    int64_t ticks;
    int calls;
    int most_calls; /* from this one on nothing answers; 0: no limit */
    int status;
    const char *head;
    const char *body;
};

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

static int64_t now(void *self)
{
    (void)self;
    return 1700000000;
}

static int64_t ticks_ms(void *self)
{
    return ((struct alike *)self)->ticks;
}

static const char *env(void *self, const char *name)
{
    (void)self;
    (void)name;
    return NULL;
}

static bool random_bytes(void *self, void *to, size_t size)
{
    (void)self;
    memset(to, 0, size);
    return true;
}

static bool emit(void *self, int fd, const char *text, size_t len)
{
    (void)self;
    (void)fd;
    (void)text;
    (void)len;
    return true;
}

static struct cc_response alike_response(const struct alike *alike)
{
    return (struct cc_response){.failure = CC_NET_ANSWERED,
                                .status = alike->status,
                                .head = alike->head,
                                .body = alike->body,
                                .body_len = strlen(alike->body)};
}

static void answer_all(void *self, const struct cc_pump *pump)
{
    struct alike *alike = self;

    for (;;) {
        int64_t at = CC_PUMP_NEVER;
        struct cc_exchange *exchange = pump->next(pump->about, &at);

        if (exchange) {
            exchange->ok = alike->most_calls == 0 || ++alike->calls < alike->most_calls;
            exchange->response = alike_response(alike);
            if (!exchange->ok) {
                exchange->response.failure = CC_NET_REFUSED;
                cc_fail(&exchange->err, CC_E_UNREACHABLE, "no more");
            }
            pump->done(pump->about, exchange);
        } else if (at != CC_PUMP_NEVER) {
            alike->ticks = at;
        } else {
            return;
        }
    }
}

static struct cc_world alike_world(struct alike *alike)
{
    return (struct cc_world){.self = alike,
                             .now = now,
                             .ticks_ms = ticks_ms,
                             .env = env,
                             .random = random_bytes,
                             .emit = emit,
                             .http = answer_all};
}

#endif
