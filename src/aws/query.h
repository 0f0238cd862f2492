#ifndef AWS_QUERY_H
#define AWS_QUERY_H

/* The request body of the query protocol: a form. */

#include "credctl/base/buf.h"
#include "credctl/world/http.h"

extern const struct cc_header cc_query_headers[];

/* Policies and tags of the APIs are much smaller than its limit of 128 KiB. */
struct cc_buf cc_query_begin(struct cc_arena *mem, const char *action, const char *version);
/* Also an empty value. */
void cc_query_add(struct cc_buf *form, const char *name, const char *value);

#endif
