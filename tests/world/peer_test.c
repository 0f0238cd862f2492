#include "../../src/world/serve.h"
#include "support/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#define LOCAL  "0100007F:C3A2"
#define REMOTE "0100007F:1F90"
#define HEAD   "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"

static void the_line_of_the_peers_end_tells_its_user(void **state)
{
    (void)state;
    assert_int_equal(
        cc_peer_in_table(
            HEAD "   0: " REMOTE " " LOCAL
                 " 01 00000000:00000000 00:00000000 00000000     0        0 11 1 0 20\n"
                 "   1: " LOCAL " " REMOTE
                 " 01 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0 20 4\n",
            LOCAL, REMOTE),
        1000);
}

static void a_socket_nobody_holds_has_no_user(void **state)
{
    (void)state;
    assert_int_equal(
        cc_peer_in_table("   1: " LOCAL " " REMOTE
                         " 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0\n",
                         LOCAL, REMOTE),
        -1);
    assert_int_equal(cc_peer_in_table("", LOCAL, REMOTE), -1);
    assert_int_equal(cc_peer_in_table("   1: " LOCAL " " REMOTE " 01\n\n x", LOCAL, REMOTE), -1);
}

static void a_connection_of_our_own_is_of_our_user(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)state;
    assert_int_equal(bind(listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, size), 0);
    int ours = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    assert_int_equal(cc_peer_uid(ours), geteuid());
    assert_int_equal(close(peer), 0);
    assert_int_equal(cc_peer_uid(ours), -1);
    (void)close(ours);
    (void)close(listening);
}

/* Neither the kernel nor its table can be asked then. */
static void without_a_descriptor_to_ask_with_no_peer_is_believed(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct rlimit before;

    (void)state;
    assert_int_equal(bind(listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, size), 0);
    int ours = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = {0, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    int64_t uid = cc_peer_uid(ours);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(uid, -1);
    assert_int_equal(cc_peer_uid(listening), -1); /* has no peer at all */
    (void)close(ours);
    (void)close(peer);
    (void)close(listening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_of_the_peers_end_tells_its_user),
        cmocka_unit_test(a_socket_nobody_holds_has_no_user),
        cmocka_unit_test(a_connection_of_our_own_is_of_our_user),
        cmocka_unit_test(without_a_descriptor_to_ask_with_no_peer_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
