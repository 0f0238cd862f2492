#include "credctl/base/text.h"

#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG     256
#define FIRST_GIVEN 3 /* SD_LISTEN_FDS_START */

static const char *option_of(const struct cc_server_plan *plan)
{
    return plan->option ? plan->option : "--address";
}

static bool failed(struct cc_error *err, const struct cc_server_plan *plan, const char *text)
{
    int number = errno;

    cc_fail(err, number == EACCES || number == EADDRINUSE ? CC_E_CONFIG : CC_E_INTERNAL,
            "cannot listen on %s", text);
    cc_why(err, "%s", strerror(number)); // NOLINT(concurrency-mt-unsafe): only constants
    return cc_fix(err, "choose another %s, or stop the program that listens there",
                  option_of(plan));
}

static bool malformed(struct cc_error *err, const struct cc_server_plan *plan)
{
    cc_fail(err, CC_E_USAGE, "%s %.80s is not usable", option_of(plan), plan->address);
    return cc_fix(err, "write it as 127.0.0.1:PORT or [::1]:PORT; port 0 takes a free one");
}

/* A numeric address, because a name could resolve differently between the check and the use. */
static bool parse(struct cc_arena *mem, const char *text, union cc_address *address,
                  socklen_t *size)
{
    const char *colon = strrchr(text, ':');
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)address;
    int64_t port = 0;

    if (!colon || colon == text || !cc_text_number(colon + 1, 0, 65535, &port)) {
        return false;
    }
    const char *host = cc_text_dup(mem, text, (size_t)(colon - text));
    if (host[0] == '[') {
        size_t len = strlen(host);

        *size = sizeof(*six);
        *six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        return host[len - 1] == ']' &&
               inet_pton(AF_INET6, cc_text_dup(mem, host + 1, len - 2), &six->sin6_addr) == 1;
    }
    *size = sizeof(*four);
    *four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, cc_text_equal(host, "localhost") ? "127.0.0.1" : host,
                     &four->sin_addr) == 1;
}

static bool loopback(const union cc_address *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;

    switch (address->any.sa_family) {
    case AF_UNIX: return true;
    case AF_INET: return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    default: return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
    }
}

/* The address of the socket as text. */
static void describe(struct cc_arena *mem, const union cc_address *address,
                     struct cc_listening *listening)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    const struct sockaddr_un *un = (const struct sockaddr_un *)(const void *)address;
    char host[INET6_ADDRSTRLEN] = "";

    if (address->any.sa_family == AF_UNIX) {
        listening->text = cc_text_dup(mem, un->sun_path, strnlen(un->sun_path, 107));
    } else if (address->any.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
        listening->port = ntohs(four->sin_port);
        listening->wildcard = four->sin_addr.s_addr == htonl(INADDR_ANY);
        listening->text = cc_textf(mem, "%s:%d", host, listening->port);
    } else {
        (void)inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof(host));
        listening->port = ntohs(six->sin6_port);
        listening->wildcard = IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr);
        listening->text = cc_textf(mem, "[%s]:%d", host, listening->port);
    }
}

static bool too_open(struct cc_error *err, const struct cc_server_plan *plan, const char *text)
{
    cc_fail(err, CC_E_USAGE, "%s is not an address of this host alone", text);
    cc_why(err, "other hosts could try tokens, and could read the traffic");
    return cc_fix(err, "%s",
                  plan->open_by
                      ? plan->open_by
                      : "listen on 127.0.0.1 or --unix PATH, or add --i-know to allow it");
}

static bool adopt(struct cc_run *run, const struct cc_server_plan *plan, int fd,
                  struct cc_listening *listening, struct cc_error *err)
{
    union cc_address address = {0};
    socklen_t size = sizeof(address);

    listening->fd = fd;
    if (getsockname(fd, &address.any, &size) != 0) {
        return failed(err, plan, "the socket");
    }
    describe(&run->mem, &address, listening);
    if (!plan->anywhere && !loopback(&address)) {
        return too_open(err, plan, listening->text);
    }
    if (plan->hop_limit > 0 && address.any.sa_family == AF_INET) {
        (void)setsockopt(fd, IPPROTO_IP, IP_TTL, &plan->hop_limit, sizeof(plan->hop_limit));
    }
    if (plan->hop_limit > 0 && address.any.sa_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &plan->hop_limit,
                         sizeof(plan->hop_limit));
    }
    return true;
}

/* sd_listen_fds(3): for this process when LISTEN_PID is its ID. */
static bool take_given(struct cc_run *run, int *fd, struct cc_error *err)
{
    int64_t pid = 0;
    int64_t count = 0;
    int listens = 0;
    socklen_t size = sizeof(listens);

    if (!cc_text_number(cc_env(run, "LISTEN_PID"), 1, INT32_MAX, &pid) || pid != getpid() ||
        !cc_text_number(cc_env(run, "LISTEN_FDS"), 1, 64, &count)) {
        return true;
    }
    if (count != 1) {
        cc_fail(err, CC_E_CONFIG, "systemd passed %d sockets", (int)count);
        return cc_fix(err, "give the socket unit one ListenStream=");
    }
    if (getsockopt(FIRST_GIVEN, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens) {
        cc_fail(err, CC_E_CONFIG, "the socket that systemd passed does not listen");
        return cc_fix(err, "use ListenStream= with Accept=no");
    }
    int flags = fcntl(FIRST_GIVEN, F_GETFL);
    (void)fcntl(FIRST_GIVEN, F_SETFD, FD_CLOEXEC);
    (void)fcntl(FIRST_GIVEN, F_SETFL, flags | O_NONBLOCK);
    *fd = FIRST_GIVEN;
    return true;
}

/* A socket file without a listener was left by a server that was killed. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat facts;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && lstat(address->sun_path, &facts) == 0 && S_ISSOCK(facts.st_mode) &&
        facts.st_uid == geteuid() &&
        connect(fd, (const struct sockaddr *)(const void *)address, sizeof(*address)) != 0 &&
        errno == ECONNREFUSED) {
        (void)unlink(address->sun_path);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

static bool open_unix(struct cc_run *run, const struct cc_server_plan *plan,
                      struct cc_listening *listening, struct cc_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(plan->unix_path);

    if (len == 0 || len >= sizeof(address.sun_path)) {
        return cc_fail(err, CC_E_USAGE, "the path of --unix does not have 1 to %zu bytes",
                       sizeof(address.sun_path) - 1);
    }
    memcpy(address.sun_path, plan->unix_path, len);
    remove_stale(&address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177); /* the socket is closed to other users from the start */
    bool bound =
        fd >= 0 && bind(fd, (const struct sockaddr *)(const void *)&address, sizeof(address)) == 0;
    (void)umask(before);
    if (!bound || listen(fd, BACKLOG) != 0) {
        failed(err, plan, plan->unix_path);
        if (fd >= 0) {
            (void)close(fd);
        }
        return cc_fix(err, "choose another --unix PATH, or remove what is there");
    }
    listening->unix_path = cc_text_dup(&run->mem, plan->unix_path, len);
    return adopt(run, plan, fd, listening, err);
}

static bool open_tcp(struct cc_run *run, const struct cc_server_plan *plan,
                     struct cc_listening *listening, struct cc_error *err)
{
    union cc_address address = {0};
    socklen_t size = 0;
    const int on = 1;

    if (!parse(&run->mem, plan->address, &address, &size)) {
        return malformed(err, plan);
    }
    if (!plan->anywhere && !loopback(&address)) {
        return too_open(err, plan, plan->address);
    }
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (address.any.sa_family == AF_INET6) {
            (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
        }
    }
    if (fd < 0 || bind(fd, &address.any, size) != 0 || listen(fd, BACKLOG) != 0) {
        failed(err, plan, plan->address);
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    return adopt(run, plan, fd, listening, err);
}

bool cc_listen(struct cc_run *run, const struct cc_server_plan *plan,
               struct cc_listening *listening, struct cc_error *err)
{
    int given = -1;

    *listening = (struct cc_listening){.fd = -1};
    if (!plan->own_socket && !take_given(run, &given, err)) {
        return false;
    }
    if (given >= 0) {
        return adopt(run, plan, given, listening, err);
    }
    return plan->unix_path ? open_unix(run, plan, listening, err)
                           : open_tcp(run, plan, listening, err);
}
