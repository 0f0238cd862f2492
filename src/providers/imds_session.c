#include "imds_session.h"

#include "credctl/base/text.h"

#include <stdlib.h>

#define TIMEOUT_MS  1000
#define ATTEMPTS    3
#define PAUSE_MS    50
#define PATIENCE_MS 2000

/* "5" or "0.5": seconds, as milliseconds. 0 when it is no such number. */
static int milliseconds(const char *text)
{
    char *end = NULL;
    double seconds = strtod(text, &end);

    return *end == '\0' && seconds > 0.0 && seconds <= 600.0 ? (int)(seconds * 1000.0) : 0;
}

static bool bad_setting(struct cc_error *why, const char *variable, const char *property,
                        const char *value)
{
    cc_fail(why, CC_E_CONFIG, "%s (%s in the profile) is no usable number", variable, property);
    cc_why(why, "it is \"%.60s\"", value);
    return cc_fix(why, "correct it, or unset it");
}

static bool read_limits(struct cc_search *search, struct cc_imds_session *session,
                        struct cc_error *why)
{
    const char *timeout =
        cc_input_setting(search, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
    const char *attempts = cc_input_setting(search, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                                            "metadata_service_num_attempts");
    int64_t number = ATTEMPTS;
    int limit = TIMEOUT_MS;

    if (timeout) {
        limit = milliseconds(timeout);
        if (limit == 0) {
            return bad_setting(why, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout",
                               timeout);
        }
    }
    if (attempts && !cc_text_number(attempts, 1, 100, &number)) {
        return bad_setting(why, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                           "metadata_service_num_attempts", attempts);
    }
    session->imds.connect_ms = limit;
    session->imds.timeout_ms = limit;
    session->attempts = (int)number;
    session->patient = attempts != NULL;
    return true;
}

static bool read_base(struct cc_search *search, struct cc_imds_session *session,
                      struct cc_error *why)
{
    struct cc_imds_settings wish = {
        .endpoint = cc_input_setting(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                     "ec2_metadata_service_endpoint"),
        .mode = cc_input_setting(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                 "ec2_metadata_service_endpoint_mode"),
    };

    if (!wish.mode && cc_text_is_true(cc_input_variable(search, "AWS_IMDS_USE_IPV6"))) {
        wish.mode = "IPv6";
    }
    return cc_imds_base(search->run, &wish, &session->imds.base, why);
}

bool cc_imds_session_plan(struct cc_search *search, struct cc_imds_session *session,
                          struct cc_error *why)
{
    *session = (struct cc_imds_session){.run = search->run};
    if (!read_limits(search, session, why) || !read_base(search, session, why)) {
        return false;
    }
    session->only_version_2 = cc_text_is_true(
        cc_input_setting(search, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"));
    return true;
}

static void pause_before(const struct cc_imds_session *session, int attempt)
{
    if (attempt > 0) {
        cc_sleep_ms(session->run,
                    PAUSE_MS * attempt + (int)cc_random_below(session->run, PAUSE_MS));
    }
}

/* Nobody is there: not an instance, or the metadata service is out of reach. */
static bool nobody_there(enum cc_failure failure)
{
    return failure == CC_NET_NO_ROUTE || failure == CC_NET_REFUSED || failure == CC_NET_NAME ||
           failure == CC_NET_CONNECT_TIMEOUT;
}

static bool another_try(const struct cc_imds_session *session, const struct cc_response *response)
{
    if (response->failure == CC_NET_ANSWERED) {
        return response->status >= 500 || response->status == 429;
    }
    return response->failure == CC_NET_CUT || (session->patient && nobody_there(response->failure));
}

/* The PUT, up to the first answer that more tries would not change. */
static bool put(struct cc_imds_session *session, struct cc_response *response, struct cc_error *why)
{
    bool answered = false;

    *response = (struct cc_response){.failure = CC_NET_OTHER};
    for (int attempt = 0; attempt < session->attempts; attempt++) {
        pause_before(session, attempt);
        answered = cc_imds_token(session->run, &session->imds, response, why);
        if (!another_try(session, response)) {
            break;
        }
    }
    session->put_status = answered ? response->status : 0;
    session->silent = response->failure == CC_NET_SILENT;
    return answered;
}

static enum cc_outcome absent(const struct cc_imds_session *session, struct cc_error *why)
{
    const struct cc_error cause = *why;

    cc_absent(why, "no EC2 metadata service (IMDS) answers at %s", session->imds.base);
    cc_why(why, "%s", cause.why);
    why->passes = true;
    return CC_ABSENT;
}

static enum cc_outcome refuse_token(const struct cc_imds_session *session, const char *more,
                                    struct cc_error *why)
{
    cc_fail(why, CC_E_IMDS, "the EC2 metadata service (IMDS) gives no token");
    if (session->put_status != 0) {
        cc_why(why, "PUT %s/latest/api/token answered HTTP %d%s", session->imds.base,
               session->put_status, more);
    } else {
        cc_why(why, "PUT %s/latest/api/token got no answer%s", session->imds.base, more);
    }
    return CC_BROKEN;
}

enum cc_outcome cc_imds_session_open(struct cc_imds_session *session, struct cc_error *why)
{
    const struct cc_run *run = session->run;
    struct cc_response response;
    bool answered = put(session, &response, why);
    if (answered && cc_secret_present(session->imds.token)) {
        return CC_FOUND;
    }
    if (!answered && (why->code == CC_E_DEADLINE || why->code == CC_E_BAD_ANSWER || run->offline ||
                      nobody_there(response.failure))) {
        return absent(session, why);
    }
    if (session->put_status == 400) {
        return refuse_token(session, "", why);
    }
    if (session->only_version_2) {
        return refuse_token(
            session, ", and AWS_EC2_METADATA_V1_DISABLED (ec2_metadata_v1_disabled) forbids IMDSv1",
            why);
    }
    session->version_1 = true;
    return CC_FOUND;
}

/* Without a token the service says no: it wants version 2, and the token's answer never came. */
static bool explain_401(const struct cc_imds_session *session, struct cc_error *why)
{
    if (!session->silent) {
        refuse_token(session, ", and requests without a token 401: it insists on IMDSv2", why);
        return false;
    }
    cc_fail(why, CC_E_IMDS_HOP,
            "the EC2 metadata service (IMDS) is there, but its token does not "
            "arrive");
    return cc_why(why,
                  "PUT %s/latest/api/token gets no answer and a GET answers 401: the hop limit "
                  "is 1, and this container is one hop further away",
                  session->imds.base);
}

/* A token that was late, or has become invalid. */
static bool renew(struct cc_imds_session *session, struct cc_error *why)
{
    struct cc_imds patient = session->imds;
    struct cc_response response;

    patient.timeout_ms = patient.timeout_ms > PATIENCE_MS ? patient.timeout_ms : PATIENCE_MS;
    patient.token = (struct cc_secret){0};
    if ((session->version_1 && !session->silent) ||
        !cc_imds_token(session->run, &patient, &response, why) ||
        !cc_secret_present(patient.token)) {
        return explain_401(session, why);
    }
    session->imds.token = patient.token;
    session->version_1 = false;
    return true;
}

static bool get_once(struct cc_imds_session *session, const char *path,
                     struct cc_response *response, struct cc_error *why)
{
    bool answered = cc_imds_get(session->run, &session->imds, path, response, why);

    if (!answered || response->status != 401) {
        return answered;
    }
    return renew(session, why) && cc_imds_get(session->run, &session->imds, path, response, why);
}

bool cc_imds_session_get(struct cc_imds_session *session, const char *path,
                         struct cc_response *response, struct cc_error *why)
{
    bool answered = false;

    for (int attempt = 0; attempt < session->attempts; attempt++) {
        pause_before(session, attempt);
        answered = get_once(session, path, response, why);
        /* Slow for once is worth a wait; silent from the first request on is not. */
        bool slow = response->failure == CC_NET_SILENT && !session->silent;
        if (!slow && !another_try(session, response)) {
            break;
        }
    }
    return answered;
}
