#include "credctl/base/text.h"
#include "credctl/serve/endpoint.h"

#include <string.h>

/*
 * The shape of the ECS agent (SDK Reference Guide, "Container credential provider"): GET with the
 * token in Authorization.
 */

static struct cc_kept *asked_for(struct cc_endpoint *endpoint, const char *path)
{
    static const char prefix[] = "/role/";

    if (cc_text_equal(path, "/")) {
        return cc_endpoint_kept(endpoint, NULL);
    }
    return cc_text_starts(path, prefix) ? cc_endpoint_kept(endpoint, path + strlen(prefix)) : NULL;
}

void cc_ecs_visit(struct cc_endpoint *endpoint, const struct cc_visit *visit)
{
    const struct cc_head *head = visit->head;

    if (!cc_endpoint_authorized(endpoint, head)) {
        cc_endpoint_refuse(endpoint, visit->ticket, 401,
                           "the Authorization header does not hold this server's token");
        return;
    }
    if (!cc_text_equal(head->method, "GET")) {
        cc_endpoint_refuse(endpoint, visit->ticket, 405, "only GET is answered");
        return;
    }
    if (cc_text_equal(head->path, "/metrics")) {
        cc_metrics_reply(endpoint, visit->ticket);
        return;
    }
    struct cc_kept *kept = asked_for(endpoint, head->path);
    if (!kept) {
        cc_endpoint_refuse(endpoint, visit->ticket, 404, "no role has that name here");
        return;
    }
    cc_endpoint_hand_out(endpoint, kept, visit->ticket);
}
