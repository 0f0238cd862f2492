#include "credctl/assess/posture.h"
#include "credctl/policy/tools.h"

#include "support/test.h"

static bool calls(const struct cc_operation *const *operations, const char *action)
{
    while (*operations && strcmp((*operations)->action, action) != 0) {
        operations++;
    }
    return *operations != NULL;
}

static bool declares(const char *const *actions, const char *action)
{
    while (*actions && strcmp(*actions, action) != 0) {
        actions++;
    }
    return *actions != NULL;
}

static void the_actions_of_a_tool_are_those_that_it_calls(void **state)
{
    static const struct {
        const struct cc_assessment *assessment;
    } rows[] = {{&cc_assess_storage}, {&cc_assess_network}};
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *const *actions = cc_tool_actions_of(rows[i].assessment->tool);
        const struct cc_operation *const *operations =
            rows[i].assessment->operations(&fake->run.mem);

        assert_non_null(actions);
        for (size_t at = 0; actions[at]; at++) {
            if (!calls(operations, actions[at])) {
                fail_msg("%s does not call %s", rows[i].assessment->tool, actions[at]);
            }
        }
        for (size_t at = 0; operations[at]; at++) {
            if (!declares(actions, operations[at]->action)) {
                fail_msg("%s does not declare %s", rows[i].assessment->tool,
                         operations[at]->action);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_actions_of_a_tool_are_those_that_it_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
