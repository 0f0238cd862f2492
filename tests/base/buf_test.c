#include "credctl/base/buf.h"

#include "support/test.h"

static struct cc_arena mem;

static int wipe(void **state)
{
    (void)state;
    cc_arena_wipe(&mem);
    return 0;
}

static void an_empty_buffer_is_empty_text(void **state)
{
    (void)state;
    struct cc_buf buf = cc_buf_new(&mem, 0);

    assert_string_equal(buf.text, "");
    cc_buf_add(&buf, "x", 0);
    assert_string_equal(buf.text, "");
    assert_false(buf.too_big);
    cc_buf_text(&buf, "x");
    assert_true(buf.too_big);
    assert_string_equal(buf.text, "");
}

static void a_buffer_may_be_filled_to_its_ceiling_exactly(void **state)
{
    (void)state;
    for (size_t max = 0; max < 300; max++) {
        struct cc_buf buf = cc_buf_new(&mem, max);

        for (size_t i = 0; i < max; i++) {
            cc_buf_add(&buf, "x", 1);
        }
        assert_false(buf.too_big);
        assert_int_equal(strlen(buf.text), max);
        cc_buf_addf(&buf, "%s", "y");
        assert_true(buf.too_big);
        assert_int_equal(strlen(buf.text), max);
    }
}

static void bytes_of_any_value_are_kept(void **state)
{
    (void)state;
    struct cc_buf buf = cc_buf_new(&mem, 100);

    cc_buf_add(&buf, "a\0b", 3);
    cc_buf_add(&buf, "c", 1);
    assert_int_equal(buf.len, 4);
    assert_memory_equal(buf.text, "a\0bc", 5);
}

static void an_answer_of_the_largest_kind_does_not_end_the_process(void **state)
{
    (void)state;
    struct cc_buf buf = cc_buf_new(&mem, (size_t)32 << 20);
    static char piece[1 << 20];

    memset(piece, 'x', sizeof(piece));
    for (int i = 0; i < 40; i++) {
        cc_buf_add(&buf, piece, sizeof(piece));
    }
    assert_true(buf.too_big);
    assert_int_equal(buf.len, 32 << 20);
}

static void a_buffer_that_was_too_big_once_takes_nothing_more(void **state)
{
    (void)state;
    struct cc_buf buf = cc_buf_new(&mem, 4);

    cc_buf_text(&buf, "abc");
    cc_buf_text(&buf, "de");
    cc_buf_text(&buf, "f");
    assert_string_equal(buf.text, "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_empty_text),
        cmocka_unit_test(a_buffer_may_be_filled_to_its_ceiling_exactly),
        cmocka_unit_test(bytes_of_any_value_are_kept),
        cmocka_unit_test(an_answer_of_the_largest_kind_does_not_end_the_process),
        cmocka_unit_test(a_buffer_that_was_too_big_once_takes_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, wipe);
}
