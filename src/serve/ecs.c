#include "credctl/base/text.h"

#include "path.h"
#include "reply.h"

/*
 * The shape of the ECS agent (SDK Reference Guide, "Container credential provider"): GET with the
 * token in Authorization. Other identities than that of the endpoint have their own tokens.
 */

static struct cc_kept *asked_for(struct cc_endpoint *endpoint, const char *path)
{
    const char *name = cc_path_below(path, "/role");

    if (cc_text_equal(path, "/")) {
        return cc_endpoint_kept(endpoint, NULL);
    }
    return name && name[0] ? cc_endpoint_kept(endpoint, name) : NULL;
}

/* NULL also when the token is not this one's: nobody learns which there are. */
static struct cc_kept *other(struct cc_endpoint *endpoint, const struct cc_head *head,
                             const char *path)
{
    const char *name = cc_path_below(path, "/target");

    return name && endpoint->other ? endpoint->other(endpoint, name, cc_endpoint_given(head))
                                   : NULL;
}

static void answer(struct cc_endpoint *endpoint, const struct cc_visit *visit, const char *path)
{
    const struct cc_head *head = visit->head;
    struct cc_kept *kept = other(endpoint, head, path);

    if (!kept && !cc_endpoint_authorized(endpoint, head)) {
        cc_reply_refusal(endpoint, visit->ticket, 401,
                         "the Authorization header does not hold this server's token");
        return;
    }
    if (!cc_text_equal(head->method, "GET")) {
        cc_reply_refusal(endpoint, visit->ticket, 405, "only GET is answered");
        return;
    }
    if (cc_text_equal(path, "/metrics")) {
        cc_metrics_reply(endpoint, visit->ticket);
        return;
    }
    kept = kept ? kept : asked_for(endpoint, path);
    if (!kept) {
        cc_reply_refusal(endpoint, visit->ticket, 404, "no role has that name here");
        return;
    }
    cc_kept_hand_out(kept, visit->ticket);
}

static void visit(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    struct cc_arena mem = {0};

    answer(endpoint, visit, cc_path_plain(&mem, visit->head->path));
    cc_arena_wipe(&mem);
}

const struct cc_manner cc_manner_ecs = {.visit = visit};
