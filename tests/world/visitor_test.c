#include "visitor_support.h"

#include <poll.h>
#include <signal.h>

/* What is said on one connection, and what is answered. */

static void ask_and_take_later(void)
{
    struct pollfd ready = {.events = POLLIN};
    int fd = client_connect(scene.server);
    size_t got = 0;

    client_say(fd, "GET /big HTTP/1.1\r\n" HOST "\r\nGET /next HTTP/1.1\r\n" HOST LAST "\r\n");
    ready.fd = fd;
    must(poll(&ready, 1, 30000) == 1);
    for (ssize_t piece = 1; piece > 0; got += piece > 0 ? (size_t)piece : 0) {
        piece = recv(fd, scene.heard, ROOM - 1, 0);
        if (piece > 0) {
            scene.heard[piece] = '\0';
            memcpy(scene.other, scene.heard, (size_t)piece + 1);
        }
    }
    scene.length = got;
    (void)close(fd);
}

static void a_slow_reader_gets_the_whole_answer_and_then_the_next_one(void **state)
{
    (void)state;
    serve(ask_and_take_later);
    assert_true(scene.length > BIGGER);
    assert_non_null(strstr(scene.other, "/next"));
}

static void ask_and_take_nothing(void)
{
    int fd = client_connect(scene.server);
    char end[1] = "";

    client_say(fd, "GET /big HTTP/1.1\r\n" HOST "\r\n");
    (void)sem_wait(&scene.visited);
    struct pollfd gone = {.fd = fd, .events = POLLRDHUP};
    must(poll(&gone, 1, 30000) == 1); /* hung up before it was taken */
    for (ssize_t piece = 1; piece > 0; scene.length += piece > 0 ? (size_t)piece : 0) {
        piece = recv(fd, end, 1, 0);
    }
    (void)close(fd);
}

static void whoever_takes_no_answer_is_hung_up_on(void **state)
{
    (void)state;
    plan.tick = time_is_over;
    serve(ask_and_take_nothing);
    assert_int_equal(scene.visits, 1);
    assert_true(scene.length < BIGGER);
    assert_int_equal(scene.refused, 0);
}

static void ask_and_leave(void)
{
    int fd = client_connect(scene.server);

    client_say(fd, "GET /big HTTP/1.1\r\n" HOST "\r\n");
    (void)sem_wait(&scene.visited);
    (void)close(fd);
    fd = client_connect(scene.server);
    client_say(fd, "GET /a HTTP/1.1\r\n" HOST LAST "\r\n");
    (void)client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void whoever_leaves_before_the_answer_is_out_hinders_nobody(void **state)
{
    (void)state;
    serve(ask_and_leave);
    assert_non_null(strstr(scene.heard, "/a"));
}

static void ask_twice_with_a_body_between(void)
{
    static char body[40001];
    int fd = client_connect(scene.server);

    memset(body, 'b', sizeof(body) - 1);
    client_say(fd, "PUT /body HTTP/1.1\r\n" HOST "Content-Length: 40000\r\nExpect: 100-continue"
                   "\r\n\r\n");
    scene.whole = client_hear_until(fd, "100 Continue\r\n\r\n", scene.heard, ROOM);
    client_say(fd, body);
    scene.whole = scene.whole && client_hear_until(fd, "/body", scene.heard, ROOM);
    client_say(fd, "GET /raw HTTP/1.1\r\n" HOST LAST "\r\n");
    (void)client_hear(fd, scene.other, ROOM);
    (void)close(fd);
}

static void a_body_is_asked_for_and_the_connection_goes_on_after_it(void **state)
{
    (void)state;
    serve(ask_twice_with_a_body_between);
    assert_true(scene.whole);
    assert_int_equal(scene.visits, 2);
    assert_string_equal(scene.other, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw");
}

static void say_too_much(void)
{
    static char flood[2 * CC_HEAD_MAX];
    int fd = client_connect(scene.server);

    memset(flood, 'a', sizeof(flood) - 1);
    client_say(fd, "GET / HTTP/1.1\r\nX: ");
    client_say(fd, flood);
    (void)shutdown(fd, SHUT_WR);
    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void an_oversized_head_is_answered_though_more_was_under_way(void **state)
{
    (void)state;
    serve(say_too_much);
    assert_true(scene.whole);
    assert_non_null(strstr(scene.heard, "HTTP/1.1 431 "));
    assert_int_equal(scene.refused, 431);
}

static void take_and_stop(void)
{
    int slow = client_connect(scene.server);
    int fd = client_connect(scene.server);
    int idle = client_connect(scene.server);

    client_say(slow, "GET /big HTTP/1.1\r\n" HOST "\r\n");
    (void)sem_wait(&scene.visited);
    client_say(fd, "GET /stop HTTP/1.1\r\n" HOST "\r\n");
    (void)client_hear(fd, scene.other, ROOM);
    scene.whole = client_hear(idle, scene.heard, ROOM);
    for (ssize_t got = 1; got > 0; scene.length += got > 0 ? (size_t)got : 0) {
        got = recv(slow, scene.heard, ROOM, 0);
    }
    (void)close(slow);
    (void)close(fd);
    (void)close(idle);
}

static void what_is_being_written_is_written_before_it_stops(void **state)
{
    (void)state;
    open_up();
    (void)signal(SIGTERM, SIG_IGN); /* of the client, when the loop has ended */
    assert_int_equal(run_with(take_and_stop), 0);
    (void)signal(SIGTERM, SIG_DFL);
    assert_non_null(strstr(scene.other, "/stop"));
    assert_true(scene.whole);
    assert_true(scene.length > BIGGER);
}

static void a_status_without_a_phrase_of_ours_is_still_an_answer(void **state)
{
    struct temp *temp = *state;
    const struct cc_reply reply = {.status = 299, .fields = "X: y\r\n", .body = "b", .len = 1};
    struct cc_buf out = cc_buf_new(&temp->run.mem, 1000);

    cc_reply_text(&reply, true, &out);
    assert_true(cc_text_starts(out.text, "HTTP/1.1 299 Status\r\nContent-Length: 1\r\n"));
    assert_non_null(strstr(out.text, "\r\nX: y\r\n\r\nb"));
    assert_null(strstr(out.text, "Connection"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(a_slow_reader_gets_the_whole_answer_and_then_the_next_one),
        SERVES(whoever_takes_no_answer_is_hung_up_on),
        SERVES(whoever_leaves_before_the_answer_is_out_hinders_nobody),
        SERVES(a_body_is_asked_for_and_the_connection_goes_on_after_it),
        SERVES(an_oversized_head_is_answered_though_more_was_under_way),
        SERVES(what_is_being_written_is_written_before_it_stops),
        SERVES(a_status_without_a_phrase_of_ours_is_still_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
