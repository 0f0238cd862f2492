#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "support/client.h"
#include "support/temp.h"
#include "support/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* The loop with real sockets, children and signals. */

#define ROOM 65536

struct scene {
    struct temp *temp;
    struct cc_server *server;
    const char *asks[4]; /* what a client says, one connection each */
    char heard[4][ROOM];
    pthread_t client;
    bool client_started;
    char lines[ROOM];
    struct cc_child_end ends[4];
    size_t ended;
    size_t stop_after; /* children that ended */
    int signalled;
    int refused;
    int jobs;
    size_t ticks;
};

static struct scene scene;
static struct cc_server_plan plan;
static struct cc_error err;

static void *ask_all(void *about)
{
    (void)about;
    for (size_t i = 0; i < 4 && scene.asks[i]; i++) {
        int fd = client_connect(scene.server);

        if (fd >= 0) {
            client_say(fd, scene.asks[i]);
            (void)shutdown(fd, SHUT_WR);
            (void)client_hear(fd, scene.heard[i], ROOM);
            (void)close(fd);
        }
    }
    (void)kill(getpid(), SIGTERM);
    return NULL;
}

static void work(struct cc_run *run, void *about)
{
    (void)run;
    (void)about;
}

static void done(struct cc_run *run, void *about)
{
    const struct cc_ticket *ticket = about;
    const struct cc_reply reply = {.status = 200, .body = "later", .len = 5};

    (void)run;
    scene.jobs++;
    cc_server_answer(scene.server, *ticket, &reply);
}

static void visit(void *about, struct cc_server *server, const struct cc_visit *visit)
{
    static struct cc_ticket parked;
    static char big[ROOM - 1000];
    const struct cc_job job = {work, done, &parked};
    const struct cc_reply reply = {
        .status = 200, .type = "text/plain", .body = visit->head->path, .len = 2};

    (void)about;
    assert_int_equal(visit->uid, getuid());
    if (cc_text_equal(visit->head->path, "/later")) {
        parked = visit->ticket;
        assert_true(cc_server_job(server, &job));
    } else if (cc_text_equal(visit->head->path, "/big")) {
        memset(big, 'x', sizeof(big));
        const struct cc_reply large = {.status = 200, .body = big, .len = sizeof(big)};
        cc_server_answer(server, visit->ticket, &large);
    } else {
        cc_server_answer(server, visit->ticket, &reply);
    }
}

static void refused(void *about, int status)
{
    (void)about;
    scene.refused = status;
}

static void line(void *about, size_t id, int fd, const char *text, size_t len)
{
    size_t used = strlen(scene.lines);

    (void)about;
    (void)snprintf(scene.lines + used, ROOM - used, "%zu%d:%.*s\n", id, fd, (int)len, text);
}

static void ended(void *about, struct cc_server *server, size_t id, const struct cc_child_end *end)
{
    (void)about;
    scene.ends[id] = *end;
    scene.ended++;
    if (scene.ended == scene.stop_after) {
        cc_server_stop(server);
    }
}

static int begin(void **state)
{
    if (temp_setup(state) != 0) {
        return 1;
    }
    scene = (struct scene){.temp = *state};
    err = (struct cc_error){0};
    plan = (struct cc_server_plan){.address = "127.0.0.1:0",
                                   .own_socket = true,
                                   .hop_limit = 1,
                                   .max_body = 10,
                                   .visit = visit,
                                   .refused = refused,
                                   .line = line,
                                   .ended = ended};
    return 0;
}

static void open_up(void)
{
    if (!cc_server_open(&scene.temp->run, &plan, &scene.server, &err)) {
        fail_msg("%s: %s", err.what, err.why);
    }
}

static void serve_clients(void)
{
    open_up();
    assert_int_equal(pthread_create(&scene.client, NULL, ask_all, NULL), 0);
    assert_int_equal(cc_server_run(scene.server), SIGTERM);
    (void)pthread_join(scene.client, NULL);
    assert_true(cc_server_close(scene.server));
}

#define HOST "Host: x\r\n"

static void requests_are_answered_now_later_and_one_after_the_other(void **state)
{
    (void)state;
    scene.asks[0] =
        "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    scene.asks[1] = "GET /later HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    scene.asks[2] = "GET /big HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    scene.asks[3] = "GET / HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\nxxxxxxxxxxx";
    serve_clients();
    assert_non_null(strstr(scene.heard[0], "\r\n\r\n/aHTTP/1.1 200 OK"));
    assert_non_null(strstr(scene.heard[0], "/b"));
    assert_non_null(strstr(scene.heard[1], "later"));
    assert_int_equal(scene.jobs, 1);
    assert_true(strlen(scene.heard[2]) > ROOM - 1000);
    assert_non_null(strstr(scene.heard[3], "HTTP/1.1 413"));
    assert_int_equal(scene.refused, 413);
}

static void a_body_is_awaited_and_an_empty_upload_is_told_to_come(void **state)
{
    (void)state;
    plan.address = "[::1]:0";
    plan.unix_path = temp_path(*state, "socket");
    scene.asks[0] = "PUT /p HTTP/1.1\r\n" HOST "Content-Length: 4\r\nConnection: close\r\n\r\nbody";
    scene.asks[1] = "PUT /p HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nExpect: 100-continue"
                    "\r\nConnection: close\r\n\r\n" CC_EMPTY_CHUNKS;
    scene.asks[2] = "PUT /p HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
                    "0\r\n\r\n";
    scene.asks[3] = "\x16garbage";
    serve_clients();
    assert_non_null(strstr(scene.heard[0], "HTTP/1.1 200"));
    assert_non_null(strstr(scene.heard[1], "HTTP/1.1 200"));
    assert_non_null(strstr(scene.heard[2], "HTTP/1.1 501"));
    assert_non_null(strstr(scene.heard[3], "HTTP/1.1 400"));
    assert_int_not_equal(access(plan.unix_path, F_OK), 0);
}

static void what_cannot_be_listened_on_is_told(void **state)
{
    static const char *const wrong[] = {"nowhere", "example.com:80", "127.0.0.1:x", "0.0.0.0:0",
                                        "[::1:80"};

    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        plan.address = wrong[i];
        assert_false(cc_server_open(&scene.temp->run, &plan, &scene.server, &err));
    }
    plan.unix_path = temp_path(*state, "no/such/folder");
    assert_false(cc_server_open(&scene.temp->run, &plan, &scene.server, &err));
}

static bool start(size_t id, const char *script, const char *out)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    static const char *const env[] = {"A=b", NULL};
    const struct cc_child child = {
        .argv = argv, .env = env, .apart = true, .out_path = out, .id = id};
    int status = 0;

    return cc_server_start(scene.server, &child, &status, &err);
}

static void children_are_heard_line_by_line_and_their_ends_are_told(void **state)
{
    const char *file = temp_path(*state, "out");
    struct stat facts;

    plan.deaf = true;
    scene.stop_after = 3;
    open_up();
    assert_true(start(0, "echo one; echo $A; printf no-end; echo two >&2; exit 7", NULL));
    assert_true(start(1, "kill -9 $$", NULL));
    assert_true(start(2, "echo to the file", file));
    (void)cc_server_run(scene.server);
    assert_true(cc_server_close(scene.server));
    assert_non_null(strstr(scene.lines, "01:one\n01:b\n"));
    assert_non_null(strstr(scene.lines, "01:no-end\n"));
    assert_non_null(strstr(scene.lines, "02:two\n"));
    assert_null(strstr(scene.lines, "file"));
    assert_int_equal(scene.ends[0].status, 7);
    assert_int_equal(scene.ends[1].signal, SIGKILL);
    assert_int_equal(stat(file, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(facts.st_size, strlen("to the file\n"));
}

static void nudge_on_tick(void *about, struct cc_server *server)
{
    (void)about;
    scene.ticks++;
    cc_server_nudge(server, 0, CC_NUDGE_ASK);
    cc_server_nudge(server, 1, scene.ticks > 1 ? CC_NUDGE_KILL : CC_NUDGE_ASK);
    cc_server_nudge(server, 3, CC_NUDGE_KILL); /* nobody */
}

static void a_child_is_asked_and_then_made_to_end(void **state)
{
    (void)state;
    plan.deaf = true;
    plan.tick = nudge_on_tick;
    scene.stop_after = 2;
    open_up();
    assert_true(start(0, "exec sleep 60", NULL));
    assert_true(start(1, "trap '' TERM; while :; do sleep 60; done", NULL));
    (void)cc_server_run(scene.server);
    assert_true(cc_server_close(scene.server));
    assert_int_equal(scene.ends[0].signal, SIGTERM);
    assert_int_equal(scene.ends[1].signal, SIGKILL);
    assert_true(scene.ticks >= 2);
}

static void pass_it_on(void *about, struct cc_server *server, const struct cc_signal *signal)
{
    (void)about;
    scene.signalled = signal->number;
    assert_true(signal->from_process);
    cc_server_pass_on(server, 0, signal);
}

static void signal_on_tick(void *about, struct cc_server *server)
{
    (void)about;
    (void)server;
    (void)kill(getpid(), SIGUSR1);
}

static void a_child_beside_us_shares_our_files_and_gets_our_signals(void **state)
{
    static const char *const argv[] = {"sleep", "60", NULL};
    static const char *const none[] = {NULL};
    static const char *const missing[] = {"there-is-no-such-command", NULL};
    const struct cc_child child = {.argv = argv, .env = none};
    const struct cc_child nobody = {.argv = missing, .env = none, .id = 1};
    int status = 0;

    (void)state;
    plan.signals = CC_SIGNALS_ALL;
    plan.signalled = pass_it_on;
    plan.tick = signal_on_tick;
    scene.stop_after = 1;
    open_up();
    assert_false(cc_server_start(scene.server, &nobody, &status, &err));
    assert_int_equal(status, 127);
    assert_int_equal(err.code, CC_E_PROCESS);
    assert_true(cc_server_start(scene.server, &child, &status, &err));
    (void)cc_server_run(scene.server);
    assert_true(cc_server_close(scene.server));
    assert_int_equal(scene.signalled, SIGUSR1);
    assert_int_equal(scene.ends[0].signal, SIGUSR1);
}

static void a_program_that_cannot_take_our_place_is_told(void **state)
{
    static const char *const argv[] = {"/etc/passwd", NULL};
    static const char *const none[] = {NULL};
    const struct cc_child child = {.argv = argv, .env = none};
    struct temp *temp = *state;
    int status = 0;

    assert_false(cc_become(&temp->run, &child, &status, &err));
    assert_int_equal(status, 126);
}

static void a_private_folder_is_private_and_goes_with_its_files(void **state)
{
    struct temp *temp = *state;
    const char *path = NULL;
    struct stat facts;

    assert_true(cc_private_folder(&temp->run, &path, &err));
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
    assert_true(cc_write_file(&temp->run, cc_textf(&temp->run.mem, "%s/a", path), "x", 1, &err));
    cc_private_folder_drop(&temp->run, path);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(cc_process_id(&temp->run), getpid());
}

static void what_a_killed_process_left_goes_and_what_is_held_stays(void **state)
{
    struct temp *temp = *state;
    const char *path = NULL;
    const char *held = NULL;
    void *second = NULL;

    assert_true(cc_private_folder(&temp->run, &path, &err));
    assert_int_equal(temp_setup(&second), 0);
    struct temp *two = second;
    char *left = cc_text_dup(&temp->run.mem, path, strlen(path));
    memcpy(left + strlen(left) - 6, "aaaaaa", 6);
    assert_int_equal(mkdir(left, 0700), 0);
    assert_true(cc_write_file(&temp->run, cc_textf(&temp->run.mem, "%s/a", left), "x", 1, &err));
    assert_true(cc_private_folder(&two->run, &held, &err));
    assert_int_not_equal(access(left, F_OK), 0);
    assert_int_equal(access(path, F_OK), 0);
    cc_private_folder_drop(&two->run, held);
    cc_private_folder_drop(&temp->run, path);
    assert_int_equal(temp_teardown(&second), 0);
}

#define LOOPS(test) cmocka_unit_test_setup_teardown(test, begin, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOOPS(requests_are_answered_now_later_and_one_after_the_other),
        LOOPS(a_body_is_awaited_and_an_empty_upload_is_told_to_come),
        LOOPS(what_cannot_be_listened_on_is_told),
        LOOPS(children_are_heard_line_by_line_and_their_ends_are_told),
        LOOPS(a_child_is_asked_and_then_made_to_end),
        LOOPS(a_child_beside_us_shares_our_files_and_gets_our_signals),
        LOOPS(a_program_that_cannot_take_our_place_is_told),
        LOOPS(a_private_folder_is_private_and_goes_with_its_files),
        LOOPS(what_a_killed_process_left_goes_and_what_is_held_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
