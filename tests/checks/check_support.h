#ifndef TESTS_CHECKS_CHECK_SUPPORT_H
#define TESTS_CHECKS_CHECK_SUPPORT_H

/* Whole checkups in a fake world. */

#include "credctl/base/text.h"
#include "credctl/checks/check.h"

#include "../detectors/scene_support.h"

#define CONFIG      "/home/u/.aws/config"
#define CREDENTIALS "/home/u/.aws/credentials"
#define STS         "https://sts.us-east-1.amazonaws.com/"
#define KEY         "AKIAQQQQQQQQQQQQQQQQ" /* of a user */
#define TEMPORARY   "ASIAQQQQQQQQQQQQQQQQ"
#define ROLE        "arn:aws:iam::123456789012:role/r"
#define IDENTITY(arn)                                                                          \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>" arn "</Arn><UserId>U</UserId>" \
    "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
#define USER_ARN "arn:aws:iam::123456789012:user/alice"
#define REFUSAL(code)                                                          \
    "<ErrorResponse><Error><Code>" code "</Code><Message>no</Message></Error>" \
    "</ErrorResponse>"
#define ON_TIME "Date: Fri, 15 Jan 2027 08:00:00 GMT\r\n"

/* A machine outside of AWS, without any configuration. */
static inline void laptop(struct fake *fake)
{
    static const char *const urls[] = {IMDS4 "/latest/api/token", IMDS6 "/latest/api/token"};

    fake_env(fake, "HOME", "/home/u");
    for (size_t i = 0; i < CC_COUNT(urls); i++) {
        fake_http_row(fake, (struct fake_exchange){.url = urls[i],
                                                   .failure = CC_NET_NO_ROUTE,
                                                   .optional = true,
                                                   .forever = true});
    }
}

static inline void sts_answers(struct fake *fake, int status, const char *body, const char *head)
{
    fake_http_row(fake, (struct fake_exchange){.url = STS,
                                               .status = status,
                                               .body = body,
                                               .head = head,
                                               .optional = true,
                                               .forever = true});
}

/* Keys of a user, in a region, that STS accepts. */
static inline void keys(struct fake *fake)
{
    fake_env(fake, "AWS_ACCESS_KEY_ID", KEY);
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_DEFAULT_REGION", "us-east-1");
}

static inline const struct cc_checkup *checkup_with(struct fake *fake,
                                                    const struct cc_chain_options *options)
{
    struct cc_checkup *checkup = cc_alloc(&fake->run.mem, sizeof(*checkup));
    struct cc_error err;

    if (!cc_checkup_begin(&fake->run, options, checkup, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    cc_checkup_run(checkup);
    return checkup;
}

static inline const struct cc_checkup *checkup(struct fake *fake)
{
    return checkup_with(fake, &(struct cc_chain_options){0});
}

/* The first finding of a check that is not ok, else its first one. */
static inline const struct cc_finding *finding(const struct cc_checkup *checkup, const char *check)
{
    const struct cc_finding *first = NULL;

    for (size_t i = 0; i < checkup->count; i++) {
        const struct cc_finding *one = &checkup->findings[i];

        if (cc_text_equal(one->check, check)) {
            first = !first || (first->status == CC_HEALTH_OK && one->status != CC_HEALTH_OK)
                        ? one
                        : first;
        }
    }
    if (!first) {
        fail_msg("the check %s found nothing at all", check);
    }
    return first;
}

static inline size_t count_of(const struct cc_checkup *checkup, enum cc_health status)
{
    size_t count = 0;

    for (size_t i = 0; i < checkup->count; i++) {
        count += checkup->findings[i].status == status;
    }
    return count;
}

/* Everything that was found, for messages. */
static inline const char *story_of(struct fake *fake, const struct cc_checkup *checkup)
{
    const char *text = "";

    for (size_t i = 0; i < checkup->count; i++) {
        const struct cc_finding *one = &checkup->findings[i];

        text = cc_textf(&fake->mem, "%s\n%s %s: %s%s%s", text, cc_health_words[one->status],
                        one->check, one->says ? one->says : one->why_not, one->fix ? " / " : "",
                        one->fix ? one->fix : "");
    }
    return text;
}

/* Each finding is complete, and shows no secret. */
static inline void assert_well_formed(struct fake *fake, const struct cc_checkup *checkup)
{
    for (size_t i = 0; i < checkup->count; i++) {
        const struct cc_finding *one = &checkup->findings[i];
        const bool wrong = one->status == CC_HEALTH_WARNING || one->status == CC_HEALTH_FAILED;

        assert_int_equal(one->says == NULL, one->status == CC_HEALTH_NOT_CHECKED);
        assert_int_equal(one->why_not != NULL, one->status == CC_HEALTH_NOT_CHECKED);
        assert_int_equal(one->fix != NULL, wrong);
        assert_int_equal(one->code != NULL, wrong);
        assert_null(strpbrk(one->says ? one->says : one->why_not, "\n\r\x1b"));
    }
    assert_null(strstr(story_of(fake, checkup), CANARY));
}

/* What a check must have found; `says` (of says or why_not) and `fix` may be NULL. */
static inline void assert_found(struct fake *fake, const struct cc_checkup *checkup,
                                const char *check, enum cc_health status, const char *says)
{
    const struct cc_finding *one = finding(checkup, check);
    const char *text = one->says ? one->says : one->why_not;

    assert_well_formed(fake, checkup);
    if (one->status != status || (says && !strstr(text, says))) {
        fail_msg("%s should be %s: %s\n%s", check, cc_health_words[status], says ? says : "",
                 story_of(fake, checkup));
    }
}

static inline void assert_fix(struct fake *fake, const struct cc_checkup *checkup,
                              const char *check, const char *fix)
{
    const struct cc_finding *one = finding(checkup, check);

    if (!one->fix || !strstr(one->fix, fix)) {
        fail_msg("the remedy of %s lacks \"%s\"\n%s", check, fix, story_of(fake, checkup));
    }
}

#endif
