#include "support/temp.h"
#include "support/test.h"

static bool resolve(struct temp *temp, const char *name, const char *const **list,
                    struct cc_error *err)
{
    const struct cc_world *world = temp->run.world;

    return world->resolve(world->self, &temp->run.mem, name, list, err);
}

static void an_address_is_its_own_name(void **state)
{
    static const char *const names[] = {"127.0.0.1", "::1", "169.254.170.23"};

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        const char *const *list = NULL;
        struct cc_error err;

        assert_true(resolve(*state, names[i], &list, &err));
        assert_string_equal(list[0], names[i]);
        assert_null(list[1]);
    }
}

static void a_name_that_does_not_exist_has_no_address(void **state)
{
    const char *const *list = NULL;
    struct cc_error err;

    assert_false(resolve(*state, "no-such-host.invalid", &list, &err));
    assert_int_equal(err.code, CC_E_DNS);
    assert_non_null(strstr(err.what, "no-such-host.invalid"));
    assert_true(err.why[0] != '\0');
    assert_null(list);
}

#define IN_TEMP(test) cmocka_unit_test_setup_teardown(test, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TEMP(an_address_is_its_own_name),
        IN_TEMP(a_name_that_does_not_exist_has_no_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
