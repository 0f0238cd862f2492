#include "credctl/base/text.h"

#include "support/peer.h"
#include "support/temp.h"
#include "support/test.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct peer peer;

static const char *url_of(struct temp *temp, const char *path)
{
    return cc_textf(&temp->run.mem, "http://127.0.0.1:%d%s", peer.port, path);
}

static struct cc_request get(struct temp *temp, const char *path)
{
    return (struct cc_request){.method = "GET",
                               .url = url_of(temp, path),
                               .distance = CC_NEAR,
                               .timeout_ms = 3000,
                               .max_body = 1000};
}

static bool says(const char *request, const char *path)
{
    const char *at = strchr(request, ' ');

    return at && strncmp(at + 1, path, strlen(path)) == 0;
}

static void wait_for_end(int fd)
{
    char byte = 0;

    while (read(fd, &byte, 1) > 0) {
    }
}

static void reset(int fd)
{
    const struct linger now = {1, 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void endless(int fd, const char *piece)
{
    for (int i = 0; i < 20000; i++) {
        if (send(fd, piece, strlen(piece), MSG_NOSIGNAL) <= 0) {
            return;
        }
    }
}

static void drip(int fd)
{
    peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; i < 100 && send(fd, "x", 1, MSG_NOSIGNAL) == 1; i++) {
        (void)usleep(100000);
    }
}

static void serve(struct peer *at, int fd, const char *request)
{
    if (says(request, "/redirect")) {
        peer_say(fd, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    } else if (says(request, "/drip")) {
        drip(fd);
    } else if (says(request, "/keep")) {
        peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        wait_for_end(fd);
    } else if (says(request, "/silent")) {
        wait_for_end(fd);
    } else if (says(request, "/cut")) {
        peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    } else if (says(request, "/chunk-cut")) {
        peer_say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf");
    } else if (says(request, "/reset")) {
        reset(fd);
    } else if (says(request, "/nothing")) {
        /* closes at once */
    } else if (says(request, "/big")) {
        peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
        endless(fd, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    } else if (says(request, "/headers")) {
        peer_say(fd, "HTTP/1.1 200 OK\r\n");
        endless(fd, "X-Endless: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n");
    } else if (says(request, "/line")) {
        peer_say(fd, "HTTP/1.1 200 OK\r\nX-Endless: ");
        endless(fd, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    } else if (says(request, "/noise")) {
        peer_say(fd, "SSH-2.0-OpenSSH_9.2\r\n");
        wait_for_end(fd);
    } else if (says(request, "/slow")) {
        peer_busy(at, 1);
        (void)usleep(200000);
        peer_busy(at, -1);
        peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    } else if (says(request, "/500")) {
        peer_say(fd, "HTTP/1.1 500 No\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsad!");
    } else {
        peer_say(fd, "HTTP/1.1 200 OK\r\nX-One:  a b \r\nx-one: second\r\nContent-Length: 5\r\n"
                     "Connection: close\r\n\r\nhe\n\tl");
    }
}

static int start(void **state)
{
    peer_start(&peer, serve);
    return temp_setup(state);
}

static int stop(void **state)
{
    int status = temp_teardown(state); /* closes its connections first */

    peer_stop(&peer);
    return status;
}

static struct cc_response answer(struct temp *temp, const struct cc_request *request)
{
    struct cc_response response;
    struct cc_error err;

    if (!cc_http(&temp->run, request, &response, &err)) {
        fail_msg("%s: %s: %s", request->url, err.what, err.why);
    }
    assert_int_equal(response.failure, CC_NET_ANSWERED);
    return response;
}

static struct cc_error no_answer(struct temp *temp, const struct cc_request *request,
                                 enum cc_failure failure, enum cc_code code)
{
    struct cc_response response;
    struct cc_error err = {0};

    if (cc_http(&temp->run, request, &response, &err)) {
        fail_msg("%s answered %d", request->url, response.status);
    }
    if (response.failure != failure || err.code != code) {
        fail_msg("%s: failure %d, %s: %s", request->url, (int)response.failure,
                 cc_code_name(err.code), err.why);
    }
    assert_true(err.why[0] && err.fix[0]);
    return err;
}

static void an_answer_has_its_status_body_and_headers(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x?y=1");
    struct cc_response response = answer(temp, &request);

    assert_int_equal(response.status, 200);
    assert_int_equal(response.body_len, 5);
    assert_string_equal(response.body, "he\n\tl");
    assert_string_equal(cc_response_header(&temp->run.mem, &response, "X-ONE"), "a b");
    assert_null(cc_response_header(&temp->run.mem, &response, "X-On"));
    assert_null(cc_response_header(&temp->run.mem, &response, "HTTP/1.1 200 OK"));
    request = get(temp, "/500");
    response = answer(temp, &request);
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
    struct cc_request request = get(temp, "/a/../b//c?x=%2F");

    request.headers = headers;
    (void)answer(temp, &request);
    assert_true(cc_text_starts(peer.request, "GET /a/../b//c?x=%2F HTTP/1.1\r\n"));
    assert_non_null(strstr(peer.request, "\r\nX-Plain: a b\r\n"));
    assert_non_null(strstr(peer.request, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(peer.request, "\r\nX-Secret: " CANARY "\r\n"));
    assert_null(strstr(peer.request, "Content-Type"));
}

static void a_put_without_a_body_says_so_and_a_post_does_not_wait(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");
    char *body = cc_alloc(&temp->run.mem, 5000);

    request.method = "PUT";
    (void)answer(temp, &request);
    assert_true(cc_text_starts(peer.request, "PUT /x "));
    assert_non_null(strstr(peer.request, "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(peer.request, "Content-Type"));
    memset(body, 'b', 4999);
    request.method = "POST";
    request.body = cc_secret_keep(&temp->run.mem, body);
    (void)answer(temp, &request);
    assert_non_null(strstr(peer.request, "\r\nContent-Length: 4999\r\n"));
    assert_null(strstr(peer.request, "Expect"));
}

static void a_redirect_is_an_answer_and_not_followed(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/redirect");

    for (int distance = CC_FAR; distance <= CC_NEAR; distance++) {
        request.distance = (enum cc_distance)distance;
        struct cc_response response = answer(temp, &request);

        assert_int_equal(response.status, 302);
        assert_string_equal(cc_response_header(&temp->run.mem, &response, "location"),
                            "/elsewhere");
        assert_true(cc_text_starts(peer.request, "GET /redirect "));
    }
}

static void a_peer_that_drips_or_says_nothing_is_left_in_time(void **state)
{
    struct temp *temp = *state;
    static const char *const paths[] = {"/drip", "/silent"};

    for (size_t i = 0; i < CC_COUNT(paths); i++) {
        struct cc_request request = get(temp, paths[i]);
        int64_t before = cc_ticks_ms(&temp->run);

        request.timeout_ms = 500;
        (void)no_answer(temp, &request, CC_NET_SILENT, CC_E_TIMEOUT);
        int64_t took = cc_ticks_ms(&temp->run) - before;
        assert_true(took >= 450 && took < 2500);
    }
}

static void silence_on_a_connection_used_again_is_silence(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/keep");

    (void)answer(temp, &request);
    request.timeout_ms = 300;
    (void)no_answer(temp, &request, CC_NET_SILENT, CC_E_TIMEOUT);
    assert_int_equal(peer_connections(&peer), 1);
}

static void the_deadline_of_the_run_cuts_every_exchange(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/silent");

    temp->run.deadline_ms = cc_ticks_ms(&temp->run) + 400;
    request.timeout_ms = 60000;
    (void)no_answer(temp, &request, CC_NET_SILENT, CC_E_TIMEOUT);
    assert_true(cc_ticks_ms(&temp->run) < temp->run.deadline_ms + 2000);
    (void)usleep(20000);
    struct cc_error err = no_answer(temp, &request, CC_NET_OTHER, CC_E_DEADLINE);
    assert_string_equal(err.fix, "give more time with --timeout");
}

static void an_offline_run_asks_nobody(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");

    temp->run.offline = true;
    struct cc_error err = no_answer(temp, &request, CC_NET_OTHER, CC_E_UNREACHABLE);
    assert_string_equal(err.fix, "run it without --offline");
    assert_int_equal(peer_connections(&peer), 0);
}

static void an_answer_larger_than_allowed_is_an_error(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/big");

    (void)no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
    request = get(temp, "/headers");
    (void)no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
    request = get(temp, "/line");
    (void)no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
    request = get(temp, "/x");
    request.max_body = 5;
    (void)answer(temp, &request);
    request.max_body = 4;
    (void)no_answer(temp, &request, CC_NET_TOO_BIG, CC_E_TOO_BIG);
}

static void half_an_answer_is_none(void **state)
{
    struct temp *temp = *state;
    static const char *const paths[] = {"/cut", "/chunk-cut", "/reset", "/nothing"};

    for (size_t i = 0; i < CC_COUNT(paths); i++) {
        struct cc_request request = get(temp, paths[i]);

        (void)no_answer(temp, &request, CC_NET_CUT, CC_E_UNREACHABLE);
    }
}

static void what_is_not_http_is_no_answer(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/noise");

    (void)no_answer(temp, &request, CC_NET_OTHER, CC_E_BAD_ANSWER);
}

static void a_closed_port_a_black_hole_and_an_unknown_name_are_told_apart(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");

    request.url = cc_textf(&temp->run.mem, "http://127.0.0.1:%d/", peer_closed_port());
    struct cc_error err = no_answer(temp, &request, CC_NET_REFUSED, CC_E_UNREACHABLE);
    assert_non_null(strstr(err.why, "refused"));
    request.url = "http://no-such-host.invalid/";
    (void)no_answer(temp, &request, CC_NET_NAME, CC_E_DNS);
    request.url = "http://255.255.255.255/"; /* no connection leads to everybody */
    request.timeout_ms = 500;
    (void)no_answer(temp, &request, CC_NET_NO_ROUTE, CC_E_UNREACHABLE);
}

static void a_full_queue_of_connections_is_a_black_hole(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");
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
    int64_t before = cc_ticks_ms(&temp->run);
    (void)no_answer(temp, &request, CC_NET_CONNECT_TIMEOUT, CC_E_TIMEOUT);
    assert_true(cc_ticks_ms(&temp->run) - before < 2000);
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
        struct cc_request request = get(temp, "/x");

        request.headers = headers;
        struct cc_error err = no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
        assert_string_equal(err.what, "cannot send the header X-Token");
        assert_null(strstr(err.why, "CANARY"));
    }
    assert_int_equal(peer_connections(&peer), 0);
}

static void a_url_that_hides_its_host_is_not_called(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");

    request.url = cc_textf(&temp->run.mem, "http://sts.amazonaws.com@127.0.0.1:%d/", peer.port);
    (void)no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
    request.url = cc_textf(&temp->run.mem, "http://2130706433:%d/", peer.port);
    (void)no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
    request.url = "file:///etc/passwd";
    (void)no_answer(temp, &request, CC_NET_OTHER, CC_E_CONFIG);
    assert_int_equal(peer_connections(&peer), 0);
}

static void a_query_is_not_part_of_an_error(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/cut?X-Amz-Security-Token=" CANARY);
    struct cc_error err = no_answer(temp, &request, CC_NET_CUT, CC_E_UNREACHABLE);

    assert_null(strstr(err.what, "CANARY"));
    assert_null(strstr(err.why, "CANARY"));
}

static void an_address_is_connected_to_instead_of_the_name(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");

    request.url = cc_textf(&temp->run.mem, "http://no-such-host.invalid:%d/x", peer.port);
    request.address = "127.0.0.1";
    (void)answer(temp, &request);
    assert_non_null(strstr(peer.request, "\r\nHost: no-such-host.invalid:"));
    request.url = cc_textf(&temp->run.mem, "http://127.0.0.1:%d/x", peer.port);
    request.address = "127.0.0.77"; /* also loopback, where this peer does not listen */
    (void)no_answer(temp, &request, CC_NET_REFUSED, CC_E_UNREACHABLE);
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
    struct cc_request request = get(temp, "/x");

    with_proxy(peer_closed_port());
    (void)answer(temp, &request);
    request.distance = CC_FAR;
    (void)answer(temp, &request);
    with_proxy(peer.port);
    request.distance = CC_NEAR;
    request.url = "http://no-such-host.invalid/";
    (void)no_answer(temp, &request, CC_NET_NAME, CC_E_DNS);
    without_proxy();
    assert_int_equal(peer_connections(&peer), 2);
}

static void what_is_far_goes_through_the_proxy(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");

    request.distance = CC_FAR;
    request.url = "http://no-such-host.invalid/far?x=1";
    with_proxy(peer.port);
    (void)answer(temp, &request);
    assert_true(cc_text_starts(peer.request, "GET http://no-such-host.invalid/far?x=1 HTTP/1.1"));
    request.url = "http://127.evil.invalid/"; /* a name, not an address */
    (void)answer(temp, &request);
    (void)setenv("no_proxy", "no-such-host.invalid", 1);
    request.url = "http://no-such-host.invalid/";
    (void)no_answer(temp, &request, CC_NET_NAME, CC_E_DNS);
    without_proxy();
}

static void a_proxy_is_asked_to_connect_for_https(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/x");
    struct cc_response response;
    struct cc_error err;

    request.distance = CC_FAR;
    request.url = "https://no-such-host.invalid/";
    with_proxy(peer.port);
    assert_false(cc_http(&temp->run, &request, &response, &err));
    without_proxy();
    assert_true(cc_text_starts(peer.request, "CONNECT no-such-host.invalid:443 HTTP/1.1"));
}

struct heard {
    size_t count;
    size_t good;
};

static void hear(void *about, struct cc_exchange *exchange)
{
    struct heard *heard = about;

    heard->count++;
    heard->good += exchange->ok;
}

static void many_are_asked_at_once_but_not_more_than_said(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange many[24] = {0};
    struct heard heard = {0};
    const struct cc_watch watch = {hear, &heard};

    for (size_t i = 0; i < CC_COUNT(many); i++) {
        many[i].request = get(temp, "/slow");
    }
    int64_t before = cc_ticks_ms(&temp->run);
    cc_http_many(&temp->run, many, CC_COUNT(many), 6, &watch);
    int64_t took = cc_ticks_ms(&temp->run) - before;
    assert_int_equal(heard.count, 24);
    assert_int_equal(heard.good, 24);
    assert_true(peer.most_busy <= 6 && peer.most_busy > 1);
    assert_true(took >= 700);
}

static void failures_among_successes_stay_where_they_belong(void **state)
{
    struct temp *temp = *state;
    static const char *const paths[] = {"/x", "/cut", "/500", "/silent", "bad", "/big", "/x"};
    static const enum cc_failure ends[] = {CC_NET_ANSWERED, CC_NET_CUT,   CC_NET_ANSWERED,
                                           CC_NET_SILENT,   CC_NET_OTHER, CC_NET_TOO_BIG,
                                           CC_NET_ANSWERED};
    struct cc_exchange many[70] = {0};
    struct heard heard = {0};
    const struct cc_watch watch = {hear, &heard};

    for (size_t i = 0; i < CC_COUNT(many); i++) {
        const char *path = paths[i % CC_COUNT(paths)];

        many[i].request = get(temp, path);
        many[i].request.timeout_ms = 700;
        many[i].request.url = path[0] == '/' ? many[i].request.url : "http://[::x]/";
    }
    cc_http_many(&temp->run, many, CC_COUNT(many), 32, &watch);
    assert_int_equal(heard.count, 70);
    for (size_t i = 0; i < CC_COUNT(many); i++) {
        enum cc_failure end = ends[i % CC_COUNT(paths)];

        if (many[i].response.failure != end || many[i].ok != (end == CC_NET_ANSWERED)) {
            fail_msg("%zu: %s ended as %d: %s", i, many[i].request.url,
                     (int)many[i].response.failure, many[i].err.why);
        }
    }
    assert_int_equal(many[2].response.status, 500);
}

static void the_deadline_holds_for_those_that_wait_for_their_turn(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange many[8] = {0};

    for (size_t i = 0; i < CC_COUNT(many); i++) {
        many[i].request = get(temp, "/silent");
        many[i].request.timeout_ms = 30000;
    }
    temp->run.deadline_ms = cc_ticks_ms(&temp->run) + 500;
    cc_http_many(&temp->run, many, CC_COUNT(many), 2, NULL);
    assert_true(cc_ticks_ms(&temp->run) < temp->run.deadline_ms + 2000);
    assert_int_equal(many[0].err.code, CC_E_TIMEOUT);
    assert_int_equal(many[7].err.code, CC_E_DEADLINE);
}

static void none_at_all_and_parallel_0_end(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange one = {.request = get(temp, "/x")};

    cc_http_many(&temp->run, NULL, 0, 4, NULL);
    cc_http_many(&temp->run, &one, 1, 0, NULL);
    assert_true(one.ok);
    temp->run.offline = true;
    cc_http_many(&temp->run, &one, 1, 4, NULL);
    assert_false(one.ok);
    assert_int_equal(one.err.code, CC_E_UNREACHABLE);
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
    struct cc_request request = get(temp, "/x");
    pthread_t thread;

    assert_int_equal(bind(rude.fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(rude.fd, 4), 0);
    assert_int_equal(getsockname(rude.fd, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(pthread_create(&thread, NULL, be_rude, &rude), 0);
    request.url = cc_textf(&temp->run.mem, "https://127.0.0.1:%d/", ntohs(at.sin_port));
    struct cc_error err = no_answer(temp, &request, failure, code);
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

static void one_connection_serves_single_and_many_exchanges(void **state)
{
    struct temp *temp = *state;
    struct cc_exchange one = {.request = get(temp, "/x")};

    one.request.url = url_of(temp, "/keep");
    cc_http_many(&temp->run, &one, 1, 1, NULL);
    assert_true(one.ok);
    one.request.timeout_ms = 200; /* the peer answers one request of a connection */
    cc_http_many(&temp->run, &one, 1, 1, NULL);
    assert_int_equal(peer_connections(&peer), 1);
}

static void nothing_that_is_open_afterwards_is_inherited(void **state)
{
    struct temp *temp = *state;
    struct cc_request request = get(temp, "/keep");
    bool was_open[64];
    int ours = 0;

    for (int fd = 3; fd < 64; fd++) {
        was_open[fd] = fcntl(fd, F_GETFD) >= 0;
    }
    (void)answer(temp, &request);
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

/* Three exchanges, each not before 60 ms after the one before has ended. */
struct slow_pump {
    struct temp *temp;
    struct cc_exchange exchange;
    int begun;
    int ended;
    int64_t at;
};

static struct cc_exchange *slow_next(void *about, int64_t *at)
{
    struct slow_pump *slow = about;
    int64_t now = cc_ticks_ms(&slow->temp->run);

    if (slow->begun == 3 || slow->begun > slow->ended) {
        return NULL;
    }
    if (now < slow->at) {
        *at = slow->at;
        return NULL;
    }
    slow->begun++;
    slow->exchange =
        (struct cc_exchange){.run = &slow->temp->run, .request = get(slow->temp, "/x")};
    return &slow->exchange;
}

static void slow_done(void *about, struct cc_exchange *exchange)
{
    struct slow_pump *slow = about;

    assert_true(exchange->ok);
    slow->ended++;
    slow->at = cc_ticks_ms(&slow->temp->run) + 60;
}

static void a_pump_is_asked_again_at_the_time_it_names(void **state)
{
    struct slow_pump slow = {.temp = *state};
    const struct cc_pump pump = {slow_next, slow_done, &slow};
    int64_t before = cc_ticks_ms(&slow.temp->run);

    cc_http_pump(&slow.temp->run, &pump);
    assert_int_equal(slow.ended, 3);
    assert_true(cc_ticks_ms(&slow.temp->run) - before >= 120);
}

#define WITH_A_PEER(test) cmocka_unit_test_setup_teardown(test, start, stop)

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
        WITH_A_PEER(many_are_asked_at_once_but_not_more_than_said),
        WITH_A_PEER(failures_among_successes_stay_where_they_belong),
        WITH_A_PEER(the_deadline_holds_for_those_that_wait_for_their_turn),
        WITH_A_PEER(none_at_all_and_parallel_0_end),
        WITH_A_PEER(who_breaks_off_the_handshake_is_not_taken_for_a_bad_certificate),
        WITH_A_PEER(who_does_not_speak_tls_is_not_taken_for_a_broken_connection),
        WITH_A_PEER(one_connection_serves_single_and_many_exchanges),
        WITH_A_PEER(nothing_that_is_open_afterwards_is_inherited),
        WITH_A_PEER(a_pump_is_asked_again_at_the_time_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
