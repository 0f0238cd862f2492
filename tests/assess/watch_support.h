#ifndef TESTS_ASSESS_WATCH_SUPPORT_H
#define TESTS_ASSESS_WATCH_SUPPORT_H

/* The security services of an account in eu-west-1, as the fake world answers for them. */

#include "credctl/assess/findings.h"
#include "credctl/assess/inventory.h"
#include "credctl/assess/services.h"
#include "credctl/base/text.h"

#include "support/command.h"

#define AWS(host)   "https://" host ".eu-west-1.amazonaws.com"
#define STS         AWS("sts") "/"
#define SUPPORT     "https://support.us-east-1.amazonaws.com/"
#define DETECTOR    AWS("guardduty") "/detector"
#define ACCOUNT     "111122223333"
#define DENIED_HEAD "x-amzn-ErrorType: AccessDeniedException\r\n"
#define DENIED_BODY "{\"message\":\"no\"}"

static struct asked got;
static struct cc_error err;

static inline void row(struct fake *fake, const char *url, const char *part, const char *body)
{
    fake_http_row(fake, (struct fake_exchange){.url = url,
                                               .part = part,
                                               .status = 200,
                                               .body = body,
                                               .optional = true,
                                               .forever = true});
}

/* Before the row of `a_day`, so that it is found first. */
static inline void refuses(struct fake *fake, const char *url, int status, const char *head,
                           const char *body)
{
    fake_http_row(fake, (struct fake_exchange){.url = url,
                                               .status = status,
                                               .head = head,
                                               .body = body,
                                               .optional = true,
                                               .forever = true});
}

static inline void caller(struct fake *fake)
{
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_REGION", "eu-west-1");
    fake_env(fake, "AWS_MAX_ATTEMPTS", "1");
    row(fake, STS, "GetCallerIdentity",
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::" ACCOUNT
        ":user/ci</Arn><UserId>AIDA</UserId><Account>" ACCOUNT
        "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
}

/* All services are on, and have a finding or more. */
static inline void a_day(struct fake *fake)
{
    caller(fake);
    row(fake, DETECTOR "?maxResults=50", NULL, "{\"detectorIds\":[\"d1\"]}");
    row(fake, DETECTOR "/d1", NULL, "{\"status\":\"ENABLED\"}");
    row(fake, DETECTOR "/d1/findings", NULL, "{\"findingIds\":[\"a\",\"b\"]}");
    row(fake, DETECTOR "/d1/findings/get", NULL,
        "{\"findings\":[{\"id\":\"a\",\"severity\":8.2,\"type\":\"T\",\"title\":\"first\"},"
        "{\"id\":\"b\",\"severity\":9.5,\"type\":\"T\",\"title\":\"second\",\"resource\":"
        "{\"resourceType\":\"Instance\",\"instanceDetails\":{\"instanceId\":\"i-1\"}}}]}");
    row(fake, AWS("inspector2") "/status/batch/get", NULL,
        "{\"accounts\":[{\"accountId\":\"1\",\"state\":{\"status\":\"ENABLED\"},\"resourceState\":"
        "{\"ec2\":{\"status\":\"ENABLED\"},\"ecr\":{\"status\":\"DISABLED\"},\"lambda\":"
        "{\"status\":\"DISABLED\"}}}],\"failedAccounts\":[]}");
    row(fake, AWS("inspector2") "/findings/list", NULL,
        "{\"findings\":[{\"findingArn\":\"f\",\"severity\":\"HIGH\",\"title\":\"CVE\","
        "\"updatedAt\":1700000000.5}]}");
    row(fake, AWS("access-analyzer") "/analyzer?maxResults=100", NULL,
        "{\"analyzers\":[{\"name\":\"n\",\"arn\":\"arn:a\",\"type\":\"ACCOUNT\",\"status\":"
        "\"ACTIVE\"}]}");
    row(fake, AWS("access-analyzer") "/finding", NULL,
        "{\"findings\":[{\"id\":\"x\",\"resource\":\"arn:aws:s3:::b\",\"isPublic\":true,"
        "\"resourceType\":\"AWS::S3::Bucket\",\"action\":[\"s3:GetObject\"]}]}");
    row(fake, AWS("securityhub") "/accounts", NULL, "{\"HubArn\":\"arn:hub\"}");
    row(fake, AWS("securityhub") "/standards/get", NULL,
        "{\"StandardsSubscriptions\":[{\"StandardsArn\":\"arn:aws:securityhub:::ruleset/cis/v/"
        "1.2.0\",\"StandardsStatus\":\"READY\"}]}");
    row(fake, AWS("securityhub") "/findings", NULL,
        "{\"Findings\":[{\"Id\":\"h\",\"Severity\":{\"Label\":\"CRITICAL\"},\"Resources\":"
        "[{\"Type\":\"AwsS3Bucket\",\"Id\":\"arn:b\"}]}]}");
    row(fake, SUPPORT, "DescribeTrustedAdvisorChecks",
        "{\"checks\":[{\"id\":\"c1\",\"name\":\"Check\",\"category\":\"security\"},"
        "{\"id\":\"c2\",\"name\":\"Cost\",\"category\":\"cost_optimizing\"}]}");
    row(fake, SUPPORT, "DescribeTrustedAdvisorCheckResult",
        "{\"result\":{\"status\":\"error\",\"resourcesSummary\":{\"resourcesFlagged\":2}}}");
    row(fake, AWS("macie2") "/macie", NULL, "{\"status\":\"ENABLED\",\"createdAt\":1700000000}");
    row(fake, AWS("macie2") "/findings", NULL, "{\"findingIds\":[\"m\"]}");
    row(fake, AWS("macie2") "/findings/describe", NULL,
        "{\"findings\":[{\"id\":\"m\",\"severity\":{\"description\":\"High\",\"score\":3}}]}");
}

static inline const cJSON *at(const char *path)
{
    const cJSON *item = got.json;

    while (item && *path) {
        char name[64];
        const size_t len = strcspn(path, "/");

        assert_true(len < sizeof(name));
        memcpy(name, path, len);
        name[len] = '\0';
        item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, name[0] - '0')
                                   : cJSON_GetObjectItemCaseSensitive(item, name);
        path += len + (path[len] == '/');
    }
    assert_non_null(item);
    return item;
}

static inline const char *text_at(const char *path)
{
    assert_true(cJSON_IsString(at(path)));
    return at(path)->valuestring;
}

static inline int number_at(const char *path)
{
    assert_true(cJSON_IsNumber(at(path)));
    return at(path)->valueint;
}

#endif
