#include "tools_support.h"

/* --- results that are too long --- */

#define SHORT 2500

static struct called short_call(struct fake *fake, const char *arguments)
{
    const struct cc_mcp_call how = {.tool = tool_named("ValidateHostingEnvironment"),
                                    .max_output = SHORT};

    return call_with(fake, &how, arguments);
}

static const cJSON *checks_of(const struct called *called)
{
    return cJSON_GetObjectItem(cJSON_GetObjectItem(called->structured, "details"), "checks");
}

static void a_long_result_is_cut_and_goes_on_with_its_cursor(void **state)
{
    struct fake *fake = *state;
    int count = 0;
    int pages = 0;

    keys(fake);
    const struct called all = call(fake, "ValidateHostingEnvironment", "{\"offline\":true}");
    const char *arguments = "{\"offline\":true}";
    while (arguments && pages < 100) {
        const struct called page = short_call(fake, arguments);

        assert_non_null(page.structured);
        assert_true(strlen(page.outcome.structured) <= SHORT + 128);
        for (const cJSON *item = checks_of(&page)->child; item; item = item->next) {
            const cJSON *same = cJSON_GetArrayItem(checks_of(&all), count++);

            assert_true(cJSON_Compare(item, same, true));
        }
        const char *cursor = cc_json_text(page.structured, "next_cursor");
        assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(page.structured, "truncated")),
                         cursor != NULL);
        arguments = cursor ? cc_textf(&fake->mem, "{\"cursor\":\"%s\"}", cursor) : NULL;
        pages++;
    }
    assert_true(pages > 1);
    assert_int_equal(count, cJSON_GetArraySize(checks_of(&all)));
}

static void a_result_that_cannot_be_stored_says_that_it_was_cut(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    fake->folder_fails = CC_E_UNWRITABLE;
    const struct called page = short_call(fake, "{\"offline\":true}");
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(page.structured, "truncated")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(page.structured, "next_cursor")));
}

static void a_cursor_is_good_for_its_tool_and_its_time(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    const struct called first = short_call(fake, "{\"offline\":true}");
    const char *cursor = cc_json_text(first.structured, "next_cursor");
    const char *arguments = cc_textf(&fake->mem, "{\"cursor\":\"%s\"}", cursor);
    struct called next = call(fake, "GetEnvironmentInfo", arguments);
    failed(&next, "usage", "the cursor is not one of this tool");
    fake->file_age = 3601;
    next = short_call(fake, arguments);
    failed(&next, "expectation.failed", "there is no stored result");
    fake->file_age = 0;
    static const char *const wrong[] = {"x", "x.1", "../../etc/passwd.0",
                                        "",  ".",   "00000000000000000000000000000000.0"};
    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        next = short_call(fake, cc_textf(&fake->mem, "{\"cursor\":\"%s\"}", wrong[i]));
        assert_non_null(next.error);
    }
    next = short_call(fake, cc_textf(&fake->mem, "{\"cursor\":\"%.32s.99999\"}", cursor));
    failed(&next, "usage", "the cursor is not one of this result");
    next = short_call(fake, "{\"cursor\":5}");
    failed(&next, "usage", "cursor");
}

/* --- results that are kept --- */

#define ASSUMED_TWICE "{\"role_arns\":[\"" ROLE "\"],\"store_in_context\":true}"

static const char *store(struct fake *fake)
{
    keys(fake);
    fake_http_row(
        fake,
        (struct fake_exchange){
            .url = STS, .part = "GetCallerIdentity", .status = 200, .body = USER, .forever = true});
    fake_http_row(fake, (struct fake_exchange){.url = STS,
                                               .part = "Action=AssumeRole",
                                               .status = 200,
                                               .body = sts_answer(fake, "AssumeRole"),
                                               .forever = true});
    const struct called called = call(fake, "TestCrossAccountAccess", ASSUMED_TWICE);
    as_in_schema(fake, "TestCrossAccountAccess", &called);
    return cc_json_text(called.structured, "context_id");
}

static struct called fetch(struct fake *fake, const char *id, const char *more)
{
    return call(fake, "GetStoredSecurityContext",
                cc_textf(&fake->mem, "{\"context_id\":\"%s\"%s}", id, more));
}

static void a_result_is_kept_for_the_one_who_stored_it(void **state)
{
    struct fake *fake = *state;
    const char *id = store(fake);

    assert_non_null(id);
    assert_int_equal(strlen(id), 32);
    const struct called found = fetch(fake, id, ",\"detailed\":true");
    as_in_schema(fake, "GetStoredSecurityContext", &found);
    assert_string_equal(cc_json_text(found.structured, "tool"), "TestCrossAccountAccess");
    assert_string_equal(cc_json_text(found.structured, "region"), "us-east-1");
    assert_non_null(cc_json_object(found.structured, "data"));
    const struct called brief = fetch(fake, id, "");
    assert_null(cc_json_object(brief.structured, "data"));
}

static void a_handle_of_another_region_or_an_old_one_is_not_known(void **state)
{
    struct fake *fake = *state;
    const char *id = store(fake);

    fake_http_row(fake, (struct fake_exchange){.url = "https://sts.eu-west-1.amazonaws.com/",
                                               .status = 200,
                                               .body = USER});
    struct called other = fetch(fake, id, ",\"region\":\"eu-west-1\"");
    failed(&other, "expectation.failed", "there is no stored result with this handle");
    fake->file_age = 3601;
    other = fetch(fake, id, "");
    failed(&other, "expectation.failed", "there is no stored result with this handle");
}

static void a_handle_of_another_identity_is_not_known(void **state)
{
    struct fake *fake = *state;
    const char *id = store(fake);
    const struct cc_mcp_call how = {.tool = tool_named("GetStoredSecurityContext")};

    for (size_t i = 0; fake->http[i].url; i++) {
        if (cc_text_equal(fake->http[i].part, "GetCallerIdentity")) {
            fake->http[i].body = IDENTITY("999999999999", "iam::999999999999:user/u");
        }
    }
    const struct called other =
        call_with(fake, &how, cc_textf(&fake->mem, "{\"context_id\":\"%s\"}", id));
    failed(&other, "expectation.failed", "there is no stored result with this handle");
}

static void what_cannot_be_kept_is_said(void **state)
{
    struct fake *fake = *state;

    fake->disk_full = true;
    assert_null(store(fake));
    fake->disk_full = false;
}

/* --- credentials that have expired --- */

struct expiring {
    bool no_cache;
    const char *region;
};

static int runs;
static bool never_fresh;

static bool expire(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct expiring *given = options;

    (void)run;
    runs++;
    if (never_fresh || !given->no_cache) {
        return cc_fail(err, CC_E_EXPIRED, "the token has expired");
    }
    *(struct expiring *)answer = *given;
    return true;
}

static const struct cc_shape_field expiring_fields[] = {
    CC_ROW(FLAG, struct expiring, no_cache, NULL, "neither read nor write the cache"),
    CC_ROW(TEXT, struct expiring, region, "REGION", "region", .rules = CC_NULL),
    {0},
};
static const struct cc_shape expiring_shape = {"expiring", expiring_fields,
                                               sizeof(struct expiring)};
static const struct cc_command expiring_command = {
    .name = "expiring", .options = &expiring_shape, .answer = &expiring_shape, .run = expire};
static const struct cc_mcp_argument expiring_arguments[] = {{.name = "region"}, {0}};
static const struct cc_mcp_command expiring_row = {.command = &expiring_command,
                                                   .arguments = expiring_arguments};
static const struct cc_mcp_tool expiring_tool = {
    .name = "Expiring", .kind = &expiring_row, .call = cc_mcp_command_call};

static void expired_credentials_are_fetched_once_more_without_the_cache(void **state)
{
    const struct cc_mcp_call how = {.tool = &expiring_tool};

    runs = 0;
    never_fresh = false;
    const struct called fresh = call_with(*state, &how, "{\"region\":\"eu-west-1\"}");
    assert_string_equal(cc_json_text(fresh.structured, "region"), "eu-west-1");
    assert_int_equal(runs, 2);
    never_fresh = true;
    const struct called stale = call_with(*state, &how, NULL);
    failed(&stale, "credentials.expired", "the token has expired");
    assert_int_equal(runs, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_long_result_is_cut_and_goes_on_with_its_cursor),
        IN_FAKE_WORLD(a_result_that_cannot_be_stored_says_that_it_was_cut),
        IN_FAKE_WORLD(a_cursor_is_good_for_its_tool_and_its_time),
        IN_FAKE_WORLD(a_result_is_kept_for_the_one_who_stored_it),
        IN_FAKE_WORLD(a_handle_of_another_region_or_an_old_one_is_not_known),
        IN_FAKE_WORLD(a_handle_of_another_identity_is_not_known),
        IN_FAKE_WORLD(what_cannot_be_kept_is_said),
        IN_FAKE_WORLD(expired_credentials_are_fetched_once_more_without_the_cache),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
