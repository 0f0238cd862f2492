#include "support/temp.h"
#include "support/test.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define CODE "123456"

/* A child whose terminal is ours to type at; it exits with 10 + what became of the question. */
static pid_t child_at_terminal(struct temp *temp, int *master)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(*master >= 0 && grantpt(*master) == 0 && unlockpt(*master) == 0);
    const char *name = ptsname(*master);
    pid_t pid = fork();

    if (pid == 0) {
        struct cc_secret answer = {0};
        struct cc_error err = {0};

        (void)alarm(100); /* it does not outlive a test that failed */
        (void)setsid();
        int fd = open(name, O_RDWR | O_CLOEXEC);
        (void)ioctl(fd, TIOCSCTTY, 0);
        bool got = temp->run.world->ask(temp->run.world->self, &temp->run.mem,
                                        "MFA code: ", &answer, &err);
        temp_leave(got ? (strcmp(cc_secret_reveal(answer), CODE) == 0 ? 10 : 11)
                       : (err.code == CC_E_MFA ? 12 : 13));
    }
    return pid;
}

/* Everything shown until `part` is, or until the end. */
static void read_until(int master, const char *part, char *shown, size_t room)
{
    size_t len = 0;

    memset(shown, 0, room);
    for (;;) {
        struct pollfd wait = {.fd = master, .events = POLLIN};

        if (poll(&wait, 1, 60000) <= 0 || len + 1 >= room) {
            fail_msg("nothing came after \"%s\"", shown);
        }
        ssize_t got = read(master, shown + len, room - len - 1);
        if (got <= 0) {
            return;
        }
        len += (size_t)got;
        if (part && strstr(shown, part)) {
            return;
        }
    }
}

static bool echoes(int master)
{
    struct termios now;

    assert_int_equal(tcgetattr(master, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static int asked(struct temp *temp, const char *typed, int *signalled)
{
    int master = -1;
    int status = 0;
    char shown[1000];
    pid_t pid = child_at_terminal(temp, &master);

    read_until(master, "MFA code: ", shown, sizeof(shown));
    assert_false(echoes(master));
    assert_int_equal(write(master, typed, strlen(typed)), strlen(typed));
    read_until(master, "\n", shown, sizeof(shown));
    assert_null(strstr(shown, CODE));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    *signalled = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    assert_true(echoes(master));
    (void)close(master);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_code_is_asked_for_at_the_terminal_without_echo(void **state)
{
    int signalled = 0;

    assert_int_equal(asked(*state, CODE "\n", &signalled), 10);
}

static void an_empty_answer_is_an_error(void **state)
{
    int signalled = 0;

    assert_int_equal(asked(*state, "\n", &signalled), 12);
    assert_int_equal(asked(*state, "\x04", &signalled), 12);
}

static void an_interrupt_ends_us_and_leaves_the_terminal_with_its_echo(void **state)
{
    int signalled = 0;

    assert_int_equal(asked(*state, "12\x03", &signalled), -1);
    assert_int_equal(signalled, SIGINT);
}

static void without_a_terminal_nobody_is_asked(void **state)
{
    struct temp *temp = *state;
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        struct cc_secret answer = {0};
        struct cc_error err = {0};

        (void)setsid();
        bool got = temp->run.world->ask(temp->run.world->self, &temp->run.mem,
                                        "MFA code: ", &answer, &err);
        temp_leave(!got && err.code == CC_E_MFA &&
                           strcmp(err.fix, "give --token-code, or run it in a terminal") == 0
                       ? 7
                       : 8);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(a_code_is_asked_for_at_the_terminal_without_echo),
        IN_REAL_WORLD(an_empty_answer_is_an_error),
        IN_REAL_WORLD(an_interrupt_ends_us_and_leaves_the_terminal_with_its_echo),
        IN_REAL_WORLD(without_a_terminal_nobody_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
