/*
 * The static link sends every getnameinfo here (ld --wrap). musl knows no name for the peer of a
 * Unix socket, and libevent's HTTP server ends the process when it gets none. In other builds
 * nothing refers to this file, and the linker leaves it out.
 */

#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

// The names are ld's, the parameters POSIX's.
// NOLINTBEGIN(readability-identifier-naming,readability-function-size)
int __real_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_room, char *service, socklen_t service_room, int flags);
int __wrap_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_room, char *service, socklen_t service_room, int flags);

int __wrap_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_room, char *service, socklen_t service_room, int flags)
{
    if (address->sa_family != AF_UNIX) {
        return __real_getnameinfo(address, length, host, host_room, service, service_room, flags);
    }
    if (host != NULL) {
        snprintf(host, host_room, "localhost");
    }
    if (service != NULL) {
        snprintf(service, service_room, "0");
    }
    return 0;
}
// NOLINTEND(readability-identifier-naming,readability-function-size)
