#include "transfer.h"

#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 65536

/* All ciphers of OpenSSL, with those first whose hash is SHA-256, because processors often support
 * it, and SHA-384 seldom. */
#define TLS13 "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

static size_t on_body(char *bytes, size_t size, size_t count, void *transfer)
{
    struct cc_buf *body = &((struct cc_transfer *)transfer)->body;

    cc_buf_add(body, bytes, size * count);
    return body->too_big ? 0 : size * count;
}

static size_t on_head(char *bytes, size_t size, size_t count, void *transfer)
{
    struct cc_buf *head = &((struct cc_transfer *)transfer)->head;

    if (size * count >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        head->len = 0; /* after 100 Continue or the answer of a proxy the real answer follows */
    }
    cc_buf_add(head, bytes, size * count);
    return head->too_big ? 0 : size * count;
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

static bool add_header(struct cc_transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);

    if (!longer) {
        abort();
    }
    transfer->headers = longer;
    return true;
}

static bool add_headers(struct cc_transfer *transfer, struct cc_arena *mem, struct cc_error *err)
{
    for (const struct cc_header *h = transfer->request->headers; h && h->name; h++) {
        const char *value = h->value ? h->value : cc_secret_reveal(h->secret);

        if (!one_line(value)) {
            cc_fail(err, CC_E_CONFIG, "cannot send the header %s", h->name);
            return cc_why(err, "its value has a line break or another control character");
        }
        add_header(transfer, cc_textf(mem, value[0] ? "%s: %s" : "%s;%s", h->name, value));
    }
    /* curl would wait a second for "100 Continue", and would send its own content type. */
    return add_header(transfer, "Expect:") &&
           (cc_secret_present(transfer->request->body) || add_header(transfer, "Content-Type:"));
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
        /*
         * A folder that does not exist. Without one OpenSSL would add its default folder; and a
         * different name for each bundle prevents that a connection is reused with another bundle.
         */
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
        (void)curl_easy_setopt(easy, CURLOPT_CAPATH, cc_textf(mem, "/dev/null/%s", ca.file));
        (void)curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, ca.file);
    }
    (void)curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, cc_real_trust);
    (void)curl_easy_setopt(easy, CURLOPT_TLS13_CIPHERS, TLS13);
    return true;
}

static void set_body(CURL *easy, const struct cc_request *request)
{
    if (strcmp(request->method, "GET") == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        return;
    }
    /* A PUT without a body must have a length: the token endpoint requires it. */
    const char *body = cc_secret_reveal(request->body);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    (void)curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* A child that is started while the connection is open does not inherit it. */
// NOLINTNEXTLINE(readability-non-const-parameter): the type is curl's
static curl_socket_t open_socket(void *about, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)about;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Not 0: the exchange ends, because its run was stopped. */
static int look_up(void *run, curl_off_t to_get, curl_off_t got, curl_off_t to_send,
                   curl_off_t sent)
{
    (void)to_get;
    (void)got;
    (void)to_send;
    (void)sent;
    return cc_run_stopped(run);
}

static void set_limits(struct cc_transfer *transfer)
{
    const struct cc_request *request = transfer->request;
    CURL *easy = transfer->easy;
    int connect = request->connect_ms > 0 ? request->connect_ms : request->timeout_ms;

    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    (void)curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* it may be part of a signature */
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (transfer->exchange->run->stop) {
        (void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        (void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_up);
        (void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer->exchange->run);
    }
    /* Answers are small; a buffer of this size needs no mapping of its own (base/heap.c). */
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 8192L);
}

bool cc_transfer_board(struct cc_transfer *transfer, CURL *easy, struct cc_error *err)
{
    struct cc_arena *mem = &transfer->exchange->run->mem;
    struct cc_url url;

    transfer->request = &transfer->exchange->request;
    transfer->easy = easy;
    transfer->body = cc_buf_new(mem, transfer->request->max_body);
    transfer->head = cc_buf_new(mem, HEAD_MAX);
    if (!cc_url_parse(mem, transfer->request->url, transfer->request->url, &url, err) ||
        !add_headers(transfer, mem, err)) {
        return false;
    }
    set_limits(transfer);
    choose_proxy(transfer->easy, transfer->request, &url);
    if (url.https && !choose_ca(transfer->easy, mem, transfer->request, err)) {
        return false;
    }
    set_body(transfer->easy, transfer->request);
    if (transfer->request->address) {
        const char *address = transfer->request->address;
        const char *row =
            cc_textf(mem, strchr(address, ':') ? "::[%s]:%d" : "::%s:%d", address, url.port);

        transfer->connect_to = curl_slist_append(NULL, row);
        (void)curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->connect_to);
    }
    (void)curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    (void)curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->request->url);
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

/* On a reused connection only the second of the two is not 0. */
static enum cc_failure failure_of_timeout(CURL *easy)
{
    curl_off_t connected = 0;
    long sent = 0; /* a reused connection has no connect time */

    (void)curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    (void)curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    return connected > 0 || sent > 0 ? CC_NET_SILENT : CC_NET_CONNECT_TIMEOUT;
}

/*
 * curl has one code for a peer that refuses TLS and for one that disconnects during the handshake.
 * Only the second can pass by itself: a broken connection, or an end of file in place of a message.
 */
static enum cc_failure failure_of_handshake(const struct cc_transfer *transfer)
{
    static const char *const gone[] = {"SSL_ERROR_SYSCALL", "unexpected eof", "reset by peer",
                                       "Broken pipe"};
    long number = 0;

    (void)curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
    if (number == ECONNRESET || number == EPIPE) {
        return CC_NET_TLS_CUT;
    }
    for (size_t i = 0; i < CC_COUNT(gone); i++) {
        if (strstr(transfer->detail, gone[i])) {
            return CC_NET_TLS_CUT;
        }
    }
    return CC_NET_TLS;
}

static enum cc_failure failure_of(const struct cc_transfer *transfer, CURLcode code)
{
    switch (code) {
    case CURLE_OK: return CC_NET_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return CC_NET_NAME;
    case CURLE_COULDNT_CONNECT: return failure_of_connect(transfer->easy);
    case CURLE_OPERATION_TIMEDOUT: return failure_of_timeout(transfer->easy);
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE: return CC_NET_CUT;
    case CURLE_SSL_CONNECT_ERROR: return failure_of_handshake(transfer);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER: return CC_NET_TLS;
    case CURLE_ABORTED_BY_CALLBACK: return CC_NET_STOPPED;
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
    case CURLE_OUT_OF_MEMORY: return CC_NET_TOO_BIG; /* a header line of more than 100 KiB */
    case CURLE_WRITE_ERROR:
        return transfer->body.too_big || transfer->head.too_big ? CC_NET_TOO_BIG : CC_NET_OTHER;
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
    [CC_NET_TLS_CUT] = {CC_E_UNREACHABLE, "the connection broke during the TLS handshake"},
    [CC_NET_SILENT] = {CC_E_TIMEOUT, "it accepted the connection but did not answer in time"},
    [CC_NET_CUT] = {CC_E_UNREACHABLE, "it closed the connection before the answer was complete"},
    [CC_NET_TOO_BIG] = {CC_E_TOO_BIG, "the answer is larger than any valid one"},
    [CC_NET_STOPPED] = {CC_E_DEADLINE, "the call was cancelled"},
    [CC_NET_OTHER] = {CC_E_BAD_ANSWER, "the answer is not valid HTTP"},
};

void cc_transfer_land(struct cc_transfer *transfer, CURLcode code)
{
    struct cc_exchange *exchange = transfer->exchange;
    struct cc_error *err = &exchange->err;
    curl_off_t took_us = 0;
    long status = 0;

    (void)curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &took_us);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange->response = (struct cc_response){
        .failure = failure_of(transfer, code),
        .status = (int)status,
        .body = transfer->body.text,
        .body_len = transfer->body.len,
        .head = transfer->head.text,
        .took_ms = (int)(took_us / 1000),
    };
    exchange->ok = exchange->response.failure == CC_NET_ANSWERED;
    if (!exchange->ok) {
        cc_fail(err, meaning[exchange->response.failure].code, "no usable answer from %s",
                cc_text_dup(&exchange->run->mem, transfer->request->url,
                            strcspn(transfer->request->url, "?")));
        cc_why(err, transfer->detail[0] ? "%s (%s)" : "%s", meaning[exchange->response.failure].why,
               transfer->detail);
    }
}

void cc_transfer_free(struct cc_transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    curl_slist_free_all(transfer->connect_to);
}
