#include "credctl/world/chunks.h"

#include "support/test.h"

#define MOST 20

static char room[256];
static struct cc_chunks chunks;
static size_t more;

/* All at once. */
static enum cc_chunks_state take(const char *text)
{
    chunks = (struct cc_chunks){0};
    more = strlen(text);
    memcpy(room, text, more);
    return cc_chunks_take(&chunks, room, &more, MOST);
}

/* One byte after the other. */
static enum cc_chunks_state drip(const char *text)
{
    enum cc_chunks_state state = CC_CHUNKS_PART;

    chunks = (struct cc_chunks){0};
    for (; *text && state == CC_CHUNKS_PART; text++) {
        more = 1;
        room[chunks.len] = *text;
        state = cc_chunks_take(&chunks, room, &more, MOST);
    }
    return state;
}

static void body_is(const char *expected)
{
    assert_int_equal(chunks.len, strlen(expected));
    assert_memory_equal(room, expected, chunks.len);
}

static void a_body_is_put_together(void **state)
{
    static const char text[] = "3\r\nabc\r\nA\r\n0123456789\r\n1\r\n\n\r\n0\r\n\r\n";

    (void)state;
    assert_int_equal(take(text), CC_CHUNKS_WHOLE);
    body_is("abc0123456789\n");
    assert_int_equal(drip(text), CC_CHUNKS_WHOLE);
    body_is("abc0123456789\n");
    assert_int_equal(take("0\r\n\r\n"), CC_CHUNKS_WHOLE);
    body_is("");
}

static void what_follows_belongs_to_the_next_request(void **state)
{
    (void)state;
    assert_int_equal(take("1\r\na\r\n0\r\n\r\nGET /"), CC_CHUNKS_WHOLE);
    assert_int_equal(more, 5);
    assert_memory_equal(room + chunks.len, "GET /", 5);
}

static void a_part_is_waited_for(void **state)
{
    static const char *const parts[] = {"",
                                        "1",
                                        "1\r",
                                        "1\r\n",
                                        "1\r\na",
                                        "1\r\na\r",
                                        "1\r\na\r\n",
                                        "1\r\na\r\n0\r\n",
                                        "1\r\na\r\n0\r\n\r"};

    (void)state;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        assert_int_equal(take(parts[i]), CC_CHUNKS_PART);
        assert_int_equal(more, 0);
    }
}

static void what_two_readers_could_understand_differently_is_refused(void **state)
{
    static const char *const bad[] = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\na\r\n",
        " 1\r\n",
        "1 \r\n",
        "1;a=b\r\na\r\n",
        "1\na\r\n",
        "1\r\nab\r\n",
        "1\r\na\n",
        "01\r\na\r\n",
        "00\r\n\r\n",
        "0\r\nA: b\r\n\r\n",
        "0\r\n\n",
        "0x1\r\na\r\n",
        "1\r\na\r\n\r\n",
        "000000001\r\na",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (take(bad[i]) != CC_CHUNKS_BAD || drip(bad[i]) != CC_CHUNKS_BAD) {
            fail_msg("%s was taken", bad[i]);
        }
    }
}

static void a_long_body_is_refused_before_it_comes(void **state)
{
    (void)state;
    assert_int_equal(take("15\r\n"), CC_CHUNKS_TOO_LONG);
    assert_int_equal(take("14\r\n"), CC_CHUNKS_PART);
    assert_int_equal(take("ffffffff\r\n"), CC_CHUNKS_TOO_LONG);
    assert_int_equal(take("fffffffff"), CC_CHUNKS_BAD);
    assert_int_equal(take("a\r\n0123456789\r\nb\r\n"), CC_CHUNKS_TOO_LONG);
    assert_int_equal(drip("a\r\n0123456789\r\na\r\n0123456789\r\n1\r\n"), CC_CHUNKS_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_put_together),
        cmocka_unit_test(what_follows_belongs_to_the_next_request),
        cmocka_unit_test(a_part_is_waited_for),
        cmocka_unit_test(what_two_readers_could_understand_differently_is_refused),
        cmocka_unit_test(a_long_body_is_refused_before_it_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
