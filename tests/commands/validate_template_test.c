#include "credctl/base/buf.h"

#include "support/command.h"
#include "support/fake_machine.h"

#define TEMPLATE "validate", "template"
#define GOOD     "Resources: {Q: {Type: AWS::SQS::Queue}}\n"
#define BAD      "Resources: {Q: {Type: AWS::SQS::Queu}}\n"
#define ODD      "Parameters: {P: {Type: String}}\n" GOOD

static int number(const struct asked *result, const char *name)
{
    return (int)cJSON_GetObjectItemCaseSensitive(result->json, name)->valuedouble;
}

static size_t checked(const struct asked *result)
{
    return (size_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(result->json, "files"));
}

static void every_field_of_the_schema_is_there_and_no_other(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/a.yaml", BAD);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/a.yaml"));
    asked_as_in_schema(fake, &result);
}

static void the_exit_status_follows_the_severity(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/good.yaml", GOOD);
    fake_file(fake, "/bad.yaml", BAD);
    fake_file(fake, "/odd.yaml", ODD);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/good.yaml"));
    assert_int_equal(fake->run.exit_status, 0);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/bad.yaml"));
    assert_int_equal(fake->run.exit_status, 1);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/odd.yaml"));
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(number(&result, "warnings"), 1);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/odd.yaml", "--fail-on", "warning"));
    assert_int_equal(fake->run.exit_status, 1);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/odd.yaml", "--fail-on", "warning", "--ignore",
                    "UNUSED_PARAMETER"));
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(number(&result, "warnings"), 0);
}

static void a_finding_is_told_with_its_place_and_its_remedy(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/bad.yaml", BAD);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/bad.yaml"));
    const char *text = asked_text(fake, &result);
    assert_non_null(strstr(text, "/bad.yaml:1:23: error: "));
    assert_non_null(strstr(text, "[UNKNOWN_TYPE]\n    try: "));
    assert_non_null(strstr(text, "not valid: 1 template, 1 error, 0 security findings"));
}

static void a_template_can_come_from_standard_input(void **state)
{
    struct fake *fake = *state;
    struct fake_machine machine;
    struct asked result;
    struct cc_error err;

    fake_machine_install(fake, &machine);
    machine.input = BAD;
    assert_true(ASK(fake, &result, &err, TEMPLATE, "-"));
    assert_int_equal(number(&result, "errors"), 1);
}

static void a_folder_stands_for_the_templates_in_it(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/all/b/bad.json", "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queu\"}}}");
    fake_file(fake, "/all/a.yml", GOOD);
    fake_file(fake, "/all/c.template", GOOD);
    fake_file(fake, "/all/package.json", "{\"name\": \"x\"}");
    fake_file(fake, "/all/notes.txt", BAD);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/all"));
    assert_int_equal(fake->run.exit_status, 1);
    assert_int_equal(number(&result, "errors"), 1);
    assert_int_equal(number(&result, "skipped"), 1);
    assert_int_equal(checked(&result), 3);
    const cJSON *files = cJSON_GetObjectItemCaseSensitive(result.json, "files");
    assert_string_equal(cJSON_GetArrayItem(files, 0)->valuestring, "/all/a.yml");
    assert_string_equal(cJSON_GetArrayItem(files, 1)->valuestring, "/all/b/bad.json");
    assert_non_null(strstr(asked_text(fake, &result), "; 1 other file skipped"));
}

static void a_file_that_is_named_is_never_skipped(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/package.json", "{\"name\": \"x\"}");
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/package.json"));
    assert_int_equal(fake->run.exit_status, 1);
    assert_int_equal(number(&result, "skipped"), 0);
}

static void what_cannot_be_checked_is_an_error(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    assert_false(ASK(fake, &result, &err, TEMPLATE));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_false(ASK(fake, &result, &err, TEMPLATE, "/none.yaml"));
    assert_int_equal(err.code, CC_E_UNREADABLE);
    assert_false(ASK(fake, &result, &err, TEMPLATE, "/none.yaml", "--ignore", "NO_SUCH_CODE"));
    assert_int_equal(err.code, CC_E_USAGE);
    fake_file(fake, "/empty/notes.txt", "x");
    assert_false(ASK(fake, &result, &err, TEMPLATE, "/empty"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.what, "no template in /empty"));
    fake->crowded = true;
    assert_false(ASK(fake, &result, &err, TEMPLATE, "/empty"));
    assert_int_equal(err.code, CC_E_TOO_BIG);
}

static void folders_in_folders_have_an_end(void **state)
{
    struct fake *fake = *state;
    struct asked result;
    struct cc_error err;

    fake_file(fake, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/t.yaml", GOOD);
    assert_false(ASK(fake, &result, &err, TEMPLATE, "/a"));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_true(ASK(fake, &result, &err, TEMPLATE, "/a/b/c/d/e/f"));
    assert_int_equal(checked(&result), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_field_of_the_schema_is_there_and_no_other),
        IN_FAKE_WORLD(the_exit_status_follows_the_severity),
        IN_FAKE_WORLD(a_finding_is_told_with_its_place_and_its_remedy),
        IN_FAKE_WORLD(a_template_can_come_from_standard_input),
        IN_FAKE_WORLD(a_folder_stands_for_the_templates_in_it),
        IN_FAKE_WORLD(a_file_that_is_named_is_never_skipped),
        IN_FAKE_WORLD(what_cannot_be_checked_is_an_error),
        IN_FAKE_WORLD(folders_in_folders_have_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
