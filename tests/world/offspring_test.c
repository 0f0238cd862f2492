#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "support/temp.h"
#include "support/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Children apart from us: what they say, where it goes, and how they and theirs end. */

static struct {
    struct temp *temp;
    struct cc_server *server;
    size_t left; /* children that have not ended */
    struct cc_child_end ends[4];
    size_t lines;
    size_t longest;
    char last[100];
    size_t said; /* bytes in all */
} scene;

static struct cc_server_plan plan;
static struct cc_error err;

static void line(void *about, size_t id, int fd, const char *text, size_t len)
{
    (void)about;
    (void)id;
    (void)fd;
    scene.lines++;
    scene.said += len;
    scene.longest = len > scene.longest ? len : scene.longest;
    (void)snprintf(scene.last, sizeof(scene.last), "%.*s", (int)len, text);
}

static void ended(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end)
{
    (void)about;
    scene.ends[id] = *end;
    if (--scene.left == 0) {
        cc_server_stop(server);
    }
}

static int begin(void **state)
{
    if (temp_setup(state) != 0) {
        return 1;
    }
    memset(&scene, 0, sizeof(scene));
    scene.temp = *state;
    plan = (struct cc_server_plan){.deaf = true, .line = line, .ended = ended};
    return 0;
}

static void open_up(void)
{
    assert_true(cc_server_open(&scene.temp->run, &plan, &scene.server, &err));
}

static bool start(const char *script, const char *out, const char *err_path)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    static const char *const env[] = {"PATH=/usr/bin:/bin", NULL};
    const struct cc_child child = {.argv = argv,
                                   .env = env,
                                   .apart = true,
                                   .out_path = out,
                                   .err_path = err_path,
                                   .id = scene.left};
    int status = 0;

    if (!cc_server_start(scene.server, &child, &status, &err)) {
        assert_int_equal(status, 126);
        return false;
    }
    scene.left++;
    return true;
}

static void run_to_the_end(void)
{
    (void)cc_server_run(scene.server);
    assert_true(cc_server_close(scene.server));
}

static void a_line_that_does_not_end_comes_in_pieces_and_none_of_it_is_lost(void **state)
{
    (void)state;
    open_up();
    assert_true(start("head -c 20000 /dev/zero | tr '\\0' x", NULL, NULL));
    run_to_the_end();
    assert_int_equal(scene.said, 20000);
    assert_true(scene.longest < 20000);
    assert_true(scene.lines >= 3);
}

static void the_end_of_a_line_may_be_that_of_windows(void **state)
{
    (void)state;
    open_up();
    assert_true(start("printf 'one\\r\\n\\r\\ntwo\\r\\n'", NULL, NULL));
    run_to_the_end();
    assert_int_equal(scene.lines, 3);
    assert_int_equal(scene.said, strlen("onetwo"));
    assert_string_equal(scene.last, "two");
}

static const char *text_of(struct temp *temp, const char *path)
{
    const char *text = NULL;

    assert_true(cc_read_file(&temp->run, path, 1000, &text, NULL, &err));
    return text;
}

static void each_stream_may_have_its_file_which_is_for_its_owner_and_begins_anew(void **state)
{
    struct temp *temp = *state;
    const char *out = temp_path(temp, "out");
    const char *errors = temp_path(temp, "err");
    struct stat facts;

    temp_file(temp, "out", "what was there before, and longer", 0644);
    open_up();
    assert_true(start("echo said; echo moaned >&2", out, errors));
    run_to_the_end();
    assert_string_equal(text_of(temp, out), "said\n");
    assert_string_equal(text_of(temp, errors), "moaned\n");
    assert_int_equal(stat(out, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(scene.lines, 0);
}

static void a_file_that_cannot_be_made_or_is_a_link_starts_nothing(void **state)
{
    struct temp *temp = *state;
    const char *link = temp_path(temp, "link");

    temp_file(temp, "target", "precious", 0600);
    assert_int_equal(symlink(temp_path(temp, "target"), link), 0);
    open_up();
    assert_false(start("echo x", temp_path(temp, "no/such/folder"), NULL));
    assert_int_equal(err.code, CC_E_PROCESS);
    assert_non_null(strstr(err.fix, "its output"));
    assert_false(start("echo x", NULL, link));
    assert_true(cc_server_close(scene.server));
    assert_string_equal(text_of(temp, temp_path(temp, "target")), "precious");
}

static void nudge(void *about, struct cc_server *server)
{
    (void)about;
    if (scene.lines > 0) { /* it has begun what it does */
        cc_server_nudge(server, 0, CC_NUDGE_ASK);
    }
}

/* The grandchild holds the pipe: were it left alive, reading to the end would never end. */
static void who_is_asked_to_end_takes_the_rest_of_his_group_with_him(void **state)
{
    (void)state;
    plan.tick = nudge;
    open_up();
    assert_true(start("(trap '' TERM; sleep 600) & echo $!; wait", NULL, NULL));
    run_to_the_end();
    assert_int_equal(scene.ends[0].signal, SIGTERM);
    pid_t grandchild = (pid_t)strtol(scene.last, NULL, 10);
    assert_true(grandchild > 1);
    for (int i = 0; kill(grandchild, 0) == 0 && i < 3000; i++) { /* until somebody waits for it */
        char path[64];
        const char *text = NULL;

        (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)grandchild);
        if (!cc_read_file(&scene.temp->run, path, 1000, &text, NULL, &err) ||
            strstr(text, ") Z ")) {
            return; /* dead, if not buried */
        }
        (void)usleep(10000);
    }
    assert_int_not_equal(kill(grandchild, 0), 0);
}

static void a_close_neither_ends_nor_tells_of_who_still_runs(void **state)
{
    struct temp *temp = *state;
    const char *pid_file = temp_path(temp, "pid");
    const char *text = NULL;
    int raw = 0;

    open_up();
    assert_true(start("echo $$; exec sleep 600", pid_file, NULL));
    while (!cc_read_file(&temp->run, pid_file, 100, &text, NULL, &err) || !strchr(text, '\n')) {
        (void)usleep(1000);
    }
    assert_true(cc_server_close(scene.server));
    assert_int_equal(scene.left, 1);
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    assert_int_equal(waitpid(pid, &raw, WNOHANG), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &raw, 0), pid);
}

#define CHILDREN(test) cmocka_unit_test_setup_teardown(test, begin, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHILDREN(a_line_that_does_not_end_comes_in_pieces_and_none_of_it_is_lost),
        CHILDREN(the_end_of_a_line_may_be_that_of_windows),
        CHILDREN(each_stream_may_have_its_file_which_is_for_its_owner_and_begins_anew),
        CHILDREN(a_file_that_cannot_be_made_or_is_a_link_starts_nothing),
        CHILDREN(who_is_asked_to_end_takes_the_rest_of_his_group_with_him),
        CHILDREN(a_close_neither_ends_nor_tells_of_who_still_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
