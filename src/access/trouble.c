#include "trouble.h"

#include "credctl/base/text.h"

#include <string.h>

static const enum cc_cause invalid_or_region[] = {CC_CAUSE_INVALID, CC_CAUSE_REGION_DISABLED};

static const char *const default_regions[] = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "ap-south-1",
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1",   "eu-central-1",   "eu-west-1",      "eu-west-2",      "eu-west-3",
    "eu-north-1",     "sa-east-1",      "aws-global",     "cn-north-1",     "cn-northwest-1",
    "us-gov-east-1",  "us-gov-west-1",
};

bool cc_access_opt_in_region(const char *region)
{
    for (size_t i = 0; i < CC_COUNT(default_regions); i++) {
        if (!region || cc_text_equal(region, default_regions[i])) {
            return false;
        }
    }
    return true;
}

/* A code of AWS, with a part of its message where that matters. The first row that fits counts. */
static const struct {
    const char *code;
    const char *part; /* NULL: any message */
    enum cc_cause cause;
    const char *fix; /* NULL: that of the error */
} rows[] = {
    {"ExpiredToken", NULL, CC_CAUSE_EXPIRED, NULL},
    {"ExpiredTokenException", NULL, CC_CAUSE_EXPIRED, NULL},
    {"InvalidClientTokenId", NULL, CC_CAUSE_INVALID, NULL},
    {"UnrecognizedClientException", NULL, CC_CAUSE_INVALID, NULL},
    {"AuthFailure", NULL, CC_CAUSE_INVALID, NULL},
    {"MissingAuthenticationToken", NULL, CC_CAUSE_INVALID, NULL},
    {"IncompleteSignature", NULL, CC_CAUSE_INVALID, NULL},
    {"InvalidSignatureException", NULL, CC_CAUSE_INVALID, NULL},
    {"SignatureDoesNotMatch", "Signature expired", CC_CAUSE_CLOCK,
     "set this host's clock, for "
     "example with chrony"},
    {"SignatureDoesNotMatch", "Signature not yet current", CC_CAUSE_CLOCK,
     "set this host's clock, for example with chrony"},
    {"SignatureDoesNotMatch", NULL, CC_CAUSE_INVALID, NULL},
    {"RequestExpired", NULL, CC_CAUSE_CLOCK, NULL},
    {"RequestTimeTooSkewed", NULL, CC_CAUSE_CLOCK, NULL},
    {"RequestInTheFuture", NULL, CC_CAUSE_CLOCK, NULL},
    {"RegionDisabledException", NULL, CC_CAUSE_REGION_DISABLED, NULL},
    {"ValidationError", "MaxSessionDuration", CC_CAUSE_ROLE_DURATION,
     "ask for a shorter session with --duration-seconds, or let the role's owner raise its "
     "MaxSessionDuration"},
    {"ValidationError", "role chaining", CC_CAUSE_CHAINED_DURATION,
     "ask for at most 3600 seconds with --duration-seconds: a role that assumes a role gets one "
     "hour"},
    {"ValidationError", "at 'roleSessionName'", CC_CAUSE_SESSION_NAME,
     "use 2 to 64 letters, digits and characters of _+=,.@- in the session name"},
    {"ValidationError", "at 'externalId'", CC_CAUSE_EXTERNAL_ID_WRONG,
     "use 2 to 1224 letters, digits and characters of _+=,.@:/- in the external ID"},
    {"ValidationError", "at 'durationSeconds'", CC_CAUSE_ROLE_DURATION,
     "ask for 900 to 43200 seconds"},
};

/* Where there was no answer of AWS. */
static const struct {
    enum cc_code code;
    enum cc_cause cause;
    const char *fix; /* NULL: that of the error */
} silences[] = {
    {CC_E_DNS, CC_CAUSE_NET_DNS, NULL},
    {CC_E_UNREACHABLE, CC_CAUSE_NET_REFUSED, NULL},
    {CC_E_TIMEOUT, CC_CAUSE_NET_TIMEOUT, NULL},
    {CC_E_DEADLINE, CC_CAUSE_NET_TIMEOUT, NULL},
    {CC_E_TLS, CC_CAUSE_NET_TLS,
     "name the CA of the endpoint with --ca-bundle or AWS_CA_BUNDLE; if the endpoint speaks plain "
     "HTTP, write http:// in its URL"},
    {CC_E_THROTTLED, CC_CAUSE_THROTTLED, NULL},
    {CC_E_EXPIRED, CC_CAUSE_EXPIRED, NULL},
    {CC_E_CLOCK, CC_CAUSE_CLOCK, NULL},
    {CC_E_TOO_BIG, CC_CAUSE_UNKNOWN,
     "check the endpoint, and any proxy on the way: AWS does not answer like this"},
};

static void without_answer(const struct cc_error *err, struct cc_access_trouble *trouble)
{
    for (size_t i = 0; i < CC_COUNT(silences); i++) {
        if (silences[i].code == err->code) {
            trouble->cause = silences[i].cause;
            trouble->fix = silences[i].fix;
        }
    }
}

bool cc_access_is_denial(const struct cc_answer *answer, const struct cc_error *err)
{
    return answer && err->code == CC_E_DENIED &&
           (cc_text_equal(answer->error_code, "AccessDenied") ||
            cc_text_equal(answer->error_code, "AccessDeniedException"));
}

struct cc_access_trouble cc_access_trouble_of(const struct cc_answer *answer,
                                              const struct cc_error *err, const char *region)
{
    const char *code = answer ? answer->error_code : NULL;
    const char *message = answer && answer->error_message ? answer->error_message : "";
    struct cc_access_trouble trouble = {.cause = CC_CAUSE_UNKNOWN, .certainty = CC_CERTAIN};
    size_t i = 0;

    while (i < CC_COUNT(rows) && !(cc_text_equal(code, rows[i].code) &&
                                   (!rows[i].part || strstr(message, rows[i].part)))) {
        i++;
    }
    if (i < CC_COUNT(rows)) {
        trouble.cause = rows[i].cause;
        trouble.fix = rows[i].fix;
    } else {
        without_answer(err, &trouble);
    }
    if (trouble.cause == CC_CAUSE_UNKNOWN) {
        trouble.certainty = CC_POSSIBLE;
    }
    /* A session of the global endpoint is not valid in a region that has to be enabled. */
    if (trouble.cause == CC_CAUSE_INVALID && cc_access_opt_in_region(region) &&
        cc_text_equal(code, "InvalidClientTokenId")) {
        trouble.certainty = CC_POSSIBLE;
        trouble.candidates = invalid_or_region;
        trouble.candidate_count = CC_COUNT(invalid_or_region);
    }
    return trouble;
}

/* --- before the call --- */

static bool bad(struct cc_access_trouble *trouble, enum cc_cause cause, struct cc_error *err,
                const char *why)
{
    *trouble = (struct cc_access_trouble){.cause = cause, .certainty = CC_CERTAIN};
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        trouble->fix = rows[i].cause == cause && rows[i].fix ? rows[i].fix : trouble->fix;
    }
    cc_fail(err, CC_E_USAGE, "the role was not assumed: STS would refuse the request");
    return cc_why(err, "%s", why);
}

bool cc_access_call_valid(const struct cc_assume *hop, struct cc_access_trouble *trouble,
                          struct cc_error *err)
{
    const char *name = hop->session_name;
    const char *id = hop->external_id;

    if (name && (strlen(name) < 2 || !cc_text_consists(name, "_+=,.@-", 64))) {
        return bad(trouble, CC_CAUSE_SESSION_NAME, err,
                   "the session name does not have 2 to 64 letters, digits and characters of "
                   "_+=,.@-");
    }
    if (id && (strlen(id) < 2 || !cc_text_consists(id, "_+=,.@:/-", 1224))) {
        return bad(trouble, CC_CAUSE_EXTERNAL_ID_WRONG, err,
                   "the external ID does not have 2 to 1224 letters, digits and characters of "
                   "_+=,.@:/-");
    }
    if (hop->duration_seconds != 0 &&
        (hop->duration_seconds < 900 || hop->duration_seconds > 43200)) {
        return bad(trouble, CC_CAUSE_ROLE_DURATION, err,
                   "the duration is not 900 to 43200 seconds");
    }
    return true;
}
