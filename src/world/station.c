#include "credctl/base/buf.h"
#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "visitor.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The real machine. */

/* sd_notify(3): one datagram to the socket named by NOTIFY_SOCKET; '@' stands for the abstract
 * namespace's NUL. */
static void tell(void *self, const char *state)
{
    struct real *real = self;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = real->world.env(self, "NOTIFY_SOCKET");
    size_t len = path ? strlen(path) : 0;

    if (len < 2 || len >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    memcpy(address.sun_path, path, len);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL,
                 (const struct sockaddr *)(const void *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    (void)close(fd);
}

static void die_of(void *self, int signal)
{
    ((struct real *)self)->dies_of = signal;
}

static void leave(void *self, int status)
{
    const struct real *real = self;

    if (real->dies_of != 0) {
        cc_die_by(real->dies_of);
    }
    _exit(status);
}

static int64_t process_id(void *self)
{
    (void)self;
    return (int64_t)getpid();
}

static bool read_input(void *self, struct cc_arena *mem, size_t max, struct cc_bytes *to,
                       struct cc_error *err)
{
    struct cc_buf all = cc_buf_new(mem, max);
    char piece[8192];
    ssize_t got = 0;

    (void)self;
    do {
        got = read(STDIN_FILENO, piece, sizeof(piece));
        if (got > 0) {
            cc_buf_add(&all, piece, (size_t)got);
        }
    } while ((got > 0 && !all.too_big) || (got < 0 && errno == EINTR));
    if (got < 0 || all.too_big) {
        cc_fail(err, got < 0 ? CC_E_UNREADABLE : CC_E_TOO_BIG, "cannot read standard input");
        return got < 0 ? false : cc_why(err, "it is larger than %zu bytes", max);
    }
    const char *text = cc_text_after_mark(all.text, &all.len);
    *to = (struct cc_bytes){text, all.len};
    return true;
}

const struct cc_machine cc_real_machine = {
    .open = cc_real_server_open,
    .become = cc_real_become,
    .tell = tell,
    .die_of = die_of,
    .leave = leave,
    .process_id = process_id,
    .read_input = read_input,
    .private_folder = cc_real_private_folder,
    .drop_folder = cc_real_drop_folder,
};
