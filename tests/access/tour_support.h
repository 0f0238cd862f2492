#ifndef TESTS_ACCESS_TOUR_SUPPORT_H
#define TESTS_ACCESS_TOUR_SUPPORT_H

/* test-access, whole, in memory. */

#include "credctl/access/access.h"

#include "../support/search.h"
#include "read_support.h"

#define CALLER "arn:aws:sts::111111111111:assumed-role/Hub/i-0123456789abcdef0"
#define A      "arn:aws:iam::000000000001:role/Audit"
#define B      "arn:aws:iam::000000000002:role/Audit"
#define C      "arn:aws:iam::000000000003:role/Audit"
#define DENIED \
    XML_ERROR("AccessDenied", "User: " CALLER " is not authorized to perform: sts:AssumeRole")
#define THROTTLED XML_ERROR("Throttling", "Rate exceeded")
#define WHO(name, arn)                                                                    \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>" arn "</Arn><UserId>" name \
    "</UserId><Account>111111111111</Account></GetCallerIdentityResult>"                  \
    "</GetCallerIdentityResponse>"
#define VERDICT(action, decision, more)                                                         \
    "<member><EvalActionName>" action "</EvalActionName><EvalResourceName>*</EvalResourceName>" \
    "<EvalDecision>" decision "</EvalDecision>" more "</member>"
#define SIMULATED(members)                                              \
    IAM_ANSWER("SimulatePrincipalPolicy", "<EvaluationResults>" members \
                                          "</EvaluationResults><IsTruncated>false</IsTruncated>")
#define ASKED_WHO    "Action=GetCallerIdentity&"
#define ASKED_ASSUME "Action=AssumeRole&"

static struct cc_access_options options;
static struct cc_access_answer answer;
static struct cc_error err;

static const char *const all_arns[] = {A, B, C, NULL};
static const char *const one_arn[] = {A, NULL};

static inline int begin(void **state)
{
    struct fake *fake = NULL;

    if (fake_setup(state) != 0) {
        return 1;
    }
    fake = *state;
    err = (struct cc_error){0};
    answer = (struct cc_access_answer){0};
    options = (struct cc_access_options){
        .role_arns = all_arns, .no_verify = true, .concurrency = 2, .target_timeout_ms = 60000};
    fake->setup.output = "json";
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "ASIAHUB");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_SESSION_TOKEN", CANARY "-token");
    return 0;
}

#define TOURS(test) cmocka_unit_test_setup_teardown(test, begin, fake_teardown)

/* One answer of STS, to the next request with this part. */
static inline void once(struct fake *fake, const char *part, int status, const char *body)
{
    fake_http_row(fake,
                  (struct fake_exchange){.url = STS, .part = part, .status = status, .body = body});
}

static inline void hangs(struct fake *fake, const char *url, const char *part)
{
    fake_http_row(fake, (struct fake_exchange){.url = url,
                                               .part = part,
                                               .status = 200,
                                               .takes_ms = 600000,
                                               .forever = true,
                                               .optional = true});
}

/* What has no row of its own: STS knows the caller and gives every role; nothing else is allowed.
 */
static inline void the_rest_is_fine(struct fake *fake)
{
    answers(fake, STS, ASKED_WHO, 200, WHO("AROAHUB:i-0123456789abcdef0", CALLER));
    answers(fake, STS, ASKED_ASSUME, 200, sts_answer(fake, "AssumeRole"));
    answers(fake, IAM, NULL, 403, XML_ERROR("AccessDenied", "no"));
    answers(fake, ORG, NULL, 400, JSON_ERROR("AccessDeniedException"));
}

static inline bool test_access(void **state)
{
    struct fake *fake = *state;

    answer = (struct cc_access_answer){0};
    return cc_access_test(&fake->run, &options, &answer, &err);
}

static inline const struct cc_access_result *target(size_t i)
{
    assert_true(i < answer.target_count);
    return &answer.targets[i];
}

/* `cause` NULL: none. */
static inline void expect(size_t i, enum cc_access_outcome outcome, const char *cause,
                          const char *certainty)
{
    const struct cc_access_result *result = target(i);

    if (result->outcome != outcome || (cause && !cc_text_equal(result->cause, cause))) {
        fail_msg("target %zu: %s, %s: %s", i, cc_access_outcomes[result->outcome],
                 result->cause ? result->cause : "no cause", result->why ? result->why : "");
    }
    if (cause) {
        assert_string_equal(result->certainty, certainty);
        assert_string_equal(result->candidates[0], cause);
        assert_true(result->why[0] && result->fix[0]);
    } else {
        assert_null(result->cause);
    }
}

#endif
