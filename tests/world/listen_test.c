#include "credctl/base/text.h"
#include "credctl/world/machine.h"

#include "support/client.h"
#include "support/temp.h"
#include "support/test.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where the server listens, and where it refuses to. */

static struct cc_server_plan plan;
static struct cc_server *server;
static struct cc_error err;

static void visit(void *about, struct cc_server *at, const struct cc_visit *one)
{
    (void)about;
    (void)at;
    (void)one;
}

static int begin(void **state)
{
    plan = (struct cc_server_plan){.address = "127.0.0.1:0", .own_socket = true, .visit = visit};
    return temp_setup(state);
}

static bool opens(struct temp *temp)
{
    err = (struct cc_error){0};
    return cc_server_open(&temp->run, &plan, &server, &err);
}

static void shut(void)
{
    assert_true(cc_server_close(server));
}

static void a_free_port_is_taken_and_told(void **state)
{
    struct temp *temp = *state;

    plan.address = "localhost:0";
    assert_true(opens(temp));
    assert_true(server->port > 0);
    assert_false(server->wildcard);
    assert_string_equal(server->address, cc_textf(&temp->run.mem, "127.0.0.1:%d", server->port));
    int fd = client_connect(server);
    assert_true(fd >= 0);
    (void)close(fd);
    shut();
}

static void a_port_that_is_taken_is_a_matter_of_configuration(void **state)
{
    struct temp *temp = *state;

    assert_true(opens(temp));
    struct cc_server *first = server;
    plan.address = first->address;
    assert_false(opens(temp));
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.what, first->address));
    assert_non_null(strstr(err.fix, "--address"));
    assert_true(cc_server_close(first));
}

static void an_address_that_others_reach_must_be_meant(void **state)
{
    plan.address = "0.0.0.0:0";
    assert_false(opens(*state));
    assert_int_equal(err.code, CC_E_USAGE);
    assert_non_null(strstr(err.fix, "--i-know"));
    plan.anywhere = true;
    assert_true(opens(*state));
    assert_true(server->wildcard);
    shut();
    plan.address = "[::]:0";
    if (opens(*state)) { /* a host with IPv6 */
        assert_true(server->wildcard);
        assert_true(cc_text_starts(server->address, "[::]:"));
        shut();
    }
}

static void a_unix_socket_is_for_its_owner_and_goes_with_the_server(void **state)
{
    struct temp *temp = *state;
    struct stat facts;

    plan.unix_path = temp_path(temp, "socket");
    assert_true(opens(temp));
    assert_int_equal(server->port, 0);
    assert_string_equal(server->address, plan.unix_path);
    assert_int_equal(stat(plan.unix_path, &facts), 0);
    assert_true(S_ISSOCK(facts.st_mode));
    assert_int_equal(facts.st_mode & 0777, 0600);
    shut();
    assert_int_not_equal(access(plan.unix_path, F_OK), 0);
}

static int socket_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(strlen(path) < sizeof(address.sun_path));
    memcpy(address.sun_path, path, strlen(path));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void a_socket_that_nobody_listens_on_is_replaced_and_another_one_is_not(void **state)
{
    struct temp *temp = *state;

    plan.unix_path = temp_path(temp, "socket");
    (void)close(socket_at(plan.unix_path)); /* left behind */
    assert_true(opens(temp));
    struct cc_server *first = server;
    assert_false(opens(temp)); /* somebody listens there: we do */
    assert_int_equal(err.code, CC_E_CONFIG);
    assert_non_null(strstr(err.fix, "--unix"));
    int fd = client_connect(first);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_true(cc_server_close(first));
}

static void a_file_in_the_place_of_the_socket_stays(void **state)
{
    struct temp *temp = *state;
    const char *text = NULL;

    temp_file(temp, "socket", "precious", 0600);
    plan.unix_path = temp_path(temp, "socket");
    assert_false(opens(temp));
    assert_true(cc_read_file(&temp->run, plan.unix_path, 100, &text, NULL, &err));
    assert_string_equal(text, "precious");
}

static void a_path_that_no_socket_can_have_is_a_usage_error(void **state)
{
    char path[200];

    memset(path, 'x', sizeof(path) - 1);
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    plan.unix_path = path;
    assert_false(opens(*state));
    assert_int_equal(err.code, CC_E_USAGE);
    plan.unix_path = "";
    assert_false(opens(*state));
    assert_int_equal(err.code, CC_E_USAGE);
}

/* --- what systemd passes on: in a process of its own, for it is always descriptor 3 --- */

static bool given(struct temp *temp, int fd, const char *count)
{
    struct cc_run run = temp->run;

    if (dup2(fd, 3) != 3) {
        return false;
    }
    (void)setenv("LISTEN_PID", cc_textf(&temp->run.mem, "%d", (int)getpid()), 1);
    (void)setenv("LISTEN_FDS", count, 1);
    plan.own_socket = false;
    run.world = cc_world_real("");
    bool open = cc_server_open(&run, &plan, &server, &err);
    bool closed = !open || cc_server_close(server);
    temp->run.mem = run.mem;
    cc_world_close((struct cc_world *)run.world);
    return open && closed;
}

static int listening_on(in_addr_t where)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(where)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    return bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 1) == 0 ? fd
                                                                                             : -1;
}

static bool takes_it(struct temp *temp)
{
    plan.unix_path = temp_path(temp, "not-this-one");
    return given(temp, listening_on(INADDR_LOOPBACK), "1") && access(plan.unix_path, F_OK) != 0;
}

static bool refuses_two(struct temp *temp)
{
    return !given(temp, listening_on(INADDR_LOOPBACK), "2") && err.code == CC_E_CONFIG &&
           strstr(err.what, "2 sockets");
}

static bool refuses_one_that_does_not_listen(struct temp *temp)
{
    return !given(temp, socket(AF_INET, SOCK_STREAM, 0), "1") && err.code == CC_E_CONFIG &&
           strstr(err.fix, "Accept=no");
}

static bool refuses_one_that_others_reach(struct temp *temp)
{
    return !given(temp, listening_on(INADDR_ANY), "1") && err.code == CC_E_USAGE;
}

static bool leaves_another_process_s(struct temp *temp)
{
    (void)setenv("LISTEN_PID", "1", 1);
    (void)setenv("LISTEN_FDS", "1", 1);
    plan.own_socket = false;
    return opens(temp) && server->port > 0 && cc_server_close(server);
}

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

static void a_socket_that_systemd_passes_on_beats_what_was_asked_for(void **state)
{
    alone(*state, takes_it);
}

static void systemd_must_pass_on_one_socket_that_listens_for_this_host_alone(void **state)
{
    alone(*state, refuses_two);
    alone(*state, refuses_one_that_does_not_listen);
    alone(*state, refuses_one_that_others_reach);
}

static void what_systemd_passed_on_to_another_process_is_not_ours(void **state)
{
    alone(*state, leaves_another_process_s);
}

#define LISTENS(test) cmocka_unit_test_setup_teardown(test, begin, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LISTENS(a_free_port_is_taken_and_told),
        LISTENS(a_port_that_is_taken_is_a_matter_of_configuration),
        LISTENS(an_address_that_others_reach_must_be_meant),
        LISTENS(a_unix_socket_is_for_its_owner_and_goes_with_the_server),
        LISTENS(a_socket_that_nobody_listens_on_is_replaced_and_another_one_is_not),
        LISTENS(a_file_in_the_place_of_the_socket_stays),
        LISTENS(a_path_that_no_socket_can_have_is_a_usage_error),
        LISTENS(a_socket_that_systemd_passes_on_beats_what_was_asked_for),
        LISTENS(systemd_must_pass_on_one_socket_that_listens_for_this_host_alone),
        LISTENS(what_systemd_passed_on_to_another_process_is_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
