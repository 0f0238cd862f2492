#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "support/temp.h"
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* What touches the whole process happens in one of its own: how it ended. */
static int end_of(struct temp *temp, void (*test)(struct temp *temp))
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        (void)alarm(100);
        test(temp);
        temp_leave(99);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void ends_with(struct temp *temp, void (*test)(struct temp *temp), int status)
{
    int raw = end_of(temp, test);

    assert_true(WIFEXITED(raw));
    assert_int_equal(WEXITSTATUS(raw), status);
}

/* --- systemd --- */

static int supervisor(const struct sockaddr_un *address, size_t len)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (const struct sockaddr *)address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
                     0);
    return fd;
}

static void hears(int fd, const char *text)
{
    char heard[100] = "";

    assert_int_equal(recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT), strlen(text));
    assert_string_equal(heard, text);
    (void)close(fd);
}

static void the_supervisor_is_told_at_a_path_and_at_an_abstract_name(void **state)
{
    struct temp *temp = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = temp_path(temp, "notify");

    memcpy(address.sun_path, path, strlen(path));
    int fd = supervisor(&address, strlen(path));
    (void)setenv("NOTIFY_SOCKET", path, 1);
    cc_tell_supervisor(&temp->run, "READY=1");
    hears(fd, "READY=1");
    address.sun_path[0] = '\0';
    fd = supervisor(&address, strlen(path));
    (void)setenv("NOTIFY_SOCKET", cc_textf(&temp->run.mem, "@%s", path + 1), 1);
    cc_tell_supervisor(&temp->run, "STOPPING=1");
    hears(fd, "STOPPING=1");
    (void)unsetenv("NOTIFY_SOCKET");
}

static void whoever_did_not_ask_to_be_told_is_not(void **state)
{
    struct temp *temp = *state;
    static const char *const wrong[] = {"", "@", "relative", "/nobody/listens/here"};

    (void)unsetenv("NOTIFY_SOCKET");
    cc_tell_supervisor(&temp->run, "READY=1");
    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        (void)setenv("NOTIFY_SOCKET", wrong[i], 1);
        cc_tell_supervisor(&temp->run, "READY=1");
    }
    (void)unsetenv("NOTIFY_SOCKET");
    assert_int_equal(temp_count(temp), 0); /* nothing was made, nothing has failed */
}

/* --- the end --- */

static void close_world(struct temp *temp)
{
    cc_world_close((struct cc_world *)temp->run.world);
}

static void die_of_hangup(struct temp *temp)
{
    cc_die_of(&temp->run, SIGHUP);
    close_world(temp);
}

static void die_of_hangup_at_once(struct temp *temp)
{
    cc_die_of(&temp->run, SIGHUP);
    cc_leave(&temp->run, 5);
}

static void die_of_what_ends_nobody(struct temp *temp)
{
    cc_die_of(&temp->run, SIGWINCH);
    close_world(temp);
    temp_leave(6);
}

static void leave(struct temp *temp)
{
    cc_leave(&temp->run, 5);
}

static void a_process_ends_by_the_signal_that_it_is_to_die_of(void **state)
{
    int raw = end_of(*state, die_of_hangup);

    assert_true(WIFSIGNALED(raw));
    assert_int_equal(WTERMSIG(raw), SIGHUP);
    raw = end_of(*state, die_of_hangup_at_once);
    assert_true(WIFSIGNALED(raw));
    assert_int_equal(WTERMSIG(raw), SIGHUP);
}

static void where_the_signal_ends_nobody_the_status_remains(void **state)
{
    ends_with(*state, die_of_what_ends_nobody, 6);
    ends_with(*state, leave, 5);
}

/* --- standard input --- */

static bool reads(struct temp *temp, int fd, size_t max, const char **text, struct cc_error *err)
{
    size_t len = 0;

    return dup2(fd, STDIN_FILENO) == STDIN_FILENO &&
           cc_input_read(&temp->run, max, text, &len, err);
}

static void read_a_pipe(struct temp *temp)
{
    int ends[2];
    struct cc_error err;
    const char *text = NULL;

    if (pipe(ends) == 0 && write(ends[1], "\xef\xbb\xbfone\ntwo", 10) == 10 &&
        close(ends[1]) == 0) {
        temp_leave(reads(temp, ends[0], 100, &text, &err) && strcmp(text, "one\ntwo") == 0 ? 7 : 8);
    }
}

static void read_too_much(struct temp *temp)
{
    struct cc_error err = {0};
    const char *text = NULL;
    int fd = open("/dev/zero", O_RDONLY);

    temp_leave(!reads(temp, fd, 100000, &text, &err) && err.code == CC_E_TOO_BIG && !text ? 7 : 8);
}

static void read_a_folder(struct temp *temp)
{
    struct cc_error err = {0};
    const char *text = NULL;
    int fd = open("/", O_RDONLY);

    temp_leave(!reads(temp, fd, 100, &text, &err) && err.code == CC_E_UNREADABLE ? 7 : 8);
}

static void standard_input_is_read_to_its_end_without_its_mark(void **state)
{
    ends_with(*state, read_a_pipe, 7);
}

static void input_without_an_end_or_that_cannot_be_read_is_an_error(void **state)
{
    ends_with(*state, read_too_much, 7);
    ends_with(*state, read_a_folder, 7);
}

/* --- orphans --- */

static void none_is_left(void *about, struct cc_server *server)
{
    siginfo_t info;

    (void)about;
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) {
        cc_server_stop(server);
    }
}

static void ended(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end)
{
    (void)server;
    *(int *)about = (int)id * 100 + end->status;
}

/* The child leaves two of its own behind, which come to us. */
static void adopt(struct temp *temp)
{
    static const char *const argv[] = {"sh", "-c", "sleep 0.3 & sleep 0.1 & exit 9", NULL};
    static const char *const env[] = {"PATH=/usr/bin:/bin", NULL};
    const struct cc_child child = {.argv = argv, .env = env, .id = 4};
    struct cc_run run = {.setup = &temp->setup};
    struct cc_server *server = NULL;
    struct cc_error err;
    int told = 0;
    int status = 0;
    const struct cc_server_plan plan = {
        .deaf = true, .about = &told, .ended = ended, .tick = none_is_left};

    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    run.world = cc_world_real("");
    if (!cc_server_open(&run, &plan, &server, &err) ||
        !cc_server_start(server, &child, &status, &err)) {
        temp_leave(8);
    }
    (void)cc_server_run(server); /* for ever, if one of them stays */
    temp_leave(cc_server_close(server) && told == 409 ? 7 : 8);
}

static void orphans_that_come_to_us_are_waited_for_and_our_own_child_is_still_told_of(void **state)
{
    ends_with(*state, adopt, 7);
}

/* --- work that does not end --- */

static int gate[2];
static int begun[2];

static void work_on(struct cc_run *run, void *about)
{
    char byte = 0;

    (void)run;
    (void)about;
    (void)!write(begun[1], &byte, 1);
    (void)!read(gate[0], &byte, 1); /* nobody writes */
}

static void done(struct cc_run *run, void *about)
{
    (void)run;
    (void)about;
}

static void close_on_work(struct temp *temp)
{
    const struct cc_job job = {work_on, done, NULL};
    const struct cc_server_plan plan = {.deaf = true, .threads = 1};
    struct cc_server *server = NULL;
    struct cc_error err;
    char byte = 0;

    temp_leave(pipe(gate) == 0 && pipe(begun) == 0 &&
                       cc_server_open(&temp->run, &plan, &server, &err) &&
                       cc_server_job(server, &job) && read(begun[0], &byte, 1) == 1 &&
                       !cc_server_close(server)
                   ? 7
                   : 8);
}

static void a_close_does_not_wait_for_ever_for_work_and_says_that_it_did_not_end(void **state)
{
    ends_with(*state, close_on_work, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(the_supervisor_is_told_at_a_path_and_at_an_abstract_name),
        IN_REAL_WORLD(whoever_did_not_ask_to_be_told_is_not),
        IN_REAL_WORLD(a_process_ends_by_the_signal_that_it_is_to_die_of),
        IN_REAL_WORLD(where_the_signal_ends_nobody_the_status_remains),
        IN_REAL_WORLD(standard_input_is_read_to_its_end_without_its_mark),
        IN_REAL_WORLD(input_without_an_end_or_that_cannot_be_read_is_an_error),
        IN_REAL_WORLD(orphans_that_come_to_us_are_waited_for_and_our_own_child_is_still_told_of),
        IN_REAL_WORLD(a_close_does_not_wait_for_ever_for_work_and_says_that_it_did_not_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
