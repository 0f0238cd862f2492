#include "real.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESSES_MAX 16
#define TRIES         3

/* A temporary failure of the resolver is tried again; "no such name" is a final answer. */
static int look_up(const char *name, struct addrinfo **found)
{
    const struct addrinfo wish = {.ai_socktype = SOCK_STREAM};
    int code = EAI_AGAIN;

    for (int i = 0; i < TRIES && code == EAI_AGAIN; i++) {
        code = getaddrinfo(name, NULL, &wish, found);
    }
    return code;
}

static const char *spelled(struct cc_arena *mem, const struct sockaddr *from)
{
    char text[INET6_ADDRSTRLEN] = "";
    const void *at =
        from->sa_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)from)->sin_addr;

    (void)inet_ntop(from->sa_family, at, text, sizeof(text));
    return cc_text_dup(mem, text, strlen(text));
}

bool cc_real_resolve(void *self, struct cc_arena *mem, const char *name,
                     const char *const **addresses, struct cc_error *err)
{
    struct addrinfo *found = NULL;
    const char **list = cc_alloc(mem, (ADDRESSES_MAX + 1) * sizeof(*list));
    size_t count = 0;

    (void)self;
    int code = look_up(name, &found);
    if (code != 0) {
        cc_fail(err, CC_E_DNS, "cannot find the address of %s", name);
        return cc_why(err, "%s", gai_strerror(code));
    }
    for (const struct addrinfo *at = found; at && count < ADDRESSES_MAX; at = at->ai_next) {
        if (at->ai_family == AF_INET || at->ai_family == AF_INET6) {
            list[count++] = spelled(mem, at->ai_addr);
        }
    }
    freeaddrinfo(found);
    *addresses = (const char *const *)list;
    return true;
}
