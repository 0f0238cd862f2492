#include "credctl/base/log.h"

#include "credctl/base/json.h"

#include "support/test.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void an_event_is_one_line_of_keys_and_values(void **state)
{
    (void)state;
    const struct cc_row rows[] = {CC_S("url", "http://h/"),
                                  CC_N("status", 200),
                                  CC_S("none", NULL),
                                  CC_S("why", "no route"),
                                  {0}};

    assert_string_equal(
        cc_log_line(&mem, false, 0, CC_DEBUG, "http", rows),
        "credctl: debug: http url=http://h/ status=200 none=\"\" why=\"no route\"\n");
}

static void a_value_cannot_pose_as_another_key_or_line(void **state)
{
    (void)state;
    const struct cc_row rows[] = {CC_S("a", "x\" status=\"200"),
                                  CC_S("b", "x\ncredctl: error: y"),
                                  CC_S("c", "back\\"),
                                  CC_S("d", "x=y"),
                                  {0}};

    assert_string_equal(cc_log_line(&mem, false, 0, CC_WARN, "e", rows),
                        "credctl: warning: e a=\"x\\\" status=\\\"200\" b=\"x?credctl: error: y\" "
                        "c=\"back\\\\\" d=\"x=y\"\n");
}

static void a_line_always_ends(void **state)
{
    (void)state;
    char huge[20000] = "";
    const struct cc_row rows[] = {CC_N("n", 1), CC_S("huge", huge), CC_S("after", "x"), {0}};

    memset(huge, 'a', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    const char *line = cc_log_line(&mem, false, 0, CC_INFO, "e", rows);
    assert_non_null(strstr(line, "credctl: info: e n=1"));
    assert_true(strlen(line) < 9000);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_null(memchr(line, '\n', strlen(line) - 1));
}

static void a_json_line_is_json(void **state)
{
    (void)state;
    const struct cc_row rows[] = {CC_S("text", "a\"b\\\n\x1b\xff"), CC_N("n", -5), {0}};
    const char *line = cc_log_line(&mem, true, 1795363680, CC_ERROR, "an.event", rows);
    const cJSON *doc = NULL;
    struct cc_error err;
    double number = 0;

    assert_true(cc_json_parse(&mem, line, strlen(line), "the line", &doc, &err));
    assert_string_equal(cc_json_text(doc, "time"), "2026-11-22T16:08:00Z");
    assert_string_equal(cc_json_text(doc, "level"), "error");
    assert_string_equal(cc_json_text(doc, "event"), "an.event");
    assert_string_equal(cc_json_text(doc, "text"), "a\"b\\???");
    assert_true(cc_json_number(doc, "n", &number) && number == -5);
    assert_int_equal(strcspn(line, "\n"), strlen(line) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line_of_keys_and_values),
        cmocka_unit_test(a_value_cannot_pose_as_another_key_or_line),
        cmocka_unit_test(a_line_always_ends),
        cmocka_unit_test(a_json_line_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
