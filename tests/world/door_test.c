#include "visitor_support.h"

#include <sys/resource.h>

/* Who comes in, who has to wait outside, and who has been in too long. */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVES(a_head_that_does_not_arrive_in_time_is_answered_with_that),
        SERVES(a_peer_that_says_nothing_is_left_without_a_word),
        SERVES(when_all_places_are_taken_the_longest_silent_goes_and_never_who_has_asked),
        SERVES(when_all_who_are_in_wait_for_us_the_next_stays_outside),
        SERVES(without_descriptors_to_spare_the_longest_silent_makes_room),
        SERVES(a_peer_of_another_user_gets_a_403_and_nothing_else),
        SERVES(the_user_of_a_peer_over_ipv6_is_known_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
