#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "real.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <openssl/crypto.h>

#define HEAD_MAX 65536

/* One exchange under way. */
struct flight {
    struct cc_exchange *exchange; /* when it is one of many */
    const struct cc_request *request;
    CURL *easy;
    struct curl_slist *headers;
    struct curl_slist *connect_to;
    struct cc_buf body;
    struct cc_buf head;
    char detail[CURL_ERROR_SIZE];
};

static size_t on_body(char *bytes, size_t size, size_t count, void *flight)
{
    struct cc_buf *body = &((struct flight *)flight)->body;

    cc_buf_add(body, bytes, size * count);
    return body->too_big ? 0 : size * count;
}

static size_t on_head(char *bytes, size_t size, size_t count, void *flight)
{
    struct cc_buf *head = &((struct flight *)flight)->head;

    if (size * count >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        head->len = 0; /* after a 100 Continue or a proxy's answer the real one follows */
    }
    cc_buf_add(head, bytes, size * count);
    return head->too_big ? 0 : size * count;
}

static bool prepare_curl(struct real *real)
{
    if (!real->curl_ready) {
        /* No openssl.cnf: it costs a millisecond and may load code from paths we do not know. No
         * list of ciphers by name, which TLS does not look at, and no taking down of it all at the
         * end, which the kernel does: together a third of a request that is not TLS. */
        (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                                      OPENSSL_INIT_NO_ATEXIT,
                                  NULL);
        real->curl_ready =
            curl_global_init_mem(CURL_GLOBAL_DEFAULT, cc_heap_malloc, cc_heap_free, cc_heap_realloc,
                                 cc_heap_strdup, cc_heap_calloc) == CURLE_OK;
    }
    return real->curl_ready;
}

static CURL *take(struct real *real)
{
    CURL *easy = NULL;

    (void)pthread_mutex_lock(&real->lock);
    if (prepare_curl(real)) {
        easy = real->idle_count > 0 ? real->idle[--real->idle_count] : curl_easy_init();
    }
    (void)pthread_mutex_unlock(&real->lock);
    return easy;
}

static void give_back(struct real *real, CURL *easy)
{
    curl_easy_reset(easy); /* keeps its connections */
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
    if (real->curl_ready) {
        curl_global_cleanup();
    }
}

static bool one_line(const char *text)
{
    for (; *text; text++) {
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool add_header(struct flight *flight, const char *line)
{
    struct curl_slist *longer = curl_slist_append(flight->headers, line);

    if (!longer) {
        abort();
    }
    flight->headers = longer;
    return true;
}

static bool add_headers(struct flight *flight, struct cc_arena *mem, struct cc_error *err)
{
    for (const struct cc_header *h = flight->request->headers; h && h->name; h++) {
        const char *value = h->value ? h->value : cc_secret_reveal(h->secret);

        if (!one_line(value)) {
            cc_fail(err, CC_E_CONFIG, "cannot send the header %s", h->name);
            return cc_why(err, "its value has a line break or another control character");
        }
        add_header(flight, cc_textf(mem, value[0] ? "%s: %s" : "%s;%s", h->name, value));
    }
    /* curl would wait a second for "100 Continue", and would name a content type of its own. */
    return add_header(flight, "Expect:") &&
           (cc_secret_present(flight->request->body) || add_header(flight, "Content-Type:"));
}

static bool is_beside_us(const struct cc_url *url)
{
    return strcmp(url->host, "localhost") == 0 || strcmp(url->host, "::1") == 0 ||
           (url->ipv4 &&
            (strncmp(url->host, "127.", 4) == 0 || strncmp(url->host, "169.254.", 8) == 0));
}

static const char *variable(const char *upper, const char *lower)
{
    const char *value = getenv(lower); // NOLINT(concurrency-mt-unsafe): nobody sets variables

    value = value && value[0] ? value : getenv(upper); // NOLINT(concurrency-mt-unsafe)
    return value && value[0] ? value : NULL;
}

/* Metadata, agents and loopback never go through a proxy, whatever the variables say. */
static void choose_proxy(CURL *easy, const struct cc_request *request, const struct cc_url *url)
{
    const char *proxy = NULL;

    if (request->distance == CC_FAR && !is_beside_us(url)) {
        proxy = url->https ? variable("HTTPS_PROXY", "https_proxy")
                           : variable("HTTP_PROXY", "http_proxy");
        proxy = proxy ? proxy : variable("ALL_PROXY", "all_proxy");
    }
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy : "");
    (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, proxy ? variable("NO_PROXY", "no_proxy") : "*");
}

static bool choose_ca(CURL *easy, struct cc_arena *mem, const struct cc_request *request,
                      struct cc_error *err)
{
    struct cc_ca ca = cc_real_ca(request->ca);

    if (ca.file && access(ca.file, R_OK) != 0) {
        cc_fail(err, CC_E_TLS, "cannot read the CA bundle %s", ca.file);
        return cc_why(err, "%s", strerror(errno)); // NOLINT(concurrency-mt-unsafe): constants
    }
    (void)curl_easy_setopt(easy, CURLOPT_CAINFO, ca.file);
    (void)curl_easy_setopt(easy, CURLOPT_CAPATH, ca.folder);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, ca.file);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, ca.folder);
    if (ca.file && !ca.folder) {
        /* A folder that cannot be there: without one OpenSSL would add what it was built with, and
         * its name keeps a connection from being used again under another bundle. */
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
        (void)curl_easy_setopt(easy, CURLOPT_CAPATH, cc_textf(mem, "/dev/null/%s", ca.file));
        (void)curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, cc_real_trust);
        (void)curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, ca.file);
    }
    return true;
}

static void set_body(CURL *easy, const struct cc_request *request)
{
    if (strcmp(request->method, "GET") == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        return;
    }
    /* A PUT without a body must still say so: the token endpoint insists on a length. */
    const char *body = cc_secret_reveal(request->body);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    (void)curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* What an exchange that begins now may take: one of many may have waited for its turn. */
static int time_for(const struct cc_request *request)
{
    if (request->deadline_ms == 0) {
        return request->timeout_ms;
    }
    int64_t left = request->deadline_ms - cc_real_ticks_ms(NULL);
    return left < request->timeout_ms ? (int)left : request->timeout_ms;
}

static void set_limits(struct flight *flight, int timeout)
{
    const struct cc_request *request = flight->request;
    CURL *easy = flight->easy;
    int connect = request->connect_ms > 0 ? request->connect_ms : timeout;

    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    (void)curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* it may be signed as it is */
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, flight->detail);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, flight);
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, flight);
}

static bool board(struct flight *flight, struct cc_arena *mem, struct cc_error *err)
{
    struct cc_url url;
    int timeout = time_for(flight->request);

    if (timeout <= 0) { /* none at all, to curl */
        cc_fail(err, CC_E_DEADLINE, "%s was not asked", flight->request->url);
        return cc_why(err, "its time was over before it began");
    }
    flight->body = cc_buf_new(mem, flight->request->max_body);
    flight->head = cc_buf_new(mem, HEAD_MAX);
    if (!cc_url_parse(mem, flight->request->url, flight->request->url, &url, err) ||
        !add_headers(flight, mem, err)) {
        return false;
    }
    set_limits(flight, timeout);
    choose_proxy(flight->easy, flight->request, &url);
    if (url.https && !choose_ca(flight->easy, mem, flight->request, err)) {
        return false;
    }
    set_body(flight->easy, flight->request);
    if (flight->request->address) {
        const char *address = flight->request->address;
        const char *row =
            cc_textf(mem, strchr(address, ':') ? "::[%s]:%d" : "::%s:%d", address, url.port);

        flight->connect_to = curl_slist_append(NULL, row);
        (void)curl_easy_setopt(flight->easy, CURLOPT_CONNECT_TO, flight->connect_to);
    }
    (void)curl_easy_setopt(flight->easy, CURLOPT_HTTPHEADER, flight->headers);
    (void)curl_easy_setopt(flight->easy, CURLOPT_URL, flight->request->url);
    return true;
}

static enum cc_failure failure_of_connect(CURL *easy)
{
    long number = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    if (number == ECONNREFUSED) {
        return CC_NET_REFUSED;
    }
    return number == ETIMEDOUT ? CC_NET_CONNECT_TIMEOUT : CC_NET_NO_ROUTE;
}

/* On a connection that is used again only the second of the two is not 0. */
static enum cc_failure failure_of_timeout(CURL *easy)
{
    curl_off_t connected = 0;
    long sent = 0; /* over a connection that was kept, there is no time of connecting */

    (void)curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    (void)curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    return connected > 0 || sent > 0 ? CC_NET_SILENT : CC_NET_CONNECT_TIMEOUT;
}

static enum cc_failure failure_of(const struct flight *flight, CURLcode code)
{
    switch (code) {
    case CURLE_OK: return CC_NET_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return CC_NET_NAME;
    case CURLE_COULDNT_CONNECT: return failure_of_connect(flight->easy);
    case CURLE_OPERATION_TIMEDOUT: return failure_of_timeout(flight->easy);
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE: return CC_NET_CUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER: return CC_NET_TLS;
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
    case CURLE_OUT_OF_MEMORY: return CC_NET_TOO_BIG; /* a header line of more than 100 KiB */
    case CURLE_WRITE_ERROR:
        return flight->body.too_big || flight->head.too_big ? CC_NET_TOO_BIG : CC_NET_OTHER;
    default: return CC_NET_OTHER;
    }
}

static const struct {
    enum cc_code code;
    const char *why;
} meaning[] = {
    [CC_NET_NO_ROUTE] = {CC_E_UNREACHABLE, "no route leads there"},
    [CC_NET_REFUSED] = {CC_E_UNREACHABLE, "the connection was refused"},
    [CC_NET_CONNECT_TIMEOUT] = {CC_E_TIMEOUT, "nothing answered the connection attempt"},
    [CC_NET_NAME] = {CC_E_DNS, "the name does not resolve"},
    [CC_NET_TLS] = {CC_E_TLS, "TLS failed"},
    [CC_NET_SILENT] = {CC_E_TIMEOUT, "it took the connection and did not answer in time"},
    [CC_NET_CUT] = {CC_E_UNREACHABLE, "it closed the connection before the answer was whole"},
    [CC_NET_TOO_BIG] = {CC_E_TOO_BIG, "the answer is larger than any right one"},
    [CC_NET_OTHER] = {CC_E_BAD_ANSWER, "the answer is not HTTP as we speak it"},
};

static bool land(struct flight *flight, CURLcode code, struct cc_arena *mem,
                 struct cc_response *response, struct cc_error *err)
{
    curl_off_t took_us = 0;
    long status = 0;

    (void)curl_easy_getinfo(flight->easy, CURLINFO_TOTAL_TIME_T, &took_us);
    (void)curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &status);
    *response = (struct cc_response){
        .failure = failure_of(flight, code),
        .status = (int)status,
        .body = flight->body.text,
        .body_len = flight->body.len,
        .head = flight->head.text,
        .took_ms = (int)(took_us / 1000),
    };
    if (response->failure == CC_NET_ANSWERED) {
        return true;
    }
    cc_fail(err, meaning[response->failure].code, "no usable answer from %s",
            cc_text_dup(mem, flight->request->url, strcspn(flight->request->url, "?")));
    return cc_why(err, flight->detail[0] ? "%s (%s)" : "%s", meaning[response->failure].why,
                  flight->detail);
}

static void leave(struct real *real, struct flight *flight)
{
    give_back(real, flight->easy);
    curl_slist_free_all(flight->headers);
    curl_slist_free_all(flight->connect_to);
}

static bool no_curl(struct cc_error *err)
{
    cc_fail(err, CC_E_INTERNAL, "the HTTP library could not be started");
    return cc_why(err, "libcurl refused to initialise");
}

bool cc_real_http(void *self, struct cc_arena *mem, const struct cc_request *request,
                  struct cc_response *response, struct cc_error *err)
{
    struct real *real = self;
    struct flight flight = {.request = request, .easy = take(real)};

    if (!flight.easy) {
        return no_curl(err);
    }
    bool boarded = board(&flight, mem, err);
    bool ok = boarded && land(&flight, curl_easy_perform(flight.easy), mem, response, err);
    if (!boarded) {
        response->failure = err->code == CC_E_TLS ? CC_NET_TLS : CC_NET_OTHER;
    }
    leave(real, &flight);
    return ok;
}

/* The state of a fan-out: which exchange is next, and who wants to know of each end. */
struct swarm {
    struct real *real;
    struct cc_arena *mem;
    CURLM *multi;
    struct cc_exchange *exchanges;
    size_t count;
    size_t next;
    size_t flying;
    const struct cc_watch *watch;
};

static void tell(const struct swarm *swarm, struct cc_exchange *exchange)
{
    if (swarm->watch && swarm->watch->done) {
        swarm->watch->done(swarm->watch->about, exchange);
    }
}

static void finish(struct swarm *swarm, struct flight *flight, CURLcode code)
{
    struct cc_exchange *exchange = flight->exchange;

    exchange->ok = land(flight, code, swarm->mem, &exchange->response, &exchange->err);
    (void)curl_multi_remove_handle(swarm->multi, flight->easy);
    leave(swarm->real, flight);
    swarm->flying--;
    tell(swarm, exchange);
}

static void launch(struct swarm *swarm)
{
    struct cc_exchange *exchange = &swarm->exchanges[swarm->next++];
    struct flight *flight = cc_alloc(swarm->mem, sizeof(*flight));

    *flight = (struct flight){
        .exchange = exchange, .request = &exchange->request, .easy = take(swarm->real)};
    if (!flight->easy || !board(flight, swarm->mem, &exchange->err)) {
        exchange->ok = false;
        exchange->response.failure = CC_NET_OTHER;
        if (flight->easy) {
            leave(swarm->real, flight);
        } else {
            no_curl(&exchange->err);
        }
        tell(swarm, exchange);
        return;
    }
    (void)curl_multi_add_handle(swarm->multi, flight->easy);
    swarm->flying++;
}

static void collect(struct swarm *swarm)
{
    int left = 0;

    for (CURLMsg *said = curl_multi_info_read(swarm->multi, &left); said;
         said = curl_multi_info_read(swarm->multi, &left)) {
        struct flight *flight = NULL;

        if (said->msg == CURLMSG_DONE &&
            curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &flight) == CURLE_OK) {
            finish(swarm, flight, said->data.result);
        }
    }
}

void cc_real_http_many(void *self, struct cc_arena *mem, struct cc_exchange *exchanges,
                       size_t count, size_t parallel, const struct cc_watch *watch)
{
    struct swarm swarm = {
        .real = self, .mem = mem, .exchanges = exchanges, .count = count, .watch = watch};
    int running = 0;

    (void)pthread_mutex_lock(&swarm.real->lock);
    bool ready = prepare_curl(swarm.real);
    (void)pthread_mutex_unlock(&swarm.real->lock);
    swarm.multi = ready ? curl_multi_init() : NULL;
    if (!swarm.multi) {
        abort();
    }
    while (swarm.next < count || swarm.flying > 0) {
        while (swarm.next < count && swarm.flying < (parallel > 0 ? parallel : 1)) {
            launch(&swarm);
        }
        (void)curl_multi_perform(swarm.multi, &running);
        collect(&swarm);
        if (swarm.flying > 0) {
            (void)curl_multi_poll(swarm.multi, NULL, 0, 1000, NULL);
        }
    }
    (void)curl_multi_cleanup(swarm.multi);
}
