#include "credctl/assess/assess.h"
#include "credctl/policy/tools.h"

#include "support/test.h"

#include <string.h>

static bool is_declared(const char *const *actions, const char *action)
{
    while (*actions && strcmp(*actions, action) != 0) {
        actions++;
    }
    return *actions != NULL;
}

static bool is_called(const struct cc_operation *const *operations, const char *action)
{
    while (*operations && strcmp((*operations)->action, action) != 0) {
        operations++;
    }
    return *operations != NULL;
}

/* validate role and gen-template read the declaration; asks are made of the operations. */
static void the_actions_of_a_tool_are_those_of_its_operations(void **state)
{
    struct fake *fake = *state;

    for (const struct cc_assessment *const *row = cc_assessments; *row; row++) {
        const char *const *declared = cc_tool_actions_of((*row)->tool);
        const struct cc_operation *const *operations = (*row)->operations(&fake->mem);

        assert_non_null(declared);
        for (size_t i = 0; operations[i]; i++) {
            if (!is_declared(declared, operations[i]->action)) {
                fail_msg("%s calls %s, which it does not declare", (*row)->tool,
                         operations[i]->action);
            }
        }
        for (size_t i = 0; declared[i]; i++) {
            if (strcmp(declared[i], "ec2:DescribeRegions") != 0 && /* of --region all */
                !is_called(operations, declared[i])) {
                fail_msg("%s declares %s, which it does not call", (*row)->tool, declared[i]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(the_actions_of_a_tool_are_those_of_its_operations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
