#ifndef CREDCTL_AWS_CALL_H
#define CREDCTL_AWS_CALL_H

/*
 * One call of an AWS API: endpoint, signature, retries, clock skew, and the error of the service as
 * struct cc_error. Retries: standard mode with the constants of 2026 (docs/providers.md).
 */

#include "credctl/aws/drive.h"
#include "credctl/aws/keys.h"
#include "credctl/aws/settings.h"
#include "credctl/base/url.h"

struct cc_answer;

enum cc_wire { CC_WIRE_QUERY /* answers with errors in XML */, CC_WIRE_JSON };

struct cc_call {
    const char *id; /* "STS", "SSO", "SSO_OIDC", "SIGNIN": for configured endpoints and messages */
    const char *operation; /* for messages: "AssumeRole" */
    const char *service;   /* signing name: "sts" */
    const char *region;    /* signing region */
    const char *endpoint;  /* scheme://host[:port]; used when no endpoint is configured */
    const struct cc_section
        *section; /* the profile that makes the call, for its endpoint; or NULL */
    enum cc_wire wire;
    const char *method;
    const char *path; /* including the query */
    const struct cc_header
        *headers; /* content type and the like; ends with a row without a name; or NULL */
    struct cc_secret body;
    bool path_as_is;              /* signed as S3 wants it: the path is not normalized */
    size_t max_body;              /* of an answer; 0: 256 KiB */
    const struct cc_keys *signer; /* NULL: not signed */
    const char *const
        *retry_codes; /* further error codes worth another try, ends with NULL; or NULL */
    /* Secrets beside headers and keys that must not be shown when the service repeats them; or
     * NULL. */
    const struct cc_secret *hide;
    size_t hide_count;
    /* Makes a new header for each attempt (a proof of possession); or NULL. */
    bool (*prove)(struct cc_run *run, const struct cc_call *call, const char *url,
                  struct cc_header *header, struct cc_error *err);
    /* Reads the answer of a 2xx. False, and err: it is not the expected one. Or NULL. */
    bool (*take)(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                 struct cc_error *err);
    /* Improves the error of any other result, when more is known here. Or NULL. */
    void (*explain)(struct cc_run *run, const struct cc_call *call, const struct cc_answer *answer,
                    struct cc_error *err);
    void *about; /* the argument of these three */
};

struct cc_answer {
    int status; /* 0 when nothing answered */
    const char *body;
    size_t body_len;
    const char *error_code;    /* as the service wrote it; NULL when it sent none */
    const char *error_message; /* printable; NULL when it sent none */
    const char *request_id;
    int attempts;
    int64_t skew; /* seconds to add to this clock */
};

/*
 * The call as an errand of the driver (credctl/aws/drive.h). `settings`, `call` and what they point
 * to must live until it has ended; everything else is in the run's arena. errand->ok is true for a
 * 2xx that `take` accepted; else errand->err has the error, and `answer` what is known of the
 * answer.
 */
struct cc_errand *cc_call_errand(struct cc_run *run, const struct cc_settings *settings,
                                 const struct cc_call *call, struct cc_answer *answer);

/* The answer of an errand that was made here or by a function of this room that says so; the answer
 * has its attempts before it has ended, too. */
const struct cc_answer *cc_call_answer(const struct cc_errand *errand);

/*
 * The configured endpoint of a service (cc_settings_endpoint must return one) as a URL. Fails with
 * CC_E_CONFIG when calls cannot be made to it, before any call.
 */
CC_MUST_USE bool cc_call_configured(struct cc_run *run, const struct cc_settings *settings,
                                    const struct cc_section *section, const char *id,
                                    struct cc_url *url, struct cc_error *err);

/* `text` of an answer to it, or a sentence in its place when it repeats what was sent (cc_hide). */
const char *cc_call_safe(struct cc_arena *mem, const struct cc_call *call, const char *text);

/* Runs this errand alone, to its end. */
CC_MUST_USE bool cc_aws_call(struct cc_run *run, const struct cc_settings *settings,
                             const struct cc_call *call, struct cc_answer *answer,
                             struct cc_error *err);

#endif
