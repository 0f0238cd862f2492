#include "credctl/base/text.h"

#include "reply.h"

#include <string.h>

/*
 * The shape of the ECS agent (SDK Reference Guide, "Container credential provider"): GET with the
 * token in Authorization. Other identities than that of the endpoint have their own tokens.
 */

static const char *after(const char *path, const char *prefix)
{
    return cc_text_starts(path, prefix) ? path + strlen(prefix) : NULL;
}

static struct cc_kept *asked_for(struct cc_endpoint *endpoint, const char *path)
{
    const char *name = after(path, "/role/");

    if (cc_text_equal(path, "/")) {
        return cc_endpoint_kept(endpoint, NULL);
    }
    return name ? cc_endpoint_kept(endpoint, name) : NULL;
}

/* Also NULL when the token belongs to another identity, so that nobody learns which ones exist. */
static struct cc_kept *other(struct cc_endpoint *endpoint, const struct cc_head *head)
{
    const char *name = after(head->path, "/target/");

    return name && endpoint->other ? endpoint->other(endpoint, name, cc_endpoint_given(head))
                                   : NULL;
}

static void visit(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    const struct cc_head *head = visit->head;
    struct cc_kept *kept = other(endpoint, head);

    if (!kept && !cc_endpoint_authorized(endpoint, head)) {
        cc_reply_refusal(endpoint, visit->ticket, 401,
                         "the Authorization header does not hold this server's token");
        return;
    }
    if (!cc_text_equal(head->method, "GET")) {
        cc_reply_refusal(endpoint, visit->ticket, 405, "only GET is answered");
        return;
    }
    if (cc_text_equal(head->path, "/metrics")) {
        cc_metrics_reply(endpoint, visit->ticket);
        return;
    }
    kept = kept ? kept : asked_for(endpoint, head->path);
    if (!kept) {
        cc_reply_refusal(endpoint, visit->ticket, 404, "no role has that name here");
        return;
    }
    cc_kept_hand_out(kept, visit->ticket);
}

const struct cc_manner cc_manner_ecs = {.visit = visit};
