#ifndef WORLD_TRANSFER_H
#define WORLD_TRANSFER_H

/* One exchange with libcurl: its options, and the meaning of its result. */

#include "credctl/base/buf.h"

#include "real.h"

struct cc_transfer {
    struct cc_exchange *exchange;
    const struct cc_request *request; /* the exchange's */
    CURL *easy;
    struct curl_slist *headers;
    struct curl_slist *connect_to;
    struct cc_buf body;
    struct cc_buf head;
    char detail[CURL_ERROR_SIZE];
};

/* Sets every option of `easy`, a fresh or reset one; transfer->exchange is set already. */
CC_MUST_USE bool cc_transfer_board(struct cc_transfer *transfer, CURL *easy, struct cc_error *err);
/* Fills the exchange's response, ok and err. */
void cc_transfer_land(struct cc_transfer *transfer, CURLcode code);
/* Frees what belongs to the exchange, after its last use; not the handle. */
void cc_transfer_free(struct cc_transfer *transfer);

/* A multi handle whose descriptors are not inherited by child processes. */
CURLM *cc_transfer_multi(struct real *real);

#endif
