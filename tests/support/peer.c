#include "peer.h"

#include "test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct guest {
    struct peer *peer;
    int fd;
};

static void count(struct peer *peer, int change)
{
    (void)pthread_mutex_lock(&peer->lock);
    peer->open += change;
    peer->connections += change > 0;
    (void)pthread_mutex_unlock(&peer->lock);
}

int peer_connections(struct peer *peer)
{
    (void)pthread_mutex_lock(&peer->lock);
    int connections = peer->connections;
    (void)pthread_mutex_unlock(&peer->lock);
    return connections;
}

void peer_busy(struct peer *peer, int change)
{
    (void)pthread_mutex_lock(&peer->lock);
    peer->busy += change;
    peer->most_busy = peer->busy > peer->most_busy ? peer->busy : peer->most_busy;
    (void)pthread_mutex_unlock(&peer->lock);
}

static void *attend(void *of)
{
    struct guest guest = *(struct guest *)of;
    char text[65536] = "";
    size_t len = 0;

    free(of);
    while (len + 1 < sizeof(text) && !strstr(text, "\r\n\r\n")) {
        ssize_t got = read(guest.fd, text + len, sizeof(text) - len - 1);

        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        text[len] = '\0';
    }
    if (len > 0) {
        (void)pthread_mutex_lock(&guest.peer->lock);
        memcpy(guest.peer->request, text, len + 1);
        (void)pthread_mutex_unlock(&guest.peer->lock);
        guest.peer->serve(guest.peer, guest.fd, text);
    }
    count(guest.peer, -1);
    (void)close(guest.fd);
    return NULL;
}

static void *accept_all(void *of)
{
    struct peer *peer = of;

    for (;;) {
        int fd = accept4(peer->fd, NULL, NULL, SOCK_CLOEXEC);
        pthread_t thread;

        if (fd < 0) {
            return NULL;
        }
        struct guest *guest = malloc(sizeof(*guest));
        *guest = (struct guest){peer, fd};
        count(peer, 1);
        if (pthread_create(&thread, NULL, attend, guest) == 0) {
            (void)pthread_detach(thread);
        }
    }
}

static int bound(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

void peer_start(struct peer *peer, void (*serve)(struct peer *peer, int fd, const char *request))
{
    memset(peer, 0, sizeof(*peer));
    peer->serve = serve;
    peer->fd = bound(&peer->port);
    (void)pthread_mutex_init(&peer->lock, NULL);
    assert_int_equal(listen(peer->fd, 64), 0);
    assert_int_equal(pthread_create(&peer->thread, NULL, accept_all, peer), 0);
}

void peer_stop(struct peer *peer)
{
    (void)shutdown(peer->fd, SHUT_RDWR);
    (void)pthread_join(peer->thread, NULL);
    (void)close(peer->fd);
    for (int i = 0; i < 500; i++) { /* its guests end when the client has gone */
        (void)pthread_mutex_lock(&peer->lock);
        int open = peer->open;
        (void)pthread_mutex_unlock(&peer->lock);
        if (open == 0) {
            return;
        }
        (void)usleep(10000);
    }
    fail_msg("a connection was never closed");
}

void peer_say(int fd, const char *text)
{
    size_t len = strlen(text);

    while (len > 0) {
        ssize_t wrote = send(fd, text, len, MSG_NOSIGNAL);

        if (wrote <= 0) {
            return;
        }
        text += wrote;
        len -= (size_t)wrote;
    }
}

int peer_closed_port(void)
{
    int port = 0;

    (void)close(bound(&port));
    return port;
}
