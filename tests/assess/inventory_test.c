#include "credctl/report/assess.h"

#include "watch_support.h"

#define EXPLORER          AWS("resource-explorer-2")
#define ASSESS(fake, ...) assert_true(ASK(fake, &got, &err, "assess", "inventory", __VA_ARGS__))

static const char resources[] =
    "{\"Resources\":[{\"Service\":\"ec2\",\"ResourceType\":\"ec2:instance\"},"
    "{\"Service\":\"ec2\",\"ResourceType\":\"ec2:volume\"},{\"Service\":\"s3\"}]}";

static void the_resources_of_the_default_view_are_counted(void **state)
{
    struct fake *fake = *state;
    struct cc_buf out = cc_buf_new(&fake->mem, 1 << 20);

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{\"ViewArn\":\"arn:view\"}");
    fake_http(fake, EXPLORER "/ListResources", 200,
              "{\"Resources\":[{\"Service\":\"lambda\"}],\"NextToken\":\"n\"}");
    fake_http(fake, EXPLORER "/ListResources", 200, resources);
    ASSESS(fake, "--region", "eu-west-1");
    assert_int_equal(fake->run.exit_status, 0);
    assert_int_equal(number_at("total_resources"), 4);
    assert_string_equal(text_at("services/0"), "ec2");
    assert_string_equal(text_at("services/2"), "s3");
    assert_int_equal(number_at("service_counts/ec2"), 2);
    assert_int_equal(number_at("resource_type_counts/unknown"), 2);
    assert_non_null(strstr(fake_sent(fake, "ListResources")->body,
                           "\"Filters\":{\"FilterString\":\"region:eu-west-1\"}"));
    assert_non_null(strstr(fake_sent(fake, "ListResources")->body, "\"ViewArn\":\"arn:view\""));
    assert_non_null(strstr(asked_text(fake, &got), "         2  ec2\n"));
    cc_inventory_csv(got.answer, &out);
    assert_non_null(strstr(out.text, ACCOUNT ",eu-west-1,,ec2,2,\r\n"));
    asked_as_in_schema(fake, &got);
}

/* ListViews answers with ARNs, not with objects. */
static void without_a_default_view_the_first_one_is_read(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{}");
    row(fake, EXPLORER "/ListViews", NULL, "{\"Views\":[\"arn:first\",\"arn:second\"]}");
    row(fake, EXPLORER "/ListResources", NULL, resources);
    ASSESS(fake, "--region", "eu-west-1");
    assert_string_equal(text_at("view_arn"), "arn:first");
    assert_int_equal(number_at("total_resources"), 3);
}

static void without_a_view_or_an_index_it_is_off(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{}");
    row(fake, EXPLORER "/ListViews", NULL, "{\"Views\":[]}");
    ASSESS(fake, "--region", "eu-west-1");
    assert_string_equal(text_at("status"), "disabled");
    assert_true(cJSON_GetArraySize(at("setup_instructions")) > 0);
    memset(fake->http, 0, sizeof(fake->http));
    caller(fake);
    refuses(fake, EXPLORER "/GetDefaultView", 404,
            "x-amzn-ErrorType: ResourceNotFoundException\r\n", "{}");
    ASSESS(fake, "--region", "eu-west-1");
    assert_string_equal(text_at("status"), "disabled");
    assert_int_equal(fake->run.exit_status, 0);
}

static void denied_is_not_empty(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{\"ViewArn\":\"arn:view\"}");
    refuses(fake, EXPLORER "/ListResources", 403, DENIED_HEAD, DENIED_BODY);
    ASSESS(fake, "--region", "eu-west-1");
    assert_int_equal(fake->run.exit_status, 3);
    assert_string_equal(text_at("errors/0/missing_permission"), "resource-explorer-2:Search");
    assert_true(cJSON_IsTrue(at("partial")));
}

static void what_is_beyond_the_limit_is_said(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{\"ViewArn\":\"arn:view\"}");
    row(fake, EXPLORER "/ListResources", NULL,
        "{\"Resources\":[{\"Service\":\"s3\"}],\"NextToken\":\"n\"}");
    ASSESS(fake, "--max-resources", "1");
    assert_true(cJSON_IsTrue(at("truncated")));
    assert_non_null(strstr(asked_text(fake, &got), "--max-resources"));
}

static void regions_are_added_up(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{\"ViewArn\":\"arn:view\"}");
    row(fake, EXPLORER "/ListResources", NULL, resources);
    row(fake, "https://resource-explorer-2.eu-north-1.amazonaws.com/GetDefaultView", NULL,
        "{\"ViewArn\":\"arn:view\"}");
    row(fake, "https://resource-explorer-2.eu-north-1.amazonaws.com/ListResources", NULL,
        resources);
    ASSESS(fake, "--region", "eu-west-1,eu-north-1");
    assert_int_equal(number_at("total_resources"), 6);
    assert_int_equal(number_at("service_counts/ec2"), 4);
    assert_string_equal(text_at("results/1/region"), "eu-north-1");
    assert_non_null(strstr(asked_text(fake, &got), "eu-north-1: Resource Explorer is enabled"));
}

static void an_answer_of_another_form_is_an_error(void **state)
{
    struct fake *fake = *state;

    caller(fake);
    row(fake, EXPLORER "/GetDefaultView", NULL, "{\"ViewArn\":\"arn:view\"}");
    row(fake, EXPLORER "/ListResources", NULL, "{\"Resources\":\"all\"}");
    ASSESS(fake, "--region", "eu-west-1");
    assert_string_equal(text_at("errors/0/code"), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_resources_of_the_default_view_are_counted),
        IN_FAKE_WORLD(without_a_default_view_the_first_one_is_read),
        IN_FAKE_WORLD(without_a_view_or_an_index_it_is_off),
        IN_FAKE_WORLD(denied_is_not_empty),
        IN_FAKE_WORLD(what_is_beyond_the_limit_is_said),
        IN_FAKE_WORLD(regions_are_added_up),
        IN_FAKE_WORLD(an_answer_of_another_form_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
