#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "support/temp.h"
#include "support/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Standard input and output of a server that hears lines: ends of pipes or sockets of this test. */

#define ROOM 65536

static struct {
    struct cc_server *server;
    int saved[2];
    int ours[2]; /* we write to the first, and read from the second */
    char heard[ROOM];
    size_t len;
    size_t longest;
    bool echo;
    size_t big;   /* what is said at the first line */
    bool goes_on; /* and then more, until all of it was taken */
    size_t lines;
    size_t too_long;
    bool ended;
    bool broken;
} scene;

static void heard(void *about, struct cc_server *server, const struct cc_heard *one)
{
    (void)about;
    switch (one->what) {
    case CC_HEARD_LINE:
        assert_int_equal(strlen(one->text), one->len);
        scene.lines++;
        scene.longest = one->len > scene.longest ? one->len : scene.longest;
        if (scene.len + one->len + 2 < ROOM) {
            scene.len += (size_t)sprintf(scene.heard + scene.len, "%s|", one->text);
        }
        if (scene.echo) {
            cc_server_say(server, one->text, one->len);
            cc_server_say(server, "\n", 1);
        }
        if (scene.big) {
            char *much = calloc(1, scene.big);

            assert_non_null(much);
            memset(much, 'x', scene.big);
            cc_server_say(server, much, scene.big);
            free(much);
            scene.big = 0;
            for (int i = 0; scene.goes_on && i < 400; i++) {
                (void)usleep(500);
                cc_server_say(server, "y", 1);
            }
        }
        break;
    case CC_HEARD_TOO_LONG: scene.too_long++; break;
    case CC_HEARD_END:
        scene.ended = true;
        cc_server_stop(server);
        break;
    case CC_HEARD_BROKEN:
        scene.broken = true;
        cc_server_stop(server);
        break;
    }
}

static int begin(void **state)
{
    if (temp_setup(state) != 0) {
        return 1;
    }
    memset(&scene, 0, sizeof(scene));
    return 0;
}

/* Ends in place of stdin and stdout. */
static void connect_to(int in, int out)
{
    (void)fflush(stdout);
    for (int fd = 0; fd < 2; fd++) {
        scene.saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    }
    assert_int_equal(dup2(in, 0), 0);
    assert_int_equal(dup2(out, 1), 1);
    (void)close(in);
    (void)close(out);
}

static void restore(void)
{
    for (int fd = 0; fd < 2; fd++) {
        (void)dup2(scene.saved[fd], fd);
        (void)close(scene.saved[fd]);
    }
}

static void by_pipes(void)
{
    int in[2];
    int out[2];

    assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
    scene.ours[0] = in[1];
    scene.ours[1] = out[0];
    connect_to(in[0], out[1]);
}

static void open_up(struct temp *temp)
{
    struct cc_server_plan plan = {.deaf = true, .heard = heard, .max_line = 200000};
    struct cc_error err;

    assert_true(cc_server_open(&temp->run, &plan, &scene.server, &err));
}

static void run_through(struct temp *temp)
{
    open_up(temp);
    (void)cc_server_run(scene.server);
    const bool closed = cc_server_close(scene.server);
    restore();
    assert_true(closed);
}

static void send_text(const char *text)
{
    assert_int_equal(write(scene.ours[0], text, strlen(text)), (ssize_t)strlen(text));
}

static void lines_are_handed_over_one_by_one_and_the_last_without_its_end(void **state)
{
    by_pipes();
    send_text("one\ntwo\r\n\nthree");
    (void)close(scene.ours[0]);
    run_through(*state);
    assert_string_equal(scene.heard, "one|two\r||three|");
    assert_true(scene.ended);
    (void)close(scene.ours[1]);
}

static void a_file_is_read_as_a_pipe_is(void **state)
{
    struct temp *temp = *state;
    const char *path = temp_path(temp, "input");
    const int in = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const int out = open(temp_path(temp, "output"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    char said[8] = "";

    scene.echo = true;
    assert_int_equal(write(in, "a\nb\n", 4), 4);
    assert_int_equal(lseek(in, 0, SEEK_SET), 0);
    const int copy = dup(out);
    connect_to(in, out);
    run_through(temp);
    assert_string_equal(scene.heard, "a|b|");
    assert_int_equal(pread(copy, said, sizeof(said) - 1, 0), 4);
    assert_string_equal(said, "a\nb\n");
    (void)close(copy);
}

/* Writes what a test wants to be heard, in small pieces. */
static void *writer(void *about)
{
    size_t left = *(const size_t *)about;
    char piece[1000];

    memset(piece, 'y', sizeof(piece));
    while (left > 0) {
        const size_t now = left < sizeof(piece) ? left : sizeof(piece);

        if (write(scene.ours[0], piece, now) != (ssize_t)now) {
            abort();
        }
        left -= now;
    }
    send_text("\nend\n");
    (void)close(scene.ours[0]);
    return NULL;
}

static void with_line_of(struct temp *temp, size_t len)
{
    pthread_t thread;

    by_pipes();
    assert_int_equal(pthread_create(&thread, NULL, writer, &len), 0);
    run_through(temp);
    (void)pthread_join(thread, NULL);
    (void)close(scene.ours[1]);
}

static void a_line_up_to_the_limit_is_whole(void **state)
{
    with_line_of(*state, 200000);
    assert_int_equal(scene.longest, 200000);
    assert_int_equal(scene.lines, 2);
    assert_int_equal(scene.too_long, 0);
}

static void a_longer_line_is_told_once_and_skipped(void **state)
{
    with_line_of(*state, 2000000);
    assert_int_equal(scene.too_long, 1);
    assert_string_equal(scene.heard, "end|");
}

static void *slow_reader(void *about)
{
    size_t *got = about;
    char piece[4096];
    ssize_t now = 0;

    do {
        now = read(scene.ours[1], piece, sizeof(piece));
        *got += now > 0 ? (size_t)now : 0;
    } while (now > 0);
    return NULL;
}

static void say_much(struct temp *temp)
{
    size_t got = 0;
    pthread_t thread;

    scene.big = 3000000;
    send_text("go\nmore\n");
    (void)(scene.ours[0] == scene.ours[1] ? shutdown(scene.ours[0], SHUT_WR)
                                          : close(scene.ours[0]));
    open_up(temp);
    assert_int_equal(pthread_create(&thread, NULL, slow_reader, &got), 0);
    (void)cc_server_run(scene.server);
    assert_true(cc_server_close(scene.server));
    restore();
    (void)pthread_join(thread, NULL);
    (void)close(scene.ours[1]);
    assert_int_equal(got, 3000000);
    assert_string_equal(scene.heard, "go|more|");
}

static void much_output_waits_for_its_reader(void **state)
{
    by_pipes();
    say_much(*state);
}

static void *reader_that_answers(void *about)
{
    char piece[4096];
    ssize_t now = 1;
    size_t got = 0;

    (void)about;
    for (; got < 3000000 && now > 0; got += now > 0 ? (size_t)now : 0) {
        now = read(scene.ours[1], piece, sizeof(piece));
    }
    send_text("more\n");
    (void)close(scene.ours[0]);
    while (read(scene.ours[1], piece, sizeof(piece)) > 0) {
    }
    return NULL;
}

static void input_is_read_again_whoever_wrote_the_last_of_the_output(void **state)
{
    pthread_t thread;

    by_pipes();
    scene.big = 3000000;
    scene.goes_on = true;
    send_text("go\n");
    open_up(*state);
    assert_int_equal(pthread_create(&thread, NULL, reader_that_answers, NULL), 0);
    (void)cc_server_run(scene.server);
    assert_true(cc_server_close(scene.server));
    restore();
    (void)pthread_join(thread, NULL);
    (void)close(scene.ours[1]);
    assert_string_equal(scene.heard, "go|more|");
}

static void sockets_work_as_pipes_do(void **state)
{
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    scene.ours[0] = scene.ours[1] = pair[0];
    connect_to(pair[1], fcntl(pair[1], F_DUPFD_CLOEXEC, 10));
    say_much(*state);
}

static void a_reader_that_left_is_noticed(void **state)
{
    by_pipes();
    scene.echo = true;
    (void)close(scene.ours[1]);
    send_text("one\n");
    run_through(*state);
    assert_true(scene.broken);
    assert_false(scene.ended);
    (void)close(scene.ours[0]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_are_handed_over_one_by_one_and_the_last_without_its_end),
        TEST(a_file_is_read_as_a_pipe_is),
        TEST(a_line_up_to_the_limit_is_whole),
        TEST(a_longer_line_is_told_once_and_skipped),
        TEST(much_output_waits_for_its_reader),
        TEST(input_is_read_again_whoever_wrote_the_last_of_the_output),
        TEST(sockets_work_as_pipes_do),
        TEST(a_reader_that_left_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
