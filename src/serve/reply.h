#ifndef SERVE_REPLY_H
#define SERVE_REPLY_H

#include "credctl/serve/endpoint.h"

/* Answers of an endpoint, counted by their status. */

void cc_reply_with(struct cc_endpoint *endpoint, struct cc_ticket ticket,
                   const struct cc_reply *reply);
void cc_reply_plain(struct cc_endpoint *endpoint, struct cc_ticket ticket, const char *type,
                    const char *body);
/* Frees the document. */
void cc_reply_json(struct cc_endpoint *endpoint, struct cc_ticket ticket, cJSON *doc);
/* {"code", "message"}, as from the ECS agent. */
void cc_reply_refusal(struct cc_endpoint *endpoint, struct cc_ticket ticket, int status,
                      const char *message);

#endif
