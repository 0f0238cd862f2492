#ifndef TESTS_ASSESS_SURVEY_SUPPORT_H
#define TESTS_ASSESS_SURVEY_SUPPORT_H

/* Surveys whose calls are answered by rows. */

#include "credctl/assess/posture.h"
#include "credctl/aws/drive.h"
#include "credctl/base/text.h"

#include "../../src/assess/survey.h"
#include "support/test.h"

#define ACCOUNT       "111122223333"
#define REGION        "eu-central-1"
#define HOST(service) "https://" service "." REGION ".amazonaws.com/"
#define XML_ERROR(code, message)                                   \
    "<ErrorResponse><Error><Code>" code "</Code><Message>" message \
    "</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"

static const struct cc_keys keys = {
    .access_key_id = "AKID", .secret_key = {CANARY}, .expires = CC_NEVER_EXPIRES};
static const struct cc_settings settings = {.max_attempts = 1};
static struct cc_place place;
static struct cc_posture_options options;

static inline struct cc_errand *next(void *about, struct cc_run *part)
{
    (void)part;
    return cc_survey_next(about);
}

static inline void done(void *about, struct cc_errand *errand)
{
    cc_survey_done(about, errand);
}

/* As cc_assess_run does it for one account and region. */
static inline struct cc_posture_result survey_of(struct fake *fake,
                                                 const struct cc_assessment *assessment)
{
    struct cc_posture_result result = {0};
    const struct cc_source source = {
        .parallel = 8, .next = next, .done = done, .about = assessment->begin(&place)};

    cc_drive_source(&fake->run, &source);
    assessment->end(source.about, &result);
    return result;
}

static inline void begin_place(struct fake *fake, const char *const *services)
{
    options = (struct cc_posture_options){.services = services};
    place = (struct cc_place){.run = &fake->run,
                              .settings = &settings,
                              .keys = &keys,
                              .account_id = ACCOUNT,
                              .partition = "aws",
                              .region = REGION,
                              .first = true,
                              .options = &options};
}

static inline struct cc_posture_result survey_with(struct fake *fake,
                                                   const struct cc_assessment *assessment,
                                                   const char *const *services)
{
    begin_place(fake, services);
    return survey_of(fake, assessment);
}

static inline void answer(struct fake *fake, const char *url, const char *part, const char *body)
{
    fake_http_row(fake,
                  (struct fake_exchange){.url = url, .part = part, .status = 200, .body = body});
}

static inline void refuse(struct fake *fake, const char *url, const char *part, const char *body)
{
    fake_http_row(fake,
                  (struct fake_exchange){.url = url, .part = part, .status = 403, .body = body});
}

static inline const struct cc_resource *named(const struct cc_posture_result *result,
                                              const char *name)
{
    for (size_t i = 0; i < result->detail_count; i++) {
        const struct cc_resource *resource = &result->resource_details[i];

        if (cc_text_equal(resource->id, name) || cc_text_equal(resource->name, name)) {
            return resource;
        }
    }
    fail_msg("%s is not there", name);
    return NULL;
}

static inline int counted(const struct cc_posture_result *result, const char *key, const char *what)
{
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(result->compliance_by_service, key);

    assert_non_null(counts);
    return cJSON_GetObjectItemCaseSensitive(counts, what)->valueint;
}

#endif
