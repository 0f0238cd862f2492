#include "credctl/base/text.h"

#include "support/temp.h"
#include "support/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct temp *made; /* certificates and server, for all tests */
static int port;
static pid_t server;

static const char *const make_certificates =
    "set -e; cd \"$CREDCTL_TEST_FOLDER\"\n"
    "key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'\n"
    "for ca in ca other; do openssl req -x509 $key -subj /CN=test-$ca -keyout $ca.key -out $ca.pem; "
    "done\n"
    "openssl req $key -subj /CN=localhost -keyout server.key -out server.csr\n"
    "printf 'subjectAltName=DNS:localhost,DNS:sts.test.invalid\\n' > names\n"
    "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
    "-extfile names -out server.pem\n"
    "mkdir folder other-folder; cp ca.pem folder; cp other.pem other-folder\n"
    "cat other.pem /etc/ssl/certs/ca-certificates.crt ca.pem > many.pem\n"
    "printf -- '-----BEGIN CERTIFICATE-----\\nbroken\\n' | cat other.pem - ca.pem > broken.pem\n"
    "openssl req -x509 -key ca.key -days 2 -subj '/CN=TEST-Ca' -out spelled.pem\n"
    "cat other.pem spelled.pem > spelled-otherwise.pem\n"
    "openssl rehash folder; openssl rehash other-folder\n";

static void sh(const char *script)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const char *const set[] = {cc_textf(&made->run.mem, "CREDCTL_TEST_FOLDER=%s", made->folder),
                               NULL};
    const struct cc_process process = {
        .argv = argv, .timeout_ms = 30000, .max_out = 10000, .set = set};
    struct cc_process_end end = {0};
    struct cc_error err;

    if (!made->run.world->process(made->run.world->self, &made->run.mem, &process, &end, &err) ||
        end.status != 0) {
        fail_msg("openssl: %d %s", end.status, end.err);
    }
}

/* `openssl s_server` says where it listens. */
static int listening_port(int fd)
{
    char text[1024] = "";
    size_t len = 0;

    while (len + 1 < sizeof(text) && read(fd, text + len, 1) == 1) {
        const char *colon = text[len] == '\n' ? strrchr(text, ':') : NULL;

        len++;
        if (colon && strstr(text, "ACCEPT")) {
            return (int)strtol(colon + 1, NULL, 10);
        }
        if (text[len - 1] == '\n') {
            memset(text, 0, len);
            len = 0;
        }
    }
    return 0;
}

static int start(void **state)
{
    int out[2];

    assert_int_equal(temp_setup((void **)&made), 0);
    *state = NULL;
    sh(make_certificates);
    assert_int_equal(pipe(out), 0);
    server = fork();
    if (server == 0) {
        (void)dup2(out[1], STDOUT_FILENO);
        (void)!chdir(made->folder);
        (void)execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert",
                     "server.pem", "-key", "server.key", "-www", (char *)NULL);
        _exit(127);
    }
    (void)close(out[1]);
    port = listening_port(out[0]);
    assert_true(port > 0);
    return 0; /* the pipe stays open: the server writes to it */
}

static int stop(void **state)
{
    (void)state;
    (void)kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
    return temp_teardown((void **)&made);
}

static bool ask(struct temp *temp, const char *name, const char *ca, struct cc_response *response,
                struct cc_error *err)
{
    const struct cc_request request = {
        .method = "GET",
        .url = cc_textf(&temp->run.mem, "https://%s:%d/", name, port),
        .address = "127.0.0.1",
        .timeout_ms = 5000,
        .max_body = 100000,
        .ca = ca ? temp_path(made, ca) : NULL,
    };

    *err = (struct cc_error){0};
    return cc_http(&temp->run, &request, response, err);
}

static void trusted(struct temp *temp, const char *ca)
{
    struct cc_response response;
    struct cc_error err;

    if (!ask(temp, "localhost", ca, &response, &err)) {
        fail_msg("%s: %s", ca ? ca : "-", err.why);
    }
    assert_int_equal(response.status, 200);
}

static void refused(struct temp *temp, const char *name, const char *ca)
{
    struct cc_response response;
    struct cc_error err;

    assert_false(ask(temp, name, ca, &response, &err));
    if (response.failure != CC_NET_TLS || err.code != CC_E_TLS) {
        fail_msg("%s: failure %d, %s: %s", ca ? ca : "-", (int)response.failure,
                 cc_code_name(err.code), err.why);
    }
    assert_string_equal(err.fix, "name your CA with --ca-bundle or AWS_CA_BUNDLE");
}

static void a_private_ca_is_trusted_by_file_and_by_hashed_folder(void **state)
{
    trusted(*state, "ca.pem");
    trusted(*state, "folder");
}

static void one_of_many_in_a_bundle_is_enough(void **state)
{
    trusted(*state, "many.pem");
}

static void a_broken_certificate_before_it_does_not_hide_the_ca(void **state)
{
    trusted(*state, "broken.pem");
}

static void a_ca_whose_name_is_spelled_otherwise_is_found(void **state)
{
    trusted(*state, "spelled-otherwise.pem");
}

static void the_servers_own_certificate_may_be_what_is_trusted(void **state)
{
    trusted(*state, "server.pem");
}

static void another_ca_is_not_enough(void **state)
{
    refused(*state, "localhost", "other.pem");
    refused(*state, "localhost", "other-folder");
}

static void the_systems_certificates_do_not_vouch_for_a_private_ca(void **state)
{
    refused(*state, "localhost", NULL);
}

static void a_certificate_of_another_name_is_refused(void **state)
{
    refused(*state, "sts.other.invalid", "ca.pem");
}

static void a_ca_that_is_missing_or_no_certificate_is_a_tls_error(void **state)
{
    refused(*state, "localhost", "none.pem");
    refused(*state, "localhost", "names");
}

static void a_connection_made_with_one_ca_is_not_used_with_another(void **state)
{
    trusted(*state, "ca.pem");
    refused(*state, "localhost", "other.pem");
    trusted(*state, "ca.pem");
}

static void the_run_and_the_variables_name_a_ca_too(void **state)
{
    struct temp *temp = *state;
    static const char *const names[] = {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"};

    temp->run.ca_bundle = temp_path(made, "ca.pem");
    trusted(temp, NULL);
    temp->run.ca_bundle = NULL;
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        (void)setenv(names[i], temp_path(made, "ca.pem"), 1);
        trusted(temp, NULL);
        refused(temp, "localhost", "other.pem"); /* what is asked for comes first */
        (void)unsetenv(names[i]);
    }
    (void)setenv("SSL_CERT_DIR", temp_path(made, "folder"), 1);
    trusted(temp, NULL);
    (void)unsetenv("SSL_CERT_DIR");
    (void)setenv("AWS_CA_BUNDLE", "", 1);
    refused(temp, "localhost", NULL);
    (void)unsetenv("AWS_CA_BUNDLE");
}

static void plain_http_to_a_tls_port_is_no_answer(void **state)
{
    struct temp *temp = *state;
    struct cc_response response;
    struct cc_error err;
    const struct cc_request request = {
        .method = "GET",
        .url = cc_textf(&temp->run.mem, "http://localhost:%d/", port),
        .timeout_ms = 5000,
        .max_body = 1000,
    };

    assert_false(cc_http(&temp->run, &request, &response, &err));
    assert_int_not_equal(response.failure, CC_NET_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_REAL_WORLD(a_private_ca_is_trusted_by_file_and_by_hashed_folder),
        IN_REAL_WORLD(one_of_many_in_a_bundle_is_enough),
        IN_REAL_WORLD(a_broken_certificate_before_it_does_not_hide_the_ca),
        IN_REAL_WORLD(a_ca_whose_name_is_spelled_otherwise_is_found),
        IN_REAL_WORLD(the_servers_own_certificate_may_be_what_is_trusted),
        IN_REAL_WORLD(another_ca_is_not_enough),
        IN_REAL_WORLD(the_systems_certificates_do_not_vouch_for_a_private_ca),
        IN_REAL_WORLD(a_certificate_of_another_name_is_refused),
        IN_REAL_WORLD(a_ca_that_is_missing_or_no_certificate_is_a_tls_error),
        IN_REAL_WORLD(a_connection_made_with_one_ca_is_not_used_with_another),
        IN_REAL_WORLD(the_run_and_the_variables_name_a_ca_too),
        IN_REAL_WORLD(plain_http_to_a_tls_port_is_no_answer),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
