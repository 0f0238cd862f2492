#include "credctl/base/text.h"

#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/*
 * Finds the user at the other end of a connection on this host. For TCP, the socket of the peer is
 * looked up by its addresses and ports: in the kernel (sock_diag), else in /proc/net/tcp.
 */

#define LINE_MAX_LEN 256
#define NO_OWNER_TEXT \
    "0" /* the inode of a socket that no process has open: its user is not known */

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

/* The kernel writes addresses as words in the byte order of the host. */
static void table_form(const union cc_address *address, char *to, size_t room)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    uint32_t word[4];

    if (address->any.sa_family == AF_INET) {
        (void)snprintf(to, room, "%08X:%04X", four->sin_addr.s_addr, ntohs(four->sin_port));
        return;
    }
    memcpy(word, &six->sin6_addr, sizeof(word));
    (void)snprintf(to, room, "%08X%08X%08X%08X:%04X", word[0], word[1], word[2], word[3],
                   ntohs(six->sin6_port));
}

/* sl local remote st tx:rx tr:when retrnsmt uid timeout inode */
static int64_t uid_of_line(const char *line, const char *local, const char *remote)
{
    char fields[10][40] = {""};
    size_t count = 0;
    int64_t uid = -1;

    while (count < CC_COUNT(fields)) {
        line += strspn(line, " ");
        size_t len = strcspn(line, " \n");
        if (len == 0 || len >= sizeof(fields[0])) {
            break;
        }
        memcpy(fields[count++], line, len);
        line += len;
    }
    if (count < CC_COUNT(fields) || strcmp(fields[1], local) != 0 ||
        strcmp(fields[2], remote) != 0 || strcmp(fields[9], NO_OWNER_TEXT) == 0 ||
        !cc_text_number(fields[7], 0, UINT32_MAX, &uid)) {
        return -1;
    }
    return uid;
}

int64_t cc_peer_in_table(const char *table, const char *local, const char *remote)
{
    while (*table) {
        int64_t uid = uid_of_line(table, local, remote);

        if (uid >= 0) {
            return uid;
        }
        table += strcspn(table, "\n");
        table += *table == '\n';
    }
    return -1;
}

static int64_t in_table(const char *path, const char *local, const char *remote)
{
    FILE *table = fopen(path, "re");
    char line[LINE_MAX_LEN];
    int64_t uid = -1;

    while (table && uid < 0 && fgets(line, sizeof(line), table)) {
        uid = cc_peer_in_table(line, local, remote);
    }
    if (table) {
        (void)fclose(table);
    }
    return uid;
}

struct question {
    struct nlmsghdr head;
    struct inet_diag_req_v2 body;
};

static void fill_question(const union cc_address *theirs, const union cc_address *ours,
                          struct question *question)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)theirs;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)theirs;
    const struct sockaddr_in *four_here = (const struct sockaddr_in *)(const void *)ours;
    const struct sockaddr_in6 *six_here = (const struct sockaddr_in6 *)(const void *)ours;
    struct inet_diag_sockid *id = &question->body.id;

    *question = (struct question){
        .head = {.nlmsg_len = sizeof(*question),
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
        .body = {.sdiag_family = (__u8)theirs->any.sa_family,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_states = ~0U},
    };
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (theirs->any.sa_family == AF_INET) {
        id->idiag_sport = four->sin_port;
        id->idiag_dport = four_here->sin_port;
        memcpy(id->idiag_src, &four->sin_addr, sizeof(four->sin_addr));
        memcpy(id->idiag_dst, &four_here->sin_addr, sizeof(four_here->sin_addr));
        return;
    }
    id->idiag_sport = six->sin6_port;
    id->idiag_dport = six_here->sin6_port;
    memcpy(id->idiag_src, &six->sin6_addr, sizeof(six->sin6_addr));
    memcpy(id->idiag_dst, &six_here->sin6_addr, sizeof(six_here->sin6_addr));
}

/* False when the kernel does not answer; then the table is read. */
static bool ask_kernel(const union cc_address *theirs, const union cc_address *ours, int64_t *uid)
{
    CC_CLEANUP(fd_close)
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    const struct timeval patience = {.tv_usec = 200000};
    struct question question;
    union {
        struct nlmsghdr head;
        char room[1024];
    } answer;

    fill_question(theirs, ours, &question);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
        send(fd, &question, sizeof(question), 0) != (ssize_t)sizeof(question)) {
        return false;
    }
    ssize_t got = recv(fd, &answer, sizeof(answer), 0);
    const struct inet_diag_msg *found = NLMSG_DATA(&answer.head);
    if (got < (ssize_t)NLMSG_LENGTH(sizeof(*found)) ||
        answer.head.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
        found->id.idiag_sport != question.body.id.idiag_sport ||
        found->id.idiag_dport != question.body.id.idiag_dport) {
        return false;
    }
    *uid = found->idiag_inode != 0 ? (int64_t)found->idiag_uid : -1;
    return true;
}

/* A peer that has closed its socket has no user: -1. */
static int64_t tcp_uid(const union cc_address *theirs, const union cc_address *ours)
{
    char local[48];
    char remote[48];
    int64_t uid = -1;

    if (ask_kernel(theirs, ours, &uid)) {
        return uid;
    }
    table_form(theirs, local, sizeof(local));
    table_form(ours, remote, sizeof(remote));
    return in_table(theirs->any.sa_family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6", local,
                    remote);
}

int64_t cc_peer_uid(int fd)
{
    union cc_address theirs = {0};
    union cc_address ours = {0};
    socklen_t theirs_len = sizeof(theirs);
    socklen_t ours_len = sizeof(ours);
    struct ucred peer;
    socklen_t peer_len = sizeof(peer);

    if (getsockname(fd, &ours.any, &ours_len) != 0) {
        return -1;
    }
    if (ours.any.sa_family == AF_UNIX) {
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_len) == 0 ? (int64_t)peer.uid
                                                                              : -1;
    }
    if (getpeername(fd, &theirs.any, &theirs_len) != 0) {
        return -1;
    }
    return tcp_uid(&theirs, &ours);
}
