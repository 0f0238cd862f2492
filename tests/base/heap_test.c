#include "credctl/base/heap.h"

#include "support/test.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sizes of every kind: the smallest, on both sides of each step, and a mapping of its own. */
static const size_t sizes[] = {0,    1,    8,    9,    24,   25,    1000,   1016,
                               1017, 2000, 9207, 9208, 9209, 20000, 300000, 1 << 20};

static bool is_zero(const unsigned char *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (at[i] != 0) {
            return false;
        }
    }
    return true;
}

static void what_is_given_is_zero_and_aligned_also_the_second_time(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            unsigned char *at = cc_heap_malloc(sizes[i]);

            assert_non_null(at);
            assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
            assert_true(is_zero(at, sizes[i]));
            memset(at, 0xaa, sizes[i]);
            cc_heap_free(at);
        }
    }
}

static void pieces_do_not_overlap(void **state)
{
    enum { COUNT = 2000 };
    static unsigned char *pieces[COUNT];

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        pieces[i] = cc_heap_malloc(i * 7);
        memset(pieces[i], (int)(i % 251), i * 7);
    }
    for (size_t i = 0; i < COUNT; i += 2) { /* others take the places of these */
        cc_heap_free(pieces[i]);
        pieces[i] = cc_heap_malloc(i * 5);
        memset(pieces[i], (int)(i % 251), i * 5);
    }
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 2 == 0 ? i * 5 : i * 7;

        for (size_t j = 0; j < size; j++) {
            assert_int_equal(pieces[i][j], i % 251);
        }
        cc_heap_free(pieces[i]);
    }
}

static void growing_and_shrinking_keep_what_was_there(void **state)
{
    unsigned char *at = cc_heap_realloc(NULL, 1);

    (void)state;
    at[0] = 42;
    for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];

        at = cc_heap_realloc(at, size > 0 ? size : 1);
        assert_int_equal(at[0], 42);
        at[size > 0 ? size - 1 : 0] = 42;
    }
    assert_null(cc_heap_realloc(at, 0));
    cc_heap_free(NULL);
}

static void more_than_there_can_be_is_not_given(void **state)
{
    (void)state;
    assert_null(cc_heap_calloc(SIZE_MAX / 2, 3));
    char *copy = cc_heap_strdup("text");
    assert_string_equal(copy, "text");
    cc_heap_free(copy);
}

static void *churn(void *seed)
{
    unsigned char *held[64] = {0};
    size_t size[64] = {0};

    for (size_t i = 0; i < 20000; i++) {
        size_t place = (i * 31 + (size_t)(uintptr_t)seed) % 64;

        for (size_t j = 0; j < size[place]; j++) {
            if (held[place][j] != (unsigned char)(uintptr_t)seed) {
                return seed;
            }
        }
        cc_heap_free(held[place]);
        size[place] = i % 300;
        held[place] = cc_heap_malloc(size[place]);
        memset(held[place], (int)(uintptr_t)seed, size[place]);
    }
    for (size_t i = 0; i < 64; i++) {
        cc_heap_free(held[i]);
    }
    return NULL;
}

static void threads_do_not_get_each_others_pieces(void **state)
{
    pthread_t threads[4];

    (void)state;
    for (uintptr_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, churn, (void *)(i + 1)), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        void *wrong = NULL;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

static void free_twice(void)
{
    char *at = cc_heap_malloc(40);

    cc_heap_free(at);
    cc_heap_free(at);
}

static void free_twice_what_is_large(void)
{
    char *at = cc_heap_malloc(300000);

    cc_heap_free(at);
    cc_heap_free(at);
}

static void free_what_lies_within(void)
{
    char *at = cc_heap_malloc(400);

    cc_heap_free(at + 16);
}

static void free_what_an_overflow_has_reached(void)
{
    volatile char *at = cc_heap_malloc(24);

    at[-8] ^= 3; /* another class that exists */
    cc_heap_free((char *)at);
}

static void use_after_free(void)
{
    volatile char *at = cc_heap_malloc(40);

    cc_heap_free((char *)at);
    at[-4] = (char)~at[-4];
    (void)cc_heap_malloc(40);
}

static void write_behind_the_end(void)
{
    volatile char *at = cc_heap_malloc(300000);

    at[300000] = 1;
}

static bool survives(void (*misuse)(void))
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        (void)close(STDERR_FILENO); /* a sanitizer has much to say */
        misuse();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status == 0;
}

static void who_misuses_memory_goes_no_further(void **state)
{
    static void (*const misuses[])(void) = {
        free_twice,
        free_twice_what_is_large,
        free_what_lies_within,
        free_what_an_overflow_has_reached,
        use_after_free,
        write_behind_the_end,
    };

    (void)state;
#ifdef CC_PLAIN_HEAP
    skip(); /* a sanitizer's own heap is that of malloc */
#endif
    for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
        if (survives(misuses[i])) {
            fail_msg("misuse %zu was not noticed", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_is_zero_and_aligned_also_the_second_time),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(growing_and_shrinking_keep_what_was_there),
        cmocka_unit_test(more_than_there_can_be_is_not_given),
        cmocka_unit_test(threads_do_not_get_each_others_pieces),
        cmocka_unit_test(who_misuses_memory_goes_no_further),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
