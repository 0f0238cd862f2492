#include "real.h"

#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_MAX 256

static void fd_close(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static size_t read_line(int fd, char *to, size_t room)
{
    size_t len = 0;

    while (len + 1 < room) {
        ssize_t got = read(fd, to + len, 1);

        if (got != 1 || to[len] == '\n') {
            break;
        }
        len++;
    }
    to[len] = '\0';
    return len;
}

bool cc_real_ask(void *self, struct cc_arena *mem, const char *prompt, struct cc_secret *answer,
                 struct cc_error *err)
{
    CC_CLEANUP(fd_close) int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before;
    char line[ANSWER_MAX];

    (void)self;
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        cc_fail(err, CC_E_MFA, "cannot ask for a code");
        return cc_why(err, "there is no terminal to ask at");
    }
    struct termios quiet = before;
    quiet.c_lflag &= (tcflag_t)~ECHO;
    (void)tcsetattr(fd, TCSAFLUSH, &quiet);
    (void)!write(fd, prompt, strlen(prompt));
    size_t len = read_line(fd, line, sizeof(line));
    (void)!write(fd, "\n", 1);
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    *answer = cc_secret_keep(mem, line);
    explicit_bzero(line, sizeof(line));
    if (len == 0) {
        cc_fail(err, CC_E_MFA, "no code was given");
        return cc_why(err, "the answer was empty");
    }
    return true;
}
