// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "credctl/base/arena.h"

#include "credctl/base/buf.h"

#include <string.h>

static void memory_of_an_arena_starts_zeroed_and_does_not_overlap(void **state)
{
    (void)state;
    struct cc_arena mem = {0};
    char *first = cc_alloc(&mem, 3);
    char *second = cc_alloc(&mem, 100000);
    memset(second, 'x', 100000);
    assert_memory_equal(first, "\0\0\0", 3);
    assert_int_equal((uintptr_t)second % sizeof(void *), 0);
    cc_arena_wipe(&mem);
    assert_null(mem.blocks);
}

static void a_copy_of_text_is_terminated(void **state)
{
    (void)state;
    struct cc_arena mem = {0};
    assert_string_equal(cc_text_dup(&mem, "abcdef", 3), "abc");
    assert_string_equal(cc_textf(&mem, "%s-%d", "n", 7), "n-7");
    cc_arena_wipe(&mem);
}

static void a_buffer_stops_at_its_ceiling_and_says_so(void **state)
{
    (void)state;
    struct cc_arena mem = {0};
    struct cc_buf buf = cc_buf_new(&mem, 8);
    cc_buf_add(&buf, "12345", 5);
    assert_false(buf.too_big);
    cc_buf_addf(&buf, "%s", "6789");
    assert_true(buf.too_big);
    assert_true(buf.len <= 8);
    cc_arena_wipe(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_of_an_arena_starts_zeroed_and_does_not_overlap),
        cmocka_unit_test(a_copy_of_text_is_terminated),
        cmocka_unit_test(a_buffer_stops_at_its_ceiling_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
