#include "../src/world/inherited.h"

#include "support/temp.h"
#include "support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a test does in a process of its own, whose state nobody else needs; true: it passed. */
static void alone(struct temp *temp, bool (*test)(struct temp *temp))
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        (void)alarm(100);
        temp_leave(test(temp) ? 7 : 8);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static bool sh(const struct cc_world *world, struct temp *temp, const char *script,
               struct cc_process_end *end)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct cc_process process = {.argv = argv, .timeout_ms = 10000, .max_out = 10000};
    struct cc_error err;

    return world->process(world->self, &temp->run.mem, &process, end, &err);
}

/* A set of signals as a child finds it; a shell would have changed some. */
static unsigned long long set_of(const struct cc_world *world, struct temp *temp, const char *name)
{
    const char *const argv[] = {"grep", name, "/proc/self/status", NULL};
    const struct cc_process process = {.argv = argv, .timeout_ms = 10000, .max_out = 1000};
    struct cc_process_end end = {0};
    struct cc_error err;

    return world->process(world->self, &temp->run.mem, &process, &end, &err) &&
                   end.out_len > strlen(name)
               ? strtoull(end.out + strlen(name) + 1, NULL, 16)
               : 0;
}

static bool ignoring(int number)
{
    struct sigaction now;

    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static bool survives_ignored_children(struct temp *temp)
{
    struct cc_process_end end = {0};

    (void)signal(SIGCHLD, SIG_IGN);
    struct cc_world *world = cc_world_real("");
    bool told = sh(world, temp, "exit 9", &end) && end.status == 9;
    bool back = set_of(world, temp, "SigIgn") >> (SIGCHLD - 1) & 1;

    cc_world_close(world);
    return told && back && ignoring(SIGCHLD);
}

static void the_end_of_a_child_is_known_where_our_caller_ignores_children(void **state)
{
    alone(*state, survives_ignored_children);
}

static bool mask_is_set_and_given_back(struct temp *temp)
{
    sigset_t all;
    sigset_t now;

    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
    struct cc_world *world = cc_world_real("");
    (void)sigprocmask(SIG_SETMASK, NULL, &now);
    bool open = !sigismember(&now, SIGTERM) && !sigismember(&now, SIGCHLD);
    bool back = set_of(world, temp, "SigBlk") >> (SIGTERM - 1) & 1;

    cc_world_close(world);
    (void)sigprocmask(SIG_SETMASK, NULL, &now);
    return open && back && sigismember(&now, SIGTERM) == 1;
}

static void no_signal_is_blocked_here_and_a_child_has_the_mask_that_was_ours(void **state)
{
    alone(*state, mask_is_set_and_given_back);
}

static bool umask_is_set_and_given_back(struct temp *temp)
{
    struct cc_process_end end = {0};

    (void)umask(0123);
    struct cc_world *world = cc_world_real("");
    mode_t ours = umask(077);
    bool back = sh(world, temp, "umask", &end) && strcmp(end.out, "0123\n") == 0;

    cc_world_close(world);
    return ours == 077 && back && umask(022) == 0123;
}

static void the_umask_is_strict_here_and_a_child_has_the_one_that_was_ours(void **state)
{
    alone(*state, umask_is_set_and_given_back);
}

static bool closed_streams_are_no_files_of_ours(struct temp *temp)
{
    struct cc_process_end end = {0};
    struct cc_error err;
    const char *text = NULL;
    char byte = 0;

    temp_file(temp, "f", "precious", 0600);
    const char *path = temp_path(temp, "f");
    for (int place = 0; place <= 2; place++) {
        (void)close(place);
    }
    struct cc_world *world = cc_world_real("");
    int opened = open(path, O_RDWR | O_CLOEXEC);
    bool apart = opened > 2 && !world->emit(world->self, 1, "x", 1) &&
                 !world->emit(world->self, 2, "x", 1) && read(0, &byte, 1) < 0;
    bool works = sh(world, temp, "cat; echo out; echo err >&2", &end) &&
                 strcmp(end.out, "out\n") == 0 && strcmp(end.err, "err\n") == 0;
    cc_world_close(world);
    return apart && works && cc_read_file(&temp->run, path, 100, &text, NULL, &err) &&
           strcmp(text, "precious") == 0;
}

static void a_closed_stream_stays_closed_and_no_file_takes_its_place(void **state)
{
    alone(*state, closed_streams_are_no_files_of_ours);
}

static bool closes_at_exec(int fd)
{
    return (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static bool only_noted_files_pass_on(struct temp *temp)
{
    struct cc_inherited inherited = {0};
    int before = open("/dev/null", O_RDONLY); // NOLINT(android-cloexec-open): as a caller's are

    (void)temp;
    cc_inherited_take(&inherited);
    cc_inherited_note_files(&inherited);
    int after = open("/dev/null", O_RDONLY); // NOLINT(android-cloexec-open): as a library's are
    cc_inherited_give_back(&inherited);
    return before >= 0 && after >= 0 && !closes_at_exec(before) && closes_at_exec(after);
}

static void a_file_that_a_library_has_open_does_not_pass_to_a_child(void **state)
{
    alone(*state, only_noted_files_pass_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(the_end_of_a_child_is_known_where_our_caller_ignores_children),
        IN_REAL_WORLD(no_signal_is_blocked_here_and_a_child_has_the_mask_that_was_ours),
        IN_REAL_WORLD(the_umask_is_strict_here_and_a_child_has_the_one_that_was_ours),
        IN_REAL_WORLD(a_file_that_a_library_has_open_does_not_pass_to_a_child),
        IN_REAL_WORLD(a_closed_stream_stays_closed_and_no_file_takes_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
