#include "credctl/base/text.h"
#include "credctl/policy/tools.h"
#include "credctl/templates/generate.h"

#include "support/test.h"

/* A template in the other format, or with something said. */
static struct cc_generated made(struct fake *fake, const struct cc_generation *generation)
{
    struct cc_generated generated;
    struct cc_error err;

    if (!cc_generate(&fake->mem, generation, &generated, &err)) {
        fail_msg("%s: %s: %s", generation->template->name, err.what, err.why);
    }
    return generated;
}

static void a_template_of_which_nothing_is_known_is_written_as_it_lies(void **state)
{
    for (const struct cc_template *row = cc_templates; row->name; row++) {
        const struct cc_generation generation = {.template = row, .partition = "aws"};

        if (row->side != CC_SIDE_STACKSET) { /* which contains another one */
            assert_string_equal(made(*state, &generation).text, (const char *)row->blob->bytes);
            assert_int_equal(row->blob->len, strlen((const char *)row->blob->bytes));
        }
    }
}

static void a_stack_set_contains_the_template_of_the_target_role(void **state)
{
    const struct cc_generation target = {.template = cc_template_named("cross-account"),
                                         .partition = "aws"};
    const struct cc_generation set = {.template = cc_template_named("stackset"),
                                      .partition = "aws"};
    const char *text = made(*state, &target).text;
    const char *at = strstr(made(*state, &set).text, "TemplateBody: |\n");

    assert_non_null(at);
    at += strlen("TemplateBody: |\n");
    while (*text) {
        const size_t len = strcspn(text, "\n");

        assert_true(cc_text_starts(at, "        "));
        assert_memory_equal(at + 8, text, len + 1);
        at += 8 + len + 1;
        text += len + 1;
    }
    assert_null(strstr(made(*state, &set).text, "TemplateUrl"));
}

static bool has(const char *const *list, const char *text)
{
    while (*list && !cc_text_equal(*list, text)) {
        list++;
    }
    return *list != NULL;
}

/* Both ways: what a tool calls is allowed by the statements of its name, and nothing else is. */
static void a_target_role_may_do_what_the_tools_call(void **state)
{
    const struct cc_generation target = {.template = cc_template_named("cross-account"),
                                         .partition = "aws"};
    const struct cc_grant *grants = made(*state, &target).grants;
    size_t granted = 0;
    size_t called = 0;

    for (const struct cc_grant *grant = grants; grant->sid; grant++) {
        for (size_t i = 0; grant->actions[i]; i++, granted++) {
            bool known = false;

            for (const struct cc_tool_actions *row = cc_tool_actions; row->tool; row++) {
                known = known || (cc_text_starts(grant->sid, row->tool) &&
                                  has(row->actions, grant->actions[i]));
            }
            assert_true(known);
        }
    }
    for (const struct cc_tool_actions *row = cc_tool_actions; row->tool; row++) {
        for (size_t i = 0; row->actions[i]; i++) {
            called++;
        }
    }
    assert_int_equal(granted, called);
}

static void every_kind_can_be_written_as_json(void **state)
{
    struct fake *fake = *state;

    for (const struct cc_template *row = cc_templates; row->name; row++) {
        const struct cc_generation generation = {.template = row, .partition = "aws", .json = true};
        const struct cc_generated generated = made(fake, &generation);
        cJSON *json = cJSON_Parse(generated.text);

        assert_non_null(json);
        assert_non_null(cJSON_GetObjectItemCaseSensitive(json, "Resources"));
        assert_true(row->side == CC_SIDE_STACKSET || !strstr(generated.text, "!Ref"));
        cJSON_Delete(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(a_template_of_which_nothing_is_known_is_written_as_it_lies),
        IN_FAKE_WORLD(a_stack_set_contains_the_template_of_the_target_role),
        IN_FAKE_WORLD(a_target_role_may_do_what_the_tools_call),
        IN_FAKE_WORLD(every_kind_can_be_written_as_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
