#ifndef TESTS_AWS_CALL_SUPPORT_H
#define TESTS_AWS_CALL_SUPPORT_H

/* A call of STS, for the tests of cc_aws_call. */

#include "credctl/aws/call.h"
#include "credctl/base/text.h"

#include "../support/test.h"

#define URL "https://sts.eu-west-1.amazonaws.com/"
#define XML_ERROR(code, message)                                                                    \
    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>" \
    "<Code>" code "</Code><Message>" message "</Message></Error><RequestId>req-1</RequestId>"       \
    "</ErrorResponse>"

static const struct cc_keys keys = {
    .access_key_id = "AKID",
    .secret_key = {CANARY},
    .session_token = {CANARY "-token"},
    .expires = CC_NEVER_EXPIRES,
};
static const struct cc_header headers[] = {{.name = "Content-Type", .value = "text/x"}, {0}};

static inline struct cc_call call_of_sts(void)
{
    return (struct cc_call){
        .id = "STS",
        .operation = "Try",
        .service = "sts",
        .region = "eu-west-1",
        .endpoint = "https://sts.eu-west-1.amazonaws.com",
        .wire = CC_WIRE_QUERY,
        .method = "POST",
        .path = "/",
        .headers = headers,
        .body = {"Action=Try"},
        .signer = &keys,
    };
}

static inline struct cc_settings settings_of_three(void)
{
    return (struct cc_settings){.max_attempts = 3, .profile = "default"};
}

static inline bool ask(struct fake *fake, struct cc_answer *answer, struct cc_error *err)
{
    struct cc_call call = call_of_sts();
    struct cc_settings settings = settings_of_three();

    return cc_aws_call(&fake->run, &settings, &call, answer, err);
}

static inline void shows_no_secret(const struct cc_error *err)
{
    assert_null(strstr(err->what, CANARY));
    assert_null(strstr(err->why, CANARY));
    assert_null(strstr(err->fix, CANARY));
}

#endif
