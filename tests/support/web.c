#include "web.h"

#include "test.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer web_peer;

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

int web_start(void **state)
{
    peer_start(&web_peer, serve);
    return temp_setup(state);
}

int web_stop(void **state)
{
    int status = temp_teardown(state); /* closes its connections first */

    peer_stop(&web_peer);
    return status;
}

const char *web_url(struct temp *temp, const char *path)
{
    return cc_textf(&temp->run.mem, "http://127.0.0.1:%d%s", web_peer.port, path);
}

struct cc_request web_get(struct temp *temp, const char *path)
{
    return (struct cc_request){.method = "GET",
                               .url = web_url(temp, path),
                               .distance = CC_NEAR,
                               .timeout_ms = 3000,
                               .max_body = 1000};
}

struct cc_response web_answer(struct temp *temp, const struct cc_request *request)
{
    struct cc_response response;
    struct cc_error err;

    if (!cc_http(&temp->run, request, &response, &err)) {
        fail_msg("%s: %s: %s", request->url, err.what, err.why);
    }
    assert_int_equal(response.failure, CC_NET_ANSWERED);
    return response;
}

struct cc_error web_no_answer(struct temp *temp, const struct cc_request *request,
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
