#include "credctl/commands/command.h"

#include "support/search.h"

#define FOLDER "/home/u/.cache/credctl"

extern const struct cc_command cc_command_session;
extern const struct cc_command cc_command_session_clear;
extern const struct cc_command cc_command_session_show;

static void json_free(cJSON **result)
{
    cJSON_Delete(*result);
}

#define RESULT CC_CLEANUP(json_free) cJSON *result = cJSON_CreateObject()

static bool ask(struct fake *fake, const struct cc_command *command, const char *flag,
                cJSON *result)
{
    struct cc_args *args = cc_args_new(&fake->run.mem);
    struct cc_error err = {0};

    cc_args_add(args, flag, NULL);
    fake->run.exit_status = 0;
    if (!command->run(&fake->run, args, result, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return fake->run.exit_status == 0;
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
    RESULT;

    begin(fake);
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    fake_http(fake, STS, 200, identity);
    assert_true(ask(fake, &cc_command_session, "debug", result));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(result, "cached")));
}

static void check_schema(const struct cc_command *command, const cJSON *result)
{
    cJSON *schema = cJSON_Parse(command->schema);
    const cJSON *name = NULL;
    int count = 0;

    assert_non_null(schema);
    cJSON_ArrayForEach (name, cJSON_GetObjectItem(schema, "required")) {
        assert_true(cJSON_HasObjectItem(result, cJSON_GetStringValue(name)));
        count++;
    }
    assert_int_equal(cJSON_GetArraySize(result), count);
    cJSON_Delete(schema);
}

static void session_says_when_the_cache_answered_and_how_old_that_is(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, 65536);
    RESULT;

    fill_cache(fake);
    fake->now += 125;
    fake_http(fake, STS, 200, identity);
    assert_true(ask(fake, &cc_command_session, "debug", result));
    check_schema(&cc_command_session, result);
    const cJSON *cached = cJSON_GetObjectItem(result, "cached");
    assert_string_equal(cc_json_text(cached, "by"), "credctl");
    assert_string_equal(cc_json_text(cached, "fetched"), "2027-01-15T08:00:00Z");
    assert_int_equal(cJSON_GetObjectItem(cached, "age_seconds")->valuedouble, 125);
    cc_command_session.print(result, &text);
    assert_non_null(strstr(text.text, "cached   by credctl"));
}

static void keys_from_the_cache_that_sts_rejects_are_fetched_anew(void **state)
{
    struct fake *fake = *state;
    RESULT;

    fill_cache(fake);
    fake_http(fake, STS, 403, invalid);
    const char *answer = sts_answer(fake, "AssumeRole");
    char *other = cc_text_dup(&fake->mem, answer, strlen(answer));
    memcpy(strstr(other, "ASIAROLE"), "ASIAFINE", 8);
    fake_http(fake, STS, 200, other);
    fake_http(fake, STS, 200, identity);
    assert_true(ask(fake, &cc_command_session, "debug", result));
    assert_string_equal(cc_json_text(result, "access_key_id"), "****FINE");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(result, "cached")));
}

static void no_cache_reads_and_writes_nothing(void **state)
{
    struct fake *fake = *state;

    begin(fake);
    for (int i = 0; i < 2; i++) {
        RESULT;

        fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
        fake_http(fake, STS, 200, identity);
        assert_true(ask(fake, &cc_command_session, "no-cache", result));
    }
    for (const struct fake_pair *row = fake->files; row->name; row++) {
        assert_null(strstr(row->name, "credctl"));
    }
}

static void the_list_has_the_schema_s_fields_and_no_secret(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, 65536);
    RESULT;

    fill_cache(fake);
    assert_true(ask(fake, &cc_command_session_show, "cached", result));
    check_schema(&cc_command_session_show, result);
    const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItem(result, "entries"), 0);
    assert_string_equal(cc_json_text(row, "holds"), "credentials");
    assert_string_equal(cc_json_text(row, "role_arn"), ROLE);
    assert_string_equal(cc_json_text(row, "role_name"), "r");
    assert_string_equal(cc_json_text(row, "source"), "environment");
    assert_int_equal(cJSON_GetObjectItem(row, "expires_in_seconds")->valuedouble, 3600);
    cc_command_session_show.print(result, &text);
    assert_non_null(strstr(text.text, ROLE));
    char *all = cJSON_PrintUnformatted(result);
    assert_null(strstr(all, CANARY));
    assert_null(strstr(text.text, CANARY));
    cJSON_free(all);
}

static void clearing_says_what_is_gone(void **state)
{
    struct fake *fake = *state;
    struct cc_buf text = cc_buf_new(&fake->mem, 65536);
    RESULT;

    fill_cache(fake);
    assert_true(ask(fake, &cc_command_session_clear, "debug", result));
    check_schema(&cc_command_session_clear, result);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "removed")), 1);
    cc_command_session_clear.print(result, &text);
    assert_non_null(strstr(text.text, "Removed from " FOLDER));
}

static void clearing_an_empty_cache_is_no_failure(void **state)
{
    struct fake *fake = *state;
    RESULT;

    begin(fake);
    assert_true(ask(fake, &cc_command_session_clear, "all", result));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "removed")), 0);
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
