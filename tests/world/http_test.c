#include "credctl/base/text.h"

#include "support/test.h"
#include "support/web.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void an_answer_has_its_status_body_and_headers(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x?y=1");
    struct cc_response response = web_answer(temp, &request);

    assert_int_equal(response.status, 200);
    assert_int_equal(response.body_len, 5);
    assert_string_equal(response.body, "he\n\tl");
    assert_string_equal(cc_response_header(&temp->run.mem, &response, "X-ONE"), "a b");
    assert_null(cc_response_header(&temp->run.mem, &response, "X-On"));
    assert_null(cc_response_header(&temp->run.mem, &response, "HTTP/1.1 200 OK"));
    request = web_get(temp, "/500");
    response = web_answer(temp, &request);
    assert_int_equal(response.status, 500);
    assert_string_equal(response.body, "sad!");
}

static void a_request_goes_out_as_it_was_written(void **state)
{
    struct temp *temp = *state;
    const struct cc_header headers[] = {{"X-Plain", "a b", {NULL}},
                                        {"X-Empty", "", {NULL}},
                                        {"X-Secret", NULL, cc_secret_keep(&temp->run.mem, CANARY)},
                                        {0}};
    struct cc_request request = web_get(temp, "/a/../b//c?x=%2F");

    request.headers = headers;
    (void)web_answer(temp, &request);
    assert_true(cc_text_starts(web_peer.request, "GET /a/../b//c?x=%2F HTTP/1.1\r\n"));
    assert_non_null(strstr(web_peer.request, "\r\nX-Plain: a b\r\n"));
    assert_non_null(strstr(web_peer.request, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(web_peer.request, "\r\nX-Secret: " CANARY "\r\n"));
    assert_null(strstr(web_peer.request, "Content-Type"));
}

static void a_put_without_a_body_says_so_and_a_post_does_not_wait(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");
    char *body = cc_alloc(&temp->run.mem, 5000);

    request.method = "PUT";
    (void)web_answer(temp, &request);
    assert_true(cc_text_starts(web_peer.request, "PUT /x "));
    assert_non_null(strstr(web_peer.request, "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(web_peer.request, "Content-Type"));
    memset(body, 'b', 4999);
    request.method = "POST";
    request.body = cc_secret_keep(&temp->run.mem, body);
    (void)web_answer(temp, &request);
    assert_non_null(strstr(web_peer.request, "\r\nContent-Length: 4999\r\n"));
    assert_null(strstr(web_peer.request, "Expect"));
}

static void a_redirect_is_an_answer_and_not_followed(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/redirect");

    for (int distance = CC_FAR; distance <= CC_NEAR; distance++) {
        request.distance = (enum cc_distance)distance;
        struct cc_response response = web_answer(temp, &request);

        assert_int_equal(response.status, 302);
        assert_string_equal(cc_response_header(&temp->run.mem, &response, "location"),
                            "/elsewhere");
        assert_true(cc_text_starts(web_peer.request, "GET /redirect "));
    }
}

static void a_peer_that_drips_or_says_nothing_is_left_in_time(void **state)
{
    struct temp *temp = *state;
    static const char *const paths[] = {"/drip", "/silent"};

    for (size_t i = 0; i < CC_COUNT(paths); i++) {
        struct cc_request request = web_get(temp, paths[i]);

        request.timeout_ms = 500; /* else it would be answered, or wait until the test is ended */
        (void)web_no_answer(temp, &request, CC_NET_SILENT, CC_E_TIMEOUT);
    }
}

static void silence_on_a_connection_used_again_is_silence(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/keep");

    (void)web_answer(temp, &request);
    request.timeout_ms = 300;
    (void)web_no_answer(temp, &request, CC_NET_SILENT, CC_E_TIMEOUT);
    assert_int_equal(peer_connections(&web_peer), 1);
}

static void the_deadline_of_the_run_cuts_every_exchange(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/silent");

    temp->run.deadline_ms = cc_ticks_ms(&temp->run) + 400;
    request.timeout_ms = 600000; /* past the time that a test has */
    (void)web_no_answer(temp, &request, CC_NET_SILENT, CC_E_TIMEOUT);
    (void)usleep(20000);
    struct cc_error err = web_no_answer(temp, &request, CC_NET_OTHER, CC_E_DEADLINE);
    assert_string_equal(err.fix, "give more time with --timeout");
}

static void an_offline_run_asks_nobody(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");

    temp->run.offline = true;
    struct cc_error err = web_no_answer(temp, &request, CC_NET_OTHER, CC_E_UNREACHABLE);
    assert_string_equal(err.fix, "run it without --offline");
    assert_int_equal(peer_connections(&web_peer), 0);
}

static void an_answer_larger_than_allowed_is_an_error(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/big");

    (void)web_no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
    request = web_get(temp, "/headers");
    (void)web_no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
    request = web_get(temp, "/line");
    (void)web_no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
    request = web_get(temp, "/x");
    request.max_body = 5;
    (void)web_answer(temp, &request);
    request.max_body = 4;
    (void)web_no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
}

static void half_an_answer_is_none(void **state)
{
    struct temp *temp = *state;
    static const char *const paths[] = {"/cut", "/chunk-cut", "/reset", "/nothing"};

    for (size_t i = 0; i < CC_COUNT(paths); i++) {
        struct cc_request request = web_get(temp, paths[i]);

        (void)web_no_answer(temp, &request, CC_NET_CUT, CC_E_UNREACHABLE);
    }
}

static void what_is_not_http_is_no_answer(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/noise");

    (void)web_no_answer(temp, &request, CC_NET_OTHER, CC_E_BAD_ANSWER);
}

static void a_closed_port_a_black_hole_and_an_unknown_name_are_told_apart(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");

    request.url = cc_textf(&temp->run.mem, "http://127.0.0.1:%d/", peer_closed_port());
    struct cc_error err = web_no_answer(temp, &request, CC_NET_REFUSED, CC_E_UNREACHABLE);
    assert_non_null(strstr(err.why, "refused"));
    request.url = "http://no-such-host.invalid/";
    (void)web_no_answer(temp, &request, CC_NET_NAME, CC_E_DNS);
    request.url = "http://255.255.255.255/"; /* no connection leads to everybody */
    request.timeout_ms = 500;
    (void)web_no_answer(temp, &request, CC_NET_NO_ROUTE, CC_E_UNREACHABLE);
}

static void a_full_queue_of_connections_is_a_black_hole(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int waiting[4];

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    for (size_t i = 0; i < CC_COUNT(waiting); i++) {
        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)!connect(waiting[i], (struct sockaddr *)&at, sizeof(at));
    }
    request.url = cc_textf(&temp->run.mem, "http://127.0.0.1:%d/", ntohs(at.sin_port));
    request.connect_ms = 300;
    request.timeout_ms = 600000;
    (void)web_no_answer(temp, &request, CC_NET_CONNECT_TIMEOUT, CC_E_TIMEOUT);
    for (size_t i = 0; i < CC_COUNT(waiting); i++) {
        (void)close(waiting[i]);
    }
    (void)close(fd);
}

static void a_header_with_a_line_break_is_not_sent_and_not_shown(void **state)
{
    struct temp *temp = *state;
    static const char *const bad[] = {CANARY "\r\nX-Evil: 1", CANARY "\n", "\x01" CANARY,
                                      CANARY "\x7f"};

    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        const struct cc_header headers[] = {
            {"X-Token", NULL, cc_secret_keep(&temp->run.mem, bad[i])}, {0}};
        struct cc_request request = web_get(temp, "/x");

        request.headers = headers;
        struct cc_error err = web_no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
        assert_string_equal(err.what, "cannot send the header X-Token");
        assert_null(strstr(err.why, "CANARY"));
    }
    assert_int_equal(peer_connections(&web_peer), 0);
}

static void a_url_that_hides_its_host_is_not_called(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");

    request.url = cc_textf(&temp->run.mem, "http://sts.amazonaws.com@127.0.0.1:%d/", web_peer.port);
    (void)web_no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
    request.url = cc_textf(&temp->run.mem, "http://2130706433:%d/", web_peer.port);
    (void)web_no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
    request.url = "file:///etc/passwd";
    (void)web_no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
    assert_int_equal(peer_connections(&web_peer), 0);
}

static void a_query_is_not_part_of_an_error(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/cut?X-Amz-Security-Token=" CANARY);
    struct cc_error err = web_no_answer(temp, &request, CC_NET_CUT, CC_E_UNREACHABLE);

    assert_null(strstr(err.what, "CANARY"));
    assert_null(strstr(err.why, "CANARY"));
}

static void an_address_is_connected_to_instead_of_the_name(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");

    request.url = cc_textf(&temp->run.mem, "http://no-such-host.invalid:%d/x", web_peer.port);
    request.address = "127.0.0.1";
    (void)web_answer(temp, &request);
    assert_non_null(strstr(web_peer.request, "\r\nHost: no-such-host.invalid:"));
    request.url = cc_textf(&temp->run.mem, "http://127.0.0.1:%d/x", web_peer.port);
    request.address = "127.0.0.77"; /* also loopback, where this peer does not listen */
    (void)web_no_answer(temp, &request, CC_NET_REFUSED, CC_E_UNREACHABLE);
}

/* The variables are read by the real world: set for one test, and taken back. */
static void with_proxy(int port)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "http://127.0.0.1:%d", port);
    (void)setenv("http_proxy", text, 1);
    (void)setenv("HTTPS_PROXY", text, 1);
    (void)setenv("ALL_PROXY", text, 1);
}

static void without_proxy(void)
{
    (void)unsetenv("http_proxy");
    (void)unsetenv("HTTPS_PROXY");
    (void)unsetenv("ALL_PROXY");
    (void)unsetenv("no_proxy");
}

static void nothing_near_or_on_loopback_goes_through_a_proxy(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");

    with_proxy(peer_closed_port());
    (void)web_answer(temp, &request);
    request.distance = CC_FAR;
    (void)web_answer(temp, &request);
    with_proxy(web_peer.port);
    request.distance = CC_NEAR;
    request.url = "http://no-such-host.invalid/";
    (void)web_no_answer(temp, &request, CC_NET_NAME, CC_E_DNS);
    without_proxy();
    assert_int_equal(peer_connections(&web_peer), 2);
}

static void what_is_far_goes_through_the_proxy(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");

    request.distance = CC_FAR;
    request.url = "http://no-such-host.invalid/far?x=1";
    with_proxy(web_peer.port);
    (void)web_answer(temp, &request);
    assert_true(
        cc_text_starts(web_peer.request, "GET http://no-such-host.invalid/far?x=1 HTTP/1.1"));
    request.url = "http://127.evil.invalid/"; /* a name, not an address */
    (void)web_answer(temp, &request);
    (void)setenv("no_proxy", "no-such-host.invalid", 1);
    request.url = "http://no-such-host.invalid/";
    (void)web_no_answer(temp, &request, CC_NET_NAME, CC_E_DNS);
    without_proxy();
}

static void a_proxy_is_asked_to_connect_for_https(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/x");
    struct cc_response response;
    struct cc_error err;

    request.distance = CC_FAR;
    request.url = "https://no-such-host.invalid/";
    with_proxy(web_peer.port);
    assert_false(cc_http(&temp->run, &request, &response, &err));
    without_proxy();
    assert_true(cc_text_starts(web_peer.request, "CONNECT no-such-host.invalid:443 HTTP/1.1"));
}

static void reset(int fd)
{
    const struct linger now = {1, 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

/* Takes connections until it is shut down; reads what is said first, answers, and goes away. */
struct rude {
    int fd;
    const char *says; /* NULL: it resets the connection */
    int connections;
};

static void *be_rude(void *about)
{
    struct rude *rude = about;
    char hello[4096];

    for (int fd = accept(rude->fd, NULL, NULL); fd >= 0; fd = accept(rude->fd, NULL, NULL)) {
        rude->connections++;
        (void)!read(fd, hello, sizeof(hello));
        if (rude->says) {
            peer_say(fd, rude->says);
        } else {
            reset(fd);
        }
        (void)close(fd);
    }
    return NULL;
}

static void tls_with(struct temp *temp, const char *says, enum cc_failure failure,
                     enum cc_code code)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    struct rude rude = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .says = says};
    struct cc_request request = web_get(temp, "/x");
    pthread_t thread;

    assert_int_equal(bind(rude.fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(rude.fd, 4), 0);
    assert_int_equal(getsockname(rude.fd, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(pthread_create(&thread, NULL, be_rude, &rude), 0);
    request.url = cc_textf(&temp->run.mem, "https://127.0.0.1:%d/", ntohs(at.sin_port));
    struct cc_error err = web_no_answer(temp, &request, failure, code);
    (void)shutdown(rude.fd, SHUT_RDWR);
    (void)pthread_join(thread, NULL);
    (void)close(rude.fd);
    assert_true((strstr(err.fix, "ca-bundle") != NULL) == (failure == CC_NET_TLS));
    assert_int_equal(rude.connections, 1);
}

static void who_breaks_off_the_handshake_is_not_taken_for_a_bad_certificate(void **state)
{
    tls_with(*state, NULL, CC_NET_TLS_CUT, CC_E_UNREACHABLE);
    tls_with(*state, "", CC_NET_TLS_CUT, CC_E_UNREACHABLE);
}

static void who_does_not_speak_tls_is_not_taken_for_a_broken_connection(void **state)
{
    tls_with(*state, "SSH-2.0-OpenSSH_9.2\r\nand more of it\r\n", CC_NET_TLS, CC_E_TLS);
}

static void nothing_that_is_open_afterwards_is_inherited(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = web_get(temp, "/keep");
    bool was_open[64];
    int ours = 0;

    for (int fd = 3; fd < 64; fd++) {
        was_open[fd] = fcntl(fd, F_GETFD) >= 0;
    }
    (void)web_answer(temp, &request);
    for (int fd = 3; fd < 64; fd++) {
        int flags = fcntl(fd, F_GETFD);
        struct sockaddr_storage end;
        socklen_t size = sizeof(end);

        if (flags < 0 || was_open[fd]) {
            continue;
        }
        ours += getpeername(fd, (struct sockaddr *)&end, &size) == 0;
        if ((flags & FD_CLOEXEC) == 0) {
            fail_msg("%d would be inherited", fd);
        }
    }
    assert_true(ours >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PEER(an_answer_has_its_status_body_and_headers),
        WITH_A_PEER(a_request_goes_out_as_it_was_written),
        WITH_A_PEER(a_put_without_a_body_says_so_and_a_post_does_not_wait),
        WITH_A_PEER(a_redirect_is_an_answer_and_not_followed),
        WITH_A_PEER(a_peer_that_drips_or_says_nothing_is_left_in_time),
        WITH_A_PEER(silence_on_a_connection_used_again_is_silence),
        WITH_A_PEER(the_deadline_of_the_run_cuts_every_exchange),
        WITH_A_PEER(an_offline_run_asks_nobody),
        WITH_A_PEER(an_answer_larger_than_allowed_is_an_error),
        WITH_A_PEER(half_an_answer_is_none),
        WITH_A_PEER(what_is_not_http_is_no_answer),
        WITH_A_PEER(a_closed_port_a_black_hole_and_an_unknown_name_are_told_apart),
        WITH_A_PEER(a_full_queue_of_connections_is_a_black_hole),
        WITH_A_PEER(a_header_with_a_line_break_is_not_sent_and_not_shown),
        WITH_A_PEER(a_url_that_hides_its_host_is_not_called),
        WITH_A_PEER(a_query_is_not_part_of_an_error),
        WITH_A_PEER(an_address_is_connected_to_instead_of_the_name),
        WITH_A_PEER(nothing_near_or_on_loopback_goes_through_a_proxy),
        WITH_A_PEER(what_is_far_goes_through_the_proxy),
        WITH_A_PEER(a_proxy_is_asked_to_connect_for_https),
        WITH_A_PEER(who_breaks_off_the_handshake_is_not_taken_for_a_bad_certificate),
        WITH_A_PEER(who_does_not_speak_tls_is_not_taken_for_a_broken_connection),
        WITH_A_PEER(nothing_that_is_open_afterwards_is_inherited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
