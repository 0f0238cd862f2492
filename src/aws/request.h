#ifndef AWS_REQUEST_H
#define AWS_REQUEST_H

/* The request for one page of an ask, as its protocol writes it. */

#include "credctl/aws/operation.h"

struct cc_ask_request {
    const char *method;
    const char *path; /* with its query */
    const struct cc_header *headers;
    const char *body;   /* NULL: none */
    const char *bucket; /* what is to be in the host, because it is not in the path (a bucket, or an
                           account); or NULL */
};

/*
 * `paging` are further parameters. With `bucket_in_host`, a bucket whose name is one label of a
 * host name is left out of the path.
 */
CC_MUST_USE bool cc_ask_request(struct cc_arena *mem, const struct cc_ask *ask,
                                const struct cc_param *paging, bool bucket_in_host,
                                struct cc_ask_request *to, struct cc_error *err);

#endif
