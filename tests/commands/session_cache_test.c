#include "support/command.h"
#include "support/search.h"

#define FOLDER "/home/u/.cache/credctl"

/* "session" and what follows it; NULL for nothing. */
static struct asked ask(struct fake *fake, const char *verb, const char *option)
{
    struct asked result;
    struct cc_error err = {0};

    if (!ASK(fake, &result, &err, "session", verb ? verb : option, verb ? option : NULL)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    assert_int_equal(fake->run.exit_status, 0);
    return result;
}

static void no_answer_from(struct fake *fake, const char *url)
{
    fake_http_row(fake,
                  (struct fake_exchange){
                      .url = url, .failure = CC_NET_NO_ROUTE, .optional = true, .forever = true});
}

static void begin(struct fake *fake)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIABASE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE);
    no_answer_from(fake, "http://169.254.169.254/latest/api/token");
    no_answer_from(fake, "http://[fd00:ec2::254]/latest/api/token");
}

static const char *identity =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::210987654321:"
    "assumed-role/r/s</Arn><UserId>U:s</UserId><Account>210987654321</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>";
static const char *invalid =
    "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>no"
    "</Message></Error><RequestId>r</RequestId></ErrorResponse>";

static void fill_cache(struct fake *fake)
{
    begin(fake);
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    fake_http(fake, STS, 200, identity);
    const struct asked result = ask(fake, NULL, NULL);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(result.json, "cached")));
}

static void session_says_when_the_cache_answered_and_how_old_that_is(void **state)
{
    struct fake *fake = *state;

    fill_cache(fake);
    fake->now += 125;
    fake_http(fake, STS, 200, identity);
    const struct asked result = ask(fake, NULL, NULL);
    asked_as_in_schema(fake, &result);
    const cJSON *cached = cJSON_GetObjectItem(result.json, "cached");
    assert_string_equal(cc_json_text(cached, "by"), "credctl");
    assert_string_equal(cc_json_text(cached, "fetched"), "2027-01-15T08:00:00Z");
    assert_int_equal(cJSON_GetObjectItem(cached, "age_seconds")->valuedouble, 125);
    const char *text = asked_text(fake, &result);
    assert_non_null(strstr(text, "cached   by credctl"));
}

static void keys_from_the_cache_that_sts_rejects_are_fetched_anew(void **state)
{
    struct fake *fake = *state;

    fill_cache(fake);
    fake_http(fake, STS, 403, invalid);
    const char *answer = sts_answer(fake, "AssumeRole");
    char *other = cc_text_dup(&fake->mem, answer, strlen(answer));
    memcpy(strstr(other, "ASIAROLE"), "ASIAFINE", 8);
    fake_http(fake, STS, 200, other);
    fake_http(fake, STS, 200, identity);
    const struct asked result = ask(fake, NULL, NULL);
    assert_string_equal(cc_json_text(result.json, "access_key_id"), "****FINE");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(result.json, "cached")));
}

static void no_cache_reads_and_writes_nothing(void **state)
{
    struct fake *fake = *state;

    begin(fake);
    for (int i = 0; i < 2; i++) {
        fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
        fake_http(fake, STS, 200, identity);
        (void)ask(fake, NULL, "--no-cache");
    }
    for (const struct fake_pair *row = fake->files; row->name; row++) {
        assert_null(strstr(row->name, "credctl"));
    }
}

static void the_list_has_the_schema_s_fields_and_no_secret(void **state)
{
    struct fake *fake = *state;

    fill_cache(fake);
    const struct asked result = ask(fake, "show", "--cached");
    asked_as_in_schema(fake, &result);
    const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItem(result.json, "entries"), 0);
    assert_string_equal(cc_json_text(row, "holds"), "credentials");
    assert_string_equal(cc_json_text(row, "role_arn"), ROLE);
    assert_string_equal(cc_json_text(row, "role_name"), "r");
    assert_string_equal(cc_json_text(row, "source"), "environment");
    assert_int_equal(cJSON_GetObjectItem(row, "expires_in_seconds")->valuedouble, 3600);
    const char *text = asked_text(fake, &result);
    assert_non_null(strstr(text, ROLE));
    char *all = cJSON_PrintUnformatted(result.json);
    assert_null(strstr(all, CANARY));
    assert_null(strstr(text, CANARY));
    cJSON_free(all);
}

static void clearing_says_what_is_gone(void **state)
{
    struct fake *fake = *state;

    fill_cache(fake);
    const struct asked result = ask(fake, "clear", NULL);
    asked_as_in_schema(fake, &result);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result.json, "removed")), 1);
    const char *text = asked_text(fake, &result);
    assert_non_null(strstr(text, "Removed from " FOLDER));
}

static void clearing_an_empty_cache_is_no_failure(void **state)
{
    struct fake *fake = *state;

    begin(fake);
    const struct asked result = ask(fake, "clear", "--all");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result.json, "removed")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(session_says_when_the_cache_answered_and_how_old_that_is),
        IN_FAKE_WORLD(keys_from_the_cache_that_sts_rejects_are_fetched_anew),
        IN_FAKE_WORLD(no_cache_reads_and_writes_nothing),
        IN_FAKE_WORLD(the_list_has_the_schema_s_fields_and_no_secret),
        IN_FAKE_WORLD(clearing_says_what_is_gone),
        IN_FAKE_WORLD(clearing_an_empty_cache_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
