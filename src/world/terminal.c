#include "real.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
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

/* Signals are delivered only while it waits: a signal between two reads would not interrupt the
 * next one. */
static size_t read_line(int fd, const sigset_t *signals, char *to, size_t room)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    size_t len = 0;

    while (len + 1 < room) {
        if (ppoll(&wait, 1, NULL, signals) <= 0 || read(fd, to + len, 1) != 1 || to[len] == '\n') {
            break;
        }
        len++;
    }
    to[len] = '\0';
    return len;
}

/* A signal that ends the process must not leave the terminal without echo: it waits until echo is
 * on again. */
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
}

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

static size_t ask_quietly(int fd, const char *prompt, char *to, size_t room)
{
    struct sigaction before[CC_COUNT(ending)];
    const struct sigaction wait = {.sa_handler = on_signal};
    struct termios loud;
    sigset_t held;
    sigset_t usual;
    size_t len = 0;

    caught = 0;
    (void)sigemptyset(&held);
    for (size_t i = 0; i < CC_COUNT(ending); i++) {
        (void)sigaddset(&held, ending[i]);
        (void)sigaction(ending[i], &wait, &before[i]);
    }
    (void)pthread_sigmask(SIG_BLOCK, &held, &usual);
    (void)tcgetattr(fd, &loud);
    struct termios quiet = loud;
    quiet.c_lflag &= (tcflag_t)~ECHO;
    (void)tcsetattr(fd, TCSAFLUSH, &quiet);
    (void)!write(fd, prompt, strlen(prompt));
    len = read_line(fd, &usual, to, room);
    (void)!write(fd, "\n", 1);
    (void)tcsetattr(fd, TCSAFLUSH, &loud);
    for (size_t i = 0; i < CC_COUNT(ending); i++) {
        (void)sigaction(ending[i], &before[i], NULL);
    }
    (void)pthread_sigmask(SIG_SETMASK, &usual, NULL);
    if (caught != 0) {
        (void)raise(caught);
        len = 0; /* the signal did not end the process: there is no answer */
    }
    return len;
}

bool cc_real_ask(void *self, struct cc_arena *mem, const char *prompt, struct cc_secret *answer,
                 struct cc_error *err)
{
    CC_CLEANUP(fd_close) int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    char line[ANSWER_MAX];

    (void)self;
    if (fd < 0 || !isatty(fd)) {
        cc_fail(err, CC_E_MFA, "cannot ask for an MFA code");
        return cc_why(err, "there is no terminal to ask at");
    }
    size_t len = ask_quietly(fd, prompt, line, sizeof(line));
    struct cc_secret given = cc_secret_keep(mem, line);
    explicit_bzero(line, sizeof(line));
    if (len == 0) {
        cc_fail(err, CC_E_MFA, "no code was given");
        return cc_why(err, "the answer was empty");
    }
    *answer = given;
    return true;
}
