#include "credctl/world/head.h"

#include "credctl/base/buf.h"

#include "support/test.h"

#define HOST "Host: h\r\n"

static char room[CC_HEAD_MAX + 1];
static struct cc_head head;
static const struct cc_head_rules up_to_100 = {.max_body = 100};
static const struct cc_head_rules no_body = {0};

static struct cc_head_end read_head(const char *text)
{
    return cc_head_read(text, strlen(text), &up_to_100, room, &head);
}

static void a_request_is_taken_apart(void **state)
{
    static const char text[] = "GET /a/b?c=d HTTP/1.1\r\nHost: h:1\r\nX-Y: \t v w \t\r\n"
                               "Content-Length: 4\r\n\r\nbody";
    struct cc_head_end end = read_head(text);

    (void)state;
    assert_int_equal(end.state, CC_HEAD_WHOLE);
    assert_int_equal(end.len, strlen(text) - 4);
    assert_string_equal(head.method, "GET");
    assert_string_equal(head.path, "/a/b");
    assert_string_equal(head.query, "c=d");
    assert_string_equal(head.host, "h:1");
    assert_string_equal(cc_head_field(&head, "x-y"), "v w");
    assert_null(cc_head_field(&head, "X"));
    assert_int_equal(head.body_len, 4);
    assert_true(head.keep_alive);
}

static void an_empty_upload_in_chunks_is_a_body_of_one_kind_only(void **state)
{
    static const char put[] =
        "PUT /latest/api/token HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\nExpect: "
        "100-continue\r\n\r\n" CC_EMPTY_CHUNKS;
    struct cc_head_end end = read_head(put);

    (void)state;
    assert_int_equal(end.state, CC_HEAD_WHOLE);
    assert_true(head.chunked && head.expects_continue);
    assert_int_equal(head.body_len, strlen(CC_EMPTY_CHUNKS));
    assert_int_equal(
        read_head("PUT / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n").status, 501);
    assert_int_equal(
        read_head("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n").status,
        501);
    assert_int_equal(read_head("PUT / HTTP/1.1\r\n" HOST
                               "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n")
                         .status,
                     400);
}

static void a_part_is_waited_for_and_a_whole_one_never_missed(void **state)
{
    static const char text[] = "PUT / HTTP/1.1\r\n" HOST "A: b\r\n\r\n";

    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        assert_int_equal(cc_head_read(text, len, &no_body, room, &head).state, CC_HEAD_PART);
    }
    assert_int_equal(read_head(text).state, CC_HEAD_WHOLE);
}

static void who_keeps_the_connection(void **state)
{
    static const struct {
        const char *text;
        bool keep;
    } rows[] = {
        {"GET / HTTP/1.1\r\n" HOST "\r\n", true},
        {"GET / HTTP/1.1\r\n" HOST "Connection: CLOSE\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n" HOST "\r\n", false},
        {"GET / HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n\r\n", true},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(read_head(rows[i].text).state, CC_HEAD_WHOLE);
        assert_int_equal(head.keep_alive, rows[i].keep);
    }
}

static void an_absolute_target_must_name_the_host(void **state)
{
    (void)state;
    assert_int_equal(read_head("GET http://h/x?y HTTP/1.1\r\n" HOST "\r\n").state, CC_HEAD_WHOLE);
    assert_string_equal(head.path, "/x");
    assert_string_equal(head.query, "y");
    assert_int_equal(read_head("GET http://i/x HTTP/1.1\r\n" HOST "\r\n").status, 400);
    assert_int_equal(read_head("GET http:///x HTTP/1.1\r\n" HOST "\r\n").status, 400);
    assert_int_equal(read_head("GET http://h HTTP/1.1\r\n" HOST "\r\n").status, 400);
}

static void what_can_be_read_in_two_ways_is_refused(void **state)
{
    static const struct {
        const char *text;
        int status;
    } rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A : b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\r\n\tc: d\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\n\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\rC: d\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: \x7f\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\ncontent-length: 1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: -0\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 1 1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n", 413},
        {"GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 501},
        {"GET / HTTP/1.1\r\n" HOST "Expect: more\r\n\r\n", 417},
        {"GET / HTTP/1.1\r\n" HOST "Authorization: a\r\nAuthorization: a\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET / x HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET /#x HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET x HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET * HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET / HTTP/1.2\r\n" HOST "\r\n", 505},
        {"GET / HTTP/1.10\r\n" HOST "\r\n", 505},
        {"GET / http/1.1\r\n" HOST "\r\n", 400},
        {"GET /\r\n\r\n", 400},
        {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400},
        {" GET / HTTP/1.1\r\n" HOST "\r\n", 400},
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_head_end end = read_head(rows[i].text);

        assert_int_equal(end.state, CC_HEAD_BAD);
        assert_int_equal(end.status, rows[i].status);
        assert_non_null(end.why);
    }
}

static void too_much_is_refused(void **state)
{
    struct fake *fake = *state;
    char *text = cc_alloc(&fake->run.mem, CC_HEAD_MAX + 100);
    struct cc_buf many = cc_buf_new(&fake->run.mem, CC_HEAD_MAX);

    memset(text, 'a', CC_HEAD_MAX + 50);
    assert_int_equal(cc_head_read(text, CC_HEAD_MAX - 1, &no_body, room, &head).state,
                     CC_HEAD_PART);
    assert_int_equal(cc_head_read(text, CC_HEAD_MAX, &no_body, room, &head).status, 431);
    cc_buf_text(&many, "GET / HTTP/1.1\r\n" HOST);
    for (size_t i = 0; i < CC_FIELDS_MAX; i++) {
        cc_buf_text(&many, "A: b\r\n");
    }
    cc_buf_text(&many, "\r\n");
    assert_int_equal(read_head(many.text).status, 431);
}

static void a_nul_is_refused(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\n" HOST "A: b\0c\r\n\r\n";

    (void)state;
    assert_int_equal(cc_head_read(text, sizeof(text) - 1, &no_body, room, &head).status, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_taken_apart),
        cmocka_unit_test(an_empty_upload_in_chunks_is_a_body_of_one_kind_only),
        cmocka_unit_test(a_part_is_waited_for_and_a_whole_one_never_missed),
        cmocka_unit_test(who_keeps_the_connection),
        cmocka_unit_test(an_absolute_target_must_name_the_host),
        cmocka_unit_test(what_can_be_read_in_two_ways_is_refused),
        IN_FAKE_WORLD(too_much_is_refused),
        cmocka_unit_test(a_nul_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
