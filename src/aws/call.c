#include "credctl/aws/call.h"

#include "credctl/aws/hide.h"
#include "credctl/aws/retry.h"
#include "credctl/aws/sigv4.h"
#include "credctl/aws/trouble.h"
#include "credctl/base/text.h"
#include "credctl/base/time.h"
#include "credctl/base/url.h"

#include "answer.h"

#include <string.h>
#include <strings.h>

#define CONNECT_MS   5000
#define EXCHANGE_MS  20000
#define BODY_MAX     ((size_t)256 << 10)
#define ATTEMPTS     3
#define SKEW_SECONDS 240 /* AWS accepts five minutes */
#define OWN_HEADERS  6

/* A call that is being made. */
struct flight {
    struct cc_errand errand;
    struct cc_run *run;
    const struct cc_settings *settings;
    const struct cc_call *call;
    const char *origin; /* NULL: not searched yet */
    const char *host;   /* as the Host header has it */
    const char *path;
    const char *query; /* or NULL */
    struct cc_answer *answer;
    struct cc_retries retries;
    int64_t skew;   /* the skew of the last request */
    bool corrected; /* it was repeated because of the clock */
};

static bool refuse_endpoint(const char *source, const char *why, const char *fix,
                            struct cc_error *err)
{
    cc_fail(err, CC_E_CONFIG, "%s cannot be used", source);
    cc_why(err, "%s", why);
    return cc_fix(err, "%s", fix);
}

bool cc_call_configured(struct cc_run *run, const struct cc_settings *settings,
                        const struct cc_section *section, const char *id, struct cc_url *url,
                        struct cc_error *err)
{
    const char *place = cc_settings_endpoint_place(run, settings, section, id);
    const char *source = cc_textf(&run->mem, "the endpoint of %s (%s)", id, place);

    if (!cc_url_parse(&run->mem, cc_settings_endpoint(run, settings, section, id), source, url,
                      err)) {
        return cc_fix(err, "write a URL such as https://HOST:PORT in %s, or remove it", place);
    }
    if (settings->fips) {
        return refuse_endpoint(source, "a custom endpoint cannot be combined with FIPS endpoints",
                               "unset AWS_USE_FIPS_ENDPOINT (use_fips_endpoint), or remove the "
                               "endpoint",
                               err);
    }
    if (settings->dualstack) {
        return refuse_endpoint(
            source, "a custom endpoint cannot be combined with dual-stack endpoints",
            "unset AWS_USE_DUALSTACK_ENDPOINT (use_dualstack_endpoint), or remove the endpoint",
            err);
    }
    if (url->query) {
        return refuse_endpoint(source, "its URL has a query", "remove the '?' and what follows it",
                               err);
    }
    return true;
}

/* Joined as in botocore: the root path of a call is the path of the endpoint. */
static const char *joined_path(struct cc_arena *mem, const char *prefix, const char *path)
{
    size_t len = strlen(prefix);

    if (strcmp(path, "/") == 0) {
        return prefix;
    }
    len -= len > 0 && prefix[len - 1] == '/';
    return cc_textf(mem, "%.*s%s", (int)len, prefix, path);
}

/* The configured endpoint, else that of AWS. */
static bool find_url(const struct flight *flight, struct cc_url *url, struct cc_error *err)
{
    struct cc_run *run = flight->run;
    const struct cc_call *call = flight->call;

    if (cc_settings_endpoint(run, flight->settings, call->section, call->id)) {
        return cc_call_configured(run, flight->settings, call->section, call->id, url, err);
    }
    return cc_url_parse(&run->mem, call->endpoint,
                        cc_textf(&run->mem, "the endpoint of %s", call->id), url, err);
}

static bool find_target(struct flight *flight, struct cc_error *err)
{
    struct cc_arena *mem = &flight->run->mem;
    const struct cc_call *call = flight->call;
    size_t path = strcspn(call->path, "?");
    struct cc_url url;

    if (!find_url(flight, &url, err)) {
        return false;
    }
    if (!url.https) {
        cc_log(flight->run, CC_INFO, "endpoint.clear", CC_S("id", call->id),
               CC_S("url", url.origin));
    }
    flight->origin = url.origin;
    flight->host = cc_textf(mem, url.ipv6 ? "[%s]" : "%s", url.host);
    if (url.port != (url.https ? 443 : 80)) {
        flight->host = cc_textf(mem, "%s:%d", flight->host, url.port);
    }
    flight->path = joined_path(mem, url.path, cc_text_dup(mem, call->path, path));
    flight->query = call->path[path] ? call->path + path + 1 : NULL;
    return true;
}

static size_t header_count(const struct cc_header *headers)
{
    size_t count = 0;

    while (headers && headers[count].name) {
        count++;
    }
    return count;
}

/* Headers that decide the meaning of the request are signed; headers that proxies may change are
 * not. */
static const struct cc_sign_header *headers_to_sign(const struct flight *flight)
{
    const struct cc_call *call = flight->call;
    struct cc_sign_header *rows =
        cc_alloc(&flight->run->mem, (header_count(call->headers) + 2) * sizeof(*rows));
    size_t count = 0;

    rows[count++] = (struct cc_sign_header){"host", flight->host};
    for (const struct cc_header *h = call->headers; h && h->name; h++) {
        if (h->value &&
            (strcasecmp(h->name, "content-type") == 0 || strncasecmp(h->name, "x-amz-", 6) == 0)) {
            rows[count++] = (struct cc_sign_header){h->name, h->value};
        }
    }
    return rows;
}

static bool sign(const struct flight *flight, struct cc_header *rows, size_t *count,
                 struct cc_error *err)
{
    const struct cc_call *call = flight->call;
    const char *body = cc_secret_reveal(call->body);
    const struct cc_sign request = {
        .method = call->method,
        .path = flight->path,
        .query = flight->query,
        .headers = headers_to_sign(flight),
        .body = body,
        .body_len = strlen(body),
        .region = call->region,
        .service = call->service,
        .at = cc_now_aws(flight->run),
        .keys = call->signer,
        .normalize = !call->path_as_is,
        .encode_twice = !call->path_as_is,
        .hash_body = true,
        .add_content_hash = call->path_as_is,
    };
    struct cc_signed made;

    if (!cc_sigv4(&flight->run->mem, &request, &made, err)) {
        return false;
    }
    rows[(*count)++] = (struct cc_header){.name = "X-Amz-Date", .value = made.date};
    if (call->path_as_is) {
        rows[(*count)++] =
            (struct cc_header){.name = "X-Amz-Content-Sha256", .value = made.content_hash};
    }
    if (cc_secret_present(call->signer->session_token)) {
        rows[(*count)++] = (struct cc_header){.name = "X-Amz-Security-Token",
                                              .secret = call->signer->session_token};
    }
    rows[(*count)++] = (struct cc_header){.name = "Authorization", .secret = made.authorization};
    return true;
}

static bool make_headers(const struct flight *flight, const char *url,
                         const struct cc_header **headers, struct cc_error *err)
{
    const struct cc_call *call = flight->call;
    size_t count = header_count(call->headers);
    struct cc_header *rows = cc_alloc(&flight->run->mem, (count + OWN_HEADERS) * sizeof(*rows));

    for (size_t i = 0; i < count; i++) {
        rows[i] = call->headers[i];
    }
    *headers = rows;
    if (call->signer && !sign(flight, rows, &count, err)) {
        return false;
    }
    return !call->prove || call->prove(flight->run, call, url, &rows[count], err);
}

static bool prepare(struct cc_errand *errand, struct cc_request *request, struct cc_error *err)
{
    struct flight *flight = errand->about;
    const struct cc_call *call = flight->call;

    if (flight->settings->attempts_broken) {
        *err = *flight->settings->attempts_broken;
        return false;
    }
    if (!flight->origin && (!cc_settings_call_whole(flight->run, flight->settings,
                                                    flight->call->section, flight->call->id, err) ||
                            !find_target(flight, err))) {
        return false;
    }
    const char *url = cc_textf(&flight->run->mem, "%s%s%s%s", flight->origin, flight->path,
                               flight->query ? "?" : "", flight->query ? flight->query : "");
    *request = (struct cc_request){
        .method = call->method,
        .url = url,
        .body = call->body,
        .distance = CC_FAR,
        .connect_ms = CONNECT_MS,
        .timeout_ms = EXCHANGE_MS,
        .max_body = call->max_body > 0 ? call->max_body : BODY_MAX,
    };
    flight->skew = cc_run_whole(flight->run)->skew;
    return make_headers(flight, url, &request->headers, err);
}

const char *cc_call_safe(struct cc_arena *mem, const struct cc_call *call, const char *text)
{
    const size_t most = header_count(call->headers) + call->hide_count + 2;
    struct cc_secret *secrets = cc_alloc(mem, most * sizeof(*secrets));
    size_t count = 0;

    for (const struct cc_header *h = call->headers; h && h->name; h++) {
        secrets[count++] = h->secret;
    }
    for (size_t i = 0; i < call->hide_count; i++) {
        secrets[count++] = call->hide[i];
    }
    if (call->signer) {
        secrets[count++] = call->signer->secret_key;
        secrets[count++] = call->signer->session_token;
    }
    return cc_hide(mem, text, secrets, count);
}

/* When the service repeats what it was sent, secrets are not shown. */
static void hide_secrets(const struct flight *flight)
{
    struct cc_arena *mem = &flight->run->mem;
    const struct cc_call *call = flight->call;
    struct cc_answer *answer = flight->answer;

    answer->error_message = cc_call_safe(mem, call, answer->error_message);
    answer->request_id = cc_call_safe(mem, call, answer->request_id);
    if (cc_call_safe(mem, call, answer->error_code) != answer->error_code) {
        answer->error_code = NULL; /* it is not an error code */
    }
}

static enum cc_code code_of(const struct cc_answer *answer, const struct cc_trouble *trouble)
{
    if (trouble) {
        return trouble->code;
    }
    if (answer->status == 401 || answer->status == 403) {
        return CC_E_DENIED;
    }
    if (answer->status == 429) {
        return CC_E_THROTTLED;
    }
    return answer->error_code || answer->status >= 500 ? CC_E_AWS : CC_E_BAD_ANSWER;
}

static void choose_fix(const struct cc_answer *answer, enum cc_code code,
                       const struct cc_trouble *trouble, struct cc_error *err)
{
    const char *denied = code == CC_E_DENIED ? cc_trouble_denied(answer->error_message) : NULL;

    if (denied) {
        cc_fix(err, "%s", denied);
    } else if (trouble && trouble->fix) {
        cc_fix(err, "%s", trouble->fix);
    } else if (answer->status >= 500) {
        cc_fix(err, "run it again in a few minutes: the service, or a gateway in front of it, "
                    "failed");
    } else if (!answer->error_code) {
        cc_fix(err, "check the endpoint, and any proxy on the way: AWS does not answer like this");
    }
}

static void explain(const struct flight *flight, struct cc_error *err)
{
    struct cc_arena *mem = &flight->run->mem;
    const struct cc_answer *answer = flight->answer;
    const struct cc_trouble *trouble = cc_trouble_of(answer->error_code);
    enum cc_code code = code_of(answer, trouble);

    cc_fail(err, code, "%s refused %s", flight->call->id, flight->call->operation);
    const char *tries =
        answer->attempts > 1 ? cc_textf(mem, ", %d attempts", answer->attempts) : "";
    const char *request =
        answer->request_id ? cc_textf(mem, ", request %s", answer->request_id) : "";
    cc_why(err, "%s%s%s (HTTP %d%s%s)", answer->error_code ? answer->error_code : "no error code",
           answer->error_message ? ": " : "", answer->error_message ? answer->error_message : "",
           answer->status, tries, request);
    choose_fix(answer, code, trouble, err);
}

/* Reads the result of the exchange into answer and err. True for a 2xx. */
static bool read_answer(struct flight *flight, struct cc_error *err)
{
    const struct cc_exchange *exchange = &flight->errand.exchange;
    struct cc_answer *answer = flight->answer;

    *answer = (struct cc_answer){.attempts = answer->attempts + 1, .skew = flight->skew};
    if (!exchange->ok) {
        *err = exchange->err;
        return false;
    }
    answer->status = exchange->response.status;
    answer->body = exchange->response.body;
    answer->body_len = exchange->response.body_len;
    if (answer->status >= 200 && answer->status < 300) {
        return true;
    }
    cc_answer_read(&flight->run->mem, &exchange->response, answer);
    hide_secrets(flight);
    cc_log(flight->run, CC_DEBUG, "aws.error", CC_S("id", flight->call->id),
           CC_S("operation", flight->call->operation), CC_N("status", answer->status),
           CC_S("code", answer->error_code));
    explain(flight, err);
    return false;
}

static const char *const skew_codes[] = {
    "InvalidSignature",   "InvalidSignatureException", "RequestExpired",
    "RequestInTheFuture", "RequestTimeTooSkewed",      "SignatureDoesNotMatch",
};

static bool may_be_skew(const struct flight *flight)
{
    const struct cc_answer *answer = flight->answer;

    if (flight->call
            ->prove) { /* services have different error codes for a proof from another time */
        return answer->status == 400 || answer->status == 401 || answer->status == 403;
    }
    for (size_t i = 0; i < CC_COUNT(skew_codes); i++) {
        if (cc_text_equal(skew_codes[i], answer->error_code)) {
            return flight->call->signer != NULL;
        }
    }
    return false;
}

/*
 * Corrects the skew for the rest of the run when the Date of the answer shows that it was wrong.
 * Only with an answer of AWS itself, because proxies have clocks too. True when the request was
 * made with a wrong skew.
 */
static bool learn_skew(const struct flight *flight)
{
    struct cc_run *run = flight->run;
    struct cc_run *whole = cc_run_whole(run);
    const struct cc_answer *answer = flight->answer;
    int64_t date = 0;

    if ((answer->status >= 300 && !answer->error_code) ||
        !cc_time_from_http(cc_response_header(&run->mem, &flight->errand.exchange.response, "Date"),
                           &date)) {
        return false;
    }
    whole->clock_seen = true;
    whole->clock_ahead = date - cc_now(run);
    int64_t off = whole->clock_ahead - flight->skew;
    if (off >= -SKEW_SECONDS && off <= SKEW_SECONDS) {
        return false;
    }
    whole->skew = flight->skew + off;
    cc_log(run, CC_WARN, "clock.skew", CC_N("seconds", whole->skew));
    return true;
}

static void tell_skew(const struct flight *flight, struct cc_error *err)
{
    struct cc_arena *mem = &flight->run->mem;
    int64_t skew = cc_run_whole(flight->run)->skew;

    if (skew == 0 || !may_be_skew(flight)) {
        return;
    }
    const char *why = cc_text_dup(mem, err->why, strlen(err->why));
    cc_why(err, "this host's clock is %s %s AWS (corrected for the signature). %s",
           cc_time_span(mem, skew < 0 ? -skew : skew), skew < 0 ? "ahead of" : "behind", why);
}

static int64_t wished_wait_ms(const struct flight *flight)
{
    const struct cc_response *response = &flight->errand.exchange.response;
    int64_t ms = -1;

    if (response->failure != CC_NET_ANSWERED ||
        !cc_text_number(cc_response_header(&flight->run->mem, response, "x-amz-retry-after"), 0,
                        INT32_MAX, &ms)) {
        return -1;
    }
    return ms;
}

static enum cc_verdict give_up(struct flight *flight)
{
    const struct cc_call *call = flight->call;
    struct cc_error *err = &flight->errand.err;

    tell_skew(flight, err);
    if (call->explain) {
        call->explain(flight->run, call, flight->answer, err);
    }
    return CC_FAILED;
}

static enum cc_verdict judge(struct cc_errand *errand)
{
    struct flight *flight = errand->about;
    const struct cc_call *call = flight->call;

    flight->retries.made++;
    bool good = read_answer(flight, &errand->err);
    bool skewed = errand->exchange.ok && learn_skew(flight);
    flight->answer->skew = cc_run_whole(flight->run)->skew;
    if (good) {
        cc_retry_succeeded(flight->run, &flight->retries);
        return !call->take || call->take(flight->run, call, flight->answer, &errand->err)
                   ? CC_DONE
                   : CC_FAILED;
    }
    errand->wait_ms = 0;
    if (skewed && !flight->corrected && may_be_skew(flight)) {
        flight->corrected = true; /* the service did nothing: this does not count as an attempt */
        flight->retries.made--;
        return CC_AGAIN;
    }
    enum cc_retry kind =
        cc_retry_of(&errand->exchange.response, flight->answer->error_code, call->retry_codes);
    errand->throttled = kind == CC_RETRY_THROTTLED;
    errand->err.passes = kind != CC_RETRY_NOT;
    return cc_retry_later(flight->run, &flight->retries, kind, wished_wait_ms(flight),
                          &errand->wait_ms)
               ? CC_AGAIN
               : give_up(flight);
}

struct cc_errand *cc_call_errand(struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_call *call, struct cc_answer *answer)
{
    struct flight *flight = cc_alloc(&run->mem, sizeof(*flight));

    *answer = (struct cc_answer){0};
    *flight = (struct flight){
        .errand = {.run = run, .about = flight, .prepare = prepare, .judge = judge},
        .run = run,
        .settings = settings,
        .call = call,
        .answer = answer,
        .retries = {.most = settings->max_attempts > 0 ? settings->max_attempts : ATTEMPTS},
    };
    return &flight->errand;
}

const struct cc_answer *cc_call_answer(const struct cc_errand *errand)
{
    return ((const struct flight *)errand->about)->answer;
}

bool cc_aws_call(struct cc_run *run, const struct cc_settings *settings, const struct cc_call *call,
                 struct cc_answer *answer, struct cc_error *err)
{
    return cc_drive_one(cc_call_errand(run, settings, call, answer), err);
}
