#include "credctl/base/text.h"

#include "../../src/world/visitor.h"
#include "support/client.h"
#include "support/temp.h"
#include "support/test.h"

#include <poll.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * Who comes in at the real server and how long he may stay. A client on a thread of its own says
 * what it has to say and then ends the loop; time passes when a test says so.
 */

#define ROOM   65536
#define HOST   "Host: x\r\n"
#define LAST   "Connection: close\r\n"
#define BIGGER ((size_t)8 << 20) /* than what a socket takes before it is read */

static struct {
    struct temp *temp;
    struct cc_server *server;
    void (*client)(void);
    sem_t visited; /* once for each visit */
    size_t visits;
    struct cc_ticket parked;
    int refused; /* the last status */
    char heard[ROOM];
    char other[ROOM];
    bool whole; /* the answer ended in order */
    size_t length;
} scene;

static struct cc_server_plan plan;

/* On the client's thread, where a test cannot fail in order. */
static void must(bool done)
{
    if (!done) {
        abort();
    }
}

static void *client_main(void *about)
{
    (void)about;
    scene.client();
    (void)kill(getpid(), SIGTERM);
    return NULL;
}

static void answer_big(struct cc_server *server, struct cc_ticket ticket)
{
    char *big = calloc(1, BIGGER);

    assert_non_null(big);
    memset(big, 'x', BIGGER);
    const struct cc_reply reply = {.status = 200, .body = big, .len = BIGGER};
    cc_server_answer(server, ticket, &reply);
    free(big);
}

static void answer_path(struct cc_server *server, struct cc_ticket ticket, const char *path)
{
    const struct cc_reply reply = {.status = 200, .body = path, .len = strlen(path)};

    cc_server_answer(server, ticket, &reply);
}

static void visit(void *about, struct cc_server *server, const struct cc_visit *visit)
{
    const char *path = visit->head->path;

    (void)about;
    scene.visits++;
    if (cc_text_equal(path, "/park")) {
        scene.parked = visit->ticket; /* no answer yet */
    } else if (cc_text_equal(path, "/big")) {
        answer_big(server, visit->ticket);
    } else if (cc_text_equal(path, "/stop")) {
        answer_path(server, visit->ticket, path);
        cc_server_stop(server);
    } else if (cc_text_equal(path, "/raw")) {
        static const char raw[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw";

        cc_server_answer_raw(server, visit->ticket, raw, sizeof(raw) - 1);
        cc_server_answer_raw(server, visit->ticket, raw, sizeof(raw) - 1); /* nobody waits now */
    } else {
        answer_path(server, scene.parked, "parked"); /* nobody, unless one was */
        answer_path(server, visit->ticket, path);
    }
    (void)sem_post(&scene.visited);
}

static void refused(void *about, int status)
{
    (void)about;
    scene.refused = status;
}

static int begin(void **state)
{
    if (temp_setup(state) != 0) {
        return 1;
    }
    memset(&scene, 0, sizeof(scene));
    scene.temp = *state;
    scene.parked.slot = UINT32_MAX;
    (void)sem_init(&scene.visited, 0, 0);
    plan = (struct cc_server_plan){.unix_path = temp_path(scene.temp, "socket"),
                                   .own_socket = true,
                                   .max_body = 40000,
                                   .visit = visit,
                                   .refused = refused};
    return 0;
}

static struct cc_desk *desk(void)
{
    return (struct cc_desk *)scene.server;
}

static void open_up(void)
{
    struct cc_error err;

    if (!cc_server_open(&scene.temp->run, &plan, &scene.server, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
}

static int run_with(void (*client)(void))
{
    pthread_t thread;

    scene.client = client;
    assert_int_equal(pthread_create(&thread, NULL, client_main, NULL), 0);
    int ended_by = cc_server_run(scene.server);
    (void)pthread_join(thread, NULL);
    assert_true(cc_server_close(scene.server));
    return ended_by;
}

static void serve(void (*client)(void))
{
    open_up();
    assert_int_equal(run_with(client), SIGTERM);
}

/* Whoever waits for a peer has waited long enough. */
static void time_is_over(void *about, struct cc_server *server)
{
    struct cc_desk *at = (struct cc_desk *)server;

    (void)about;
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        at->visitors[i].until = at->visitors[i].until ? 1 : 0;
    }
}

static void drip(void)
{
    int fd = client_connect(scene.server);

    client_say(fd, "GET / HTTP/1.1\r\nHo");
    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void a_head_that_does_not_arrive_in_time_is_answered_with_that(void **state)
{
    (void)state;
    plan.tick = time_is_over;
    serve(drip);
    assert_true(scene.whole);
    assert_non_null(strstr(scene.heard, "HTTP/1.1 408 Request Timeout\r\n"));
    assert_non_null(strstr(scene.heard, "{\"code\":\"RequestTimeout\""));
    assert_non_null(strstr(scene.heard, LAST));
    assert_int_equal(scene.refused, 408);
    assert_int_equal(scene.visits, 0);
}

static void say_nothing(void)
{
    int fd = client_connect(scene.server);

    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void a_peer_that_says_nothing_is_left_without_a_word(void **state)
{
    (void)state;
    plan.tick = time_is_over;
    serve(say_nothing);
    assert_true(scene.whole);
    assert_string_equal(scene.heard, "");
    assert_int_equal(scene.refused, 0);
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

static void crowd(void)
{
    static int fds[CC_VISITORS_MAX + 1];

    fds[0] = client_connect(scene.server);
    client_say(fds[0], "GET /park HTTP/1.1\r\n" HOST LAST "\r\n");
    (void)sem_wait(&scene.visited);
    for (size_t i = 1; i <= CC_VISITORS_MAX; i++) {
        fds[i] = client_connect(scene.server);
        must(fds[i] >= 0);
    }
    scene.whole = client_hear(fds[1], scene.heard, ROOM); /* came first, said nothing: must go */
    scene.length = strlen(scene.heard);
    client_say(fds[CC_VISITORS_MAX], "GET /last HTTP/1.1\r\n" HOST LAST "\r\n");
    (void)client_hear(fds[CC_VISITORS_MAX], scene.heard, ROOM);
    (void)client_hear(fds[0], scene.other, ROOM);
    for (size_t i = 0; i <= CC_VISITORS_MAX; i++) {
        (void)close(fds[i]);
    }
}

static void when_all_places_are_taken_the_longest_silent_goes_and_never_who_has_asked(void **state)
{
    (void)state;
    serve(crowd);
    assert_true(scene.whole);
    assert_int_equal(scene.length, 0);
    assert_non_null(strstr(scene.heard, "/last"));
    assert_non_null(strstr(scene.other, "parked"));
}

static void crowd_of_askers(void)
{
    static int fds[CC_VISITORS_MAX];

    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        fds[i] = client_connect(scene.server);
        client_say(fds[i], "GET /park HTTP/1.1\r\n" HOST "\r\n");
        (void)sem_wait(&scene.visited);
    }
    int late = client_connect(scene.server);
    scene.whole = client_hear(late, scene.heard, ROOM);
    (void)close(late);
    for (size_t i = 0; i < CC_VISITORS_MAX; i++) {
        (void)close(fds[i]);
    }
}

static void when_all_who_are_in_wait_for_us_the_next_stays_outside(void **state)
{
    (void)state;
    serve(crowd_of_askers);
    assert_true(scene.whole);
    assert_string_equal(scene.heard, "");
    assert_int_equal(scene.visits, CC_VISITORS_MAX);
}

static void come_without_descriptors(void)
{
    struct rlimit before;
    int first = client_connect(scene.server);
    int second = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);

    client_say(first, "GET /first HTTP/1.1\r\n" HOST "\r\n");
    must(client_hear_until(first, "/first", scene.heard, ROOM));
    must(getpeername(first, (struct sockaddr *)&address, &size) == 0);
    int free_one = dup(first);
    (void)close(free_one);
    (void)getrlimit(RLIMIT_NOFILE, &before);
    const struct rlimit none = {(rlim_t)free_one, before.rlim_max};
    (void)setrlimit(RLIMIT_NOFILE, &none);
    int connected = connect(second, (struct sockaddr *)&address, size);
    must(connected == 0);
    scene.whole = client_hear(first, scene.other, ROOM);
    client_say(second, "GET /second HTTP/1.1\r\n" HOST LAST "\r\n");
    (void)client_hear(second, scene.heard, ROOM);
    (void)setrlimit(RLIMIT_NOFILE, &before);
    (void)close(first);
    (void)close(second);
}

static void without_descriptors_to_spare_the_longest_silent_makes_room(void **state)
{
    (void)state;
    serve(come_without_descriptors);
    assert_true(scene.whole);
    assert_non_null(strstr(scene.heard, "/second"));
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

static void ask_as_a_stranger(void)
{
    int fd = client_connect(scene.server);

    client_say(fd, "GET / HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
    (void)shutdown(fd, SHUT_WR);
    scene.whole = client_hear(fd, scene.heard, ROOM);
    (void)close(fd);
}

static void a_peer_of_another_user_gets_a_403_and_nothing_else(void **state)
{
    (void)state;
    open_up();
    desk()->own_uid++;
    assert_int_equal(run_with(ask_as_a_stranger), SIGTERM);
    assert_non_null(strstr(scene.heard, "HTTP/1.1 403 "));
    assert_null(strstr(strstr(scene.heard, "403"), "HTTP/1.1"));
    assert_int_equal(scene.refused, 403);
    assert_int_equal(scene.visits, 0);
}

static void the_user_of_a_peer_over_ipv6_is_known_too(void **state)
{
    const struct cc_visitor *v = NULL;
    struct cc_error err;

    (void)state;
    plan.unix_path = NULL;
    plan.address = "[::1]:0";
    plan.hop_limit = 1;
    if (!cc_server_open(&scene.temp->run, &plan, &scene.server, &err)) {
        skip(); /* a host without IPv6 */
    }
    int fd = client_connect(scene.server);
    assert_true(fd >= 0);
    cc_door_knock(desk()->listening.fd, 0, desk());
    v = &desk()->visitors[0];
    assert_int_equal(v->uid, geteuid());
    assert_false(v->refused);
    assert_true(cc_server_close(scene.server));
    (void)close(fd);
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

#define SERVES(test) cmocka_unit_test_setup_teardown(test, begin, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(a_head_that_does_not_arrive_in_time_is_answered_with_that),
        SERVES(a_peer_that_says_nothing_is_left_without_a_word),
        SERVES(an_oversized_head_is_answered_though_more_was_under_way),
        SERVES(a_slow_reader_gets_the_whole_answer_and_then_the_next_one),
        SERVES(whoever_takes_no_answer_is_hung_up_on),
        SERVES(whoever_leaves_before_the_answer_is_out_hinders_nobody),
        SERVES(when_all_places_are_taken_the_longest_silent_goes_and_never_who_has_asked),
        SERVES(when_all_who_are_in_wait_for_us_the_next_stays_outside),
        SERVES(without_descriptors_to_spare_the_longest_silent_makes_room),
        SERVES(a_body_is_asked_for_and_the_connection_goes_on_after_it),
        SERVES(a_peer_of_another_user_gets_a_403_and_nothing_else),
        SERVES(the_user_of_a_peer_over_ipv6_is_known_too),
        SERVES(what_is_being_written_is_written_before_it_stops),
        SERVES(a_status_without_a_phrase_of_ours_is_still_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
