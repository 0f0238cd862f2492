#include "credctl/base/text.h"

#include "support/temp.h"
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool sh(struct temp *temp, const char *script, int timeout_ms, struct cc_process_end *end,
               struct cc_error *err)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const char *const set[] = {"CREDCTL_TEST=added", NULL};
    const struct cc_process process = {
        .argv = argv, .timeout_ms = timeout_ms, .max_out = 10000, .set = set};

    *err = (struct cc_error){0};
    return temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, end, err);
}

static void output_and_status_are_those_of_the_child(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp, "printf 'a\\0b'; echo oops >&2; exit 9", 5000, &end, &err));
    assert_int_equal(end.status, 9);
    assert_int_equal(end.out_len, 3);
    assert_memory_equal(end.out, "a\0b", 4);
    assert_string_equal(end.err, "oops\n");
    assert_true(sh(temp, "true", 5000, &end, &err));
    assert_int_equal(end.status, 0);
    assert_string_equal(end.out, "");
}

static void a_child_reads_nothing_and_has_the_added_variables(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp, "cat; printf %s \"$CREDCTL_TEST\"", 5000, &end, &err));
    assert_string_equal(end.out, "added");
}

static void a_child_that_a_signal_ends_has_its_number(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp, "kill -TERM $$", 5000, &end, &err));
    assert_int_equal(end.status, 128 + SIGTERM);
    assert_true(sh(temp, "kill -PIPE $$", 5000, &end, &err)); /* not ignored, as it is here */
    assert_int_equal(end.status, 128 + SIGPIPE);
}

static void a_script_without_an_interpreter_is_run_by_sh(void **state)
{
    struct temp *temp = *state;
    const char *const by_path[] = {temp_path(temp, "script"), "a", "b c", NULL};
    const char *const by_name[] = {"script", "x", NULL};
    const char *const foreign[] = {temp_path(temp, "foreign"), NULL};
    const char *path = cc_textf(&temp->run.mem, "PATH=/nonexistent:%s:/bin", temp->folder);
    const char *const set[] = {path, NULL};
    struct cc_process process = {.argv = by_path, .timeout_ms = 5000, .max_out = 100, .set = set};
    struct cc_process_end end;
    struct cc_error err;

    temp_file(temp, "script", "printf '%s,%s' \"$1\" \"$2\"; exit 3\n", 0700);
    assert_true(
        temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err));
    assert_string_equal(end.out, "a,b c");
    assert_int_equal(end.status, 3);
    process.argv = by_name;
    assert_true(
        temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err));
    assert_string_equal(end.out, "x,");
    int fd = open(foreign[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    assert_int_equal(write(fd,
                           "\x7f"
                           "ELF\0\0",
                           6),
                     6);
    assert_int_equal(close(fd), 0);
    process.argv = foreign;
    assert_true(
        temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err));
    assert_int_equal(end.status, 126);
}

static void a_command_that_is_not_there_has_the_status_of_a_shell(void **state)
{
    struct temp *temp = *state;
    const char *const missing[] = {"credctl-no-such-command", NULL};
    const char *const folder[] = {temp->folder, NULL};
    struct cc_process process = {.argv = missing, .timeout_ms = 5000, .max_out = 10};
    struct cc_process_end end;
    struct cc_error err;

    assert_true(
        temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err));
    assert_int_equal(end.status, 127);
    assert_non_null(strstr(end.err, "could not be started"));
    process.argv = folder;
    assert_true(
        temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err));
    assert_int_equal(end.status, 126);
}

static void of_long_messages_the_first_4_kib_are_kept(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp,
                   "head -c 3000 /dev/zero | tr '\\0' a >&2; sleep 0.1; "
                   "head -c 90000 /dev/zero | tr '\\0' b >&2",
                   5000, &end, &err));
    assert_int_equal(strlen(end.err), 4096);
    assert_int_equal(end.err[2999], 'a');
    assert_int_equal(end.err[4095], 'b');
}

static void not_done(struct temp *temp, const char *script, int timeout_ms, const char *why)
{
    struct cc_process_end end = {.status = -7};
    struct cc_error err;

    assert_false(sh(temp, script, timeout_ms, &end, &err));
    assert_int_equal(err.code, CC_E_PROCESS);
    assert_string_equal(err.what, "sh was stopped");
    assert_string_equal(err.why, why);
    assert_non_null(strstr(err.fix, "by hand"));
    assert_int_equal(end.status, -7);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombie */
    assert_int_equal(errno, ECHILD);
}

static void a_child_that_takes_too_long_is_ended(void **state)
{
    struct temp *temp = *state;

    not_done(temp, "sleep 60", 500, "it took longer than 0.5 s");
    not_done(temp, "exec >&- 2>&-; sleep 60", 500, "it took longer than 0.5 s");
    not_done(temp, "trap '' TERM INT; while :; do :; done", 500, "it took longer than 0.5 s");
    not_done(temp, "while :; do echo x; sleep 0.1; done", 500, "it took longer than 0.5 s");
}

static void a_child_that_prints_too_much_is_ended(void **state)
{
    not_done(*state, "yes", 600000, "it printed more than 10000 bytes");
}

static void grandchildren_are_ended_with_the_child(void **state)
{
    struct temp *temp = *state;
    const char *text = NULL;
    struct cc_error err;
    const char *script =
        cc_textf(&temp->run.mem, "(sleep 60) & echo $! > %s; sleep 60", temp_path(temp, "pid"));

    not_done(temp, script, 3000, "it took longer than 3 s");
    assert_true(cc_read_file(&temp->run, temp_path(temp, "pid"), 100, &text, NULL, &err));
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    for (int i = 0; i < 1000 && kill(pid, 0) == 0; i++) {
        const char *stat = NULL;

        if (!cc_read_file(&temp->run, cc_textf(&temp->run.mem, "/proc/%d/stat", pid), 4096, &stat,
                          NULL, &err) ||
            strstr(stat, ") Z ")) {
            return; /* gone, or waiting for somebody else's wait() */
        }
        (void)usleep(20000);
    }
    assert_int_not_equal(kill(pid, 0), 0);
}

static void a_child_has_no_open_files_of_ours(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp, "ls /proc/self/fd | wc -l", 5000, &end, &err));
    assert_true(strtol(end.out, NULL, 10) <= 4 + 2); /* 0, 1, 2, ls's own folder; and the harness */
}

static void a_program_that_goes_on_in_the_background_is_not_waited_for(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp, "sleep 120 & echo $!; echo sorry >&2; exit 3", 90000, &end, &err));
    assert_int_equal(end.status, 3);
    assert_string_equal(end.err, "sorry\n");
    pid_t pid = (pid_t)strtol(end.out, NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill(pid, SIGKILL), 0); /* it was left alone */
}

static void the_last_words_of_a_program_that_has_ended_are_read(void **state)
{
    struct temp *temp = *state;
    struct cc_process_end end;
    struct cc_error err;

    assert_true(sh(temp, "(sleep 0.2; echo late) & exit 0", 60000, &end, &err));
    assert_string_equal(end.out, "late\n");
}

/* A child at a terminal of its own that runs `script`; what came of it is in the file "end". */
static pid_t at_terminal(struct temp *temp, const char *script, bool unattended, int *master)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(*master >= 0 && grantpt(*master) == 0 && unlockpt(*master) == 0);
    const char *name = ptsname(*master);
    pid_t pid = fork();

    if (pid == 0) {
        const char *const argv[] = {"sh", "-c", script, NULL};
        const struct cc_process process = {
            .argv = argv, .timeout_ms = 30000, .max_out = 1000, .unattended = unattended};
        struct cc_process_end end = {.out = "", .err = ""};
        struct cc_error err;

        (void)alarm(100);
        (void)setsid();
        int fd = open(name, O_RDWR);
        (void)ioctl(fd, TIOCSCTTY, 0);
        (void)dup2(fd, 0);
        (void)dup2(fd, 2);
        bool ran =
            temp->run.world->process(temp->run.world->self, &temp->run.mem, &process, &end, &err);
        const char *text =
            cc_textf(&temp->run.mem, "%d %d %s|%s", ran, end.status, end.out, end.err);
        temp_leave(cc_write_file(&temp->run, temp_path(temp, "end"), text, strlen(text), &err) ? 7
                                                                                               : 8);
    }
    return pid;
}

static void it_ended_with(struct temp *temp, pid_t pid, const char *expected)
{
    const char *text = NULL;
    struct cc_error err;
    int status = 0;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_true(cc_read_file(&temp->run, temp_path(temp, "end"), 4000, &text, NULL, &err));
    assert_string_equal(text, expected);
}

static const char *const asks = "printf 'Code: ' >&2; read code || exit 4; printf %s \"$code\"";

static void at_a_terminal_a_program_may_ask_there(void **state)
{
    struct temp *temp = *state;
    char shown[1000] = "";
    size_t len = 0;
    int master = -1;
    pid_t pid = at_terminal(temp, asks, false, &master);

    while (!strstr(shown, "Code: ")) {
        struct pollfd wait = {.fd = master, .events = POLLIN};

        assert_int_equal(poll(&wait, 1, 30000), 1); /* shown before anything is typed */
        ssize_t got = read(master, shown + len, sizeof(shown) - 1 - len);
        assert_true(got > 0);
        len += (size_t)got;
    }
    assert_int_equal(write(master, "4711\n", 5), 5);
    it_ended_with(temp, pid, "1 0 4711|Code: ");
    (void)close(master);
}

static void a_program_in_the_background_has_no_terminal(void **state)
{
    struct temp *temp = *state;
    int master = -1;
    pid_t pid = at_terminal(temp, asks, true, &master);

    it_ended_with(temp, pid, "1 4 |Code: ");
    (void)close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(output_and_status_are_those_of_the_child),
        IN_REAL_WORLD(a_child_reads_nothing_and_has_the_added_variables),
        IN_REAL_WORLD(a_child_that_a_signal_ends_has_its_number),
        IN_REAL_WORLD(a_script_without_an_interpreter_is_run_by_sh),
        IN_REAL_WORLD(a_command_that_is_not_there_has_the_status_of_a_shell),
        IN_REAL_WORLD(of_long_messages_the_first_4_kib_are_kept),
        IN_REAL_WORLD(a_child_that_takes_too_long_is_ended),
        IN_REAL_WORLD(a_child_that_prints_too_much_is_ended),
        IN_REAL_WORLD(grandchildren_are_ended_with_the_child),
        IN_REAL_WORLD(a_child_has_no_open_files_of_ours),
        IN_REAL_WORLD(a_program_that_goes_on_in_the_background_is_not_waited_for),
        IN_REAL_WORLD(the_last_words_of_a_program_that_has_ended_are_read),
        IN_REAL_WORLD(at_a_terminal_a_program_may_ask_there),
        IN_REAL_WORLD(a_program_in_the_background_has_no_terminal),
    };
    (void)signal(SIGPIPE,
                 SIG_DFL); /* whoever started us may ignore it; a child has it as we got it */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
