#ifndef CREDCTL_AWS_SIGV4_H
#define CREDCTL_AWS_SIGV4_H

/*
 * Signature Version 4 (IAM User Guide, "AWS Signature Version 4 for API requests"): request, keys
 * and time in, signature out; no effects. The canonical request contains the session token and is
 * never logged.
 */

#include "credctl/aws/keys.h"

struct cc_sign_header {
    const char *name;
    const char *value;
};

struct cc_sign {
    const char *method;
    const char *path;                     /* as it is sent, without the query */
    const char *query;                    /* as it is sent, without '?'; or NULL */
    const struct cc_sign_header *headers; /* including host; ends with a row without a name */
    const char *body;
    size_t body_len;
    const char *region;
    const char *service;
    int64_t at; /* Unix seconds */
    const struct cc_keys *keys;
    bool presign;          /* into the query instead of headers */
    int expires;           /* seconds; for presign */
    bool normalize;        /* the path: dot segments and double slashes (not for S3) */
    bool encode_twice;     /* the path (not for S3) */
    bool hash_body;        /* else the hash of the empty payload */
    bool add_content_hash; /* header x-amz-content-sha256 */
    bool unsigned_payload; /* UNSIGNED-PAYLOAD instead of a hash */
    bool token_after;      /* the session token is added, but not signed */
};

struct cc_signed {
    const char *canonical;          /* secret: for tests only */
    const char *string_to_sign;     /* for tests only */
    const char *signature;          /* hex */
    const char *signed_headers;     /* a;b;c */
    const char *date;               /* X-Amz-Date */
    const char *content_hash;       /* hex, or UNSIGNED-PAYLOAD */
    struct cc_secret authorization; /* header value; absent for presign */
    struct cc_secret query;         /* the complete query, including the signature; for presign */
};

CC_MUST_USE bool cc_sigv4(struct cc_arena *mem, const struct cc_sign *sign, struct cc_signed *out,
                          struct cc_error *err);

#endif
