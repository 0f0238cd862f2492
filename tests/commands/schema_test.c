#include "credctl/commands/shared.h"

#include "support/command.h"

static const cJSON *told(struct fake *fake, const struct asked *result)
{
    const struct cc_document *document = result->answer;
    struct cc_buf out = cc_buf_new(&fake->mem, (size_t)1 << 20);
    struct cc_json_writer writer = {.out = &out};
    const struct cc_teller teller = cc_json_teller(&writer);
    const cJSON *doc = NULL;
    struct cc_error err;

    document->tell(document->about, &fake->mem, &teller);
    if (!cc_json_parse(&fake->mem, out.text, out.len, "schema", &doc, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
    return doc;
}

static void the_schema_of_one_command_has_the_fields_of_its_answer(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(ASK(*state, &result, &err, "schema", "detect"));
    const cJSON *schema = told(*state, &result);
    const cJSON *properties = cJSON_GetObjectItem(schema, "properties");
    assert_true(cJSON_HasObjectItem(properties, "environment"));
    assert_true(cJSON_HasObjectItem(properties, "evidence"));
    assert_false(cJSON_HasObjectItem(properties, "arn"));
}

static void a_command_of_two_words_and_the_error_have_one_too(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_true(ASK(*state, &result, &err, "schema", "session", "show"));
    const cJSON *schema = told(*state, &result);
    assert_true(cJSON_HasObjectItem(cJSON_GetObjectItem(schema, "properties"), "entries"));
    assert_true(ASK(*state, &result, &err, "schema", cc_failure_shape.name));
    schema = told(*state, &result);
    assert_true(cJSON_HasObjectItem(cJSON_GetObjectItem(schema, "properties"), "error"));
}

static void without_a_name_every_answer_is_there_once(void **state)
{
    struct asked result;
    struct cc_error err;
    int count = 1; /* the error */

    assert_true(ASK(*state, &result, &err, "schema"));
    const cJSON *all = told(*state, &result);
    for (const struct cc_command *const *command = cc_commands; *command; command++) {
        assert_int_equal(cJSON_HasObjectItem(all, (*command)->name), (*command)->answer != NULL);
        count += (*command)->answer != NULL;
    }
    assert_true(cJSON_HasObjectItem(all, cc_failure_shape.name));
    assert_int_equal(cJSON_GetArraySize(all), count);
}

static void what_has_no_schema_is_told_apart_from_what_is_no_command(void **state)
{
    struct asked result;
    struct cc_error err;

    assert_false(ASK(*state, &result, &err, "schema", "session", "export"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.why, "its own format"));
    assert_false(ASK(*state, &result, &err, "schema", "nothing"));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.why, "no command"));
    assert_non_null(strstr(err.fix, "credctl schema"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_schema_of_one_command_has_the_fields_of_its_answer),
        IN_FAKE_WORLD(a_command_of_two_words_and_the_error_have_one_too),
        IN_FAKE_WORLD(without_a_name_every_answer_is_there_once),
        IN_FAKE_WORLD(what_has_no_schema_is_told_apart_from_what_is_no_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
