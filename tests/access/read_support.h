#ifndef TESTS_ACCESS_READ_SUPPORT_H
#define TESTS_ACCESS_READ_SUPPORT_H

/* Answers of IAM and Organizations in the fake world. */

#include "credctl/aws/steps.h"
#include "credctl/base/buf.h"
#include "credctl/base/text.h"

#include "../support/test.h"

#define IAM "https://iam.amazonaws.com/"
#define ORG "https://organizations.us-east-1.amazonaws.com/"

#define IAM_ANSWER(name, members)                                                   \
    "<" name "Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><" name  \
    "Result>" members "</" name "Result><ResponseMetadata><RequestId>r</RequestId>" \
    "</ResponseMetadata></" name "Response>"
#define XML_ERROR(code, message)                                                             \
    "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender" \
    "</Type><Code>" code "</Code><Message>" message "</Message></Error><RequestId>r"         \
    "</RequestId></ErrorResponse>"
#define JSON_ERROR(code) "{\"__type\":\"" code "\",\"Message\":\"no\"}"

static const struct cc_keys reader_keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static const struct cc_settings reader_settings = {.max_attempts = 1};
static const struct cc_ask reader = {.settings = &reader_settings, .by = &reader_keys};

/* An answer to every request whose body or headers have this part. */
static inline void answers(struct fake *fake, const char *url, const char *part, int status,
                           const char *body)
{
    fake_http_row(fake, (struct fake_exchange){.url = url,
                                               .part = part,
                                               .status = status,
                                               .body = body,
                                               .forever = true,
                                               .optional = true});
}

static inline void iam_answers(struct fake *fake, const char *action, const char *body)
{
    answers(fake, IAM, cc_textf(&fake->mem, "Action=%s&", action), 200, body);
}

static inline void iam_denies(struct fake *fake, const char *action)
{
    answers(fake, IAM, cc_textf(&fake->mem, "Action=%s&", action), 403,
            XML_ERROR("AccessDenied", "User is not authorized"));
}

/* With a part of the body that tells requests of one operation apart. */
static inline void org_answers(struct fake *fake, const char *part, const char *body)
{
    answers(fake, ORG, part, 200, body);
}

static inline void org_refuses(struct fake *fake, const char *part, const char *code)
{
    answers(fake, ORG, part, 400, cc_textf(&fake->mem, JSON_ERROR("%s"), code));
}

/* How many requests had this part in their body or headers. */
static inline int asked_for(const struct fake *fake, const char *part)
{
    int count = 0;

    for (size_t i = 0; i < fake->sent_count; i++) {
        count += strstr(fake->sent[i].body, part) || strstr(fake->sent[i].headers, part);
    }
    return count;
}

static inline void drive(struct cc_errand *errand)
{
    struct cc_error err;

    assert_non_null(errand);
    assert_true(cc_drive_one(errand, &err));
}

#endif
