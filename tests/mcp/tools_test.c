#include "credctl/base/json.h"
#include "credctl/base/text.h"
#include "credctl/mcp/table.h"

#include "../../src/mcp/command_parts.h"
#include "support/search.h"

#define IDENTITY(account, arn)                                                       \
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:" arn "</Arn>" \
    "<UserId>U:s</UserId><Account>" account "</Account></GetCallerIdentityResult>"   \
    "</GetCallerIdentityResponse>"
#define USER IDENTITY("111122223333", "iam::111122223333:user/u")

/* The result of a call. */
struct called {
    struct cc_mcp_outcome outcome;
    const cJSON *structured; /* NULL when it failed ... */
    const cJSON *error;      /* ... with this */
};

static const struct cc_mcp_tool *tool_named(const char *name)
{
    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        if (cc_text_equal(cc_mcp_tools[i]->name, name)) {
            return cc_mcp_tools[i];
        }
    }
    fail_msg("there is no tool %s", name);
    return NULL;
}

static const cJSON *parsed(struct fake *fake, const char *text)
{
    const cJSON *doc = NULL;
    struct cc_error err;

    if (!cc_json_parse(&fake->run.mem, text, strlen(text), "a result", &doc, &err)) {
        fail_msg("%s: %s", text, err.why);
    }
    return doc;
}

static struct called call_with(struct fake *fake, const struct cc_mcp_call *how,
                               const char *arguments)
{
    struct cc_mcp_call call = *how;
    struct called called = {0};

    call.arguments = arguments ? parsed(fake, arguments) : NULL;
    call.max_output = call.max_output ? call.max_output : 60000;
    call.tool->call(&fake->run, &call, &called.outcome);
    const cJSON *blocks = parsed(fake, called.outcome.content);
    assert_int_equal(cJSON_GetArraySize(blocks), 1);
    assert_string_equal(cc_json_text(blocks->child, "type"), "text");
    const char *text = cc_json_text(blocks->child, "text");
    if (called.outcome.failed) {
        assert_null(called.outcome.structured);
        called.error = parsed(fake, text);
        assert_non_null(cc_json_text(called.error, "fix"));
    } else {
        assert_string_equal(text, called.outcome.structured);
        called.structured = parsed(fake, text);
    }
    return called;
}

static struct called call(struct fake *fake, const char *tool, const char *arguments)
{
    const struct cc_mcp_call how = {.tool = tool_named(tool)};

    return call_with(fake, &how, arguments);
}

static void failed(const struct called *called, const char *code, const char *what)
{
    if (!called->error) {
        fail_msg("it did not fail: %s", called->outcome.structured);
    }
    assert_string_equal(cc_json_text(called->error, "code"), code);
    if (!strstr(cc_json_text(called->error, "what"), what)) {
        fail_msg("%s is not in %s", what, cc_json_text(called->error, "what"));
    }
}

/* The members of the result are those that the output schema requires. */
static void as_in_schema(struct fake *fake, const char *tool, const struct called *called)
{
    const struct cc_mcp_tool *row = tool_named(tool);
    const cJSON *schema = parsed(fake, row->output(&fake->run.mem, row));
    const cJSON *required = cJSON_GetObjectItemCaseSensitive(schema, "required");

    assert_non_null(called->structured);
    assert_int_equal(cJSON_GetArraySize(called->structured), cJSON_GetArraySize(required));
    for (const cJSON *name = required->child; name; name = name->next) {
        assert_non_null(cJSON_GetObjectItemCaseSensitive(called->structured, name->valuestring));
    }
}

static void keys(struct fake *fake)
{
    fake_env(fake, "HOME", "/home/u");
    fake_env(fake, "AWS_REGION", "us-east-1");
    fake_env(fake, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fake_env(fake, "AWS_SECRET_ACCESS_KEY", CANARY);
    fake_env(fake, "AWS_EC2_METADATA_DISABLED", "true");
}

/* --- rows --- */

static void every_row_names_options_that_its_command_has(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        const struct cc_mcp_command *row = cc_mcp_tools[i]->kind;

        for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
            const struct cc_shape_field *field = cc_mcp_option_of(row, one);

            if (!field) {
                fail_msg("%s: there is no option for %s", cc_mcp_tools[i]->name, one->name);
            }
            assert_int_not_equal(field->kind, CC_KIND_SECRET);
        }
        assert_non_null(parsed(fake, cc_mcp_tools[i]->input(&fake->run.mem, cc_mcp_tools[i])));
        assert_non_null(parsed(fake, cc_mcp_tools[i]->output(&fake->run.mem, cc_mcp_tools[i])));
    }
}

static void no_tool_offers_files_programs_or_secrets(void **state)
{
    static const char *const never[] = {"targets",       "journal",    "token_code", "token_file",
                                        "endpoint_url",  "ca_bundle",  "policy",     "resume",
                                        "serial_number", "print_token"};

    (void)state;
    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        const struct cc_mcp_command *row = cc_mcp_tools[i]->kind;

        for (const struct cc_mcp_argument *one = row->arguments; one->name; one++) {
            for (size_t k = 0; k < CC_COUNT(never); k++) {
                assert_string_not_equal(one->option ? one->option : one->name, never[k]);
            }
        }
    }
}

static void every_tool_only_reads_and_has_a_fitting_name(void **state)
{
    (void)state;
    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        const struct cc_mcp_tool *tool = cc_mcp_tools[i];

        assert_false(tool->changes || tool->destructive);
        assert_true(cc_text_consists(tool->name, "_-.", 64));
        assert_true(strlen(tool->about) > 40);
        assert_int_equal(tool->open_world, tool->actions != NULL);
    }
}

/* --- arguments --- */

static void arguments_are_checked_as_options_are(void **state)
{
    struct fake *fake = *state;
    struct called called = call(fake, "GetEnvironmentInfo", "{\"offlin\":true}");

    failed(&called, "usage", "there is no argument \"offlin\"");
    assert_string_equal(cc_json_text(called.error, "fix"), "did you mean offline?");
    called = call(fake, "GetEnvironmentInfo", "{\"offline\":\"yes\"}");
    failed(&called, "usage", "offline has a value of the wrong type");
    called = call(fake, "GetEnvironmentInfo", "{\"timeout\":0}");
    failed(&called, "usage", "timeout");
    called = call(fake, "GetEnvironmentInfo", "{\"timeout\":\"1\"}");
    failed(&called, "usage", "timeout");
    called = call(fake, "GetStoredSecurityContext", NULL);
    failed(&called, "usage", "the argument context_id is missing");
    called = call(fake, "GetStoredSecurityContext", "{\"context_id\":\"\"}");
    failed(&called, "usage", "context_id is empty");
    called = call(fake, "TestCrossAccountAccess", "{\"role_arns\":\"x\"}");
    failed(&called, "usage", "role_arns has a value of the wrong type");
    called = call(fake, "TestCrossAccountAccess", "{\"role_arns\":[1]}");
    failed(&called, "usage", "role_arns has a value of the wrong type");
    called =
        call(fake, "TestCrossAccountAccess", "{\"role_arns\":[\"" ROLE "\"],\"concurrency\":1.5}");
    failed(&called, "usage", "concurrency has a value of the wrong type");
    called =
        call(fake, "TestCrossAccountAccess", "{\"role_arns\":[\"" ROLE "\"],\"concurrency\":1000}");
    failed(&called, "usage", "concurrency: \"1000\" is not valid");
    called = call(fake, "TestCrossAccountAccess", "{}");
    failed(&called, "usage", "there is nothing to test");
}

static void a_value_never_comes_from_a_file_of_the_server(void **state)
{
    struct fake *fake = *state;
    const struct called called =
        call(fake, "TestCrossAccountAccess", "{\"targets\":\"/etc/passwd\"}");

    failed(&called, "usage", "there is no argument \"targets\"");
    assert_int_equal(fake->sent_count, 0);
}

static bool rules_refuse(struct fake *fake, const struct cc_mcp_rules *rules, const char *tool,
                         const char *arguments)
{
    const struct cc_mcp_call how = {.tool = tool_named(tool), .rules = rules};
    const struct called called = call_with(fake, &how, arguments);

    return called.error && cc_text_equal(cc_json_text(called.error, "code"), "access.denied");
}

static void rules_restrict_which_roles_are_assumed(void **state)
{
    static const char *const roles[] = {"arn:aws:iam::*:role/read-*", NULL};
    static const char *const accounts[] = {"123456789012", NULL};
    const struct cc_mcp_rules by_role = {.allow_roles = roles};
    const struct cc_mcp_rules by_account = {.allow_accounts = accounts};
    const struct cc_mcp_rules none = {0};
    struct fake *fake = *state;

    keys(fake);
    assert_true(rules_refuse(fake, &by_role, "TestCrossAccountAccess",
                             "{\"role_arns\":[\"arn:aws:iam::123456789012:role/admin\"]}"));
    assert_true(rules_refuse(fake, &by_role, "TestCrossAccountAccess",
                             "{\"role_arns\":[\"arn:aws:iam::123456789012:role/read-1\","
                             "\"arn:aws:iam::123456789012:role/admin\"]}"));
    assert_true(rules_refuse(fake, &by_account, "ValidateCredentialConfiguration",
                             "{\"role_arn\":\"arn:aws:iam::999999999999:role/read-1\"}"));
    assert_true(
        rules_refuse(fake, &by_account, "ValidateCredentialConfiguration", "{\"profile\":\"p\"}"));
    assert_true(rules_refuse(fake, &by_role, "TestCrossAccountAccess",
                             "{\"organization\":true,\"role_name\":\"read-1\"}"));
    assert_false(rules_refuse(fake, &none, "ValidateCredentialConfiguration",
                              "{\"profile\":\"p\",\"offline\":true}"));
    assert_int_equal(fake->sent_count, 0);
}

/* --- results --- */

static void the_environment_is_told_without_the_network(void **state)
{
    struct fake *fake = *state;
    const struct called called = call(fake, "GetEnvironmentInfo", "{\"offline\":true}");

    as_in_schema(fake, "GetEnvironmentInfo", &called);
    assert_string_equal(cc_json_text(called.structured, "environment"), "local");
    assert_int_equal(fake->sent_count, 0);
}

static void credentials_are_told_with_the_members_of_the_former_server(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    fake_http(fake, STS, 200, USER);
    const struct called called = call(fake, "ValidateCredentialConfiguration", NULL);
    as_in_schema(fake, "ValidateCredentialConfiguration", &called);
    assert_string_equal(cc_json_text(called.structured, "validation_status"), "valid");
    assert_string_equal(cc_json_text(called.structured, "credential_source"), "default_chain");
    assert_string_equal(cc_json_text(called.structured, "account_id"), "111122223333");
    const cJSON *info = cc_json_object(called.structured, "session_info");
    assert_string_equal(cc_json_text(info, "arn"), "arn:aws:iam::111122223333:user/u");
    assert_null(strstr(called.outcome.content, CANARY));
}

static void the_role_of_the_environment_is_told_when_it_is_not_assumed(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    fake_env(fake, "AWS_ASSUME_ROLE_ARN", ROLE);
    fake_env(fake, "AWS_ASSUME_ROLE_EXTERNAL_ID", "secret-like");
    fake_http(fake, STS, 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
              "</ErrorResponse>");
    const struct called called = call(fake, "ValidateCredentialConfiguration", NULL);
    as_in_schema(fake, "ValidateCredentialConfiguration", &called);
    assert_string_equal(cc_json_text(called.structured, "validation_status"), "invalid");
    const cJSON *config = cc_json_object(called.structured, "assume_role_config");
    assert_string_equal(cc_json_text(config, "role_arn"), ROLE);
    assert_string_equal(cc_json_text(config, "session_name"), "mcp-server-session");
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(config, "external_id_configured")));
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(config, "valid")));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(config, "issues")), 1);
    assert_null(strstr(called.outcome.structured, "secret-like"));
}

static void a_role_of_the_call_is_assumed_with_its_external_id(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    fake_http(fake, STS, 200, sts_answer(fake, "AssumeRole"));
    fake_http(fake, STS, 200, IDENTITY("123456789012", "sts::123456789012:assumed-role/r/me"));
    const struct called called =
        call(fake, "ValidateCredentialConfiguration",
             "{\"session_name\":\"me\",\"external_id\":\"ext-1\",\"role_arn\":\"" ROLE "\"}");
    assert_string_equal(cc_json_text(called.structured, "credential_source"), "assume_role");
    assert_non_null(strstr(fake->sent[0].body, "ExternalId=ext-1"));
    assert_non_null(strstr(fake->sent[0].body, "RoleSessionName=me"));
}

static void the_checks_of_the_host_are_told(void **state)
{
    struct fake *fake = *state;

    keys(fake);
    const struct called called = call(fake, "ValidateHostingEnvironment", "{\"offline\":true}");
    as_in_schema(fake, "ValidateHostingEnvironment", &called);
    assert_true(cJSON_IsBool(cJSON_GetObjectItem(called.structured, "is_valid")));
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_row_names_options_that_its_command_has),
        IN_FAKE_WORLD(no_tool_offers_files_programs_or_secrets),
        IN_FAKE_WORLD(every_tool_only_reads_and_has_a_fitting_name),
        IN_FAKE_WORLD(arguments_are_checked_as_options_are),
        IN_FAKE_WORLD(a_value_never_comes_from_a_file_of_the_server),
        IN_FAKE_WORLD(rules_restrict_which_roles_are_assumed),
        IN_FAKE_WORLD(the_environment_is_told_without_the_network),
        IN_FAKE_WORLD(credentials_are_told_with_the_members_of_the_former_server),
        IN_FAKE_WORLD(the_role_of_the_environment_is_told_when_it_is_not_assumed),
        IN_FAKE_WORLD(a_role_of_the_call_is_assumed_with_its_external_id),
        IN_FAKE_WORLD(the_checks_of_the_host_are_told),
        IN_FAKE_WORLD(a_long_result_is_cut_and_goes_on_with_its_cursor),
        IN_FAKE_WORLD(a_result_that_cannot_be_stored_says_that_it_was_cut),
        IN_FAKE_WORLD(a_cursor_is_good_for_its_tool_and_its_time),
        IN_FAKE_WORLD(a_result_is_kept_for_the_one_who_stored_it),
        IN_FAKE_WORLD(a_handle_of_another_region_or_an_old_one_is_not_known),
        IN_FAKE_WORLD(a_handle_of_another_identity_is_not_known),
        IN_FAKE_WORLD(what_cannot_be_kept_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
