#include "support/temp.h"
#include "support/test.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
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

static void not_done(struct temp *temp, const char *script, const char *why)
{
    struct cc_process_end end = {.status = -7};
    struct cc_error err;
    int64_t before = cc_ticks_ms(&temp->run);

    assert_false(sh(temp, script, 500, &end, &err));
    assert_true(cc_ticks_ms(&temp->run) - before < 4000);
    assert_int_equal(err.code, CC_E_PROCESS);
    assert_string_equal(err.what, "sh was ended");
    assert_string_equal(err.why, why);
    assert_non_null(strstr(err.fix, "by hand"));
    assert_int_equal(end.status, -7);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombie */
    assert_int_equal(errno, ECHILD);
}

static void a_child_that_takes_too_long_is_ended(void **state)
{
    struct temp *temp = *state;

    not_done(temp, "sleep 60", "it took longer than 0.5 s");
    not_done(temp, "exec >&- 2>&-; sleep 60", "it took longer than 0.5 s");
    not_done(temp, "trap '' TERM INT; while :; do :; done", "it took longer than 0.5 s");
    not_done(temp, "while :; do echo x; sleep 0.1; done", "it took longer than 0.5 s");
}

static void a_child_that_prints_too_much_is_ended(void **state)
{
    not_done(*state, "yes", "it printed more than 10000 bytes");
}

static void grandchildren_are_ended_with_the_child(void **state)
{
    struct temp *temp = *state;
    const char *text = NULL;
    struct cc_error err;
    const char *script =
        cc_textf(&temp->run.mem, "(sleep 60) & echo $! > %s; sleep 60", temp_path(temp, "pid"));

    not_done(temp, script, "it took longer than 0.5 s");
    assert_true(cc_read_file(&temp->run, temp_path(temp, "pid"), 100, &text, NULL, &err));
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    for (int i = 0; i < 50 && kill(pid, 0) == 0; i++) {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(output_and_status_are_those_of_the_child),
        IN_REAL_WORLD(a_child_reads_nothing_and_has_the_added_variables),
        IN_REAL_WORLD(a_child_that_a_signal_ends_has_its_number),
        IN_REAL_WORLD(a_command_that_is_not_there_has_the_status_of_a_shell),
        IN_REAL_WORLD(of_long_messages_the_first_4_kib_are_kept),
        IN_REAL_WORLD(a_child_that_takes_too_long_is_ended),
        IN_REAL_WORLD(a_child_that_prints_too_much_is_ended),
        IN_REAL_WORLD(grandchildren_are_ended_with_the_child),
        IN_REAL_WORLD(a_child_has_no_open_files_of_ours),
    };
    (void)signal(SIGPIPE,
                 SIG_DFL); /* whoever started us may ignore it; a child has it as we got it */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
