#include "tools_support.h"

/* --- rows --- */

static void every_row_names_options_that_its_command_has(void **state)
{
    struct fake *fake = *state;

    for (size_t i = 0; cc_mcp_tools[i]; i++) {
        const struct cc_mcp_command *row = cc_mcp_tools[i]->kind;

        assert_true(row->command->flags & CC_FOR_AGENTS);
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
    static const char *const never[] = {"targets",       "journal",     "token_code",  "token_file",
                                        "endpoint_url",  "ca_bundle",   "policy",      "resume",
                                        "serial_number", "print_token", "output_file", "output_dir",
                                        "force"};

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
        assert_int_equal(tool->open_world, tool->actions || tool->actions_from);
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
    called = call(fake, "TestCrossAccountAccess", "{\"store_in_context\":1}");
    failed(&called, "usage", "store_in_context has a value of the wrong type");
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

static void a_template_is_generated_and_nothing_is_written(void **state)
{
    struct fake *fake = *state;
    const struct called called = call(
        fake, "GenerateDeploymentTemplates",
        "{\"kind\":\"cross-account\",\"source_role_arn\":\"arn:aws:iam::111122223333:role/host\","
        "\"target_accounts\":[\"222233334444\"],\"external_id\":\"x-42x42\"}");

    as_in_schema(fake, "GenerateDeploymentTemplates", &called);
    const cJSON *templates = cJSON_GetObjectItem(called.structured, "templates");
    assert_int_equal(cJSON_GetArraySize(templates), 1);
    assert_non_null(strstr(cc_json_text(templates->child, "template"), "sts:AssumeRole"));
    assert_int_equal(fake->sent_count, 0);
    const struct called kinds = call(fake, "GenerateDeploymentTemplates", "{\"list\":true}");
    assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(kinds.structured, "kinds")) > 5);
    const struct called wrong = call(fake, "GenerateDeploymentTemplates", "{\"kind\":[\"ec2\"]}");
    failed(&wrong, "usage", "kind has a value of the wrong type");
    const struct called none = call(fake, "GenerateDeploymentTemplates", "{\"kind\":\"ec3\"}");
    failed(&none, "usage", "kind");
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
        IN_FAKE_WORLD(a_template_is_generated_and_nothing_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
