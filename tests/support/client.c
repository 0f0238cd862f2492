#include "client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int client_connect(const struct cc_server *server)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_port = htons((uint16_t)server->port),
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const bool in_six = server->address[0] == '[';
    const void *to = server->port == 0 ? (const void *)&un
                     : in_six          ? (const void *)&six
                                       : (const void *)&four;
    socklen_t size = server->port == 0 ? sizeof(un) : in_six ? sizeof(six) : sizeof(four);
    int family = server->port == 0 ? AF_UNIX : in_six ? AF_INET6 : AF_INET;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)snprintf(un.sun_path, sizeof(un.sun_path), "%s", server->address);
    if (connect(fd, to, size) == 0) {
        return fd;
    }
    (void)close(fd);
    return -1;
}

void client_say(int fd, const char *text)
{
    size_t len = strlen(text);
    ssize_t sent = 0;

    for (; len > 0 && (sent = send(fd, text, len, MSG_NOSIGNAL)) > 0; len -= (size_t)sent) {
        text += sent;
    }
}

bool client_hear(int fd, char *heard, size_t room)
{
    char piece[16384];
    size_t len = 0;
    ssize_t got = 0;

    while ((got = recv(fd, piece, sizeof(piece), 0)) > 0) {
        size_t fits = room - 1 - len;

        fits = (size_t)got < fits ? (size_t)got : fits;
        memcpy(heard + len, piece, fits);
        len += fits;
    }
    heard[len] = '\0';
    return got == 0;
}

bool client_hear_until(int fd, const char *part, char *heard, size_t room)
{
    size_t len = 0;
    ssize_t got = 0;

    heard[0] = '\0';
    while (!strstr(heard, part) && len < room - 1 &&
           (got = recv(fd, heard + len, room - 1 - len, 0)) > 0) {
        len += (size_t)got;
        heard[len] = '\0';
    }
    return strstr(heard, part) != NULL;
}
