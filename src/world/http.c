#include "transfer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/crypto.h>

#define LOOK_MS 1000 /* the longest wait between two checks */
#define STOP_MS 100  /* ... of a run that another thread can stop */

static bool prepare_curl(struct real *real)
{
    if (!real->curl_ready) {
        /* No openssl.cnf: it takes a millisecond and can load code from unknown paths. No cipher
         * names, which TLS does not need, and no clean-up at the end, which the kernel does:
         * together they are a third of a request without TLS. */
        (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                                      OPENSSL_INIT_NO_ATEXIT,
                                  NULL);
        real->curl_ready =
            curl_global_init_mem(CURL_GLOBAL_DEFAULT, cc_heap_malloc, cc_heap_free, cc_heap_realloc,
                                 cc_heap_strdup, cc_heap_calloc) == CURLE_OK;
    }
    return real->curl_ready;
}

/*
 * Handles are reused, because connections belong to the multi handle. A thread has one for itself
 * while it pumps. Getting one fails only when memory is exhausted.
 */
static CURLM *take_multi(struct real *real)
{
    CURLM *multi = NULL;

    (void)pthread_mutex_lock(&real->lock);
    if (prepare_curl(real)) {
        multi = real->multi_count > 0 ? real->multis[--real->multi_count] : cc_transfer_multi(real);
    }
    (void)pthread_mutex_unlock(&real->lock);
    if (!multi) {
        abort();
    }
    return multi;
}

static void give_back_multi(struct real *real, CURLM *multi)
{
    (void)pthread_mutex_lock(&real->lock);
    if (real->multi_count < CC_COUNT(real->multis)) {
        real->multis[real->multi_count++] = multi;
        multi = NULL;
    }
    (void)pthread_mutex_unlock(&real->lock);
    if (multi) {
        (void)curl_multi_cleanup(multi);
    }
}

static CURL *take_easy(struct real *real)
{
    CURL *easy = NULL;

    (void)pthread_mutex_lock(&real->lock);
    easy = real->idle_count > 0 ? real->idle[--real->idle_count] : curl_easy_init();
    (void)pthread_mutex_unlock(&real->lock);
    if (!easy) {
        abort();
    }
    return easy;
}

static void give_back_easy(struct real *real, CURL *easy)
{
    curl_easy_reset(easy);
    (void)pthread_mutex_lock(&real->lock);
    if (real->idle_count < CC_COUNT(real->idle)) {
        real->idle[real->idle_count++] = easy;
        easy = NULL;
    }
    (void)pthread_mutex_unlock(&real->lock);
    if (easy) {
        curl_easy_cleanup(easy);
    }
}

void cc_real_http_close(struct real *real)
{
    while (real->idle_count > 0) {
        curl_easy_cleanup(real->idle[--real->idle_count]);
    }
    while (real->multi_count > 0) {
        (void)curl_multi_cleanup(real->multis[--real->multi_count]);
    }
    if (real->curl_ready) {
        curl_global_cleanup();
    }
}

struct flow {
    struct real *real;
    CURLM *multi;
    size_t under_way;
    int look_ms;
    const struct cc_pump *pump;
};

static void launch(struct flow *flow, struct cc_exchange *exchange)
{
    struct cc_transfer *transfer = cc_alloc(&exchange->run->mem, sizeof(*transfer));
    CURL *easy = take_easy(flow->real);

    transfer->exchange = exchange;
    flow->look_ms = exchange->run->stop ? STOP_MS : flow->look_ms;
    if (cc_transfer_board(transfer, easy, &exchange->err)) {
        (void)curl_multi_add_handle(flow->multi, easy);
        flow->under_way++;
        return;
    }
    exchange->ok = false;
    exchange->response.failure = exchange->err.code == CC_E_TLS ? CC_NET_TLS : CC_NET_OTHER;
    give_back_easy(flow->real, easy);
    cc_transfer_free(transfer);
    flow->pump->done(flow->pump->about, exchange);
}

/* The time at which more can be started; CC_PUMP_NEVER: not before one of those under way ends. */
static int64_t launch_all(struct flow *flow)
{
    int64_t at = CC_PUMP_NEVER;

    for (struct cc_exchange *next = flow->pump->next(flow->pump->about, &at); next;
         next = flow->pump->next(flow->pump->about, &at)) {
        launch(flow, next);
        at = CC_PUMP_NEVER;
    }
    return at;
}

static void finish(struct flow *flow, struct cc_transfer *transfer, CURLcode code)
{
    struct cc_exchange *exchange = transfer->exchange;

    cc_transfer_land(transfer, code);
    (void)curl_multi_remove_handle(flow->multi, transfer->easy);
    give_back_easy(flow->real, transfer->easy);
    cc_transfer_free(transfer);
    flow->under_way--;
    flow->pump->done(flow->pump->about, exchange); /* the memory of its arena can be gone now */
}

static size_t collect(struct flow *flow)
{
    size_t ended = 0;
    int left = 0;

    for (CURLMsg *said = curl_multi_info_read(flow->multi, &left); said;
         said = curl_multi_info_read(flow->multi, &left)) {
        struct cc_transfer *transfer = NULL;

        if (said->msg == CURLMSG_DONE &&
            curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &transfer) == CURLE_OK) {
            finish(flow, transfer, said->data.result);
            ended++;
        }
    }
    return ended;
}

static int wait_until(const struct flow *flow, int64_t at)
{
    int64_t left = at == CC_PUMP_NEVER ? flow->look_ms : at - cc_real_ticks_ms(NULL);

    if (left < 0) {
        return 0;
    }
    return left < flow->look_ms ? (int)left : flow->look_ms;
}

void cc_real_http(void *self, const struct cc_pump *pump)
{
    struct flow flow = {.real = self, .multi = take_multi(self), .look_ms = LOOK_MS, .pump = pump};
    int running = 0;

    for (;;) {
        int64_t at = launch_all(&flow);

        if (flow.under_way == 0 && at == CC_PUMP_NEVER) {
            break;
        }
        (void)curl_multi_perform(flow.multi, &running);
        if (collect(&flow) == 0) {
            (void)curl_multi_poll(flow.multi, NULL, 0, wait_until(&flow, at), NULL);
        }
    }
    give_back_multi(flow.real, flow.multi);
}
