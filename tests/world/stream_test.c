#include "visitor_support.h"

#include <signal.h>
#include <stdio.h>

/* Answers in pieces, bodies in chunks, and clients that leave before they are answered. */

static size_t left;
static struct cc_ticket streamed;
static char body[ROOM];

static void visit_stream(void *about, struct cc_server *server, const struct cc_visit *one)
{
    const char *path = one->head->path;
    const struct cc_reply reply = {.status = 200, .body = one->body, .len = one->body_len};

    (void)about;
    scene.visits++;
    if (cc_text_equal(path, "/park")) {
        scene.parked = one->ticket;
    } else if (cc_text_equal(path, "/echo")) {
        cc_server_answer(server, one->ticket, &reply);
    } else {
        streamed = one->ticket;
        cc_server_stream_add(server, one->ticket, "early", 5); /* before it has begun: nothing */
        cc_server_stream_begin(server, one->ticket, "text/event-stream", "X-A: b\r\n");
        cc_server_stream_add(server, one->ticket, "one", 3);
        if (cc_text_equal(path, "/flood")) {
            for (int i = 0; i < 400; i++) {
                cc_server_stream_add(server, one->ticket, body, sizeof(body) - 1);
            }
        } else if (cc_text_equal(path, "/stream")) {
            cc_server_stream_add(server, one->ticket, "", 0);
            cc_server_stream_add(server, one->ticket, "two", 3);
            cc_server_stream_end(server, one->ticket);
            cc_server_stream_add(server, one->ticket, "late", 4);
            cc_server_stream_end(server, one->ticket);
        }
    }
    (void)sem_post(&scene.visited);
}

static void has_left(void *about, struct cc_server *server, struct cc_ticket ticket)
{
    (void)about;
    (void)server;
    left += ticket.slot == scene.parked.slot || ticket.slot == streamed.slot;
    (void)sem_post(&scene.visited);
}

static int begin_stream(void **state)
{
    if (begin(state) != 0) {
        return 1;
    }
    left = 0;
    memset(body, 'x', sizeof(body) - 1);
    plan.visit = visit_stream;
    plan.left = has_left;
    plan.chunks = true;
    return 0;
}

static void ask_for_streams(void)
{
    int fd = client_connect(scene.server);

    client_say(fd, "GET /stream HTTP/1.1\r\n" HOST "\r\nGET /stream HTTP/1.1\r\n" HOST LAST "\r\n");
    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
    fd = client_connect(scene.server);
    client_say(fd, "GET /stream HTTP/1.0\r\n" HOST "\r\n");
    (void)client_hear(fd, scene.other, ROOM);
    (void)close(fd);
}

static void a_stream_comes_in_chunks_and_the_connection_goes_on(void **state)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        "Cache-Control: no-store\r\nX-A: b\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n";

    (void)state;
    serve(ask_for_streams);
    assert_true(scene.whole);
    assert_true(cc_text_starts(scene.heard, answer));
    assert_non_null(strstr(scene.heard + sizeof(answer) - 1, "Connection: close\r\n"));
    assert_true(cc_text_ends(scene.heard, "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"));
    assert_null(strstr(scene.other, "chunked"));
    assert_true(cc_text_ends(scene.other, "\r\n\r\nonetwo"));
    assert_int_equal(left, 0);
}

static void leave_early(void)
{
    int fd = client_connect(scene.server);

    client_say(fd, "GET /park HTTP/1.1\r\n" HOST "\r\n");
    (void)sem_wait(&scene.visited);
    (void)close(fd);
    (void)sem_wait(&scene.visited);
    fd = client_connect(scene.server);
    client_say(fd, "GET /open HTTP/1.1\r\n" HOST "\r\n");
    (void)sem_wait(&scene.visited);
    (void)client_hear_until(fd, "one", scene.heard, ROOM);
    (void)close(fd);
    (void)sem_wait(&scene.visited);
}

static void who_leaves_before_the_answer_is_told_of(void **state)
{
    (void)state;
    serve(leave_early);
    assert_int_equal(left, 2);
}

static void read_nothing(void)
{
    int fd = client_connect(scene.server);

    client_say(fd, "GET /flood HTTP/1.1\r\n" HOST "\r\n");
    (void)sem_wait(&scene.visited);
    (void)sem_wait(&scene.visited);
    (void)client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void who_reads_nothing_is_hung_up_on_before_memory_runs_out(void **state)
{
    (void)state;
    serve(read_nothing);
    assert_int_equal(left, 1);
}

static void send_chunks(void)
{
    static const char *const pieces[] = {
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r",
        "\n4",
        "\r\nab",
        "cd\r\n3\r\n",
        "efg\r\n0\r\n\r\nPOST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nhi",
        "POST /echo HTTP/1.1\r\n" HOST LAST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };
    int fd = client_connect(scene.server);

    for (size_t i = 0; i < CC_COUNT(pieces); i++) {
        client_say(fd, pieces[i]);
        (void)usleep(2000);
    }
    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void a_body_in_chunks_is_put_together_and_the_next_request_found(void **state)
{
    (void)state;
    serve(send_chunks);
    assert_true(scene.whole);
    assert_int_equal(scene.visits, 3);
    assert_non_null(strstr(scene.heard, "\r\n\r\nabcdefgHTTP/1.1 200 OK"));
    assert_non_null(strstr(scene.heard, "\r\n\r\nhiHTTP/1.1 200 OK"));
    assert_non_null(strstr(scene.heard, "Content-Length: 0\r\n"));
}

static void send_smuggled(void)
{
    static const char *const bad[] = {
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, gzip\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nfffff\r\n",
    };

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        int fd = client_connect(scene.server);

        client_say(fd, bad[i]);
        (void)client_hear(fd, scene.other, 14);
        scene.length += (size_t)snprintf(scene.heard + scene.length, 20, "%.13s|", scene.other);
        (void)close(fd);
    }
}

static void what_could_smuggle_a_request_is_refused(void **state)
{
    (void)state;
    serve(send_smuggled);
    assert_string_equal(scene.heard, "HTTP/1.1 400 |HTTP/1.1 400 |HTTP/1.1 400 |HTTP/1.1 400 |"
                                     "HTTP/1.1 501 |HTTP/1.1 413 |");
    assert_int_equal(scene.visits, 0);
}

static void send_too_much(void)
{
    static char much[4000001];
    int fd = client_connect(scene.server);

    memset(much, 'y', sizeof(much) - 1);
    client_say(fd, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4000000\r\n\r\n");
    client_say(fd, much);
    (void)shutdown(fd, SHUT_WR);
    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void a_body_that_is_too_long_is_read_on_so_that_the_answer_arrives(void **state)
{
    (void)state;
    serve(send_too_much);
    assert_true(scene.whole);
    assert_non_null(strstr(scene.heard, "HTTP/1.1 413 "));
}

#define STREAMS(test) cmocka_unit_test_setup_teardown(test, begin_stream, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREAMS(a_stream_comes_in_chunks_and_the_connection_goes_on),
        STREAMS(who_leaves_before_the_answer_is_told_of),
        STREAMS(who_reads_nothing_is_hung_up_on_before_memory_runs_out),
        STREAMS(a_body_in_chunks_is_put_together_and_the_next_request_found),
        STREAMS(what_could_smuggle_a_request_is_refused),
        STREAMS(a_body_that_is_too_long_is_read_on_so_that_the_answer_arrives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
