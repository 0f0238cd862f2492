#include "credctl/aws/imds.h"

#include "credctl/aws/retry.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX  65536
#define TTL         "21600"
#define TIMEOUT_MS  1000
#define ATTEMPTS    3
#define PAUSE_MS    50
#define PATIENCE_MS 2000 /* the time-out for a token that is needed to continue */
#define QUESTIONS   8    /* asked at once */

bool cc_role_name_valid(const char *name)
{
    return cc_text_consists(name, "_+=,.@-", 64);
}

bool cc_imds_base(struct cc_run *run, const struct cc_imds_settings *settings, const char **base,
                  struct cc_error *err)
{
    struct cc_url url;

    if (settings->endpoint) {
        if (!cc_url_parse(&run->mem, settings->endpoint, "the EC2 metadata endpoint", &url, err)) {
            return false;
        }
        size_t len = strlen(url.path);
        while (len > 0 && url.path[len - 1] == '/') {
            len--;
        }
        *base = cc_textf(&run->mem, "%s%.*s", url.origin, (int)len, url.path);
        return true;
    }
    if (!settings->mode || cc_text_equal_nocase(settings->mode, "IPv4")) {
        *base = "http://169.254.169.254";
        return true;
    }
    if (cc_text_equal_nocase(settings->mode, "IPv6")) {
        *base = "http://[fd00:ec2::254]";
        return true;
    }
    cc_fail(err, CC_E_CONFIG, "the EC2 metadata endpoint mode is neither IPv4 nor IPv6");
    cc_why(err, "it is \"%s\"", settings->mode);
    return cc_fix(err, "correct AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE or "
                       "ec2_metadata_service_endpoint_mode in the profile");
}

static const struct {
    const char *variable;
    const char *property;
} settings_of_imds[] = {
    {"AWS_EC2_METADATA_DISABLED", "disable_ec2_metadata"},
    {"AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint"},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode"},
    {"AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"},
    {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"},
};

bool cc_imds_whole(const struct cc_run *run, const struct cc_settings *settings,
                   struct cc_error *err)
{
    for (size_t i = 0; i < CC_COUNT(settings_of_imds); i++) {
        if (!cc_setting_whole(run, settings->section, settings_of_imds[i].variable,
                              settings_of_imds[i].property, err)) {
            return false;
        }
    }
    return true;
}

bool cc_imds_off(const struct cc_run *run, const struct cc_settings *settings)
{
    return cc_text_is_true(
        cc_setting(run, settings, "AWS_EC2_METADATA_DISABLED", "disable_ec2_metadata"));
}

bool cc_imds_v1_forbidden(const struct cc_run *run, const struct cc_settings *settings)
{
    return cc_text_is_true(
        cc_setting(run, settings, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"));
}

/* Seconds such as "5" or "0.5", as milliseconds. 0 when it is not such a number. */
static int milliseconds(const char *text)
{
    char *end = NULL;
    double seconds = strtod(text, &end);

    return *end == '\0' && seconds > 0.0 && seconds <= 600.0 ? (int)(seconds * 1000.0) : 0;
}

static bool bad_setting(struct cc_error *err, const char *variable, const char *property,
                        const char *value)
{
    cc_fail(err, CC_E_CONFIG, "%s (%s in the profile) is not a valid number", variable, property);
    cc_why(err, "it is \"%.60s\"", value);
    return cc_fix(err, "correct it, or unset it");
}

static bool read_limits(struct cc_imds *imds, const struct cc_settings *settings,
                        struct cc_error *err)
{
    const char *timeout =
        cc_setting(imds->run, settings, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
    const char *attempts = cc_setting(imds->run, settings, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                                      "metadata_service_num_attempts");
    int64_t number = ATTEMPTS;
    int limit = TIMEOUT_MS;

    if (timeout) {
        limit = milliseconds(timeout);
        if (limit == 0) {
            return bad_setting(err, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout",
                               timeout);
        }
    }
    if (attempts && !cc_text_number(attempts, 1, 100, &number)) {
        return bad_setting(err, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                           "metadata_service_num_attempts", attempts);
    }
    imds->connect_ms = limit;
    imds->timeout_ms = limit;
    imds->attempts = (int)number;
    imds->patient = attempts != NULL;
    return true;
}

static bool read_base(struct cc_imds *imds, const struct cc_settings *settings,
                      struct cc_error *err)
{
    struct cc_imds_settings wish = {
        .endpoint = cc_setting(imds->run, settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                               "ec2_metadata_service_endpoint"),
        .mode = cc_setting(imds->run, settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                           "ec2_metadata_service_endpoint_mode"),
    };

    if (!wish.mode && cc_text_is_true(cc_env(imds->run, "AWS_IMDS_USE_IPV6"))) {
        wish.mode = "IPv6";
    }
    return cc_imds_base(imds->run, &wish, &imds->base, err);
}

bool cc_imds_configure(struct cc_run *run, const struct cc_settings *settings, struct cc_imds *imds,
                       struct cc_error *err)
{
    struct cc_imds made = {.run = run, .v1_forbidden = cc_imds_v1_forbidden(run, settings)};

    if (!cc_imds_whole(run, settings, err) || !read_limits(&made, settings, err) ||
        !read_base(&made, settings, err)) {
        return false;
    }
    *imds = made;
    return true;
}

/* A request that is being made. */
struct ask {
    struct cc_errand errand;
    struct cc_imds *imds;
    const char *path; /* below /latest/; NULL: only the token */
    struct cc_retries retries;
    struct cc_secret token;      /* the token of the last GET */
    bool renewing;               /* a new token is being requested for a GET */
    bool renewed;                /* in this attempt */
    struct cc_response response; /* of the last GET, or of the PUT when there is no path */
};

static bool prepare(struct cc_errand *errand, struct cc_request *request, struct cc_error *err)
{
    struct ask *ask = errand->about;
    const struct cc_imds *imds = ask->imds;
    struct cc_arena *mem = &imds->run->mem;
    struct cc_header *headers = cc_alloc(mem, 2 * sizeof(*headers));
    bool put = !ask->path || ask->renewing;

    (void)err;
    *request = (struct cc_request){
        .method = put ? "PUT" : "GET",
        .url = cc_textf(mem, "%s/latest/%s", imds->base, put ? "api/token" : ask->path),
        .headers = headers,
        .distance = CC_NEAR,
        .connect_ms = imds->connect_ms,
        .timeout_ms = imds->timeout_ms,
        .max_body = ANSWER_MAX,
    };
    if (put) {
        headers[0] =
            (struct cc_header){.name = "X-aws-ec2-metadata-token-ttl-seconds", .value = TTL};
        if (ask->renewing && request->timeout_ms < PATIENCE_MS) {
            request->timeout_ms = PATIENCE_MS;
        }
        return true;
    }
    ask->token = imds->token;
    if (cc_secret_present(imds->token)) {
        headers[0] = (struct cc_header){.name = "X-aws-ec2-metadata-token", .secret = imds->token};
    }
    return true;
}

/* Nothing answers: not an instance, or the metadata service cannot be reached. */
static bool nobody_there(enum cc_failure failure)
{
    return failure == CC_NET_NO_ROUTE || failure == CC_NET_REFUSED || failure == CC_NET_NAME ||
           failure == CC_NET_CONNECT_TIMEOUT;
}

static bool may_pass(const struct cc_imds *imds, const struct cc_response *response)
{
    if (response->failure == CC_NET_ANSWERED) {
        return response->status >= 500 || response->status == 429;
    }
    /* What is not HTTP may be the rest of another answer on the same connection. */
    return response->failure == CC_NET_CUT || response->failure == CC_NET_TLS_CUT ||
           response->failure == CC_NET_OTHER || (imds->patient && nobody_there(response->failure));
}

static bool no_token(const struct cc_imds *imds, struct cc_error *err)
{
    cc_fail(err, CC_E_BAD_ANSWER, "%s does not hand out a metadata token", imds->base);
    return cc_why(err, "its answer is not a token: something else listens at that address");
}

/* True for an answer, with or without a token. */
static bool take_token(struct cc_imds *imds, const struct cc_exchange *exchange,
                       struct cc_error *err)
{
    imds->put_status = exchange->ok ? exchange->response.status : 0;
    imds->put_failure = exchange->response.failure;
    imds->silent = imds->put_failure == CC_NET_SILENT;
    if (!exchange->ok) {
        *err = exchange->err;
        return false;
    }
    if (exchange->response.status != 200) {
        return true;
    }
    /* Tokens seen so far are base64; the page of a captive portal must not pass as one. */
    const char *token = cc_text_trim(&imds->run->mem, exchange->response.body);
    if (!cc_text_consists(token, "+/=_-.", 4096)) {
        return no_token(imds, err);
    }
    imds->token = cc_secret_keep(&imds->run->mem, token);
    return true;
}

static bool refuse_token(const struct cc_imds *imds, const char *more, struct cc_error *err)
{
    cc_fail(err, CC_E_IMDS, "the EC2 metadata service (IMDS) did not return a token");
    if (imds->put_status != 0) {
        return cc_why(err, "PUT %s/latest/api/token answered HTTP %d%s", imds->base,
                      imds->put_status, more);
    }
    return cc_why(err, "PUT %s/latest/api/token got no answer%s", imds->base, more);
}

/* A 401 without a token: IMDSv2 is required, and there is no token. */
static enum cc_verdict explain_401(const struct cc_imds *imds, struct cc_error *err)
{
    if (!imds->silent) {
        refuse_token(imds, ", and a request without a token HTTP 401: it requires IMDSv2", err);
        return CC_FAILED;
    }
    cc_fail(err, CC_E_IMDS_HOP,
            "the EC2 metadata service (IMDS) answers, but its token does not arrive");
    cc_why(err,
           "PUT %s/latest/api/token got no answer and a GET answered HTTP 401: the hop limit is "
           "1, and this container is one hop further away",
           imds->base);
    return CC_FAILED;
}

/* Decides after an attempt: another one, or the end. */
static enum cc_verdict again_or(struct ask *ask, bool again, enum cc_verdict end)
{
    struct cc_errand *errand = &ask->errand;

    ask->renewed = false;
    return again && cc_retry_soon(ask->imds->run, &ask->retries, PAUSE_MS, &errand->wait_ms)
               ? CC_AGAIN
               : end;
}

static enum cc_verdict judge_put(struct ask *ask)
{
    struct cc_errand *errand = &ask->errand;
    bool answered = take_token(ask->imds, &errand->exchange, &errand->err);

    ask->retries.made++;
    return again_or(ask, may_pass(ask->imds, &errand->exchange.response),
                    answered ? CC_DONE : CC_FAILED);
}

/* A new token was requested, because the old one was missing or invalid. */
static enum cc_verdict judge_renewal(struct ask *ask)
{
    struct cc_imds *imds = ask->imds;
    struct cc_imds fresh = {.run = imds->run, .base = imds->base};

    ask->renewing = false;
    if (!take_token(&fresh, &ask->errand.exchange, &ask->errand.err) ||
        !cc_secret_present(fresh.token)) {
        return explain_401(imds, &ask->errand.err);
    }
    imds->token = fresh.token;
    ask->renewed = true;
    return CC_AGAIN;
}

static enum cc_verdict judge_401(struct ask *ask)
{
    const struct cc_imds *imds = ask->imds;
    bool version_1 = !cc_secret_present(ask->token);

    ask->errand.wait_ms = 0;
    if (cc_secret_present(imds->token) && !cc_secret_same(imds->token, ask->token)) {
        ask->renewed = true; /* by another request in the meantime */
        return CC_AGAIN;
    }
    if (version_1 && !imds->silent) {
        return explain_401(imds, &ask->errand.err);
    }
    ask->renewing = true;
    return CC_AGAIN;
}

static enum cc_verdict judge_get(struct ask *ask)
{
    const struct cc_imds *imds = ask->imds;
    struct cc_errand *errand = &ask->errand;
    const struct cc_response *response = &errand->exchange.response;

    ask->response = *response;
    if (errand->exchange.ok && response->status == 401 && !ask->renewed && !imds->keeps_token) {
        return judge_401(ask);
    }
    if (!errand->exchange.ok) {
        errand->err = errand->exchange.err;
    }
    ask->retries.made++;
    /* A service that was slow once is waited for; one that never answered is not. */
    bool slow = response->failure == CC_NET_SILENT && !imds->silent;
    return again_or(ask, slow || may_pass(imds, response),
                    errand->exchange.ok ? CC_DONE : CC_FAILED);
}

static enum cc_verdict judge(struct cc_errand *errand)
{
    struct ask *ask = errand->about;

    if (!ask->path) {
        return judge_put(ask);
    }
    return ask->renewing ? judge_renewal(ask) : judge_get(ask);
}

static void begin(struct ask *ask, struct cc_imds *imds, const char *path)
{
    *ask = (struct ask){
        .errand = {.run = imds->run, .about = ask, .prepare = prepare, .judge = judge},
        .imds = imds,
        .path = path,
        .retries = {.most = imds->attempts},
    };
}

bool cc_imds_token(struct cc_imds *imds, struct cc_error *err)
{
    struct ask ask;

    begin(&ask, imds, NULL);
    return cc_drive_one(&ask.errand, err);
}

enum cc_imds_end cc_imds_open(struct cc_imds *imds, struct cc_error *err)
{
    bool answered = cc_imds_token(imds, err);

    if (answered && cc_secret_present(imds->token)) {
        return CC_IMDS_READY;
    }
    if (!answered && (err->code == CC_E_DEADLINE || err->code == CC_E_BAD_ANSWER ||
                      imds->run->offline || nobody_there(imds->put_failure))) {
        return CC_IMDS_NOBODY;
    }
    if (imds->put_status == 400) {
        (void)refuse_token(imds, "", err);
        return CC_IMDS_REFUSES;
    }
    if (imds->v1_forbidden) {
        (void)refuse_token(
            imds, ", and AWS_EC2_METADATA_V1_DISABLED (ec2_metadata_v1_disabled) forbids IMDSv1",
            err);
        return CC_IMDS_REFUSES;
    }
    return CC_IMDS_READY;
}

void cc_imds_ask(struct cc_imds *imds, struct cc_imds_question *questions, size_t count)
{
    struct ask *asks = cc_alloc(&imds->run->mem, count * sizeof(*asks));
    struct cc_errand **errands = cc_alloc(&imds->run->mem, count * sizeof(struct cc_errand *));

    for (size_t i = 0; i < count; i++) {
        begin(&asks[i], imds, questions[i].path);
        errands[i] = &asks[i].errand;
    }
    cc_drive_all(imds->run, errands, count, QUESTIONS);
    for (size_t i = 0; i < count; i++) {
        questions[i].response = asks[i].response;
        questions[i].ok = asks[i].errand.ok;
        questions[i].err = asks[i].errand.err;
    }
}

bool cc_imds_get(struct cc_imds *imds, const char *path, struct cc_response *response,
                 struct cc_error *err)
{
    struct ask ask;

    begin(&ask, imds, path);
    bool answered = cc_drive_one(&ask.errand, err);
    *response = ask.response;
    return answered;
}
