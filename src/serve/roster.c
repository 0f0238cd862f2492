#include "credctl/base/text.h"
#include "credctl/serve/endpoint.h"

#include <string.h>
#include <strings.h>

#define TOKEN_BYTES 32 /* 256 bit */

/* The identities of an endpoint. */

bool cc_endpoint_token(struct cc_run *run, struct cc_arena *mem, struct cc_secret *token,
                       struct cc_error *err)
{
    unsigned char bytes[TOKEN_BYTES];

    if (!cc_random(run, bytes, sizeof(bytes), err)) {
        return false;
    }
    *token = (struct cc_secret){cc_text_base64url(mem, bytes, sizeof(bytes))};
    explicit_bzero(bytes, sizeof(bytes));
    return true;
}

struct cc_kept *cc_endpoint_kept(struct cc_endpoint *endpoint, const char *name)
{
    for (size_t i = 0; i < endpoint->kept_count; i++) {
        struct cc_kept *kept = &endpoint->kept[i];

        if (name ? cc_text_equal(kept->name, name) : !kept->name) {
            return kept;
        }
    }
    return NULL;
}

struct cc_secret cc_endpoint_given(const struct cc_head *head)
{
    static const char scheme[] = "Bearer ";
    const char *given = cc_head_field(head, "Authorization");

    if (given && strncasecmp(given, scheme, sizeof(scheme) - 1) == 0) {
        given += sizeof(scheme) - 1;
        given += strspn(given, " ");
    }
    return (struct cc_secret){given};
}

bool cc_endpoint_authorized(const struct cc_endpoint *endpoint, const struct cc_head *head)
{
    return cc_secret_same(cc_endpoint_given(head), endpoint->token);
}
